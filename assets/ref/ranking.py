"""ref.ranking: every parameter of policy/ranking.yaml as a column of one row, so that models can join it."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.ranking import Ranking
from fangpin.month import end


@table_asset(Ranking, inputs=())
def ranking(build: Build) -> pl.DataFrame:
    """本月适用的排名参数：一行，每个参数一列；多个类别以顿号分隔。"""
    on = end(build.month)
    values = {name: build.policy.value(f"ranking.{name}", "", on).value for name in build.policy.group("ranking")}
    return pl.DataFrame([values | {"ranked_classes": "、".join(values["ranked_classes"])}])
