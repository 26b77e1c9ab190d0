"""刚性支出口径比较 as a page and a workbook, against four pairs of thresholds made by hand (tests/made_up_what_if.py).

100 households, 10 in hardship. From 2,000 yuan on 20 are flagged (8 rightly), from 20,000 on 5 (3); from 20 per cent on
14 (7), from 40 per cent on 5 (5).
"""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import openpyxl
import pytest

from fangpin.reports import criterion, criterion_tables, rigid_map
from fangpin.reports import site as sites
from fangpin.reports.criterion_tables import Compared
from fangpin.reports.edition import Edition
from fangpin.reports.tables import Table, shown
from fangpin.reports.workbooks import CRITERION, workbooks
from tests.made_up_edition import edition
from tests.parsed_page import Parsed, parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def rigid(made_up: Edition) -> Compared:
    return Compared(made_up, "rigid")


@pytest.fixture(scope="module")
def page(made_up: Edition) -> Parsed:
    return parse(sites.render(made_up, criterion.page(made_up)))


def printed(table: Table) -> list[list[str]]:
    return [[shown(c.kind, row[c.key]) for c in table.columns] for row in table.rows.iter_rows(named=True)]


def test_single_thresholds(rigid: Compared) -> None:
    assert printed(criterion_tables.single(rigid, "amount")) == [
        ["2,000", "20", "8", "40.0%", "80.0%", "2.5"],
        ["20,000", "5", "3", "60.0%", "30.0%", "1.7"],
    ]
    assert printed(criterion_tables.single(rigid, "share")) == [
        ["20.0%", "14", "7", "50.0%", "70.0%", "2.0"],
        ["40.0%", "5", "5", "100.0%", "50.0%", "1.0"],
    ]


def test_equal_work(rigid: Compared) -> None:
    """20 against 14 is too far apart; kappa (0.86 - 0.716) / 0.284, by the margins 20, 80 and 14, 86.

    5 against 5: kappa (0.96 - 0.905) / 0.095; only the amount is right 0 times, only the share 2 + 2, p = 2 / 16.
    """
    assert printed(criterion_tables.equal(rigid)) == [
        ["2,000", "20.0%", "20", "8", "80.0%", "14", "7", "70.0%", "-1", "0.507", "5", "9", "0.424", "工作量不相近"],
        ["20,000", "40.0%", "5", "3", "30.0%", "5", "5", "50.0%", "+2", "0.579", "0", "4", "0.125", "相当"],
    ]


def test_a_sure_difference_is_told(made_up: Edition) -> None:
    """Ten times as many households: 0 against 40, p = 2 / 2^40."""
    frame = made_up.frame("mart.rigid_criterion")
    cells = [name for name in frame.columns if name.endswith(("_hardship", "_other"))]
    many = replace(made_up, frames={**made_up.frames, "mart.rigid_criterion": frame.with_columns(frame[cells] * 10)})
    assert printed(criterion_tables.equal(Compared(many, "rigid")))[1][-2:] == ["<0.001", "按幅度"]
    assert "工作量相近的1对门槛中，1对按幅度较准" in "".join(parse(sites.render(many, criterion.page(many))).text)


def test_the_pair_looked_at_is_the_one_next_to_the_alert(made_up: Edition, rigid: Compared) -> None:
    """The alert by share is 40 per cent; for income 30 per cent, as near to 20 as to 40: the lower amount."""
    assert rigid.pair_words == "金额20,000元、幅度40%"
    assert Compared(made_up, "income_drop").pair_words == "金额2,000元、幅度20%"


def test_overlap_with_profiles(made_up: Edition, rigid: Compared) -> None:
    rows = printed(criterion_tables.overlaps(rigid))
    assert [row[:4] for row in rows] == [
        ["金额、幅度都标出", "3", "3", "100.0%"],
        ["只按金额标出", "2", "0", "0.0%"],
        ["只按幅度标出", "2", "2", "100.0%"],
        ["都未标出", "93", "5", "5.4%"],
    ]
    assert rows[0][4:] == ["100.0%", "0.0%", "0.0%", "100.0%", "0.0%"]
    assert rows[1][4:] == ["0.0%", "100.0%", "0.0%", "100.0%", "0.0%"]
    headers = [c.header for c in criterion_tables.overlaps(Compared(made_up, "income_drop")).columns]
    assert headers[-1] == ("收入减少（占本行户数）", "近三个月工资仍低于上年同期")
    assert headers[-2][-1] == "6人及以上"


def test_kinds_of_households_and_nobody_has_no_ratio(rigid: Compared) -> None:
    rows = {(row[0], row[1]): row[2:] for row in printed(criterion_tables.parts(rigid))}
    assert rows["全部", "全部"] == ["5", "3", "60.0%", "30.0%", "1.7", "5", "5", "100.0%", "50.0%", "1.0"]
    assert rows["按收入", "收入最低的一组"][:4] == ["3", "3", "100.0%", "30.0%"]
    assert rows["按收入", "收入居中的一组"][:5] == ["2", "0", "0.0%", "—", "—"]
    assert rows["按家庭人口", "6人及以上"] == ["0", "0", "—", "—", "—"] * 2


def test_trigger_and_confirm_within_a_limit_of_work(rigid: Compared) -> None:
    """7 flagged by either of 20,000 and 40 per cent, 20 by either of 2,000 and 40; no pair flags 5 or fewer."""
    assert printed(criterion_tables.confirmed(rigid)) == [
        ["最多核查农户的10.0%", "20,000", "40.0%", "7", "7.0%", "5", "1.4", "50.0%", "5"],
        ["最多核查农户的20.0%", "2,000", "40.0%", "20", "20.0%", "8", "2.5", "80.0%", "2"],
        ["现行幅度预警值附近（金额20,000元、幅度40%）", "20,000", "40.0%", "7", "7.0%", "5", "1.4", "50.0%", "5"],
    ]


def test_every_pair(rigid: Compared) -> None:
    rows = printed(criterion_tables.pairs(rigid))
    assert len(rows) == 4
    assert rows[0] == [
        *("2,000", "20.0%", "24", "9", "37.5%", "90.0%", "2.7"),
        *("10", "6", "60.0%", "60.0%", "1.7"),
    ]


def test_the_map_in_yuan_and_its_table(made_up: Edition) -> None:
    """Hexagons of 500 yuan: 13 half steps are 3,250 yuan, 4 half rows 4 x 500 x sqrt(3) / 2 = 1,732 yuan."""
    frame = rigid_map.hexagons(made_up)
    assert frame["x"].to_list() == [3250, 7500, 25000]
    assert frame["y"].to_list() == pytest.approx([0, 1000 * math.sqrt(3), 500 * math.sqrt(3)])
    rows = {row[0]: row[1:] for row in printed(rigid_map.counted(made_up, 6000))}
    assert rows["0至1,000元"] == ["5", "5", "0", "0", "0", "0", "7", "0"]
    assert rows["1,000至2,000元"] == ["0", "0", "120", "10", "0", "0", "0", "0"]
    headers = [c.header[0] for c in rigid_map.counted(made_up, 6000).columns[1::2]]
    assert headers == [f"人均纯收入{w}" for w in ("不足6,000元", "6,000至9,000元", "9,000至12,000元", "12,000元及以上")]


def test_hexagons_are_drawn_with_the_line_and_the_rays(page: Parsed) -> None:
    figure = next(json.loads(script) for script in page.scripts if script)
    filled = {trace["name"]: trace for trace in figure["data"] if trace.get("fill") == "toself"}
    assert set(filled) == {"1–9户，半数以上低于监测线", "100–999户"}
    xs, ys = filled["100–999户"]["x"], filled["100–999户"]["y"]
    assert xs[-1] is None and len(xs) == 8 and xs[0] == xs[6]
    assert (min(xs[:7]), max(xs[:7])) == (7250, 7750)
    assert max(ys[:7]) - min(ys[:7]) == pytest.approx(2 * 500 / math.sqrt(3), abs=1)
    words = {trace["text"][1]: trace for trace in figure["data"] if trace.get("text")}
    assert set(words) == {"扣除后等于监测线", "占收入10%", "占收入20%", "占收入40%", "4人户20,000元", "6人户20,000元"}
    assert words["扣除后等于监测线"]["x"][0] == 6000
    assert [words["扣除后等于监测线"][axis][-1] for axis in "xy"] == [16000, 10000]
    assert words["4人户20,000元"]["y"][0] == 5000
    assert "其余7户在图外" in "".join(page.text)


def test_what_is_sought_is_told_first(page: Parsed) -> None:
    """10 in hardship; 3 households of each of 4 counties are below the line by income; 1 of the 10 is never flagged."""
    text = "".join(page.text)
    start = text.index("要找的是谁", text.index("要找的是谁") + 1)
    assert "扣除刚性支出后低于监测线（户）10" in text[start:].replace("\n", "")
    assert "其中纯收入本身就低于监测线（户）12" in text[start:].replace("\n", "")
    assert "最低的门槛也标不出（户）1金额不足2,000元且不足收入的20%" in text[start:].replace("\n", "")
    assert "先触发再核实（建议）" in text
    assert "收入减少只是困难的原因之一" in text


def test_the_workbook_holds_numbers(made_up: Edition) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbooks(made_up)[CRITERION]))
    row = next(r for r in book["刚性支出等量比较"].iter_rows(min_row=5) if r[0].value == 20000)
    assert [cell.value for cell in row[:9]] == [20000, 0.4, 5, 3, 0.3, 5, 5, 0.5, 2]
    assert row[12].number_format == '[<0.001]"<0.001";0.000'


def test_nothing_to_compare_is_said(made_up: Edition) -> None:
    names = ("mart.rigid_criterion", "mart.rigid_map")
    empty = replace(made_up, frames={n: f.clear() if n in names else f for n, f in made_up.frames.items()})
    assert "本月没有收入已知的农户" in "".join(parse(sites.render(empty, criterion.page(empty))).text)
    assert CRITERION in workbooks(empty)
