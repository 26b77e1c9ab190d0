"""The tables of 监测标准测算: candidate lines, who is below each of them and where, the curve, how sure the counts are.

The page and the workbook show the same ones. Does not belong here: how they look (line.py, workbooks.py), the
arithmetic (fangpin/coverage_curve.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from fangpin import coverage_curve
from fangpin.coverage_curve import STEP
from fangpin.reports import tables
from fangpin.reports.edition import ORGANISATION, Edition
from fangpin.reports.tables import Column, Table

IN_FORCE = "in_force"
NEAR = 1500
"""Yuan to each side of the line in force that the page shows of the curve; the workbook holds all of it."""
ERRORS = ("income_error_1", "income_error_2", "income_error_3")
"""The errors of income in policy/threshold.yaml."""

_UNIT = "户、人、元"
_NAME = Column("title", ("方案",), tables.TEXT, 22)


def sheets(edition: Edition) -> list[tuple[str, Table]]:
    """(sheet name, table) of the workbook."""
    named = {
        "备选监测线": candidates(edition),
        "算法与依据": formulas(edition),
        "各市": by_place(edition, "city"),
        "各县": by_place(edition, "county"),
        "农户构成": by_group(edition),
        "覆盖曲线": steps(edition),
        "扎堆检验": bunching(edition),
        "收入误差": errors(edition),
    }
    return [(name, replace(table, title=ORGANISATION + table.title)) for name, table in named.items()]


def own_lines(edition: Edition) -> pl.DataFrame:
    """ref.line_candidate of the province's own counties, in the order of the candidates."""
    own = edition.level("county")["place_code"].implode()
    return edition.frame("ref.line_candidate").filter(pl.col("county_code").is_in(own)).sort("number", "county_code")


def own_bands(edition: Edition, counties: pl.Series | None = None) -> pl.DataFrame:
    """The bands of income of the province, or of these counties, added up."""
    codes = edition.level("county")["place_code"] if counties is None else counties
    return coverage_curve.summed(edition.frame("mart.income_band").filter(pl.col("county_code").is_in(codes.implode())))


def present(edition: Edition) -> int:
    """The line in force in most of the province's counties, in yuan."""
    lines = own_lines(edition).filter(scenario=IN_FORCE)
    counted = lines.group_by("line_fen").len().sort("len", "line_fen", descending=[True, False])
    return int(counted["line_fen"][0]) // 100


def of_province(edition: Edition) -> pl.DataFrame:
    """The province's row of every candidate that has a line somewhere, with what it adds to the line in force."""
    code = edition.level("province")["place_code"].item()
    rows = edition.frame("line_scenarios").filter(level="province", place_code=code)
    counts = ("households_below", "persons_below", "gap_yuan")
    now = rows.filter(scenario=IN_FORCE)
    return rows.with_columns(
        *((pl.col(key) - (now[key].item() if now.height else None)).alias(f"more_{key}") for key in counts)
    )


CANDIDATES = (
    _NAME,
    Column("exact_yuan", ("监测线（元）", "算得"), tables.DECIMAL, 10),
    Column("line_yuan", ("监测线（元）", "取整"), width=9),
    Column("households_below", ("低于监测线", "户"), width=10),
    Column("persons_below", ("低于监测线", "人"), width=10),
    Column("more_households_below", ("比现行", "户"), tables.CHANGE, 9),
    Column("more_persons_below", ("比现行", "人"), tables.CHANGE, 9),
    Column("gap_wan", ("补足差额（万元/年）", "合计"), tables.DECIMAL, 11),
    Column("more_gap_wan", ("补足差额（万元/年）", "比现行"), tables.DECIMAL, 11),
    Column("headcount", ("人口比例", "FGT0"), tables.FINE_SHARE, 9),
    Column("gap_index", ("差额指数", "FGT1"), tables.FINE_SHARE, 9),
    Column("severity", ("平方指数", "FGT2"), tables.FINE_SHARE, 9),
)
FORMULAS = (
    _NAME,
    Column("line_yuan", ("监测线（元）",), width=9),
    Column("formula", ("算法",), tables.LONG, 44),
    Column("warning", ("注意",), tables.LONG, 48),
    Column("document", ("依据",), tables.LONG, 40),
)
FGT = (
    "人口比例（FGT0）＝低于监测线的人数÷收入已知的人数；差额指数（FGT1）＝各人所差的比例（差额÷监测线）之和÷人数，"
    "反映平均差多少；平方指数（FGT2）＝所差比例的平方之和÷人数，差得多的人分量更重。"
)
BELOW = "“低于监测线”指人均纯收入严格小于监测线；补足差额是把这些人都补到监测线每年需要的钱。"


def candidates(edition: Edition) -> Table:
    """Every candidate with its counts; one without a line has none, and `formulas` says why."""
    rows = _candidates(edition)
    unknown = of_province(edition).filter(scenario=IN_FORCE)["households_unknown"].sum()
    notes = [BELOW, f"收入不详的{unknown:,}户不在内。", FGT]
    if rows["line_yuan"].null_count():
        notes.append("监测线为“—”的方案：缺少所需数据，或各县不同；见“算法与依据”。")
    return Table("备选监测线测算", CANDIDATES, rows, tuple(notes), emphasis=1, unit=_UNIT)


def formulas(edition: Edition) -> Table:
    """How every candidate is reckoned, what to beware of, and its documents."""
    note = "“算得”是公式的结果，“取整”按四舍五入；备选监测线是测算，不是政策。"
    return Table("备选监测线的算法与依据", FORMULAS, _candidates(edition), (note,), emphasis=1, unit="元")


def _candidates(edition: Edition) -> pl.DataFrame:
    counties = edition.level("county").height
    told = pl.DataFrame(
        [
            {"scenario": scenario, "title": rows["title"][0], **_told(rows, counties)}
            for (scenario,), rows in own_lines(edition).group_by("scenario", maintain_order=True)
        ],
        schema_overrides={"exact_yuan": pl.Float64, "line_yuan": pl.Int64, "warning": pl.String},
    )
    counted = of_province(edition).drop("title", "number")
    return told.join(counted, on="scenario", how="left", maintain_order="left").with_columns(
        gap_wan=pl.col("gap_yuan") / 10_000, more_gap_wan=pl.col("more_gap_yuan") / 10_000
    )


def _told(rows: pl.DataFrame, counties: int) -> dict[str, Any]:
    """One candidate in words, over the province's counties: figures where they agree, a sentence where they do not."""
    known, missing = rows.filter(pl.col("line_fen").is_not_null()), rows.filter(pl.col("line_fen").is_null())
    lines = (known["line_fen"].unique().sort() // 100).to_list()
    exact = known["exact_yuan"].unique().to_list()
    words = known["formula"].unique(maintain_order=True).to_list()
    warnings = known["warning"].drop_nulls().unique(maintain_order=True).to_list()
    if len(lines) > 1:
        warnings.insert(0, f"各县不同，从{lines[0]:,}元到{lines[-1]:,}元")
    if missing.height:
        where = "全省" if missing.height == counties else f"{missing.height}个县"
        warnings.append(f"{where}缺少所需数据，不能计算，不计入：{missing['warning'][0]}")
    return {
        "exact_yuan": exact[0] if len(exact) == 1 else None,
        "line_yuan": lines[0] if len(lines) == 1 else None,
        "formula": f"{words[0]}{f'（各县数值不同，共{len(words)}种）' if len(words) > 1 else ''}" if words else None,
        "warning": tables.cited("；".join(warnings)) if warnings else "",
        "document": "；".join(known["document"].unique(maintain_order=True).to_list()),
    }


@dataclass(frozen=True)
class Group:
    """Candidates that give every county the same line. line: in yuan, None where the counties differ."""

    scenario: str
    titles: tuple[str, ...]
    line: int | None

    @property
    def header(self) -> str:
        return self.titles[0] if self.line is None else f"{self.line:,}元"


def groups(edition: Edition) -> list[Group]:
    """The candidates that have a line, those that are the same everywhere together, from the lowest line up."""
    found: dict[tuple[int | None, ...], list[dict[str, Any]]] = {}
    for _, rows in own_lines(edition).group_by("scenario", maintain_order=True):
        found.setdefault(tuple(rows["line_fen"].to_list()), []).append(rows.row(0, named=True))
    made = []
    for lines, members in found.items():
        known = [fen for fen in lines if fen is not None]
        if known:
            line = known[0] // 100 if len(set(lines)) == 1 else None
            group = Group(members[0]["scenario"], tuple(row["title"] for row in members), line)
            made.append((sum(known) / len(known), members[0]["number"], group))
    return [group for *_, group in sorted(made, key=lambda part: part[:2])]


def _legend(found: list[Group]) -> str:
    same = [f"{group.header}：{'、'.join(group.titles)}" for group in found if group.line is not None]
    return f"各列的方案：{'；'.join(same)}。"


def _wide(found: list[Group], width: float) -> tuple[Column, ...]:
    return tuple(
        Column(f"{group.scenario}_{key}", (group.header, word), width=width)
        for group in found
        for key, word in (("households_below", "户"), ("persons_below", "人"))
    )


def by_place(edition: Edition, level: str) -> Table:
    """Households and persons below every line, by city or county, the province first."""
    found = groups(edition)
    rows = edition.listed(level)
    scenarios = edition.frame("line_scenarios")
    for group in found:
        counts = scenarios.filter(scenario=group.scenario).select(
            "level",
            "place_code",
            *(pl.col(key).alias(f"{group.scenario}_{key}") for key in ("households_below", "persons_below")),
        )
        rows = rows.join(counts, on=["level", "place_code"], how="left", maintain_order="left")
    word = "市" if level == "city" else "县（市、区）"
    columns = (Column("name", (word,), tables.TEXT, 20, link="page"), *_wide(found, 7.5))
    return Table(f"低于各备选监测线的户数和人数，按{word}", columns, rows, (_legend(found),), emphasis=1)


STATUS = {"none": "未列入监测", "active": "监测中", "eliminated": "已标注消除"}
SPLITS = (
    ("监测对象类别", "category", None),
    ("登记状态", "status", STATUS),
    ("户类型", "household_type", None),
    ("低保", "dibao", {True: "有低保人员", False: "无低保人员"}),
)


def by_group(edition: Edition) -> Table:
    """Who is below every line: by class, state in the register, kind of household and dibao."""
    found = groups(edition)
    own = edition.level("county")["place_code"].implode()
    below = edition.frame("mart.line_group").filter(pl.col("county_code").is_in(own))
    parts = [_split(below, "合计", pl.lit("合计"))]
    for word, key, words in SPLITS:
        segment = pl.col(key).replace_strict(words, return_dtype=pl.String) if words else pl.col(key)
        parts.append(_split(below, word, segment))
    long = pl.concat(parts)
    rows = long.select("split", "segment").unique(maintain_order=True)
    for group in found:
        counts = long.filter(scenario=group.scenario).select(
            "split",
            "segment",
            *(pl.col(key).alias(f"{group.scenario}_{key}") for key in ("households_below", "persons_below")),
        )
        rows = rows.join(counts, on=["split", "segment"], how="left", maintain_order="left")
    keys = [column.key for column in _wide(found, 8)]
    columns = (
        Column("split", ("划分",), tables.TEXT, 14),
        Column("segment", ("类别",), tables.TEXT, 16),
        *_wide(found, 8),
    )
    return Table(
        "低于各备选监测线的农户构成",
        columns,
        rows.with_columns(pl.col(keys).fill_null(0)),
        (_legend(found), "类别“未列入”即不在防返贫监测信息系统内；“监测中”是风险未消除。"),
        emphasis=1,
    )


def _split(below: pl.DataFrame, word: str, segment: pl.Expr) -> pl.DataFrame:
    return (
        below.group_by("scenario", segment=segment)
        .agg(pl.col("households_below", "persons_below").sum())
        .select("scenario", "segment", "households_below", "persons_below", split=pl.lit(word))
        .sort("segment", "scenario")
    )


STEPS = (
    Column("line", ("监测线（元）",), width=11),
    Column("households", ("低于监测线", "户"), width=11),
    Column("persons", ("低于监测线", "人"), width=11),
    Column("gap_wan", ("补足差额（万元/年）",), tables.DECIMAL, 20),
    Column("more_households", ("再提高100元，增加", "户"), width=11),
    Column("more_persons", ("再提高100元，增加", "人"), width=11),
    Column("more_gap_wan", ("再提高100元，增加", "差额（万元）"), tables.DECIMAL, 12),
    Column("elasticity", ("弹性",), tables.FINE, 9),
)


def steps(edition: Edition, *, near: bool = False) -> Table:
    """The curve of coverage, a row per 100 yuan; near: only around the line in force."""
    rows = coverage_curve.curve(own_bands(edition)).with_columns(
        gap_wan=pl.col("gap_fen") / 1_000_000, more_gap_wan=pl.col("more_gap_fen") / 1_000_000
    )
    notes = (
        f"每{STEP}元一档，不再细分：更细就能看出单个农户的收入。",
        "弹性：监测线提高1%，低于监测线的人数约增加百分之几；由线上、线下各一档的人数算得。",
    )
    if near:
        rows = rows.filter((pl.col("line") - present(edition)).abs() <= NEAR)
    return Table("覆盖曲线：监测线与低于它的户数、人数", STEPS, rows, notes, unit=_UNIT)


BUNCHING = (
    Column("line", ("现行监测线（元）",), width=14),
    Column("counties", ("县数",), width=8),
    Column("under", ("线下一侧（户）",), width=14),
    Column("above", ("线上一侧（户）",), width=14),
    Column("p", ("概率",), tables.PROBABILITY, 10),
    Column("verdict", ("结论",), tables.LONG, 70),
)
CROWDED = "收入扎堆在线下：线附近各备选线之间增加的户数不可靠，须先核实这些农户的收入，再比较备选线。"
CALM = "没有发现收入扎堆在线下：线附近增加的户数可以直接比较。"
UNTESTED = f"监测线或检验宽度不是{STEP}元的整数倍，不能按档检验。"


def bunching(edition: Edition) -> Table:
    """Are there more households just under the line in force than chance allows? One row per line in force."""
    width = int(edition.policy("threshold.bunching_width_yuan"))
    level = float(edition.policy("threshold.bunching_probability"))
    rows = []
    lines = own_lines(edition).filter(scenario=IN_FORCE).sort("line_fen")
    for (fen,), counties in lines.group_by("line_fen", maintain_order=True):
        line = int(str(fen)) // 100
        found = coverage_curve.bunching(own_bands(edition, counties["county_code"]), line, width)
        row: dict[str, Any] = {"line": line, "counties": counties.height, "under": None, "above": None, "p": None}
        if found:
            row |= vars(found)
        row["verdict"] = UNTESTED if found is None else CROWDED if found.p <= level else CALM
        rows.append(row)
    note = (
        f"线下、线上各取{width}元。“概率”是收入自然分布（两侧机会均等）时，线下一侧至少有这么多户的可能性"
        f"（单侧二项检验）；不超过{level:g}判为扎堆。"
    )
    schema = {"under": pl.Int64, "above": pl.Int64, "p": pl.Float64}
    return Table(
        "现行监测线两侧的收入扎堆检验", BUNCHING, pl.DataFrame(rows, schema_overrides=schema), (note,), unit=_UNIT
    )


def errors(edition: Edition) -> Table:
    """Expected counts below every line if recorded incomes err by so much."""
    sizes = [float(edition.policy(f"threshold.{name}")) for name in ERRORS]
    lines = own_lines(edition)
    recorded = of_province(edition)
    rows = []
    for group in groups(edition):
        row: dict[str, Any] = {"line": group.header, "titles": "、".join(group.titles)}
        counted = recorded.filter(scenario=group.scenario)
        row |= {key: counted[f"{key}_below"].item() for key in ("households", "persons")}
        for number, size in enumerate(sizes):
            row |= {f"{key}_{number}": value for key, value in _with_error(edition, lines, group, size).items()}
        rows.append(row)
    columns = [
        Column("line", ("监测线",), tables.TEXT, 12),
        Column("titles", ("方案",), tables.LONG, 34),
        Column("households", ("按记录", "户"), width=9),
        Column("persons", ("按记录", "人"), width=9),
    ]
    for number, size in enumerate(sizes):
        heading = f"误差{size:.0%}"
        columns += [
            Column(f"households_{number}", (heading, "户"), width=9),
            Column(f"persons_{number}", (heading, "人"), width=9),
            Column(f"wrongly_below_{number}", (heading, "多算户"), width=9),
            Column(f"wrongly_above_{number}", (heading, "漏算户"), width=9),
        ]
    return Table("收入有误差时低于监测线的期望户数", tuple(columns), pl.DataFrame(rows), ERROR_NOTES)


ERROR_NOTES = (
    "误差：假定每户的真实收入＝记录的收入×e的ε次方，ε服从均值−τ²/2、方差τ²的正态分布（平均不高不低），τ即所列误差。"
    "“多算户”按记录低于监测线而真实收入不低；“漏算户”按记录不低而真实收入低于监测线。期望户数＝按记录−多算＋漏算。",
    f"逐档计算，每{STEP}元一档，以该档的平均收入代表；纯收入为零或为负的一律算低于监测线。不用随机数，重算结果相同。",
    "户数、人数是全部农户的实际计数，不是抽样，没有抽样误差，所以不列置信区间；不确定的是收入本身记得准不准。",
)


def _with_error(edition: Edition, lines: pl.DataFrame, group: Group, size: float) -> dict[str, int]:
    """Expected counts below the lines of a group, each county by its own line."""
    total = {"households": 0.0, "persons": 0.0, "wrongly_below": 0.0, "wrongly_above": 0.0}
    known = lines.filter(pl.col("line_fen").is_not_null(), scenario=group.scenario)
    for (fen,), counties in known.group_by("line_fen", maintain_order=True):
        found = coverage_curve.with_error(own_bands(edition, counties["county_code"]), int(str(fen)) // 100, size)
        total = {key: value + getattr(found, key) for key, value in total.items()}
    return {key: round(value) for key, value in total.items()}
