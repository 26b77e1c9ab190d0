"""A case of the corpus: a file, and what intake must make of it; and the rows most files are made of.

Does not belong here: how files are written (writers.py), the cases themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.deliveries import id_number
from tests.intake_corpus.writers import Write

HEAD = ["姓名", "证件号码", "岗位类型", "设岗层级", "上岗月份", "月补贴", "岗位职责"]
"""The headers of the feed `public_post`, whose rows need nothing from other files."""
TITLE = "2021年10月公益性岗位台账"


@dataclass(frozen=True)
class Case:
    """A file called `name`, and what becomes of its rows, in the words of the ledger.

    refused: all of these words are in the message with which the file is refused; None when it is read.
    quarantined: rule -> rows that break it; warned: the same of warnings. hidden: no message and no value that is told
    holds any of these. sheets, header: where the table was found ('第3行'). others: worksheets
    that are not of the feed. unknown: headers the contract does not know. values: column -> typed values of the
    accepted rows. members: of a zip; the rows are those of the first.
    """

    name: str
    write: Write
    refused: Sequence[str] | None = None
    accepted: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    warned: Mapping[str, int] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    titles: int = 1
    blank: int = 0
    totals: int = 0
    encoding: str | None = None
    sheets: Sequence[str] = ()
    header: str = "第1行"
    others: Sequence[str] = ()
    unknown: Sequence[str] = ()
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    members: Sequence[str] = ()
    feed: str = "public_post"


def person(n: int, pay: Any = "800", month: Any = "202106", duties: str = "") -> list[Any]:
    """A right row for HEAD."""
    return [f"测试{'甲乙丙丁戊己庚辛'[n % 8]}", id_number(n), "护林员", "乡镇", month, pay, duties]


def people(count: int, first: int = 1) -> list[list[Any]]:
    return [person(n) for n in range(first, first + count)]


FEN = {"monthly_pay": [80_000, 80_000, 80_000]}
"""What three of `people` are paid."""
