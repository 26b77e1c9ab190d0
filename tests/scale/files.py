"""Single files taken in whole, each as a process of its own: `python -m tests.scale.files NAME HOME`.

NAME: people (writes and takes in the million persons that the others name), csv (1,000,000 rows x 15 columns), xlsx
(500,000 x 15), huge (5 GB of medical settlements); sandbox reads many small workbooks here and in the limited
process. `write` before them makes the files. Prints one JSON line; bench.py adds CPU and memory, the reading process
counted in.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from assets import batch, delivery, reader
from assets.sandbox import Sandbox
from checks.raw import FEEDS
from fangpin.intake import reading
from fangpin.intake.locating import locate
from fangpin.intake.opening import opened
from tests import deliveries as d

MONTH = "2021-10"
PERSONS = 1_000_000
XLSX_ROWS = 500_000
MANY = 200
HUGE = 5 * 1024**3
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
CONTRACTS = {"people": ("household_list", "person_list"), "huge": ("medical",)}
WORK = "planned_work"


def people() -> pl.DataFrame:
    """household_no, id_number: four persons a household, numbers with right check digits (GB 11643)."""
    day = pl.date(1940, 1, 1) + pl.duration(days=pl.col("n") // 50)
    first17 = pl.format("410122{}{}", day.dt.strftime("%Y%m%d"), (pl.col("n") % 50 + 100))
    rest = sum(first17.str.slice(i, 1).cast(pl.Int32) * weight for i, weight in enumerate(WEIGHTS)) % 11
    check = rest.replace_strict(list(range(11)), list("10X98765432"), return_dtype=pl.String)
    household = (pl.col("n") // 4 + 1).cast(pl.String).str.zfill(6)
    return pl.select(n=pl.int_range(PERSONS)).select(
        household_no=pl.format("410122{}", household), id_number=pl.concat_str(first17, check)
    )


def planned_work(persons: pl.DataFrame) -> pl.DataFrame:
    """The fifteen columns under their Chinese headers, one row a person."""
    cells = {
        **{"县": d.COUNTY, "乡": d.TOWNSHIP, "村": d.VILLAGE, "户编号": pl.col("household_no")},
        **{"人编号": pl.format("SHILI{}", pl.int_range(pl.len())), "姓名": "测试甲", "证件号码": pl.col("id_number")},
        **{"户类型": "脱贫户", "劳动技能": "普通劳动力", "是否计划务工": "是", "开始时间": "202111"},
        **{"务工所在县": "某县", "所属行业": "制造业", "就业渠道": "自主就业", "就业服务需求": "技能培训"},
    }
    expressions = {name: pl.lit(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
    return persons.select(**expressions)


def file_of(home: Path, feed: str, name: str) -> Path:
    """Where a delivered file goes, in a home of its own under `home`."""
    path = home / "inbox" / MONTH / FEEDS[feed].source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write(home: Path) -> None:
    """All files, each kind in a folder of its own beside the others."""
    persons = people()
    households = persons.select("household_no").unique(maintain_order=True)
    place = {"县": d.COUNTY, "乡": d.TOWNSHIP, "村": d.VILLAGE, "行政村代码": d.CODE}
    listed = households.select(
        **{name: pl.lit(cell) for name, cell in place.items()},
        **{
            "户编号": "household_no",
            "户类型": pl.lit("一般农户"),
            "家庭人口": pl.lit("4"),
            "是否授权查询家庭资产": pl.lit("是"),
        },
    )
    listed.write_csv(file_of(home / "people", "household_list", "农户名册.csv"))
    head = pl.when(pl.int_range(pl.len()) % 4 == 0).then(pl.lit("户主")).otherwise(pl.lit("其他"))
    members = persons.select(
        **{"户编号": "household_no", "证件号码": "id_number", "姓名": pl.lit("测试甲"), "与户主关系": head},
        **{"家庭成员联系电话": pl.lit("")},
    )
    members.write_csv(file_of(home / "people", "person_list", "成员名册.csv"))
    work = planned_work(persons)
    work.write_csv(file_of(home / "csv", WORK, "计划.csv"))
    write_xlsx(work.head(XLSX_ROWS), file_of(home / "xlsx", WORK, "计划.xlsx"))
    step = PERSONS // 1000 // MANY
    for n in range(MANY):
        write_xlsx(work.slice(n * step, step), file_of(home / "many", WORK, f"{n:03d}.xlsx"))
    write_huge(persons, file_of(home / "huge", "medical", "结算.csv"))


def write_xlsx(frame: pl.DataFrame, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([frame.columns, *frame.iter_rows()]):
            for position, cell in enumerate(row):
                sheet.write_string(number, position, cell)


def write_huge(persons: pl.DataFrame, path: Path) -> None:
    """Settlements of all persons again and again, each with a number of its own, until the file is large enough."""
    cells = [pl.lit(cell) for cell in d.settlement("", "")[2:]]
    with path.open("wb") as file:
        file.write((",".join(d.MEDICAL_HEADER) + "\n").encode())
        turn = 0
        while file.tell() < HUGE:
            number = pl.format("J{}-{}", pl.lit(turn), pl.int_range(pl.len()))
            persons.select(a=number, b="id_number", **{f"c{n}": cell for n, cell in enumerate(cells)}).write_csv(
                file, include_header=False
            )
            turn += 1


def take_in(home: Path, name: str) -> dict[str, int]:
    """Link the files of one kind into the inbox of `home`, and take them in: rows by fate."""
    found = sorted((home / name / "inbox").rglob("*.*"))
    for path in found:
        target = home / path.relative_to(home / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)
    feeds: Sequence[str] = CONTRACTS.get(name, (WORK,))
    delivery.scan_delivery(home, MONTH, {feed: FEEDS[feed] for feed in feeds})
    done = [batch.take_in(home, MONTH, FEEDS[feed]) for feed in feeds]
    for path in found:
        (home / path.relative_to(home / name)).unlink()
    fates = ("rows_in_file", "accepted", "quarantined", "matched")
    return {fate: sum(result.total(fate) for result in done) for fate in fates}


def sandboxed(home: Path) -> dict[str, float]:
    """Wall seconds of reading the first small file, and a later one on average: here, and in the limited process."""
    paths = sorted((home / "many").rglob("*.xlsx"))
    made = Sandbox(reader.reading_limits())
    found = {}
    for name, sandbox in (("here", None), ("limited", made)):
        seconds = []
        for path in paths:
            start = time.monotonic()
            rows = read_here(path) if sandbox is None else read_limited(path, sandbox)
            seconds.append(time.monotonic() - start)
            if rows != PERSONS // 1000 // MANY:
                raise SystemExit(f"{path.name}: {rows} rows")
        found |= {f"{name}_first": round(seconds[0], 3), f"{name}_later": round(statistics.mean(seconds[1:]), 4)}
    made.close()
    return found


def read_here(path: Path) -> int:
    facts = reading.survey(path)
    tables = locate(reading.sheets(path, facts), FEEDS[WORK]).tables
    kinds = {column.name: column.kind for column in FEEDS[WORK].columns}
    return sum(block.cells.num_rows for block in reading.blocks(path, facts, tables, kinds))


def read_limited(path: Path, sandbox: Sandbox) -> int:
    with opened(path.parent, Path(path.name), reader.reading_limits()) as descriptor:
        facts = sandbox.survey(descriptor, path.name)
        tables = locate(sandbox.sheets(descriptor, facts), FEEDS[WORK]).tables
        blocks = sandbox.blocks(descriptor, facts, tables, FEEDS[WORK].columns)
        return sum(block.cells.num_rows for block in blocks)


if __name__ == "__main__":
    name, home = sys.argv[1], Path(sys.argv[2])
    special = {"write": write, "sandbox": sandboxed}
    print(json.dumps(special[name](home) if name in special else take_in(home, name)))
