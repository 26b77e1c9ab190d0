"""调研成果汇总.xlsx: what a trip found, on sheets an official reads.

Does not belong here: any figure (fangpin/research/results.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from fangpin.reports.research.answers import actual
from fangpin.reports.research.sheets import Book, heading, table
from fangpin.research.agreement import ALL_COUNTIES
from fangpin.research.item import FIELD, LEVEL, TOPICS
from fangpin.research.items import BY_CODE
from fangpin.research.results import Problem, Results
from fangpin.research.yields import PROPOSALS, RULES

NAME = "调研成果汇总.xlsx"
PROBLEMS, OPEN, SENSITIVE = "问题清单", "未销号", "不列"
_LEVELS = dict(LEVEL)
_PROBLEM = ("problem", "evidence", "cause", "advice", "owner", "due")


@dataclass(frozen=True)
class Trip:
    """Which draw the results are of. places: code -> name. caution: what may not be concluded, '' for nothing."""

    plan: str
    title: str
    draw: int
    month: str
    as_of: dt.date
    places: Mapping[str, str]
    cautions: tuple[str, ...]

    @property
    def mark(self) -> str:
        return f"{self.plan} 第{self.draw}次抽样 成果 数据{self.month}"


def workbook(of: Trip, found: Results) -> bytes:
    """The workbook's bytes: the same results give the same bytes."""
    book = Book(of, "调研成果汇总", properties={"template_id": "fangpin/research-results", "plan": of.plan})
    for name, widths, header, rows, told in (
        _progress(found), *_agreement(of, found), _yields(found), _shares(of, found), _differences(of, found),
        _problems(of, found), _opinions(of, found), _files(found),
    ):  # fmt: skip
        sheet = book.sheet(name, widths, landscape=True)
        top = heading(book, sheet, f"{of.title}{name}（第{of.draw}次抽样）", widths, told)
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 1)
        table(book, sheet, top, header, rows, widths)
        if name == PROBLEMS:
            _overdue(book, sheet, top + 1, len(rows))
    _notes(book)
    return book.close()


_Sheet = tuple[str, tuple[int, ...], tuple[str, ...], list[tuple[Any, ...]], str]


def _progress(found: Results) -> _Sheet:
    rows: list[tuple[Any, ...]] = [
        (p.city, p.county, p.villages, p.villages_visited, p.households, p.households_visited, p.reserves)
        for p in found.progress
    ]
    header = ("市", "县（市、区）", "调研村", "已到村", "正选户", "已访正选户", "已访备选户")
    sums = tuple(sum(row[at] for row in rows) for at in range(2, 7))
    return "完成情况", (14, 18, 10, 10, 10, 12, 12), header, [("合计", "", *sums), *rows], ""


def _agreement(of: Trip, found: Results) -> tuple[_Sheet, _Sheet]:
    """Of all counties together, then county by county."""
    whole, by_county = [], []
    for each in found.agreement:
        item = BY_CODE[each.item]
        row = (
            TOPICS[item.topic], item.question, each.compared, each.match, each.differ, each.missing, each.unknown,
            _percent(each.rate), _interval(each.low, each.high),
        )  # fmt: skip
        if each.county_code == ALL_COUNTIES:
            whole.append(row)
        else:
            by_county.append((of.places.get(each.county_code, each.county_code), *row))
    header = ("专题", "项目", "比对户数", "一致", "不一致", "应有而没有", "无法核实", "一致率", "95%区间")
    widths = (15, 44, 9, 8, 8, 11, 9, 9, 16)
    told = "一致率＝一致÷（一致＋不一致＋应有而没有）；区间为威尔逊区间，同村的户相互有关，实际的区间更宽。"
    return (
        ("系统与实地一致率", widths, header, whole, told),
        ("分县一致率", (22, *widths), ("县（市、区）", *header), by_county, told),
    )


def _yields(found: Results) -> _Sheet:
    rows = [
        (
            RULES[each.rule].question, each.checked, each.confirmed, each.refuted, each.not_seen,
            _percent(each.confirmed / each.checked if each.checked else None), _interval(each.low, each.high),
            _percent(each.mean), PROPOSALS[each.proposal],
        )
        for each in found.yields
    ]  # fmt: skip
    header = ("规则", "核查", "属实", "不属实", "无法核实", "属实率", "95%区间", "估计属实率", "建议")
    told = "本次调研的核查结果。估计属实率把核查前的预期也算在内（政策参数 rule_yield）；各月合计见网站“实地核查”。"
    return "规则属实率", (26, 9, 9, 9, 9, 9, 16, 11, 22), header, rows, told


def _shares(of: Trip, found: Results) -> _Sheet:
    rows = [
        (
            TOPICS[each.item.topic], each.item.question, each.what, each.estimate.answered,
            _percent(each.estimate.share), _interval(each.estimate.low, each.estimate.high) or "推断不出",
        )
        for each in found.shares
    ]  # fmt: skip
    header = ("专题", "项目", "指标", "回答户数", "推算占比", "95%区间")
    told = (
        "".join(of.cautions)
        if not found.shares and of.cautions
        else ("按入选概率加权，推算到抽中各市有监测对象的地区（不是全省）；“拿不准”“无法核实”不计入。")
    )
    return "抽中市推算", (16, 40, 16, 10, 10, 18), header, rows, told


def _differences(of: Trip, found: Results) -> _Sheet:
    rows = []
    for each in found.differences:
        item = BY_CODE[each.answer.item]
        private = item.seen_by == FIELD
        said = (SENSITIVE, SENSITIVE) if private else (actual(item, each.answer.actual), each.answer.note)
        words = dict(item.checks)[each.answer.checked]
        place = of.places.get(each.place_code, each.place_code)
        rows.append((place, each.household_id, item.question, words, *said, each.day.isoformat()))
    header = ("行政村", "户内部编号", "项目", "核查结果", "实际情况", "备注", "日期")
    told = "只列户内部编号；涉及疾病、残疾、支出的内容不列，见各组的实地核查表。"
    return "不一致清单", (26, 11, 34, 13, 26, 26, 12), header, rows, told


def _problems(of: Trip, found: Results) -> _Sheet:
    rows = [
        (
            each.number, of.places.get(each.place_code, each.place_code), _topic(each.told, "finding_topic"),
            *(each.told.get(f"finding_{name}", "") for name in _PROBLEM),
            _settled(each),
        )
        for each in found.problems
    ]  # fmt: skip
    header = ("编号", "地方", "专题", "问题", "证据", "原因", "建议", "责任单位", "整改期限", "销号")
    told = "整改完成的，用 fangpin research settle 销号；销号不删除问题。打开文件那天已过期限而未销号的，期限标红。"
    return PROBLEMS, (10, 22, 14, 30, 26, 24, 26, 16, 12, 26), header, rows, told


def _opinions(of: Trip, found: Results) -> _Sheet:
    order = list(TOPICS)
    listed = sorted(
        found.opinions, key=lambda o: (order.index(t) if (t := o.told.get("opinion_topic")) else 99, o.place_code)
    )
    rows = [
        (
            _topic(each.told, "opinion_topic"), _LEVELS[each.told["opinion_level"]],
            of.places.get(each.place_code, each.place_code),
            *(each.told.get(f"opinion_{name}", "") for name in ("text", "advice", "answer")), each.day.isoformat(),
        )
        for each in listed
    ]  # fmt: skip
    header = ("专题", "级别", "地方", "意见、困惑", "建议", "现场答复", "日期")
    return "意见台账", (16, 8, 24, 44, 34, 30, 12), header, rows, ""


def _overdue(book: Book[Trip], sheet: Worksheet, first: int, count: int) -> None:
    """Red where the day is past when somebody opens the workbook: its bytes know no clock."""
    late = f'AND($J{first + 1}="{OPEN}",ISNUMBER(DATEVALUE($I{first + 1})),DATEVALUE($I{first + 1})<TODAY())'
    how = {
        "type": "formula",
        "criteria": f"={late}",
        "format": book.book.add_format({"bold": True, "font_color": "#C00000"}),
    }
    sheet.conditional_format(first, 8, first + max(count, 1) - 1, 8, how)


def _files(found: Results) -> _Sheet:
    rows = [
        (
            each.number, each.name, each.records, "；".join(each.left),
            "有效" if each.withdrawn is None else f"已撤回，{each.withdrawn[0]}：{each.withdrawn[1]}",
        )
        for each in found.files
    ]  # fmt: skip
    told = "填错的文件用 fangpin research withdraw 按编号撤回，改好后再导入；同一户同一项以后导入的为准。"
    return "导入的文件", (8, 40, 9, 60, 40), ("编号", "文件", "记录数", "没有导入的内容", "状态"), rows, told


def _notes(book: Book[Trip]) -> None:
    rows = [("注意", each) for each in book.of.cautions]
    rows.insert(0, ("数据", f"抽样依据 {book.of.month} 的数据；系统值是那个月的，实地情况是核查那天的。"))
    sheet = book.sheet("编制说明", (22, 90))
    table(book, sheet, heading(book, sheet, "编制说明", (22, 90)), ("项目", "说明"), rows, (22, 90))


def _topic(told: Mapping[str, str], code: str) -> str:
    return TOPICS.get(told.get(code, ""), "")


def _settled(each: Problem) -> str:
    return OPEN if each.settled is None else f"{each.settled[0]} {each.settled[1]}：{each.settled[2]}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.1%}～{high:.1%}"
