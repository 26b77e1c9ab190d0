"""Cases of hostile files: made to crash, hang or fool the reader, or broken in ways that would.

They are read in the limited process only. INBOX: what is put into the inbox and is no file with content.
Does not belong here: damaged files of everyday (formats.py, refused.py), the limits themselves (tests/rules).
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.intake_corpus.case import FEN, HEAD, Case, people, person
from tests.intake_corpus.containers import CSV, LIST
from tests.intake_corpus.writers import (
    MAIN,
    Rows,
    Write,
    by_hand,
    by_xlsxwriter,
    data,
    indexed,
    inline,
    text,
    zipped,
)

ONE = {"sheets": ["Sheet1"]}
GOOD: dict[str, Any] = {"accepted": 3, "values": FEN}
SEEN: dict[str, Any] = {"encoding": "utf8", **GOOD}

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def worksheet(content: str, before: str = "") -> dict[str, str]:
    return {SHEET: f'{before}<worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'}


def by_entries(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> Write:
    """A zip of just these entries, whatever they are called."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for entry, content in entries:
            file.writestr(entry, content)
    return data(made.getvalue())


def later(make: Callable[[], Write]) -> Write:
    """A large file, made only when it is written."""
    return lambda path: make()(path)


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    """An entry that unpacks to a symbolic link."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry, target.encode()


def replaced(write: Write, old: bytes, new: bytes, times: int = -1) -> Write:
    """A file with other bytes of the same length in place of some, such as a name in a zip."""
    assert len(old) == len(new)

    def rename(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes().replace(old, new, times))

    return rename


def encrypted(write: Write) -> Write:
    """A zip whose entries say that they are encrypted."""

    def mark(path: Path) -> None:
        write(path)
        found = bytearray(path.read_bytes())
        for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = found.find(sign)
            while at >= 0:
                found[at + offset] |= 1
                at = found.find(sign, at + 4)
        path.write_bytes(bytes(found))

    return mark


def said_size(write: Write, size: int) -> Write:
    """A zip whose directory says that its first entry unpacks to `size` bytes."""

    def lie(path: Path) -> None:
        write(path)
        found = bytearray(path.read_bytes())
        struct.pack_into("<I", found, found.find(b"PK\x01\x02") + 24, size)
        path.write_bytes(bytes(found))

    return lie


def bomb(megabytes: int) -> Write:
    """A workbook whose sheet unpacks a thousand times; its list stands before the blanks."""
    return by_hand("", more={SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{inline(LIST)}{" " * (megabytes << 20)}'})


def inner(size: int) -> bytes:
    """An inner zip of one member of zeros: what bombs nest."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("0.csv", bytes(size))
    return made.getvalue()


def styles(formats: str, count: int, code: str = "0") -> str:
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        f'<cellXfs count="{count}">{formats}</cellXfs></styleSheet>'
    )


def merged(*cells: str) -> str:
    listed = "".join(f'<mergeCell ref="{each}"/>' for each in cells)
    return f"<mergeCells>{listed}</mergeCells>"


def utf8(rows: Rows) -> bytes:
    """Lines of a text file; half a character may stand in them."""
    return "".join(",".join(row) + "\n" for row in rows).encode("utf-8", "surrogatepass")


def gb18030(rows: Rows) -> bytes:
    return utf8(rows).decode().encode("gb18030")


UTF8 = utf8(LIST)
_CELLS, _TEXTS = indexed(LIST)
_FORMULAS = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("http://x/";"x")']

ROUNDED = [HEAD, *([row[0], f"4101221970010{n}0000", *row[2:]] for n, row in enumerate(people(3), start=1))]
"""Numbers that a worksheet kept 15 digits of. Of the 1st the check digit still is right: 0 is what 41012219700101000
asks for (one number in eleven); of the others it asks for 6 and 1."""


def formulas() -> list[list[Any]]:
    """Rows whose duties would be formulas in a program that believes them."""
    return [person(n, duties=duty) for n, duty in enumerate(_FORMULAS, start=1)]


_SHARED_BEYOND = inline([HEAD, *people(2)]) + (
    f'<row r="4"><c r="A4" t="s"><v>4000000000</v></c><c r="B4" t="inlineStr"><is><t>{person(3)[1]}</t></is></c></row>'
)

ARCHIVES = [
    Case("bomb.zip", later(lambda: by_entries(("名单.csv", bytes(100 << 20)))), refused=["解压炸弹", "200 倍"]),
    Case(
        "nested_bomb.zip",
        by_entries(("里面.zip", inner(1 << 20))),
        refused=["压缩包里还有压缩包"],
        members=["里面.zip"],
    ),
    Case(
        "says_too_little.zip",
        later(lambda: said_size(by_entries(("名单.csv", bytes(20 << 20))), 100)),
        refused=["损坏"],
        members=["名单.csv"],
    ),
    Case("says_too_much.zip", said_size(zipped({"名单.csv": CSV}), 0xFFFF_FFF0), refused=["解压炸弹"]),
    Case("many_entries.zip", by_entries(*((f"{n}.csv", b"") for n in range(2001))), refused=["2,001 个条目", "2,000"]),
    Case("encrypted.zip", encrypted(zipped({"名单.csv": CSV})), refused=["密码"]),
    Case("up.zip", zipped({"../../etc/passwd": CSV}), refused=["没有扩展名"], members=["../../etc/passwd"]),
    Case("line_end_in_name.zip", zipped({"名\n单.csv": CSV}), **SEEN, members=["名\n单.csv"]),
    Case("up_with_suffix.zip", zipped({"../../etc/名单.csv": CSV}), **SEEN, members=["../../etc/名单.csv"]),
    Case("up_beside_another.zip", zipped({"../甲.csv": CSV, "乙.csv": CSV}), **SEEN, members=["../甲.csv", "乙.csv"]),
    Case("here.zip", zipped({"./名单.csv": CSV}), **SEEN, members=["./名单.csv"]),
    Case("absolute.zip", zipped({"/etc/passwd.csv": CSV}), **SEEN, members=["/etc/passwd.csv"]),
    Case("backslashes.zip", zipped({"..\\..\\名单.csv": CSV}), **SEEN, members=["..\\..\\名单.csv"]),
    Case(
        "backslashes_hidden.zip",
        zipped({"甲乡\\名单.csv": CSV, "甲乡\\.DS_Store": data(b"x")}),
        **SEEN,
        members=["甲乡\\名单.csv"],
    ),
    Case("drive.zip", zipped({"C:\\名单.csv": CSV}), **SEEN, members=["C:\\名单.csv"]),
    Case(
        "nul_in_name.zip", replaced(zipped({"a.csv0exe": CSV}), b"a.csv0exe", b"a.csv\0exe"), **SEEN, members=["a.csv"]
    ),
    Case("right_to_left_name.zip", zipped({"名\u202evsc.exe.csv": CSV}), **SEEN, members=["名\u202evsc.exe.csv"]),
    Case(
        "quotes_in_name.zip",
        zipped({"'; drop table file; --.csv": CSV}),
        **SEEN,
        members=["'; drop table file; --.csv"],
    ),
    Case(
        "link.zip",
        by_entries(link("名单.csv", "/etc/passwd")),
        refused=["找不到", "公益性岗位台账"],
        members=["名单.csv"],
    ),
    Case(
        "other_local_name.zip",
        replaced(zipped({"a.csv": CSV}), b"a.csv", b"b.csv", times=1),
        refused=["损坏"],
        members=["a.csv"],
    ),
]

WORKBOOKS = [
    Case("bomb.xlsx", later(lambda: bomb(20)), refused=["解压炸弹", "重新导出"]),
    Case(
        "bomb_in_texts.xlsx", later(lambda: by_hand(_CELLS, shared=[" " * (20 << 20), *_TEXTS])), refused=["解压炸弹"]
    ),
    Case(
        "bomb_in_picture.xlsx",
        later(lambda: by_hand(_CELLS, shared=_TEXTS, more={"xl/media/a.png": "0" * (20 << 20)})),
        refused=["解压炸弹"],
    ),
    Case(
        "many_entries.xlsx",
        by_hand(_CELLS, shared=_TEXTS, more={f"xl/media/{n}.png": "" for n in range(2000)}),
        refused=["2,007 个条目", "2,000"],
    ),
    Case("encrypted_entry.xlsx", encrypted(by_hand(_CELLS, shared=_TEXTS)), refused=["密码"]),
    Case(
        "laughs.xlsx", by_hand("", more=worksheet(inline(LIST).replace("测试乙", "&e;"), LAUGHS)), refused=["DOCTYPE"]
    ),
    Case(
        "laughs_in_texts.xlsx",
        by_hand(_CELLS, more={"xl/sharedStrings.xml": f'{LAUGHS}<sst xmlns="{MAIN}">{"".join(_TEXTS)}</sst>'}),
        refused=["DOCTYPE"],
    ),
    Case("file_entity.xlsx", by_hand("", more=worksheet(inline(LIST), FILE_ENTITY)), refused=["DOCTYPE"]),
    Case("unknown_entity.xlsx", by_hand(inline(LIST).replace("测试乙", "&e;")), refused=["打不开"]),
    Case("nul_entity.xlsx", by_hand(inline(LIST).replace("测试乙", "&#0;")), refused=["打不开"]),
    Case(
        "external_links.xlsx",
        by_hand(_CELLS, shared=_TEXTS, more={"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        refused=["指向其他文件的链接"],
    ),
    Case(
        "macro_sheet.xlsx", by_hand(_CELLS, shared=_TEXTS, more={"xl/macrosheets/sheet1.xml": "<x/>"}), refused=["宏"]
    ),
    Case(
        "sparse.xlsx",
        by_hand(inline(LIST) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        refused=["1,048,576 行 × 16,384 列"],
    ),
    Case(
        "sparse_dimension.xlsx",
        by_hand(_CELLS, shared=_TEXTS, before='<dimension ref="A1:XFD1048576"/>'),
        refused=["1,048,576 行 × 16,384 列"],
    ),
    Case(
        "dimension_of_nothing.xlsx",
        by_hand(_CELLS, shared=_TEXTS, before='<dimension ref=":"/>'),
        refused=["打不开"],
    ),
    Case("dimension_of_wps.xlsx", by_hand(_CELLS, shared=_TEXTS, before='<dimension ref="A1:A1"/>'), **GOOD, **ONE),
    Case(
        "row_beyond.xlsx",
        by_hand(inline(LIST) + '<row r="99999999"><c r="A99999999"><v>1</v></c></row>'),
        refused=["99,999,999 行"],
    ),
    Case(
        "column_beyond.xlsx",
        by_hand(inline(LIST) + '<row r="900"><c r="ZZZZ900"><v>1</v></c></row>'),
        refused=["475,254 列"],
    ),
    Case("row_zero.xlsx", by_hand(inline(LIST) + '<row r="0"><c r="A0"><v>1</v></c></row>'), refused=["打不开"]),
    Case(
        "row_twice.xlsx",
        by_hand(inline(LIST) + inline([[], person(9)]).removeprefix('<row r="1"></row>')),
        refused=["同一个行号"],
    ),
    Case(
        "rows_backwards.xlsx",
        by_hand("".join(f"<row{row}" for row in reversed(inline(LIST).split("<row")[1:]))),
        **GOOD,
        **ONE,
    ),
    Case(
        "two_sheet_data.xlsx",
        by_hand(inline(LIST), after=f"<sheetData>{inline(people(2, 5))}</sheetData>"),
        refused=["两段数据"],
    ),
    Case("sheet_cut_off.xlsx", by_hand("", more={SHEET: worksheet(inline(LIST))[SHEET][:-300]}), refused=["打不开"]),
    Case("no_end_of_sheet.xlsx", by_hand("", more={SHEET: worksheet(inline(LIST))[SHEET][:-24]}), refused=["打不开"]),
    Case("never_closed.xlsx", by_hand(inline(LIST) + "<a>" * 200_000), **GOOD, **ONE),
    Case("shared_text_beyond.xlsx", by_hand(_SHARED_BEYOND), refused=["打不开"]),
    Case(
        "style_beyond.xlsx",
        by_hand(
            _CELLS.replace('<c r="F2"', '<c s="4000000000" r="F2"'),
            shared=_TEXTS,
            more={"xl/styles.xml": styles('<xf numFmtId="0" xfId="0"/><xf numFmtId="4000" xfId="1"/>', 99_999_999)},
        ),
        **GOOD,
        **ONE,
    ),
    Case(
        "endless_number_format.xlsx",
        by_hand(
            _CELLS.replace('<c r="F2"', '<c s="1" r="F2"'),
            shared=_TEXTS,
            more={"xl/styles.xml": styles('<xf numFmtId="0"/><xf numFmtId="200"/>', 2, "[$-804]" * 50_000)},
        ),
        **GOOD,
        **ONE,
    ),
    Case("merged_over_all.xlsx", by_hand(_CELLS, shared=_TEXTS, after=merged("A1:XFD1048576")), **GOOD, **ONE),
    Case("merged_to_the_end.xlsx", by_hand(_CELLS, shared=_TEXTS, after=merged("C3:C1048576")), **GOOD, **ONE),
    Case("merged_often.xlsx", by_hand(_CELLS, shared=_TEXTS, after=merged(*["C2:C4"] * 10_000)), **GOOD, **ONE),
    Case("merged_backwards.xlsx", by_hand(_CELLS, shared=_TEXTS, after=merged("G4:A2")), **GOOD, **ONE),
    Case(
        "long_cell.xlsx",
        later(lambda: by_hand(inline([HEAD, person(1, duties=Random(1).randbytes(2_000_000).hex()), *people(2, 2)]))),
        warned={"personal_in_text": 1},  # among so many digits, some look like a telephone
        **GOOD,
        **ONE,
    ),
    Case("formulas.xlsx", by_hand(inline([HEAD, *formulas()])), accepted=5, values={"duties": _FORMULAS}, **ONE),
    Case(
        "numbers_of_18_digits.xlsx",
        by_xlsxwriter([HEAD, *([r[0], int(r[1][:17] + "0"), *r[2:]] for r in people(3))]),
        quarantined={"stored_as_number": 3},
        **ONE,
    ),
    Case(
        "fifteen_digits_and_000.xlsx",
        by_xlsxwriter(ROUNDED),
        accepted=1,
        quarantined={"id_number_rounded": 2},
        **ONE,
    ),
]

TEXTS = [
    Case("utf7.csv", data("\n".join(",".join(row) for row in LIST).encode("utf-7")), refused=["找不到"]),
    Case("utf32_be_marked.csv", data("\ufeff姓名,证件号码\n".encode("utf-32-be")), refused=["UTF-32"]),
    Case("utf32_unmarked.csv", data("姓名,证件号码\n".encode("utf-32-le")), refused=["二进制"]),
    Case("utf8_then_gb18030.csv", data(UTF8 + gb18030(people(1, 4))), refused=["UTF-8"]),
    Case("gb18030_then_utf8.csv", data(gb18030(LIST) + utf8(people(1, 4))), refused=["编码"]),
    Case("surrogates_in_utf8.csv", data(UTF8 + utf8([person(4, duties="\ud800")])), refused=["UTF-8"]),
    Case(
        "surrogate_in_utf16.csv",
        data("\n".join(",".join(r) for r in [*LIST, person(4, duties="\ud800")]).encode("utf-16", "surrogatepass")),
        refused=["UTF-16"],
    ),
    Case("nul_first.csv", data(b"\0" + UTF8), refused=["二进制"]),
    Case("nul_in_a_cell.csv", data(UTF8.replace("测试乙".encode(), "测\0乙".encode())), refused=["二进制"]),
    Case(
        "right_to_left.csv",
        text([HEAD, person(1, duties="\u202e护巡\u202c"), person(2), person(3)]),
        **SEEN | {"values": {"duties": ["\u202e护巡\u202c", None, None]}},
    ),
    Case("one_line_of_50_mb.csv", later(lambda: data(b"x," * (25 << 20))), refused=["找不到"]),
    Case("one_cell_of_50_mb.csv", later(lambda: data(b"x" * (50 << 20))), refused=["找不到"]),
    Case("long_line_below.csv", later(lambda: data(UTF8 + b"x" * (50 << 20))), refused=["行结构无法识别"]),
    Case(
        "wide_line_below.csv",
        later(lambda: data(UTF8 + b"x," * 100_000)),
        accepted=3,
        quarantined={"row_width": 1},
        encoding="utf8",
    ),
    Case(
        "hundred_thousand_columns.csv",
        later(lambda: data(UTF8.replace(b"\n", b"," * 100_000 + b"\n", 1))),
        quarantined={"row_width": 3},
        encoding="utf8",
    ),
    Case("only_quotes.csv", later(lambda: data(UTF8 + b'"' * 1_000_001)), refused=["引号"]),
    Case("only_line_ends.csv", later(lambda: data(UTF8 + b"\n" * 20_000)), **SEEN, blank=20_000),
    Case("formulas.csv", text([HEAD, *formulas()]), accepted=5, values={"duties": _FORMULAS}, encoding="utf8"),
    Case(
        "fifteen_digits_and_000.csv",
        text(ROUNDED),
        accepted=1,
        quarantined={"id_number_rounded": 2},
        encoding="utf8",
    ),
    Case(
        "scientific.csv",
        text([HEAD, *([r[0], "4.10122E+17", *r[2:]] for r in people(3))]),
        quarantined={"id_number_scientific": 3},
        encoding="utf8",
    ),
]

CASES = [*ARCHIVES, *WORKBOOKS, *TEXTS]
