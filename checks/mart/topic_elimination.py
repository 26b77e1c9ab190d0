"""专题七 风险消除: what `mart.topic_elimination` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_household",
            "名册内的监测对象每户恰好计入一次消除率和一个监测时长",
            """select counted.households
            from (
              select coalesce(sum(base) filter (where indicator = 'ratio_households'), 0) as households,
                coalesce(sum(value) filter (where starts_with(indicator, 'spell_')), 0) as spells
              from mart.topic_elimination
            ) as counted
            cross join (
              select count(*) as households from core.monitored_household where village_code is not null
            ) as register
            where counted.households <> register.households or counted.spells <> register.households""",
        ),
        Audit(
            "endings_add_up",
            "各村按消除依据的分组之和等于分母",
            """select village_code, indicator from mart.topic_elimination
            where indicator = 'ending'
            group by village_code, indicator having sum(value) <> max(base) or min(base) <> max(base)""",
        ),
    ),
)
class TopicElimination(TopicColumns):
    """One row per village, indicator and segment: how monitored households were eliminated."""
