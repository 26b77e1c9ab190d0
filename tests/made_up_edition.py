"""An edition made of the made-up month, without any warehouse: for the tests that render reports."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from checks.catalogue import contracts
from checks.raw import FEEDS
from fangpin.reports.edition import DeliveredFile, Edition, LineageColumn, LineageTable
from tests import made_up_month

WARNING = "河南省监测收入线每人每年6,000元：最近一次确认有效的日期为2020年12月31日，之后未见新文件。"

LINEAGE = (
    LineageTable("raw.medical", "医保结算明细", (), (LineageColumn("self_paid_fen", "合规自付", ()),)),
    LineageTable("ref.month", "月份", (), (LineageColumn("month", "本月", ()),)),
    LineageTable(
        "core.rigid_expenditure",
        "刚性支出",
        ("raw.medical", "ref.month"),
        (LineageColumn("medical_fen", "自付医疗", (("raw.medical", "self_paid_fen"), ("ref.month", "month"))),),
    ),
    LineageTable(
        "mart.alert",
        "预警",
        ("core.rigid_expenditure", "prev.mart.alert"),
        (
            LineageColumn("evidence", "依据", (("core.rigid_expenditure", "medical_fen"),)),
            LineageColumn("first_month", "首次出现月份", (("prev.mart.alert", "first_month"), ("ref.month", "month"))),
        ),
    ),
)


def edition(**sizes: Any) -> Edition:
    """December 2021 with November before it; `sizes` as in made_up_month.build."""
    frames = made_up_month.build(contracts(), month="2021-12", seed=1, **sizes)
    before = made_up_month.build(contracts(), month="2021-11", seed=2, **sizes)
    county = frames["ref.division"].select("village_code", "county_code")
    risk = frames["mart.household_risk"].join(county, on="village_code")
    alerts = frames["mart.alert"].join(county, on="village_code")
    leads = frames["mart.household_anomaly"]
    frames |= {
        "previous": before["mart.place_month"],
        "scores": risk.group_by("county_code", score_from=(pl.col("score") // 10 * 10).clip(0, 90)).agg(
            households=pl.len().cast(pl.Int64)
        ),
        "alerts": alerts.group_by("county_code", "kind").agg(
            alerts=pl.len().cast(pl.Int64),
            new_alerts=pl.col("is_new").sum().cast(pl.Int64),
            unmonitored=(~pl.col("monitored")).sum().cast(pl.Int64),
        ),
        "lead_counts": leads.join(county, on="village_code")
        .group_by("county_code", "kind", "title")
        .agg(households=pl.len().cast(pl.Int64)),
        "leads": leads,
    }
    return Edition(
        month="2021-12",
        version="v001",
        previous="2021-11/v001",
        policy_version="0123456789ab",
        code_version="ba9876543210",
        seed="tjdc-2021",
        warnings=(WARNING,),
        files=tuple(DeliveredFile(feed, hashlib.sha256(feed.encode()).hexdigest()) for feed in FEEDS),
        frames=frames,
        lineage=LINEAGE,
    )
