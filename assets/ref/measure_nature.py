"""ref.measure_nature: whether a kind of help develops, supports on, improves what stands or is given once."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.measure_nature import MeasureNature
from fangpin.month import end
from fangpin.places import OWN_PROVINCE


@table_asset(MeasureNature, inputs=())
def measure_nature(build: Build) -> pl.DataFrame:
    """各类帮扶措施的性质，最持久的在前。"""
    rows = [
        {
            "measure_type": kind,
            "nature": parameter.extra["nature"],
            "position": position,
            "document": value.source,
        }
        for position, (parameter, value) in enumerate(
            build.policy.rows("measure_nature", OWN_PROVINCE, end(build.month)), start=1
        )
        for kind in value.value or ()
    ]
    return pl.DataFrame(rows)
