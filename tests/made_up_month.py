"""A made-up month for the tests of reports and publication: every ref, core and mart table, consistent over levels.

Places are real (fangpin/data), people are not. Figures are drawn per village from a seed and summed upwards here, so
totals agree by construction; 赵家坪乡 carries the figures of its 2022 report (晋乡振发〔2022〕46号).
Does not belong here: the sample province of the product (fangpin/sample), which goes through the whole pipeline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from checks.raw import FEEDS
from checks.table import TableContract
from fangpin import places
from fangpin.month import end, windows

LEVELS = ("province", "city", "county", "township", "village")
CLASSES = ("unstable", "marginal", "sudden")
CATEGORY = {"unstable": "脱贫不稳定户", "marginal": "边缘易致贫户", "sudden": "突发严重困难户"}
TOWNSHIP = "141123208"
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
    frame = places.divisions(2021)
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
            "document": ["中农组发〔2021〕7号"] * 3,
        }
    )
    made["ref.policy_value"] = policy_value()
    village = village_counts(division, rng)
    made["mart.place_month"] = place_month(division, village)
    made["mart.household_anomaly"] = household_anomaly(village, rng)
    made["mart.village_anomaly"] = village_anomaly(division)
    made["mart.alert"] = alert(village, month, rng)
    for level in ("county", "village"):
        made[f"mart.{level}_ranking"] = ranking(made["mart.place_month"], made["ref.place"], division, level)
    made["mart.research_sample"] = research_sample(made["mart.village_ranking"], division)
    made["mart.feed_quality"] = feed_quality(rng)
    made["mart.household_risk"] = household_risk(village, rng)
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


def policy_value() -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                "monitoring_line",
                "监测收入线",
                "41",
                "6000",
                "yuan_per_person_year",
                "专题调研工作方案 五",
                dt.date(2020, 12, 31),
            ),
            (
                "monitoring_line",
                "监测收入线",
                "511703",
                "5000",
                "yuan_per_person_year",
                "赵委发〔2020〕34号 二（一）",
                None,
            ),
            (
                "threshold.small_sample_households",
                "小样本门槛",
                "",
                "10",
                "household",
                "决定 docs/decisions/0001-x.md",
                None,
            ),
        ],
        schema=["parameter", "title", "place", "value", "unit", "source", "still_valid_on"],
        orient="row",
    ).with_columns(effective_from=pl.lit(dt.date(2020, 1, 1)), in_force=pl.lit(True))


def village_counts(division: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One row per village: households, persons and the register by class and status."""
    rows = []
    for code in division["village_code"]:
        households = int(rng.integers(60, 400))
        row: dict[str, object] = {"village_code": code, "households": households}
        row["persons"] = int(households * rng.uniform(2.8, 3.9))
        row["tuopin_households"] = int(households * rng.uniform(0.03, 0.15))
        row["tuopin_persons"] = int(int(row["tuopin_households"]) * 3.1)
        for name in CLASSES:
            total = int(rng.binomial(households, 0.012))
            active = int(rng.binomial(total, rng.uniform(0.1, 0.5)))
            size = float(rng.uniform(1.8, 3.8))
            row[f"{name}_households"], row[f"{name}_persons"] = total, round(total * size)
            row[f"{name}_active_households"], row[f"{name}_active_persons"] = active, round(active * size)
        rows.append(row)
    frame = pl.DataFrame(rows)
    return pl.concat([frame.filter(~pl.col("village_code").str.starts_with(TOWNSHIP)), township_counts(division)])


def township_counts(division: pl.DataFrame) -> pl.DataFrame:
    """赵家坪乡: 2,535 / 7,160 in 10 villages; out of poverty 891 / 2,493; active 3/11 and 1/3; eliminated 41/117."""
    codes = division.filter(pl.col("township_code") == TOWNSHIP)["village_code"].to_list()

    def spread(total: int) -> list[int]:
        return [total // len(codes) + (i < total % len(codes)) for i in range(len(codes))]

    def first(total: int) -> list[int]:
        return [total] + [0] * (len(codes) - 1)

    return pl.DataFrame(
        {
            "village_code": codes,
            "households": spread(2535),
            "persons": spread(7160),
            "tuopin_households": spread(891),
            "tuopin_persons": spread(2493),
            "unstable_households": [a + b for a, b in zip(first(3), spread(30), strict=True)],
            "unstable_persons": [a + b for a, b in zip(first(11), spread(85), strict=True)],
            "unstable_active_households": first(3),
            "unstable_active_persons": first(11),
            "marginal_households": [a + b for a, b in zip(first(1), spread(11), strict=True)],
            "marginal_persons": [a + b for a, b in zip(first(3), spread(32), strict=True)],
            "marginal_active_households": first(1),
            "marginal_active_persons": first(3),
            "sudden_households": first(0),
            "sudden_persons": first(0),
            "sudden_active_households": first(0),
            "sudden_active_persons": first(0),
        }
    )


def place_month(division: pl.DataFrame, village: pl.DataFrame) -> pl.DataFrame:
    counts = village.columns[1:]
    joined = division.join(village, on="village_code")
    levels = []
    for depth, level in enumerate(LEVELS):
        parent = pl.col(f"{LEVELS[depth - 1]}_code").first() if depth else pl.lit(None, dtype=pl.String)
        levels.append(
            joined.group_by(place_code=f"{level}_code")
            .agg(
                pl.lit(level).alias("level"),
                pl.col(f"{level}_name").first().alias("place_name"),
                parent.alias("parent_code"),
                pl.col("in_province").first(),
                pl.col(counts).sum(),
            )
            .select("level", "place_code", "place_name", "parent_code", "in_province", *counts)
        )
    total = {
        f"{prefix}_{unit}": pl.sum_horizontal([pl.col(f"{c}{infix}_{unit}") for c in CLASSES])
        for unit in ("households", "persons")
        for prefix, infix in (("monitored", ""), ("active", "_active"))
    }
    frame = pl.concat(levels).with_columns(**total)
    for unit in ("households", "persons"):
        frame = frame.with_columns((pl.col(f"monitored_{unit}") - pl.col(f"active_{unit}")).alias(f"eliminated_{unit}"))
        frame = frame.with_columns(
            pl.when(pl.col(f"monitored_{unit}") > 0)
            .then(pl.col(f"eliminated_{unit}") / pl.col(f"monitored_{unit}"))
            .alias(f"elimination_ratio_{unit}")
        )
    monitored, households = pl.col("monitored_households"), pl.col("households")
    return frame.with_columns(
        opening_active_households=pl.col("active_households"),
        identified_households=monitored // 20,
        identified_persons=pl.col("monitored_persons") // 20,
        returned_households=monitored // 90,
        eliminated_this_month_households=monitored // 20 + monitored // 90,
        eliminated_this_month_persons=pl.col("monitored_persons") // 18,
        band_high=households // 60,
        band_middle=households // 15,
        band_low=households // 4,
        band_none=households - households // 60 - households // 15 - households // 4,
        hard_trigger_households=households // 80,
        unlisted_hard_trigger_households=households // 200,
        mean_score=pl.lit(9.25),
        new_alerts=households // 50,
        household_anomalies=households // 70,
        cause_illness=pl.lit(0.41),
        cause_disability=pl.lit(0.19),
        cause_no_labour=pl.lit(0.13),
        cause_job=pl.lit(0.11),
        cause_study=pl.lit(0.06),
        cause_disaster=pl.lit(0.04),
        cause_other=pl.lit(0.06),
    )


def ranking(places_: pl.DataFrame, ref_place: pl.DataFrame, division: pl.DataFrame, level: str) -> pl.DataFrame:
    x, n, z = pl.col("eliminated_households"), pl.col("monitored_households"), 1.959963984540054
    p = x / n
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    own = places_.filter((pl.col("level") == level) & pl.col("in_province")).drop("level", "parent_code", "place_name")
    cities = ["city_code", "county_code"] if level == "village" else ["city_code"]
    upper = division.select(pl.col(f"{level}_code").alias("place_code"), *cities).unique()
    names = ref_place.filter(pl.col("level") == level).select("place_code", "place_name", "full_name")
    frame = own.join(upper, on="place_code").join(names, on="place_code")
    if level == "county":
        frame = frame.with_columns(county_code="place_code")
    known = n > 0
    frame = frame.with_columns(
        per_thousand=1000 * n / pl.col("households"),
        ratio_households=pl.when(known).then(p),
        ratio_persons=pl.col("elimination_ratio_persons"),
        wilson_low=pl.when(known).then(((p + z * z / (2 * n) - half) / (1 + z * z / n)).clip(0, 1)),
        wilson_high=pl.when(known).then(((p + z * z / (2 * n) + half) / (1 + z * z / n)).clip(0, 1)),
        eb_ratio=pl.when(known).then((x + 7) / (n + 10)),
        small_sample=n < 10,
        village_anomalies=pl.lit(1),
    )
    return frame.sort("place_code").with_columns(
        rank_count=n.rank("ordinal", descending=True),
        rank_ratio=pl.col("eb_ratio").rank("ordinal", descending=True),
        reason=pl.format("监测对象{}户，已消除{}户", n, x),
    )


def research_sample(villages: pl.DataFrame, division: pl.DataFrame) -> pl.DataFrame:
    names = division.select("village_code", "village_name", "county_name", "city_name").unique()
    rows = []
    for _, county in villages.sort("place_code").group_by("county_code", maintain_order=True):
        for number, village in enumerate(county.sort("rank_count").head(4).iter_rows(named=True)):
            criterion = "count" if number % 2 == 0 else "ratio"
            rows.append(
                {
                    **{
                        k: village[k]
                        for k in ("city_code", "county_code", "monitored_households", "eliminated_households")
                    },
                    "eb_ratio": village["eb_ratio"],
                    "county_criterion": "count" if int(village["county_code"]) % 2 else "ratio",
                    "village_code": village["place_code"],
                    "role": "primary" if number < 2 else "reserve",
                    "criterion": criterion,
                    "slot": number % 2 + 1,
                    "reason": f"本县按数量排名第{village['rank_count']}位；监测对象{village['monitored_households']}户",
                }
            )
    return pl.DataFrame(rows).join(names, on="village_code")


def feed_quality(rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for name, contract in FEEDS.items():
        accepted = int(rng.integers(200, 9000))
        quarantined = int(accepted * rng.uniform(0, 0.04))
        unmatched = int(accepted * rng.uniform(0, 0.03))
        rows.append(
            {
                "feed": name,
                "title": contract.title,
                "source": contract.source,
                "delivery": contract.delivery,
                "files": 2,
                "rows_in_file": accepted + quarantined + 6,
                "header_rows": 4,
                "blank_rows": 1,
                "total_rows": 1,
                "accepted": accepted,
                "quarantined": quarantined,
                "matched": accepted - unmatched,
                "unmatched": unmatched,
                "match_rate": (accepted - unmatched) / accepted,
                "reasons": f"证件号码校验位不符 {quarantined // 2}；行政村代码不存在 {quarantined - quarantined // 2}",
            }
        )
    return pl.DataFrame(rows)


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
                    "band": "高" if score >= 60 else "中" if score >= 30 else "低" if score else "无",
                }
            )
    return pl.DataFrame(rows)
