"""Which unit a table says its amounts are in: 元 or 万元, in a header, in a row below the header, in a title above.

What speaks of 万元 without saying so of the amounts is unclear, never guessed. Does not belong here: which column is
meant (header.py), an amount that says its own unit (written.py), a column whose unit slipped (unit_slips.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

YUAN, WAN, UNCLEAR = "元", "万元", "?"
"""What is said of amounts; UNCLEAR: something is said, but not which of both."""

_PER = r"(?:[/每·.](?:人|户|亩|次|天|日|月|季|年))*"
_KIND = "(?:(?:金额|计量|货币)?单位[:：]?)?(?:人民币)?"
IN_HEADER = re.compile(rf"\({_KIND}(万?元)(?:人民币)?{_PER}\)$")
"""The unit behind a folded header: 月补贴(万元), 补贴标准(元/人·月), 金额(金额单位:元)."""
BEHIND = re.compile(r"^(.+?)(?:\(([^()]*[元万][^()]*)\)|[:：,，_]?((?:[千百十万亿]*元|万)[^()]*))$")
"""Any other text of money behind a folded name: 注册资本(万), 注册资本万元, 补贴(千元)."""

_MONEY = re.compile(rf"(?:人民币)?(百万|十万|[千百]|万|亿)?元(?:人民币)?{_PER}")
_OTHERS = frozenset(
    [
        *(
            "人",
            "户",
            "人次",
            "户次",
            "名",
            "个",
            "件",
            "次",
            "天",
            "日",
            "月",
            "年",
            "岁",
            "周岁",
            "只",
            "头",
            "匹",
            "羽",
        ),
        *("亩", "公顷", "平方米", "m2", "公里", "千米", "米", "辆", "套", "间", "栋", "处", "所", "%", "百分比"),
    ]
)
"""Units of what is no amount, as they stand beside 元 and 万元."""

_SAYS = re.compile(r"单位[:：]")
_TOKEN = re.compile(r"[、,，/;；和及与()\s]+")
_OF_UNITS = re.compile("单\\s*位|元|万")
_LARGE = "[千百亿万]元"
_OF_MONEY = re.compile(
    rf"(?:单位[:：为是]|金额[:：]?|[以按])[^\d]{{0,4}}?{_LARGE}(?!\S{{0,3}}[镇乡村街])|{_LARGE}(?:为单位|计|填)|\([^()]*{_LARGE}\)$"
)
"""A text that says 万元, 千元 of amounts, not of one figure and not as a name."""
_LONGEST_UNIT = 24
"""A longer cell below a header says no unit of its column."""


def in_titles(rows: Sequence[Sequence[str]]) -> list[tuple[int, str, str]]:
    """(row from 1, text, unit) for each row above a header that says something of all amounts."""
    found = []
    for number, row in enumerate(rows, start=1):
        if (unit := _of_title(row)) is not None:
            found.append((number, " ".join(cell for cell in row if _OF_UNITS.search(cell)), unit))
    return found


def of_name(name: str) -> str | None:
    """What the name of a file or a worksheet says of all amounts: as a title does, its brackets anywhere."""
    parts = [part for part in re.split(r"[_\-—.\s]+|(?<=[)）\]】])", name) if part]
    said = {unit for part in parts if (unit := _of_title([part.strip("[]【】")])) is not None}
    said |= (
        {
            UNCLEAR
            for part in parts
            if re.search(r"(?<![\d一二三四五六七八九十百几数余多])[千百亿万]元(?![镇乡村街户])", part)
        }
        if not said
        else set()
    )
    return None if not said else said.pop() if len(said) == 1 else UNCLEAR


def _of_title(row: Sequence[str]) -> str | None:
    text = _folded(row)
    found = {unit for tail in _SAYS.split(text)[1:] for unit in _leading(tail)}
    found |= {match.group(1) for cell in text.split() if (match := IN_HEADER.search(cell))}
    if not found and speaks_of_large_units(row):
        found = {UNCLEAR}
    return None if not found else found.pop() if len(found) == 1 else UNCLEAR


def speaks_of_large_units(row: Sequence[str]) -> bool:
    """Whether a row says 万元, 千元 ... of amounts: not of a figure (350万元), not in a name."""
    return any(_OF_MONEY.search(cell) for cell in _folded(row).split())


def _folded(row: Sequence[str]) -> str:
    """The cells of a row with blanks between them, none within 万 元 or before it."""
    text = unicodedata.normalize("NFKC", " ".join(cell for cell in row if cell.strip()))
    text = re.sub(r"单\s+位", "单位", text)
    return re.sub(r"(?<=\d)\s+(?=万)", "", re.sub(r"(?<=[千百亿万])\s+元", "元", text))


def _leading(tail: str) -> set[str]:
    """The units of amounts among the units with which a text begins."""
    units: set[str] = set()
    for token in _TOKEN.split(tail.strip()):
        unit = of_amounts(token)
        if unit is not None:
            units.add(unit)
        elif token and token not in _OTHERS:
            break
    return units


def of_amounts(text: str) -> str | None:
    """The unit of amounts that a text names and nothing else: YUAN, WAN, UNCLEAR for any other; None for no such."""
    if text == "万":
        return UNCLEAR
    found = _MONEY.fullmatch(text)
    return None if found is None else {None: YUAN, "万": WAN}.get(found.group(1), UNCLEAR)


def of_row(folded: Sequence[str]) -> list[str | None] | None:
    """What each position of a row below the names says of its amounts; None when it says nothing of units.

    folded: its cells. A cell that says a unit among other things is UNCLEAR. A row with a long number is a record.
    """
    if any(re.search(r"\d{6}", cell) for cell in folded):
        return None
    said = [_of_cell(cell) for cell in folded]
    return said if any(said) else None


def _of_cell(folded: str) -> str | None:
    inside = re.sub(rf"^\(?{_KIND}(.*?)\)?$", r"\1", folded)
    if (unit := of_amounts(inside)) is not None:
        return unit
    if re.search(r"(?<![\d.一二三四五六七八九十百千几数余多])[十百千万亿]+元", folded[:_LONGEST_UNIT]):
        return UNCLEAR
    units = {of_amounts(token) for token in _TOKEN.split(inside)} - {None}
    return UNCLEAR if units - {YUAN} else YUAN if units else None
