"""ref.threshold: every parameter of policy/threshold.yaml as a column of one row, so that models can join it."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.threshold import Threshold
from fangpin.month import end


@table_asset(Threshold, inputs=())
def threshold(build: Build) -> pl.DataFrame:
    """本月适用的判断阈值：一行，每个参数一列。"""
    on = end(build.month)
    names = build.policy.group("threshold")
    return pl.DataFrame([{name: build.policy.value(f"threshold.{name}", "", on).value for name in names}])
