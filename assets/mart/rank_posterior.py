"""mart.rank_posterior: how sure every rank by ratio and by O/E is (fangpin/ranks), from mart.place_rate."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.mart.rank_posterior import RankPosterior
from fangpin.ranks.certainty import Terms, certainty

TOPS = {"county": "top_counties", "township": "top_townships", "village": "top_villages"}
"""Level -> the column of ref.ranking that says how many places are at the top."""
WITH_SETS = ("county", "township")
"""Levels with few enough places to compare each with all others."""


@table_asset(RankPosterior, inputs=("mart.place_rate", "ref.ranking", "ref.threshold"))
def rank_posterior(build: Build) -> pl.DataFrame:
    """排名的把握：收缩估计区间、排名靠前概率、期望名次、名次置信集合、漏斗图和离群检验。"""
    ranking, threshold = (build.read(name).row(0, named=True) for name in ("ref.ranking", "ref.threshold"))
    rates = build.read("mart.place_rate")
    parts = []
    for level, top in TOPS.items():
        households, persons = (
            rates.filter((pl.col("level") == level) & (pl.col("measure") == m)) for m in ("households", "persons")
        )
        terms = Terms(
            seed=ranking["stream_seed"],
            draws=ranking["draws"],
            top=ranking[top],
            posterior_level=ranking["posterior_level"],
            interval_z=threshold["interval_z"],
            prior_shape=threshold["prior_shape"],
            winsorised_share=ranking["winsorised_share"],
            small_sample_households=threshold["small_sample_households"],
            rank_sets=level in WITH_SETS,
        )
        parts.append(certainty(households, persons, terms).with_columns(level=pl.lit(level)))
    return pl.concat(parts).sort("level", "place_code", "criterion")
