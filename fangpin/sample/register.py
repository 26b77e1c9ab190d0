"""The register and its step ledger: what the office wrote about each monitored household, month by month.

Identification steps take at most fifteen days with five days of publicity, but for the few that lie about before
anybody visits; eliminations are judged at the township's
monthly meeting, so that a township's eliminations of a month share their days (lawful batches).
Does not belong here: why a household is listed (stories.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import papers
from fangpin.sample.amounts import written_yuan
from fangpin.sample.changes import relation_now
from fangpin.sample.codes import EDUCATIONS, HEALTHS, LABOURS, LOST, RELATIONS, SCHOOLS
from fangpin.sample.draws import chance, pick, stream, whole
from fangpin.sample.economy import Economy, persons_at
from fangpin.sample.home import Homes, bad_house
from fangpin.sample.people import Households, Persons
from fangpin.sample.school import Pupils, dropped_out
from fangpin.sample.stories import CATEGORIES, CAUSES, DISASTER, HOUSE, NO_CAUSE, WATER, Stories
from fangpin.sample.support import Measures, has_development
from fangpin.sample.timeline import (
    NEVER,
    Flags,
    Floats,
    Ints,
    day_in,
    listed,
    month_of,
    written_days,
    written_months,
    yes_no,
)
from fangpin.sample.welfare import Welfare, certificate_numbers

STEPS = (
    "识别申请",
    "入户核实",
    "识别评议",
    "识别公示",
    "识别审核",
    "消除申请",
    "消除评议",
    "消除公示",
    "消除审核",
    "风险消除",
    "风险消除回退",
)
ALL_STEPS = STEPS + papers.STEPS
LATE = 0.06
"""Of identifications that wait for the visit; our choice for the sample."""
CHANNELS = ("农户自主申报", "干部排查", "部门筛查预警")


@dataclass
class Ledger:
    """Days of every step of every story (NEVER where not done), and what was declared at entry and exit, in yuan."""

    days: Ints  # [story, step]
    papers: papers.Papers
    channel: Ints
    entry: dict[str, Floats]
    exit: dict[str, Floats]


def make(
    seed: int,
    code: str,
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    stories: Stories,
    economy: Economy,
    first: int,
    last: int,
    quiet: bool,
) -> Ledger:
    """The office's paper on a block's stories."""
    rng = stream(seed, code, "register")
    people = np.maximum(persons_at(persons, households.count, first)[stories.household], 1)
    listed_now = stories.listed & (stories.identified <= last)
    days = _days(rng, _delay(seed, code, stories, quiet), villages, households, stories, last)
    return Ledger(
        days=days,
        papers=papers.make(seed, code, households, stories, days),
        channel=pick(rng, (0.22, 0.55, 0.23), stories.count),
        entry=_declared(rng, economy, stories, stories.identified, stories.declared_entry, people, listed_now),
        exit=_declared(
            rng,
            economy,
            stories,
            stories.eliminated,
            stories.declared_exit,
            people,
            listed_now & (stories.eliminated <= last),
        ),
    )


def _delay(seed: int, code: str, stories: Stories, quiet: bool) -> Ints:
    """Days that an application waits beyond the usual."""
    rng = stream(seed, code, "delays")
    late = chance(rng, 0.0 if quiet else LATE, stories.count) & (stories.eliminated != stories.identified)
    return np.where(late, whole(rng, 7, 25, stories.count), 0)


def _days(
    rng: np.random.Generator,
    delay: Ints,
    villages: pl.DataFrame,
    households: Households,
    stories: Stories,
    last: int,
) -> Ints:
    count = stories.count
    days = np.full((count, len(STEPS)), NEVER, dtype=np.int64)
    hasty = stories.eliminated == stories.identified
    inside = np.flatnonzero(stories.listed & (stories.identified <= last))
    approved = day_in(
        stories.identified[inside],
        np.where(hasty[inside], whole(rng, 3, 6, inside.size), whole(rng, 4, 28, inside.size)),
    )
    publicised = approved - whole(rng, 1, 2, inside.size)
    reviewed = publicised - whole(rng, 5, 6, inside.size)
    verified = reviewed - whole(rng, 1, 2, inside.size)
    waited = whole(rng, 1, 2, inside.size) + delay[inside]
    days[inside, :5] = np.column_stack((verified - waited, verified, reviewed, publicised, approved))

    township = villages["township"].to_numpy()
    months = int(last - stories.identified.min(initial=last)) + 1
    meetings = rng.integers(15, 25, (int(township.max()) + 1, months))
    entry_lag = rng.integers(0, 4, meetings.shape)
    gone = np.flatnonzero((stories.eliminated <= last) & (stories.identified <= last) & stories.listed)
    where = township[households.village[stories.household[gone]]]
    turn = np.clip(stories.eliminated[gone] - (last - months + 1), 0, months - 1)
    meeting = day_in(stories.eliminated[gone], meetings[where, turn])
    marked = meeting + entry_lag[where, turn]
    batch_day = rng.integers(8, 15, villages.height)[households.village[stories.household[gone]]]
    batch = stories.same_day[gone]
    meeting = np.where(batch, day_in(stories.eliminated[gone], batch_day), meeting)
    quick = hasty[gone]
    meeting = np.where(quick, day_in(stories.eliminated[gone], whole(rng, 24, 27, gone.size)), meeting)
    marked = np.where(batch | quick, meeting, marked)
    shown = meeting - np.where(batch, 1, whole(rng, 1, 2, gone.size))
    judged = shown - np.where(batch, 5, whole(rng, 5, 6, gone.size))
    asked = judged - np.where(batch, 2, whole(rng, 1, 3, gone.size))
    days[gone, 5:10] = np.column_stack((asked, judged, shown, meeting, marked))

    back = np.flatnonzero((stories.returned <= last) & stories.listed)
    days[back, 10] = day_in(stories.returned[back], whole(rng, 3, 27, back.size))
    return days


def _declared(
    rng: np.random.Generator,
    economy: Economy,
    stories: Stories,
    month: Ints,
    declared: Floats,
    people: Ints,
    wanted: Flags,
) -> dict[str, Floats]:
    """Yearly income by kind over the twelve months before `month`, as the office wrote it down."""
    count = stories.count
    names = ("wage", "business", "property", "transfer", "cost")
    result = {name: np.full(count, np.nan) for name in names}
    for when in np.unique(month[wanted]):
        at = np.flatnonzero(wanted & (month == when))
        rows = stories.household[at]
        parts = {k: v.sum(axis=1) for k, v in economy.components(rows, int(when) - 12, int(when) - 1).items()}
        gross = parts["business"] / (1 - economy.cost_share[rows])
        values = {
            "wage": parts["work"] + parts["gathering"] + parts["post"],
            "business": gross,
            "property": parts["estate"],
            "transfer": parts["family"] + parts["grants"] + parts["pension"] + parts["dibao"] + parts["tekun"],
            "cost": gross - parts["business"],
        }
        net = values["wage"] + values["business"] + values["property"] + values["transfer"] - values["cost"]
        ratio = np.exp(rng.normal(0.0, 0.015, at.size))
        told = declared[at] * people[at] / np.maximum(net, 1.0)
        ratio = np.where(np.isnan(told), ratio, told)
        for name in names:
            result[name][at] = np.rint(values[name] * ratio)
    net = result["wage"] + result["business"] + result["property"] + result["transfer"] - result["cost"]
    shift = np.where(np.isnan(declared), 0.0, np.rint(declared * people) - net)
    result["transfer"] = np.maximum(result["transfer"] + shift, 0.0)
    net = result["wage"] + result["business"] + result["property"] + result["transfer"] - result["cost"]
    return {**result, "net": net, "per_head": net / people}


def ledger_feed(
    villages: pl.DataFrame,
    households: Households,
    numbers: pl.Series,
    here: Flags,
    stories: Stories,
    ledger: Ledger,
    month: int,
    end_day: int,
) -> pl.DataFrame:
    """监测对象程序台账: every step done by the month's end, cumulative; `here` are the households that still exist."""
    days = np.column_stack((ledger.days, ledger.papers.days))
    story, step = np.nonzero(days <= end_day)
    keep = here[stories.household[story]] & (stories.identified[story] <= month)
    keep &= (step < 5) | (step >= 10) | (stories.eliminated[story] <= month)
    story, step = story[keep], step[keep]
    day = days[story, step]
    publicity = np.array([papers.PUBLICITIES.index(s) if s in papers.PUBLICITIES else -1 for s in ALL_STEPS])[step]

    def told(values: Ints) -> pl.Series:
        known = pl.Series(np.where(publicity >= 0, values[story, publicity], -1))
        return pl.select(pl.when(known >= 0).then(known)).to_series().cast(pl.String)

    batched = np.isin(step, (8, 9))
    township = villages["township_code"].gather(households.village[stories.household[story]])
    batch = pl.select(township + "-" + written_months(month_of(day))).to_series()
    return pl.DataFrame(
        {
            "户编号": numbers.gather(stories.household[story]),
            "轮次": pl.Series(np.where(step == 10, 2, 1)).cast(pl.String),
            "环节": listed(ALL_STEPS, step),
            "完成日期": written_days(day),
            "批次号": pl.select(pl.when(pl.Series(batched)).then(batch)).to_series(),
            "线索来源": listed(CHANNELS, np.where(step == 0, ledger.channel[story], -1)),
            "公示天数": told(ledger.papers.shown),
            "公示期间异议": told(ledger.papers.objections),
        }
    )


def register_feed(
    villages: pl.DataFrame,
    households: Households,
    persons: Persons,
    numbers: pl.Series,
    phones: pl.Series,
    stories: Stories,
    ledger: Ledger,
    measures: Measures,
    homes: Homes,
    pupils: Pupils,
    welfare: Welfare,
    month: int,
) -> pl.DataFrame:
    """监测对象信息 at the month's end: one row per member of a household ever identified."""
    story_of = np.full(households.count, -1, dtype=np.int64)
    inside = np.flatnonzero(stories.identified <= month)
    story_of[stories.household[inside]] = inside
    home = persons.home(month)
    rows = np.flatnonzero((story_of[home] >= 0) & persons.present(month))
    rows = rows[np.lexsort((rows, home[rows]))]
    h, s = home[rows], story_of[home[rows]]
    first_row = np.r_[True, h[1:] != h[:-1]] if rows.size else np.zeros(0, dtype=bool)
    turn = np.arange(rows.size) - np.maximum.accumulate(np.where(first_row, np.arange(rows.size), 0))
    _, gone_all = stories.state(month)
    gone = gone_all[s]
    village = households.village[h]
    certificate = (persons.disability[rows] >= 0) & (welfare.certificate_since[rows] <= month) & (rows % 20 < 9)
    numbers_18 = persons.id_number.gather(rows)
    identity = pl.select(
        pl.when(pl.Series(certificate)).then(certificate_numbers(persons, welfare, rows)).otherwise(numbers_18)
    ).to_series()
    able = np.bincount(persons.household[(persons.labour < LOST) & persons.present(month)], minlength=households.count)
    dropout = np.zeros(households.count, dtype=bool)
    dropout[persons.household[dropped_out(pupils, month)]] = True
    uninsured = np.zeros(households.count, dtype=bool)
    uninsured[persons.household[~persons.insured & ~persons.employee]] = True
    day = persons.birth[rows]
    entry = {name: written_yuan(values[s]) for name, values in ledger.entry.items()}
    gone_money = {name: written_yuan(np.where(gone, values[s], np.nan)) for name, values in ledger.exit.items()}
    never = np.zeros(rows.size, dtype=np.int64)

    def after(flags: Ints) -> pl.Series:
        return listed(("否", "是"), np.where(gone, flags, -1))

    frame = {
        "县": villages["county_name"].gather(village),
        "乡": villages["township_name"].gather(village),
        "村": villages["village_name"].gather(village),
        "户编号": numbers.gather(h),
        "人编号": pl.select(numbers.gather(h) + pl.Series(turn + 1).cast(pl.String).str.zfill(2)).to_series(),
        "姓名": persons.name.gather(rows),
        "证件号码": identity,
        "证件类型": listed(("居民身份证", "残疾人证"), certificate.astype(np.int64)),
        "性别": listed(("女", "男"), persons.male[rows].astype(np.int64)),
        "出生日期": written_days(day, "compact"),
        "民族": pl.repeat("汉族", rows.size, eager=True),
        "与户主关系": listed(RELATIONS, relation_now(persons, month)[rows]),
        "户联系电话": phones.gather(h),
        "户类型": listed(("一般农户", "脱贫户"), households.tuopin[h].astype(np.int64)),
        "文化程度": listed(EDUCATIONS, persons.education[rows]),
        "在校生状况": listed(SCHOOLS, persons.school[rows]),
        "健康状况": listed(HEALTHS, persons.health[rows]),
        "劳动技能": listed(LABOURS, persons.labour[rows]),
        "是否参加城乡居民基本医疗保险": yes_no(persons.insured[rows]),
        "是否参加大病保险": yes_no(persons.insured[rows]),
        "享受低保政策情况": listed(("不享受", "农村低保"), (welfare.dibao_since[rows] <= month).astype(np.int64)),
        "享受特困供养政策情况": listed(("未享受", "农村特困"), (welfare.tekun_since[rows] <= month).astype(np.int64)),
        "监测对象类别": listed(CATEGORIES, stories.category[s]),
        "识别监测时间": written_months(stories.identified[s]),
        "致贫/返贫风险1": listed(CAUSES, stories.cause[s]),
        "致贫/返贫风险2": listed(CAUSES, stories.second[s]),
        **{f"致贫/返贫风险{n}": listed(CAUSES, never + NO_CAUSE) for n in (3, 4, 5)},
        "因自然灾害子项": listed(
            ("洪涝", "旱灾"),
            np.where(stories.cause[s] == DISASTER, stories.falls[s] % 12 > 8, -1) * (stories.cause[s] == DISASTER)
            - (stories.cause[s] != DISASTER),
        ),
        "风险是否已消除": yes_no(gone),
        "消除监测时间": written_months(np.where(gone, stories.eliminated[s], NEVER)),
        "风险消除方式": listed(("帮扶消除", "自然消除"), np.where(gone, stories.natural[s], -1)),
        "整户无劳动能力兜底保障户": yes_no(able[h] == 0),
        "实施开发式帮扶措施情况": listed(
            ("尚未实施", "已实施"), has_development(measures, stories, month)[s].astype(np.int64)
        ),
        "是否危房户": yes_no(stories.cause[s] == HOUSE),
        "是否解决安全饮用水": yes_no(stories.cause[s] != WATER),
        "是否义务教育阶段适龄儿童少年失学辍学": yes_no(dropout[h]),
        "是否有家庭成员未参加城乡居民（职工）基本医疗保险": yes_no(uninsured[h]),
        "工资性收入": entry["wage"],
        "生产经营性收入": entry["business"],
        "财产性收入": entry["property"],
        "转移性收入": entry["transfer"],
        "生产经营性支出": entry["cost"],
        "人均纯收入（元）": entry["per_head"],
        "合规自付支出": written_yuan(stories.bills[s]),
        "风险是否已消除#2": yes_no(gone),
        "风险消除后家庭人均纯收入": gone_money["per_head"],
        "风险消除后家庭纯收入": gone_money["net"],
        "风险消除后工资性收入": gone_money["wage"],
        "风险消除后财产性收入": gone_money["property"],
        "风险消除后转移性收入": gone_money["transfer"],
        "风险消除后生产经营性收入": gone_money["business"],
        "风险消除后生产经营性支出": gone_money["cost"],
        "风险消除后理赔收入": listed(("0",), np.where(gone, 0, -1)),
        "风险消除后合规自付支出": written_yuan(np.where(gone, np.rint(stories.bills[s] * 0.15), np.nan)),
        "风险消除后是否义务教育阶段适龄儿童少年失学辍学": after(never),
        "风险消除后是否住房损毁": after(bad_house(homes, month)[h].astype(np.int64)),
        "风险消除后是否有家庭成员未参加城乡居民（职工）基本医疗保险": after(never),
        "风险消除后是否饮水设施损毁": after(never),
    }
    return pl.DataFrame(frame)
