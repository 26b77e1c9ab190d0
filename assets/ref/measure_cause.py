"""ref.measure_cause: which kinds of help fit which cause, of policy/measure_cause.yaml."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.measure_cause import MeasureCause
from fangpin.month import end
from fangpin.places import OWN_PROVINCE


@table_asset(MeasureCause, inputs=())
def measure_cause(build: Build) -> pl.DataFrame:
    """各类致贫返贫原因的对症措施；没有依据的原因不在表中，不作判断。"""
    rows = [
        {"cause": parameter.extra["cause"], "measure_type": kind, "document": value.source}
        for parameter, value in build.policy.rows("measure_cause", OWN_PROVINCE, end(build.month))
        for kind in value.value or ()
    ]
    return pl.DataFrame(rows)
