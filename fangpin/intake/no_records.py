"""Rows below a header that are no records: blank ones, totals, notes.

A row is only taken for one of these when it has nothing that tells whose record it would be. Does not belong here: a
header that stands there once more (validate.py), what is said of the rows that are left out (remarks.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from fangpin.intake.cells import tidy
from fangpin.intake.contract import Column
from fangpin.intake.spelling import fold

BLANK, TOTAL, NOTE = "空行", "合计", "注释"

_SUMS = "合计|小计|总计|共计|累计|总数|平均数|平均值|平均|均值"
_TOTAL = re.compile(rf".{{0,20}}({_SUMS})(人数|户数|数|金额)?([:：(（\d].*)?|总?(人数|户数|金额)[:：].*|其中([:：].*)?")
_TOTAL_WORD = re.compile(rf"({_SUMS}|其中)(人数|户数|数|金额)?[:：]?")
"""What alone in a cell makes a total of a row, wherever it stands."""
_FILLER = re.compile(r"[×✕xX*/\\—–…·.-]+|\d{1,4}(人|户|人次|户次|个|名|件|次|项)?")
"""What cells of a total hold that describes nobody: crosses, dashes, counts."""
_WHO = (
    "(填报|填表|制表|制单|审核|复核|审批|报送|联系|负责|经办|分管|主管|统计|单位|部门)"
    "(人|单位|部门|领导|负责人|日期|时间|电话|签字|签名|签章|盖章|公章)?|负责人|领导|公章|盖章|签字|签名|日期|时间|电话"
)
_SIGNED = re.compile(rf"({_WHO})(\(.{{0,8}}\))?")
_NOTE = re.compile(
    rf"(注|备注|说明|附注|注释|填报说明|填表说明)\d{{0,2}}[:：,，、;；.].*|({_WHO})(\(.{{0,8}}\))?[:：].*"
)
_REMARK = re.compile(r"(注|备注|说明|附注|注释|填报说明|填表说明)\s+\S.*", re.DOTALL)
_PAGE = re.compile(r"第\d+页[,，/、]?(共\d+页)?|共\d+页[,，/、]?(第\d+页)?|第?\d+/\d+页|-\d+-")
_DAY = re.compile(r"(19|20)\d{2}([-./])\d{1,2}\2\d{1,2}( 00:00:00)?")
_SERIAL = re.compile(r"(第|No\.?|№)?\(?\d{1,6}\)?[.、:]?", re.IGNORECASE)
"""A number before a row, after NFKC: 4, 4., (4), ④."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"[0-9A-Za-z.+*()-]{6,}")
_LONG = re.compile(r"\d{12}")
_PERSON = re.compile(r"\d{15}")
"""A number of a person or household: a row that has run into one cell."""
_NAME = re.compile(r"[\u4e00-\u9fff]{1,4}")
"""Other text in the column of names, alone in its row, is a note."""
_PLACE = re.compile(r".+[省市县区镇乡村组队]|.+(街道|社区)")
_NUMBERED = frozenset({"id_number", "household_no", "village_code"})
_AMOUNTS = frozenset({"money", "integer", "number"})


def kind(row: Mapping[str, str | None], columns: Mapping[str, Column]) -> str | None:
    """BLANK, TOTAL, NOTE, or None for a record. row: its cells in the order of the file; names that are not in
    `columns` are of cells that are none of the feed's.
    """
    said = {name: text for name, cell in row.items() if cell and (text := tidy(cell)) is not None}
    if not said or _is_prefilled(said, next(iter(row)), columns):
        return BLANK
    folded = {name: fold(text) for name, text in said.items()}
    first, text = next(iter(said.items()))
    if _is_signed(folded) or _PAGE.fullmatch("".join(folded.values())):
        return NOTE
    if _is_total(folded, first, columns):
        return TOTAL
    alone = len(said) == 1
    if alone and _is_a_day(text, columns.get(first), columns):
        return NOTE
    if _names_its_subject(folded, first, columns):
        return None
    if _NOTE.fullmatch(folded[first]) or _REMARK.fullmatch(text):
        return NOTE
    return NOTE if alone and _is_a_note(text, columns.get(first), columns) else None


def _is_required(column: Column | None) -> bool:
    return column is not None and column.required


def _is_prefilled(said: Mapping[str, str], in_front: str, columns: Mapping[str, Column]) -> bool:
    """Whether a row was only numbered in advance, or its classes chosen, and nobody was filled in."""
    serial = in_front in said and bool(_SERIAL.fullmatch(said[in_front])) and not _is_required(columns.get(in_front))
    rest = {name: text for name, text in said.items() if not (serial and name == in_front)}
    telling = any(each.required and each.kind in {*_NUMBERED, "name"} for each in columns.values())
    return not rest or (telling and all(_is_chosen(text, columns.get(name)) for name, text in rest.items()))


def _is_chosen(text: str, column: Column | None) -> bool:
    """Whether a cell is one of the few that a list offers."""
    if column is None:
        return False
    return (column.kind == "code" and text in column.codes) or (
        column.kind == "yesno" and text in {"是", "否", *column.codes}
    )


def _is_signed(folded: Mapping[str, str]) -> bool:
    """Whether a row says who filled the table in, who checked it and when, each in cells of its own."""
    signs = [_SIGNED.match(text) for text in folded.values()]
    parts = list(zip(signs, folded.values(), strict=True))
    labels = [sign is not None and (sign.end() == len(text) or text[sign.end()] == ":") for sign, text in parts]
    answered = all(label or before for before, label in itertools.pairwise(labels))
    return labels[0] and sum(labels) > 1 and answered and not any(_LONG.search(text) for text in folded.values())


def _is_total(folded: Mapping[str, str], first: str, columns: Mapping[str, Column]) -> bool:
    """Whether a row sums up others: it begins with a word for it, or has it alone in a cell, and names nobody."""
    describing = {name: text for name, text in folded.items() if not _FILLER.fullmatch(text)}
    if _names_its_subject(describing, first, columns):
        return False
    if _TOTAL.fullmatch(folded[first]):
        return True
    named = any(
        column.kind == "name"
        and _NAME.fullmatch(text)
        and not _PLACE.fullmatch(text)
        and not _TOTAL_WORD.fullmatch(text)
        for name, text in folded.items()
        if (column := columns.get(name)) is not None
    )
    return not named and any(_TOTAL_WORD.fullmatch(text) for text in folded.values())


def _names_its_subject(folded: Mapping[str, str], first: str, columns: Mapping[str, Column]) -> bool:
    """Whether the row has a number of a person, household or village, or most of what describes one."""
    if any(columns[n].kind in _NUMBERED and _NUMBER.fullmatch(text) for n, text in folded.items() if n in columns):
        return True
    describing = [c.name for c in columns.values() if c.required and c.kind not in _AMOUNTS and c.name != first]
    return 2 * sum(name in folded for name in describing) > max(len(describing), 2)


def _is_a_day(text: str, column: Column | None, columns: Mapping[str, Column]) -> bool:
    """Whether the only cell of a row says when the table was made: a day that is not in a column of days."""
    elsewhere = column is None or column.kind not in ("date", "month")
    return elsewhere and sum(_is_required(each) for each in columns.values()) > 2 and _DAY.fullmatch(text) is not None


def _is_a_note(text: str, column: Column | None, columns: Mapping[str, Column]) -> bool:
    """Whether the only cell of a row says something about the table: of a record nearly everything would be missing."""
    if not _CHINESE.search(text) or _PERSON.search(text) or sum(_is_required(each) for each in columns.values()) <= 2:
        return False
    return column is None or column.kind != "name" or not _NAME.fullmatch(text)
