"""Cases of formats and encodings: what is read, and what is refused with its name and what to save it as.

Does not belong here: where the table is in a file (layouts.py), zip files (containers.py).
"""

from __future__ import annotations

import codecs
import datetime as dt

from tests.intake_corpus.case import FEN, HEAD, TITLE, Case, people, person
from tests.intake_corpus.writers import (
    MAIN,
    RELATIONS,
    Tab,
    by_hand,
    by_openpyxl,
    by_xlsxwriter,
    committed,
    data,
    indexed,
    inline,
    text,
    truncated,
)

LIST = [HEAD, *people(3)]
RARE = [HEAD, ["测试𠮷", *person(1)[1:]], ["测试㛃䶮", *person(2)[1:]], ["测试·阿依", *person(3)[1:]]]
GOOD = {"accepted": 3, "values": FEN}
SEEN = {"encoding": "utf8", **GOOD}

UTF8 = "\n".join(",".join(row) for row in LIST).encode()

SOURCE = by_xlsxwriter(
    [
        Tab([["填报说明"], ["请如实填报"]], name="说明"),
        Tab(
            [
                [TITLE],
                ["填报单位：人社局", "", "", "", "", "单位：元"],
                ["个人信息", "", "岗位信息", "", "", "", "岗位职责"],
                ["姓名", "证件号码", "岗位类型", "设岗层级", "上岗月份", "月补贴", ""],
                [*person(1)[:4], dt.date(2021, 6, 1), 800.0, "巡护\n防火"],
                [*person(2)[:3], "", dt.date(2021, 6, 1), 800.0, ""],
                [*person(3)[:4], "202106", 0, ""],
                ["合计", "", "", "", "", 1600.0, ""],
                ["注：按月发放"],
            ],
            name="台账",
            merged=["A1:G1", "A3:B3", "C3:F3", "G3:G4", "D5:D6"],
            errors={"F7": "#DIV/0!"},
        ),
        Tab([["护林员"], ["护路员"]], name="选项", hidden=True),
    ]
)
"""What libreoffice.py opens and stores in each of its formats."""

FROM_SOURCE = {
    "accepted": 2,
    "quarantined": {"cell_error": 1},
    "titles": 4,
    "totals": 2,
    "header": "第3至4行",
    "values": {"monthly_pay": [80_000, 80_000], "funder": ["乡镇", "乡镇"], "started": ["2021-06", "2021-06"]},
}

TEXT_FILES = [
    Case("utf8.csv", text(LIST), **SEEN),
    Case("utf8.txt", text(LIST), **SEEN),
    Case("大写扩展名.CSV", text(LIST), **SEEN),
    Case("utf8_bom.csv", text(LIST, encoding="utf-8-sig"), **SEEN),
    Case("utf8_bom_crlf.csv", text(LIST, encoding="utf-8-sig", end="\r\n"), **SEEN),
    Case("utf8_cr.csv", text(LIST, end="\r"), **SEEN),
    Case("utf8_no_last_end.csv", text(LIST, last=""), **SEEN),
    Case("utf8_rare.csv", text(RARE), **SEEN),
    Case("gb18030.csv", text(LIST, encoding="gb18030"), **SEEN | {"encoding": "gb18030"}),
    Case("gbk_crlf.csv", text(LIST, encoding="gbk", end="\r\n"), **SEEN | {"encoding": "gb18030"}),
    Case("gb18030_rare.csv", text(RARE, encoding="gb18030"), **SEEN | {"encoding": "gb18030"}),
    Case("gb18030_tab.txt", text(LIST, encoding="gb18030", delimiter="\t"), **SEEN | {"encoding": "gb18030"}),
    Case("utf16_le.csv", text(LIST, encoding="utf-16"), **SEEN | {"encoding": "utf-16"}),
    Case(
        "utf16_be.csv",
        data(codecs.BOM_UTF16_BE + "\n".join(",".join(row) for row in LIST).encode("utf-16-be")),
        **SEEN | {"encoding": "utf-16"},
    ),
    Case(
        "excel_unicode_text.txt",
        text(LIST, encoding="utf-16", delimiter="\t", end="\r\n"),
        **SEEN | {"encoding": "utf-16"},
    ),
    Case("tab.csv", text(LIST, delimiter="\t"), **SEEN),
    Case("semicolon.csv", text(LIST, delimiter=";"), **SEEN),
    Case(
        "semicolon_with_commas.csv", text([HEAD, person(1, duties="巡护,防火"), *people(2, 2)], delimiter=";"), **SEEN
    ),
    Case("quoted.csv", text([[f'"{cell}"' for cell in row] for row in LIST]), **SEEN),
    Case("quoted_line_break.csv", text([HEAD, person(1, duties='"巡护\n防火"'), *people(2, 2)]), **SEEN),
    Case("quoted_header_break.csv", text([['"姓\n名"', *HEAD[1:]], *people(3)]), **SEEN),
    Case(
        "excel_formula_text.csv",
        text([HEAD, *([row[0], f'"=""{row[1]}"""', *row[2:]] for row in people(1)), *people(2, 2)]),
        accepted=2,
        quarantined={"id_number_shape": 1},
        encoding="utf8",
    ),
    Case("sep_line.csv", text([["sep=;"], *LIST], delimiter=";"), **SEEN | {"titles": 2, "header": "第2行"}),
    Case("bad_bytes.csv", data(",".join(HEAD).encode("gb18030") + b"\n\xff\xff,1,2\n"), refused=["GB18030", "UTF-8"]),
    Case(
        "utf8_mark_but_gbk.csv",
        data(codecs.BOM_UTF8 + "\n".join(",".join(row) for row in LIST).encode("gbk")),
        refused=["标记", "UTF-8"],
    ),
    Case(
        "utf8_cut_in_a_character.csv",
        truncated(text([*LIST, person(4, duties="巡护")], last=""), -1),
        refused=["UTF-8", "截断"],
    ),
    Case("utf8_broken_byte.csv", data(UTF8 + b"\xe6\xff," + UTF8), refused=["UTF-8", "损坏"]),
    Case(
        "gbk_that_could_be_utf8.csv",
        text([["联通"], *LIST], encoding="gbk"),
        **SEEN | {"encoding": "gb18030", "titles": 2, "header": "第2行"},
    ),
    Case(
        "utf16_odd_byte.csv",
        data("\n".join(",".join(row) for row in LIST).encode("utf-16") + b"\x00"),
        refused=["UTF-16"],
    ),
    Case(
        "utf16_without_mark.csv",
        data("\n".join(",".join(row) for row in LIST).encode("utf-16-le")),
        refused=["二进制", "另存为"],
    ),
    Case("utf32.csv", data("姓名,证件号码\n".encode("utf-32")), refused=["UTF-32", "UTF-8"]),
    Case("nul_byte.csv", text([HEAD, *people(2000)[:1999], person(1, duties="a\0b")]), refused=["空字节", "第2001行"]),
    Case(
        "unclosed_quote_last.csv",
        text([HEAD, *people(2), ['"测试', *person(3)[1:]]]),
        accepted=2,
        quarantined={"row_width": 1},
        encoding="utf8",
    ),
    Case(
        "unclosed_quote.csv",
        text([HEAD, *people(1), ['"测试', *person(2)[1:]], *people(9, 3)]),
        refused=["第3行", "引号"],
    ),
    Case(
        "two_stray_quotes.csv",
        text([HEAD, *people(1), ['"测试', *person(2)[1:]], *people(3, 3), ['"测试', *person(6)[1:]], *people(2, 7)]),
        refused=["第3行", "引号"],
    ),
    Case(
        "two_stray_quotes_beside.csv",
        text([["备查", *HEAD], *(['"无' if n in (2, 6) else "", *person(n)] for n in range(1, 9))]),
        refused=["第3行", "引号"],
    ),
    Case("inches.csv", text([HEAD, person(1, duties='5" 管'), person(2, duties='6"'), person(3)]), **SEEN),
    Case("only_header.csv", text([HEAD]), encoding="utf8"),
    Case("only_header_no_end.csv", text([HEAD], last=""), encoding="utf8"),
    Case("no_delimiter.csv", text([["姓名"], ["测试甲"]]), refused=["找不到", "公益性岗位台账"]),
    Case("one_line_end.csv", data(b"\n"), refused=["找不到"]),
    Case("empty.csv", data(b""), refused=["空的"]),
    Case("empty.xlsx", data(b""), refused=["空的"]),
    Case(
        "libreoffice_gb18030.csv",
        committed("libreoffice_gb18030.csv"),
        **FROM_SOURCE
        | {
            "encoding": "gb18030",
            "accepted": 1,
            "quarantined": {"cell_error": 1, "missing_value": 1},
            "values": {"monthly_pay": [80_000]},
        },
    ),
    Case(
        "libreoffice_utf16.csv",
        committed("libreoffice_utf16.csv"),
        **FROM_SOURCE
        | {
            "encoding": "utf-16",
            "accepted": 1,
            "quarantined": {"cell_error": 1, "missing_value": 1},
            "values": {"monthly_pay": [80_000]},
        },
    ),
]

_SHARED = indexed(LIST)
_RICH = [
    si.replace(
        '<t xml:space="preserve">姓名</t>', "<r><t>姓</t></r><r><rPr><b/></rPr><t>名</t></r><rPh><t>xm</t></rPh>"
    )
    for si in _SHARED[1]
]
ONE = {"sheets": ["Sheet1"]}

DATES_FROM_1904 = {
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>",
}
"""Days counted from 1904, as old Macintosh versions of Excel do: 1 June 2021 is day 42886."""

WORKBOOKS = [
    Case("xlsxwriter.xlsx", by_xlsxwriter(LIST), **GOOD, **ONE),
    Case("大写.XLSX", by_xlsxwriter(LIST), **GOOD, **ONE),
    Case("openpyxl.xlsx", by_openpyxl(LIST), **GOOD, **ONE),
    Case("libreoffice.xlsx", committed("libreoffice.xlsx"), **FROM_SOURCE, sheets=["台账"], others=["说明", "选项"]),
    Case(
        "libreoffice_excel97.xls",
        committed("libreoffice_excel97.xls"),
        **FROM_SOURCE,
        sheets=["台账"],
        others=["说明", "选项"],
    ),
    Case("inline.xlsx", by_hand(inline(LIST)), **GOOD, **ONE),
    Case("shared.xlsx", by_hand(_SHARED[0], shared=_SHARED[1]), **GOOD, **ONE),
    Case("rich_text.xlsx", by_hand(_SHARED[0], shared=_RICH), **GOOD, **ONE),
    Case(
        "wps_dimension.xlsx", by_hand(_SHARED[0], shared=_SHARED[1], before='<dimension ref="A1:A1"/>'), **GOOD, **ONE
    ),
    Case(
        "wrong_dimension.xlsx",
        by_hand(_SHARED[0], shared=_SHARED[1], before='<dimension ref="A1:ZZ9"/>'),
        **GOOD,
        **ONE,
    ),
    Case("no_references.xlsx", by_hand(inline(LIST, references=False)), **GOOD, **ONE),
    Case(
        "prefixed.xlsx",
        by_hand(
            "",
            more={
                "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{inline(LIST, prefix="x:")}'
                "</x:sheetData></x:worksheet>"
            },
        ),
        **GOOD,
        **ONE,
    ),
    Case(
        "no_shared_texts.xlsx",
        by_hand(inline(LIST), more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>'}),
        **GOOD,
        **ONE,
    ),
    Case("numbers.xlsx", by_openpyxl([HEAD, *(person(n, pay=800) for n in (1, 2, 3))]), **GOOD, **ONE),
    Case("number_month.xlsx", by_openpyxl([HEAD, *(person(n, month=202106) for n in (1, 2, 3))]), **GOOD, **ONE),
    Case(
        "date_month.xlsx",
        by_xlsxwriter([HEAD, *(person(n, month=dt.date(2021, 6, 30)) for n in (1, 2, 3))]),
        **ONE,
        accepted=3,
        values={"started": ["2021-06"] * 3},
    ),
    Case(
        "chinese_date_format.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, month=44348)], formats={"E2": '[$-804]yyyy"年"m"月"'})]),
        **ONE,
        accepted=1,
        values={"started": ["2021-06"]},
    ),
    Case(
        "date_with_time.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, month=44348.75)], formats={"E2": "yyyy-mm-dd hh:mm"})]),
        **ONE,
        accepted=1,
        values={"started": ["2021-06"]},
    ),
    Case(
        "date_1904.xlsx",
        by_hand(inline([HEAD, person(1, month=42886)]).replace('<c r="E2">', '<c r="E2" s="1">'), more=DATES_FROM_1904),
        **ONE,
        accepted=1,
        values={"started": ["2021-06"]},
    ),
    Case(
        "percent_format.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, pay=800)], formats={"F2": "0.00%"})]),
        **ONE,
        accepted=1,
        values={"monthly_pay": [80_000]},
    ),
    Case(
        "thousands_format.xlsx",
        by_xlsxwriter([Tab([HEAD, person(1, pay=1234.5)], formats={"F2": "#,##0.00"})]),
        **ONE,
        accepted=1,
        values={"monthly_pay": [123_450]},
    ),
    Case(
        "binary_fraction.xlsx",
        by_xlsxwriter([HEAD, person(1, pay=0.1 + 0.2), person(2, pay=1e-7), person(3, pay=4.35)]),
        **ONE,
        accepted=3,
        values={"monthly_pay": [30, 0, 435]},
    ),
    Case(
        "huge_number.xlsx",
        by_xlsxwriter([HEAD, person(1, pay=1e300), person(2)]),
        **ONE,
        accepted=1,
        quarantined={"not_money": 1},
    ),
    Case(
        "boolean_in_text.xlsx",
        by_xlsxwriter([HEAD, person(1, duties=True)]),
        **ONE,
        accepted=1,
        values={"duties": ["是"]},
    ),
    Case(
        "text_like_numbers.xlsx",
        by_xlsxwriter([HEAD, person(1, pay="0800", duties="00123")]),
        **ONE,
        accepted=1,
        values={"monthly_pay": [80_000], "duties": ["00123"]},
    ),
    Case(
        "id_as_number.xlsx",
        by_xlsxwriter([HEAD, ["测试甲", 410122197001010012, *person(1)[2:]], person(2)]),
        **ONE,
        accepted=1,
        quarantined={"stored_as_number": 1},
    ),
    Case(
        "formula_error.xlsx",
        by_xlsxwriter([Tab([HEAD, *people(3)], errors={"F3": "#N/A"})]),
        **ONE,
        accepted=2,
        quarantined={"cell_error": 1},
    ),
    Case(
        "iso_dates_and_returns.xlsx",
        by_hand(
            inline([["姓_x000D_\n名", *HEAD[1:]], person(1, month="日", duties="巡护_x000D_\n防火")]).replace(
                't="inlineStr"><is><t>日</t></is>', 't="d"><v>2021-06-01</v>'
            )
        ),
        **ONE,
        accepted=1,
        values={"started": ["2021-06"]},
    ),
    Case(
        "new_formula_error.xlsx",
        by_hand(inline(LIST) + '<row r="5"><c r="A5" t="e"><v>#SPILL!</v></c></row>'),
        refused=["#SPILL!", "改为数值"],
    ),
    Case(
        "formula_error_in_optional.xlsx",
        by_openpyxl([Tab([HEAD, *people(3)], errors={"G2": "#REF!", "G4": "#VALUE!"})]),
        **ONE,
        accepted=1,
        quarantined={"cell_error": 2},
    ),
    Case(
        "formula_error_beside.xlsx",
        by_openpyxl([Tab([[*HEAD, "备查"], *people(3)], errors={"H2": "#REF!"})]),
        **ONE,
        accepted=3,
        unknown=["备查"],
    ),
    Case(
        "formula_value.xlsx",
        by_hand(
            inline(LIST) + '<row r="5"><c r="A5" t="str"><f>"测试"&amp;"丁"</f><v>测试丁</v></c>'
            f'<c r="B5" t="str"><f>X1</f><v>{person(4)[1]}</v></c><c r="C5" t="str"><f>X2</f><v>护林员</v></c>'
            '<c r="D5" t="str"><f>X3</f><v>乡镇</v></c><c r="E5" t="str"><f>X4</f><v>202106</v></c>'
            '<c r="F5"><f>1+1</f><v>800</v></c></row>'
        ),
        **ONE,
        accepted=4,
    ),
    Case(
        "strict_open_xml.xlsx",
        by_hand(
            inline(LIST),
            more={
                "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>'
                f"{inline(LIST)}</sheetData></worksheet>"
            },
        ),
        **GOOD,
        **ONE,
    ),
    Case("empty_sheet.xlsx", by_xlsxwriter([Tab([])]), refused=["找不到"]),
    Case("only_header.xlsx", by_xlsxwriter([HEAD]), **ONE),
    Case(
        "chart_sheet_part_missing.xlsx",
        by_hand("", more={"xl/worksheets/sheet1.xml": "<broken"}),
        refused=["打不开", "另存为"],
    ),
]

CASES = [*TEXT_FILES, *WORKBOOKS]
