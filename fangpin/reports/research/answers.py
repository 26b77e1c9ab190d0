"""System values and answers as people read them: units, yes and no, months; one way for sheets, forms and lists.

Does not belong here: which items there are (fangpin/research/items.py).
"""

from __future__ import annotations

from typing import Any

from fangpin.research.item import CHOICE, FIELD, LEAD, PAPER, YESNO, YUAN, Item

UNKNOWN = "系统无记录"
IN_FIELD_PACK = "见实地资料包"
NO_PAPER = "系统无记录，请查有无"


def value(item: Item, system: Any) -> str | int | float | None:
    """The system's value as it is shown: yuan from fen, words of a code list; None where the system has none."""
    if system is None or system == "":
        return None
    if item.kind == YUAN:
        return float(system) / 100
    if item.kind == YESNO:
        return dict(item.choices)["yes" if system else "no"]
    if item.kind == CHOICE:
        words = dict(item.choices)
        return words.get(system, str(system))
    return system if isinstance(system, int | float) else str(system)


def shown(item: Item, system: Any, *, field: bool) -> str | int | float:
    """What stands in the column of the system's record. field: the field pack, which shows every item."""
    if item.seen_by == FIELD and not field:
        return IN_FIELD_PACK
    found = value(item, system)
    if found is not None:
        return found
    return {PAPER: NO_PAPER, LEAD: ""}.get(item.answer, UNKNOWN)


def told(item: Item, system: Any, *, field: bool) -> str:
    """As `shown`, as text: whole yuan."""
    found = shown(item, system, field=field)
    return f"{found:.0f}" if isinstance(found, float) else str(found)


def actual(item: Item, found: str) -> str:
    """What was found, from the ledger's spelling: yuan from fen, words of a code list."""
    if item.kind == YUAN and found.lstrip("-").isdecimal():
        return f"{int(found) / 100:.2f}"
    return dict(item.choices).get(found, found)
