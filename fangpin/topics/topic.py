"""What a research topic is: the questions of the plan and the figures that answer them, with words and sources.

A figure is two whole numbers for a village, an indicator and a segment: `value`, and `base` where it is a share or a
mean. Both add up over villages, so every level is a sum. Does not belong here: any figure (sql/mart/topic_*.sql), the
indicators of a topic (its own module beside this one).
"""

from __future__ import annotations

from dataclasses import dataclass

COUNT, SHARE, MEAN = "count", "share", "mean"
"""What is shown: the value itself; value / base; value / base in the indicator's unit."""

UNITS = {
    "households": "户",
    "persons": "人",
    "villages": "个村",
    "person_times": "人次",
    "posts": "个岗位",
    "records": "条",
    "items": "项",
    "fen": "元",
    "days": "天",
    "months": "个月",
}
"""Unit of a value; money is in fen and shown in yuan."""


@dataclass(frozen=True)
class Indicator:
    """name: as in the table. title: of the figure; base_title: of what it is divided by. source: document and clause.

    segmented: what the segments are (年龄段, 岗位类型), empty when the indicator has none.
    """

    name: str
    title: str
    unit: str
    source: str
    shown: str = COUNT
    base_title: str = ""
    segmented: str = ""
    note: str = ""


@dataclass(frozen=True)
class Topic:
    """number: 一 to 八, as in section 四 of the plan. name: of its table mart.topic_<name>, title, questions asked."""

    number: str
    name: str
    title: str
    questions: tuple[str, ...]
    indicators: tuple[Indicator, ...]
