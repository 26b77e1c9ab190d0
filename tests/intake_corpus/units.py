"""Cases of how a table says the unit of its amounts, and what it says below its names.

Does not belong here: amounts that slipped (tests/rules/test_unit_slips.py), the names themselves (headers.py).
"""

from __future__ import annotations

from typing import Any

from tests.intake_corpus.case import HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import Tab, by_openpyxl, by_xlsxwriter, text, zipped

ONE = {"accepted": 1, "values": {"monthly_pay": [80_000]}}
"""800 yuan, however they are written."""


def titled(name: str, *titles: list[str], pay: Any = "0.08", **said: Any) -> Case:
    """A list with these titles above its header."""
    rows = [*titles, HEAD, person(1, pay=pay)]
    return Case(
        name, text(rows), **ONE | {"encoding": "utf8", "titles": len(rows) - 1, "header": f"第{len(rows) - 1}行"} | said
    )


def refused(name: str, *titles: list[str], **said: Any) -> Case:
    return Case(
        name, text([*titles, HEAD, person(1)]), refused=["「月补贴」", "以元还是万元", "（元）或（万元）"], **said
    )


WIDE = ["", "", "", "", ""]
CASES = [
    titled("wan_amounts.csv", [TITLE, *WIDE, "金额单位：万元"]),
    titled("wan_measure.csv", [TITLE, *WIDE, "计量单位：万元"]),
    titled("wan_and_people.csv", [TITLE, *WIDE, "单位：人、万元"]),
    titled("wan_people_first.csv", [TITLE, *WIDE, "单位：户/人次/万元"]),
    titled("wan_in_brackets.csv", [f"{TITLE}（万元）", *WIDE, ""]),
    titled("wan_spaced.csv", [TITLE, *WIDE, "单 位： 万 元"]),
    titled("wan_spaced_unit.csv", [TITLE, *WIDE, "单位： 万 元"]),
    titled("wan_next_cell.csv", ["单位：", "万元", *WIDE]),
    titled("wan_and_date.csv", ["填报单位：中牟县人社局  2021年10月31日  单位：万元", *WIDE, ""]),
    titled("wan_beside_sender.csv", ["填报单位：中牟县人社局", *WIDE, "单位：万元"]),
    titled("yuan_in_title.csv", [TITLE, *WIDE, "单位：元"], pay="800"),
    titled("yuan_of_money.csv", [TITLE, *WIDE, "单位：人民币元"], pay="800"),
    titled("sender_only.csv", ["填报单位：中牟县人社局", *WIDE, ""], pay="800"),
    titled("a_figure_in_wan.csv", ["说明：不含年收入1.5万元以上的家庭", *WIDE, ""], pay="800"),
    titled("a_figure_in_words.csv", ["不含年收入三万元以上的家庭", *WIDE, ""], pay="800"),
    titled("figure_apart.csv", ["全县共发放 350 万元，5 万元以上的除外", *WIDE, ""], pay="800"),
    titled("a_person_called_wan.csv", ["单位负责人：王万元", *WIDE, "填报单位：万元镇民政所"], pay="800"),
    refused("thousands_in_brackets.csv", ["岗位名单（千元）", *WIDE, ""]),
    refused("thousands_of_amounts.csv", ["补贴金额：千元", *WIDE, ""]),
    refused("counted_in_thousands.csv", ["以千元计", *WIDE, ""]),
    Case(
        "official_layout.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [
                        [TITLE, *WIDE, ""],
                        ["填报单位：中牟县人社局", "", "2021年10月31日", "", "", "", "（单位：万元）"],
                        HEAD,
                        person(1, pay=0.08),
                    ],
                    merged=["A1:G1"],
                )
            ]
        ),
        **ONE | {"sheets": ["Sheet1"], "titles": 3, "header": "第3行"},
    ),
    titled("bracketed_unit_beside_title.csv", [TITLE, *WIDE, "（单位：万元）"]),
    Case(
        "unit_of_all_below.csv",
        text([HEAD, ["单位：万元", *WIDE, ""], person(1, pay="0.08")]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第1至2行"},
    ),
    Case(
        "row_of_units_and_dashes.csv",
        text([HEAD, ["", "—", "/", "", "年月", "万元", "文本"], person(1, pay="0.08")]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第1至2行"},
    ),
    Case(
        "row_of_units_after_a_blank.csv",
        text([HEAD, [*WIDE, "", ""], [*WIDE, "万元/人·月", ""], person(1, pay="0.08")]),
        **ONE | {"encoding": "utf8", "titles": 3, "header": "第1至3行"},
    ),
    *(
        Case(
            f"unit_among_others_{n}.csv",
            text([HEAD, [*WIDE, said, ""], person(1)]),
            refused=["「月补贴」", "以元还是万元"],
        )
        for n, said in enumerate(["万元（保留四位）", "万元、人", "6=万元", "6（万元）", "千元", "万"])
    ),
    *(
        Case(f"unit_below_{n}.csv", text([*before, person(1), *after]), refused=["万元", "（元）或（万元）"])
        for n, (before, after) in enumerate(
            [
                ([HEAD], [["注：本表金额单位为万元", *WIDE, ""]]),
                ([HEAD], [["单位：万元", *WIDE, ""]]),
                ([HEAD], [["合计（万元）", "", "", "", "", "0.08", ""]]),
                ([HEAD, ["说明：金额以万元填写", *WIDE, ""]], []),
            ]
        )
    ),
    Case(
        "unit_below_a_clear_header.csv",
        text([[*HEAD[:5], "月补贴（万元）", HEAD[6]], person(1, pay="0.08"), ["注：本表金额单位为万元", *WIDE, ""]]),
        **ONE | {"encoding": "utf8", "totals": 1},
    ),
    Case(
        "another_header_below.csv",
        text([HEAD, person(1), [*HEAD[:5], "月补贴（万元）", HEAD[6]], person(2, pay="0.08")]),
        refused=["第3行又是表头", "同样的列名和单位"],
    ),
    *(
        Case(f"unit_behind_{n}.csv", text([[*HEAD[:5], said, HEAD[6]], person(1)]), refused=[said, "以元还是万元"])
        for n, said in enumerate(["月补贴（万）", "月补贴（千元）", "月补贴（百元/月）"])
    ),
    *(
        Case(
            f"wan_behind_{n}.csv",
            text([[*HEAD[:5], said, HEAD[6]], person(1, pay="0.08")]),
            **ONE | {"encoding": "utf8"},
        )
        for n, said in enumerate(["月补贴（万元人民币）", "月补贴 万元", "月补贴：万元", "月补贴（金额单位：万元）"])
    ),
    Case(
        "group_says_unit_in_words.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [["个人", *WIDE[1:], "保障（金额单位：万元）", ""], HEAD, person(1, pay=0.08)],
                    merged=["A1:E1", "F1:G1"],
                )
            ]
        ),
        **ONE | {"sheets": ["Sheet1"], "titles": 2, "header": "第2行"},
    ),
    *(
        Case(f"{name}.csv", text([HEAD, person(1)]), refused=["文件名「", "没有写明「月补贴」", "（元）或（万元）"])
        for name in [
            "台账（单位：万元）",
            "台账(万元)_202110",
            "台账_万元",
            "台账（金额单位：千元）",
            "【万元】台账 (1)",
            "台账万元版",
        ]
    ),
    *(
        Case(f"{name}.csv", text([HEAD, person(1)]), **ONE | {"encoding": "utf8"})
        for name in ["台账（单位：元）", "500万元以上项目台账", "万元镇台账", "三万元以下台账", "台账（单位：人）"]
    ),
    Case(
        "清楚的列名（单位：万元）.csv",
        text([[*HEAD[:5], "月补贴（元）", HEAD[6]], person(1)]),
        **ONE | {"encoding": "utf8"},
    ),
    titled("标题相同（单位：万元）.csv", [TITLE, *WIDE, "单位：万元"]),
    Case(
        "标题不同（单位：元）.csv",
        text([["单位：万元"], HEAD, person(1, pay="0.08")]),
        refused=["文件名「标题不同（单位：元）.csv」", "与表头上方的标题不同"],
    ),
    Case(
        "压缩（单位：万元）.zip",
        zipped({"a.csv": text([HEAD, person(1)])}),
        members=["a.csv"],
        refused=["文件名「压缩（单位：万元）.zip」"],
    ),
    Case(
        "both_units_agree.csv",
        text(
            [
                [*HEAD[:5], "月补贴（元）", HEAD[6], "月补贴（万元）"],
                [*person(1, pay="500"), "0.05"],
                [*person(2, pay="500"), "0.050001"],
                [*person(3, pay="500"), "500"],
            ]
        ),
        encoding="utf8",
        accepted=1,
        quarantined={"repeated_column_differs": 2},
        values={"monthly_pay": [50_000]},
    ),
    Case(
        "both_units_agree_wan_first.csv",
        text([[*HEAD[:5], "月补贴（万元）", HEAD[6], "月补贴（元）"], [*person(1, pay="0.08"), "800"]]),
        **ONE | {"encoding": "utf8"},
    ),
    Case(
        "twice_in_wan_of_the_title.csv",
        text([["单位：万元"], [*HEAD, "月补贴0"], [*person(1, pay="0.08"), "0.08"]]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第2行"},
    ),
    Case(
        "second_unit_unclear.csv",
        text([[*HEAD[:5], "月补贴（元）", HEAD[6], "月补贴（千元）"], [*person(1), "0.8"]]),
        refused=["「月补贴（千元）」", "列名里的写法"],
    ),
    *(
        Case(f"unclear_told_{n}.csv", text([*rows, person(1)]), refused=["「月补贴", told])
        for n, (rows, told) in enumerate(
            [
                ([[TITLE], ["单位：元、万元"], HEAD], "第2行写着「单位：元、万元」"),
                ([HEAD, [*WIDE, "万元、人", ""]], "第2行写着「万元、人」"),
                ([[*HEAD[:5], "月补贴（元）", HEAD[6]], [*WIDE, "万元", ""]], "列名里的写法、第2行写着「万元」"),
                ([[*HEAD[:5], "月补贴（千元）", HEAD[6]]], "列名里的写法"),
            ]
        )
    ),
    refused("wan_of_what.csv", [TITLE, *WIDE, "单位：万"]),
    refused("yuan_and_wan.csv", [TITLE, *WIDE, "单位：元、万元"]),
    refused("thousands.csv", [TITLE, *WIDE, "单位：千元"]),
    refused("wan_somehow.csv", ["金额以万元计", *WIDE, ""]),
    Case(
        "unclear_title_clear_header.csv",
        text([["单位：元、万元", *WIDE, ""], [*HEAD[:5], "月补贴（万元）", HEAD[6]], person(1, pay="0.08")]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第2行"},
    ),
    Case(
        "unit_a_month.csv",
        text([[*HEAD[:5], "月补贴（元/月）", HEAD[6]], person(1)]),
        **ONE | {"encoding": "utf8"},
    ),
    Case(
        "row_of_units.xlsx",
        by_openpyxl([[TITLE], HEAD, ["", "", "", "", "", "万元", ""], person(1, pay=0.08)]),
        **ONE | {"sheets": ["Sheet1"], "titles": 3, "header": "第2至3行"},
    ),
    Case(
        "row_of_units_in_brackets.csv",
        text([HEAD, ["", "", "", "", "年", "（万元）", ""], person(1, pay="0.08")]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第1至2行"},
    ),
    Case(
        "row_of_units_below_groups.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [["个人", *WIDE, ""], HEAD, ["", "", "", "", "", "万元", ""], person(1, pay=0.08)],
                    merged=["A1:G1"],
                )
            ]
        ),
        **ONE | {"sheets": ["Sheet1"], "titles": 3, "header": "第2至3行"},
    ),
    Case(
        "row_of_units_differs.csv",
        text([[*HEAD[:5], "月补贴（元）", HEAD[6]], ["", "", "", "", "", "万元", ""], person(1)]),
        refused=["「月补贴（元）」", "以元还是万元"],
    ),
    Case(
        "numbered_columns.csv",
        text([HEAD, ["1", "2", "3", "4", "5", "6", "7"], *people(1)]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第1至2行"},
    ),
    Case(
        "lettered_columns.csv",
        text([HEAD, ["甲", "乙", "丙", "丁", "（1）", "（2）", "（3）"], *people(1)]),
        **ONE | {"encoding": "utf8", "titles": 2, "header": "第1至2行"},
    ),
    Case(
        "units_and_numbers.csv",
        text([HEAD, ["", "", "", "", "", "元", ""], ["甲", "乙", "丙", "丁", "1", "2", "3"], *people(1)]),
        **ONE | {"encoding": "utf8", "titles": 3, "header": "第1至3行"},
    ),
]
