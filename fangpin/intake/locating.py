"""Where in a delivered file a feed's table is: which sheet, which delimiter, which header row.

Does not belong here: which feed a file is (assets/delivery.py asks this for every feed of the source).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fangpin.errors import FileRejected
from fangpin.intake import header, reading
from fangpin.intake.contract import Contract
from fangpin.intake.header import Heading
from fangpin.intake.reading import Facts, Sheet


@dataclass(frozen=True)
class Located:
    """A sheet and the header found on it."""

    sheet: Sheet
    heading: Heading


def candidates(sheets: list[Sheet], contract: Contract) -> list[Located]:
    """Every sheet on which the contract's header is found, the best match first."""
    found = [(sheet, header.find(sheet.top, contract.columns)) for sheet in sheets]
    located = [Located(sheet, heading) for sheet, heading in found if heading is not None]
    return sorted(located, key=lambda at: (len(at.heading.missing), -len(at.heading.positions)))


def locate(path: Path, facts: Facts, contract: Contract) -> Located:
    """The one table of the feed in the file; FileRejected saying what is missing or that there are two."""
    found = candidates(reading.sheets(path, facts), contract)
    if not found or found[0].heading.missing:
        raise FileRejected(what_is_missing(found[0] if found else None, contract))
    whole = [at for at in found if not at.heading.missing and at.sheet.name is not None]
    if len(whole) > 1:
        names = "、".join(f"「{at.sheet.name}」" for at in whole)
        raise FileRejected(f"工作表 {names} 都是《{contract.title}》：请合并到一张工作表，或每张另存为一个文件。")
    return found[0]


def what_is_missing(best: Located | None, contract: Contract) -> str:
    """Why the file is not this feed: no header at all, or the mandatory columns it lacks and what comes nearest."""
    if best is None:
        return f"前{header.DEPTH}行里找不到《{contract.title}》的表头：请使用规定的列名。"
    lacking = "；".join(
        f"「{m.header}」" + (f"（文件中最接近的列名是「{m.nearest}」）" if m.nearest else "")
        for m in best.heading.missing
    )
    return f"按《{contract.title}》读取，第{best.heading.row}行表头缺少必有的列：{lacking}。请按规定列名补上。"
