"""The unit of each column of amounts: what its name, a row of units below it and the titles above the header say.

The nearest counts; where they contradict each other, or say 万元 of one column and nothing of another, it is unclear,
with the text that makes it so. Does not belong here: what a text says of a unit (units.py).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fangpin.intake import units
from fangpin.intake.contract import Column
from fangpin.intake.spelling import fold, key
from fangpin.masking import showable

_QUOTED = 40


@dataclass(frozen=True)
class Named:
    """One position of a header. name: as messages call it; column: of the contract; unit: of units.py."""

    name: str
    column: str | None
    unit: str | None


@dataclass(frozen=True)
class SaidUnits:
    """rows: how many rows below the names say units or number the columns. wan: positions of amounts in 万元.

    unsaid: columns of which nothing is said; from_above: those whose unit is said for all amounts together; unclear:
    name of a column -> what is said where.
    """

    rows: int
    wan: frozenset[int]
    unsaid: frozenset[str]
    from_above: frozenset[str]
    unclear: Mapping[str, str]


def with_its_unit(each: Named, names: Mapping[str, str], money: Mapping[str, Column]) -> Named:
    """An unknown name that is that of an amount with some unit behind it: 注册资本万元, 补贴(千元)."""
    if each.column is None and (found := units.BEHIND.match(fold(each.name))):
        name, *behind = found.groups()
        if (known := key(name, names)) is not None and names[known] in money:
            unit = units.of_amounts(next(filter(None, behind))) or units.UNCLEAR
            return Named(each.name if unit == units.UNCLEAR else f"{name}（{unit}）", names[known], unit)
    return each


def read(
    named: Sequence[Named],
    titles: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    last: int,
    money: Mapping[str, Column],
    positions: Mapping[str, int],
    repeats: Mapping[str, Sequence[int]],
) -> SaidUnits:
    """titles: the rows above the header; below: the rows below its names, the last of which is row `last`.

    A further column under a name is in its own unit, else in that of the first.
    """
    found = _Below(named, below, last, money)
    above = units.in_titles(titles)
    all_texts = [_quoted(row, text) for row, text, _ in above] + found.all_texts
    of_all = found.of_all
    for _, _, of_title in above:
        of_all = _agreed(of_all, of_title)
    said = {column: found.own[position] or of_all for column, position in positions.items() if column in money}
    wan = {positions[column] for column, unit in said.items() if unit == units.WAN}
    for column, first in said.items():
        wan |= {position for position in repeats.get(column, ()) if (found.own[position] or first) == units.WAN}
    unsaid = {column for column, unit in said.items() if unit is None}
    others = [c for c, unit in said.items() if unit == units.WAN and money[c].unit != units.WAN]
    unclear: dict[str, str] = {}
    for column, unit in said.items():
        for position in (positions[column], *repeats.get(column, ())):
            if found.own[position] == units.UNCLEAR:
                unclear[named[position].name] = "、".join(found.texts[position])
        if unit == units.UNCLEAR:
            unclear.setdefault(named[positions[column]].name, "、".join(all_texts))
        elif unit is None and money[column].unit == units.WAN:
            unclear[named[positions[column]].name] = "约定以万元填报，文件里没有写单位"
        elif unit is None and others:
            told = showable(named[positions[others[0]]].name, _QUOTED)
            unclear[named[positions[column]].name] = f"「{told}」以万元为单位，这一列没有写"
    return SaidUnits(
        rows=found.rows,
        wan=frozenset(wan),
        unsaid=frozenset(unsaid),
        from_above=frozenset(c for c in said if found.own[positions[c]] is None and of_all is not None),
        unclear=unclear,
    )


class _Below:
    """The rows below the names that say units or number the columns. own: the unit of each position, texts: what says
    it where; of_all: that of all amounts together, all_texts: what says it.
    """

    def __init__(
        self, named: Sequence[Named], below: Sequence[Sequence[str]], last: int, money: Mapping[str, Column]
    ) -> None:
        self.rows = 0
        self.own = [each.unit for each in named]
        self.texts = defaultdict(list, {n: ["列名里的写法"] for n, each in enumerate(named) if each.unit is not None})
        self.of_all: str | None = None
        self.all_texts: list[str] = []
        for number, row in enumerate(below, start=1):
            folded = [*map(fold, row[: len(named)]), *[""] * (len(named) - len(row))]
            if not any(folded):
                continue
            if said := units.of_row(folded):
                for position, unit in enumerate(said):
                    if unit is not None:
                        self._take(position, unit, named[position].column in money, last + number, row[position])
            elif not _numbers_the_columns(folded):
                break
            self.rows = number

    def _take(self, position: int, unit: str, of_column: bool, row: int, cell: str) -> None:
        if of_column:
            self.own[position] = _agreed(self.own[position], unit)
            self.texts[position].append(_quoted(row, cell))
        elif "单位" in fold(cell) or unit != units.YUAN:
            self.of_all = _agreed(self.of_all, unit) if "单位" in fold(cell) else units.UNCLEAR
            self.all_texts.append(_quoted(row, cell))


def _quoted(row: int, text: str) -> str:
    return f"第{row}行写着「{showable(text, _QUOTED)}」"


def _agreed(one: str | None, two: str | None) -> str | None:
    """What two say of a unit: what one of them says, or both; else unclear."""
    return one or two if None in (one, two) or one == two else units.UNCLEAR


def _numbers_the_columns(folded: Sequence[str]) -> bool:
    """Whether a row below the header only numbers its columns: 1 2 3, 甲 乙 1 2, (1) (2) (3)."""
    said = [cell.strip("()") for cell in folded if cell]
    letters = "".join(cell for cell in said if not cell.isdigit())
    numbers = [int(cell) for cell in said if cell.isdecimal()]
    lettered = any(
        letters and row.startswith(letters) for row in ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    )
    return (
        len(said) > 2
        and len(numbers) + len(letters) == len(said)
        and (lettered or not letters)
        and all(two == one + 1 for one, two in itertools.pairwise(numbers))
    )
