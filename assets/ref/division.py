"""ref.division: the villages of the month's divisions."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.division import Division
from fangpin.places import divisions_of_month


@table_asset(Division, inputs=())
def division(build: Build) -> pl.DataFrame:
    """本月适用的行政区划（到行政村）。"""
    return divisions_of_month(build.month)
