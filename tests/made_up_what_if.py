"""The what-if and topic tables of the made-up month: every county has the same, so that sums can be done by hand.

Does not belong here: the tables of places and people (made_up_month.py).
"""

from __future__ import annotations

import polars as pl

HOUSEHOLDS = ((-50, 1, "none"), (5950, 2, "active"), (5950, 2, "eliminated"), (6150, 3, "none"), (6350, 4, "none"))
"""(income per head in yuan, persons, state in the register) of the poorer households of every county."""
OTHERS = tuple((8050, 3, "none") for _ in range(6))
LINES = {
    "in_force": ("现行监测线", 6000, 6000.0, "“去年我省按6000元执行”", None),
    "cpi": ("按农村物价", 6200, 6198.0, "监测收入线 6000 × 农村居民消费价格指数 1.033", None),
    "income": ("按农村收入增幅", 6400, 6372.0, "监测收入线 6000 × 农村居民人均可支配收入增幅 1.062", None),
    "smallest": ("两项中最小", 6200, 6198.0, "监测收入线 6000 × 两项中最小的", "取小可能偏低"),
    "dibao_ratio": (
        "保持与低保标准的比例",
        None,
        None,
        "缺少所需数据，不能计算",
        "没有“农村低保标准”（dibao_standard）",
    ),
}
"""scenario -> title, line, exact, formula, warning."""
TOP = 20_000


def tables(division: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Frames by table name."""
    counties = sorted(division["county_code"].unique())
    return {
        "ref.line_candidate": pl.DataFrame(
            [
                {
                    "scenario": scenario,
                    "number": number,
                    "title": title,
                    "county_code": county,
                    "line_fen": None if line is None else line * 100,
                    "exact_yuan": exact,
                    "formula": formula,
                    "warning": warning,
                    "document": "" if line is None else "专题调研工作方案 四（五）",
                }
                for number, (scenario, (title, line, exact, formula, warning)) in enumerate(LINES.items())
                for county in counties
            ],
            infer_schema_length=None,
        ),
        "mart.income_band": pl.concat(income_band(county) for county in counties),
        "mart.line_group": pl.concat(line_group(county) for county in counties),
        "mart.line_scenario": line_scenario(division),
        "mart.rigid_criterion": rigid_criterion(),
        "mart.rigid_map": rigid_map(),
        "mart.topic_figure": topic_figure(division),
        "ref.asset_step": asset_step(counties),
        "mart.asset_exclusion": asset_exclusion(counties),
    }


def income_band(county: str) -> pl.DataFrame:
    rows = [
        {
            "county_code": county,
            "from_yuan": max(income // 100 * 100, -100),
            "households": 1,
            "persons": persons,
            "income_fen": income * 100 * persons,
            "active_households": int(state == "active"),
            "eliminated_households": int(state == "eliminated"),
        }
        for income, persons, state in (*HOUSEHOLDS, *OTHERS, (TOP, 1, "none"))
    ]
    return pl.DataFrame(rows).group_by("county_code", "from_yuan").sum()


def line_group(county: str) -> pl.DataFrame:
    return (
        pl.DataFrame(
            [
                {
                    "scenario": scenario,
                    "county_code": county,
                    "category": "未列入" if state == "none" else "脱贫不稳定户",
                    "status": state,
                    "household_type": "一般农户" if state == "none" else "脱贫户",
                    "dibao": income < 0,
                    "households_below": 1,
                    "persons_below": persons,
                    "gap_yuan": persons * (line - income),
                }
                for scenario, (_, line, *_) in LINES.items()
                for income, persons, state in HOUSEHOLDS
                if line is not None and income < line
            ]
        )
        .group_by("scenario", "county_code", "category", "status", "household_type", "dibao")
        .sum()
    )


def line_scenario(division: pl.DataFrame) -> pl.DataFrame:
    """The county's households as many times as there are counties in the province, city and county."""
    places = pl.concat(
        [
            division.select(level=pl.lit(level), place_code=f"{level}_code", county_code="county_code").unique()
            for level in ("province", "city", "county")
        ]
    )
    everyone = (*HOUSEHOLDS, *OTHERS, (TOP, 1, "none"))
    persons = sum(n for _, n, _ in everyone)
    rows = []
    for (level, code), counties in places.group_by("level", "place_code"):
        for number, (scenario, (title, line, *_)) in enumerate(LINES.items()):
            if line is None:
                continue
            below = [(income, n) for income, n, _ in everyone if income < line]
            gaps = [(n, (line - income) / line) for income, n in below]
            rows.append(
                {
                    "scenario": scenario,
                    "number": number,
                    "title": title,
                    "line": float(line),
                    "level": level,
                    "place_code": code,
                    "households": counties.height * len(everyone),
                    "persons": counties.height * persons,
                    "households_unknown": counties.height * 2,
                    "households_below": counties.height * len(below),
                    "persons_below": counties.height * sum(n for _, n in below),
                    "gap_yuan": counties.height * sum(n * (line - income) for income, n in below),
                    "headcount": sum(n for _, n in below) / persons,
                    "gap_index": sum(n * gap for n, gap in gaps) / persons,
                    "severity": sum(n * gap**2 for n, gap in gaps) / persons,
                }
            )
    return pl.DataFrame(rows)


PAIRS = {
    (1, 1): ((6, 4), (2, 8), (1, 3), (1, 75)),
    (1, 2): ((5, 0), (3, 12), (0, 0), (2, 78)),
    (2, 1): ((3, 1), (0, 1), (4, 6), (3, 82)),
    (2, 2): ((3, 0), (0, 2), (2, 0), (5, 88)),
}
"""(step of amount, step of share) -> (in hardship, others) flagged by both, amount only, share only, neither."""
AMOUNT_YUAN, SHARE = {1: 2_000, 2: 20_000}, {1: 0.2, 2: 0.4}
HEXAGONS = ((13, 0, 5, 5), (30, 4, 120, 10), (100, 2, 7, 0))
"""across, up, households, of them in hardship."""


def rigid_criterion() -> pl.DataFrame:
    """100 households, 10 of them in hardship; these are the poorest and keep falling, all live alone."""
    rows = []
    for subject in ("rigid", "income_drop"):
        parts = {("all", ""): (1, 1), ("income_group", "0"): (1, 0), ("income_group", "1"): (0, 1)}
        parts |= {("income_group", "2"): (0, 0), ("size", "1"): (1, 1), ("size", "6"): (0, 0)}
        parts |= {("lasting", "false"): (0, 1), ("lasting", "true"): (1, 0)} if subject == "income_drop" else {}
        for (part, segment), kept in parts.items():
            for (amount, share), cells in PAIRS.items():
                row = {"subject": subject, "part": part, "segment": segment}
                row |= {"amount_step": amount, "share_step": share}
                row |= {"amount_yuan": AMOUNT_YUAN[amount], "share": SHARE[share]}
                for flag, cell in zip(("both", "amount_only", "share_only", "neither"), cells, strict=True):
                    row |= {f"{flag}_hardship": cell[0] * kept[0], f"{flag}_other": cell[1] * kept[1]}
                rows.append(row)
    return pl.DataFrame(rows)


def rigid_map() -> pl.DataFrame:
    return pl.DataFrame(HEXAGONS, schema=["across", "up", "households", "hardship_households"], orient="row")


STEPS = (
    ("car", 0, None, False, "不论多少"),
    ("car", 1, 5_000_000, False, "50,000元及以上"),
    ("payroll", 0, None, False, "不论多少"),
)
STEPS += (("payroll", 1, 2, True, "清单：2及以上"),)
EXCLUDED = ((3, 2, 1, 1, 0, 0, 2, 0), (1, 0, 1, 0, 0, 0, 1, 1), (2, 1, 0, 0, 1, 0, 1, 0), (1, 1, 0, 0, 0, 0, 0, 0))
"""Of 9 candidates, 3 refusing, by step: households, monitored, evidence by kind and any, of unknown amount."""


def asset_step(counties: list[str]) -> pl.DataFrame:
    schema = ["county_code", "item", "step", "smallest", "listed", "segment"]
    return pl.DataFrame([(county, *step) for county in counties for step in STEPS], schema=schema, orient="row")


def asset_exclusion(counties: list[str]) -> pl.DataFrame:
    schema = ["county_code", "item", "step", "candidates", "refused", "households", "monitored"]
    schema += ["below_line", "with_gap", "struck", "safety_net", "with_evidence", "unknown_amount"]
    rows = [
        (county, item, step, 9, 3, *counts)
        for county in counties
        for (item, step, *_), counts in zip(STEPS, EXCLUDED, strict=True)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


FIGURES = (
    ("public_post", "posts", "", 3, None),
    ("public_post", "post_type", "保洁员", 2, None),
    ("public_post", "post_type", "护林员", 1, None),
    ("public_post", "pay", "保洁员", 60_000, 2),
    ("public_post", "pay", "护林员", 50_050, 1),
    ("public_post", "pay_band", "不足300元", 1, None),
    ("public_post", "pay_band", "1000元及以上", 1, None),
    ("public_post", "pay_band", "300至不足500元", 1, None),
    ("public_post", "holder_disabled", "", 1, 4),
    ("coverage", "households", "全部农户", 20, None),
    ("coverage", "households", "大病户", 2, None),
    ("coverage", "unlisted", "全部农户", 15, None),
    ("coverage", "unlisted", "大病户", 2, None),
    ("coverage", "unstable", "全部农户", 5, None),
    ("coverage", "in_range", "全部农户", 9, 19),
    ("coverage", "in_range_unlisted", "全部农户", 6, 9),
    ("coverage", "added_sudden", "", 3, 4),
    ("coverage", "added_unserved", "", 2, 2),
    ("coverage", "added_served", "", 0, 1),
    ("coverage", "added_persons", "突发严重困难户", 7, 9),
    ("coverage", "added_persons", "脱贫不享受政策户", 5, 5),
    ("coverage", "added_persons", "脱贫享受政策户", 0, 2),
    ("coverage", "added_monitored", "突发严重困难户", 1, 4),
    ("coverage", "added_eliminated", "脱贫享受政策户", 1, 1),
    ("coverage", "added_combination", "突发严重困难户", 2, None),
    ("coverage", "added_combination", "突发严重困难户、脱贫不享受政策户", 1, None),
    ("coverage", "added_combination", "脱贫不享受政策户", 1, None),
    ("coverage", "added_combination", "不在三类之内", 2, None),
    ("procedure", "consented", "监测中", 3, 4),
    ("procedure", "consented", "未列入监测", 10, 16),
    ("procedure", "refused", "监测中", 1, None),
    ("procedure", "refused", "未列入监测", 6, None),
    ("elimination", "ratio_households", "", 3, 5),
    ("elimination", "strict_ratio_households", "", 2, 5),
    ("elimination", "ratio_persons", "", 9, 12),
    ("elimination", "strict_ratio_persons", "", 3, 12),
    ("elimination", "ending", "只有综合保障", 1, 3),
    ("elimination", "procedure_complete", "", 0, 0),
    ("elimination", "ending", "有其他帮扶措施", 1, 3),
    ("elimination", "ending", "自然消除", 1, 3),
    ("elimination", "spell_real", "6", 2, None),
    ("elimination", "spell_natural", "12", 1, None),
    ("elimination", "spell_active", "8", 2, None),
)
"""(topic, indicator, segment, value, base) of every county."""


def topic_figure(division: pl.DataFrame) -> pl.DataFrame:
    """Every county's figures as many times as there are counties in the place; all of them in its first township."""
    counties = division.sort("township_code").unique("county_code", keep="first")
    return pl.concat(
        [
            counties.group_by(place_code=f"{level}_code")
            .agg(counties=pl.len().cast(pl.Int64))
            .join(
                pl.DataFrame(
                    FIGURES,
                    schema={
                        "topic": pl.String,
                        "indicator": pl.String,
                        "segment": pl.String,
                        "value": pl.Int64,
                        "base": pl.Int64,
                    },
                    orient="row",
                ),
                how="cross",
            )
            .select(
                "place_code",
                "topic",
                "indicator",
                "segment",
                level=pl.lit(level),
                value=pl.col("value") * pl.col("counties"),
                base=pl.col("base") * pl.col("counties"),
            )
            for level in ("province", "city", "county", "township")
        ]
    )
