"""ref.time_limit: every parameter of policy/time_limit.yaml as a column of one row, so that models can join it."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.time_limit import TimeLimit
from fangpin.month import end
from fangpin.places import OWN_PROVINCE


@table_asset(TimeLimit, inputs=())
def time_limit(build: Build) -> pl.DataFrame:
    """本月适用的程序时限：一行，每个时限一列。"""
    on = end(build.month)
    names = build.policy.group("time_limit")
    return pl.DataFrame([{name: build.policy.value(f"time_limit.{name}", OWN_PROVINCE, on).value for name in names}])
