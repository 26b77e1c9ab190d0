"""What is to be said of how a file was read, where nothing is wrong: what was left out, which unit was taken.

Sentences in Chinese for the department and the analyst. Does not belong here: what is wrong with a row (validate.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fangpin.intake.blocks import Sheet
from fangpin.intake.contract import Contract
from fangpin.intake.locating import Located
from fangpin.masking import showable

LISTED = 20
"""So many rows of totals and notes are named."""


def remarks(
    at: Located, contract: Contract, asides: Sequence[tuple[int, str]], rounded: Mapping[str, int]
) -> tuple[str, ...]:
    """asides: (row, kind) of totals and notes, in order; rounded: header -> amounts with more than two decimals."""
    headers = {column.name: column.header for column in contract.columns}
    said = []
    if sheets := [sheet for sheet in at.others if sheet.rows]:
        said.append(f"没有读取的工作表（不是《{contract.title}》）：{'、'.join(map(_sheet, sheets))}")
    if at.unknown:
        said.append(f"没有读取的列（约定中没有）：{'、'.join(map(showable, at.unknown))}")
    in_wan = dict.fromkeys(headers[name] for _, heading in at.tables for name in headers if name in heading.in_wan)
    if in_wan:
        said.append(f"按万元读取、换算为元的列：{'、'.join(in_wan)}")
    if asides:
        rows = "、".join(_aside(at, row, kind) for row, kind in asides[:LISTED])
        more = f"……共 {len(asides):,} 行" if len(asides) > LISTED else ""
        said.append(f"没有读取的行（合计和注释）：{rows}{more}")
    said += [
        f"「{header}」有 {count:,} 个金额多于两位小数，已四舍五入到分" for header, count in sorted(rounded.items())
    ]
    return tuple(said)


def _sheet(sheet: Sheet) -> str:
    return f"「{showable(sheet.name or '')}」（{sheet.rows:,} 行{'，隐藏' if sheet.hidden else ''}）"


def _aside(at: Located, row: int, kind: str) -> str:
    sheet, number = at.where(row)
    return f"{f'「{showable(sheet)}」' if sheet is not None and len(at.tables) > 1 else ''}第{number}行（{kind}）"
