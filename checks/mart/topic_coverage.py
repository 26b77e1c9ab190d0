"""专题四 监测对象: what `mart.topic_coverage` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_household",
            "全部农户与农户数相等，并且恰好分为脱贫户（享受、不享受政策）和一般农户",
            """select counted.everybody
            from (
              select coalesce(sum(value) filter (where segment = '全部农户'), 0) as everybody,
                coalesce(
                  sum(value) filter (where segment in ('脱贫户（享受政策）', '脱贫户（不享受政策）', '一般农户')), 0
                ) as parts
              from mart.topic_coverage where indicator = 'households'
            ) as counted
            cross join (select count(*) as households from mart.eligibility) as judged
            where counted.everybody <> judged.households or counted.parts <> judged.households""",
        ),
        Audit(
            "labels_add_up",
            "各村各类人群按监测情况的户数之和等于该人群户数",
            """select village_code, segment from mart.topic_coverage
            where indicator in (
              'households', 'unlisted', 'unstable', 'marginal', 'sudden', 'other_class', 'eliminated'
            )
            group by village_code, segment
            having sum(case indicator when 'households' then -value else value end) <> 0""",
        ),
        Audit(
            "combinations_add_up",
            "各村在监测范围而未列入监测的户，恰好计入一种组合",
            """select village_code from mart.topic_coverage
            where indicator = 'added_combination' or (indicator = 'in_range_unlisted' and segment = '全部农户')
            group by village_code
            having sum(case indicator when 'added_combination' then value else -value end) <> 0""",
        ),
    ),
)
class TopicCoverage(TopicColumns):
    """One row per village, indicator and segment: who is covered by monitoring and who would be."""
