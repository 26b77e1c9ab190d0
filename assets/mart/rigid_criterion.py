"""mart.rigid_criterion: every pair of thresholds of amount and share, from the counts of mart.criterion_cell."""

from __future__ import annotations

import polars as pl

from assets.build import Build, table_asset
from checks.mart.rigid_criterion import RigidCriterion
from fangpin.criterion import SUBJECTS, grid


@table_asset(RigidCriterion, inputs=("mart.criterion_cell", "ref.threshold"))
def rigid_criterion(build: Build) -> pl.DataFrame:
    """按金额与按幅度的每一对门槛：各标出多少户，其中扣除刚性支出后低于监测线的多少户。"""
    threshold = build.read("ref.threshold").row(0, named=True)
    cells = build.read("mart.criterion_cell")
    found = [
        grid(cells.filter(pl.col("subject") == subject), threshold["criterion_steps"]).with_columns(
            subject=pl.lit(subject)
        )
        for subject in SUBJECTS
    ]
    return pl.concat(found).with_columns(
        amount_yuan=pl.col("amount_step") * threshold["criterion_amount_step_yuan"],
        share=(pl.col("share_step") * threshold["criterion_share_step"]).round(6),
    )
