"""A return list that came back: recognised by its hidden sheet, which names the files it answers.

Does not belong here: writing it (assets/return_list.py), how corrected rows replace the old ones (assets/batch.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from fangpin.errors import FileRejected
from fangpin.intake.blocks import Sheet

ABOUT, KIND = "填报信息", "退回问题清单"
ABOUT_HEADER = ("工作表", "数据", "地区", "原文件")
ANSWERED, REMEDY = "原行号", "怎么改"
"""Two headers that stand together on no worksheet but those of a return list."""
ORIGINAL = "最初的文件和行"
"""The header, on a list that answers a return list, of where each row was first delivered."""
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Answer:
    """A worksheet of a return list: the feed and place it is of, and the file (sha256, 16 digits) it answers."""

    sheet: str
    feed: str
    place: str
    answers: str


@dataclass(frozen=True)
class ReturnList:
    """A return list that came back."""

    month: str
    sheets: tuple[Answer, ...]


def recognise(sheets: Sequence[Sheet]) -> ReturnList | None:
    """What a delivered workbook answers; None when it is no return list. FileRejected when it cannot be told."""
    about = next((sheet for sheet in sheets if sheet.name == ABOUT and sheet.top and sheet.top[0][:1] == (KIND,)), None)
    if about is None:
        if any(_is_list(sheet) for sheet in sheets):
            raise FileRejected(
                f"是退回清单，但没有它隐藏的工作表「{ABOUT}」，看不出它针对哪份文件："
                "请在原来的退回清单上修改，不要删除、改名或复制工作表。",
                "damaged_return_list",
            )
        return None
    rows = [tuple(cell.strip() for cell in row) for row in about.top]
    named = {sheet.name for sheet in sheets}
    answers = [Answer(*row[:4]) for row in rows[2:] if len(row) >= 4 and all(row[:4])]
    month = rows[0][1] if len(rows[0]) > 1 else ""
    told = [row[:4] for row in rows[1:2]] == [ABOUT_HEADER]
    if not _MONTH.fullmatch(month) or not told or not answers or any(a.sheet not in named for a in answers):
        raise FileRejected(
            f"退回清单里隐藏的工作表「{ABOUT}」被改动或删掉了一部分，看不出它针对哪份文件："
            "请在原来的退回清单上修改，不要删除、改名或复制工作表。",
            "damaged_return_list",
        )
    return ReturnList(month, tuple(answers))


def _is_list(sheet: Sheet) -> bool:
    """Whether a worksheet has the header row of a return list."""
    rows = ({re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)) for cell in row} for row in sheet.top)
    return any({ANSWERED, REMEDY} <= row for row in rows)
