"""An independent small reader of the sample's delivered files: csv by polars, workbooks by calamine, all cells as text.

Knows folders, titles and encodings only; shares nothing with the generator or with intake.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import polars as pl
from python_calamine import load_workbook

MONTHS = ("2021-10", "2021-11", "2021-12")
TOWNSHIP = "141123208"
"""赵家坪乡, outside the province."""


@lru_cache(maxsize=128)
def delivered(home: Path, month: str, source: str, title: str) -> pl.DataFrame:
    """All rows of a feed and month with their file and row number; several files are put one behind the other."""
    frames = [
        _read(path).with_columns(file=pl.lit(f"{month}/{source}/{path.name}"))
        for path in _files(home, month, source, title)
    ]
    return pl.concat(frames)


def _files(home: Path, month: str, source: str, title: str) -> list[Path]:
    found = sorted((home / "inbox" / month / source).glob(f"*{title}*"))
    assert found, f"no file of {title} in {month}"
    return found


def _read(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        frame = pl.read_csv(io.StringIO(text), infer_schema=False)
        return frame.with_columns(row=pl.int_range(2, pl.len() + 2))
    rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    header = [name if rows[2].index(name) == i else f"{name}#{i}" for i, name in enumerate(rows[2])]
    cells = [[None if cell == "" else str(cell) for cell in row] for row in rows[3:]]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    frame = frame.with_columns(row=pl.int_range(4, pl.len() + 4))
    return frame.filter(pl.col(header[0]) != "合计")


def households(home: Path, month: str) -> pl.DataFrame:
    return delivered(home, month, "乡村振兴局", "农户名册")


def persons(home: Path, month: str) -> pl.DataFrame:
    return delivered(home, month, "乡村振兴局", "农户家庭成员名册")


def register(home: Path, month: str) -> pl.DataFrame:
    return delivered(home, month, "全国防返贫监测信息系统", "监测对象信息")


def steps(home: Path, month: str) -> pl.DataFrame:
    return delivered(home, month, "乡村振兴局", "监测对象程序台账")


def incomes(home: Path) -> pl.DataFrame:
    return pl.concat([delivered(home, month, "乡村振兴局", "农户收支台账") for month in MONTHS])


def truth(home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "truth" / f"{name}.parquet")


def clean(home: Path, feed: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a feed that are not noted as dirty."""
    dirty = truth(home, "dirty_rows").filter(pl.col("feed") == feed)
    return frame.join(dirty.select("file", "row"), on=["file", "row"], how="anti")


def own(frame: pl.DataFrame) -> pl.DataFrame:
    """The province without 赵家坪乡, by 户编号."""
    return frame.filter(~pl.col("户编号").str.starts_with(TOWNSHIP))
