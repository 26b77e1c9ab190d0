"""ref.category: the classes of monitored object in force this month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from assets.build import Build, table_asset
from checks.ref.category import Category
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.policy import Policy, Value


@table_asset(Category, inputs=())
def category(build: Build) -> pl.DataFrame:
    """本月适用的监测对象类别方案：每类应是什么户、收入应在监测线哪一侧、因病时应落实什么政策。"""
    return classes(build.policy, end(build.month))


def classes(policy: Policy, on: dt.date) -> pl.DataFrame:
    """The classes in force on a day, with what is asked of each."""
    scheme = policy.value("category", "", on)
    entitled = {
        parameter.extra["category"]: value.value and "、".join(value.value)
        for parameter, value in policy.rows("entitlement", OWN_PROVINCE, on)
    }
    rows = [
        {
            "category": entry["name"],
            "scheme": scheme.extra["scheme"],
            "household_type": entry.get("household_type"),
            "above_line": entry.get("income") == "above",
            "since": _since(entry["name"], policy.parameter("category").values),
            "entitlements": entitled.get(entry["name"]),
            "document": scheme.source,
        }
        for entry in scheme.value
    ]
    nullable = {"household_type": pl.String, "since": pl.Date, "entitlements": pl.String}
    return pl.DataFrame(rows, schema_overrides=nullable)


def _since(name: str, schemes: Sequence[Value]) -> dt.date | None:
    """When the class came in; None for a class of the first scheme, which named what was there before it."""
    first = min(scheme.effective_from for scheme in schemes if name in {entry["name"] for entry in scheme.value or ()})
    return None if first == schemes[0].effective_from else first
