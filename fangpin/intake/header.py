"""Which rows of a table name its columns, and which delivered column is which column of the contract.

Headers match after NFKC, without blanks, brackets in one form and without the unit; the contract's synonyms count. A
header may take up to three rows: a column is then known by its lowest name, or by the names above it put before that.
Nothing is guessed: an unknown header is reported, and of two columns with one header the second is a repeat that must
agree with the first. Does not belong here: the rows below the header (validate.py).
"""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fangpin.intake import units
from fangpin.intake.contract import Column

DEPTH = 20
"""How many rows from the top may hold titles and the header."""
SHOWN = 40
"""How many rows from the top are shown as text: these, and the first rows below the header."""
HEADER_ROWS = 3
"""How many rows a header may take."""

_LONGEST, _COMPARED = 200, 500
"""No header is longer, no table has more: what goes beyond is not compared with the names of a contract."""

_REPEATED = re.compile(r"[._]?\d$")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")

Merged = Sequence[tuple[int, int, int, int]]
"""Merged cells as (first row, first column, last row, last column), from 0."""


@dataclass(frozen=True)
class Missing:
    """A mandatory column that no header of the file names; `nearest`: the unknown header that looks most like it."""

    column: str
    header: str
    nearest: str | None


@dataclass(frozen=True)
class Heading:
    """The header of a table, read as one contract.

    first, row: its first and last row, from 1. headers: what each position is called. above: the texts above the
    header. lines: the cells of the header's rows as they stand. positions: contract column -> position from 0.
    repeats: contract column -> positions of further columns under the same header. in_wan: money columns in 万元;
    unit_unsaid: those of which nothing is said; unit_unclear: headers of those of which it is not clear. unknown:
    headers that are no column of the contract.
    """

    first: int
    row: int
    headers: tuple[str, ...]
    above: frozenset[str]
    lines: tuple[tuple[str, ...], ...]
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    in_wan: frozenset[str]
    unit_unsaid: frozenset[str]
    unit_unclear: tuple[str, ...]
    missing: tuple[Missing, ...]
    unknown: tuple[str, ...]

    @property
    def rows(self) -> str:
        """第3行 or 第3至4行."""
        return f"第{self.row}行" if self.first == self.row else f"第{self.first}至{self.row}行"


@lru_cache(maxsize=16_384)
def fold(header: str) -> str:
    """A header as it is compared: NFKC, no blanks or line breaks, no mark of a required column, one kind of bracket."""
    folded = unicodedata.normalize("NFKC", header).translate(_BRACKETS)
    return re.sub(r"[\s*]", "", folded)


@lru_cache(maxsize=16_384)
def _without_unit(header: str) -> str:
    return units.IN_HEADER.sub("", fold(header))


def find(rows: Sequence[Sequence[str]], columns: Sequence[Column], merged: Merged = ()) -> Heading | None:
    """The header among the top rows: what names the most columns in the fewest rows, the first of these.

    None when nothing names two of the columns.
    """
    names = _names(tuple((column.name, column.header, *column.synonyms) for column in columns))
    top = [tuple(row) for row in rows[:DEPTH]]
    known = "\n".join(names)
    parts = [sum(_is_part(cell, known) for cell in row) for row in top]
    most, found = min(2, len(columns)) - 1, (-1, -1)
    for depth in range(1, HEADER_ROWS + 1):
        for first in range(len(top) - depth + 1):
            last = first + depth - 1
            if not (parts[first] and parts[last] and sum(parts[first : last + 1]) > most):
                continue  # a block names no more columns than it has parts of names
            matched = _matched(_named(_paths(top, merged, first, last), names))
            if matched > most:
                most, found = matched, (first, last)
    if found == (-1, -1):
        return None
    matched, (first, last) = most, found
    first, last, named = _whole(top, merged, first, last, matched, names)
    below = [tuple(row) for row in rows[last + 1 :]]
    return _heading(top, named, first, last, columns, names, below)


def _is_part(cell: str, known: str) -> bool:
    """Whether a cell is a name of the contract, or a part of one."""
    return 0 < len(cell) <= _LONGEST and (part := _without_unit(cell)) != "" and part in known


def _whole(
    top: Sequence[tuple[str, ...]], merged: Merged, first: int, last: int, matched: int, names: Mapping[str, str]
) -> tuple[int, int, list[_Named]]:
    """The header with the rows that name no further column but belong to it.

    Below: most of its names are merged down into the next rows. Above: a row of groups says a unit.
    """
    named = _named(_paths(top, merged, first, last), names)
    downwards = [r1 for r0, _, r1, _ in merged if first <= r0 <= last < r1 < first + HEADER_ROWS]
    if 2 * len(downwards) > matched and max(downwards) < len(top):
        lower = _named(_paths(top, merged, first, max(downwards)), names)
        if _matched(lower) >= matched:
            named, last = lower, max(downwards)
    while (
        first > 0
        and last - first + 1 < HEADER_ROWS
        and any(units.IN_HEADER.search(fold(cell)) and "单位" not in cell for cell in top[first - 1])
    ):
        higher = _named(_paths(top, merged, first - 1, last), names)
        if len(set(top[first - 1]) - {""}) < 2 or _matched(higher) < matched:
            break
        named, first = higher, first - 1
    return first, last, named


def _matched(named: Sequence[_Named]) -> int:
    return len({each.column for each in named if each.column})


@dataclass(frozen=True)
class _Named:
    """One position of a header. name: as messages call it; column: of the contract; unit: of units.py."""

    name: str
    column: str | None
    unit: str | None


def _paths(top: Sequence[tuple[str, ...]], merged: Merged, first: int, last: int) -> list[tuple[str, ...]]:
    """The names of each position in rows first to last.

    A merged cell names all its positions if it has names below; in a row without merged cells a name goes on to the
    right, as far as there are names below blanks.
    """
    width = max(len(row) for row in top[first : last + 1])
    lines = [[*row, *[""] * (width - len(row))] for row in top[first : last + 1]]
    for r0, c0, r1, c1 in merged:
        if first <= r0 and r1 < last:
            lines[r0 - first][c0 : c1 + 1] = [lines[r0 - first][c0]] * (min(c1 + 1, width) - c0)
    for row, (upper, lower) in enumerate(itertools.pairwise(lines), start=first):
        if any(r0 <= row <= r1 for r0, _, r1, _ in merged):
            continue
        for position in range(1, width):
            if not upper[position].strip() and lower[position].strip():
                upper[position] = upper[position - 1]
    return [tuple(name for name in column if name.strip()) for column in zip(*lines, strict=True)]


def _named(paths: Sequence[tuple[str, ...]], names: Mapping[str, str]) -> list[_Named]:
    """Each position by the most specific name that the contract knows; by the lowest alone only if no other has it."""
    joined = {path: _first_key(["".join(path[start:]) for start in range(len(path) - 1)], names) for path in paths}
    others = {tuple(map(fold, path)) for path, (_, key) in joined.items() if path and key is None}
    alone = Counter(path[-1] for path in others)
    found = []
    for path in paths:
        name, key = joined[path]
        if key is None and path and alone[fold(path[-1])] == 1:
            name, key = path[-1], _key(path[-1], names)
        name = name if key else "/".join(path)
        said = [unit.group(1) for part in path if (unit := units.IN_HEADER.search(fold(part)))]
        found.append(_Named(name, names[key] if key else None, said[-1] if said else None))
    return found


def _first_key(written: Sequence[str], names: Mapping[str, str]) -> tuple[str, str | None]:
    """The first of the names that the contract knows, and the one it is known by."""
    return next(((name, key) for name in written if (key := _key(name, names)) is not None), ("", None))


@lru_cache(maxsize=256)
def _names(columns: tuple[tuple[str, ...], ...]) -> Mapping[str, str]:
    """Folded header -> column; columns: the name of each, then its headers."""
    names: dict[str, str] = {}
    for column, *headers in columns:
        for header in headers:
            for key in (fold(header), _without_unit(header)):
                if names.setdefault(key, column) != column:
                    raise ValueError(f"header {header!r} names both {names[key]} and {column}")
    return names


def _key(cell: str, names: Container[str]) -> str | None:
    return next((key for key in (fold(cell), _without_unit(cell)) if key in names), None)


def _heading(
    top: Sequence[tuple[str, ...]],
    named: Sequence[_Named],
    first: int,
    last: int,
    columns: Sequence[Column],
    names: Mapping[str, str],
    below: Sequence[tuple[str, ...]],
) -> Heading:
    """below: the rows below the names that are known; those that say units or number the columns are of the header."""
    money = {column.name: column for column in columns if column.kind == "money"}
    named = [_with_its_unit(each, names, money) for each in named]
    more, unit_of, unit_below = _units_of(named, below, money)
    unit_of_all = _agreed(units.of_titles(top[:first]), unit_below)
    positions: dict[str, int] = {}
    repeats: dict[str, list[int]] = {}
    unknown: list[tuple[int, str]] = []
    for position, each in enumerate(named):
        if each.column is None:
            unknown.append((position, each.name))
        elif each.column in positions:
            repeats.setdefault(each.column, []).append(position)
        else:
            positions[each.column] = position
    strangers: list[str] = []
    for position, name in unknown:
        original = names.get(_REPEATED.sub("", fold(name)))
        if original in positions:
            repeats.setdefault(original, []).append(position)
        elif name.strip():
            strangers.append(name)
    said = {column: unit_of[position] or unit_of_all for column, position in positions.items() if column in money}
    in_wan = frozenset(column for column, unit in said.items() if unit == units.WAN)
    unsaid = {column for column, unit in said.items() if unit is None}
    unclear = {column for column, unit in said.items() if unit == units.UNCLEAR}
    unclear |= {column for column in unsaid if money[column].unit == units.WAN}
    unclear |= unsaid if any(money[column].unit != units.WAN for column in in_wan) else set()
    return Heading(
        first=first + 1,
        row=last + 1 + more,
        headers=tuple(
            f"{each.name}（{units.WAN}）"
            if each.column in in_wan and not units.IN_HEADER.search(fold(each.name))
            else each.name
            for each in named
        ),
        above=frozenset(fold(cell) for row in top[:first] for cell in row if cell.strip()),
        lines=(*top[first : last + 1], *below[:more]),
        positions=positions,
        repeats={column: tuple(found) for column, found in repeats.items()},
        in_wan=in_wan,
        unit_unsaid=frozenset(unsaid),
        unit_unclear=tuple(named[positions[column]].name for column in said if column in unclear),
        missing=tuple(
            Missing(column.name, column.header, _nearest(column, strangers))
            for column in columns
            if column.mandatory and column.name not in positions
        ),
        unknown=(*strangers, *_nameless(named, below[more:])),
    )


def _with_its_unit(each: _Named, names: Mapping[str, str], money: Mapping[str, Column]) -> _Named:
    """An unknown name that is that of an amount with some unit behind it: 注册资本万元, 补贴(千元)."""
    if each.column is None and (found := units.BEHIND.match(fold(each.name))):
        name, *behind = found.groups()
        if (column := names.get(name)) in money:
            unit = units.of_amounts(next(filter(None, behind))) or units.UNCLEAR
            return _Named(each.name if unit == units.UNCLEAR else f"{name}（{unit}）", column, unit)
    return each


def _agreed(one: str | None, two: str | None) -> str | None:
    """What two say of a unit: what one of them says, or both; else unclear."""
    return one or two if None in (one, two) or one == two else units.UNCLEAR


def _units_of(
    named: Sequence[_Named], below: Sequence[tuple[str, ...]], money: Mapping[str, Column]
) -> tuple[int, list[str | None], str | None]:
    """(rows below the names that say units or number the columns, the unit of each position, the unit of all)."""
    found = [each.unit for each in named]
    of_all: str | None = None
    more = 0
    for number, row in enumerate(below, start=1):
        folded = [*map(fold, row[: len(named)]), *[""] * (len(named) - len(row))]
        if not any(folded):
            continue
        if said := units.of_row(folded):
            for position, unit in enumerate(said):
                if named[position].column in money:
                    found[position] = _agreed(found[position], unit)
                elif unit is not None and "单位" in folded[position]:
                    of_all = _agreed(of_all, unit)
                elif unit not in (None, units.YUAN):
                    of_all = units.UNCLEAR
        elif not _numbers_the_columns(folded):
            break
        more = number
    return more, found, of_all


def _nameless(named: Sequence[_Named], below: Sequence[tuple[str, ...]]) -> list[str]:
    """The positions without a name that have cells below."""
    said = {position for row in below for position, cell in enumerate(row) if cell.strip()}
    return [f"第{n}列（无列名）" for n, each in enumerate(named, start=1) if n - 1 in said and not each.name.strip()]


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


def spellings(column: Column) -> frozenset[str]:
    """The texts that name a column, for `is_name`."""
    return frozenset(_names(((column.name, column.header, *column.synonyms),)))


def is_name(cell: str | None, spellings: frozenset[str]) -> bool:
    """Whether a cell names the column of these spellings."""
    return cell is not None and len(cell) <= _LONGEST and _key(cell, spellings) is not None


def names(row: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether a cell of a row is the name of a column."""
    known = _names(tuple((column.name, column.header, *column.synonyms) for column in columns))
    return any(_key(cell, known) for cell in row if len(cell) <= _LONGEST)


def resembling(row: Sequence[str], columns: Sequence[Column]) -> list[tuple[str, str]]:
    """(cell, header) for each mandatory column that a cell of a row is, or looks like."""
    said = [cell for cell in row if cell.strip()]
    return [(near, each.header) for each in columns if each.mandatory and (near := _nearest(each, said)) is not None]


def _nearest(column: Column, strangers: Sequence[str]) -> str | None:
    folded = {fold(stranger): stranger for stranger in strangers[:_COMPARED] if len(stranger) <= _LONGEST}
    for header in (column.header, *column.synonyms):
        if close := difflib.get_close_matches(fold(header), folded, n=1, cutoff=0.5):
            return folded[close[0]]
    return None
