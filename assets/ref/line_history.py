"""ref.line_history: the monitoring lines of every county from the first known to the one in force, by month.

Does not belong here: the line in force this month, without which no month is computed (monitoring_line.py).
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from assets.build import Build, table_asset
from checks.ref.line_history import LineHistory
from fangpin.month import end, shift


@table_asset(LineHistory, inputs=("ref.division", "ref.monitoring_line"))
def line_history(build: Build) -> pl.DataFrame:
    """各县历来的监测收入线：哪些月份按月末适用的是多少，没有依据的月份不列。"""
    parameter = build.policy.parameter("monitoring_line")
    rows = []
    for county in sorted(set(build.read("ref.division")["county_code"])):
        days = {v.effective_from for v in parameter.values if county.startswith(v.place)}
        months = sorted({month for day in days if (month := f"{day:%Y-%m}") <= build.month})
        for first, following in pairwise([*months, shift(build.month, 1)]):
            value = parameter.find(county, end(first))
            if value is not None:
                rows.append(
                    {
                        "county_code": county,
                        "from_month": first,
                        "to_month": shift(following, -1),
                        "line_fen": round(value.value * 100),
                    }
                )
    words = dict.fromkeys(("county_code", "from_month", "to_month"), pl.String)
    return pl.DataFrame(rows, schema=words | {"line_fen": pl.Int64})
