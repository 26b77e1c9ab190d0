"""ref.category: the classes of monitored object in force this month."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.category import Category
from fangpin.month import end


@table_asset(Category, inputs=())
def category(build: Build) -> pl.DataFrame:
    """本月适用的监测对象类别方案。"""
    scheme = build.policy.value("category", "", end(build.month))
    rows = [
        {
            "category": entry["name"],
            "scheme": scheme.extra["scheme"],
            "household_type": entry.get("household_type"),
            "document": scheme.source,
        }
        for entry in scheme.value
    ]
    return pl.DataFrame(rows, schema_overrides={"household_type": pl.String})
