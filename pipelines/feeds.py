"""The feeds as they are listed: for programs, and as a table for people.

Does not belong here: what a feed is (checks/raw), its template (assets/template.py).
"""

from __future__ import annotations

from typing import Any

from checks.feed import DELIVERY_KINDS, FeedColumn, FeedContract
from checks.raw import FEEDS
from pipelines.lines import aligned


def listed() -> list[dict[str, Any]]:
    """Every feed in alphabetical order, as `fangpin feeds --json` prints it."""
    return [_feed(contract) for contract in FEEDS.values()]


def _feed(contract: FeedContract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "title": contract.title,
        "department": contract.source,
        "delivery_kind": contract.delivery,
        "grain": contract.grain,
        "key": list(contract.key),
        "mandatory": contract.mandatory,
        "columns": [_column(column) for column in contract.columns],
    }


def _column(column: FeedColumn) -> dict[str, Any]:
    """mandatory: the column must be in the file; required: none of its cells may be empty. unit: of cells below the
    first header; a file's header may name another, and the lake holds fen."""
    return {
        "name": column.name,
        "headers": [column.header, *column.synonyms],
        "type": column.kind,
        "unit": column.unit or None,
        "required": column.required,
        "mandatory": column.mandatory,
        "code_list": list(column.codes),
        "personal": column.personal,
    }


def table() -> str:
    """The feeds by department, a line each."""
    rows = [("名称", "数据", "报送部门", "报送方式", "必报", "列数", "其中必有")]
    for contract in sorted(FEEDS.values(), key=lambda c: (c.source, c.name)):
        rows.append(
            (
                contract.name,
                contract.title,
                contract.source,
                DELIVERY_KINDS[contract.delivery],
                "是" if contract.mandatory else "否",
                str(len(contract.columns)),
                str(sum(column.mandatory for column in contract.columns)),
            )
        )
    hint = "每一列的写法：fangpin template 名称（写出该数据的填报模板），或 fangpin feeds --json。"
    return "\n".join([*aligned(rows, texts=5), "", hint])
