"""Dirty rows: what the truth notes stands in the files, and intake does with every row what the truth expects.

Intake and generator share no code: all rows that are not noted are accepted, all that should be are refused.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest

from checks.raw import FEEDS
from fangpin.intake import locating, placing, reading, validate
from fangpin.intake.doubts import plausible
from fangpin.policy import load
from tests.rules import sample_files as files

MONTH = "2021-10"
CHECKOUT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def context() -> validate.Context:
    limits = {name: found.values[0].value for name, found in load(CHECKOUT / "policy").group("plausibility").items()}
    return validate.Context(MONTH, placing.place_index(MONTH), plausible(limits))


def fates(home: Path, feed: str) -> pl.DataFrame:
    """file, row, accepted of every row that intake reads of a feed."""
    contract = FEEDS[feed]
    parts = []
    for path in sorted((home / "inbox" / MONTH / contract.source).glob(f"*{contract.title}*")):
        facts = reading.survey(path)
        at = locating.locate(reading.sheets(path, facts), contract)
        name = path.relative_to(home / "inbox").as_posix()
        for block in reading.blocks(path, facts, at.tables, {c.name: c.kind for c in contract.columns}):
            judged = validate.judge(block, contract, at.tables[block.table][1], context())
            good = judged.accepted.select(row=pl.col("source_row").cast(pl.Int64), accepted=pl.lit(True))
            bad = pl.DataFrame({"row": list(judged.refused)}, schema={"row": pl.Int64}).with_columns(
                accepted=pl.lit(False)
            )
            parts.append(pl.concat([good, bad]).with_columns(file=pl.lit(name)))
    return pl.concat(parts)


@pytest.mark.parametrize("feed", [name for name, contract in FEEDS.items() if contract.expected])
def test_intake_refuses_what_is_noted_and_nothing_else(written_inbox: Path, feed: str) -> None:
    noted = files.truth(written_inbox, "dirty_rows").filter((pl.col("feed") == feed) & (pl.col("month") == MONTH))
    judged = fates(written_inbox, feed)
    refused = judged.filter(~pl.col("accepted")).select("file", "row")
    expected = noted.filter((pl.col("fate") == "quarantined") & (pl.col("kind") != "duplicate_row"))
    assert refused.join(expected, on=["file", "row"], how="anti").height == 0
    assert expected.join(refused, on=["file", "row"], how="anti").height == 0
    assert noted.join(judged, on=["file", "row"], how="anti").height == 0


def test_a_known_share_of_rows_of_every_kind(written_inbox: Path) -> None:
    noted = files.truth(written_inbox, "dirty_rows")
    summary = (written_inbox / "truth" / "sample.json").read_text(encoding="utf-8")
    rows = int(summary.split('"rows": ')[1].split(",")[0])
    assert 0.002 < noted.height / rows < 0.004
    assert set(noted["kind"]) == {
        "bad_check_digit",
        "full_width_digits",
        "number_lost_digits",
        "duplicate_row",
        "unknown_village",
        "text_in_amount",
        "wan_written",
        "wan_in_yuan_column",
        "thousands_separators",
        "wrong_month",
        "unknown_code",
        "missing_value",
    }
    assert noted.select("file", "row").is_duplicated().sum() == 0


def test_duplicates_are_exact_copies(written_inbox: Path) -> None:
    noted = files.truth(written_inbox, "dirty_rows").filter(
        (pl.col("kind") == "duplicate_row") & (pl.col("feed") == "person_list") & (pl.col("month") == MONTH)
    )
    people = files.persons(written_inbox, MONTH)
    copies = people.join(noted.select("file", "row"), on=["file", "row"])
    assert copies.height == noted.height > 0
    columns = [c for c in people.columns if c not in ("file", "row")]
    again = people.join(copies.select(columns), on=columns, nulls_equal=True)
    assert again.height >= 2 * copies.height


def test_spoilt_cells_are_spoilt_as_noted(written_inbox: Path) -> None:
    noted = files.truth(written_inbox, "dirty_rows")
    people = files.persons(written_inbox, MONTH).join(noted, on=["file", "row"])
    wide = people.filter(pl.col("kind") == "full_width_digits")["证件号码"]
    assert wide.str.contains("^[０-９Ｘ]{18}$").all()
    assert people.filter(pl.col("kind") == "number_lost_digits")["证件号码"].str.contains(r"E\+17$").all()
    income = files.delivered(written_inbox, MONTH, "乡村振兴局", "农户收支台账").join(noted, on=["file", "row"])
    assert income.filter(pl.col("kind") == "wan_written")["A1务工"].str.ends_with("万元").all()
    small = income.filter(pl.col("kind") == "wan_in_yuan_column")["A1务工"].cast(pl.Float64)
    assert small.max() < 100
    assert (income.filter(pl.col("kind") == "wrong_month")["所属期"] == "202112").all()
