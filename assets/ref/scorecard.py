"""ref.scorecard: the bands of the score card in force this month."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.scorecard import Scorecard
from fangpin.month import end
from fangpin.scorecard import parse, rows


@table_asset(Scorecard, inputs=())
def scorecard(build: Build) -> pl.DataFrame:
    """本月适用的风险评分卡：每个指标每一档一行。"""
    card = parse(build.policy.value("scorecard", "", end(build.month)).value)
    return pl.DataFrame(rows(card), schema_overrides={"lower": pl.Float64, "upper": pl.Float64})
