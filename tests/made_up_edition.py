"""An edition made of the made-up month, without any home folder: for the tests that render reports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from assets.publish.edition import SUMMARIES
from checks.catalogue import contracts
from checks.raw import FEEDS
from fangpin.reports.edition import DeliveredFile, Edition, LineageColumn, LineageTable, Notice
from tests import made_up_month, made_up_research

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
    ranked = pl.concat(
        before[f"mart.{level}_ranking"].select(pl.lit(level).alias("level"), "place_code", "criterion", "rank")
        for level in ("county", "township", "village")
    )
    frames |= summaries(frames) | {"previous": before["mart.place_month"], "last_year": ranked}
    frames |= made_up_research.told(frames["mart.research_sample"], frames["mart.research_household"])
    own = frames["ref.division"].filter("in_province")["county_code"].unique().sort()
    return Edition(
        month="2021-12",
        version="v001",
        previous="2021-11/v001",
        policy_version="0123456789ab",
        code_version="ba9876543210",
        seed="tjdc-2021",
        warnings=(Notice(WARNING, tuple(own)),),
        files=tuple(DeliveredFile(feed, hashlib.sha256(feed.encode()).hexdigest()) for feed in FEEDS),
        frames=frames,
        last_year="2020-12/v001",
        lineage=LINEAGE,
    )


def summaries(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What publication counts over the tables."""
    with duckdb.connect() as con:
        for name, frame in frames.items():
            con.execute(f"create schema if not exists {name.split('.')[0]}")
            con.register("given", frame)
            con.execute(f"create table {name} as select * from given")
        return {name: con.sql(sql).pl() for name, sql in SUMMARIES.items()}
