"""Every file of the corpus is read, located and judged as its case says, and every row of it is accounted for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.raw import FEEDS
from fangpin.errors import FileRejected
from fangpin.intake import locating, placing, reading, validate
from fangpin.intake.doubts import plausible
from fangpin.intake.levels import ERROR
from fangpin.policy import load
from tests.intake_corpus import containers, formats, headers, layouts, refused, worksheets
from tests.intake_corpus.case import Case

MONTH = "2021-10"
CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = (formats, refused, headers, layouts, worksheets, containers)
CASES = [case for module in MODULES for case in module.CASES]


@lru_cache(maxsize=1)
def context() -> validate.Context:
    limits = {name: found.values[0].value for name, found in load(CHECKOUT / "policy").group("plausibility").items()}
    return validate.Context(MONTH, placing.place_index(MONTH), plausible(limits))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.write(path)
    if case.refused is not None:
        with pytest.raises(FileRejected) as refused:
            outcome(path, case)
        assert refused.value.rule != "unreadable"
        assert [word for word in case.refused if word not in str(refused.value)] == [], str(refused.value)
    else:
        assert outcome(path, case) == expected(case)


def test_the_corpus_is_large_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


def expected(case: Case) -> dict[str, Any]:
    return {
        "accepted": case.accepted,
        "quarantined": dict(case.quarantined),
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


def outcome(path: Path, case: Case) -> dict[str, Any]:
    """What intake makes of a file, in the words of `expected`."""
    contract = FEEDS[case.feed]
    member = None
    if path.suffix == ".zip":
        found = reading.members(path)
        assert found == list(case.members)
        member = found[0]
    facts = reading.survey(path, member=member)
    at = locating.locate(reading.sheets(path, facts, member), contract)
    accepted: list[pl.DataFrame] = []
    quarantined: dict[str, int] = {}
    counts = {"titles": at.header_rows, "blank": 0, "totals": 0}
    refused, end = 0, at.header_rows
    kinds = {column.name: column.kind for column in contract.columns}
    for block in reading.blocks(path, facts, at.tables, kinds, member):
        judged = validate.judge(block, contract, at.tables[block.table][1], context())
        accepted.append(judged.accepted)
        refused += len(judged.refused)
        errors = judged.reasons.filter(pl.col("level") == ERROR)
        for rule, count in errors.unique(["row", "rule"])["rule"].value_counts().iter_rows():
            quarantined[rule] = quarantined.get(rule, 0) + count
        counts["titles"] += judged.header_rows
        counts["blank"] += judged.blank_rows
        counts["totals"] += judged.total_rows
        end = block.end
    rows = pl.concat(accepted) if accepted else pl.DataFrame(schema=dict.fromkeys(case.values, pl.Null))
    assert facts.lines in (None, end)
    assert sum(counts.values()) + len(rows) + refused == end
    return {
        "accepted": len(rows),
        "quarantined": quarantined,
        **counts,
        "encoding": facts.encoding,
        "sheets": [sheet.name for sheet, _ in at.tables if sheet.name is not None],
        "header": at.tables[0][1].rows,
        "others": list(at.others),
        "unknown": list(at.unknown),
        "values": {column: rows[column].to_list() for column in case.values},
    }
