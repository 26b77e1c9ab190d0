"""One delivered file read and judged: where its table is, and what became of each of its rows.

Accepted rows go to staging and aside; refused rows and reasons are kept with the file.
Does not belong here: what needs the whole batch: duplicates, keys (assets/staging.py, assets/batch.py).
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets import corrections, ledger, parts, reader, returns, staging
from assets.build import POLICY_FOLDER
from assets.ledger import Delivered, TakenIn
from assets.template_id import own_sheets
from checks.feed import FeedColumn, FeedContract
from fangpin import identity
from fangpin import policy as policies
from fangpin.errors import DeliveryError, FangpinError, FileRejected, PolicyError
from fangpin.intake import correcting, placing, validate
from fangpin.intake.cells import as_written
from fangpin.intake.correcting import Match
from fangpin.intake.doubts import plausible
from fangpin.intake.locating import Located, locate
from fangpin.intake.remarks import remarks
from fangpin.intake.validate import Context
from fangpin.masking import showable
from fangpin.month import end
from fangpin.places import divisions_of_month

Report = Callable[[str], None]

ANSWERED_ROW = FeedColumn(
    name="answered_row",
    header=returns.ANSWERED,
    synonyms=(),
    kind="integer",
    required=False,
    mandatory=True,
    codes=(),
    description="退回清单上这一行在原文件中的行号",
)
"""The column of a return list that says which row of the file it answers is corrected here."""
ORIGINAL = replace(
    ANSWERED_ROW,
    name="original",
    header=returns.ORIGINAL,
    kind="text",
    mandatory=False,
    description="退回清单上这一行最初报送的文件和行号",
)
"""The column of a list that answers a return list: kept with the row, so that the next list can say it again."""


@dataclass
class Judgement:
    """A file: where its tables are, its rows by fate, refused rows and accepted ones with a warning as delivered.

    answered: source row -> the row of the answered file that it corrects. replaced: rows a correction speaks for.
    matches: rows that the province's corrections tell. asides: (row, kind) of totals and notes; rounded: header ->
    amounts with more than two decimals; nameless: columns without a name that have cells; ours: the worksheets that
    came with a template.
    """

    file: Delivered
    at: Located
    end: int
    header_rows: int
    blank_rows: int = 0
    asides: list[tuple[int, str]] = field(default_factory=list)
    rounded: Counter[str] = field(default_factory=Counter)
    nameless: set[str] = field(default_factory=set)
    ours: frozenset[str] = frozenset()
    refused: dict[int, dict[str, Any]] = field(default_factory=dict)
    doubted: dict[int, dict[str, Any]] = field(default_factory=dict)
    reasons: list[tuple[Any, ...]] = field(default_factory=list)
    answered: dict[int, int] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)
    matches: list[Match] = field(default_factory=list)

    def replace(self, rows: set[int]) -> None:
        """These rows count no longer: a correction speaks for them."""
        self.replaced |= rows
        for row in rows:
            self.refused.pop(row, None)
            self.doubted.pop(row, None)
        self.reasons = [reason for reason in self.reasons if reason[0] not in rows]

    def remarks(self, contract: FeedContract) -> tuple[str, ...]:
        """How the file was read; nothing of a return list that comes back: its further columns are ours."""
        if self.file.answers is not None:
            return ()
        return remarks(self.at, contract, self.asides, self.rounded, sorted(self.nameless), self.ours)

    def kept(self) -> Iterator[tuple[int, str, str]]:
        """(row, raw cells as JSON, rules as JSON) of every refused or doubted row."""
        rules: dict[int, list[str]] = {}
        for row, column, rule, *_ in self.reasons:
            rules.setdefault(row, []).append(f"{column}:{rule}" if column else rule)
        for row, cells in sorted((self.doubted | self.refused).items()):
            yield row, json.dumps(cells, ensure_ascii=False), json.dumps(rules[row], ensure_ascii=False)

    def fate(self, contract: FeedContract, determined: str, path: Path, accepted: int, unmatched: int) -> TakenIn:
        """The ledger's row; FangpinError when not every row is accounted for."""
        file = self.file
        tables = [
            {"sheet": sheet.name and showable(sheet.name), "rows": sheet.rows, "header_row": heading.row}
            for sheet, heading in self.at.tables
        ]
        taken = TakenIn(
            sha256=file.sha256,
            path=file.path,
            member=file.member,
            sheet=file.sheet,
            feed=file.feed,
            month=file.month,
            place=file.place,
            role=file.role,
            source=file.source,
            size=file.size,
            contract=contract.fingerprint,
            determined=determined,
            encoding=file.encoding,
            tables=json.dumps(tables, ensure_ascii=False),
            header_row=self.at.tables[0][1].row,
            remarks=json.dumps(self.remarks(contract), ensure_ascii=False),
            rows_in_file=self.end,
            header_rows=self.header_rows,
            blank_rows=self.blank_rows,
            total_rows=len(self.asides),
            accepted=accepted,
            quarantined=len(self.refused),
            replaced=len(self.replaced),
            matched=accepted - unmatched,
            unmatched=unmatched,
            lake_path=path.as_posix(),
            attempt=file.attempt,
        )
        if unaccounted(taken):
            raise FangpinError(
                f"{file.named}：文件 {taken.rows_in_file} 行，有 {unaccounted(taken)} 行说不清去向。"
                "没有入库，这是程序缺陷，请报告。"
            )
        return taken


def unaccounted(file: TakenIn) -> int:
    """How many rows of a file have no fate, or more than one."""
    fates = file.header_rows + file.blank_rows + file.total_rows + file.accepted + file.quarantined + file.replaced
    return abs(file.rows_in_file - fates)


@lru_cache(maxsize=2)
def context_of(month: str) -> Context:
    known = policies.load(POLICY_FOLDER).group("plausibility")
    limits = {name: value.value for name, parameter in known.items() if (value := parameter.find("", end(month)))}
    return Context(month, placing.place_index(month), plausible(limits))


def judge(
    home: Path,
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    file_no: int,
    file: Delivered,
    aside: Path,
    report: Report,
) -> Judgement:
    """Read and judge a file; accepted rows go to staging as file `file_no`, their other columns to `aside`."""
    try:
        with reader.delivered(home / "inbox", file.path) as opened:
            _require_as_scanned(opened, file)
            found = _judge_rows(con, contract, file_no, file, opened, aside, report)
            _require_as_scanned(opened, file)  # nor was it written to while it was read
    except FileRejected as rejected:
        raise FileRejected(f"{file.named}：{rejected}", rejected.rule) from rejected
    if file.lines is not None and file.lines != found.end:
        raise FangpinError(f"{file.named} 有 {file.lines} 行，只读到 {found.end} 行：没有入库，请检查文件是否损坏。")
    return found


def _require_as_scanned(opened: int, file: Delivered) -> None:
    """DeliveryError when the file is not as it was registered. Of a zip the ledger has the sizes of its members."""
    about = os.fstat(opened)
    resized = file.member is None and about.st_size != file.size
    if resized or about.st_mtime_ns != file.modified_ns:
        raise DeliveryError(f"文件在登记之后被改动：{file.named}。请重新运行 raw/delivery（{file.month}）。")


def _judge_rows(
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    file_no: int,
    file: Delivered,
    opened: int,
    aside: Path,
    report: Report,
) -> Judgement:
    read, context = reader.sandbox(), context_of(file.month)
    known = contract if file.answers is None else replace(contract, columns=(*contract.columns, ANSWERED_ROW, ORIGINAL))
    sheets = read.sheets(opened, file.facts, file.member)
    at = locate([sheet for sheet in sheets if file.sheet in (None, sheet.name)], known)
    found = Judgement(file, at, end=at.header_rows, header_rows=at.header_rows, ours=own_sheets(sheets))
    entries = corrections.in_force(contract, file.month, file.month)
    accepted = 0
    with parts.set_aside(contract, aside) as add:
        for block in read.blocks(opened, file.facts, at.tables, known.columns, file.member):
            heading = at.tables[block.table][1]
            judged = validate.judge(block, contract, heading, context, at.examples)
            if entries:
                judged, matches = correcting.apply(judged, block, contract, heading, context, entries, file.sha256[:16])
                found.matches += matches
            staging.load(con, contract, file_no, judged.accepted, judged.unaccepted)
            add(judged.accepted)
            found.end = block.end
            found.header_rows += judged.header_rows
            found.blank_rows += judged.blank_rows
            found.asides += judged.asides
            found.rounded.update(judged.rounded)
            found.nameless.update(judged.nameless)
            found.refused |= {row: dict(cells) for row, cells in judged.refused.items()}
            found.doubted |= {row: dict(cells) for row, cells in judged.doubted.items()}
            found.reasons += judged.reasons.iter_rows()
            if file.answers is not None:
                found.answered |= _answered(pl.DataFrame(block.cells))
            accepted += len(judged.accepted)
            report(f"{_named(contract, file)}：已读 {block.end:,} 行（含表头），待去重 {accepted:,} 行")
    for remark in found.remarks(contract):
        report(f"{_named(contract, file)}：{remark}")
    return found


def _named(contract: FeedContract, file: Delivered) -> str:
    """The feed and month of a file, its city when there is one file a city, and whether it is a correction."""
    city = "" if contract.place_level == "province" else f" {_cities(file.month).get(file.place, file.place)}"
    return f"{contract.title}{city} {file.month}{'（补正）' if file.role == ledger.CORRECTION else ''}"


@lru_cache(maxsize=2)
def _cities(month: str) -> dict[str, str]:
    return dict(divisions_of_month(month).select("city_code", "city_name").unique().iter_rows())


def _answered(cells: pl.DataFrame) -> dict[int, int]:
    rows = cells.select("source_row", row=pl.col(ANSWERED_ROW.name).cast(pl.Int32, strict=False)).drop_nulls()
    return dict(rows.iter_rows())


def keep_refused(
    con: duckdb.DuckDBPyConnection, contract: FeedContract, judgements: list[Judgement], asides: list[Path]
) -> None:
    """Move rows the batch rules out from staging to their file's refused rows."""
    refused = staging.take_out_refused(con)
    for (file_no,), rows in refused.group_by("file_no"):
        found, aside = judgements[int(str(file_no))], asides[int(str(file_no))]
        others = parts.pick(aside, rows["source_row"].to_list())
        columns = ["source_row", *(name for name in others.columns if name not in rows.columns)]
        for row in rows.join(others.select(columns), on="source_row").iter_rows(named=True):
            answered = found.answered.get(row["source_row"])
            listed = {} if answered is None else {ANSWERED_ROW.header: str(answered)}
            as_written = _as_written(contract, row) | listed
            found.refused[row["source_row"]] = found.doubted.get(row["source_row"]) or as_written
            rule, advice = row["rule"], validate.RULES[row["rule"]].split("；")[-1]
            message = f"{row['note']}；{advice}"
            found.reasons.append((row["source_row"], "", rule, validate.level(rule), message, None))


def _as_written(contract: FeedContract, row: dict[str, Any]) -> dict[str, str | None]:
    """A staged row under its headers again, as text."""
    written: dict[str, str | None] = {}
    for column in contract.columns:
        value = row[staging.staged(column)]
        if value is not None and column.kind == "id_number":
            value = identity.number(value)
        written[column.header] = as_written(column, value)
    return written


def apply_corrections(con: duckdb.DuckDBPyConnection, contract: FeedContract, judgements: list[Judgement]) -> None:
    """Rows of earlier files of a batch that a later correction speaks for are replaced, told by row or by key.

    A refused row is replaced by whatever the correction says of it, an accepted one only by an accepted row. A row of a
    return list replaces of the accepted rows of the file it answers only the one it names; the key of another makes it
    a duplicate. FileRejected when it names a row that was not on the list.
    """
    for number, found in enumerate(judgements):
        if found.file.role != ledger.CORRECTION:
            continue
        files = {n: before for n, before in enumerate(judgements[:number]) if before.file.place == found.file.place}
        answered = {n for n, before in files.items() if found.file.answers == before.file.sha256[:16]}
        _require_listed(con, contract, number, found, {n: files[n] for n in answered})
        for earlier, before in files.items():
            refused = {row for _, row in staging.same_key(con, contract, number, earlier, "unaccepted")}
            if earlier in answered:
                refused |= set(found.answered.values())
                accepted = _answered_by_accepted(con, contract, number, found, earlier)
            else:
                accepted = {row for _, row in staging.same_key(con, contract, number, earlier)}
            staging.take_out(con, earlier, accepted)
            before.replace(accepted | (refused & before.refused.keys()))


def _require_listed(
    con: duckdb.DuckDBPyConnection,
    contract: FeedContract,
    number: int,
    found: Judgement,
    answered: dict[int, Judgement],
) -> None:
    """FileRejected when a row of a return list names a row of the answered file that was neither refused, doubted nor
    a duplicate, and is not the same record."""
    strange = dict(found.answered) if answered else {}
    for earlier, before in answered.items():
        listed = before.refused.keys() | before.doubted.keys() | before.replaced
        listed |= staging.repeated(con, contract, earlier, set(strange.values()))
        same = set(staging.same_key(con, contract, number, earlier))
        strange = {mine: row for mine, row in strange.items() if row not in listed and (mine, row) not in same}
    if strange:
        mine, row = min(strange.items())
        sheet, sheet_row = found.at.where(mine)
        inside = f"工作表「{showable(sheet)}」" if sheet else ""
        raise FileRejected(
            f"{found.file.named}：{inside}第{sheet_row}行的{ANSWERED_ROW.header}是 {row}，退回清单上没有这一行，"
            f"不能替换它（共 {len(strange)} 处）：请改回清单上原来的{ANSWERED_ROW.header}；"
            "要更正清单以外的行，请另存一份只有这些行的文件，放到「补正」文件夹里。",
            "not_on_list",
        )


def _answered_by_accepted(
    con: duckdb.DuckDBPyConnection, contract: FeedContract, number: int, found: Judgement, earlier: int
) -> set[int]:
    """The accepted rows of the answered file that accepted rows of the return list replace: those they name.

    A row that will be a duplicate, of a row that stays or of one before it in the list, replaces none, but for a row
    that was listed as a duplicate itself.
    """
    standing = set(staging.accepted_rows(con, earlier))
    naming = {mine: row for mine in staging.accepted_rows(con, number) if (row := found.answered.get(mine)) in standing}
    doubles = staging.repeated(con, contract, earlier, standing & set(found.answered.values()))
    again = {mine for mine, other in staging.same_key(con, contract, number, number) if other < mine}
    same = staging.same_key(con, contract, number, earlier)
    while True:
        named = {row for mine, row in naming.items() if mine not in again}
        more = {mine for mine, row in same if row not in named} - again
        if not more:
            return named | doubles
        again |= more


TOLD = 20
"""How many problems of a feed's corrections a message holds; the number of the others is said."""


def require_corrected(contract: FeedContract, month: str, judgements: list[Judgement]) -> None:
    """PolicyError unless every entry of the province in force told its row, one unless `every`, and could be applied.

    Rows that a department replaced count no longer. A month without a file of the feed has nothing to correct.
    """
    told: dict[str, list[str]] = defaultdict(list)
    problems = []
    for found in judgements:
        for match in found.matches:
            if match.row in found.replaced:
                continue
            sheet, row = found.at.where(match.row)
            inside = f" 工作表「{showable(sheet)}」" if sheet else ""
            place = f"{_named(contract, found.file)}：{found.file.named}{inside} 第{row}行"
            told[match.correction.id].append(place)
            if match.wrong is not None:
                problems.append(f"{match.correction.named}，{place}：{match.wrong}。")
    for entry in corrections.in_force(contract, month, month) if judgements else ():
        rows = told[entry.id]
        if not rows:
            problems.append(
                f"{entry.named}：《{contract.title}》{month} 接收的行里没有它说的那一行（来源已更正或删去，"
                "或该行已被退回、补正）。请核对后删除或修改这条更正。"
            )
        elif len(rows) > 1 and not entry.every:
            problems.append(
                f"{entry.named}：说的不止一行（{rows[0]}；{rows[1]}{'等' if len(rows) > 2 else ''}）。"
                "请写得更具体；确实都要更正时加上 every: true。"
            )
    if problems:
        first = f"省级更正与报送的数据对不上，《{contract.title}》{month} 没有入库："
        more = [f"另有 {len(problems) - TOLD} 处。"] if len(problems) > TOLD else []
        raise PolicyError("\n".join([first, *problems[:TOLD], *more]))
