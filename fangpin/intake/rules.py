"""Every rule a delivered row can break, and how a department is told: what is wrong, and what to do.

Does not belong here: how a rule is found to be broken (the modules whose RULES are put together here).
"""

from __future__ import annotations

import re
from typing import Any

from fangpin import corrections, identity, masking
from fangpin.intake import agreed, cells, doubts, free_text, placing
from fangpin.intake.contract import Column
from fangpin.intake.levels import ERROR, WARNING

RULES = {
    **identity.RULES,
    **cells.RULES,
    **placing.RULES,
    **agreed.RULES,
    **doubts.RULES,
    **free_text.RULES,
    "wrong_month": "所属时间晚于报送月份；请放到所属月份报送或更正",
    "repeated_column_differs": "文件中有几列是同一项，内容不一致；请核对后只保留一列",
    "row_width": "该行的列数与表头不一致；请检查多余或缺少的分隔符",
    "duplicate_key": "与本批中另一行重复；请只保留一行",
    "delivered_before": "以前月份已经报送过同一记录：不再重复计入",
    **corrections.RULES,
}
"""Every rule a row can break, and what the department should do."""


def level(rule: str) -> str:
    """The level of a rule of RULES."""
    warnings = {*doubts.RULES, *free_text.RULES, *placing.WARNINGS, *corrections.WARNINGS}
    return WARNING if rule in warnings else ERROR


def message(column: Column, rule: str, detail: str | None = None, more: str = "", unit: str = "") -> str:
    """more: put behind what is wrong; detail: behind what is to be done; unit: of the amounts of the column."""
    wrong, then, do = RULES[rule].partition("；")
    if rule == "not_money":
        do = do.replace("只填数字", f"只填数字（{unit}）")
    options = f"（可选：{'、'.join(column.codes)}）" if rule == "unknown_code" else ""
    return (
        f"{column.header}：{wrong}{f'（{more}）' if more else ''}{then}{do}{options}{f'。{detail}' if detail else ''}"
    )


def limits(column: Column, low: Any, high: Any) -> str:
    unit, scale = ("元", 100) if column.kind == "money" else ("", 1)
    told = [
        f"不小于{low / scale:,.12g}{unit}" if low is not None else "",
        f"不大于{high / scale:,.12g}{unit}" if high is not None else "",
    ]
    return "，".join(part for part in told if part)


def masked(column: Column, cell: str | None) -> str | None:
    if cell is None or (column.kind == "village_code" and re.fullmatch(r"\d{12}", cell)):
        return cell
    return masking.cell(cell, column.personal)
