"""How good a department's deliveries are: the dimensions of GB/T 36344-2018, what each is counted of, score and grade.

Every rule of intake belongs to one dimension. Does not belong here: the weights and limits (policy/feed_quality.yaml),
the counts themselves (assets/mart/feed_dimension.py, assets/mart/feed_coverage.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from fangpin.month import BEIJING, end, shift, start
from fangpin.policy import Policy

WELL_FORMED, COMPLETE, ACCURATE = "规范性", "完整性", "准确性"
CONSISTENT, TIMELY, ACCESSIBLE = "一致性", "时效性", "可访问性"
DIMENSIONS = (WELL_FORMED, COMPLETE, ACCURATE, CONSISTENT, TIMELY, ACCESSIBLE)
"""The six groups of indicators of GB/T 36344-2018, in its order."""

RULES = {
    "id_number_placeholder": ACCURATE,
    "id_number_as_number": WELL_FORMED,
    "id_number_scientific": WELL_FORMED,
    "id_number_masked": WELL_FORMED,
    "id_number_card": WELL_FORMED,
    "id_number_shape": WELL_FORMED,
    "id_number_region": ACCURATE,
    "id_number_birth": ACCURATE,
    "id_number_rounded": ACCURATE,
    "id_number_check": ACCURATE,
    "id_number_age": ACCURATE,
    "cell_error": WELL_FORMED,
    "not_money": WELL_FORMED,
    "not_an_integer": WELL_FORMED,
    "not_a_number": WELL_FORMED,
    "not_a_month": WELL_FORMED,
    "ambiguous_month": WELL_FORMED,
    "not_a_date": WELL_FORMED,
    "not_yes_or_no": WELL_FORMED,
    "household_no_shape": WELL_FORMED,
    "village_code_shape": WELL_FORMED,
    "stored_as_number": WELL_FORMED,
    "place_code_unknown": ACCURATE,
    "place_name_differs": ACCURATE,
    "place_unknown": ACCURATE,
    "place_ambiguous": WELL_FORMED,
    "place_split": WELL_FORMED,
    "place_abolished": WELL_FORMED,
    "place_code_mapped": WELL_FORMED,
    "missing_value": COMPLETE,
    "unknown_code": WELL_FORMED,
    "too_small": ACCURATE,
    "too_large": ACCURATE,
    "wrong_form": WELL_FORMED,
    "amount_far_outside": ACCURATE,
    "unit_slip": ACCURATE,
    "later_than_month": CONSISTENT,
    "merged_amount": ACCURATE,
    "merged_identity": ACCURATE,
    "personal_in_text": WELL_FORMED,
    "wrong_month": CONSISTENT,
    "repeated_column_differs": CONSISTENT,
    "row_width": WELL_FORMED,
    "duplicate_key": CONSISTENT,
    "delivered_before": CONSISTENT,
    "dropped_by_province": ACCURATE,
    "overridden_by_province": ACCURATE,
    "flagged_by_province": ACCURATE,
}
"""Rule of intake (fangpin/intake/validate.py) -> the dimension it counts for."""


def rules_of(dimension: str) -> tuple[str, ...]:
    """The rules that count for a dimension."""
    return tuple(rule for rule, counted in RULES.items() if counted == dimension)


@dataclass(frozen=True)
class Indicator:
    """One share, numerator / denominator, of a dimension. counted, of: both in words."""

    name: str
    dimension: str
    title: str
    counted: str
    of: str


_ROWS, _DUE = "判定的行（接收＋退回）", "应报的批次（数据×地区）"
INDICATORS = (
    Indicator("well_formed", WELL_FORMED, "写法规范", "没有写法错误的行", _ROWS),
    Indicator("filled", COMPLETE, "必填齐全", "必填项没有空缺的行", _ROWS),
    Indicator("delivered", COMPLETE, "应报已报", "已报送的批次", _DUE),
    Indicator("accurate", ACCURATE, "内容准确", "数值、证件、地名没有错误的行", _ROWS),
    Indicator("consistent", CONSISTENT, "前后一致", "不重复、不矛盾、能匹配到人或户的行", _ROWS),
    Indicator("on_time", TIMELY, "按期报送", "按期报送的批次", _DUE),
    Indicator("readable", ACCESSIBLE, "一次可读", "第一次报送就能读取的文件", "收到的文件"),
)
"""What is measured of a department and month; 完整性 has two: within the rows, and of what is due."""


@dataclass(frozen=True)
class Standard:
    """What counts how much, and from where on which grade (policy/feed_quality.yaml)."""

    weight_well_formed: float
    weight_filled: float
    weight_delivered: float
    weight_accurate: float
    weight_consistent: float
    weight_on_time: float
    weight_readable: float
    grade_excellent: float
    grade_good: float
    grade_fair: float
    blind_spot_rows: float

    def weight(self, indicator: str) -> float:
        return float(getattr(self, f"weight_{indicator}"))


def standard(policy: Policy, month: str) -> Standard:
    """What is in force in a month."""
    names = [field.name for field in fields(Standard)]
    return Standard(**{name: policy.value(f"feed_quality.{name}", "", end(month)).value for name in names})


EXCELLENT, GOOD, FAIR, POOR = "优", "良", "中", "差"
GRADES = (EXCELLENT, GOOD, FAIR, POOR)


def grade(share: float | None, by: Standard) -> str | None:
    """The grade of a share; None where it is unknown."""
    if share is None:
        return None
    limits = ((by.grade_excellent, EXCELLENT), (by.grade_good, GOOD), (by.grade_fair, FAIR))
    return next((name for limit, name in limits if share >= limit), POOR)


def score(shares: Mapping[str, float | None], by: Standard) -> float | None:
    """The weighted mean of the known shares of a department's indicators; None when none is known."""
    known = {name: share for name, share in shares.items() if share is not None}
    weights = sum(by.weight(name) for name in known)
    return sum(by.weight(name) * share for name, share in known.items()) / weights if weights else None


def weakest(shares: Mapping[str, float | None], by: Standard) -> str | None:
    """The title of the indicator that costs the most; None when none costs anything."""
    lost = {i.title: by.weight(i.name) * (1 - share) for i in INDICATORS if (share := shares[i.name]) is not None}
    worst = max(lost, key=lambda title: lost[title], default=None)
    return worst if worst is not None and lost[worst] > 0 else None


TREND_MONTHS = 12
"""Months that the tables of quality hold, the newest included."""


def deadline(month: str, day: int) -> dt.datetime:
    """The first moment that is too late: the end, in Beijing, of that day of the month after."""
    midnight = dt.datetime.combine(start(shift(month, 1)), dt.time(), BEIJING)
    return midnight + dt.timedelta(days=day)


DELIVERED, LATE, UNPLACED = "已报送", "迟报", "地区不详"
ZERO, REFUSED, MISSING = "零报送", "全部退回", "未报送"
STATES = (DELIVERED, LATE, UNPLACED, ZERO, REFUSED, MISSING)
"""What a feed did for a place and month."""


def state(*, came: bool, late: bool, accepted: int, refused_whole: bool, placeable: bool) -> str:
    """refused_whole: the place's file came and not one of its rows could be accepted. placeable: of most rows of the
    feed it is known where they belong, so that a place without a row has none.
    """
    if not came:
        return MISSING
    if accepted:
        return LATE if late else DELIVERED
    if refused_whole:
        return REFUSED
    return ZERO if placeable else UNPLACED
