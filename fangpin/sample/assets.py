"""What households own and owe: vehicles, town property, businesses, micro-credit, and their feeds.

Does not belong here: the payroll (work.py), the farm house (home.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.sample import planted
from fangpin.sample.draws import around, chance, pick, stream, whole
from fangpin.sample.economy import Economy
from fangpin.sample.names import serials
from fangpin.sample.people import Households, Persons
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Flags, Ints, listed, number, written_months
from fangpin.sample.welfare import Welfare

VEHICLES = ("小型轿车", "小型客车", "货车", "摩托车", "农用车")
USES = ("住宅", "商业", "办公")
ENTITIES = ("企业", "个体工商户", "农民专业合作社")


@dataclass
class Assets:
    """One entry per thing owned; `kind` indexes the feed's own list."""

    vehicle_person: Ints
    vehicle_kind: Ints
    vehicle_since: Ints
    vehicle_price: Ints
    property_person: Ints
    property_use: Ints
    property_since: Ints
    property_area: Ints
    business_person: Ints
    business_kind: Ints
    business_since: Ints
    business_capital: Ints
    loan_household: Ints
    loan_amount: Ints
    loan_since: Ints
    loan_overdue: Flags


def make(
    seed: int,
    code: str,
    households: Households,
    persons: Persons,
    stories: Stories,
    economy: Economy,
    welfare: Welfare,
    last: int,
) -> Assets:
    """Assets by income; those in need own none but what they bought in better years."""
    rng = stream(seed, code, "assets")
    count = households.count
    owner = _owners(persons, count, last)
    level = households.level.copy()
    at = stories.household
    level[at] = stories.before
    poor = np.zeros(count, dtype=bool)
    poor[persons.household[(welfare.dibao_class >= 0) | (welfare.tekun_since < NEVER)]] = True
    poor[at] = True
    rich = np.clip((level - 7_000.0) / 28_000.0, 0.0, 1.0)
    adult = persons.age(last)[owner] < 66
    car = chance(rng, 0.06 + 0.5 * rich, count) & ~poor & adult
    flat = chance(rng, 0.005 + 0.2 * rich**1.5, count) & ~poor
    shop = chance(rng, 0.015 + 0.08 * rich + 0.15 * (economy.mix == 3), count) & ~poor & adult
    truck = chance(rng, 0.03, count) & ~poor & adult
    motorbike = chance(rng, 0.3, count) & adult
    tractor = chance(rng, 0.16, count) & (economy.mix < 3) & adult
    wrongly, fallen = stories.kind == planted.NOT_MARGINAL, stories.well_off & (stories.kind != planted.NOT_MARGINAL)
    first_thing = pick(rng, (0.6, 0.2, 0.2), stories.count)
    for thing, index in ((car, 0), (shop, 1), (flat, 2)):
        thing[at] |= (wrongly & ((first_thing == index) | chance(rng, 0.3, stories.count))) | (
            fallen & (first_thing == index)
        )
    car[at] |= (stories.kind == planted.STABLE_UNSTABLE) & chance(rng, 0.2, stories.count)
    loans = np.flatnonzero(households.tuopin & chance(rng, 0.13, count) & adult)

    def since(rows: Ints, years: int) -> Ints:
        month = last - whole(rng, 0, 12 * years, rows.size)
        story = economy.story_of[rows]
        long_ago = number("2020-01") - whole(rng, 0, 12 * 5, rows.size)
        return np.where(story >= 0, long_ago, month)

    kinds = [(car, 0), (truck, 2), (motorbike, 3), (tractor, 4)]
    vehicle_rows = np.concatenate([np.flatnonzero(flags) for flags, _ in kinds])
    vehicle_kind = np.concatenate([np.full(int(flags.sum()), kind) for flags, kind in kinds])
    vehicle_kind = np.where((vehicle_kind == 0) & chance(rng, 0.12, vehicle_kind.size), 1, vehicle_kind)
    price = np.array((78_000.0, 62_000.0, 105_000.0, 4_600.0, 21_000.0))[vehicle_kind]
    flats, shops = np.flatnonzero(flat), np.flatnonzero(shop)
    return Assets(
        vehicle_person=owner[vehicle_rows],
        vehicle_kind=vehicle_kind,
        vehicle_since=since(vehicle_rows, 8),
        vehicle_price=(np.rint(around(rng, price, 0.35, vehicle_kind.size) / 100) * 100).astype(np.int64),
        property_person=owner[flats],
        property_use=pick(rng, (0.94, 0.05, 0.01), flats.size),
        property_since=since(flats, 10),
        property_area=np.rint(around(rng, 104.0, 0.2, flats.size) * 100).astype(np.int64),
        business_person=owner[shops],
        business_kind=pick(rng, (0.1, 0.78, 0.12), shops.size),
        business_since=since(shops, 9),
        business_capital=10_000 * whole(rng, 1, 30, shops.size),
        loan_household=loans,
        loan_amount=10_000 * whole(rng, 1, 5, loans.size),
        loan_since=last - whole(rng, 0, 35, loans.size),
        loan_overdue=chance(rng, 0.012, loans.size),
    )


def _owners(persons: Persons, households: int, month: int) -> Ints:
    """The person in whose name things stand: the head, or a grown child of an old head."""
    age = persons.age(month)
    score = (
        np.where(persons.arrives > 0, 1_000.0, np.abs(age - 42.0)) + 8.0 * (persons.relation > 1) + 40.0 * (age < 22)
    )
    order = np.lexsort((score, persons.household))
    first = np.r_[True, persons.household[order][1:] != persons.household[order][:-1]]
    owner = np.zeros(households, dtype=np.int64)
    owner[persons.household[order][first]] = order[first]
    return owner


def vehicle_feed(persons: Persons, assets: Assets, block: str, month: int) -> pl.DataFrame:
    """机动车登记信息 at the month's end."""
    here = persons.present(month)[assets.vehicle_person]
    rows = np.flatnonzero((assets.vehicle_since <= month) & here)
    person = assets.vehicle_person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "车辆识别代号": serials(f"LSV{block}", rows, 8),
            "车辆类型": listed(VEHICLES, assets.vehicle_kind[rows]),
            "登记月份": written_months(assets.vehicle_since[rows], "dash"),
            "购置价格": pl.Series(assets.vehicle_price[rows]).cast(pl.String),
        }
    )


def property_feed(persons: Persons, assets: Assets, block: str, month: int) -> pl.DataFrame:
    """不动产登记信息 at the month's end."""
    here = persons.present(month)[assets.property_person]
    rows = np.flatnonzero((assets.property_since <= month) & here)
    person = assets.property_person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "不动产单元号": serials(f"{block}GB", rows, 8),
            "用途": listed(USES, assets.property_use[rows]),
            "建筑面积": pl.Series(assets.property_area[rows] / 100).cast(pl.String),
            "登记月份": written_months(assets.property_since[rows]),
        }
    )


def business_feed(persons: Persons, assets: Assets, block: str, month: int) -> pl.DataFrame:
    """市场主体登记信息 at the month's end."""
    here = persons.present(month)[assets.business_person]
    rows = np.flatnonzero((assets.business_since <= month) & here)
    person = assets.business_person[rows]
    return pl.DataFrame(
        {
            "姓名": persons.name.gather(person),
            "证件号码": persons.id_number.gather(person),
            "统一社会信用代码": serials(f"92{block}MA", rows, 8),
            "主体类型": listed(ENTITIES, assets.business_kind[rows]),
            "注册资本": pl.Series(assets.business_capital[rows]).cast(pl.String),
            "成立月份": written_months(assets.business_since[rows], "dash"),
        }
    )


def microcredit_feed(numbers: pl.Series, here: Flags, assets: Assets, block: str, month: int) -> pl.DataFrame:
    """脱贫人口小额信贷台账 at the month's end; `numbers` and `here` by household."""
    rows = np.flatnonzero((assets.loan_since <= month) & here[assets.loan_household])
    return pl.DataFrame(
        {
            "借据号": serials(f"XD{block}", rows, 8),
            "户编号": numbers.gather(assets.loan_household[rows]),
            "贷款金额": pl.Series(assets.loan_amount[rows]).cast(pl.String),
            "放款月份": written_months(assets.loan_since[rows], "dash"),
            "是否逾期": listed(("否", "是"), assets.loan_overdue[rows].astype(np.int64)),
        }
    )
