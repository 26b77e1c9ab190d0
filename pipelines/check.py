"""`fangpin check`: which month is meant, and the report of the dry run as people read it.

Does not belong here: the dry run (assets/inspection.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assets.inspection import NOT_CHECKED, Inspection, Reason
from checks.feed import FeedContract
from fangpin.intake.levels import ERROR, WARNING
from fangpin.intake.validate import RULES
from fangpin.masking import showable
from fangpin.month import shift

LISTED = 20
"""So many rows are listed; --json has all."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def assumed_month(path: Path, home: Path, today: str) -> tuple[str, bool]:
    """The month a file is checked for when none is given, and whether its sender surely means it: that of the folder
    it lies in; else the newest of the inbox, or the month before the one of `today`, unless the file says another.
    """
    for folder in path.absolute().parents:
        if _MONTH.fullmatch(folder.name):
            return folder.name, True
    inbox = home / "inbox"
    months = [folder.name for folder in inbox.iterdir() if _MONTH.fullmatch(folder.name)] if inbox.is_dir() else []
    return max(months, default=shift(today, -1)), False


def report(path: Path, contract: FeedContract, found: Inspection) -> str:
    """The whole report in Chinese."""
    feed = f"{contract.source}《{contract.title}》（{contract.name}）"
    lines = [f"{showable(path.name)}：按{feed}{found.month} 检查，只读不入库"]
    if found.rejected is not None:
        return "\n".join([*lines, "", f"结论：整份文件不能接收（{found.rejected.rule}）", f"  {found.rejected}"])
    lines += ["", f"结论：{_verdict(found)}", "", *_counts(found)]
    for level, title in ((ERROR, "退回的原因"), (WARNING, "提示（不影响接收）")):
        reasons = [reason for reason in found.reasons if reason.level == level]
        if reasons:
            lines += ["", f"{title}：", *_grouped(reasons, many_sheets="、" in (found.sheet or ""))]
    if found.remarks:
        lines += ["", "读取说明：", *(f"  {remark}" for remark in found.remarks)]
    if found.old_template:
        lines += ["", f"这份文件用的是旧的填报模板：请用 fangpin template {contract.name} 写出新的，以后用新模板填报。"]
    lines += ["", "没有检查的：" + "；".join(NOT_CHECKED) + "。入库时才能知道。"]
    return "\n".join(lines)


def _verdict(found: Inspection) -> str:
    if found.quarantined:
        return (
            f"{found.quarantined:,} 行会被退回，其余 {found.accepted:,} 行可以接收。请在文件中改正下列各行后再查一次。"
        )
    return f"全部 {found.accepted:,} 行可以接收，可以报送。" if found.accepted else "没有数据行。"


def _counts(found: Inspection) -> Iterator[str]:
    place = f"工作表「{found.sheet}」" if found.sheet else f"编码 {found.encoding}"
    yield f"表头在第{found.header_row}行，{place}"
    yield f"文件共 {found.rows_in_file:,} 行："
    yield f"  标题和表头 {found.header_rows:,}，空行 {found.blank_rows:,}，合计和注释 {len(found.asides):,}"
    yield f"  接收 {found.accepted:,}，退回 {found.quarantined:,}；提示 {found.warnings:,} 处"


def _grouped(reasons: list[Reason], many_sheets: bool) -> Iterator[str]:
    """The most frequent rule first; under each its rows, LISTED of them in all."""
    counts = Counter((reason.rule, reason.column) for reason in reasons)
    left = LISTED
    for (rule, column), count in counts.most_common():
        same = [reason for reason in reasons if (reason.rule, reason.column) == (rule, column)]
        alike = len({reason.message for reason in same}) == 1
        said = same[0].message if alike else f"{column}{'：' if column else ''}{RULES[rule]}"
        yield f"  {said}（{rule}）：{count:,} 行"
        for reason in same[:left]:
            sheet = f"工作表「{reason.sheet}」" if many_sheets else ""
            value = f"：{reason.value}" if reason.value is not None else ""
            yield f"    {sheet}第{reason.sheet_row}行{value}{'' if alike else f'  {reason.message}'}"
        if count > left:
            yield f"    ……另有 {count - left:,} 行，全部见 --json"
        left = max(0, left - count)
