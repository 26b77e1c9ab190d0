"""An edition: everything a month's reports are made of, as plain values and frames.

Does not belong here: reading the frames from a published copy (assets/publish), and what any report looks like.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from fangpin.month import end, parse

ORGANISATION = "河南省防止返贫动态监测"
NO_CITY = "省直辖县级行政区划"
"""What the division codes call the city level of a county-level city directly under the province (济源市)."""


@dataclass(frozen=True)
class Notice:
    """A sentence to print as a warning, and the codes of the counties it is about; no codes: it is about everything."""

    text: str
    counties: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveredFile:
    """A delivered file the edition rests on, known by its content hash only (names of files may name people)."""

    feed: str
    sha256: str


@dataclass(frozen=True)
class LineageColumn:
    """A column of one of our tables, or of a feed, and the (table, column) pairs it is computed from."""

    name: str
    description: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LineageTable:
    """A table ('schema.table', 'raw.<feed>') with its Chinese title, the tables it reads and its columns."""

    name: str
    title: str
    inputs: tuple[str, ...]
    columns: tuple[LineageColumn, ...]


@dataclass(frozen=True)
class GateResult:
    """One thing the gate judged. kind: '生成次序', '表检查' or '发布预期'. outcome: '通过', '提示' or '不适用'."""

    kind: str
    table: str
    description: str
    observed: str
    outcome: str


@dataclass(frozen=True)
class Edition:
    """One version of one month.

    frames: by table name, as published ('mart.place_month', 'mart.<level>_ranking',
        'mart.research_sample', 'mart.research_household', 'mart.research_team', 'mart.research_day',
        'mart.feed_quality', 'mart.feed_dimension', 'mart.feed_score', 'mart.feed_reason',
        'mart.feed_coverage', 'mart.village_anomaly', 'ref.place', 'ref.division',
        'mart.income_band', 'mart.line_group', 'mart.rigid_criterion', 'mart.rigid_map', 'ref.policy_value',
        'mart.asset_exclusion', 'ref.asset_step', 'mart.rule_yield', 'mart.field_check',
        'ref.monitoring_line', 'ref.line_candidate'), and these summaries:
        'research_plans' (plan, title, seed, top_only), 'research_precision' (plan, number, what, figure, words),
        'previous' (mart.place_month of the month before, empty for the first month),
        'last_year' (level, place_code, criterion, rank of the same month a year before, empty where none is published),
        'scores' (county_code, score_from, households),
        'alerts' (county_code, kind, alerts, new_alerts, and by state in the register: active, eliminated, unlisted),
        'hard_triggers' (county_code, households, and by state in the register: active, eliminated, unlisted),
        'causes' (county_code, cause, households: monitored households by their first cause),
        'highest' (the households of every county with the highest scores: household_id, village_code, score,
        score_high, hard_trigger, state, reasons),
        'line_scenarios' (mart.line_scenario of the province, cities and counties),
        'topic_figures' (mart.topic_figure of the province and cities, and of counties what has no segments or is asked
        for by the what-ifs),
        'leads' (the strongest household anomalies of every county and kind: mart.household_anomaly with county_code,
        full_name), 'lead_counts' (county_code, kind, title, households).
    warnings: what to print on every workbook and page, such as a line past its last confirmed day; the page of a county
        prints what is about that county or about everything.
    last_year: the version the ranks of last year are from. boundaries: county code -> rings of (longitude, latitude).
    """

    month: str
    version: str
    previous: str | None
    policy_version: str
    code_version: str
    seed: str | None
    warnings: tuple[Notice, ...]
    files: tuple[DeliveredFile, ...]
    frames: Mapping[str, pl.DataFrame]
    lineage: tuple[LineageTable, ...] = field(default=())
    last_year: str | None = None
    boundaries: Mapping[str, Sequence[Sequence[tuple[float, float]]]] = field(default_factory=dict)
    _levels: dict[tuple[str, bool], pl.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)
    _rankings: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    def frame(self, name: str) -> pl.DataFrame:
        return self.frames[name]

    @property
    def month_title(self) -> str:
        """'2021年12月'."""
        year, month = parse(self.month)
        return f"{year}年{month}月"

    @property
    def as_of(self) -> str:
        """'2021年12月31日', the day the figures hold for."""
        day = end(self.month)
        return f"{day.year}年{day.month}月{day.day}日"

    @property
    def number(self) -> str:
        """'第1版'."""
        return f"第{int(self.version.removeprefix('v'))}版"

    def warned(self, county: str = "") -> tuple[str, ...]:
        """The sentences to print: all of them, or for the page of a county those about it."""
        return tuple(n.text for n in self.warnings if not (county and n.counties) or county in n.counties)

    def policy(self, parameter: str) -> Any:
        """The value in force in the whole country: a list or mapping as such, anything else as text."""
        rows = self.frame("ref.policy_value").filter(
            (pl.col("parameter") == parameter) & (pl.col("place") == "") & pl.col("in_force")
        )
        return parsed(rows["value"].item())

    @property
    def small_sample(self) -> str:
        """Fewer monitored households than this are a small sample (policy/threshold.yaml)."""
        return str(self.policy("threshold.small_sample_households"))

    def short_name(self) -> pl.Expr:
        """The full name without the own province's name, and without the name that stands in for a missing city.

        A county named after its city (新乡市平原城乡一体化示范区) names the city once.
        """
        place = self.frame("ref.place")
        own = place.filter((pl.col("level") == "province") & pl.col("in_province"))["place_name"].item()
        cities = place.filter(pl.col("level") == "city")["place_name"].unique().sort().to_list()
        name = pl.col("full_name").str.strip_prefix(own).str.strip_prefix(NO_CITY)
        return name.str.replace_many([city * 2 for city in cities], cities)

    def with_short_names(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(short_name=self.short_name())

    def ranking(self, level: str, criterion: str) -> pl.DataFrame:
        """mart.<level>_ranking by one criterion with short names and last year's rank, in order of place; without
        monitored households there is no sample to call small.
        """
        if (level, criterion) not in self._rankings:
            frame = self.frame(f"mart.{level}_ranking").filter(pl.col("criterion") == criterion).sort("place_code")
            before = self.frame("last_year").filter((pl.col("level") == level) & (pl.col("criterion") == criterion))
            self._rankings[level, criterion] = (
                self.with_short_names(frame)
                .with_columns(small_sample=pl.when(pl.col("monitored_households") > 0).then("small_sample"))
                .join(
                    before.select("place_code", rank_last_year="rank"),
                    on="place_code",
                    how="left",
                    maintain_order="left",
                )
            )
        return self._rankings[level, criterion]

    def level(self, level: str, *, in_province: bool = True) -> pl.DataFrame:
        """The rows of mart.place_month of one level, with full names, in order of place."""
        if (level, in_province) not in self._levels:
            places = self.frame("ref.place").select("level", "place_code", "full_name")
            self._levels[level, in_province] = (
                self.frame("mart.place_month")
                .filter((pl.col("level") == level) & (pl.col("in_province") == in_province))
                .join(places, on=["level", "place_code"], how="left")
                .sort("place_code")
            )
        return self._levels[level, in_province]

    def listed(self, level: str) -> pl.DataFrame:
        """The province, then its cities or counties: level, place_code, name and page, as tables by place begin."""
        total = self.level("province").select(
            "level", "place_code", name=pl.lit("全省合计"), page=pl.lit(None, pl.String)
        )
        direct = pl.col("place_name") == NO_CITY
        named = self.with_short_names(self.level(level)).select(
            "level",
            "place_code",
            name=pl.when(direct).then(pl.lit("省直辖")).otherwise("short_name"),
            page=pl.format("county/{}.html" if level == "county" else "index.html#city-{}", "place_code"),
        )
        return pl.concat([total, named])


def parsed(value: str) -> Any:
    """A policy value as ref.policy_value holds it: lists and mappings are written as literals, the rest is text."""
    return ast.literal_eval(value) if value.startswith(("[", "{")) else value


def hard_reasons(edition: Edition) -> tuple[str, ...]:
    """What the score card calls 必核查, in its order."""
    bands = [band for indicator in edition.policy("scorecard")["indicators"] for band in indicator["bands"]]
    return tuple(band["hard"] for band in bands if "hard" in band)


def definitions(edition: Edition) -> tuple[tuple[str, str], ...]:
    """口径: (term, what it means), the same words in every workbook and on the site."""
    return (
        ("截止日期", f"{edition.as_of}；本月各部门报送数据反映截至该日已知的情况。"),
        ("监测对象", "累计在册：曾经识别、仍在防返贫监测信息系统内的农户，含风险已消除的。按户和按人分别统计。"),
        ("风险消除率", "风险已消除 ÷ 监测对象（累计在册），按户和按人各算一次；分母为零时记“—”，不记零。"),
        ("威尔逊95%区间", "由消除户数和监测户数算得；区间越宽，名次越不可靠。"),
        ("收缩估计", "经验贝叶斯估计：户数越少，消除率越向所在乡镇、县、市的水平靠拢。"),
        (
            "进入前列概率",
            f"名次排在前{edition.policy('ranking.top_villages')}位（村）的概率，“按消除率”“按消除快慢”的名次以此为准。",
        ),
        ("消除快慢", "已消除人数 ÷ 按全省同类别、同监测时长、同原因的消除速度应消除的人数；自然消除不计。"),
        ("95%范围", "真实名次可能所在的范围；范围宽说明名次不能区分，不宜据以评价。"),
        ("小样本", f"监测对象少于{edition.small_sample}户的地区，消除率只作参考，不宜单独据以评价。"),
        ("必核查", f"有下列任何一种情形的农户，不论总分多少都须入户核查：{'、'.join(hard_reasons(edition))}。"),
        (
            "未在监测中",
            "未列入监测（不在防返贫监测信息系统内）与已标注消除（在册而风险消除）两种情形之和；风险未消除的在监测中。",
        ),
        ("异常与预警", "都是核查线索，不是结论；须入户核实后由人认定。"),
        ("其他地区", "省外地区（如赵家坪乡）单列，不计入全省合计、排名与抽样。"),
        ("“—”与空缺", "表示不详或没有分母，不等于零。"),
    )
