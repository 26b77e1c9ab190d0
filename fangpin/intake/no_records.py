"""Rows below a header that are no records: blank ones, totals, notes.

A row is only taken for one of these when it has nothing that tells whose record it would be. Does not belong here: a
header that stands there once more (validate.py), what is said of the rows that are left out (remarks.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fangpin.intake.cells import tidy
from fangpin.intake.contract import Column
from fangpin.intake.header import fold

BLANK, TOTAL, NOTE = "空行", "合计", "注释"

_TOTAL = re.compile(r".{0,20}(合计|小计|总计|共计|累计)(人数|户数|数|金额)?([:：(（\d].*)?|总?(人数|户数|金额)[:：].*")
_NOTE = re.compile(
    r"(注|备注|说明|附注|填报说明|填表说明)[:：].*|(填报|填表|制表|审核|复核|报送|联系|负责|单位)(人|日期|时间|负责人|单位|电话)?[:：].*"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"[0-9A-Za-z.+*()-]{6,}")
_PERSON = re.compile(r"\d{15}")
"""A number of a person or household: a row that has run into one cell."""
_NAME = re.compile(r"[\u4e00-\u9fff]{1,4}")
"""Other text in the column of names, alone in its row, is a note."""
_NUMBERED = frozenset({"id_number", "household_no", "village_code"})
_AMOUNTS = frozenset({"money", "integer", "number"})


def kind(row: Mapping[str, str | None], columns: Mapping[str, Column]) -> str | None:
    """BLANK, TOTAL, NOTE, or None for a record. row: its cells in the order of the file; names that are not in
    `columns` are of cells that are none of the feed's.
    """
    said = {name: text for name, cell in row.items() if cell and (text := tidy(cell)) is not None}
    if not said:
        return BLANK
    first, text = next(iter(said.items()))
    alone = len(said) == 1
    if alone and first == next(iter(row)) and text.isdecimal() and not _is_required(columns.get(first)):
        return BLANK  # numbered in advance, never filled in
    if _names_its_subject(said, first, columns):
        return None
    if _TOTAL.fullmatch(fold(text)):
        return TOTAL
    if _NOTE.fullmatch(fold(text)) or (alone and _is_a_note(text, columns.get(first), columns)):
        return NOTE
    return None


def _is_required(column: Column | None) -> bool:
    return column is not None and column.required


def _names_its_subject(said: Mapping[str, str], first: str, columns: Mapping[str, Column]) -> bool:
    """Whether the row has a number of a person, household or village, or most of what describes one."""
    if any(columns[n].kind in _NUMBERED and _NUMBER.fullmatch(fold(t)) for n, t in said.items() if n in columns):
        return True
    describing = [c.name for c in columns.values() if c.required and c.kind not in _AMOUNTS and c.name != first]
    return 2 * sum(name in said for name in describing) > max(len(describing), 2)


def _is_a_note(text: str, column: Column | None, columns: Mapping[str, Column]) -> bool:
    """Whether the only cell of a row says something about the table: of a record nearly everything would be missing."""
    if not _CHINESE.search(text) or _PERSON.search(text) or sum(_is_required(each) for each in columns.values()) <= 2:
        return False
    return column is None or column.kind != "name" or not _NAME.fullmatch(text)
