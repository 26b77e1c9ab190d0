"""Months as text 'YYYY-MM' and the windows a month's judgements look back on.

Does not belong here: dates of delivery and publication (policy/calendar.yaml).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

BEIJING = dt.timezone(dt.timedelta(hours=8))
"""The time by which days and months begin; China has no other."""


def parse(month: str) -> tuple[int, int]:
    """'2021-10' -> (2021, 10); ValueError for anything else."""
    if not _MONTH.fullmatch(month):
        raise ValueError(f"月份应写作 YYYY-MM，如 2021-10；收到：{month!r}")
    return int(month[:4]), int(month[5:])


def shift(month: str, months: int) -> str:
    """The month `months` later (earlier when negative)."""
    year, number = parse(month)
    index = year * 12 + number - 1 + months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def between(first: str, last: str) -> int:
    """Whole months from `first` to `last`: between('2021-10', '2021-12') == 2."""
    y0, m0 = parse(first)
    y1, m1 = parse(last)
    return (y1 - y0) * 12 + m1 - m0


def span(first: str, last: str) -> list[str]:
    """Every month from first to last, both included; empty when first is after last."""
    return [shift(first, i) for i in range(between(first, last) + 1)]


def start(month: str) -> dt.date:
    """First day of the month."""
    year, number = parse(month)
    return dt.date(year, number, 1)


def end(month: str) -> dt.date:
    """Last day of the month."""
    year, number = parse(month)
    return dt.date(year, number, calendar.monthrange(year, number)[1])


def windows(month: str) -> dict[str, str | dt.date]:
    """The row of ref.month: the month, its days and its look-back windows.

    statement: the 12 months ending the month before (income of an identification this month).
    prior: the 12 months before the statement. quarter: the statement's last three months; year_earlier: the same
    three months of the prior window, so that both end with their window.
    status: the 12 months ending this month (events, for the state at month's end).
    """
    return {
        "month": month,
        "month_start": start(month),
        "month_end": end(month),
        "statement_first": shift(month, -12),
        "statement_last": shift(month, -1),
        "prior_first": shift(month, -24),
        "prior_last": shift(month, -13),
        "quarter_first": shift(month, -3),
        "year_earlier_first": shift(month, -15),
        "status_first": shift(month, -11),
        "previous_month": shift(month, -1),
        "recent_first": shift(month, -2),
        "half_year_first": shift(month, -5),
    }
