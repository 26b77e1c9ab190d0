"""ref.asset_step: from what amount an asset counts against identification: tried in steps, and as the list says.

Does not belong here: the amounts (policy/asset_list.yaml), the steps (policy/topic_band.yaml).
"""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.asset_step import AssetStep
from fangpin.asset_list import ITEMS, steps
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.topics.bands import bands


@table_asset(AssetStep, inputs=("ref.division",))
def asset_step(build: Build) -> pl.DataFrame:
    """家庭资产各项从多少起不予识别：逐档试算的金额，以及各县清单的数值。"""
    on = end(build.month)
    parameter = build.policy.parameter("topic_band.asset_amount")
    edges = build.policy.value(parameter.name, OWN_PROVINCE, on).value
    tried = [band for band in bands(edges, parameter.unit) if band.low is not None]
    rows = []
    for county in sorted(set(build.read("ref.division")["county_code"])):
        for item in ITEMS:
            known = build.policy.parameter(f"asset_list.{item.parameter}").find(county, on)
            listed = None if known is None else known.value
            rows += [
                {"county_code": county, "item": item.name, "step": number, **vars(step)}
                for number, step in enumerate(steps(item, listed, tried))
            ]
    return pl.DataFrame(rows, schema_overrides={"smallest": pl.Int64})
