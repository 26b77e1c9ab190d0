"""ref.topic_band: the bands of the research topics, of policy/topic_band.yaml."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.topic_band import TopicBand
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.topics.bands import bands


@table_asset(TopicBand, inputs=())
def topic_band(build: Build) -> pl.DataFrame:
    """专题各项分段的上下限和叫法。"""
    rows = [
        {
            "band": parameter.name.rpartition(".")[2],
            "position": position,
            "low": band.low,
            "high": band.high,
            "segment": band.segment,
        }
        for parameter, value in build.policy.rows("topic_band", OWN_PROVINCE, end(build.month))
        for position, band in enumerate(bands(value.value, parameter.unit), start=1)
    ]
    return pl.DataFrame(rows, schema_overrides={"low": pl.Int64, "high": pl.Int64})
