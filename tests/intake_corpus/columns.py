"""Cases of what stands beside and above the columns of a list: marks at their names, columns without one, hidden ones,
numbers in titles, examples.

Does not belong here: which rows are the header (headers.py), units of amounts (units.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import FEN, HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import Tab, by_hand, by_openpyxl, by_xlsxwriter, inline, text

LIST = [HEAD, *people(3)]
GOOD = {"accepted": 3, "values": FEN, "sheets": ["Sheet1"]}
SEEN = {"accepted": 3, "values": FEN, "encoding": "utf8"}
BLANK = [""] * 7


def marked(name: str, *marks: str) -> Case:
    """A list whose names are written so; {} is the name."""
    return Case(name, text([[m.format(h) for m, h in zip(marks * 7, HEAD, strict=False)], *people(3)]), **SEEN)


MARKS = [
    marked("marked_required.csv", "{}（必填）"),
    marked("marked_required_item.csv", "{}(必填项)", "{}【选填】", "[必填]{}"),
    marked("marked_with_a_star.csv", "*{}", "{}*", "＊{}"),
    marked("numbered_names.csv", "2.{}", "２．{}", "3、{}", "（4）{}", "5)　{}", "12．{}"),
    marked("circled_names.csv", "①{}", "⑵{}", "⒊{}", "⑳ {}"),
    marked("numbered_in_chinese.csv", "二、{}", "（三）{}", "十一、{}"),
    marked("numbered_and_required.csv", "1.{}（必填）", "②*{}"),
    Case(
        "required_amount_in_wan.csv",
        text([[*HEAD[:5], "6.月补贴（万元）（必填）", HEAD[6]], person(1, pay="0.08")]),
        accepted=1,
        encoding="utf8",
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "required_before_unit.csv",
        text([[*HEAD[:5], "⑥月补贴（必填）（万元）", HEAD[6]], person(1, pay="0.08")]),
        accepted=1,
        encoding="utf8",
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "unit_among_marks.csv",
        text([[*HEAD[:5], "月补贴（万元，必填）", HEAD[6]], person(1, pay="0.08")]),
        refused=["「月补贴（万元,必填）」".replace(",", "，"), "以元还是万元"],
    ),
    Case(
        "a_month_is_no_number_before_a_name.csv",
        text([[*HEAD[:5], "1月补贴", HEAD[6]], *people(3)]),
        refused=["「月补贴」", "最接近的列名是「1月补贴」"],
    ),
    Case(
        "numbered_in_two_rows.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        ["一、个人信息", "", "二、岗位信息", "", "", "", "三、岗位职责"],
                        [f"{n}.{h}" for n, h in enumerate(HEAD[:6], 1)],
                        *people(3),
                    ],
                    merged=["A1:B1", "C1:F1", "G1:G2"],
                )
            ]
        ),
        **GOOD | {"titles": 2, "header": "第1至2行"},
    ),
]

FAR = [[*row, ""] for row in people(45)]
NAMELESS = [
    Case(
        "nameless_far_below.csv",
        text([[*HEAD, ""], *FAR, [*person(46), "另有"]]),
        accepted=46,
        encoding="utf8",
        unknown=["第8列（无列名）"],
    ),
    Case(
        "nameless_far_below.xlsx",
        by_xlsxwriter([[*HEAD, ""], *FAR, [*person(46), "", "另有"]]),
        accepted=46,
        sheets=["Sheet1"],
        unknown=["第9列（无列名）"],
    ),
    Case(
        "nameless_blanks_far_below.xlsx",
        by_openpyxl([[*HEAD, ""], *FAR, [*person(46), "  "]]),
        accepted=46,
        sheets=["Sheet1"],
    ),
    Case(
        "nameless_above_and_below.csv",
        text([["", *HEAD, ""], ["甲", *FAR[0]], *(["", *row] for row in FAR[1:]), ["", *person(46), "另有"]]),
        accepted=46,
        encoding="utf8",
        unknown=["第1列（无列名）", "第9列（无列名）"],
    ),
]

HIDDEN = [
    Case("hidden_columns.openpyxl.xlsx", by_openpyxl([Tab(LIST, hidden_columns="B:C")]), **GOOD),
    Case(
        "hidden_columns_by_hand.xlsx",
        by_hand(inline(LIST), before='<cols><col min="2" max="16384" width="9" hidden="true"/></cols>'),
        **GOOD,
    ),
]

CODES = ["行政村代码：", "410122570207", "导出时间：", "20211105143000", "", "", ""]
NUMBERS_ABOVE = [
    Case("labelled_numbers.csv", text([[TITLE, *BLANK[1:]], CODES, *LIST]), **SEEN | {"titles": 3, "header": "第3行"}),
    Case("labelled_numbers.xlsx", by_xlsxwriter([[TITLE], CODES, *LIST]), **GOOD | {"titles": 3, "header": "第3行"}),
    Case(
        "numbers_within_titles.csv",
        text(
            [
                ["行政村代码：410122570207 导出时间：20211105143000", *BLANK[1:]],
                ["统一社会信用代码：11410122005252119X", *BLANK[1:]],
                ["统一社会信用代码", "114101220052521191", "编制时间", "202111051430", "", "", ""],
                ["20211105143000", *BLANK[1:]],
                *LIST,
            ]
        ),
        **SEEN | {"titles": 5, "header": "第5行"},
    ),
    Case("record_above.csv", text([person(4), *LIST]), refused=["第1行像是一条记录", "表头（第2行）"]),
    Case(
        "record_of_few_cells_above.csv",
        text([person(4)[:2] + BLANK[2:], *LIST]),
        refused=["第1行像是一条记录"],
        hidden=[person(4)[1]],
    ),
    Case("number_alone_above.csv", text([["410122000001", *BLANK[1:]], *LIST]), refused=["第1行像是一条记录"]),
    Case(
        "labelled_person_above.csv",
        text([["姓名：", "测试甲", "证件号码：", person(4)[1], "", "", ""], *LIST]),
        refused=["第1行像是一条记录"],
    ),
    Case(
        "record_behind_a_label.csv",
        text([["行政村代码：", "410122570207", person(4)[1], "", "", "", ""], *LIST]),
        refused=["第1行像是一条记录"],
    ),
]

EXAMPLES = [
    Case(
        "example_above_second_header.csv",
        text([["填写示例", *BLANK[1:]], HEAD, person(9), HEAD, *people(3)]),
        **SEEN | {"titles": 3, "totals": 1, "header": "第2行"},
    ),
    Case(
        "example_between_titles.xlsx",
        by_xlsxwriter([["示例："], HEAD, person(9), [], ["示例："], HEAD, *people(3)]),
        **GOOD | {"titles": 3, "totals": 2, "blank": 1, "header": "第2行"},
    ),
    Case(
        "example_named_in_its_row.csv",
        text([["序号", *HEAD], ["示例", *person(9)], *([str(n), *row] for n, row in enumerate(people(3), 1))]),
        **SEEN | {"totals": 1, "unknown": ["序号"]},
    ),
    Case(
        "example_named_behind_the_name.xlsx",
        by_openpyxl([HEAD, ["测试甲（示例）", *person(9)[1:]], HEAD, *people(3)]),
        **GOOD | {"titles": 2, "totals": 1},
    ),
    Case(
        "example_in_second_sheet.xlsx",
        by_xlsxwriter(
            [
                Tab([HEAD, *people(2)], name="甲乡"),
                Tab([["序号", *HEAD], ["示例", *person(9)], ["1", *person(3)]], name="乙乡"),
            ]
        ),
        **GOOD | {"sheets": ["甲乡", "乙乡"], "titles": 2, "totals": 1, "unknown": ["序号"]},
    ),
    Case(
        "a_text_may_say_so.csv",
        text([HEAD, [*person(1)[:6], "示例"], *people(2, 2)]),
        **SEEN,
    ),
    Case(
        "no_example_without_a_word.csv",
        text([HEAD, person(9), HEAD, *people(3)]),
        accepted=4,
        encoding="utf8",
        titles=2,
    ),
    Case(
        "rows_of_a_page_are_no_examples.csv",
        text([["填写示例", *BLANK[1:]], HEAD, *people(6, 9), HEAD, *people(3)]),
        accepted=9,
        encoding="utf8",
        titles=3,
        header="第2行",
    ),
]

CASES = [*MARKS, *NAMELESS, *HIDDEN, *NUMBERS_ABOVE, *EXAMPLES]
