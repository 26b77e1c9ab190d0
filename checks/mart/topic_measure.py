"""专题八 帮扶措施: what `mart.topic_measure` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_household",
            "名册内未消除的监测对象每户恰好计入一种措施性质和一个分层分类",
            """select counted.layers
            from (
              select coalesce(sum(value) filter (where indicator = 'layer'), 0) as layers,
                coalesce(sum(value) filter (where indicator = 'lasting'), 0) as natures
              from mart.topic_measure
            ) as counted
            cross join (
              select count(*) filter (where status = 'active') as households from core.household_month
            ) as feature
            where counted.layers <> feature.households or counted.natures <> feature.households""",
        ),
    ),
)
class TopicMeasure(TopicColumns):
    """One row per village, indicator and segment: help of monitored households, and credit."""
