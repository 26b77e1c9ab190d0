"""What a team would write into the workbooks of a pack: from what was planted in the sample, wrong now and then.

No chance in it: what is wrong is decided by hashes. Does not belong here: what follows from the answers (the tests).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from fangpin.reports.research import visit
from fangpin.research.item import COMPARE, HOUSEHOLD, LEAD, VILLAGE
from fangpin.research.items import BY_CODE

WRONG = 0.05
"""Share of leads a team misjudges."""
DIFFERENT = 0.1
"""Share of compared items where the field found something else."""
FOUND = 0.05
"""Share of households that a team judges to belong in monitoring though nothing was planted."""


@dataclass
class Written:
    """What was written: (household, item) -> the word that was ticked; villages visited, with their day."""

    ticks: dict[tuple[int, str], str] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)
    village_ticks: dict[tuple[str, str], str] = field(default_factory=dict)
    belong: set[int] = field(default_factory=set)


def share(*parts: object) -> float:
    """A number from 0 to 1 that looks like chance."""
    return int(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:8], 16) / 2**32


def fill(
    folder: Path, target: Path, households: Mapping[int, set[str]], villages: Mapping[str, set[str]], days: list[str]
) -> tuple[list[Path], Written]:
    """Fill in every workbook below `folder` and save it in `target`; the files and what they say now.

    households, villages: planted kinds by internal number and by code. Unlisted households that are at risk are judged
    to belong in monitoring, and some others.
    """
    written = Written()
    files = []
    for number, path in enumerate(sorted(folder.rglob("*.xlsx"))):
        book = openpyxl.load_workbook(path)
        if visit.KEYS not in book.sheetnames:
            continue
        keys = {row[0]: row[1] for row in book[visit.KEYS].iter_rows(max_col=2, values_only=True)}
        village, day = str(keys["village_code"]), days[number % len(days)]
        written.villages[village] = day
        for sheet in book:
            if sheet.title.startswith("户"):
                _household(sheet, int(sheet.title.removeprefix("户")), households, written)
        for row in _rows(book[visit.VILLAGE], VILLAGE):
            item = BY_CODE[str(row[0].value)]
            if item.answer == LEAD:
                true = (item.code.removeprefix("lead_") in villages.get(village, set())) != _wrong(village, item.code)
                _tick(row, "属实" if true else "不属实")
                written.village_ticks[village, item.code] = str(row[3].value)
        signed = next(c for row in book[visit.VILLAGE].iter_rows() for c in row if str(c.value).startswith(visit.DAY))
        signed.value = f"{visit.DAY}{day}"
        book.save(target / f"{number:03d}.xlsx")
        files.append(target / f"{number:03d}.xlsx")
    return files, written


def _household(sheet: Any, number: int, planted: Mapping[int, set[str]], written: Written) -> None:
    kinds = planted.get(number, set())
    for row in _rows(sheet, HOUSEHOLD):
        item = BY_CODE[str(row[0].value)]
        if item.answer == COMPARE:
            _tick(row, "不一致" if share(number, item.code) < DIFFERENT else "一致")
        elif item.answer == LEAD:
            true = (item.code.removeprefix("lead_") in kinds) != _wrong(number, item.code)
            _tick(row, "属实" if true else "不属实")
        elif item.code == "should_be_monitored":
            belongs = "unlisted_risk" in kinds or share(number, item.code) < FOUND
            row[4].value = "是" if belongs else "否"
            if belongs:
                written.belong.add(number)
            continue
        else:
            continue
        written.ticks[number, item.code] = str(row[3].value)


def _rows(sheet: Any, subject: str) -> Iterator[Any]:
    for row in sheet.iter_rows():
        if row[0].value in BY_CODE and BY_CODE[row[0].value].subject == subject:
            yield row


def _tick(row: Any, word: str) -> None:
    row[3].value = word


def _wrong(*parts: object) -> bool:
    return share("wrong", *parts) < WRONG
