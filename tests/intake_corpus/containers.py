"""Cases of zip files: their members' names, and what they must not hold.

Does not belong here: what is in a member (formats.py, layouts.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import FEN, HEAD, Case, people
from tests.intake_corpus.writers import by_xlsxwriter, data, empty_archive, text, truncated, zipped

LIST = [HEAD, *people(3)]
CSV = text(LIST)
SEEN = {"accepted": 3, "values": FEN, "encoding": "utf8"}

CASES = [
    Case("csv.zip", zipped({"名单.csv": CSV}), **SEEN, members=["名单.csv"]),
    Case(
        "gb18030.zip",
        zipped({"名单.csv": text(LIST, encoding="gb18030")}),
        **SEEN | {"encoding": "gb18030"},
        members=["名单.csv"],
    ),
    Case(
        "utf16.zip",
        zipped({"名单.csv": text(LIST, encoding="utf-16")}),
        **SEEN | {"encoding": "utf-16"},
        members=["名单.csv"],
    ),
    Case(
        "quoted.zip",
        zipped({"名单.csv": text([[f'"{c}"' for c in row] for row in LIST])}),
        **SEEN,
        members=["名单.csv"],
    ),
    Case(
        "xlsx.zip",
        zipped({"名单.xlsx": by_xlsxwriter(LIST)}),
        accepted=3,
        values=FEN,
        sheets=["Sheet1"],
        members=["名单.xlsx"],
    ),
    Case(
        "gbk_names.zip",
        zipped({"公益岗/名单.csv": CSV, "说明.txt": text([["说明"]])}, names="gbk"),
        **SEEN,
        members=["公益岗/名单.csv", "说明.txt"],
    ),
    Case("utf8_names_unmarked.zip", zipped({"名单.csv": CSV}, names="utf-8"), **SEEN, members=["名单.csv"]),
    Case("rare_names.zip", zipped({"𠮷村.csv": CSV}, names="gb18030"), **SEEN, members=["𠮷村.csv"]),
    Case("unreadable_names.zip", zipped({"Ñandú.csv": CSV}, names="latin-1"), refused=["文件名读不出来"]),
    Case(
        "two_members.zip", zipped({"甲乡.csv": CSV, "乙乡.csv": text(LIST)}), **SEEN, members=["甲乡.csv", "乙乡.csv"]
    ),
    Case(
        "macos.zip",
        zipped(
            {"名单.csv": CSV, "__MACOSX/._名单.csv": data(b"x"), ".DS_Store": data(b"x"), "~$名单.xlsx": data(b"x")}
        ),
        **SEEN,
        members=["名单.csv"],
    ),
    Case(
        "nested.zip",
        zipped({"里面.zip": data(empty_archive("名单.csv"))}),
        refused=["压缩包里还有压缩包"],
        members=["里面.zip"],
    ),
    Case(
        "nested_renamed.zip",
        zipped({"里面.csv": data(empty_archive("名单.csv"))}),
        refused=["压缩包里还有压缩包"],
        members=["里面.csv"],
    ),
    Case("pdf_inside.zip", zipped({"名单.pdf": data(b"%PDF-1.7")}), refused=["PDF"], members=["名单.pdf"]),
    Case("empty_member.zip", zipped({"名单.csv": data(b"")}), refused=["空的"], members=["名单.csv"]),
    Case("nothing.zip", data(empty_archive()), refused=["没有文件"]),
    Case(
        "same_name_twice.zip",
        data(empty_archive("甲.csv", "乙.csv").replace("乙".encode(), "甲".encode())),
        refused=["重名"],
    ),
    Case("damaged.zip", truncated(zipped({"名单.csv": CSV}), 100), refused=["不完整"]),
    Case("text.zip", CSV, refused=["扩展名是 .zip", "文本（csv）"]),
    Case("workbook.zip", by_xlsxwriter(LIST), refused=["扩展名是 .zip", "xlsx 工作簿"]),
    Case(
        "false_utf8_name.zip",
        data(empty_archive("名单.csv").replace("名单".encode(), "名单".encode()[:4] + b"\xff\xff")),
        refused=["不完整"],
    ),
]
