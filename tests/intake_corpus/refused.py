"""Cases of files that are not read: each is refused with what it is and what to save it as.

Does not belong here: files of a kind that is read, but damaged or without a table (formats.py, layouts.py).
"""

from __future__ import annotations

from tests.intake_corpus.case import HEAD, Case, people
from tests.intake_corpus.writers import (
    by_hand,
    by_xlsxwriter,
    committed,
    data,
    empty_archive,
    inline,
    ole2,
    spoilt,
    text,
    truncated,
)

LIST = [HEAD, *people(3)]
HTML = "<html><head><meta charset=gbk></head><table><tr><td>姓名</td></tr></table></html>"
CASES = [
    Case("网页另存.xls", data(HTML.encode("gbk")), refused=["HTML", "另存为 .xlsx"]),
    Case("网页片段.xls", data(b"\r\n  <TABLE border=1><tr><td>1</td></tr></TABLE>"), refused=["HTML"]),
    Case("网页.xlsx", data(b"\xef\xbb\xbf<!DOCTYPE html><html></html>"), refused=["HTML"]),
    Case("网页.csv", data(HTML.encode()), refused=["HTML"]),
    Case("网页_utf16.xls", data(HTML.encode("utf-16")), refused=["HTML"]),
    Case("libreoffice.xls", committed("libreoffice.html"), refused=["HTML", "另存为"]),
    Case("单个网页.xls", data(b"MIME-Version: 1.0\r\nContent-Type: multipart/related"), refused=["MHT"]),
    Case(
        "xml2003.xls",
        data(b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
        refused=["XML"],
    ),
    Case("文本改名.xlsx", text(LIST), refused=["扩展名是 .xlsx", "文本（csv）", "另存为"]),
    Case("文本改名.xls", text(LIST, delimiter="\t", encoding="gbk"), refused=["扩展名是 .xls", "文本（csv）"]),
    Case("xlsx改名.xls", by_xlsxwriter(LIST), refused=["扩展名是 .xls", "xlsx 工作簿", "另存为"]),
    Case("xlsx改名.csv", by_xlsxwriter(LIST), refused=["扩展名是 .csv", "xlsx 工作簿"]),
    Case("xls改名.xlsx", committed("libreoffice_excel97.xls"), refused=["扩展名是 .xlsx", "xls 工作簿"]),
    Case("wps.et", data(ole2("Workbook")), refused=["不能读取 .et 文件", "另存为 .xlsx"]),
    Case("文本.et", text(LIST), refused=["不能读取 .et 文件"]),
    Case("libreoffice.xlsm", committed("libreoffice.xlsm"), refused=["不能读取 .xlsm 文件", "另存为 .xlsx"]),
    Case("宏改名.xlsx", by_hand(inline(LIST), more={"xl/vbaProject.bin": "x"}), refused=["宏", "另存为不含宏的 .xlsx"]),
    Case("宏.xls", data(ole2("Workbook", "_VBA_PROJECT_CUR")), refused=["宏"]),
    Case("password.xlsx", committed("password.xlsx"), refused=["密码", "另存为 .xlsx"]),
    Case("password_by_hand.xlsx", data(ole2("EncryptionInfo", "EncryptedPackage")), refused=["密码"]),
    Case("文档.xls", data(ole2("WordDocument")), refused=["Word"]),
    Case("旧式.xls", data(ole2("Contents")), refused=["旧式二进制文档", "另存为 .xlsx"]),
    Case("excel4.xls", data(b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"), refused=["很旧的 Excel"]),
    Case("坏的.xls", data(ole2("Workbook")), refused=["打不开", "另存为"]),
    Case("垃圾.xls", data(bytes(range(256)) * 8), refused=["二进制数据"]),
    Case("垃圾.csv", data(bytes(range(256)) * 8), refused=["二进制数据"]),
    Case("libreoffice.ods", committed("libreoffice.ods"), refused=["OpenDocument", "另存为 .xlsx"]),
    Case(
        "二进制.xlsb",
        by_hand("", more={"xl/workbook.bin": "x", "xl/workbook.xml": ""}),
        refused=["不能读取 .xlsb 文件"],
    ),
    Case("文档.docx", by_hand("", more={"word/document.xml": "x"}), refused=["不能读取 .docx 文件"]),
    Case("扫描件.pdf", data(b"%PDF-1.7\n..."), refused=["PDF", "另存为"]),
    Case("pdf改名.xlsx", data(b"%PDF-1.7\n..."), refused=["PDF"]),
    Case("照片.jpg", data(b"\xff\xd8\xff\xe0"), refused=["图片"]),
    Case("名单.rar", data(b"Rar!\x1a\x07\x01\x00"), refused=["RAR", "zip"]),
    Case("名单.7z", data(b"7z\xbc\xaf\x27\x1c\x00\x04"), refused=["7z"]),
    Case("名单.csv.gz", data(b"\x1f\x8b\x08\x00"), refused=["gzip"]),
    Case("名单.tsv", text(LIST, delimiter="\t"), refused=["不能读取 .tsv 文件"]),
    Case("没有扩展名", text(LIST), refused=["没有扩展名"]),
    Case("截断.xlsx", truncated(by_xlsxwriter(LIST), 2000), refused=["损坏", "重新导出"]),
    Case("只有头.xlsx", data(b"PK\x03\x04 not a workbook"), refused=["损坏"]),
    Case("压缩包改名.xlsx", data(empty_archive("名单.csv")), refused=["扩展名是 .xlsx", "zip 压缩包"]),
    Case("校验不符.xlsx", spoilt(by_xlsxwriter(LIST)), refused=["损坏"]),
]
