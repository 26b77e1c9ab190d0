"""A made-up month for the tests of reports and publication: every ref, core and mart table, consistent over levels.

Places are real (fangpin/data), people are not. Counts are made in made_up_counts.py.
Does not belong here: the sample province of the product (fangpin/sample), which goes through the whole pipeline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from checks.table import TableContract
from fangpin import places, policy
from fangpin.month import end, windows
from tests import made_up_field, made_up_quality, made_up_research, made_up_what_if
from tests.made_up_counts import LEVELS, place_month, village_counts
from tests.made_up_rankings import ranking

POLICY = Path(__file__).resolve().parents[1] / "policy"
CATEGORY = {"unstable": "脱贫不稳定户", "marginal": "边缘易致贫户", "sudden": "突发严重困难户"}
DTYPES = {
    "BOOLEAN": pl.Boolean,
    "SMALLINT": pl.Int16,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "VARCHAR": pl.String,
    "DATE": pl.Date,
}


def divisions(cities: int, counties: int, townships: int, villages: int) -> pl.DataFrame:
    """The first so many places of each level of 河南省, and 赵家坪乡."""
    frame = places.covered(2021)
    own = frame.filter(pl.col("in_province") & pl.col("rural"))
    for level, upper, count in (
        ("city", "province", cities),
        ("county", "city", counties),
        ("township", "county", townships),
        ("village", "township", villages),
    ):
        kept = own.select(f"{upper}_code", f"{level}_code").unique().sort(f"{level}_code")
        kept = kept.group_by(f"{upper}_code", maintain_order=True).head(count)
        own = own.filter(pl.col(f"{level}_code").is_in(kept[f"{level}_code"].implode()))
    return pl.concat([frame.filter(~pl.col("in_province")), own]).sort("village_code")


def build(
    contracts: Mapping[str, TableContract],
    *,
    month: str = "2021-12",
    seed: int = 1,
    cities: int = 2,
    counties: int = 2,
    townships: int = 2,
    villages: int = 2,
) -> dict[str, pl.DataFrame]:
    """Frames by table name, in the contracts' columns; other tables hold a few plausible rows."""
    rng = np.random.default_rng(seed)
    division = divisions(cities, counties, townships, villages)
    made: dict[str, pl.DataFrame] = {"ref.division": division}
    made["ref.place"] = place(division)
    made["ref.month"] = pl.DataFrame([windows(month)])
    made["ref.monitoring_line"] = monitoring_line(division, month)
    made["ref.category"] = pl.DataFrame(
        {
            "category": list(CATEGORY.values()),
            "scheme": ["2021年三类"] * 3,
            "household_type": ["脱贫户", "一般农户", None],
            "above_line": [False, False, True],
            "since": [None, None, dt.date(2021, 5, 16)],
            "document": ["中农组发〔2021〕7号"] * 3,
        }
    )
    made["ref.policy_value"] = policy_value(month)
    village = village_counts(division, rng)
    made["mart.place_month"] = place_month(division, village)
    made["mart.household_anomaly"] = household_anomaly(village, rng)
    made["mart.village_anomaly"] = village_anomaly(division)
    made["mart.alert"] = alert(village, month, rng)
    for level in ("county", "township", "village"):
        made[f"mart.{level}_ranking"] = ranking(made["mart.place_month"], made["ref.place"], division, level)
    ranked = (in_contract(made[n], contracts[n]) for n in ("mart.county_ranking", "mart.village_ranking"))
    made |= made_up_research.tables(*ranked, division, month)
    made["mart.feed_quality"] = made_up_quality.feed_quality(rng)
    made["mart.feed_reason"] = made_up_quality.feed_reason(made["mart.feed_quality"])
    made["mart.feed_dimension"] = made_up_quality.feed_dimension(made["mart.feed_quality"], month, rng)
    made["mart.feed_score"] = made_up_quality.feed_score(made["mart.feed_dimension"])
    made["mart.feed_coverage"] = made_up_quality.feed_coverage(made["mart.feed_quality"], division, month)
    made["mart.household_risk"] = household_risk(village, rng)
    made["mart.risk_contribution"] = risk_contribution(made["mart.household_risk"])
    made["core.monitored_household"] = monitored_household(made["mart.household_risk"])
    made |= made_up_what_if.tables(division)
    made |= made_up_field.tables(division)
    for name, contract in contracts.items():
        made[name] = in_contract(made.get(name, plausible(contract, month, rng)), contract)
    return made


def in_contract(frame: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    """The contract's columns and types; a column nobody set is 0, empty text or NULL."""
    columns = []
    for c in contract.columns:
        dtype = DTYPES[c.sql_type]
        if c.name in frame.columns:
            columns.append(pl.col(c.name).cast(dtype))
        else:
            filler = (
                None if c.nullable else {pl.Boolean: False, pl.String: "", pl.Date: dt.date(2021, 1, 1)}.get(dtype, 0)
            )
            columns.append(pl.lit(filler, dtype=dtype).alias(c.name))
    return frame.select(columns).sort(contract.key)


def plausible(contract: TableContract, month: str, rng: np.random.Generator, rows: int = 20) -> pl.DataFrame:
    """A few rows with the right types, unique by key: for tables that no report reads."""
    data: dict[str, Iterable[object]] = {}
    for c in contract.columns:
        allowed = next((bound for check, bound in c.limits if check == "isin"), None)
        if c.sql_type == "VARCHAR":
            options = allowed or ([month] if c.name.endswith("month") else [f"{c.name}{i:03d}" for i in range(rows)])
            data[c.name] = [options[i % len(options)] for i in range(rows)]
        elif c.sql_type == "BOOLEAN":
            data[c.name] = [bool(b) for b in rng.integers(0, 2, rows)]
        elif c.sql_type == "DATE":
            data[c.name] = [end(month)] * rows
        else:
            data[c.name] = list(range(1, rows + 1))
    return pl.DataFrame(data)


def place(division: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for depth, level in enumerate(LEVELS):
        names = [pl.col(f"{upper}_name") for upper in LEVELS[: depth + 1]]
        parent = pl.col(f"{LEVELS[depth - 1]}_code") if depth else pl.lit(None, dtype=pl.String)
        parts.append(
            division.select(
                level=pl.lit(level),
                place_code=f"{level}_code",
                place_name=names[-1],
                full_name=pl.concat_str(names),
                parent_code=parent,
                in_province="in_province",
            ).unique()
        )
    return pl.concat(parts)


def monitoring_line(division: pl.DataFrame, month: str) -> pl.DataFrame:
    warning = "最近一次确认有效的日期为2020年12月31日，之后未见新文件（豫扶贫组〔2020〕 一）"
    return (
        division.select("county_code", "in_province")
        .unique()
        .select(
            "county_code",
            line_fen=pl.lit(600_000),
            measure=pl.lit("net_income_per_head"),
            document=pl.when("in_province").then(pl.lit("专题调研工作方案")).otherwise(pl.lit("晋乡振发〔2022〕46号")),
            clause=pl.lit("五"),
            effective_from=pl.lit(dt.date(2020, 1, 1)),
            still_valid_on=pl.when("in_province")
            .then(pl.lit(dt.date(2020, 12, 31)))
            .otherwise(pl.lit(dt.date(2022, 6, 30))),
            warning=pl.when("in_province").then(pl.lit(warning)).otherwise(None),
        )
    )


def policy_value(month: str) -> pl.DataFrame:
    """policy/ as it is, with what is in force in the month."""
    on = end(month)
    rows = [
        {
            "parameter": name,
            "title": parameter.title,
            "place": value.place,
            "effective_from": value.effective_from,
            "value": policy.BLANK if value.value is None else str(value.value),
            "unit": parameter.unit,
            "source": value.source,
            "still_valid_on": value.still_valid_on,
            "in_force": parameter.find(value.place, on) == value,
            "for_reference": parameter.for_reference,
        }
        for name, parameter in policy.load(POLICY).parameters.items()
        for value in parameter.values
    ]
    return pl.DataFrame(rows, schema_overrides={"still_valid_on": pl.Date, "for_reference": pl.String})


def household_anomaly(village: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    kinds = (("not_marginal", "边缘易致贫户不边缘"), ("stable", "脱贫不稳定户较稳定"), ("fast_elimination", "消除过快"))
    rows = []
    for number, code in enumerate(village.sort("village_code")["village_code"]):
        for offset, (kind, title) in enumerate(kinds):
            if number % (offset + 2) == 0:
                rows.append(
                    {
                        "household_id": number * 10 + offset + 1,
                        "village_code": code,
                        "in_province": code.startswith("41"),
                        "kind": kind,
                        "title": title,
                        "severity": int(rng.integers(20, 95)),
                        "evidence": "识别时人均纯收入为监测线的1.8倍，合规自付支出占收入3%",
                        "counter_evidence": "有1名在校生",
                        "clause": "中农组发〔2021〕7号 一（一）",
                    }
                )
    return pl.DataFrame(rows)


def village_anomaly(division: pl.DataFrame) -> pl.DataFrame:
    codes = division.filter("in_province")["village_code"].to_list()[::3]
    return pl.DataFrame(
        [
            {
                "village_code": code,
                "in_province": True,
                "kind": "inflated_elimination",
                "title": "消除率偏高",
                "observed": 9.0,
                "expected": 5.5,
                "p_value": 0.004,
                "evidence": "消除9户，按同类对象的进度期望5.5户",
                "counter_evidence": "均有帮扶措施记录",
                "clause": "调研方案 二（三）",
            }
            for code in codes
        ]
    )


def alert(village: pl.DataFrame, month: str, rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for number, code in enumerate(village.sort("village_code")["village_code"]):
        for offset, kind in enumerate(("medical_year", "job_lost")):
            rows.append(
                {
                    "household_id": number * 10 + offset + 1,
                    "village_code": code,
                    "kind": kind,
                    "first_month": month,
                    "is_new": bool(rng.integers(0, 2)),
                    "monitored": bool(rng.integers(0, 2)),
                    "evidence": "近三个月自付医疗支出超过预警值",
                    "clause": "中农组发〔2021〕7号 二",
                }
            )
    return pl.DataFrame(rows)


def household_risk(village: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    rows, number = [], 0
    for code in village.sort("village_code")["village_code"]:
        for _ in range(12):
            number += 1
            score = int(min(100, rng.exponential(14)))
            rows.append(
                {
                    "household_id": number,
                    "village_code": code,
                    "score": score,
                    "score_low": score,
                    "score_high": min(100, score + 5),
                    "hard_trigger": score >= 30 and number % 2 == 0,
                    "hard_reasons": "危房住人" if score >= 30 and number % 2 == 0 else None,
                    "band": "高" if score >= 60 else "中" if score >= 30 else "低" if score else "无",
                }
            )
    return pl.DataFrame(rows)


def risk_contribution(risk: pl.DataFrame) -> pl.DataFrame:
    """Each score in four parts of falling size, the last one capped."""
    rows = []
    for household, score in risk.select("household_id", "score").iter_rows():
        for number in range(4 if score else 0):
            points = score // 4 + (score % 4 if number == 0 else 0) + (3 - number if number < 3 else -6)
            rows.append(
                {
                    "household_id": household,
                    "indicator": f"indicator_{number}",
                    "family": "income",
                    "value": 1.0,
                    "points": points,
                    "points_high": points,
                    "reason": f"理由{number + 1}",
                    "clause": "决定 docs/decisions/0016-scorecard.md",
                }
            )
    return pl.DataFrame(rows)


def monitored_household(risk: pl.DataFrame) -> pl.DataFrame:
    """Every third household is in the register, every sixth with its risk eliminated."""
    causes = ("因病", "因残", "因病", "因自然灾害", "因意外事故", "因学", "因病", "其他")
    rows = [
        {
            "household_id": household,
            "village_code": village,
            "category": "脱贫不稳定户",
            "household_type": "脱贫户",
            "persons": 3,
            "identified_month": "2021-06",
            "risk1": causes[household // 3 % len(causes)],
            "eliminated": household % 6 == 0,
        }
        for household, village in risk.select("household_id", "village_code").iter_rows()
        if household % 3 == 0
    ]
    return pl.DataFrame(rows)
