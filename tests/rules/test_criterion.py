"""By amount or by share: the twelve households of the oracle, hand arithmetic, and identities of the grid."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from fangpin.criterion import FLAGS, Overlap, equal_work, grid, overlap
from tests.rules.oracles import oracle

ORACLE = oracle("t2_rigid_expenditure.json")
LINE, AMOUNT, SHARE = (ORACLE["params"][name] for name in ("L", "TA", "TS"))


def cell(amount_step: int, share_step: int, hardship: bool, households: int = 1, **other: Any) -> dict[str, Any]:
    kind = {"income_group": 0, "size": 1, "lasting": False} | other
    return {"amount_step": amount_step, "share_step": share_step, "hardship": hardship, "households": households} | kind


def twelve() -> Overlap:
    """The oracle's households in steps: 1 is at or over the threshold; without income any expenditure is all of it."""
    cells = [
        cell(
            int(hh["rigid"] >= AMOUNT),
            int(hh["rigid"] > 0 and (hh["income"] <= 0 or hh["rigid"] >= SHARE * hh["income"])),
            hh["net_pc"] < LINE,
        )
        for hh in ORACLE["households"]
    ]
    row = grid(pl.DataFrame(cells), 1).filter(pl.col("part") == "all").row(0, named=True)
    return overlap(row)


def test_the_twelve_households_overlap_as_counted() -> None:
    found = twelve()
    assert {flag: sum(getattr(found, flag)) for flag in FLAGS} == ORACLE["overlap"]
    for flag, profile in ORACLE["profile"].items():
        hardship, others = getattr(found, flag)
        assert hardship / (hardship + others) == pytest.approx(profile["share_net_below_L"], abs=1e-9)


@pytest.mark.parametrize(
    ("criterion", "name"), [("amount", "amount"), ("share", "share"), ("either", "or"), ("both", "and")]
)
def test_precision_and_recall(criterion: str, name: str) -> None:
    wanted, found = ORACLE["evaluation"][name], twelve().flagged(criterion)
    assert (found.households, found.hits) == (wanted["n"], wanted["tp"])
    assert found.precision == pytest.approx(wanted["precision"], abs=1e-9)
    assert found.recall == pytest.approx(wanted["recall"], abs=1e-9)


def test_agreement() -> None:
    assert twelve().kappa == pytest.approx(ORACLE["cohen_kappa"], abs=1e-9)
    assert [sum(twelve().amount_only), sum(twelve().share_only)] == ORACLE["mcnemar_discordant"]


def test_who_is_right_where_the_two_differ() -> None:
    """By the oracle's profile: one of the two flagged by amount only is in hardship, both of the two by share only."""
    assert twelve().discordant == (1, 2 + 1)


def test_mcnemar_by_the_binomial() -> None:
    """9 against 2 of 11: twice the tail of 9 and more at one half."""
    found = Overlap(both=(5, 5), amount_only=(4, 0), share_only=(2, 5), neither=(0, 0))
    assert found.discordant == (9, 2)
    assert found.mcnemar == pytest.approx(2 * binom.sf(8, 11, 0.5), abs=1e-12)


def test_nothing_flagged_and_nobody_in_hardship_have_no_ratio() -> None:
    nobody = Overlap(both=(0, 0), amount_only=(0, 0), share_only=(0, 0), neither=(0, 7))
    found = nobody.flagged("either")
    assert (found.precision, found.recall, found.checks_per_hit) == (None, None, None)
    assert nobody.kappa is None
    assert nobody.mcnemar == 1
    assert Overlap((0, 0), (0, 0), (0, 0), (0, 0)).kappa is None


def test_equal_work_takes_the_share_that_flags_as_many_and_the_higher_of_two() -> None:
    cells = pl.DataFrame([cell(1, 3, True, 10), cell(0, 2, False, 5), cell(0, 1, False, 50)])
    rows = grid(cells, 3).filter(pl.col("part") == "all").to_dicts()
    assert equal_work(rows, of_amount=1)["share_step"] == 3  # 10 by amount; 65, 15 and 10 by share
    assert equal_work(rows, of_amount=2)["share_step"] == 3  # none by amount: the nearest is 10


def test_parts_are_split_and_named() -> None:
    cells = pl.DataFrame([cell(1, 1, True, 2, size=1), cell(1, 1, True, 3, size=2, lasting=True)])
    found = grid(cells, 1).select("part", "segment", "both_hardship").rows()
    assert found == [
        ("all", "", 5),
        ("income_group", "0", 5),
        ("size", "1", 2),
        ("size", "2", 3),
        ("lasting", "false", 2),
        ("lasting", "true", 3),
    ]


CELLS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans(), st.integers(0, 50)), max_size=30)


@given(CELLS)
@settings(deadline=None)
def test_the_grid_is_what_counting_one_by_one_gives(given_cells: list[tuple[int, int, bool, int]]) -> None:
    schema = {"amount_step": pl.Int32, "share_step": pl.Int32, "hardship": pl.Boolean, "households": pl.Int64}
    kind = {"income_group": pl.lit(0), "size": pl.lit(1), "lasting": pl.lit(False)}
    cells = pl.DataFrame(given_cells, schema=schema, orient="row").with_columns(**kind)
    for row in grid(cells, 4).filter(pl.col("part") == "all").iter_rows(named=True):
        a, s = row["amount_step"], row["share_step"]
        for truth, word in ((True, "hardship"), (False, "other")):
            of = [(x, y, n) for x, y, t, n in given_cells if t is truth]
            assert row[f"both_{word}"] == sum(n for x, y, n in of if x >= a and y >= s)
            assert row[f"amount_only_{word}"] == sum(n for x, y, n in of if x >= a and y < s)
            assert row[f"share_only_{word}"] == sum(n for x, y, n in of if x < a and y >= s)
            assert row[f"neither_{word}"] == sum(n for x, y, n in of if x < a and y < s)
