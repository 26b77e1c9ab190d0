"""The page of policy and words: every value in force with its unit in Chinese and its document or decision.

Does not belong here: the values (policy/), and what they are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from fangpin.policy import BLANK, UNITS
from fangpin.reports import tables
from fangpin.reports.edition import Edition, definitions, parsed
from fangpin.reports.page import INDEX, Page, Section
from fangpin.reports.tables import Column, Table

_PROVINCES = """
11北京市 12天津市 13河北省 14山西省 15内蒙古自治区 21辽宁省 22吉林省 23黑龙江省
31上海市 32江苏省 33浙江省 34安徽省 35福建省 36江西省 37山东省 41河南省
42湖北省 43湖南省 44广东省 45广西壮族自治区 46海南省 50重庆市 51四川省 52贵州省
53云南省 54西藏自治区 61陕西省 62甘肃省 63青海省 64宁夏回族自治区 65新疆维吾尔自治区
"""
PROVINCES = {word[:2]: word[2:] for word in _PROVINCES.split()}
"""Names of the provinces by the first two digits of a code: for values of places the month's divisions do not hold."""

OWN_TABLES = ("category", "scorecard")
"""Parameters that are tables themselves."""

VALUES = (
    Column("title", ("名称",), tables.LONG),
    Column("applies_to", ("适用地区",), tables.TEXT),
    Column("shown_value", ("取值",), tables.TEXT),
    Column("shown_unit", ("单位",), tables.TEXT),
    Column("effective_from", ("生效日期",), tables.CODE),
    Column("still_valid_on", ("最近确认日期",), tables.CODE),
    Column("source", ("出处",), tables.LONG),
)
REFERENCE = (*VALUES, Column("for_reference", ("用途",), tables.LONG))
CATEGORIES = (
    Column("effective_from", ("生效日期",), tables.CODE),
    Column("state", ("本月",), tables.TEXT),
    Column("category", ("监测对象类别",), tables.TEXT),
    Column("household_type", ("户类型",), tables.TEXT),
    Column("source", ("出处",), tables.LONG),
)
CARD = (
    Column("family", ("分族（上限）",), tables.TEXT),
    Column("title", ("指标",), tables.LONG),
    Column("band", ("档次",), tables.TEXT),
    Column("points", ("分数",)),
    Column("hard", ("必核查",), tables.LONG),
    Column("source", ("出处",), tables.LONG),
)
LEVELS = (Column("name", ("风险等级",), tables.TEXT), Column("band", ("风险分",), tables.TEXT))
WORDS = (Column("term", ("用语",), tables.TEXT), Column("meaning", ("含义",), tables.LONG))


def page(edition: Edition) -> Page:
    """The words used, and every policy value once, with its document or decision."""
    values = shown_values(edition)
    reckoned = pl.col("for_reference").is_null()
    here = pl.col("in_force") & pl.col("here")
    versions = pl.DataFrame(tables.versions(edition), schema=["term", "meaning"], orient="row")
    lead = (
        "政策数值都有出处：文件与条款，或写明理由的决定。数值沿用到有新值为止；超过最近确认日期的，另行提示。",
        "“本项目决定”及其编号，指没有上级文件可依时由本项目作出的决定；理由全文在程序文档的决定目录中，可按编号查阅。",
    )
    words = pl.DataFrame(definitions(edition), schema=["term", "meaning"], orient="row")
    return Page(
        path="policy.html",
        title="政策与口径",
        trail=(INDEX,),
        lead=lead,
        sections=(
            Section("words", "口径", tables=(Table("用语", WORDS, words),)),
            Section(
                "values",
                "本月适用的政策数值",
                tables=(Table("政策数值与出处", VALUES, values.filter(reckoned & here)),),
            ),
            Section("categories", "监测对象类别", tables=(Table("监测对象类别", CATEGORIES, _categories(edition)),)),
            _scorecard(edition),
            Section(
                "other-values",
                "其他政策数值",
                text=("本月不用于计算：已被新值替代、尚未生效、未知（留空），或属于本月没有农户的地区。",),
                tables=(Table("其他政策数值与出处", VALUES, values.filter(reckoned & ~here)),),
            ),
            Section(
                "reference",
                "供查阅的政策数值",
                text=("只供查阅，不参与任何计算；未知（留空）的，没有见到文件。",),
                tables=(Table("供查阅的政策数值与出处", REFERENCE, values.filter(~reckoned)),),
            ),
            Section("version", "版本", tables=(Table("本版", WORDS, versions),)),
        ),
    )


def shown_values(edition: Edition) -> pl.DataFrame:
    """ref.policy_value without the parameters that are tables, in the words of the page; here: for our places."""
    names = _names(edition)
    rows = [
        row
        | {
            "applies_to": _place(row["place"], names),
            "here": row["place"] == "" or row["place"] in names,
            "shown_value": value_text(parsed(row["value"]), row["unit"]),
            "shown_unit": UNITS.get(row["unit"], row["unit"]),
        }
        for row in edition.frame("ref.policy_value")
        .filter(~pl.col("parameter").is_in(OWN_TABLES))
        .sort("parameter", "place", "effective_from")
        .iter_rows(named=True)
    ]
    return pl.DataFrame(
        rows, infer_schema_length=None, schema_overrides={"still_valid_on": pl.Date, "for_reference": pl.String}
    )


def _names(edition: Edition) -> dict[str, str]:
    """Full names of all places by code, and of the provinces by their two digits."""
    place = edition.frame("ref.place").select("place_code", "full_name")
    return dict(place.iter_rows())


def _place(code: str, names: Mapping[str, str]) -> str:
    if not code:
        return "全国"
    return names.get(code) or f"{PROVINCES.get(code[:2], '')}（代码{code}）"


def value_text(value: Any, unit: str) -> str:
    """A value as it is read: shares as percentages, amounts with commas, lists joined by 、; a blank as unknown.
    Of a mapping each name with its value.
    """
    if value is None or value == BLANK:
        return "未知（留空）"
    if isinstance(value, Mapping):
        return "，".join(f"{name} {value_text(each, unit)}" for name, each in value.items()) or "不指定"
    if isinstance(value, list):
        return "、".join(value_text(v, unit) for v in value) or "不指定"
    if unit == "yesno" or isinstance(value, bool):
        return {"True": "是", "False": "否"}[str(value)]
    if unit == "share":
        return f"{100 * float(value):g}"
    if unit.startswith("yuan"):
        return f"{float(value):,g}" if float(value) < 1e6 else f"{float(value):,.0f}"
    if unit == "number":
        return f"{float(value):g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _categories(edition: Edition) -> pl.DataFrame:
    """The classes of monitored households, one row per scheme and class."""
    rows = []
    schemes = edition.frame("ref.policy_value").filter(pl.col("parameter") == "category").sort("effective_from")
    for scheme in schemes.iter_rows(named=True):
        blank = [{"name": value_text(BLANK, "class"), "household_type": ""}]
        for category in blank if scheme["value"] == BLANK else parsed(scheme["value"]):
            rows.append(
                {
                    "effective_from": scheme["effective_from"],
                    "state": "适用" if scheme["in_force"] else "不适用",
                    "category": category["name"],
                    "household_type": category.get("household_type", "不限"),
                    "source": scheme["source"],
                }
            )
    return pl.DataFrame(rows)


def _scorecard(edition: Edition) -> Section:
    """The score card as it scores: every indicator's bands with points, and what is 必核查."""
    card = edition.policy("scorecard")
    rows = [
        {
            "family": f"{family['title']}（{family['cap']}分）",
            "title": indicator["title"],
            "band": band_text(band, indicator["unit"]),
            "points": band["points"],
            "hard": band.get("hard", ""),
            "source": indicator["clause"],
        }
        for key, family in card["families"].items()
        for indicator in card["indicators"]
        if indicator["family"] == key
        for band in indicator["bands"]
    ]
    from_points = [level["from"] for level in card["levels"]]
    up_to = [100, *(points - 1 for points in from_points[:-1])]
    levels = [
        {"name": level["name"], "band": f"{low}" if low == high else f"{low}至{high}"}
        for level, low, high in zip(card["levels"], from_points, up_to, strict=True)
    ]
    protective = "、".join(p["text"] for p in card["protective"])
    found = edition.frame("ref.policy_value").filter((pl.col("parameter") == "scorecard") & pl.col("in_force"))
    return Section(
        "scorecard",
        "风险评分卡",
        text=(
            "同族各指标分数相加，超过上限的按上限计；四族相加为风险分。不详的指标不计分，另按最高可能计出上限。",
            f"保护因素（{protective}）只在分数旁说明，不减分。评分卡整体出处：{tables.cited(found['source'].item())}。",
        ),
        tables=(
            Table("指标、档次与分数", CARD, pl.DataFrame(rows)),
            Table("风险等级", LEVELS, pl.DataFrame(levels)),
        ),
    )


def band_text(band: Mapping[str, Any], unit: str) -> str:
    """A band in words: from `lower` (included) to `upper` (excluded)."""
    if unit == "yesno":
        return "是"
    low, high = (None if band.get(k) is None else value_text(band[k], unit) for k in ("lower", "upper"))
    sign = {"share": "%", "percent": "%", "yuan": "元"}.get(unit, "")
    if low is None:
        return f"低于{high}{sign}"
    if high is None:
        return f"{low}{sign}及以上"
    if unit == "count" and band["upper"] - band["lower"] == 1:
        return low
    return f"{low}{sign}至不足{high}{sign}"
