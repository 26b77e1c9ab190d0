"""The sample province: every department's files of the given months, block by block, and the truth beside them.

Does not belong here: what any feed holds (the module of its subject) or how a file looks (files.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import polars as pl

from fangpin.errors import HomeError
from fangpin.month import shift
from fangpin.sample import (
    assets,
    changes,
    economy,
    health,
    home,
    income_feed,
    lists,
    names,
    people,
    planted,
    register,
    stories,
    support,
    villages,
    welfare,
    work,
    zhaojiaping,
)
from fangpin.sample.draws import hashed, stream
from fangpin.sample.files import XLSX_SCALE, DeliveredFile, FileKind, file_path
from fangpin.sample.timeline import first_day, number

GENERATOR_VERSION = 1

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
    "housing": FileKind("住建局", "住房安全鉴定信息"),
    "water": FileKind("水利局", "饮水安全监测信息", encoding="utf-8-sig"),
    "disaster": FileKind("应急局", "灾害事故信息"),
    "vehicle": FileKind("公安局", "机动车登记信息", crlf=True),
    "death": FileKind("公安局", "死亡人员信息"),
    "move": FileKind("公安局", "户籍迁移信息"),
    "property": FileKind("自然资源局", "不动产登记信息"),
    "business": FileKind("市场监管局", "市场主体登记信息", encoding="utf-8-sig"),
    "payroll": FileKind("财政局", "财政供养人员名单"),
    "petition": FileKind("信访局", "信访反映信息"),
    "microcredit": FileKind("金融监管局", "脱贫人口小额信贷台账"),
}


@dataclass(frozen=True)
class Summary:
    """What was written."""

    villages: int
    households: int
    persons: int
    rows: int
    files: int
    inbox: Path

    def __str__(self) -> str:
        return (
            f"样本省：{self.villages} 个行政村，{self.households} 户 {self.persons} 人；"
            f"{self.files} 个部门文件 {self.rows} 行，在 {self.inbox}"
        )


@dataclass
class Block:
    """All that is known of a block of villages over the whole axis."""

    code: str
    villages: pl.DataFrame
    households: people.Households
    persons: people.Persons
    stories: stories.Stories
    economy: economy.Economy
    welfare: welfare.Welfare
    payroll: work.Payroll
    spells: work.Spells
    assets: assets.Assets
    bills: health.Bills
    homes: home.Homes
    measures: support.Measures
    ledger: register.Ledger
    numbers: pl.Series
    phones: pl.Series
    unknown: pl.DataFrame


def live(seed: int, frame: pl.DataFrame, first: int, last: int) -> Block:
    """A block's people and everything that happens to them."""
    code = str(frame["county_code"][0])
    households = people.make_households(seed, code, frame)
    persons = people.make_persons(seed, code, frame, households, last)
    told = stories.assign(seed, code, frame, households, persons, first, last)
    households = changes.happen(seed, code, households, persons, told, first, last)
    return finish(seed, frame, households, persons, told, first, last, quiet=False)


def finish(
    seed: int,
    frame: pl.DataFrame,
    households: people.Households,
    persons: people.Persons,
    told: stories.Stories,
    first: int,
    last: int,
    quiet: bool,
) -> Block:
    """What follows from people and stories: welfare, money, work, bills, houses, help, paper."""
    code = str(frame["county_code"][0])
    lists_ = welfare.make(seed, code, households, persons, told, first, last, quiet)
    money = economy.make(seed, code, households, persons, told, welfare.assistance(households, persons, lists_), last)
    payroll = work.make_payroll(seed, code, households, persons, told, lists_, last)
    seen = stories.traits(persons, households.count, last)
    return Block(
        code=code,
        villages=frame,
        households=households,
        persons=persons,
        stories=told,
        economy=money,
        welfare=lists_,
        payroll=payroll,
        spells=work.make_spells(seed, code, households, persons, told, money, lists_, payroll, first, last, quiet),
        assets=assets.make(seed, code, households, persons, told, money, lists_, last),
        bills=health.make(seed, code, households, persons, told, first, last, quiet),
        homes=home.make(seed, code, frame, households, persons, told, first, last, quiet),
        measures=support.make(seed, code, households, told, money, seen, last),
        ledger=register.make(seed, code, frame, households, persons, told, money, first, last),
        numbers=lists.household_numbers(frame, households),
        phones=names.phones(stream(seed, code, "phones"), households.count),
        unknown=lists.strangers(seed, code, frame, 0 if quiet else max(40, households.count // 8)),
    )


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
        "person_list": lists.person_feed(b.persons, b.numbers, b.phones, b.homes, month),
        "income": income_feed.statements(
            seed, b.code, b.households, b.persons, b.stories, b.economy, b.numbers, here, first, month
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
        "education": home.education_feed(b.persons, b.homes, month),
        "employment": work.employment_feed(b.persons, b.spells, begin, since, month),
        "public_post": welfare.public_post_feed(b.persons, b.welfare, month),
        "housing": home.housing_feed(b.numbers, here, b.homes, month),
        "water": home.water_feed(b.numbers, here, b.homes, month),
        "disaster": home.disaster_feed(b.numbers, b.homes, since, month),
        "vehicle": assets.vehicle_feed(b.persons, b.assets, b.code, month),
        "death": changes.death_feed(seed, b.code, b.persons, since, month),
        "move": changes.move_feed(b.persons, since, month),
        "property": assets.property_feed(b.persons, b.assets, b.code, month),
        "business": assets.business_feed(b.persons, b.assets, b.code, month),
        "payroll": work.payroll_feed(b.persons, b.payroll, month),
        "petition": home.petition_feed(b.numbers, b.homes, b.code, since, month),
        "microcredit": assets.microcredit_feed(b.numbers, here, b.assets, b.code, month),
    }
    for feed, (share, column, key) in STRANGERS.items():
        frames[feed] = lists.with_strangers(frames[feed], b.unknown, share, column, key)
    return frames


STRANGERS: dict[str, tuple[float, str, str | None]] = {
    "medical": (0.012, "证件号码", "结算单号"),
    "dibao": (0.015, "证件号码", None),
    "temporary_relief": (0.02, "证件号码", None),
    "disability": (0.02, "残疾人证号", None),
    "education": (0.012, "证件号码", None),
    "employment": (0.015, "证件号码", None),
    "public_post": (0.01, "证件号码", None),
    "vehicle": (0.03, "证件号码", "车辆识别代号"),
    "property": (0.03, "证件号码", "不动产单元号"),
    "business": (0.03, "证件号码", "统一社会信用代码"),
    "payroll": (0.03, "证件号码", None),
    "death": (0.02, "证件号码", None),
    "move": (0.03, "证件号码", None),
}
"""Feeds that also hold people of no rural list: share, identity column, own key."""


def write_sample(
    home_folder: Path,
    *,
    scale: Fraction | float = Fraction(1, 400),
    seed: int = 2021,
    months: Sequence[str] = ("2021-10", "2021-11", "2021-12"),
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Writes inbox/ and truth/ under the home folder; the same arguments give the same bytes.

    Does nothing when the same sample is there already. Raises HomeError when the inbox holds other files, unless `force`,
    which replaces the folders of these months; ValueError for months that do not follow one another.
    """
    if list(months) != [shift(months[0], i) for i in range(len(months))]:
        raise ValueError(f"样本的月份应逐月相连，收到：{'、'.join(months)}")
    inbox, truth = home_folder / "inbox", home_folder / "truth"
    stamp = {
        "version": GENERATOR_VERSION,
        "scale": str(Fraction(scale).limit_denominator(10**9)),
        "seed": seed,
        "months": list(months),
    }
    done = _standing(truth / "sample.json", stamp)
    if done is not None:
        return Summary(**done, inbox=inbox)
    _make_room(inbox, truth, months, force)
    fraction = float(scale)
    first, last = number(months[0]), number(months[-1])
    frame = prepared(seed, fraction)
    truth.mkdir(parents=True, exist_ok=True)
    counts = {"villages": 0, "households": 0, "persons": 0, "rows": 0, "files": 0}
    as_workbook = fraction <= XLSX_SCALE
    with ExitStack() as open_files:
        province = {
            (feed, month): open_files.enter_context(_opened(inbox, month, kind, as_workbook))
            for feed, kind in FILES.items()
            if kind.workbook != "export"
            for month in months
        }
        registers: dict[tuple[str, str], DeliveredFile] = {}
        outside = zhaojiaping.frame(seed)
        for of_block in (*villages.blocks(frame), outside):
            city = str(of_block["city_name"][0])
            if of_block is outside:
                block = finish(seed, outside, *zhaojiaping.settle(seed, outside, first, last), first, last, quiet=True)
            else:
                block = live(seed, of_block, first, last)
            for month in months:
                if (city, month) not in registers:
                    registers[city, month] = open_files.enter_context(
                        _opened(inbox, month, FILES["register"], as_workbook, city)
                    )
                for feed, rows in feeds(seed, block, first, number(month)).items():
                    target = registers[city, month] if feed == "register" else province[feed, month]
                    target.add(rows)
            counts["villages"] += of_block.height
            counts["households"] += block.households.count
            counts["persons"] += block.persons.count
            progress(f"样本省 {city}：{block.households.count} 户 {block.persons.count} 人")
        written = [*province.values(), *registers.values()]
        counts["rows"] = sum(f.rows for f in written)
        counts["files"] = len(written)
    (truth / "sample.json").write_text(
        json.dumps({"arguments": stamp, "summary": counts}, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    return Summary(**counts, inbox=inbox)


def prepared(seed: int, scale: float) -> pl.DataFrame:
    """The sample's villages with what is planted in them and the traits of their counties."""
    frame = planted.plan_villages(seed, villages.chosen_villages(seed, scale))
    counties = sorted(set(frame["county_code"]))
    return frame.join(
        villages.county_traits(seed, counties), on="county_code", how="left", maintain_order="left"
    ).with_columns(
        township=pl.col("township_code").rank("dense").cast(pl.Int64) - 1,
        hamlets=1
        + (5 * pl.Series(hashed(seed, [f"hamlets|{code}" for code in frame["village_code"]]))).floor().cast(pl.Int64),
    )


def _opened(inbox: Path, month: str, kind: FileKind, as_workbook: bool, place: str = "") -> DeliveredFile:
    workbook = as_workbook and kind.workbook != "never"
    path = file_path(inbox, month, kind, workbook, place)
    path.parent.mkdir(parents=True, exist_ok=True)
    return DeliveredFile(path, kind, workbook, heading=f"{place}{month[:4]}年{int(month[5:])}月{kind.title}")


def _standing(stamp_file: Path, stamp: dict[str, object]) -> dict[str, int] | None:
    """The counts of the sample that stands there, if it is the same."""
    if not stamp_file.is_file():
        return None
    known = json.loads(stamp_file.read_text(encoding="utf-8"))
    return dict(known["summary"]) if known["arguments"] == stamp else None


def _make_room(inbox: Path, truth: Path, months: Sequence[str], force: bool) -> None:
    present = sorted(p.name for p in inbox.iterdir()) if inbox.is_dir() else []
    if present and not force:
        raise HomeError(
            f"收件目录 {inbox} 里已有文件（{'、'.join(present[:3])}），不能写入样本。"
            "请换一个 FANGPIN_HOME，或清空收件目录，或用 --force 覆盖样本月份。"
        )
    for month in months:
        shutil.rmtree(inbox / month, ignore_errors=True)
    shutil.rmtree(truth, ignore_errors=True)
