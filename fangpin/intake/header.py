"""Which rows of a table name its columns, and which delivered column is which column of the contract.

Headers match as spelling.py says; the contract's synonyms count. A header may take up to three rows: a column is then
known by its lowest name, or by the names above it put before that.
Nothing is guessed: an unknown header is reported, and of two columns with one header the second is a repeat that must
agree with the first. Does not belong here: the rows below the header (validate.py).
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fangpin.intake import examples, said_units, units
from fangpin.intake.contract import Column
from fangpin.intake.said_units import Named
from fangpin.intake.spelling import LONGEST, fold, forms, key, names_of, numberless

DEPTH = 20
"""How many rows from the top may hold titles and the header."""
SHOWN = 40
"""How many rows from the top are shown as text: these, and the first rows below the header."""
HEADER_ROWS = 3
"""How many rows a header may take."""

_COMPARED = 500
"""No table has more headers: what goes beyond is not compared with the names of a contract."""

_REPEATED = re.compile(r"[._]?\d$")

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
    repeats: contract column -> positions of further columns under the same header. wan: positions of amounts in 万元.
    unit_unsaid: columns of amounts of which nothing is said; unit_from_above: those whose unit is said for all amounts
    together; unit_unclear: headers of those of which it is not clear -> what is said where. unknown: headers that are
    no column of the contract. examples: rows below that only show how to fill in the table.
    """

    first: int
    row: int
    headers: tuple[str, ...]
    above: frozenset[str]
    lines: tuple[tuple[str, ...], ...]
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    wan: frozenset[int]
    unit_unsaid: frozenset[str]
    unit_from_above: frozenset[str]
    unit_unclear: Mapping[str, str]
    missing: tuple[Missing, ...]
    unknown: tuple[str, ...]
    examples: frozenset[int]

    @property
    def in_wan(self) -> frozenset[str]:
        """The columns whose amounts are in 万元."""
        return frozenset(column for column, position in self.positions.items() if position in self.wan)

    @property
    def rows(self) -> str:
        """第3行 or 第3至4行."""
        return f"第{self.row}行" if self.first == self.row else f"第{self.first}至{self.row}行"


def find(rows: Sequence[Sequence[str]], columns: Sequence[Column], merged: Merged = ()) -> Heading | None:
    """The header among the top rows: what names the most columns in the fewest rows, the first of these.

    None when nothing names two of the columns.
    """
    names = names_of(tuple((column.name, column.header, *column.synonyms) for column in columns))
    top = [tuple(row) for row in rows[:DEPTH]]
    known = "\n".join(names)
    parts = [{position for position, cell in enumerate(row) if _is_part(cell, known)} for row in top]
    most, found = min(2, len(columns)) - 1, (-1, -1)
    for depth in range(1, HEADER_ROWS + 1):
        for first in range(len(top) - depth + 1):
            last = first + depth - 1
            if not (parts[first] and parts[last] and len(set().union(*parts[first : last + 1])) > most):
                continue  # a block names no more columns than it has positions with a part of a name
            matched = len({names[form] for _, form in _known(_paths(top, merged, first, last), names) if form})
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
    return 0 < len(cell) <= LONGEST and any(form in known for form in forms(cell))


def _whole(
    top: Sequence[tuple[str, ...]], merged: Merged, first: int, last: int, matched: int, names: Mapping[str, str]
) -> tuple[int, int, list[Named]]:
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


def _matched(named: Sequence[Named]) -> int:
    return len({each.column for each in named if each.column})


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


def _named(paths: Sequence[tuple[str, ...]], names: Mapping[str, str]) -> list[Named]:
    """Each position with the column it names and the unit it says."""
    found = []
    for path, (name, form) in zip(paths, _known(paths, names), strict=True):
        said = [unit.group(1) for part in path if (unit := units.IN_HEADER.search(fold(part)))]
        found.append(Named(name if form else "/".join(path), names[form] if form else None, said[-1] if said else None))
    return found


def _known(paths: Sequence[tuple[str, ...]], names: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Each position by the most specific name that the contract knows; by the lowest alone only if no other has it."""
    joined = {path: _first_key(_joined(path), names) for path in paths}
    others = {tuple(map(fold, path)) for path, (_, known) in joined.items() if path and known is None}
    alone = Counter(path[-1] for path in others)
    return [
        (path[-1], key(path[-1], names))
        if joined[path][1] is None and path and alone[fold(path[-1])] == 1
        else joined[path]
        for path in paths
    ]


def _first_key(written: Sequence[str], names: Mapping[str, str]) -> tuple[str, str | None]:
    """The first of the names that the contract knows, and the one it is known by."""
    return next(((name, known) for name in written if (known := key(name, names)) is not None), ("", None))


def _joined(path: tuple[str, ...]) -> list[str]:
    """The names of a position put together, the most specific first."""
    if len(path) < 2:
        return []
    plain = tuple(map(numberless, path))
    return ["".join(each[start:]) for each in dict.fromkeys((path, plain)) for start in range(len(path) - 1)]


def _heading(
    top: Sequence[tuple[str, ...]],
    named: Sequence[Named],
    first: int,
    last: int,
    columns: Sequence[Column],
    names: Mapping[str, str],
    below: Sequence[tuple[str, ...]],
) -> Heading:
    """below: the rows below the names that are known; those that say units or number the columns are of the header."""
    money = {column.name: column for column in columns if column.kind == "money"}
    named = [said_units.with_its_unit(each, names, money) for each in named]
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
    said = said_units.read(named, top[:first], below, last + 1, money, positions, repeats)
    lines, rest = (*top[first : last + 1], *below[: said.rows]), below[said.rows :]
    row = last + 1 + said.rows
    free = {positions[column.name] for column in columns if column.kind == "text" and column.name in positions}
    free -= {min(positions.values())}  # a row begins with the word
    return Heading(
        first=first + 1,
        row=row,
        headers=tuple(
            f"{each.name}（{units.WAN}）"
            if position in said.wan and not units.IN_HEADER.search(fold(each.name))
            else each.name
            for position, each in enumerate(named)
        ),
        above=frozenset(fold(cell) for row in top[:first] for cell in row if cell.strip()),
        lines=lines,
        positions=positions,
        repeats={column: tuple(found) for column, found in repeats.items()},
        wan=said.wan,
        unit_unsaid=said.unsaid,
        unit_from_above=said.from_above,
        unit_unclear=said.unclear,
        missing=tuple(
            Missing(column.name, column.header, _nearest(column, strangers))
            for column in columns
            if column.mandatory and column.name not in positions
        ),
        unknown=(*strangers, *_nameless(named, rest)),
        examples=frozenset(row + 1 + n for n in examples.find(top[:first], lines, rest, free)),
    )


def _nameless(named: Sequence[Named], below: Sequence[tuple[str, ...]]) -> list[str]:
    """The positions without a name that have cells below."""
    said = {position for row in below for position, cell in enumerate(row) if cell.strip()}
    return [nameless(n) for n, each in enumerate(named) if n in said and not each.name.strip()]


def nameless(position: int) -> str:
    """What a column without a name is called."""
    return f"第{position + 1}列（无列名）"


def names(row: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether a cell of a row is the name of a column."""
    known = names_of(tuple((column.name, column.header, *column.synonyms) for column in columns))
    return any(key(cell, known) for cell in row if len(cell) <= LONGEST)


def resembling(row: Sequence[str], columns: Sequence[Column]) -> list[tuple[str, str]]:
    """(cell, header) for each mandatory column that a cell of a row is, or looks like."""
    said = [cell for cell in row if cell.strip()]
    return [(near, each.header) for each in columns if each.mandatory and (near := _nearest(each, said)) is not None]


def _nearest(column: Column, strangers: Sequence[str]) -> str | None:
    folded = {fold(stranger): stranger for stranger in strangers[:_COMPARED] if len(stranger) <= LONGEST}
    for header in (column.header, *column.synonyms):
        if close := difflib.get_close_matches(fold(header), folded, n=1, cutoff=0.5):
            return folded[close[0]]
    return None
