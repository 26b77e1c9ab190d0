"""专题二 公益性岗位: what `mart.topic_public_post` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_post",
            "岗位数、在岗人数与公益性岗位表相等",
            """select counted.posts
            from (
              select coalesce(sum(value) filter (where indicator = 'posts'), 0) as posts,
                coalesce(sum(value) filter (where indicator = 'holders'), 0) as holders
              from mart.topic_public_post
            ) as counted
            cross join (
              select count(*) as posts, count(distinct person_id) as holders from core.public_post
            ) as ledger
            where counted.posts <> ledger.posts or counted.holders <> ledger.holders""",
        ),
        Audit(
            "segments_add_up",
            "各村按类型、类别、补贴的岗位数之和等于岗位数，按年龄、劳动技能、户类型、监测情况的人数之和等于在岗人数",
            """with total as (
              select village_code,
                max(value) filter (where indicator = 'posts') as posts,
                max(value) filter (where indicator = 'holders') as holders
              from mart.topic_public_post group by village_code
            ), part as (
              select village_code, indicator, sum(value) as n from mart.topic_public_post
              where indicator in ('post_type', 'funder', 'pay_band', 'holder_age', 'holder_labour',
                'holder_household', 'holder_class')
              group by village_code, indicator
            )
            select village_code, indicator from part inner join total using (village_code)
            where n is distinct from case when indicator in ('post_type', 'funder', 'pay_band') then posts
              else holders end""",
        ),
        Audit(
            "change_of_month",
            "上月在岗人数减本月离岗人数等于上月已在岗人数",
            """select counted.stayed
            from (
              select coalesce(sum(value) filter (where indicator = 'stayed_month'), 0) as stayed,
                coalesce(sum(value) filter (where indicator = 'left_month'), 0) as gone
              from mart.topic_public_post
            ) as counted
            cross join (
              select count(distinct person_id) as holders from prev.core.public_post
            ) as before
            where before.holders - counted.gone <> counted.stayed""",
        ),
    ),
)
class TopicPublicPost(TopicColumns):
    """One row per village, indicator and segment: public posts and their holders."""
