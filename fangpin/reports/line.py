"""The page 监测标准测算 (topic 五): what candidate lines would cover and cost, and how sure that is.

Does not belong here: the tables (line_tables.py), the arithmetic (fangpin/coverage_curve.py).
"""

from __future__ import annotations

import polars as pl

from fangpin import coverage_curve
from fangpin.month import end, parse
from fangpin.reports import line_tables as shown
from fangpin.reports import tables, what_if_charts
from fangpin.reports.edition import Edition
from fangpin.reports.page import INDEX, TOPICS, Figure, Link, LinkGroup, Page, Section
from fangpin.reports.workbooks import LINE

PATH = "line.html"

QUESTION = (
    "调研方案四（五）问：以2020年国家扶贫标准的1.5倍为底线，综合物价、收入增幅和农村低保标准，今年监测标准如何确定才比较合理？"
    "本页列出各种算法的结果和各自涵盖的户数、人数、差额，供比较；备选监测线是测算，不是政策。"
)
CAUTIONS = (
    "取整：各方案四舍五入取整后再计户数；取整前相差几元的方案，取整后可能相同，也可能相差一档。",
    "农村物价指数是全体农村居民的物价；收入低的农户食品开支占比大，所受影响可能不同。",
    "统计口径：户数、人数是全部农户的实际计数，不是抽样，没有抽样误差；差额和比例按人计算，不按户。",
)


def page(edition: Edition) -> Page:
    """Candidates, where and who, the curve, bunching, errors of income, cautions."""
    return Page(
        path=PATH,
        title=f"{edition.month_title}监测标准测算",
        trail=(INDEX, TOPICS),
        lead=(QUESTION, _summary(edition)),
        menu=TOPICS.href,
        sections=(
            Section("figures", "现行监测线", figures=_figures(edition)),
            Section("candidates", "备选监测线", tables=(shown.candidates(edition), shown.formulas(edition))),
            Section("cautions", "比较前须知", text=_cautions(edition)),
            *_curves(edition),
            _bunching(edition),
            Section("errors", "收入记录不准时", tables=(shown.errors(edition),)),
            Section("groups", "哪些农户", tables=(shown.by_group(edition),)),
            Section("places", "哪些地方", tables=(shown.by_place(edition, "city"), shown.by_place(edition, "county"))),
            Section("downloads", "下载", groups=(LinkGroup("工作簿", (Link(LINE, f"../workbooks/{LINE}"),)),)),
        ),
    )


def _summary(edition: Edition) -> str:
    """From the lowest to the highest candidate in one sentence."""
    rows = shown.of_province(edition).filter(pl.col("line").is_not_null()).sort("line", "number")
    low, high = rows.row(0, named=True), rows.row(-1, named=True)
    return (
        f"各备选监测线从{low['line']:,.0f}元到{high['line']:,.0f}元，低于监测线的从{low['households_below']:,}户"
        f"{low['persons_below']:,}人到{high['households_below']:,}户{high['persons_below']:,}人，"
        f"补足差额每年从{_wan(low['gap_yuan'])}万元到{_wan(high['gap_yuan'])}万元。"
        if rows.height
        else "各县监测线不同，全省没有统一的数值；各县情况见下表。"
    )


def _wan(yuan: float) -> str:
    return f"{yuan / 10_000:,.1f}"


def _cautions(edition: Edition) -> tuple[str, ...]:
    """What to beware of, with the figures of the year that the candidates are made from."""
    year = parse(edition.month)[0] - 1
    province = edition.level("province")["place_code"].item()
    values = edition.frame("ref.policy_value").filter(pl.col("place") == province).sort("effective_from")
    of_year = values.filter(pl.col("effective_from").dt.year() == year)
    known = {row["parameter"]: row["value"] for row in of_year.iter_rows(named=True)}
    found = []
    if {"economy.rural_cpi", "economy.rural_income_growth"} <= set(known):
        index, growth = float(known["economy.rural_cpi"]), float(known["economy.rural_income_growth"])
        found.append(
            f"物价与收入不能连乘：收入增幅{growth:.1%}如果是名义增幅，已经含有物价上涨，再乘物价指数{index:g}就把物价算了"
            f"两次。扣除物价的实际增幅是{1 + growth:g}÷{index / 100:g}−1＝{(1 + growth) / index * 100 - 1:.2%}。"
        )
    standards = values.filter(parameter="dibao_standard")
    months = [standards.filter(pl.col("effective_from") <= end(f"{year}-{month:02d}")) for month in range(1, 13)]
    if "economy.dibao_growth" in known and all(rows.height for rows in months):
        each = [float(rows["value"][-1]) for rows in months]
        mean = sum(each) / len(each)
        found.append(
            f"低保标准增幅{float(known['economy.dibao_growth']):.2%}是同一年末（{each[-1]:,g}元）与年初（{each[0]:,g}元）"
            f"的标准相比，不是与上年相比。按{year}年各月平均（{mean:,g}元）计，{each[-1]:,g}元只高"
            f"{each[-1] / mean - 1:.2%}。"
        )
    return (*found, *CAUTIONS)


def _figures(edition: Edition) -> tuple[Figure, ...]:
    now = shown.of_province(edition).filter(scenario=shown.IN_FORCE).row(0, named=True)
    line = shown.present(edition)
    point = coverage_curve.curve(shown.own_bands(edition)).filter(line=line)
    elastic = point["elasticity"][0] if point.height else None
    where = "" if now["line"] else "多数县执行，各县不同"
    return (
        Figure("现行监测线（元）", f"{line:,}", where),
        Figure("低于监测线（户）", f"{now['households_below']:,}", f"{now['persons_below']:,}人"),
        Figure("补足差额（万元/年）", _wan(now["gap_yuan"]), "把低于监测线的人都补到监测线"),
        Figure(
            "线提高1%，人数约增加",
            tables.UNKNOWN if elastic is None else f"{elastic:.2f}%",
            "弹性，按线上下各100元估计",
        ),
    )


def _curves(edition: Edition) -> tuple[Section, ...]:
    near = shown.steps(edition, near=True)
    present = shown.present(edition)
    marks = {present: f"{present:,} 现行"}
    for group in shown.groups(edition):
        if group.line is not None and group.line not in marks:
            marks[group.line] = f"{group.line:,}"
    units = ("监测线（元，每人每年）", "低于监测线（人）")
    close = near.rows.filter((pl.col("line") - present).abs() <= 1000, pl.col("more_households").is_not_null())
    bars = ("人均纯收入（元，每100元一档）", "这一档的户数")
    return (
        Section(
            "curve",
            "覆盖曲线",
            text=(f"竖线是现行监测线（{present:,}元，实线）和各备选监测线（虚线）。全部各档见工作簿“{LINE}”。",),
            charts=(
                what_if_charts.curve("chart-curve", "监测线与低于它的人数", near.rows, "line", "persons", units, marks),
            ),
            tables=(near,),
        ),
        Section(
            "marginal",
            "线附近每100元增加多少",
            text=_identity(near.rows, present),
            charts=(
                what_if_charts.steps(
                    "chart-marginal", "监测线附近各档的户数", close, "line", "more_households", bars, marks
                ),
            ),
            tables=(tables.Table("监测线再提高100元所增加的", (shown.STEPS[0], *shown.STEPS[4:6]), close),),
        ),
    )


def _identity(rows: pl.DataFrame, present: int) -> tuple[str, ...]:
    """dG/dz = N(z) in words and in this month's numbers."""
    at = rows.filter(line=present)
    if at.is_empty() or at["more_gap_fen"][0] is None:
        return (f"现行监测线{present:,}元不是100元的整数倍，或没有收入已知的农户，不在各档的边上，不能逐元说明。",)
    now = at.row(0, named=True)
    return (
        "监测线每提高1元，低于监测线的人每人多补1元，所以补足差额每年增加的元数正好等于低于监测线的人数（dG/dz＝N(z)）。",
        f"现行{present:,}元时，低于监测线{now['persons']:,}人：再提高1元，差额每年增加{now['persons']:,}元。"
        f"提高100元，差额每年增加{now['more_gap_fen'] // 100:,}元，平均每元{now['more_gap_fen'] / 10_000:,.1f}元，"
        f"介于提高前的{now['persons']:,}人与提高后的{now['persons'] + now['more_persons']:,}人之间；"
        f"同时新增{now['more_households']:,}户{now['more_persons']:,}人。",
    )


def _bunching(edition: Edition) -> Section:
    found = shown.bunching(edition)
    text = (
        "若登记的收入多写成刚好低于监测线，线附近的户数就是登记造成的，不是收入分布本来如此。下表检验现行监测线两侧。",
        *dict.fromkeys(found.rows["verdict"]),
    )
    return Section("bunching", "收入扎堆检验", text=text, tables=(found,))
