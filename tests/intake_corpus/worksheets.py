"""Cases of several worksheets: one for each township, sheets beside the list, hidden ones.

Does not belong here: the layout of one table (headers.py, layouts.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import FEN, HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import Tab, by_hand, by_openpyxl, by_xlsxwriter, inline

LIST = [HEAD, *people(3)]
GOOD = {"accepted": 3, "values": FEN, "sheets": ["Sheet1"]}

TOTALS = ["岗位类型", "设岗层级", "上岗月份", "月补贴", "人数"]
TOWN = {"accepted": 4, "titles": 2}
CASES = [
    Case(
        "second_sheet.xlsx",
        by_xlsxwriter([Tab([["填报说明"]], name="说明"), Tab(LIST, name="名单")]),
        **GOOD | {"sheets": ["名单"], "others": ["说明"]},
    ),
    Case(
        "one_for_each_township.xlsx",
        by_xlsxwriter([Tab([HEAD, *people(2)], name="杨桥街道"), Tab([HEAD, *people(2, 3)], name="官渡镇")]),
        **TOWN,
        sheets=["杨桥街道", "官渡镇"],
    ),
    Case(
        "townships_differ_in_layout.xlsx",
        by_openpyxl(
            [
                Tab([HEAD, *people(2)], name="甲乡"),
                Tab([[TITLE], HEAD[::-1], *(row[::-1] for row in people(2, 3))], name="乙乡"),
            ]
        ),
        **TOWN | {"titles": 3},
        sheets=["甲乡", "乙乡"],
    ),
    Case(
        "townships_with_empty_one.xlsx",
        by_xlsxwriter([Tab([HEAD, *people(4)], name="甲乡"), Tab([HEAD], name="乙乡"), Tab([], name="Sheet3")]),
        **TOWN,
        sheets=["甲乡", "乙乡"],
        others=["Sheet3"],
    ),
    Case(
        "empty_one_first.xlsx",
        by_xlsxwriter([Tab([HEAD], name="甲乡"), Tab([HEAD, *people(4)], name="乙乡")]),
        **TOWN,
        sheets=["甲乡", "乙乡"],
    ),
    Case(
        "units_differ.xlsx",
        by_xlsxwriter(
            [
                Tab([[*HEAD[:5], "月补贴（元）", "岗位职责"], person(1)], name="甲乡"),
                Tab([[*HEAD[:5], "月补贴（万元）", "岗位职责"], person(2, pay=0.08)], name="乙乡"),
            ]
        ),
        accepted=2,
        titles=2,
        sheets=["甲乡", "乙乡"],
        values={"monthly_pay": [80_000, 80_000]},
    ),
    Case(
        "unit_on_one_sheet_only.xlsx",
        by_xlsxwriter(
            [
                Tab([["单位：万元"], HEAD, person(1, pay=0.08)], name="甲乡"),
                Tab([HEAD, person(2, pay=0.08)], name="乙乡"),
            ]
        ),
        refused=["工作表「甲乡」写明是万元", "工作表「乙乡」没有写明「月补贴」"],
    ),
    Case(
        "unit_in_the_name_of_the_sheet.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, pay=0.08)], name="岗位（万元）")]),
        refused=["工作表「岗位（万元）」的名称写着金额单位"],
    ),
    Case(
        "merged_in_second.xlsx",
        by_xlsxwriter(
            [
                Tab([HEAD, *people(2)], name="甲乡"),
                Tab([HEAD, person(3), [*person(4)[:3], "", *person(4)[4:]]], name="乙乡", merged=["D2:D3"]),
            ]
        ),
        **TOWN,
        sheets=["甲乡", "乙乡"],
    ),
    Case(
        "errors_in_second.xlsx",
        by_xlsxwriter(
            [Tab([HEAD, *people(2)], name="甲乡"), Tab([HEAD, *people(2, 3)], name="乙乡", errors={"F2": "#N/A"})]
        ),
        accepted=3,
        titles=2,
        quarantined={"cell_error": 1},
        sheets=["甲乡", "乙乡"],
    ),
    Case(
        "one_township_lacks_a_column.xlsx",
        by_xlsxwriter(
            [Tab([HEAD, *people(2)], name="甲乡"), Tab([["姓名", "证件号", *HEAD[2:]], *people(2, 3)], name="乙乡")]
        ),
        refused=["工作表「乙乡」", "「证件号码」", "「证件号」"],
    ),
    Case(
        "summary_beside.xlsx",
        by_xlsxwriter(
            [Tab(LIST, name="名单"), Tab([["岗位类型", "月补贴", "人数"], ["护林员", "800", "3"]], name="汇总")]
        ),
        **GOOD | {"sheets": ["名单"], "others": ["汇总"]},
    ),
    Case(
        "summary_of_most_columns.xlsx",
        by_xlsxwriter([Tab(LIST, name="名单"), Tab([TOTALS, ["护林员", "乡镇", "202106", "800", "3"]], name="汇总表")]),
        **GOOD | {"sheets": ["名单"], "others": ["汇总表"]},
    ),
    Case(
        "summary_by_its_title.xlsx",
        by_openpyxl(
            [Tab([["岗位统计表"], TOTALS, ["护林员", "乡镇", "202106", "800", "3"]], name="Sheet2"), Tab(LIST)]
        ),
        **GOOD | {"others": ["Sheet2"]},
    ),
    Case(
        "summary_with_numbers_of_persons.xlsx",
        by_xlsxwriter(
            [Tab(LIST, name="名单"), Tab([[*TOTALS, "号码"], [*person(4)[2:6], "1", person(4)[1]]], name="汇总")]
        ),
        refused=["工作表「汇总」", "「证件号码」"],
    ),
    Case(
        "no_summary_by_its_name.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab([TOTALS, ["护林员", "乡镇", "202106", "800", "3"]], name="乙乡")]),
        refused=["工作表「乙乡」", "「证件号码」"],
    ),
    Case(
        "summary_that_names_persons.xlsx",
        by_xlsxwriter([Tab(LIST, name="名单"), Tab([HEAD[:5], person(4)[:5]], name="汇总")]),
        refused=["工作表「汇总」", "「月补贴」"],
    ),
    Case(
        "only_a_summary.xlsx",
        by_xlsxwriter([Tab([TOTALS, ["护林员", "乡镇", "202106", "800", "3"]], name="汇总表")]),
        refused=["工作表「汇总表」", "「证件号码」"],
    ),
    Case(
        "records_without_a_header.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab(people(2, 4), name="乙乡")]),
        refused=["工作表「乙乡」第1行", "补上表头", "「证件号码」", "删除这张工作表"],
    ),
    Case(
        "records_under_misspelt_header.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab([["名字", "证件", "类型"], *people(2, 4)], name="乙乡")]),
        refused=["工作表「乙乡」第2行", "补上表头"],
    ),
    Case(
        "two_short_records_beside.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab([row[:2] for row in people(2, 4)], name="乙乡")]),
        refused=["工作表「乙乡」第1行像记录", "补上表头"],
    ),
    Case(
        "one_short_record_beside.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab([person(4)[:2], ["联系人见上"]], name="乙乡")]),
        **GOOD | {"sheets": ["甲乡"], "others": ["乙乡"]},
    ),
    Case(
        "hidden_short_records.xlsx",
        by_openpyxl([Tab(LIST, name="甲乡"), Tab([row[:2] for row in people(2, 4)], name="乙乡", hidden=True)]),
        refused=["隐藏的工作表「乙乡」第1行像记录"],
    ),
    Case(
        "an_example_beside.xlsx",
        by_xlsxwriter(
            [
                Tab(
                    [["证件号码填18位"], ["例：", person(9)[1]], ["列名", "证件号码", person(9)[1], "必填"]],
                    name="填报说明",
                ),
                Tab(LIST, name="名单"),
            ]
        ),
        **GOOD | {"sheets": ["名单"], "others": ["填报说明"]},
    ),
    Case(
        "hidden_records.xlsx",
        by_xlsxwriter([Tab(LIST, name="甲乡"), Tab(people(2, 4), name="旧", hidden=True)]),
        refused=["隐藏的工作表「旧」第1行像记录", "取消隐藏并补上表头", "删除这张工作表"],
    ),
    Case(
        "hidden_codes.xlsx",
        by_xlsxwriter([Tab(LIST, name="名单"), Tab([["护林员"], ["护路员"]], name="选项", hidden=True)]),
        **GOOD | {"sheets": ["名单"], "others": ["选项"]},
    ),
    Case(
        "hidden_list.xlsx",
        by_openpyxl([Tab(LIST, name="名单"), Tab([HEAD, *people(1, 4)], name="旧名单", hidden=True)]),
        refused=["隐藏的工作表「旧名单」", "取消隐藏"],
    ),
    Case(
        "only_hidden.xlsx",
        by_hand(inline(LIST), state="veryHidden", sheet_name="名单"),
        refused=["隐藏的工作表「名单」"],
    ),
    Case("hidden_columns.xlsx", by_xlsxwriter([Tab(LIST, hidden_columns="B:C")]), **GOOD),
    Case(
        "two_feeds.xlsx",
        by_xlsxwriter([Tab(LIST, name="岗位"), Tab([["姓名", "证件号码", "报送月份", "是否务工"]], name="其他")]),
        **GOOD | {"sheets": ["岗位"], "others": ["其他"]},
    ),
    Case(
        "sheet_name_with_marks.xlsx",
        by_hand(inline(LIST), sheet_name="3月&lt;一&gt;&amp;“二”"),
        **GOOD | {"sheets": ["3月<一>&“二”"]},
    ),
]
