"""Cases of headers: titles above, spellings, units, headers of two and three rows.

Does not belong here: the rows below the header (layouts.py), several worksheets (worksheets.py).
"""

from __future__ import annotations

from tests.deliveries import COUNTY, TOWNSHIP, VILLAGE, id_number
from tests.intake_corpus.case import FEN, HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import Tab, by_openpyxl, by_xlsxwriter, text

LIST = [HEAD, *people(3)]
GOOD = {"accepted": 3, "values": FEN, "sheets": ["Sheet1"]}
SEEN = {"accepted": 3, "values": FEN, "encoding": "utf8"}
BLANK = [""] * 7
GROUPS = ["个人信息", "", "岗位信息", "", "", "", "岗位职责"]
BELOW = [*HEAD[:6], ""]
MERGED_GROUPS = ["A1:B1", "C1:F1", "G1:G2"]


def down(cells: str, rows: int) -> str:
    """A range of cells so many rows lower."""
    first, last = cells.split(":")
    return f"{first[0]}{int(first[1:]) + rows}:{last[0]}{int(last[1:]) + rows}"


TITLES = [
    Case(
        "title.xlsx",
        by_xlsxwriter([Tab([[TITLE], *LIST], merged=["A1:G1"])]),
        **GOOD | {"titles": 2, "header": "第2行"},
    ),
    Case(
        "title_unit_blank.xlsx",
        by_openpyxl([[TITLE], ["填报单位：人社局", "", "", "", "", "单位：元"], [], *LIST]),
        **GOOD | {"titles": 4, "header": "第4行"},
    ),
    Case(
        "nineteen_titles.csv",
        text([[f"说明{n}"] for n in range(19)] + LIST),
        **SEEN | {"titles": 20, "header": "第20行"},
    ),
    Case("twenty_titles.csv", text([[f"说明{n}"] for n in range(20)] + LIST), refused=["前20行里找不到"]),
    Case(
        "title_of_columns.csv", text([["姓名", "名单", *BLANK[2:]], *LIST]), **SEEN | {"titles": 2, "header": "第2行"}
    ),
    Case("blank_above.xlsx", by_xlsxwriter([[], [], *LIST]), **GOOD | {"titles": 3, "header": "第3行"}),
    Case("blank_column_left.xlsx", by_xlsxwriter([["", *row] for row in LIST]), **GOOD),
    Case("trailing_blank_columns.csv", text([[*row, "", "", ""] for row in LIST]), **SEEN),
    Case("trailing_blank_columns.xlsx", by_openpyxl([[*row, None, ""] for row in LIST]), **GOOD),
    Case(
        "blanks_in_header.csv",
        text(
            [
                ["姓 名", "证件\u3000号码", " 岗位类型 ", "设岗层级*", "上岗 月份", "月补贴（元）", "【岗位职责】"],
                *people(3),
            ]
        ),
        **SEEN | {"unknown": ["【岗位职责】"]},
    ),
    Case("line_breaks_in_header.xlsx", by_xlsxwriter([["姓\n名", "证件\r\n号码", *HEAD[2:]], *people(3)]), **GOOD),
    Case("full_width_header.csv", text([[*HEAD[:5], "月补贴（元）", "岗位职责"], *people(3)]), **SEEN),
    Case("synonym.csv", text([["姓名", "身份证号", *HEAD[2:]], *people(3)]), **SEEN),
    Case("any_order.csv", text([row[::-1] for row in LIST]), **SEEN),
    Case(
        "wan_header.csv",
        text([[*HEAD[:5], "月补贴（万元）", "岗位职责"], person(1, pay="0.08")]),
        accepted=1,
        encoding="utf8",
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "wan_title.xlsx",
        by_xlsxwriter([[TITLE], ["", "", "", "", "", "单位：万元"], HEAD, person(1, pay=0.08)]),
        accepted=1,
        titles=3,
        header="第3行",
        sheets=["Sheet1"],
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "wan_title_yuan_header.xlsx",
        by_xlsxwriter([["单位：万元"], [*HEAD[:5], "月补贴（元）", ""], person(1)]),
        accepted=1,
        titles=2,
        header="第2行",
        sheets=["Sheet1"],
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "missing_column.csv",
        text([["姓名", "证件号", *HEAD[2:]], *people(3)]),
        refused=["第1行", "「证件号码」", "最接近的列名是「证件号」"],
    ),
    Case(
        "missing_column.xlsx",
        by_xlsxwriter([Tab([["姓名", *HEAD[2:]], *people(3)], name="表")]),
        refused=["工作表「表」", "「证件号码」"],
    ),
    Case(
        "unknown_columns.csv",
        text([["序号", *HEAD, "民族"], *(["1", *row, "汉族"] for row in people(3))]),
        **SEEN | {"unknown": ["序号", "民族"]},
    ),
    Case(
        "column_without_a_name.csv",
        text([[*HEAD, ""], *([*row, "另有"] for row in people(3))]),
        **SEEN | {"unknown": ["第8列（无列名）"]},
    ),
    Case("blank_column_without_a_name.csv", text([[*HEAD, ""], *([*row, ""] for row in people(3))]), **SEEN),
    Case("repeat_agrees.csv", text([[*HEAD, "月补贴"], *([*row, "800.00"] for row in people(3))]), **SEEN),
    Case(
        "repeat_differs.csv",
        text([[*HEAD, "月补贴0"], *([*row, pay] for row, pay in zip(people(3), ["800", "900", ""], strict=True))]),
        accepted=1,
        quarantined={"repeated_column_differs": 2},
        encoding="utf8",
    ),
    Case("no_header.csv", text(people(3)), refused=["找不到", "公益性岗位台账"]),
    Case(
        "another_feed.csv",
        text([["户编号", "鉴定等级", "是否住人"], ["1", "A", "是"]]),
        refused=["找不到", "公益性岗位台账"],
    ),
]

TWO_ROWS = [
    Case(
        "two_rows.xlsx",
        by_xlsxwriter([Tab([GROUPS, BELOW, *people(3)], merged=MERGED_GROUPS)]),
        **GOOD | {"titles": 2, "header": "第1至2行"},
    ),
    Case(
        "two_rows_titled.xlsx",
        by_openpyxl(
            [Tab([[TITLE], GROUPS, BELOW, *people(3)], merged=["A1:G1", *(down(m, 1) for m in MERGED_GROUPS)])]
        ),
        **GOOD | {"titles": 3, "header": "第2至3行"},
    ),
    Case(
        "two_rows_all_below.xlsx",
        by_xlsxwriter(
            [Tab([["个人信息", "", "岗位信息", "", "", "", ""], HEAD, *people(3)], merged=["A1:B1", "C1:G1"])]
        ),
        **GOOD | {"titles": 2, "header": "第2行"},
    ),
    Case(
        "two_rows_not_merged.xlsx",
        by_openpyxl([GROUPS, BELOW, *people(3)]),
        **GOOD | {"titles": 2, "header": "第1至2行"},
    ),
    Case("two_rows.csv", text([GROUPS, BELOW, *people(3)]), **SEEN | {"titles": 2, "header": "第1至2行"}),
    Case(
        "three_rows.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [["基本情况", "", "", "", "", "", "岗位职责"], GROUPS[:6], HEAD[:6], *people(3)],
                    merged=["A1:F1", "A2:B2", "C2:F2", "G1:G3"],
                )
            ]
        ),
        **GOOD | {"titles": 3, "header": "第1至3行"},
    ),
    Case(
        "three_rows_mixed.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        ["姓名", "证件号码", "岗位", "", "", "", "岗位职责"],
                        ["", "", "岗位类型", "设岗", "", "月补贴", ""],
                        ["", "", "", "设岗层级", "上岗月份", "", ""],
                        *people(3),
                    ],
                    merged=["A1:A3", "B1:B3", "C1:F1", "C2:C3", "D2:E2", "F2:F3", "G1:G3"],
                )
            ]
        ),
        **GOOD | {"titles": 3, "header": "第1至3行"},
    ),
    Case(
        "four_rows.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        ["姓名", "", "", "", "", "", ""],
                        ["", "证件号码", "", "", "", "", ""],
                        ["", "", "岗位类型", "", "", "", ""],
                        ["", "", "", *HEAD[3:]],
                        *people(3),
                    ]
                )
            ]
        ),
        refused=["第2至4行", "「姓名」"],
    ),
    Case(
        "wan_in_parent.xlsx",
        by_xlsxwriter(
            [Tab([["个人", "", "", "", "", "金额（万元）", ""], HEAD, person(1, pay=0.08)], merged=["A1:E1", "F1:G1"])]
        ),
        accepted=1,
        titles=2,
        header="第1至2行",
        sheets=["Sheet1"],
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "wan_in_parent_yuan_below.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [["个人", "", "", "", "", "金额（万元）", ""], [*HEAD[:5], "月补贴（元）", HEAD[6]], person(1)],
                    merged=["A1:E1", "F1:G1"],
                )
            ]
        ),
        accepted=1,
        titles=2,
        header="第1至2行",
        sheets=["Sheet1"],
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "same_name_below.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        ["姓名", "证件号码", "岗位类型", "设岗层级", "上岗月份", "2020年", "2021年"],
                        ["", "", "", "", "", "月补贴", "月补贴"],
                        *people(3),
                    ],
                    merged=[f"{c}1:{c}2" for c in "ABCDE"],
                )
            ]
        ),
        refused=["第1至2行", "「月补贴」", "年/月补贴"],
    ),
    Case(
        "header_repeated_in_data.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [GROUPS, BELOW, *people(2), GROUPS, BELOW, *people(1, 3)],
                    merged=[*MERGED_GROUPS, *(down(m, 4) for m in MERGED_GROUPS)],
                )
            ]
        ),
        **GOOD | {"titles": 4, "header": "第1至2行"},
    ),
    Case(
        "merged_across.xlsx",
        by_openpyxl(
            [
                Tab(
                    [[*HEAD[:6], "岗位职责", ""], *([*row[:6], "巡护", ""] for row in people(3))],
                    merged=[f"G{row}:H{row}" for row in range(1, 5)],
                )
            ]
        ),
        **GOOD,
    ),
]

INCOME = ["县", "乡", "村", "户编号", "姓名", "证件号码", "户类型", "监测对象类别", "识别监测时间", "风险是否已消除"]
REGISTER_ROW = [
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    "410122000001",
    "测试甲",
    id_number(1),
    "一般农户",
    "边缘易致贫户",
    "202106",
    "否",
]
JOINED = [
    Case(
        "parent_and_child.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        [*INCOME, "识别时", "", "风险消除后", ""],
                        [*[""] * 10, "工资性收入", "转移性收入", "工资性收入", "转移性收入"],
                        [*REGISTER_ROW, 1, 2, 3, 4],
                    ],
                    merged=[*(f"{c}1:{c}2" for c in "ABCDEFGHIJ"), "K1:L1", "M1:N1"],
                )
            ]
        ),
        feed="register",
        accepted=1,
        titles=2,
        header="第1至2行",
        sheets=["Sheet1"],
        values={
            "entry_wage_income": [100],
            "entry_transfer_income": [200],
            "exit_wage_income": [300],
            "exit_transfer_income": [400],
        },
    ),
    Case(
        "parent_and_child.csv",
        text(
            [
                [*INCOME, "识别时", "", "风险消除后", ""],
                [*[""] * 10, "工资性收入", "转移性收入", "工资性收入", "转移性收入"],
                [*REGISTER_ROW, 1, 2, 3, 4],
            ]
        ),
        feed="register",
        accepted=1,
        titles=2,
        header="第1至2行",
        encoding="utf8",
        values={"entry_wage_income": [100], "exit_transfer_income": [400]},
    ),
    Case(
        "ambiguous_children.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [[*INCOME, "识别时", "复核时"], [*[""] * 10, "工资性收入", "工资性收入"], [*REGISTER_ROW, 1, 2]],
                    merged=[f"{c}1:{c}2" for c in "ABCDEFGHIJ"],
                )
            ]
        ),
        feed="register",
        accepted=1,
        titles=2,
        header="第1至2行",
        sheets=["Sheet1"],
        values={"entry_wage_income": [None]},
        unknown=["识别时/工资性收入", "复核时/工资性收入"],
    ),
    Case(
        "export_of_the_system.xlsx",
        by_xlsxwriter(
            [["监测对象信息"], ["导出时间：2021-11-01"], [*INCOME, "风险是否已消除0"], [*REGISTER_ROW, "否"]]
        ),
        feed="register",
        accepted=1,
        titles=3,
        header="第3行",
        sheets=["Sheet1"],
    ),
]

CASES = [*TITLES, *TWO_ROWS, *JOINED]
