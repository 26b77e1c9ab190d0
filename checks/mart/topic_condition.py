"""专题三 两类人群状况: what `mart.topic_condition` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_household",
            "每户恰好计入一类的刚性支出，未消除的监测对象每户恰好计入一个首要原因",
            """select counted.households
            from (
              select coalesce(sum(base) filter (where indicator = 'rigid'), 0) as households,
                coalesce(sum(value) filter (where indicator = 'cause'), 0) as active
              from mart.topic_condition
            ) as counted
            cross join (
              select count(*) as households, count(*) filter (where status = 'active') as active
              from core.household_month
            ) as feature
            where counted.households <> feature.households or counted.active <> feature.active""",
        ),
        Audit(
            "kinds_add_up",
            "各村各类的四种收入之和、三种刚性支出之和等于合计",
            """select village_code, indicator, split_part(segment, '·', 1) as group_name
            from mart.topic_condition
            where indicator in ('income_share', 'rigid_share')
            group by village_code, indicator, split_part(segment, '·', 1)
            having sum(value) <> max(base) or min(base) <> max(base)""",
        ),
        Audit(
            "identified_alike",
            "本年新识别户数按类别、按月、按线索来源、按首要原因的合计相等",
            """select village_code from mart.topic_condition
            group by village_code
            having
              coalesce(sum(value) filter (where indicator = 'identified_year'), 0)
                <> coalesce(sum(value) filter (where indicator = 'identified_course'), 0)
              or coalesce(sum(value) filter (where indicator = 'identified_year'), 0)
                <> coalesce(sum(value) filter (where indicator = 'identified_channel'), 0)
              or coalesce(sum(value) filter (where indicator = 'identified_year'), 0)
                <> coalesce(sum(value) filter (where indicator = 'identified_cause'), 0)""",
        ),
    ),
)
class TopicCondition(TopicColumns):
    """One row per village, indicator and segment: how monitored households fare, why, and who is new."""
