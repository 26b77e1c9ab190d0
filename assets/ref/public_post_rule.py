"""ref.public_post_rule: the limits of a post's pay, of policy/public_post_rule.yaml; unknown limits are empty."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.ref.public_post_rule import PublicPostRule
from fangpin.month import end
from fangpin.places import OWN_PROVINCE

LIMITS = ("monthly_pay_min_yuan", "monthly_pay_max_yuan")


@table_asset(PublicPostRule, inputs=())
def public_post_rule(build: Build) -> pl.DataFrame:
    """本月适用的公益性岗位月补贴上下限：一行，没有依据的为空。"""
    on = end(build.month)
    entries = {name: build.policy.parameter(f"public_post_rule.{name}").entry(OWN_PROVINCE, on) for name in LIMITS}
    row = {name: None if entry is None else entry.value for name, entry in entries.items()}
    return pl.DataFrame([row], schema=dict.fromkeys(LIMITS, pl.Int32))
