"""The page of policy: units in Chinese, tables instead of literals, decisions by number, every value once."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest

from fangpin.reports import policy
from fangpin.reports.edition import Edition, definitions, parsed
from fangpin.reports.tables import cited, shown
from tests.made_up_edition import edition


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


def printed(made_up: Edition) -> dict[str, list[list[str]]]:
    """The cells of every table of the page, as printed, by the section's id."""
    return {
        section.id: [
            [shown(column.kind, row[column.key]) for column in table.columns]
            for table in section.tables
            for row in table.rows.iter_rows(named=True)
        ]
        for section in policy.page(made_up).sections
    }


def test_every_unit_of_policy_has_a_chinese_word(made_up: Edition) -> None:
    units = set(made_up.frame("ref.policy_value")["unit"])
    units |= {indicator["unit"] for indicator in made_up.policy("scorecard")["indicators"]}
    assert units == set(policy.UNITS)
    assert not any(re.search("[a-z_]", word) for word in policy.UNITS.values())


def test_no_literal_no_path_no_english_unit(made_up: Edition) -> None:
    cells = [cell for rows in printed(made_up).values() for row in rows for cell in row]
    assert len(cells) > 300
    for cell in cells:
        assert not re.search(r"[\[\]{}']|docs/|\.md|[a-z]_", cell), cell


def test_nothing_is_printed_twice(made_up: Edition) -> None:
    rows = printed(made_up)
    values = [tuple(row) for row in rows["values"] + rows["other-values"] + rows["reference"]]
    assert len(values) == len(set(values))
    plain = made_up.frame("ref.policy_value").filter(~pl.col("parameter").is_in(policy.OWN_TABLES))
    assert len(values) == plain.height


def test_places_have_names(made_up: Edition) -> None:
    rows = printed(made_up)
    lines = {
        row[1]: row[2:4] for section in ("values", "other-values") for row in rows[section] if "监测收入线" in row[0]
    }
    assert lines["河南省"] == ["6,000", "元/人·年"]
    assert lines["山西省吕梁市兴县"] == ["6,000", "元/人·年"]
    assert lines["湖南省（代码4310）"] == ["5,000", "元/人·年"]
    assert lines["全国"] == ["6,000", "元/人·年"]
    assert all("河南" in row[1] or "兴县" in row[1] or row[1] == "全国" for row in rows["values"])


def test_the_score_card_is_a_table(made_up: Edition) -> None:
    rows = printed(made_up)["scorecard"]
    bands = sum(len(indicator["bands"]) for indicator in made_up.policy("scorecard")["indicators"])
    assert len([row for row in rows if len(row) == 6]) == bands
    margin = next(i for i in made_up.policy("scorecard")["indicators"] if i["name"] == "income_margin")
    title, source, hard = margin["title"], margin["clause"], margin["bands"][0]["hard"]
    assert ["收入（30分）", title, "低于0%", "30", hard, source] in rows
    assert ["收入（30分）", title, "20%至不足50%", "10", "", source] in rows
    assert ["收入（30分）", "转移性收入占比", "60%及以上", "5", "", "本项目决定0016"] in rows
    assert ["劳动力与突发（20分）", "近三个月失去工作人数", "1", "6", "", "施甸县通知（2021年4月26日）二（二）"] in rows
    assert rows[-4:] == [["高", "45至100"], ["中", "25至44"], ["低", "1至24"], ["无", "0"]]


def test_what_nothing_reckons_with_stands_apart_and_says_for_whom(made_up: Edition) -> None:
    rows = printed(made_up)
    others = rows["values"] + rows["other-values"]
    assert any("家庭资产比对的项目" in row[0] for row in rows["reference"])
    assert not any("家庭资产比对的项目" in row[0] for row in others)
    assert all(row[-1] for row in rows["reference"])
    price = next(row for row in others if "家庭资产清单：小型汽车" in row[0] and row[1] == "全国")
    assert price[2:4] == ["未知（留空）", "元"]


def test_schemes_of_categories_are_rows(made_up: Edition) -> None:
    rows = printed(made_up)["categories"]
    assert [row[:4] for row in rows] == [
        ["2020-03-20", "不适用", "脱贫不稳定户", "脱贫户"],
        ["2020-03-20", "不适用", "边缘易致贫户", "一般农户"],
        ["2021-05-16", "适用", "脱贫不稳定户", "脱贫户"],
        ["2021-05-16", "适用", "边缘易致贫户", "一般农户"],
        ["2021-05-16", "适用", "突发严重困难户", "不限"],
        ["2026-02-03", "不适用", "未知（留空）", ""],
    ]


def test_what_must_be_verified_is_defined(made_up: Edition) -> None:
    words = dict(definitions(made_up))
    assert "疑似失学辍学、危房住人、饮水不达标" in words["必核查"]
    assert "未列入监测" in words["未在监测中"] and "已标注消除" in words["未在监测中"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.3", "share", "30"),
        ("20000", "yuan", "20,000"),
        ("2021-05", "month", "2021-05"),
        ("[]", "codes", "不指定"),
        ("['4101', '4102']", "codes", "4101、4102"),
        ("tjdc-2021", "text", "tjdc-2021"),
        ("True", "yesno", "是"),
        ("False", "yesno", "否"),
        ("未知", "yuan", "未知（留空）"),
    ],
)
def test_values_as_read(value: str, unit: str, text: str) -> None:
    assert policy.value_text(parsed(value), unit) == text


def test_decisions_are_cited_by_number() -> None:
    assert cited("决定 docs/decisions/0016-scorecard.md") == "本项目决定0016"
    assert cited("确认至2020年（决定 docs/decisions/0011-zhaojiaping-line.md）。") == "确认至2020年（本项目决定0011）。"
    assert cited("中农组发〔2021〕7号") == "中农组发〔2021〕7号"
    assert shown("code", dt.date(2021, 5, 16)) == "2021-05-16"
