"""Back from an accepted row to the cell a department wrote: the delivered file opened again, personal cells masked.

Does not belong here: which rows made a score (pipelines/explain.py), and rows that were refused (the vault).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets import ledger, reader
from checks.feed import FeedContract
from fangpin import masking
from fangpin.corrections import RULES
from fangpin.errors import DeliveryError
from fangpin.intake.locating import locate
from fangpin.masking import showable


@dataclass(frozen=True)
class DeliveredRow:
    """One row as it was delivered. path: below inbox/; row: in its sheet; source_row: numbered through all sheets;
    cells: contract column -> (header, text as written or None); corrected: what the province made of it.
    """

    path: str
    sheet: str | None
    row: int
    source_row: int
    cells: Mapping[str, tuple[str, str | None]]
    corrected: tuple[str, ...]


def reopen(home: Path, contract: FeedContract, sha16: str, rows: Collection[int]) -> list[DeliveredRow]:
    """The rows (source_row) of the file whose sha256 starts with `sha16` (source_file), in the order of the file.

    Raises DeliveryError when the file is unknown, gone, or no longer the one that was taken in.
    """
    with ledger.open_ledger(home) as con:
        taken = ledger.find_file(con, sha16, contract.name)
        reasons = [] if taken is None else ledger.reasons(con, taken)
    if taken is None:
        raise DeliveryError(f"台账里没有《{contract.title}》的文件 {sha16}：请核对来源文件编号。")
    path = home / "inbox" / taken.path
    if not path.is_file():
        raise DeliveryError(f"原始文件不在了：{showable(taken.path)}。请从备份恢复后再查。")
    read = reader.sandbox()
    wanted, found = set(rows), []
    corrected: dict[int, list[str]] = defaultdict(list)
    for row, _, rule, _, said in reasons:
        if rule in RULES:
            corrected[row].append(said)
    with reader.delivered(home / "inbox", taken.path) as file:
        facts = read.survey(file, path.name, taken.member)
        if facts.sha256 != taken.sha256:
            raise DeliveryError(f"{showable(taken.path)} 在入库之后被改动过，不能用来核对：请从备份恢复原文件。")
        sheets = read.sheets(file, facts, taken.member)
        at = locate([sheet for sheet in sheets if taken.sheet in (None, sheet.name)], contract)
        for block in read.blocks(file, facts, at.tables, contract.columns, taken.member):
            heading = at.tables[block.table][1]
            for cells in pl.DataFrame(block.cells).filter(pl.col("source_row").is_in(wanted)).iter_rows(named=True):
                shown = {
                    name: (heading.headers[position], _masked(contract, name, cells[name]))
                    for name, position in heading.positions.items()
                }
                row = cells["source_row"]
                found.append(DeliveredRow(taken.path, *at.where(row), row, shown, tuple(corrected[row])))
            if wanted and block.end >= max(wanted):
                break
    return found


def _masked(contract: FeedContract, column: str, text: str | None) -> str | None:
    """What may be told of a cell: of free text all but numbers of persons."""
    told = contract.column(column)
    if text is None or not (told.personal or told.kind == "text"):
        return text
    return masking.cell(text, True) if told.personal else masking.without_numbers(text)
