"""ref.monitoring_line: the monitoring line in force in every county of the month's divisions."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.monitoring_line import MonitoringLine
from fangpin.month import end


@table_asset(MonitoringLine, inputs=("ref.division",))
def monitoring_line(build: Build) -> pl.DataFrame:
    """各县本月适用的监测收入线及依据；没有依据的县使本月停止。"""
    on = end(build.month)
    rows = []
    for county in sorted(set(build.read("ref.division")["county_code"])):
        value = build.policy.value("monitoring_line", county, on)
        parameter = build.policy.parameter("monitoring_line")
        rows.append(
            {
                "county_code": county,
                "line_fen": round(value.value * 100),
                "measure": value.extra.get("measure", parameter.extra.get("measure")),
                "document": value.source,
                "clause": value.extra.get("note", ""),
                "effective_from": value.effective_from,
                "still_valid_on": value.still_valid_on,
                "warning": value.warning(on),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"still_valid_on": pl.Date, "warning": pl.String})
