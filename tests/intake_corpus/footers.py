"""Cases of rows below the records that are none: signatures, pages, dates, notes, totals with crosses, rows numbered
in advance; and of records that look like them.

Does not belong here: plainer rows of these kinds (layouts.py).
"""

from __future__ import annotations

from typing import Any

from tests.intake_corpus.case import FEN, HEAD, Case, people, person
from tests.intake_corpus.writers import by_xlsxwriter, text

LIST = [HEAD, *people(3)]
SEEN: dict[str, Any] = {"accepted": 3, "values": FEN, "encoding": "utf8"}
BLANK = [""] * 7


def below(name: str, *rows: list[str], **said: Any) -> Case:
    """Three records, and these rows below them, filled up with blanks."""
    return Case(name, text([*LIST, *([*row, *BLANK][:7] for row in rows)]), **SEEN | said)


def numbered(name: str, *rows: list[str], **said: Any) -> Case:
    """The same with a column of numbers before the others."""
    filled = [[*row, *BLANK, ""][:8] for row in rows]
    listed = [["序号", *HEAD], *([str(n), *row] for n, row in enumerate(people(3), 1))]
    return Case(name, text([*listed, *filled]), **SEEN | {"unknown": ["序号"]} | said)


NOTES = [
    below("unit_and_seal.csv", ["单位（盖章）：中牟县人社局"], ["填报单位(公章)：", "", "中牟县人社局"], totals=2),
    below("signed_in_cells.csv", ["填报人", "测试乙", "审核人", "测试丙", "日期", "2021.10.31"], totals=1),
    below(
        "signed_with_colons.csv",
        ["填报人：", "测试乙", "审核人：", "测试丙", "填报日期：", "2021-10-31", "联系电话：13800000000"],
        ["制表人：测试乙", "", "复核：测试丙", "", "单位负责人（签字）：", "", "日期：2021年10月31日"],
        totals=2,
    ),
    below(
        "pages_in_cells.csv",
        ["第 1 页", "共 3 页"],
        ["第", "1", "页", "共", "3", "页"],
        ["", "", "第1页/共3页"],
        totals=3,
    ),
    below(
        "lone_days.csv",
        ["", "", "", "", "", "2021-10-31"],
        ["2021.10.31"],
        ["", "", "", "", "", "", "2021/10/31"],
        totals=3,
    ),
    below(
        "notes_with_other_marks.csv",
        ["注，按月发放"],
        ["说明 按月发放"],
        ["备注1、按月发放"],
        ["注；按月发放", "", "见附件"],
        totals=4,
    ),
    below("a_day_in_a_column_of_months.csv", ["", "", "", "", "2021-10-31"], quarantined={"missing_value": 1}),
    below("a_month_of_pay.csv", ["", "", "", "", "", "2021.10"], quarantined={"missing_value": 1}),
    below(
        "a_person_behind_a_sign.csv",
        ["填报人", person(4)[1], "审核人"],
        quarantined={"missing_value": 1, "unknown_code": 1},
    ),
    below(
        "one_sign_among_cells.csv",
        ["测试甲", "审核人", "护林员", "乡镇", "202106"],
        quarantined={"missing_value": 1, "id_number_shape": 1},
    ),
    below("a_person_called_so.csv", ["注明", person(4)[1], "护林员"], quarantined={"missing_value": 1}),
]
TOTALS = [
    below(
        "crossed_total.csv",
        ["合计", "×", "×", "×", "×", "2400", "×"],
        ["总计", "—", "—", "——", "—", "2400", "—"],
        totals=2,
    ),
    below(
        "counted_total.csv",
        ["合计", "3人", "3户", "3", "—", "2400", ""],
        ["小计3人", "3人", "", "", "", "2400"],
        totals=2,
    ),
    below(
        "part_of_total.csv", ["其中", "护林员", "", "", "", "1600"], ["其中：乡镇", "2人", "", "", "", "1600"], totals=2
    ),
    below(
        "average.csv",
        ["平均", "", "", "", "", "800"],
        ["总数", "3人", "", "", "", "2400"],
        ["平均数", "×", "×", "×"],
        totals=3,
    ),
    numbered(
        "total_behind_a_number.csv",
        ["4", "合计", "3人", "×", "×", "×", "2400"],
        ["5", "小计", "", "", "", "", "2400"],
        totals=2,
    ),
    below(
        "total_behind_a_place.csv",
        ["官渡镇", "小计", "", "", "", "1600"],
        ["", "", "总数", "3人", "", "2400"],
        totals=2,
    ),
    below(
        "total_of_a_person.csv",
        ["测试甲", "小计", "", "", "", "1600"],
        quarantined={"missing_value": 1, "id_number_shape": 1},
    ),
    below(
        "total_and_a_person.csv",
        ["合计", person(4)[1], "×", "×", "×", "2400"],
        quarantined={"unknown_code": 1, "not_a_month": 1},
    ),
    below(
        "total_among_a_record.csv",
        [*person(4)[:1], "", *person(4)[2:5], "800", "合计"],
        quarantined={"missing_value": 1},
    ),
]
BLANKS = [
    numbered("numbered_otherwise.csv", ["4."], ["（5）"], ["⑥"], ["7、"], ["No.8"], ["第9"], blank=6),
    numbered(
        "classes_chosen.csv",
        ["4", "", "", "护林员", "乡镇"],
        ["", "", "", "护林员", ""],
        ["⑥", "", "", "", "乡镇"],
        blank=3,
    ),
    numbered(
        "no_class_of_the_list.csv",
        ["4", "", "", "护林员", "市里"],
        ["5", "", "", "护林员", "", "202106"],
        ["6", "", "", "护林员", "", "", "800"],
        ["7", "测试甲", "", "护林员"],
        quarantined={"missing_value": 4, "unknown_code": 1},
    ),
    numbered("a_long_number_is_no_serial.csv", ["41012219"], quarantined={"missing_value": 1}),
    Case(
        "numbered_by_the_sheet.xlsx",
        by_xlsxwriter(
            [["序号", *HEAD], *([n, *row] for n, row in enumerate(people(3), 1)), [4, "", "", "护林员"], [5]]
        ),
        accepted=3,
        values=FEN,
        sheets=["Sheet1"],
        blank=2,
        unknown=["序号"],
    ),
]
CASES = [*NOTES, *TOTALS, *BLANKS]
