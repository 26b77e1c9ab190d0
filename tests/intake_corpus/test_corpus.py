"""Every file of the corpus is read, located and judged as its case says, and every row of it is accounted for.

It is read in this process and in the limited one, with the same outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets import reader
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import FileRejected
from fangpin.intake import header, locating, placing, reading, validate
from fangpin.intake.blocks import Block, Facts
from fangpin.intake.doubts import plausible
from fangpin.intake.header import Heading
from fangpin.intake.levels import ERROR, WARNING
from fangpin.policy import load
from tests.intake_corpus import (
    columns,
    containers,
    footers,
    formats,
    headers,
    layouts,
    personal,
    refused,
    told,
    units,
    worksheets,
)
from tests.intake_corpus.case import Case

MONTH = "2021-10"
CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = (formats, refused, headers, columns, units, layouts, footers, worksheets, containers, personal, told)
CASES = [case for module in MODULES for case in module.CASES]


@lru_cache(maxsize=1)
def context() -> validate.Context:
    limits = {name: found.values[0].value for name, found in load(CHECKOUT / "policy").group("plausibility").items()}
    return validate.Context(MONTH, placing.place_index(MONTH), plausible(limits))


class Here:
    """Reading in this process."""

    def __init__(self, path: Path) -> None:
        self.members = partial(reading.members, path)
        self.survey = partial(reading.survey, path, path.name)
        self.sheets = partial(reading.sheets, path)
        self._path = path

    def blocks(self, facts: Facts, tables: Any, columns: Any, member: str | None) -> Iterator[Block]:
        return reading.blocks(self._path, facts, tables, {column.name: column.kind for column in columns}, member)


class Apart:
    """Reading in the limited process."""

    def __init__(self, descriptor: int, name: str) -> None:
        box = reader.sandbox()
        self.members = partial(box.members, descriptor)
        self.survey = partial(box.survey, descriptor, name)
        self.sheets = partial(box.sheets, descriptor)
        self.blocks = partial(box.blocks, descriptor)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.write(path)
    judge(case, Here(path))
    with path.open("rb") as file:
        judge(case, Apart(file.fileno(), case.name))


def judge(case: Case, read: Here | Apart) -> None:
    if case.refused is not None:
        with pytest.raises(FileRejected) as refused:
            outcome(read, case)
        assert refused.value.rule != "unreadable"
        assert [word for word in case.refused if word not in str(refused.value)] == [], str(refused.value)
        assert [word for word in case.hidden if word in str(refused.value)] == []
    else:
        assert outcome(read, case) == expected(case)


def test_the_corpus_is_large_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


def expected(case: Case) -> dict[str, Any]:
    return {
        "accepted": case.accepted,
        "quarantined": dict(case.quarantined),
        "warned": dict(case.warned),
        "titles": case.titles,
        "blank": case.blank,
        "totals": case.totals,
        "encoding": case.encoding,
        "sheets": list(case.sheets),
        "header": case.header,
        "others": list(case.others),
        "unknown": list(case.unknown),
        "values": {column: list(values) for column, values in case.values.items()},
    }


def require_found_again(heading: Heading, contract: FeedContract) -> None:
    """A refused row is kept under its headers: read again, they name the same columns in the same unit."""
    again = header.find([heading.headers], contract.columns)
    assert again is not None
    assert (dict(again.positions), again.in_wan) == (dict(heading.positions), heading.in_wan)


def outcome(read: Here | Apart, case: Case) -> dict[str, Any]:
    """What intake makes of a file, in the words of `expected`."""
    contract = FEEDS[case.feed]
    member = None
    if case.name.endswith(".zip"):
        found = read.members()
        assert found == list(case.members)
        member = found[0]
    facts = read.survey(member=member)
    at = locating.locate(read.sheets(facts, member), contract)
    locating.refuse_unit_of_name(at, [case.name, member or ""])
    for _, heading in at.tables:
        require_found_again(heading, contract)
    accepted: list[pl.DataFrame] = []
    rules: dict[str, Counter[str]] = {ERROR: Counter(), WARNING: Counter()}
    counts = {"titles": at.header_rows, "blank": 0, "totals": 0}
    nameless: dict[str, None] = dict.fromkeys(at.unknown)
    refused, end = 0, at.header_rows
    for block in read.blocks(facts, at.tables, contract.columns, member):
        judged = validate.judge(block, contract, at.tables[block.table][1], context(), at.examples)
        accepted.append(judged.accepted)
        refused += len(judged.refused)
        for level, rule in judged.reasons.unique(["row", "rule"]).select("level", "rule").iter_rows():
            rules[level][rule] += 1
        told = "\n".join(text or "" for row in judged.reasons.select("message", "value").iter_rows() for text in row)
        assert [word for word in case.hidden if word in told] == []
        counts["titles"] += judged.header_rows
        counts["blank"] += judged.blank_rows
        counts["totals"] += len(judged.asides)
        nameless |= dict.fromkeys(judged.nameless)
        end = block.end
    rows = pl.concat(accepted) if accepted else pl.DataFrame(schema=dict.fromkeys(case.values, pl.Null))
    assert facts.lines in (None, end)
    assert sum(counts.values()) + len(rows) + refused == end
    return {
        "accepted": len(rows),
        "quarantined": dict(rules[ERROR]),
        "warned": dict(rules[WARNING]),
        **counts,
        "encoding": facts.encoding,
        "sheets": [sheet.name for sheet, _ in at.tables if sheet.name is not None],
        "header": at.tables[0][1].rows,
        "others": [sheet.name for sheet in at.others],
        "unknown": list(nameless),
        "values": {column: rows[column].to_list() for column in case.values},
    }
