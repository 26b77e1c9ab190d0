"""实地核查: the yield of every rule and whom to check next, as a page and as the workbook 实地核查建议名单.xlsx.

Does not belong here: yields and priorities (fangpin/research), results of one trip (fangpin/reports/research).
"""

from __future__ import annotations

import polars as pl

from fangpin.reports import tables
from fangpin.reports.edition import ORGANISATION, Edition
from fangpin.reports.page import INDEX, LinkGroup, Page, Section
from fangpin.reports.tables import Column, Table
from fangpin.research.field_check import ARMS, RANDOM, RISK
from fangpin.research.item import HOUSEHOLD, VILLAGE

PATH = "field-checks.html"
OF = {HOUSEHOLD: "农户", VILLAGE: "村"}

YIELDS = (
    Column("title", ("规则",), tables.TEXT, 24),
    Column("subject_word", ("对象",), tables.TEXT, 11),
    Column("leads", ("本月线索",), width=10),
    Column("checked", ("核查",), width=8),
    Column("confirmed", ("属实",), width=8),
    Column("refuted", ("不属实",), width=8),
    Column("not_seen", ("无法核实",), width=9),
    Column("share", ("属实率",), tables.SHARE, 9),
    Column("range", ("95%区间",), tables.TEXT, 18),
    Column("mean", ("估计属实率",), tables.SHARE, 11),
    Column("proposal", ("建议",), tables.TEXT, 24),
)
COUNTIES = (
    Column("short_name", ("县（市、区）",), tables.TEXT, 22, link="page"),
    Column(RISK, ("建议核查户", "按线索"), width=9),
    Column(RANDOM, ("建议核查户", "随机"), width=9),
    Column("expected", ("预计属实户",), tables.DECIMAL, 11),
    Column("hours", ("小时",), tables.DECIMAL, 9),
)
HOUSEHOLDS = (
    Column("county_name", ("县（市、区）",), tables.TEXT, 16),
    Column("arm_word", ("抽取方式",), tables.TEXT, 9),
    Column("position", ("顺序",), tables.RANK, 6),
    Column("village_name", ("行政村",), tables.TEXT, 24),
    Column("household_id", ("农户内部编号",), tables.RANK, 12),
    Column("probability", ("有问题的概率",), tables.SHARE, 9),
    Column("consequence", ("后果",), tables.DECIMAL, 8),
    Column("hours", ("小时",), tables.DECIMAL, 7),
    Column("information", ("信息量",), tables.FINE, 8),
    Column("inclusion_probability", ("入选概率",), tables.PROBABILITY, 9),
    Column("reason", ("理由",), tables.LONG, 64),
)

HOW = (
    "属实率＝属实÷（属实＋不属实），只计实地核查过的线索；估计属实率把核查前的预期也算在内（政策参数 rule_yield）。",
    "按线索：有问题的概率按各规则的估计属实率，同族规则取高、不同族合并；优先值＝概率×人数×程度÷小时数＋信息量，"
    "每选一户，同一规则再核查一次的信息量就减少；每村有上限。",
    "随机：每县从全部农户中按永久随机数抽出，入选概率已知，用来看规则漏掉了多少。近期核查过的户不再建议。",
)


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """The workbook: rules, then the households of every county."""
    return [
        ("规则属实率", Table(f"{ORGANISATION}规则属实率", YIELDS, _yields(edition), notes=HOW[:1], unit="条")),
        ("建议核查名单", Table(f"{ORGANISATION}建议核查名单", HOUSEHOLDS, _households(edition), notes=HOW[1:])),
    ]


def page(edition: Edition, downloads: LinkGroup) -> Page:
    """Rules and counties; households are in the workbook."""
    checked = edition.frame("mart.rule_yield")["checked"].sum()
    lead = (
        f"截至{edition.as_of}，实地核查过{checked}条线索。"
        if checked
        else "还没有导入实地核查结果：下面的估计属实率只是核查前的预期。"
    )
    return Page(
        PATH,
        f"{edition.month_title}实地核查",
        (INDEX,),
        (lead, "异常是线索，不是结论：属实多少，以实地核查为准；核查结果用 fangpin research import 导入。"),
        (
            Section("yields", "规则属实率", (HOW[0],), tables=(Table("规则属实率", YIELDS, _yields(edition)),)),
            Section("counties", "建议核查", HOW[1:], tables=(Table("各县建议核查户数", COUNTIES, _counties(edition)),)),
            Section("downloads", "名单下载", groups=(downloads,)),
        ),
    )


def _yields(edition: Edition) -> pl.DataFrame:
    return (
        edition.frame("mart.rule_yield")
        .sort("checked", "leads", "rule", descending=[True, True, False])
        .with_columns(
            subject_word=pl.col("subject").replace_strict(OF, return_dtype=pl.String),
            range=pl.when(pl.col("low").is_not_null()).then(
                pl.format("{}%～{}%", (100 * pl.col("low")).round(1), (100 * pl.col("high")).round(1))
            ),
        )
    )


def _counties(edition: Edition) -> pl.DataFrame:
    names = (
        edition.frame("ref.place")
        .filter(pl.col("level") == "county")
        .select(county_code="place_code", full_name="full_name", page=pl.format("county/{}.html", "place_code"))
    )
    arms = [(pl.col("arm") == arm).sum().cast(pl.Int64).alias(arm) for arm in ARMS]
    counted = (
        edition.frame("mart.field_check")
        .group_by("county_code")
        .agg(*arms, expected=pl.col("probability").sum(), hours=pl.col("hours").sum())
    )
    return (
        edition.with_short_names(names)
        .join(counted, on="county_code")
        .sort("expected", "county_code", descending=[True, False])
    )


def _households(edition: Edition) -> pl.DataFrame:
    names = edition.frame("ref.division").select("village_code", "village_name", "county_name", "township_name")
    return (
        edition.frame("mart.field_check")
        .join(names, on="village_code", how="left")
        .with_columns(
            village_name=pl.format("{}{}", "township_name", "village_name"),
            arm_word=pl.col("arm").replace_strict(ARMS, return_dtype=pl.String),
        )
        .sort("county_code", pl.col("arm") == RANDOM, "position")
    )
