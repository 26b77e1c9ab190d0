"""The site as files: figures, links, anchors, tables beside charts; nothing from outside, nothing out of its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urldefrag

import polars as pl
import pytest

from assets.publish.edition import SUMMARIES
from assets.publish.expectations import FRAMES
from checks.catalogue import contracts
from fangpin.ranks.criteria import CRITERIA, LEVELS
from fangpin.reports import evidence, lineage, rankings, site, tables
from fangpin.reports.edition import Edition, GateResult
from fangpin.reports.topic_figures import TOPICS
from tests.made_up_edition import LINEAGE, WARNING, edition
from tests.parsed_page import Parsed, parse

WORKBOOKS = (
    "监测对象汇总表.xlsx",
    "县村排名.xlsx",
    "调研抽样名单.xlsx",
    "部门数据质量评分.xlsx",
    "专题调研数据包.xlsx",
    "监测标准测算.xlsx",
    "刚性支出口径比较.xlsx",
    "监测对象范围测算.xlsx",
    "家庭资产清单测算.xlsx",
    "风险消除口径比较.xlsx",
    "实地核查建议名单.xlsx",
)
GATE = (
    GateResult("生成次序", "core.household", "依据的2项输入都是现行生成", "20行", "通过"),
    GateResult("表检查", "mart.alert", "主键唯一", "0处不符", "通过"),
    GateResult("表检查", "core.rigid_expenditure", "同一次住院只报送一次", "3处不符", "提示"),
    GateResult("发布预期", "totals", "各级农户数之和等于全省", "4行中0行不符", "通过"),
)


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def files(made_up: Edition) -> dict[str, bytes]:
    return {**dict(site.site(made_up)), "gate.html": site.gate_page(made_up, GATE)}


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, Parsed]:
    return {path: parse(content) for path, content in files.items() if path.endswith(".html")}


def addresses(pages: dict[str, Parsed]) -> Iterator[tuple[str, str, str]]:
    for path, page in pages.items():
        for href in page.links + page.sources:
            target, anchor = urldefrag(href)
            yield path, unquote(target), anchor


def test_every_expected_page_is_there(pages: dict[str, Parsed], made_up: Edition) -> None:
    counties = set(made_up.frame("mart.county_ranking")["place_code"])
    assert set(pages) == {
        "index.html",
        *(f"{level}-{c.replace('_', '-')}.html" for level in LEVELS for c in CRITERIA),
        "sample.html",
        "anomalies.html",
        "field-checks.html",
        "topics.html",
        *(f"topic/{topic.name}.html" for topic in TOPICS),
        "line.html",
        "criterion.html",
        *("coverage.html", "assets.html", "elimination.html"),
        "quality.html",
        "policy.html",
        "lineage.html",
        "gate.html",
        "county/141123208.html",
        *(f"county/{code}.html" for code in counties),
    }


def test_nothing_comes_from_outside(files: dict[str, bytes], pages: dict[str, Parsed]) -> None:
    for path, target, _ in addresses(pages):
        assert not target.startswith(("http:", "https:", "//", "file:", "ftp:", "javascript:")), (path, target)
    for path, content in files.items():
        if path.endswith((".html", ".css")):
            assert b"http://" not in content and b"https://" not in content, path
            assert b"@import" not in content and b"url(" not in content, path
            assert path.endswith(".css") or b"default-src &#39;none&#39;" in content, path


def test_every_link_and_anchor_leads_somewhere(files: dict[str, bytes], pages: dict[str, Parsed]) -> None:
    workbooks = {f"../workbooks/{name}" for name in WORKBOOKS}
    for path, target, anchor in addresses(pages):
        if target.startswith("data:"):
            continue
        found = (Path(path).parent / target).as_posix() if target else path
        parts: list[str] = []
        for part in found.split("/"):
            if part == ".." and parts and parts[-1] != "..":
                parts.pop()
            else:
                parts.append(part)
        found = "/".join(parts)
        if found in workbooks:
            continue
        assert found in files, (path, target)
        assert not anchor or anchor in pages[found].ids, (path, target, anchor)


def test_ids_are_unique_on_a_page(pages: dict[str, Parsed]) -> None:
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path


def test_a_table_beside_every_chart(pages: dict[str, Parsed]) -> None:
    charts = 0
    for path, page in pages.items():
        for section, parts in page.sections.items():
            if "figure" in parts:
                charts += parts.count("figure")
                assert "table" in parts, (path, section)
    assert charts > 20


def test_charts_are_plain_data_without_maps(files: dict[str, bytes], pages: dict[str, Parsed]) -> None:
    for page in pages.values():
        for script in filter(None, page.scripts):
            figure = json.loads(script)
            assert {trace["type"] for trace in figure["data"]} <= {"bar", "scatter", "heatmap"}
            assert not {"geo", "mapbox", "map"} & set(figure["layout"])


def test_county_pages_are_linked_both_ways(pages: dict[str, Parsed], made_up: Edition) -> None:
    for code in set(made_up.frame("mart.county_ranking")["place_code"]):
        href = f"county/{code}.html"
        assert href in pages["index.html"].links
        for criterion in CRITERIA:
            assert href in pages[rankings.href("county", criterion)].links
        back = pages[href].links
        assert "../index.html" in back
        assert "../county-count-households.html" in back
        assert f"../index.html#city-{code[:4]}" in back
    assert "county/141123208.html" in pages["index.html"].links
    assert "../index.html#elsewhere" in pages["county/141123208.html"].links


def test_index_figures(pages: dict[str, Parsed], made_up: Edition) -> None:
    places = made_up.frame("mart.place_month")
    villages = places.filter((pl.col("level") == "village") & pl.col("in_province"))
    total = {key: villages[key].sum() for key in ("households", "persons", "monitored_households", "monitored_persons")}
    text = "".join(pages["index.html"].text)
    assert f"全省有农户{total['households']:,}户{total['persons']:,}人" in text
    assert f"监测对象{total['monitored_households']:,}户{total['monitored_persons']:,}人" in text
    before = made_up.frame("previous").filter((pl.col("level") == "village") & pl.col("in_province"))
    change = total["monitored_households"] - before["monitored_households"].sum()
    assert f"较上月{change:+,}" in text or (change == 0 and "与上月持平" in text)


def test_the_township_outside_the_province(pages: dict[str, Parsed]) -> None:
    """晋乡振发〔2022〕46号: 2,535 / 7,160; 45 / 131; eliminated 41 / 117; left 4 / 14; 91.1 % and 89.3 %."""
    page = pages["county/141123208.html"]
    text = "".join(page.text)
    assert "赵家坪乡有农户2,535户7,160人" in text
    assert "监测对象45户131人，其中风险已消除41户117人，未消除4户14人，风险消除率按户91.1%、按人89.3%" in text
    assert "省外地区单列，不计入全省合计、排名与抽样" in text
    assert ["脱贫不稳定户", "33", "96", "3", "11", "30", "85", "90.9%", "88.5%"] in page.rows
    listed = [row for level in LEVELS for row in pages[rankings.href(level, "count_households")].rows]
    assert not any("赵家坪" in cell for row in listed for cell in row)


def test_class_rows_add_up(pages: dict[str, Parsed], made_up: Edition) -> None:
    for code in ("index", *(f"county/{c}" for c in made_up.frame("mart.county_ranking")["place_code"].unique())):
        rows = {row[0]: row[1:7] for row in pages[f"{code}.html"].rows if len(row) == 9}
        total = [int(v.replace(",", "")) for v in rows["合计"]]
        parts = [[int(v.replace(",", "")) for v in rows[c]] for c in ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")]
        assert [sum(column) for column in zip(*parts, strict=True)] == total


def test_rankings_in_prepared_orders(pages: dict[str, Parsed], made_up: Edition) -> None:
    for level in LEVELS:
        for criterion in CRITERIA:
            page = pages[rankings.href(level, criterion)]
            ranks = [int(row[0]) for row in page.rows if row and row[0].isdigit() and len(row) > 3]
            assert ranks == sorted(ranks)
            frame = made_up.frame(f"mart.{level}_ranking").filter(criterion=criterion)
            assert len(ranks) == frame.filter(pl.col("monitored_households") > 0)["rank"].is_not_null().sum()
            assert {rankings.href(level, other) for other in CRITERIA} <= set(page.links)


def test_small_samples_carry_a_badge(pages: dict[str, Parsed], made_up: Edition) -> None:
    frame = made_up.frame("mart.village_ranking").filter(criterion="count_households")
    rows = (r[1:] for r in pages["village-count-households.html"].rows)
    badges = sum("小样本" in row for row in rows if "农户数" not in row)
    assert badges == frame["small_sample"].sum() > 0


def test_a_long_ranking_is_cut_and_says_where_the_rest_is(made_up: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fangpin.reports.rankings.PAGE_ROWS", 3)
    page = parse(dict(site.site(made_up))["village-count-households.html"])
    assert len([row for row in page.rows if row and row[0].isdigit() and len(row) > 3]) == 3
    assert "本页列前3个村；全部13个村见工作簿" in "".join(page.text)


def test_warning_and_vintage_on_every_page(pages: dict[str, Parsed], made_up: Edition) -> None:
    for path, page in pages.items():
        text = "".join(page.text)
        assert (WARNING in text) == (path != "county/141123208.html"), path
        assert f"政策版本 {made_up.policy_version}" in text, path
        assert "2021-12/v001" in text, path


def test_no_previous_month_no_comparison(made_up: Edition) -> None:
    frames = {**made_up.frames, "previous": made_up.frame("previous").clear()}
    text = "".join(parse(dict(site.site(replace(made_up, frames=frames)))["index.html"]).text)
    assert "上月" not in text


def test_text_of_the_data_stays_text(made_up: Edition) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    leads = made_up.frame("leads").with_columns(evidence=pl.lit(hostile), title=pl.lit(hostile))
    counts = made_up.frame("lead_counts").with_columns(title=pl.lit(hostile))
    places = made_up.frame("mart.place_month").with_columns(
        pl.when(pl.col("level") == "township").then(pl.lit(hostile)).otherwise("place_name").alias("place_name")
    )
    frames = {**made_up.frames, "leads": leads, "lead_counts": counts, "mart.place_month": places}
    for path, content in site.site(replace(made_up, frames=frames)):
        if path.endswith(".html"):
            assert b"<script>alert" not in content and b"<img" not in content, path
            parse(content)


def test_an_empty_month_still_renders(made_up: Edition) -> None:
    empty = (
        "leads",
        "lead_counts",
        "alerts",
        "scores",
        "causes",
        "hard_triggers",
        "highest",
        "mart.village_anomaly",
        "mart.research_sample",
        "mart.research_household",
        "mart.research_team",
        "mart.research_day",
        "mart.field_check",
    )
    frames = {name: frame.clear() if name in empty else frame for name, frame in made_up.frames.items()}
    found = dict(site.site(replace(made_up, frames=frames, files=(), warnings=(), lineage=())))
    county = made_up.frame("mart.county_ranking")["place_code"][0]
    text = "".join(parse(found[f"county/{county}.html"]).text)
    assert "本月没有预警" in text
    assert "本月没有异常线索" in text


def test_same_edition_same_bytes(files: dict[str, bytes], made_up: Edition) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=5) for name, frame in made_up.frames.items()}
    again = dict(site.site(replace(made_up, frames=shuffled)))
    assert {path for path in again if again[path] != files[path]} == set()


def test_household_leads_show_no_more_than_the_internal_number(pages: dict[str, Parsed]) -> None:
    headings = {cell for page in pages.values() for row in page.rows for cell in row}
    assert "农户内部编号" in headings
    assert not {"姓名", "户主姓名", "证件号码", "身份证号", "联系电话", "手机号"} & headings


def test_gate_page_counts_outcomes(pages: dict[str, Parsed]) -> None:
    text = "".join(pages["gate.html"].text)
    assert "共审核4项：通过3项、提示1项" in text


def test_gate_page_names_tables_in_chinese_and_what_to_do_first(pages: dict[str, Parsed]) -> None:
    page = pages["gate.html"]
    rows = [row for row in page.rows if row[0] != "表"]
    assert rows == [
        ["刚性支出core.rigid_expenditure", "同一次住院只报送一次", "3处不符", "提示"],
        ["预警mart.alert", "主键唯一", "0处不符", "通过"],
        ["各级合计totals", "各级农户数之和等于全省", "4行中0行不符", "通过"],
        ["core.household", "依据的2项输入都是现行生成", "20行", "通过"],
    ]
    assert "交报送部门核实，有误的在下月报送中更正" in "".join(page.text)
    assert set(evidence.SUITE) == set(FRAMES)


def test_origins_of_a_column_reach_the_feed() -> None:
    known = {table.name: table for table in LINEAGE}
    assert lineage.origins(known, ("mart.alert", "evidence")) == [
        ("raw.medical", "self_paid_fen"),
        ("ref.month", "month"),
    ]
    assert lineage.origins(known, ("mart.alert", "first_month")) == [
        ("prev.mart.alert", "first_month"),
        ("ref.month", "month"),
    ]
    assert lineage.origins(known, ("raw.medical", "self_paid_fen")) == []


def test_lineage_page_links_columns_to_feeds(pages: dict[str, Parsed]) -> None:
    page = pages["lineage.html"]
    row = next(row for row in page.rows if row[:2] == ["evidence", "依据"])
    assert row[2:] == ["刚性支出：自付医疗", "医保结算明细：合规自付；月份：本月"]
    assert "lineage.html#t-raw-medical-self_paid_fen" in page.links
    assert "t-raw-medical-self_paid_fen" in page.ids
    last_month = next(row for row in page.rows if row[:2] == ["first_month", "首次出现月份"])
    assert last_month[2] == "上月预警：首次出现月份；月份：本月"


def test_every_kind_of_alert_has_words(checkout: Path) -> None:
    sql = (checkout / "sql" / "mart" / "alert.sql").read_text(encoding="utf-8")
    kinds = {line.split("'")[1] for line in sql.splitlines() if line.strip().endswith("' as kind,")}
    assert kinds == set(tables.ALERT_TITLES)


def test_every_frame_a_report_reads_is_a_published_table(made_up: Edition) -> None:
    summaries = {"previous", "last_year", "research_plans", "research_precision", *SUMMARIES}
    assert set(made_up.frames) - summaries <= set(contracts())
    assert {r.kind for r in GATE} == {"生成次序", "表检查", "发布预期"}
    assert evidence.gate(GATE, {}).path == "gate.html"
