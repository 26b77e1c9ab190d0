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

_PER = r"(?:[/每](?:人|户|亩|次|天|日|月|季|年))*"
IN_HEADER = re.compile(rf"\((?:单位[:：]?)?(?:人民币)?(万?元){_PER}\)$")
"""The unit behind a folded header: 月补贴(万元), 补贴标准(元/月), 金额(单位:元)."""

_MONEY = re.compile(rf"(?:人民币)?(百万|十万|[千百]|万|亿)?元{_PER}")
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
_WAN_OF_NO_FIGURE = re.compile(r"(?<![\d.一二三四五六七八九十百千几数余多])万\s*元")


def of_titles(rows: Sequence[Sequence[str]]) -> str | None:
    """What the rows above a header say of all amounts: YUAN, WAN, UNCLEAR, or None when they say nothing."""
    said: set[str] = set()
    for row in rows:
        text = unicodedata.normalize("NFKC", " ".join(cell for cell in row if cell.strip()))
        text = re.sub(r"万\s+元", WAN, text)
        found = {unit for tail in _SAYS.split(text)[1:] for unit in _leading(tail)}
        found |= {match.group(1) for cell in text.split() if (match := IN_HEADER.search(cell))}
        if not found and _WAN_OF_NO_FIGURE.search(text):
            found = {UNCLEAR}
        said |= found
    return None if not said else said.pop() if len(said) == 1 else UNCLEAR


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
    if not _MONEY.fullmatch(text):
        return None
    return {None: YUAN, "万": WAN}.get(_MONEY.fullmatch(text).group(1), UNCLEAR)  # type: ignore[union-attr]


def of_row(folded: Sequence[str]) -> list[str | None] | None:
    """What each position of a row of units says of its amounts; None when the row is none. folded: its cells."""
    cells = [re.sub(r"^\(?(?:单位[:：]?)?(.*?)\)?$", r"\1", cell) for cell in folded]
    said = [of_amounts(cell) for cell in cells]
    if not any(said) or any(
        cell and unit is None and cell not in _OTHERS for cell, unit in zip(cells, said, strict=True)
    ):
        return None
    return said
