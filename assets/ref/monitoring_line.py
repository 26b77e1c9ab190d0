"""ref.monitoring_line: the monitoring line in force in every county of the month's divisions."""

from __future__ import annotations

import datetime as dt

import polars as pl

from assets.build import Build, table_asset
from checks.ref.monitoring_line import MonitoringLine
from fangpin.errors import NoMonitoringLine
from fangpin.month import end
from fangpin.policy import Policy

NAMED = 10
"""How many places without a line are named in the message."""


@table_asset(MonitoringLine, inputs=("ref.division",))
def monitoring_line(build: Build) -> pl.DataFrame:
    """各县本月适用的监测收入线及依据；没有依据的县使本月停止。"""
    on = end(build.month)
    division = build.read("ref.division")
    counties = dict(sorted(division.select("county_code", "county_name").unique().iter_rows()))
    require_lines(build.policy, counties, on)
    parameter = build.policy.parameter("monitoring_line")
    rows = []
    for county in counties:
        value = build.policy.value("monitoring_line", county, on)
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


def require_lines(policy: Policy, counties: dict[str, str], on: dt.date) -> None:
    """Every county (code -> name) has a line in force on the day, or NoMonitoringLine names those that have none."""
    lines = policy.parameter("monitoring_line")
    missing = [f"{name}（{code}）" for code, name in counties.items() if lines.find(code, on) is None]
    if missing:
        more = f"等 {len(missing)} 个县" if len(missing) > NAMED else ""
        raise NoMonitoringLine(
            f"{'、'.join(missing[:NAMED])}{more}在 {on} 没有监测收入线，本月不能计算，也没有可以替代的默认值。"
            "请在 policy/monitoring_line.yaml 中补上数值、起始日期和依据文件后重新运行。"
        )
