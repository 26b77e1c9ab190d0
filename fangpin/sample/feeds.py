"""What each department delivers in a month: the look of its file and its rows, as a projection of what has happened.

Does not belong here: the contents of a feed (the module of its subject), writing (files.py), dirt (dirt.py).
"""

from __future__ import annotations

import polars as pl

from fangpin.sample import (
    assets,
    changes,
    health,
    home,
    income_feed,
    lists,
    mishaps,
    register,
    school,
    support,
    training,
    welfare,
    work,
)
from fangpin.sample.block import Block
from fangpin.sample.files import FileKind
from fangpin.sample.timeline import first_day

FILES = {
    "household_list": FileKind("乡村振兴局", "农户名册"),
    "person_list": FileKind("乡村振兴局", "农户家庭成员名册", encoding="utf-8-sig"),
    "income": FileKind("乡村振兴局", "农户收支台账"),
    "measure": FileKind("乡村振兴局", "帮扶措施台账", encoding="utf-8-sig"),
    "register": FileKind("全国防返贫监测信息系统", "（自定义）监测对象信息", workbook="export"),
    "register_step": FileKind("乡村振兴局", "监测对象程序台账"),
    "medical": FileKind("医保局", "医保结算明细", encoding="gb18030", crlf=True),
    "dibao": FileKind("民政局", "农村低保对象名单", workbook="list"),
    "tekun": FileKind("民政局", "农村特困供养人员名单", workbook="list"),
    "temporary_relief": FileKind("民政局", "临时救助发放名单", workbook="list"),
    "disability": FileKind("残联", "持证残疾人名单"),
    "education": FileKind("教育局", "在校生学籍信息", encoding="utf-8-sig", crlf=True),
    "employment": FileKind("人社局", "务工监测信息"),
    "public_post": FileKind("人社局", "公益性岗位台账", encoding="utf-8-sig"),
    "training": FileKind("人社局", "技能培训台账"),
    "housing": FileKind("住建局", "住房安全鉴定信息", sent_on=4),
    "water": FileKind("水利局", "饮水安全监测信息", encoding="utf-8-sig"),
    "disaster": FileKind("应急局", "灾害事故信息"),
    "vehicle": FileKind("公安局", "机动车登记信息", crlf=True),
    "death": FileKind("公安局", "死亡人员信息"),
    "move": FileKind("公安局", "户籍迁移信息"),
    "property": FileKind("自然资源局", "不动产登记信息"),
    "business": FileKind("市场监管局", "市场主体登记信息", encoding="utf-8-sig"),
    "payroll": FileKind("财政局", "财政供养人员名单"),
    "petition": FileKind("信访局", "信访反映信息", sent_on=6),
    "microcredit": FileKind("金融监管局", "脱贫人口小额信贷台账"),
}


STRANGERS: dict[str, tuple[float, str, str | None]] = {
    "medical": (0.012, "证件号码", "结算单号"),
    "dibao": (0.015, "证件号码", None),
    "temporary_relief": (0.02, "证件号码", None),
    "disability": (0.02, "残疾人证号", None),
    "education": (0.012, "证件号码", None),
    "employment": (0.015, "证件号码", None),
    "public_post": (0.01, "证件号码", None),
    "training": (0.015, "证件号码", None),
    "vehicle": (0.03, "证件号码", "车辆识别代号"),
    "property": (0.03, "证件号码", "不动产单元号"),
    "business": (0.03, "证件号码", "统一社会信用代码"),
    "payroll": (0.03, "证件号码", None),
    "death": (0.02, "证件号码", None),
    "move": (0.03, "证件号码", None),
}
"""Feeds that also hold people of no rural list: share, identity column, own key."""


def feeds(seed: int, block: Block, first: int, month: int) -> dict[str, pl.DataFrame]:
    """What departments know of the block at the end of a month; increments since fifteen months in the first."""
    b = block
    here = lists.existing(b.households, b.persons, month)
    since = month - 15 if month == first else month
    home_number = b.numbers.gather(b.persons.home(month))
    begin = first - 15
    end_day = int(first_day(month + 1)) - 1
    frames = {
        "household_list": lists.household_feed(b.villages, b.households, b.persons, b.numbers, b.phones, here, month),
        "person_list": lists.person_feed(b.persons, b.numbers, b.phones, b.pupils, month),
        "income": income_feed.statements(
            seed, b.code, b.households, b.persons, b.stories, b.economy, b.copied, b.numbers, here, first, month
        ),
        "measure": support.measure_feed(b.numbers, here, b.stories, b.measures, 0 if month == first else month, month),
        "register": register.register_feed(
            b.villages,
            b.households,
            b.persons,
            b.numbers,
            b.phones,
            b.stories,
            b.ledger,
            b.measures,
            b.homes,
            b.pupils,
            b.welfare,
            month,
        ),
        "register_step": register.ledger_feed(
            b.villages, b.households, b.numbers, here, b.stories, b.ledger, month, end_day
        ),
        "medical": health.medical_feed(b.persons, b.bills, b.code, since, month),
        "dibao": welfare.dibao_feed(b.persons, home_number, b.welfare, month),
        "tekun": welfare.tekun_feed(b.persons, b.welfare, month),
        "temporary_relief": welfare.temporary_relief_feed(b.persons, b.welfare, since, month),
        "disability": welfare.disability_feed(b.persons, b.welfare, month),
        "education": school.education_feed(b.persons, b.pupils, month),
        "employment": work.employment_feed(b.persons, b.spells, begin, since, month),
        "public_post": welfare.public_post_feed(b.persons, b.welfare, month),
        "training": training.training_feed(b.persons, b.courses, since, month),
        "housing": home.housing_feed(b.numbers, here, b.homes, month),
        "water": home.water_feed(b.numbers, here, b.homes, month),
        "disaster": mishaps.disaster_feed(b.numbers, b.mishaps, since, month),
        "vehicle": assets.vehicle_feed(b.persons, b.assets, b.code, month),
        "death": changes.death_feed(b.persons, since, month),
        "move": changes.move_feed(b.persons, since, month),
        "property": assets.property_feed(b.persons, b.assets, b.code, month),
        "business": assets.business_feed(b.persons, b.assets, b.code, month),
        "payroll": work.payroll_feed(b.persons, b.payroll, month),
        "petition": mishaps.petition_feed(b.numbers, b.mishaps, b.code, since, month),
        "microcredit": assets.microcredit_feed(b.numbers, here, b.assets, b.code, month),
    }
    for feed, (share, column, key) in STRANGERS.items():
        frames[feed] = lists.with_strangers(frames[feed], b.unknown, share, column, key)
    return frames
