"""专题一 稳岗就业: what `mart.topic_employment` must be."""

from __future__ import annotations

from checks.table import Audit, table
from checks.topic import TopicColumns


@table(
    "mart",
    key=("village_code", "indicator", "segment"),
    audits=(
        Audit(
            "every_worker",
            "在务工人数按地点、渠道、月收入的合计都等于务工人员表",
            """with working as (
              select count(*) as persons from core.worker where working
            ), part as (
              select name, coalesce(sum(topic.value), 0) as persons
              from (values ('working'), ('channel'), ('wage_band')) as part (name)
              left join mart.topic_employment as topic on part.name = topic.indicator
              group by name
            )
            select name from part cross join working where part.persons <> working.persons""",
        ),
        Audit(
            "kinds_within_whole",
            "脱贫户、监测对象的人数不超过全部农户",
            """select village_code from mart.topic_employment
            group by village_code
            having coalesce(sum(value) filter (where indicator = 'working'), 0) < greatest(
              coalesce(sum(value) filter (where indicator = 'working_tuopin'), 0),
              coalesce(sum(value) filter (where indicator = 'working_monitored'), 0))""",
        ),
    ),
)
class TopicEmployment(TopicColumns):
    """One row per village, indicator and segment: who works where and for what, and training."""
