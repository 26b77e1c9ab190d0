"""When the month runs by itself: the day and hour of policy/calendar.yaml, Beijing time."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import MONTH_JOB

RUN_DAY = 5
RUN_HOUR = 6

SCHEDULES = [
    dg.build_schedule_from_partitioned_job(
        MONTH_JOB,
        name="month_on_day_5",
        description="每月5日6时运行上一个月（部门数据4日前报齐，10日前发布）。",
        day_of_month=RUN_DAY,
        hour_of_day=RUN_HOUR,
    )
]
