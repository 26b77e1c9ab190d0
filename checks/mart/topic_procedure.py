"""专题六 监测程序: what `mart.topic_procedure` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_household",
            "授权与未授权的农户合计等于全部农户",
            """select counted.households
            from (
              select coalesce(sum(base) filter (where indicator = 'consented'), 0) as households,
                coalesce(sum(base - value) filter (where indicator = 'consented'), 0) as withheld,
                coalesce(sum(value) filter (where indicator = 'refused'), 0) as refused
              from mart.topic_procedure
            ) as counted
            cross join (select count(*) as households from core.household_month) as feature
            where counted.households <> feature.households or counted.withheld <> counted.refused""",
        ),
        Audit(
            "parts_within_whole",
            "每个比例的分子不大于分母",
            """select village_code, indicator, segment from mart.topic_procedure
            where value > base and indicator not in ('stage_days', 'publicity_days')""",
        ),
    ),
)
class TopicProcedure(TopicColumns):
    """One row per village, indicator and segment: steps, publicity, consent and assets."""
