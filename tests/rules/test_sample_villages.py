"""Which villages a sample has at every scale: figures of the province as the specification gives them."""

from __future__ import annotations

import polars as pl
import pytest

from fangpin.places import divisions
from fangpin.sample.villages import YEAR, chosen_villages, left_out

SEED = 5


@pytest.fixture(scope="module")
def rural() -> pl.DataFrame:
    return divisions(YEAR).filter(pl.col("in_province") & pl.col("rural"))


@pytest.mark.parametrize(
    ("scale", "households"), [(1 / 400, 50_000), (1 / 40, 500_000), (1 / 10, 2_000_000), (1, 20_000_000)]
)
def test_the_province_has_twenty_million_households_times_the_scale(
    rural: pl.DataFrame, scale: float, households: int
) -> None:
    villages = chosen_villages(SEED, scale)
    assert villages["households"].sum() == pytest.approx(households, rel=0.03)
    assert set(villages["county_code"]) == set(rural["county_code"])
    assert villages["village_code"].is_unique().all()
    assert set(villages["village_code"]) <= set(rural["village_code"])


def test_the_smallest_whole_sample_has_six_villages_of_every_county_that_has_six(rural: pl.DataFrame) -> None:
    there = dict(rural.group_by("county_code").len().iter_rows())
    here = dict(chosen_villages(SEED, 1 / 400).group_by("county_code").len().iter_rows())
    assert here == {county: min(6, villages) for county, villages in there.items()}


def test_at_full_scale_every_village_is_there_at_its_real_size(rural: pl.DataFrame) -> None:
    villages = chosen_villages(SEED, 1)
    assert set(villages["village_code"]) == set(rural["village_code"])
    assert villages["households"].median() == pytest.approx(430, rel=0.1)
    thinned = chosen_villages(SEED, 1 / 400)
    assert thinned["households"].mean() < 60


def test_what_is_left_out_has_no_farm_households(rural: pl.DataFrame) -> None:
    units = left_out()
    assert units.height > 0
    assert set(units["village_code"]).isdisjoint(rural["village_code"])
    assert units["village_name"].str.contains("村民委员会|村委会$").sum() == 0  # 虚拟村村委会虚拟社区 is none
