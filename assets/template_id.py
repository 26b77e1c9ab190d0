"""The template a delivered workbook was made from, told by the sheets that came with it.

Does not belong here: writing a template (assets/template.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.feed import FeedContract
from fangpin.intake.blocks import Sheet

GUIDE, LISTS, ABOUT = "填报说明", "选项", "填报信息"
TEMPLATE_ID = "模板编号"


def template_id(contract: FeedContract) -> str:
    """Names the contract a template is made from: another contract, another id."""
    return f"{contract.name}/{contract.fingerprint[:16]}"


def template_of(sheets: Sequence[Sheet]) -> str | None:
    """The id of the template that a delivered workbook was made from; None when it was made otherwise."""
    for sheet in sheets:
        if sheet.name == ABOUT:
            return next((row[1] for row in sheet.top if len(row) > 1 and row[0] == TEMPLATE_ID), None)
    return None


def own_sheets(sheets: Sequence[Sheet]) -> frozenset[str]:
    """The worksheets of a delivered workbook that its template put there: guide, lists, template id."""
    if template_of(sheets) is None:
        return frozenset()
    return frozenset(
        sheet.name
        for sheet in sheets
        if (sheet.name in (LISTS, ABOUT) and sheet.hidden)
        or (sheet.name == GUIDE and sheet.top and sheet.top[0][0].endswith(GUIDE))
    )
