"""What an entry of the province's corrections may say, and what it does to a block of judged rows."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.raw import FEEDS
from fangpin import corrections
from fangpin.corrections import Correction
from fangpin.errors import PolicyError
from fangpin.intake import cells, correcting, header, placing, validate
from fangpin.intake.blocks import Block
from fangpin.intake.correcting import Match
from fangpin.intake.doubts import Plausible
from fangpin.intake.validate import Context, Judged
from tests import deliveries as d

CHECKOUT = Path(__file__).resolve().parents[2]
RIGHT: dict[str, Any] = {
    "id": "M1",
    "month": "2021-10",
    "where": {"settlement_no": "J2"},
    "override": {"self_paid": "300"},
    "expect": {"self_paid": "400.50"},
    "reason": "票据复核",
    "who": "省监测处",
    "date": dt.date(2021, 11, 5),
}
"""An entry for the feed `medical`."""


def load(tmp_path: Path, *entries: object, feed: str = "medical") -> tuple[Correction, ...]:
    (tmp_path / f"{feed}.yaml").write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return corrections.load(tmp_path, FEEDS)[feed]


def problem(tmp_path: Path, **changes: object) -> str:
    """What is said of the entry after the changes; None takes a key out."""
    entry = {key: value for key, value in (RIGHT | changes).items() if value is not None}
    with pytest.raises(PolicyError) as refused:
        load(tmp_path, entry)
    first, *problems = str(refused.value).splitlines()
    assert first == "更正文件有误："
    assert all(text.startswith("policy/corrections/medical.yaml 第1条") for text in problems)
    return "\n".join(text.partition("：")[2] for text in problems)


def test_what_an_entry_says(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, RIGHT)
    assert (entry.first, entry.last) == ("2021-10", "2021-10")
    assert entry.signed == "票据复核（省监测处，2021-11-05，更正 M1）"
    assert entry.named == "policy/corrections/medical.yaml 更正 M1"


@pytest.mark.parametrize(
    ("months", "in_force"),
    [
        ({"month": "2021-10"}, "nyn"),
        ({"from": "2021-10", "to": "2021-11"}, "nyy"),
        ({"from": "2021-10"}, "nyy"),
        ({"from": "2021-01", "to": "2021-09"}, "ynn"),
    ],
)
def test_the_months_of_an_entry(tmp_path: Path, months: dict[str, str], in_force: str) -> None:
    (entry,) = load(tmp_path, {key: value for key, value in RIGHT.items() if key != "month"} | months)
    assert "".join("ny"[entry.holds(m, m)] for m in ("2021-09", "2021-10", "2021-11")) == in_force


def test_an_entry_holds_for_a_window_that_it_touches(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, RIGHT)
    assert entry.holds("2020-05", "2021-10")
    assert entry.holds("2021-10", "2022-01")
    assert not entry.holds("2021-11", "2022-01")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": None}, "缺少 id（编号），应为文字"),
        ({"reason": " "}, "缺少 reason（理由），应为文字"),
        ({"who": 3}, "缺少 who（决定更正的处室或岗位），应为文字"),
        ({"date": "昨天"}, "缺少 date（更正日期），应写作 YYYY-MM-DD"),
        ({"month": None}, "报送月份应写 month（一个月），或 from 和 to（几个月；没有 to 表示一直有效）"),
        ({"to": "2021-11"}, "报送月份应写 month（一个月），或 from 和 to（几个月；没有 to 表示一直有效）"),
        ({"month": "2021-13"}, "month 应写作 YYYY-MM，如 2021-10"),
        ({"month": None, "from": "2021-11", "to": "2021-10"}, "to 早于 from"),
        ({"where": None}, "应写 where（列: 值），或 file 和 row，说明更正的是哪一行；二者只写一种"),
        ({"where": {}}, "where 应为“列名: 值”的一组"),
        (
            {"row": 3, "file": "0123456789abcdef"},
            "应写 where（列: 值），或 file 和 row，说明更正的是哪一行；二者只写一种",
        ),
        ({"where": None, "row": 3}, "file 应为来源文件 sha256 的前16位，加引号"),
        ({"where": None, "file": "0123456789abcdef"}, "row 应为来源行号，如 3"),
        (
            {"where": None, "file": "0123456789abcdef", "row": 3, "every": True},
            "every 与 file、row 不能同时写：它们只说一行",
        ),
        ({"every": "yes"}, "every 只能是 true 或 false"),
        ({"override": None}, "drop（不计入）、override（改写）、flag（提示）应写且只写一种"),
        ({"drop": True}, "drop（不计入）、override（改写）、flag（提示）应写且只写一种"),
        ({"override": None, "drop": False}, "drop 只能写 true"),
        ({"override": None, "flag": ""}, "flag 应为提示的文字"),
        ({"expect": None}, "缺少 expect（更正时原来的内容）：没有它，来源改正以后这条更正还会继续生效"),
        ({"expect": {"visit_type": "住院"}}, "override 改写了 self_paid，expect 也要写它原来的内容"),
        ({"override": {"self_paid": "400.50"}}, "override 的 self_paid 与原来的内容相同"),
        ({"override": {"self_paid": "四百"}}, "override 的 self_paid：合规自付费用不是金额"),
        ({"override": {"self_paid": "-1"}}, "override 的 self_paid：合规自付费用低于合理范围"),
        ({"override": {"self_paid": ""}}, "override 的 self_paid：合规自付费用必填项为空"),
        ({"override": {"self_paid": 300}}, 'override 的 self_paid 应加引号写成文字，如 "300"（空单元格写 ""）'),
        ({"where": {"visit_type": "急诊"}}, "where 的 visit_type：医疗类别不在规定的选项中"),
        ({"expect": {"self_paid": "400.50", "settled_on": "10月"}}, "expect 的 settled_on：结算日期不是日期"),
        (
            {"override": {"settled_on": "2021-11-01"}, "expect": {"settled_on": "2021-10-08"}},
            "override 的 settled_on 晚于报送月份",
        ),
        ({"reson": "笔误"}, f"不认识的项“reson”；可用：{'、'.join(corrections._KEYS)}"),
        ({"who": "张某13800000000"}, "who 里有手机号或证件号码：更正文件不得写个人信息"),
        ({"reason": f"证件{d.id_number(1)}"}, "reason 里有手机号或证件号码：更正文件不得写个人信息"),
    ],
)
def test_what_an_entry_may_not_say(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    assert problem(tmp_path, **changes) == said


@pytest.mark.parametrize("key", ["where", "override", "expect"])
@pytest.mark.parametrize(("name", "header"), [("id_number", "证件号码"), ("person_name", "姓名")])
def test_no_entry_names_a_person(tmp_path: Path, key: str, name: str, header: str) -> None:
    told = problem(tmp_path, **{key: {**RIGHT[key], name: "某"}}).splitlines()
    assert f"{key} 不得写 {name}（{header}）：更正文件不得写个人信息，请用别的列，或用 file 和 row" in told


def test_an_unknown_column_is_told_with_those_that_may_be_used(tmp_path: Path) -> None:
    told = problem(tmp_path, where={"settlement": "J2"})
    assert told.startswith("where 的 settlement 不是《医保结算明细》的列；可用：settlement_no、settled_on、")
    assert "id_number" not in told


def test_the_last_day_of_the_month_may_be_written(tmp_path: Path) -> None:
    load(tmp_path, RIGHT | {"override": {"settled_on": "2021年10月31日"}, "expect": {"settled_on": "2021-10-08"}})


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "medica.yaml").write_text("[]", encoding="utf-8")
    (tmp_path / "dibao.yaml").write_text("id: D1", encoding="utf-8")
    (tmp_path / "income.yaml").write_text("- [1", encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load(tmp_path, RIGHT | {"who": ""}, RIGHT, "M3")
    told = str(refused.value)
    for said in (
        "policy/corrections/medica.yaml：没有名为 medica 的数据；文件名应为其中之一：away_work、",
        "policy/corrections/dibao.yaml：应为一条一条的列表，每条以“- id:”开头",
        "policy/corrections/income.yaml：不是有效的 YAML：",
        "policy/corrections/medical.yaml 第1条（M1）：缺少 who（决定更正的处室或岗位），应为文字",
        "policy/corrections/medical.yaml 第1条（M1）：编号与另一条相同，请换一个",
        "policy/corrections/medical.yaml 第2条（M1）：编号与另一条相同，请换一个",
        "policy/corrections/medical.yaml 第3条：应为“名称: 值”的一组",
    ):
        assert said in told


def test_a_file_whose_entries_were_all_deleted_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "medical.yaml").write_text("# 无\n", encoding="utf-8")
    assert corrections.load(tmp_path, FEEDS) == {"medical": ()}


def test_the_entries_of_the_guide_may_be_said(tmp_path: Path) -> None:
    guide = (CHECKOUT / "docs" / "corrections.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n# policy/corrections/(\w+)\.yaml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / f"{example[0]}.yaml").write_text(example[1], encoding="utf-8")
    entries = corrections.load(tmp_path, FEEDS)[example[0]]
    assert [(bool(e.override), e.drop, bool(e.flag)) for e in entries] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize(
    ("fen", "text"), [(40050, "400.50"), (-150, "-1.50"), (-1, "-0.01"), (0, "0.00"), (None, None)]
)
def test_money_as_a_department_writes_it(fen: int | None, text: str | None) -> None:
    assert cells.as_written(FEEDS["medical"].column("self_paid"), fen) == text


# Applied to a block.

CONTEXT = Context("2021-10", placing.place_index("2021-10"), Plausible(120, 3.5, 3, 20))
SHA16 = "0123456789abcdef"


def judged(feed: str, head: list[str], rows: list[list[str]]) -> tuple[Judged, Block, header.Heading]:
    heading = header.find([head], FEEDS[feed].columns)
    assert heading is not None
    texts = {
        name: pa.array([row[position] or None for row in rows], pa.string())
        for name, position in heading.positions.items()
    }
    table = pa.table({"source_row": pa.array(range(2, 2 + len(rows)), pa.int32()), **texts})
    block = Block(cells=table, end=1 + len(rows))
    return validate.judge(block, FEEDS[feed], heading, CONTEXT), block, heading


def apply(feed: str, head: list[str], rows: list[list[str]], *entries: Correction) -> tuple[Judged, list[Match]]:
    before, block, heading = judged(feed, head, rows)
    return correcting.apply(before, block, FEEDS[feed], heading, CONTEXT, entries, SHA16)


MEDICAL = [d.settlement(f"J{n}", d.id_number(n)) for n in (1, 2, 3)]


def medical(tmp_path: Path, *changes: dict[str, object], rows: list[list[str]] = MEDICAL) -> tuple[Judged, list[Match]]:
    entries = [
        {key: value for key, value in (RIGHT | {"id": f"M{n}"} | change).items() if value is not None}
        for n, change in enumerate(changes, start=1)
    ]
    return apply("medical", d.MEDICAL_HEADER, rows, *load(tmp_path, *entries))


def test_an_overridden_row_keeps_its_place_and_its_cells_as_delivered(tmp_path: Path) -> None:
    after, matches = medical(tmp_path, {})
    assert after.accepted.select("source_row", "settlement_no", "self_paid").rows() == [
        (2, "J1", 40050),
        (3, "J2", 30000),
        (4, "J3", 40050),
    ]
    assert [(m.row, m.wrong) for m in matches] == [(3, None)]
    assert after.refused == {}
    assert {row: told["合规自付费用"] for row, told in after.doubted.items()} == {3: "400.50"}
    assert after.reasons.select("row", "column", "rule", "level", "value").rows() == [
        (3, "合规自付费用", "overridden_by_province", "警告", "400.50")
    ]


def test_a_dropped_row_is_refused_and_kept_beside_the_unaccepted(tmp_path: Path) -> None:
    wrong = d.settlement("J9", d.id_number(1), 总费用="多")
    after, _ = medical(tmp_path, {"override": None, "drop": True}, rows=[*MEDICAL, wrong])
    assert after.accepted["source_row"].to_list() == [2, 4]
    assert after.unaccepted.select("source_row", "settlement_no").rows() == [(5, "J9"), (3, "J2")]
    assert sorted(after.refused) == [3, 5]
    assert after.doubted == {}


def test_two_columns_of_a_row_at_once(tmp_path: Path) -> None:
    change = {
        "override": {"self_paid": "0.1万元", "visit_type": "普通门诊"},
        "expect": {"self_paid": "400.5", "visit_type": "住院"},
    }
    after, _ = medical(tmp_path, change)
    assert after.accepted.select("self_paid", "visit_type").row(1) == (100_000, "普通门诊")
    assert (
        after.reasons["message"].to_list()[1].startswith("省级更正：已按更正后的内容计入。医疗类别：住院 → 普通门诊。")
    )


def test_a_row_that_changed_is_left_as_it_is(tmp_path: Path) -> None:
    before = {"expect": {"self_paid": "400.51", "visit_type": "普通门诊"}}
    after, matches = medical(tmp_path, before)
    assert after.accepted["self_paid"].to_list() == [40050] * 3
    assert after.reasons.is_empty()
    assert [(m.row, m.wrong) for m in matches] == [
        (
            3,
            "「合规自付费用」现为“400.50”，更正时是“400.51”、「医疗类别」现为“住院”，更正时是“普通门诊”。"
            "来源已更正，请删除这条更正",
        )
    ]


def test_what_is_empty_can_be_told_and_expected(tmp_path: Path) -> None:
    head = [*d.PERSON_HEADER, "文化程度", "失学或辍学原因"]
    rows = [
        [*d.person(d.id_number(1)), "", "外出务工"],
        [*d.person(d.id_number(2)), "小学", ""],
        [*d.person(d.id_number(3)), "初中", "无"],
    ]
    entry = {
        **RIGHT,
        "where": {"education": ""},
        "expect": {"dropout_reason": "外出务工"},
        "override": {"dropout_reason": ""},
    }
    after, matches = apply("person_list", head, rows, *load(tmp_path, entry, feed="person_list"))
    assert [(m.row, m.wrong) for m in matches] == [(2, None)]
    assert after.accepted["dropout_reason"].to_list() == [None, None, None]
    (told,) = after.reasons["message"]
    assert "失学或辍学原因：外* → （空）。" in told  # free text is masked


def test_rows_told_by_file_are_told_in_that_file_only(tmp_path: Path) -> None:
    here = {"where": None, "file": SHA16, "row": 4}
    elsewhere = {"where": None, "file": "f" * 16, "row": 3}
    after, matches = medical(tmp_path, here, elsewhere)
    assert [(m.correction.id, m.row) for m in matches] == [("M1", 4)]
    assert after.accepted["self_paid"].to_list() == [40050, 40050, 30000]


def test_two_entries_may_not_change_one_row_but_one_may_be_flagged_too(tmp_path: Path) -> None:
    dropped = {"override": None, "drop": True}
    flagged = {"override": None, "flag": "待核"}
    after, matches = medical(tmp_path, {}, dropped, flagged)
    said = {m.correction.id: m.wrong for m in matches}
    assert said["M1"] == said["M2"] == "这一行还有另一条不计入或改写的更正：请合并成一条"
    assert said["M3"] is None
    assert after.accepted["self_paid"].to_list() == [40050] * 3
    assert after.reasons["rule"].to_list() == ["flagged_by_province"]


def test_entries_told_by_different_columns_are_all_found(tmp_path: Path) -> None:
    first = {"where": {"settlement_no": "J1", "visit_type": "住院"}}
    third = {"where": {"visit_type": "普通门诊"}, "expect": {"self_paid": "7"}}
    rows = [*MEDICAL, d.settlement("J4", d.id_number(1), 医疗类别="普通门诊", 合规自付费用="7")]
    after, _ = medical(tmp_path, first, {}, third, rows=rows)
    assert after.accepted["self_paid"].to_list() == [30000, 30000, 40050, 30000]


def other_village() -> tuple[str, str]:
    """(code, name) of another village of the same township."""
    known = CONTEXT.places.filter(pl.col("year").is_null() & pl.col("village_code").str.starts_with(d.CODE[:9]))
    other = known.filter(pl.col("village_code") != d.CODE).sort("village_code")
    code, place = other.select("village_code", "place").row(0)
    return code, place.removeprefix(f"{d.COUNTY}{d.TOWNSHIP}").removesuffix(f"（{code}）")


def households(tmp_path: Path, override: dict[str, str]) -> tuple[Judged, list[Match]]:
    delivered = {"village_code": d.CODE, "village": d.VILLAGE}
    entry = {
        **RIGHT,
        "where": {"household_no": d.HOUSEHOLDS[1]},
        "override": override,
        "expect": {name: delivered[name] for name in override},
    }
    rows = [d.household(number) for number in d.HOUSEHOLDS]
    return apply("household_list", d.HOUSEHOLD_HEADER, rows, *load(tmp_path, entry, feed="household_list"))


def test_a_village_is_overridden_by_code_and_name_together(tmp_path: Path) -> None:
    code, name = other_village()
    after, matches = households(tmp_path, {"village_code": code, "village": name})
    assert [m.wrong for m in matches] == [None]
    assert after.accepted["village_code"].to_list() == [d.CODE, code, d.CODE]


def test_a_code_that_does_not_go_with_the_names_is_not_written(tmp_path: Path) -> None:
    code, _ = other_village()
    after, matches = households(tmp_path, {"village_code": code})
    assert len(matches) == 1
    assert str(matches[0].wrong).startswith("改写后名称与行政村代码不一致（该代码是中牟县杨桥街道")
    assert after.accepted["village_code"].to_list() == [d.CODE] * 3


NOON = dt.datetime(2021, 10, 1, 12, tzinfo=dt.UTC)
ODD: list[object] = [None, "", 0, -1, True, 1.5, "2021-10", dt.date(2021, 10, 1), NOON, [], [1], {}]
ODD += [{1: 2}, {"self_paid": None}, {"settled_on": "x", "household_no": "1"}, {None: "1"}]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*corrections._KEYS, "x"]), st.sampled_from(ODD)))
def test_whatever_stands_in_an_entry_is_told_not_a_failure(changes: dict[str, object]) -> None:
    """One odd value makes the entry wrong, unless it is what may stand there."""
    told = list(corrections._file_problems([RIGHT | changes], FEEDS["medical"]))
    fitting = {"id": ["2021-10"], "reason": ["2021-10"], "who": ["2021-10"], "month": ["2021-10"]}
    fitting |= {"date": [dt.date(2021, 10, 1)], "every": [True]}
    assert bool(told) != all(value in fitting.get(key, []) and type(value) is not int for key, value in changes.items())
