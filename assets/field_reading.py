"""The worksheets and tables of a field file as text, read in the limited process that reads delivered files.

Does not belong here: what they say (fangpin/reports/research), where it is kept (field_ledger.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assets.reader import reading_limits, sandbox
from fangpin.errors import FileRejected
from fangpin.intake.blocks import CSV, Facts, Sheet
from fangpin.intake.header import Heading
from fangpin.intake.opening import opened
from fangpin.masking import showable
from fangpin.research.field import Grid

_ZIP = ".zip"


def grids(path: Path) -> tuple[str, list[Grid]]:
    """(sha256 of what it holds, its tables); FileRejected naming the file when it cannot be read."""
    if not path.parent.is_dir():
        raise FileRejected(f"没有文件 {showable(path.name)}：请核对路径。", "not_found")
    try:
        with opened(path.parent, Path(path.name), reading_limits()) as descriptor:
            members = sandbox().members(descriptor) if path.suffix.lower() == _ZIP else [None]
            hashes, found = [], []
            for member in members:
                facts = sandbox().survey(descriptor, path.name, member)
                if member is not None and facts.kind != CSV:
                    raise FileRejected(
                        f"压缩包里的 {showable(member)} 不是 CSV：请只打包电子表单导出的 CSV；核查表请直接导入 .xlsx。",
                        "field_kind",
                    )
                found += _tables(descriptor, facts, member)
                hashes.append(facts.sha256)
    except FileRejected as error:
        raise FileRejected(f"{showable(path.name)}：{error}", error.rule) from error
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest(), found


def _tables(descriptor: int, facts: Facts, member: str | None) -> Iterator[Grid]:
    sheets = sandbox().sheets(descriptor, facts, member)
    if facts.kind == CSV and sheets:
        sheets = [max(sheets, key=lambda sheet: len(sheet.top[0]) if sheet.top else 0)]
    shown = [sheet for sheet in sheets if sheet.top]
    rows: list[list[tuple[str, ...]]] = [[sheet.top[0]] for sheet in shown]
    tables = [(sheet, _first_row(sheet)) for sheet in shown]
    for block in sandbox().blocks(descriptor, facts, tables, (), member) if tables else ():
        if block.ragged:
            raise FileRejected(
                f"第{block.ragged[0].row}行的格数与表头不同：请重新导出，或另存为 .xlsx。", "field_ragged"
            )
        width = len(shown[block.table].top[0])
        columns = [block.cells[f"c{at}"].to_pylist() for at in range(width)]
        rows[block.table] += [tuple(text or "" for text in row) for row in zip(*columns, strict=True)]
    for sheet, told in zip(shown, rows, strict=True):
        yield Grid(sheet.name, tuple(told))


def _first_row(sheet: Sheet) -> Heading:
    """The first row taken for a header, every column for one of ours: the rows below come as they stand."""
    first = sheet.top[0]
    return Heading(
        first=1,
        row=1,
        headers=first,
        above=frozenset(),
        lines=(first,),
        positions={f"c{at}": at for at in range(len(first))},
        repeats={},
        wan=frozenset(),
        unit_unsaid=frozenset(),
        unit_from_above=frozenset(),
        unit_unclear={},
        missing=(),
        unknown=(),
        examples=frozenset(),
    )
