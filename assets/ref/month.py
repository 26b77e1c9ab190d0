"""ref.month: the month of the run and its windows."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.month import Month
from fangpin.month import windows


@table_asset(Month, inputs=())
def month(build: Build) -> pl.DataFrame:
    """本月及各核算窗口：一行。"""
    return pl.DataFrame([windows(build.month)])
