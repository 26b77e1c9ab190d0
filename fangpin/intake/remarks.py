"""What is to be said of how a file was read, where nothing is wrong: what was left out, which unit was taken.

Sentences in Chinese for the department and the analyst. Does not belong here: what is wrong with a row (validate.py).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from fangpin.intake.blocks import Sheet
from fangpin.intake.contract import Contract
from fangpin.intake.examples import EXAMPLE
from fangpin.intake.locating import Located
from fangpin.masking import showable

LISTED = 20
"""So many rows of totals and notes are named."""


def remarks(
    at: Located,
    contract: Contract,
    asides: Sequence[tuple[int, str]],
    rounded: Mapping[str, int],
    nameless: Iterable[str] = (),
    ours: Container[str] = (),
) -> tuple[str, ...]:
    """asides: (row, kind) of totals, notes and examples, in order; rounded: header -> amounts with more than two
    decimals; nameless: columns without a name that have cells; ours: worksheets that our template put there.
    """
    headers = {column.name: column.header for column in contract.columns}
    said = []
    if sheets := [sheet for sheet in at.others if sheet.rows and sheet.name not in ours]:
        said.append(f"没有读取的工作表（不是《{contract.title}》）：{'、'.join(map(_sheet, sheets))}")
    if unknown := dict.fromkeys((*at.unknown, *nameless)):
        said.append(f"没有读取的列（约定中没有）：{'、'.join(map(showable, unknown))}")
    if unseen := _hidden(at):
        said.append(f"隐藏的列也已读取：{'、'.join(unseen)}")
    in_wan = dict.fromkeys(headers[name] for _, heading in at.tables for name in headers if name in heading.in_wan)
    if in_wan:
        said.append(f"按万元读取、换算为元的列：{'、'.join(in_wan)}")
    if asides:
        rows = "、".join(_aside(at, row, kind) for row, kind in asides[:LISTED])
        more = f"……共 {len(asides):,} 行" if len(asides) > LISTED else ""
        kinds = "合计、注释和示例" if any(kind == EXAMPLE for _, kind in asides) else "合计和注释"
        said.append(f"没有读取的行（{kinds}）：{rows}{more}")
    said += [
        f"「{header}」有 {count:,} 个金额多于两位小数，已四舍五入到分" for header, count in sorted(rounded.items())
    ]
    return tuple(said)


def _hidden(at: Located) -> dict[str, None]:
    """The columns that are read though they are hidden, with their sheet when there are several."""
    found: dict[str, None] = {}
    for sheet, heading in at.tables:
        read = {*heading.positions.values(), *(position for more in heading.repeats.values() for position in more)}
        where = f"「{showable(sheet.name or '')}」" if len(at.tables) > 1 else ""
        found |= dict.fromkeys(
            f"{where}{showable(heading.headers[position])}" for position in sheet.hidden_columns if position in read
        )
    return found


def _sheet(sheet: Sheet) -> str:
    return f"「{showable(sheet.name or '')}」（{sheet.rows:,} 行{'，隐藏' if sheet.hidden else ''}）"


def _aside(at: Located, row: int, kind: str) -> str:
    sheet, number = at.where(row)
    return f"{f'「{showable(sheet)}」' if sheet is not None and len(at.tables) > 1 else ''}第{number}行（{kind}）"
