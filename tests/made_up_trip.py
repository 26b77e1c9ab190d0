"""A made-up trip: a draw with teams, days and households in the columns of the research tables, and its vault's people.

Places are real, households and people are not. Does not belong here: how a draw is made.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from fangpin import places
from fangpin.reports.research.guide_words import ALERT_TOPICS, HOUSEHOLD_LEADS, VILLAGE_LEADS
from fangpin.reports.research.trip import Identity, Person, Trip
from fangpin.research.item import COMPARE, PAPER
from fangpin.research.items import CATALOGUE, form_version
from fangpin.research.profile import INDICATORS, Limits
from fangpin.topics import condition, employment

LIMITS = Limits(0.9, 5, 1, 2, 3, 0.1, 1, 3)
MONTHS = ("2021-10", "2021-11", "2021-12")
CAUTION = "本次抽样的重点村按排名选取，其情况不可推断总体。"
STRATA = ("脱贫不稳定户·监测中", "边缘易致贫户·已标注消除", "未列入监测·有线索", "未列入监测·随机")
LEAD = {
    **{"household_id": pl.Int64, "village_code": pl.String, "kind": pl.String, "title": pl.String},
    **{"severity": pl.Int32, "evidence": pl.String, "counter_evidence": pl.String, "clause": pl.String},
}
NAMES = "赵钱孙李周吴郑王"


def trip(cities: int = 2, counties: int = 2, villages: int = 2, households: int = 5, teams: int = 2) -> Trip:
    """Every county has `villages` primary villages and one reserve; every primary village so many households."""
    rng = np.random.default_rng(5)
    division = _division(cities, counties, villages + 1)
    sample = _sample(division, villages)
    drawn = _households(sample, households)
    codes = sample["city_code"].unique().sort().to_list()
    team = {city: number % teams + 1 for number, city in enumerate(codes)}
    values = pl.DataFrame([_values(row, rng) for row in drawn.iter_rows(named=True)], infer_schema_length=None)
    return Trip(
        plan="plan",
        title="防止返贫动态监测和帮扶机制落实专题调研",
        draw=1,
        month="2021-12",
        version="v001",
        policy_version="0123456789ab",
        sample=sample,
        households=drawn,
        teams=pl.DataFrame(
            [
                {
                    "team": team[c],
                    "city_code": c,
                    "city_name": n,
                    "kilometres": 412.5,
                    "members": "甲（组长）、乙、丙",
                    "reason": "已回避籍贯地",
                }
                for c, n in sample.select("city_code", "city_name").unique().sort("city_code").iter_rows()
            ]
        ),
        days=_days(sample, team),
        rules=(("市", "6个市，按监测对象户数取"), ("县", "每市2个：1个重点、1个随机")),
        honesty=(
            ("设计效应", "1.8", "相当于简单随机抽取的样本数的一半多。"),
            ("误差范围", "±9.6个百分点", "按95%把握。"),
        ),
        proof=(("名册校验值", "ab" * 32), ("抽样种子", "tjdc-2021"), ("复核命令", "fangpin research verify")),
        cautions=(CAUTION,),
        frames={"values": values, **_frames(division, drawn, rng)},
        months={month: _place_month(division, number) for number, month in enumerate(MONTHS)},
        limits=LIMITS,
        form_version=form_version(),
    )


def identities(made: Trip) -> dict[int, Identity]:
    """People of every drawn household; their names, phones and numbers are canaries."""
    found = {}
    for number in made.households["household_id"]:
        phone = f"138{number:08d}"
        members = tuple(
            Person(
                f"{NAMES[number % 8]}甲乙{number}{who}", f"410102********{number % 10_000:04d}", "男", 40 + who, phone
            )
            for who in range(2)
        )
        found[number] = Identity(f"4101990000{number:06d}", phone, members)
    return found


def _division(cities: int, counties: int, villages: int) -> pl.DataFrame:
    more = max(villages, 8)  # enough peers in the county
    rural = places.divisions(2021).filter(pl.col("in_province") & pl.col("rural"))
    own = rural.filter(pl.len().over("county_code") >= more)
    for level, upper, count in (("city", "province", cities), ("county", "city", counties)):
        kept = own.select(f"{upper}_code", f"{level}_code").unique().sort(f"{level}_code")
        kept = kept.group_by(f"{upper}_code", maintain_order=True).head(count)
        own = own.filter(pl.col(f"{level}_code").is_in(kept[f"{level}_code"].implode()))
    return own.sort("village_code").group_by("county_code", maintain_order=True).head(more).sort("village_code")


def _sample(division: pl.DataFrame, villages: int) -> pl.DataFrame:
    rows = []
    for county in division.partition_by("county_code", maintain_order=True):
        for number, row in enumerate(county.head(villages + 1).iter_rows(named=True)):
            reserve, top = number == villages, number == 0
            rows.append(
                {
                    **{k: row[k] for k in ("city_code", "city_name", "county_code", "county_name")},
                    **{k: row[k] for k in ("village_code", "village_name")},
                    "arm": "risk" if top else "random",
                    "inclusion_probability": None if reserve else 1.0 if top else 0.25,
                    "county_arm": "risk",
                    "county_probability": 1.0,
                    "county_reason": f"{row['county_name']}监测对象340户，列全市可抽的第1位",
                    "random_number": 0.5,
                    "draw_order": number + 1,
                    "criterion": "count_households",
                    "role": "reserve" if reserve else "primary",
                    "slot": min(number, villages - 1) + 1,
                    "monitored_households": 20 + number,
                    "eliminated_households": 11,
                    "reason": f"{row['village_name']}监测对象{20 + number}户，列全县第{number + 1}位",
                }
            )
    return pl.DataFrame(rows)


def _households(sample: pl.DataFrame, count: int) -> pl.DataFrame:
    rows = []
    for number, code in enumerate(sample.filter(role="primary")["village_code"]):
        for position in range(count + 1):
            stratum = STRATA[position % 4]
            arm = {2: "flagged", 3: "random"}.get(position % 4, "stratum")
            rows.append(
                {
                    "village_code": code,
                    "household_id": 1000 * (number + 1) + position,
                    "stratum": stratum,
                    "arm": arm,
                    "inclusion_probability": 0.5,
                    "random_number": 0.25,
                    "draw_order": position + 1,
                    "role": "primary" if position < count else "reserve",
                    "reason": "分层抽取",
                }
            )
    return pl.DataFrame(rows)


def _days(sample: pl.DataFrame, team: dict[str, int]) -> pl.DataFrame:
    rows = []
    day = dict.fromkeys(team.values(), 0)
    for row in sample.filter(role="primary").iter_rows(named=True):
        number = team[row["city_code"]]
        place = {"county_code": row["county_code"], "village_code": row["village_code"]}
        day[number] += 1
        when = {"day_number": day[number], "day": dt.date(2022, 4, 9) + dt.timedelta(days=day[number])}
        rows.append({"team": number, **when, "place_order": 1, **place, "task": "入户核查、查阅资料"})
    return pl.DataFrame(rows)


def _values(drawn: dict[str, object], rng: np.random.Generator) -> dict[str, object]:
    """The system's values of a household, as its stratum has them."""
    stratum = str(drawn["stratum"])
    active, gone = stratum.endswith("监测中"), stratum.endswith("消除")
    status = "active" if active else "eliminated" if gone else "none"
    registered = active or gone
    made: dict[str, object] = {"household_id": drawn["household_id"]}
    for item in CATALOGUE:
        if item.subject == "household" and item.system and item.answer in (COMPARE, PAPER):
            made[item.code] = {
                "yuan": int(rng.integers(300_000, 1_500_000)),
                "integer": int(rng.integers(0, 4)),
                "yesno": bool(rng.integers(0, 2)),
                "month": "2021-03" if registered else None,
                "date": dt.date(2021, 3, 5) if registered else None,
            }.get(item.kind)
    post = active and int(str(drawn["household_id"])) % 2 == 0
    return made | {
        "status": status,
        "category": stratum.split("·")[0] if registered else None,
        "household_type": "脱贫户" if active else "一般农户",
        "persons": 3,
        "measures": "产业帮扶、就业帮扶" if registered else None,
        "first_measure": "2021-04" if registered else None,
        "paper_measures": "2021-04" if registered else None,
        "post_type": "保洁员" if post else None,
        "post_pay": 60_000 if post else None,
        "paper_post": "2021-05" if post else None,
        "paper_post_pay": 60_000 if post else None,
        "risks": "因病" if registered else None,
        "eliminated": "2021-09" if gone else None,
        "paper_exit_publicised": dt.date(2021, 9, 10) if gone else None,
        "paper_exit_reviewed": None,
    }


def _frames(division: pl.DataFrame, drawn: pl.DataFrame, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    flagged = drawn.filter(arm="flagged")
    kinds = list(HOUSEHOLD_LEADS)
    leads = [
        {
            **{"household_id": number, "village_code": code, "kind": kind, "title": HOUSEHOLD_LEADS[kind][1]},
            "severity": 50,
            "evidence": f"风险分{number % 90}；扣除刚性支出后人均收入5965元，监测线6000元",
            "counter_evidence": "有稳定务工；须核实亲属赡养",
            "clause": "中农组发〔2021〕7号",
        }
        for position, (code, number) in enumerate(flagged.select("village_code", "household_id").iter_rows())
        for kind in (kinds[position % len(kinds)],)
    ]
    places_of = [
        division.select(level=pl.lit(level), place_code=f"{level}_code", place_name=f"{level}_name").unique(
            maintain_order=True
        )
        for level in ("province", "city", "county", "township", "village")
    ]
    first = drawn["village_code"][0]
    codes = pl.concat(places_of)["place_code"]
    figures = [
        {"place_code": code, "topic": topic.name, "indicator": each.name, "value": int(rng.integers(1, 50)), "base": 60}
        for code in codes
        for topic in (employment.TOPIC, condition.TOPIC)
        for each in topic.indicators
        if not each.segmented
    ]
    return {
        "leads": pl.DataFrame(leads, schema=LEAD),
        "village_leads": pl.DataFrame(
            [
                {
                    **{"village_code": first, "kind": "same_day_batch", "title": VILLAGE_LEADS["same_day_batch"][1]},
                    "evidence": "近12个月消除7户，其中7户在2021-11-14同一天",
                    "counter_evidence": "每月一次集中评议审核属正常",
                }
            ]
        ),
        "alerts": pl.DataFrame(
            [{"village_code": first, "kind": kind, "alerts": 4, "new_alerts": 1} for kind in ALERT_TOPICS]
        ),
        "figures": pl.DataFrame(figures),
        "rankings": pl.DataFrame(
            [{"place_code": first[:6], "criterion": "count_households", "reason": "监测对象340户，列全省第3位"}]
        ),
        "gaps": pl.DataFrame(
            [
                {
                    **{"place_code": first[:6], "title": "医保结算明细", "source": "医保局"},
                    **{"state": "迟报", "blind_spot": False},
                }
            ]
        ),
        "places": pl.concat(places_of).sort("level", "place_code"),
    }


def _place_month(division: pl.DataFrame, number: int) -> pl.DataFrame:
    """Counts of every village that depend on its code alone, and their sums."""
    village = division.with_row_index("n").select(
        "village_code",
        "township_code",
        "county_code",
        households=pl.lit(300) + pl.col("n") % 40,
        monitored_households=pl.lit(20) + pl.col("n") % 5,
        active_households=pl.lit(9) + pl.col("n") % 5 + number * 2,
        eliminated_households=pl.lit(11),
        **{name: pl.col("n") % (3 + len(name) % 3) for name in _COUNTS},
    )
    columns = ["households", "monitored_households", "active_households", "eliminated_households", *_COUNTS]
    return pl.concat(
        village.group_by(pl.col(f"{level}_code").alias("place_code"))
        .agg(pl.sum(*columns).cast(pl.Int64))
        .select(pl.lit(level).alias("level"), "place_code", *columns)
        for level in ("county", "township", "village")
    ).sort("level", "place_code")


_COUNTS = [
    indicator.column
    for indicator in INDICATORS
    if indicator.column not in ("active_households", "eliminated_households")
]
