"""Cases of what stands below a header: totals, notes, blank rows, headers once more, merged cells.

Does not belong here: the header itself (headers.py), several worksheets (worksheets.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import FEN, HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import Tab, by_openpyxl, by_xlsxwriter, text

LIST = [HEAD, *people(3)]
GOOD = {"accepted": 3, "values": FEN, "sheets": ["Sheet1"]}
SEEN = {"accepted": 3, "values": FEN, "encoding": "utf8"}
BLANK = [""] * 7
TOTAL = ["合计", "", "", "", "", "2400", ""]

ROWS = [
    Case(
        "total_and_notes.xlsx",
        by_xlsxwriter([*LIST, TOTAL, [], ["注：按月发放"], ["填表人：", "", "审核人："]]),
        **GOOD | {"totals": 3, "blank": 1},
    ),
    Case(
        "subtotals.csv",
        text([HEAD, *people(2), ["小计", "", "", "", "", "1600", ""], *people(1, 3), TOTAL]),
        **SEEN | {"totals": 2},
    ),
    Case("spaced_total.csv", text([*LIST, ["合  计", "", "", "", "", "2400", ""]]), **SEEN | {"totals": 1}),
    Case(
        "total_in_unknown_first.csv",
        text([["序号", *HEAD], *([str(n), *row] for n, row in enumerate(people(3))), ["总计", *TOTAL[1:], ""]]),
        **SEEN | {"totals": 1, "unknown": ["序号"]},
    ),
    Case(
        "total_in_unknown_second.csv",
        text(
            [["序号", "组别", *HEAD], *(["1", "一组", *row] for row in people(3)), ["", "合计", *BLANK[:5], "2400", ""]]
        ),
        **SEEN | {"totals": 1, "unknown": ["序号", "组别"]},
    ),
    Case(
        "total_in_a_record.csv",
        text(
            [
                ["序号", *HEAD],
                ["合计", *person(1)],
                ["备注：另见附件", *person(2, pay="八百")],
                ["小计", *person(3, month="上月")],
            ]
        ),
        accepted=1,
        encoding="utf8",
        quarantined={"not_money": 1, "not_a_month": 1},
        unknown=["序号"],
    ),
    Case(
        "plan_is_no_total.csv",
        text([*LIST, ["小计划", "", "", "", "", "2400", ""]]),
        **SEEN | {"quarantined": {"missing_value": 1}},
    ),
    Case(
        "total_without_a_word.csv",
        text([*LIST, ["", "", "", "", "", "2400", ""]]),
        **SEEN | {"quarantined": {"missing_value": 1}},
    ),
    Case(
        "totals_of_places.csv",
        text(
            [
                HEAD,
                *people(2),
                ["官渡镇小计", "", "", "", "", "1600", ""],
                *people(1, 3),
                ["合计35户", "", "", "乡镇", "", "2400", ""],
                ["总人数：3人", "", "金额总计：2400元", "", "", "", ""],
            ]
        ),
        **SEEN | {"totals": 3},
    ),
    Case(
        "notes_without_a_mark.xlsx",
        by_xlsxwriter([*LIST, ["以上数据由县人社局提供"], ["", "", "第1页 共1页"], ["（盖章）"]]),
        **GOOD | {"totals": 3},
    ),
    Case(
        "a_name_alone.csv",
        text([*LIST, ["测试甲", "", "", "", "", "", ""]]),
        **SEEN | {"quarantined": {"missing_value": 1}},
    ),
    Case(
        "numbered_in_advance.xlsx",
        by_xlsxwriter([["序号", *HEAD], *([n, *row] for n, row in enumerate(people(3), 1)), [4], [5]]),
        **GOOD | {"blank": 2, "unknown": ["序号"]},
    ),
    Case(
        "cells_in_unread_columns_only.csv",
        text(
            [
                [*HEAD, "备注"],
                *([*row, ""] for row in people(3)),
                [*BLANK, person(9)[1]],
                [*BLANK, "以上为第一批名单"],
                [*BLANK, ""],
            ]
        ),
        **SEEN | {"quarantined": {"missing_value": 1}, "totals": 1, "blank": 1, "unknown": ["备注"]},
    ),
    Case("ragged_notes.csv", text([*LIST, ["合计"], ["注：按月发放"], []]), **SEEN | {"totals": 2, "blank": 1}),
    Case(
        "ragged_rows.csv", text([*LIST, person(4)[:3], [*person(5), "多"]]), **SEEN | {"quarantined": {"row_width": 2}}
    ),
    Case(
        "blank_rows.csv",
        text([HEAD, *people(1), BLANK, [], ["\u3000", "无", *BLANK[2:]], *people(2, 2)]),
        **SEEN | {"blank": 3},
    ),
    Case("blank_rows_end.xlsx", by_openpyxl([*LIST, [""], [None, " "]]), **GOOD | {"blank": 2}),
    Case("repeated_header.csv", text([*LIST[:2], HEAD, *LIST[2:]]), **SEEN | {"titles": 2}),
    Case(
        "repeated_title.xlsx",
        by_xlsxwriter([[TITLE], *LIST[:2], [TITLE], HEAD, *LIST[2:]]),
        **GOOD | {"titles": 4, "header": "第2行"},
    ),
    Case("sparse_repeated_header.csv", text([*LIST[:2], [*HEAD[:4], "", "", ""], *LIST[2:]]), **SEEN | {"titles": 2}),
    Case(
        "a_person_called_total.csv",
        text([HEAD, ["合计", *person(1)[1:]], *people(2, 2)]),
        accepted=3,
        encoding="utf8",
        values=FEN,
    ),
]

MERGED = [
    Case(
        "merged_down.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [HEAD, [*person(1)[:2], "护路员", *person(1)[3:]], [*person(2)[:2], "", *person(2)[3:]], person(3)],
                    merged=["C2:C3"],
                )
            ]
        ),
        **GOOD | {"values": {"post_type": ["护路员", "护路员", "护林员"]}},
    ),
    Case(
        "merged_down.openpyxl.xlsx",
        by_openpyxl(
            [
                Tab(
                    [
                        HEAD,
                        [*person(1)[:2], "护路员", *person(1)[3:]],
                        [*person(2)[:2], None, *person(2)[3:]],
                        person(3),
                    ],
                    merged=["C2:C3"],
                )
            ]
        ),
        **GOOD | {"values": {"post_type": ["护路员", "护路员", "护林员"]}},
    ),
    Case(
        "blank_not_merged.xlsx",
        by_xlsxwriter([HEAD, person(1), [*person(2)[:2], "", *person(2)[3:]], person(3)]),
        sheets=["Sheet1"],
        accepted=2,
        quarantined={"missing_value": 1},
    ),
    Case(
        "blank_not_merged.csv",
        text([HEAD, person(1), [*person(2)[:2], "", *person(2)[3:]], person(3)]),
        encoding="utf8",
        accepted=2,
        quarantined={"missing_value": 1},
    ),
    Case(
        "merged_number_id.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [HEAD, [person(1)[0], 410122197001010012, *person(1)[2:]], [person(2)[0], None, *person(2)[2:]]],
                    merged=["B2:B3"],
                )
            ]
        ),
        sheets=["Sheet1"],
        quarantined={"stored_as_number": 2},
    ),
    Case(
        "merged_block.xlsx",
        by_openpyxl(
            [
                Tab(
                    [HEAD, [*person(1)[:3], "村级", *person(1)[4:]], [*person(2)[:3], None, *person(2)[4:]]],
                    merged=["D2:D3"],
                )
            ]
        ),
        sheets=["Sheet1"],
        accepted=2,
        values={"funder": ["村级", "村级"]},
    ),
    Case(
        "merged_from_header.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1), person(2)], merged=["G1:G2"])]),
        sheets=["Sheet1"],
        accepted=2,
    ),
]

CASES = [*ROWS, *MERGED]
