"""When the month runs by itself: the day of policy/calendar.yaml, early in the morning, Beijing time."""

from __future__ import annotations

import dagster as dg

from assets.build import calendar_value
from pipelines.jobs import MONTH_JOB

RUN_HOUR = 6

SCHEDULES = [
    dg.build_schedule_from_partitioned_job(
        MONTH_JOB,
        name="month_on_day_5",
        description="每月5日6时运行上一个月（部门数据4日前报齐，10日前发布）。",
        day_of_month=calendar_value("run_day"),
        hour_of_day=RUN_HOUR,
    )
]
