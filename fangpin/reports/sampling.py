"""调研抽样: the rehearsal of every plan as a page and a workbook, what it can and cannot tell, how to draw it again.

Does not belong here: the draw and its figures (fangpin/research), documents of a trip (fangpin/reports/research).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from fangpin.reports import tables
from fangpin.reports.edition import ORGANISATION, Edition
from fangpin.reports.page import INDEX, LinkGroup, Page, Section
from fangpin.reports.tables import Column, Table
from fangpin.research.draw import ARMS, NOT_GENERALISABLE, PRIMARY, RESERVE, WORDS
from fangpin.research.households import ARM_WORDS

ROLES = {"正选村": PRIMARY, "备选村": RESERVE}
REHEARSAL = "预抽"
TEAM_WORD = "第{}组"

_PLAN = Column("title", ("方案",), tables.TEXT, 22)
_VILLAGE = (
    Column("city_name", ("市",), tables.TEXT, 10),
    Column("county_name", ("县（市、区）",), tables.TEXT, 14),
    Column("village_name", ("行政村",), tables.TEXT, 20),
)
VILLAGES = (
    Column("number", ("序号",), tables.RANK, 5),
    *_VILLAGE,
    Column("village_code", ("行政村代码",), tables.CODE, 15),
    Column("county_basis", ("选县依据",), tables.TEXT, 12),
    Column("basis", ("选村依据",), tables.TEXT, 12),
    Column("inclusion_probability", ("入选概率",), tables.PROBABILITY, 9),
    Column("draw_order", ("顺序",), tables.RANK, 6),
    Column("monitored_households", ("监测对象", "户"), width=7),
    Column("eliminated_households", ("监测对象", "已消除"), width=7),
    Column("small_sample", ("小样本",), tables.FLAG, 7),
    Column("reason", ("入选理由",), tables.LONG, 64),
)
HOUSEHOLDS = (
    Column("number", ("序号",), tables.RANK, 5),
    *_VILLAGE,
    Column("household_id", ("农户内部编号",), tables.RANK, 12),
    Column("stratum", ("层",), tables.TEXT, 24),
    Column("way", ("抽取方式",), tables.TEXT, 9),
    Column("role_word", ("类别",), tables.TEXT, 7),
    Column("inclusion_probability", ("村内入选概率",), tables.PROBABILITY, 12),
    Column("reason", ("抽中理由",), tables.LONG, 48),
)
VISITS = (
    *_VILLAGE,
    *(Column(arm, ("入户", word), width=8) for arm, word in ARM_WORDS.items()),
    Column("visited", ("入户", "合计"), width=8),
)
TEAMS = (
    Column("team_word", ("调研组",), tables.TEXT, 8),
    Column("city_name", ("市",), tables.TEXT, 12),
    Column("members", ("组员",), tables.TEXT, 34),
    Column("kilometres", ("全程公里", "估算"), tables.DECIMAL, 10),
    Column("reason", ("说明",), tables.LONG, 56),
)
DAYS = (
    Column("team_word", ("调研组",), tables.TEXT, 8),
    Column("day_word", ("日期",), tables.TEXT, 16),
    Column("county_name", ("县（市、区）",), tables.TEXT, 16),
    Column("village_name", ("行政村",), tables.TEXT, 22),
    Column("task", ("工作",), tables.LONG, 30),
)
PRECISION = (
    Column("what", ("项目",), tables.TEXT, 30),
    Column("figure", ("数值",), tables.TEXT, 24),
    Column("words", ("怎样理解",), tables.LONG, 90),
)
PROBABILITY_NOTE = (
    "入选概率：县的概率乘以村在县内的概率；按排名选取的在其范围内必去，概率为1；备选村没有概率，替换正选村时按顺序取。"
)


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """The workbook: villages, reserves, households, teams, days, and what it can tell."""
    found = [
        (name, Table(f"{ORGANISATION}调研抽样名单（{name}，{REHEARSAL}）", _columns(edition, VILLAGES), rows, notes=()))
        for name, role in ROLES.items()
        for rows in (_numbered(villages(edition, role)),)
    ]
    others = (
        ("入户名单", HOUSEHOLDS, _numbered(_households(edition))),
        ("调研分组", TEAMS, _teams(edition)),
        ("调研日程", DAYS, _days(edition)),
        ("抽样能说明什么", PRECISION, _precision(edition)),
    )
    found += [
        (name, Table(f"{ORGANISATION}{name}（{REHEARSAL}）", _columns(edition, columns), rows))
        for name, columns, rows in others
    ]
    return found


def page(edition: Edition, downloads: LinkGroup) -> Page:
    """The rehearsal on the site: no household, only how many of which kind in each village."""
    drawn = villages(edition, PRIMARY)
    parts = []
    for name, role in ROLES.items():
        rows = _numbered(villages(edition, role)).with_columns(page=pl.format("county/{}.html", "county_code"))
        columns = tuple(replace(c, link="page") if c.key == "county_name" else c for c in _columns(edition, VILLAGES))
        parts.append(Section(role, name, tables=(Table(f"调研抽样名单（{name}，{REHEARSAL}）", columns, rows),)))
    parts[0] = replace(parts[0], text=(PROBABILITY_NOTE,))
    shown = (
        ("households", "入户", VISITS, _visits(edition)),
        ("teams", "分组", TEAMS, _teams(edition)),
        ("days", "日程", DAYS, _days(edition)),
        ("precision", "抽样能说明什么", PRECISION, _precision(edition)),
    )
    parts += [
        Section(id, title, tables=(Table(f"{title}（{REHEARSAL}）", _columns(edition, columns), rows),))
        for id, title, columns, rows in shown
    ]
    lead = (
        f"{REHEARSAL}：按本月数据和固定种子抽出，用来看方案行不行，不是正式抽样。"
        f"共{drawn['city_code'].n_unique()}个市、{drawn['county_code'].n_unique()}个县、{drawn.height}个行政村，"
        "正选村确不能去时，按备选顺序替换并记录原因。"
    )
    leads = [lead]
    if limited := edition.frame("research_plans").filter(pl.col("top_only")).sort("plan")["title"].to_list():
        leads.append(f"{'、'.join(limited)}只取排名靠前的地区，{NOT_GENERALISABLE}。")
    replay = Section("replay", "怎样复核", text=_replay(edition), groups=(downloads,))
    title = f"{edition.month_title}调研抽样名单（{REHEARSAL}）"
    return Page("sample.html", title, (INDEX,), tuple(leads), (*parts, replay))


def _replay(edition: Edition) -> tuple[str, ...]:
    plans = edition.frame("research_plans").sort("plan")
    seeds = "、".join(f"{title}：{seed}" for title, seed in plans.select("title", "seed").iter_rows())
    return (
        f"{REHEARSAL}种子：{seeds}。每个村的随机数是 SHA-256(种子|村代码) 的前13位十六进制数（加0.5后除以2的52次方），"
        "与程序、顺序都无关；按 [u/(1−u)]÷[π/(1−π)] 从小到大取，π 是按监测对象户数分配的目标概率；表中的入选概率是"
        "这样取的精确概率。",
        "正式抽样先冻结名册、公布名册校验值和保密串校验值（fangpin research freeze），再用事先说定的公开数字抽取"
        "（fangpin research draw）。抽样档案 audit.json 里有名册、种子和全部结果，"
        "任何人都能用 fangpin research verify 重算。",
        "重抽要写明原因并留下记录；人工指定或排除的村单独登记，入选概率随之改变。",
    )


def villages(edition: Edition, role: str) -> pl.DataFrame:
    """mart.research_sample of one role in the order of the plan, criteria in Chinese, small samples marked."""
    small = edition.ranking("village", "count_households").select(
        village_code="place_code", small_sample="small_sample"
    )
    drawn = edition.frame("mart.research_sample").filter(pl.col("role") == role)
    return (
        _titled(edition, drawn)
        .join(small, on="village_code", how="left")
        .sort("plan", "city_code", "county_code", "slot", "draw_order", "village_code")
        .with_columns(county_basis=_basis("county_arm", "county_criterion"), basis=_basis("arm", "criterion"))
    )


def _basis(arm: str, criterion: str) -> pl.Expr:
    words = pl.col(criterion).replace_strict(WORDS, return_dtype=pl.String)
    return pl.format("{}（{}）", pl.col(arm).replace_strict(ARMS, return_dtype=pl.String), words)


def _titled(edition: Edition, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.join(edition.frame("research_plans").select("plan", "title"), on="plan", how="left")


def _columns(edition: Edition, columns: Sequence[Column]) -> tuple[Column, ...]:
    """With the plan in front where there are several."""
    return (_PLAN, *columns) if edition.frame("research_plans").height > 1 else tuple(columns)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _placed(edition: Edition, frame: pl.DataFrame) -> pl.DataFrame:
    """With the names of the village, county and city."""
    names = edition.frame("mart.research_sample").select(
        "plan", "village_code", "village_name", "county_code", "county_name", "city_code", "city_name"
    )
    return _titled(edition, frame.join(names, on=["plan", "village_code"], how="left"))


def _households(edition: Edition) -> pl.DataFrame:
    words: Mapping[str, str] = {PRIMARY: "正选", RESERVE: "备选"}
    return (
        _placed(edition, edition.frame("mart.research_household"))
        .sort("plan", "city_code", "county_code", "village_code", "role", "stratum", "draw_order")
        .with_columns(
            way=pl.col("arm").replace_strict(ARM_WORDS, return_dtype=pl.String),
            role_word=pl.col("role").replace_strict(words, return_dtype=pl.String),
        )
    )


def _visits(edition: Edition) -> pl.DataFrame:
    arms = [(pl.col("arm") == arm).sum().cast(pl.Int64).alias(arm) for arm in ARM_WORDS]
    primary = edition.frame("mart.research_household").filter(pl.col("role") == PRIMARY)
    counted = primary.group_by("plan", "village_code").agg(*arms, visited=pl.len().cast(pl.Int64))
    return _placed(edition, counted).sort("plan", "city_code", "county_code", "village_code")


def _teams(edition: Edition) -> pl.DataFrame:
    return (
        _titled(edition, edition.frame("mart.research_team"))
        .sort("plan", "team", "city_code")
        .with_columns(team_word=pl.format(TEAM_WORD, "team"))
    )


def _days(edition: Edition) -> pl.DataFrame:
    drawn = edition.frame("mart.research_sample")
    counties = drawn.select("county_code", "county_name").unique()
    names = drawn.select("village_code", "village_name").unique()
    dated = pl.format("第{}天（{}）", "day_number", pl.col("day").dt.strftime("%m月%d日"))
    return (
        _titled(edition, edition.frame("mart.research_day"))
        .join(counties, on="county_code", how="left")
        .join(names, on="village_code", how="left")
        .sort("plan", "team", "place_order")
        .with_columns(
            team_word=pl.format(TEAM_WORD, "team"),
            day_word=pl.when(pl.col("day").is_null()).then(pl.format("第{}天", "day_number")).otherwise(dated),
        )
    )


def _precision(edition: Edition) -> pl.DataFrame:
    return _titled(edition, edition.frame("research_precision")).sort("plan", "number")
