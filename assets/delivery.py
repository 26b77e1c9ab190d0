"""What departments delivered for a month: every file of `inbox/<month>/<department>/` assigned to one feed and place.

All problems of a delivery are collected before it is refused. Files are only read, never moved or changed.
Does not belong here: what is in the rows (assets/batch.py).
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from assets import arrivals, reader, returns, superseding
from assets.build import calendar_value
from assets.ledger import (
    CORRECTION,
    FULL,
    Delivered,
    first_seen,
    open_ledger,
    record_delivery,
    record_rejected,
)
from assets.returns import ReturnList
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected
from fangpin.intake import cells
from fangpin.intake.locating import Located, recognise, refuse_unit_of_name
from fangpin.intake.stated import contradiction
from fangpin.masking import showable
from fangpin.places import OWN_PROVINCE, divisions_until, folded

Feeds = Mapping[str, FeedContract]
CORRECTIONS = "补正"
"""The folder below a department's for files that hold corrected rows only, not the whole delivery."""
_ABOVE = ("county", "township")
"""The levels that tell a file's city."""


def scan_delivery(home: Path, month: str, feeds: Feeds = FEEDS) -> list[Delivered]:
    """Look at the month's inbox, assign every file and write what is in force to the ledger; by feed, place, position.

    A full file that comes after another of its feed and place supersedes it; corrections stand behind the file they
    correct. Raises DeliveryError with every problem: nothing delivered, an unknown department, a file that is no feed
    of its department, two different new files for one feed and place, a mandatory feed missing.
    """
    inbox = home / "inbox"
    files = list(arrivals.files(inbox / month))
    if not files:
        state = "是空的" if (inbox / month).is_dir() else "不存在"
        raise DeliveryError(
            f"{month} 的收件目录{state}（{inbox / month}）：请先把各部门的文件放进去，每个部门一个文件夹；"
            "数据在别处时请设置 FANGPIN_HOME。"
        )
    rejected: list[tuple[str, str, str]] = []
    found: dict[tuple[str, str], list[Delivered]] = defaultdict(list)
    counties = _counties(month)
    for path in files:
        relative = path.relative_to(inbox).as_posix()
        try:
            for file in _assign(inbox, relative, month, feeds, counties):
                found[file.feed, file.place].append(file)
        except FileRejected as refusal:
            rejected.append((arrivals.as_text(relative), refusal.rule, str(refusal)))
    with open_ledger(home) as book:
        record_rejected(book, month, rejected)
        seen = first_seen(book, month)
    problems = [f"{showable(path)}：{message}" for path, _, message in rejected]
    standing: list[Delivered] = []
    for (feed, place), same in sorted(found.items()):
        known = {sha256: look for (*batch, sha256), look in seen.items() if batch == [feed, place]}
        try:
            standing += superseding.in_force(same, known)
        except DeliveryError as error:
            problems.append(f"{feeds[feed].source}《{feeds[feed].title}》{month}（地区 {place}）{error}")
    delivered_feeds = {feed for feed, _ in found}
    for feed, contract in feeds.items():
        if contract.mandatory and feed not in delivered_feeds:
            problems.append(
                f"缺少必报数据：{contract.source}《{contract.title}》。请放入 inbox/{month}/{contract.source}/。"
            )
    if problems:
        raise DeliveryError(f"{month} 的报送有 {len(problems)} 个问题：\n" + "\n".join(f"  {p}" for p in problems))
    with open_ledger(home) as book:
        return record_delivery(book, month, standing)


def _assign(inbox: Path, relative: str, month: str, feeds: Feeds, counties: pl.DataFrame) -> Iterator[Delivered]:
    """What a file delivers: one feed for a place; of a zip, what each of its members does; of a return list, what each
    of its worksheets does."""
    _refuse_no_text("文件名", relative)
    _, source, *below = PurePosixPath(relative).parts
    own = [contract for contract in feeds.values() if contract.source == source]
    if not below or not own:
        raise FileRejected(
            "不在任何报送部门的文件夹里：请放到 inbox/<月份>/<部门>/ 下，部门用规定的名称。", "unknown_department"
        )
    read = reader.sandbox()
    with reader.delivered(inbox, relative) as file:
        modified_ns = os.fstat(file).st_mtime_ns
        members: list[str | None] = [None]
        if PurePosixPath(relative).suffix.lower() == ".zip":
            members = [*read.members(file)]
        for member in members:
            _refuse_no_text("压缩包里的文件名", member or "")
            facts = read.survey(file, below[-1], member)
            sheets = read.sheets(file, facts, member)
            about = {
                **vars(facts),
                "month": month,
                "attempt": 0,
                "position": 0,
                "path": relative,
                "member": member,
                "source": source,
                "modified_ns": modified_ns,
            }
            if (returned := returns.recognise(sheets)) is not None:
                yield from _corrections(returned, own, month, about)
                continue
            contract, at = recognise(sheets, own)
            refuse_unit_of_name(at, [below[-1], *([member] if member else [])])
            _refuse_another_month(month, member or below[-1], None if member is None else below[-1], at)
            yield Delivered(
                feed=contract.name,
                place=_place(contract, at, counties),
                role=CORRECTION if CORRECTIONS in below[:-1] else FULL,
                answers=None,
                sheet=None,
                **about,
            )


def _refuse_no_text(what: str, name: str) -> None:
    """FileRejected when a name cannot be told in a line of text."""
    if arrivals.as_text(name) != name:
        raise FileRejected(f"{what}里有换行、控制字符或不是 UTF-8 的字符：请改名后重新报送。", "name_is_no_text")


def _refuse_another_month(month: str, name: str, archive: str | None, at: Located) -> None:
    """FileRejected when the file, or the zip it came in, says that it is of another month than its folder."""
    titles = [title for _, heading in at.tables for title in heading.above]
    if said := contradiction(month, PurePosixPath(name).name, titles, calendar_value("publish_by_day"), archive):
        raise FileRejected(said, "wrong_month")


def _corrections(
    returned: ReturnList, own: Sequence[FeedContract], month: str, about: Mapping[str, Any]
) -> Iterator[Delivered]:
    """What a return list that came back corrects, one file a worksheet."""
    if returned.month != month:
        raise FileRejected(
            f"是 {returned.month} 的退回清单，放在了 {month}：请放回 inbox/{returned.month}/ 下。",
            "wrong_month",
        )
    known = {contract.name for contract in own}
    for answer in returned.sheets:
        if answer.feed not in known:
            raise FileRejected("是另一个部门的退回清单：请放到它自己部门的文件夹里。", "wrong_department")
        yield Delivered(
            feed=answer.feed,
            place=answer.place,
            role=CORRECTION,
            answers=answer.answers,
            sheet=answer.sheet,
            **about,
        )


def _counties(month: str) -> pl.DataFrame:
    """(county, township, city_code), names folded, of the month's divisions and older ones."""
    names = divisions_until(month).select("city_code", county="county_name", township="township_name").unique()
    return folded(names).unique()


def _place(contract: FeedContract, at: Located, counties: pl.DataFrame) -> str:
    """The province, or the city that most of the first rows lie in, read from their county and township."""
    if contract.place_level == "province":
        return OWN_PROVINCE
    first_rows = [
        [cells.tidy(row[heading.positions[name]]) for name in _ABOVE]
        for sheet, heading in at.tables
        for row in sheet.top[heading.row :]
        if len(row) > max(heading.positions[name] for name in _ABOVE)
    ]
    schema = {"county": pl.String, "township": pl.String}
    named = folded(pl.DataFrame(first_rows, schema, orient="row"))
    if named.is_empty():
        raise FileRejected(f"没有数据行，看不出属于哪个市：没有《{contract.title}》可报的市不放这份文件。")
    cities = Counter(named.join(counties, on=_ABOVE)["city_code"].to_list()).most_common(2)
    if not cities or (len(cities) == 2 and cities[0][1] == cities[1][1]):
        raise FileRejected(f"前几行的县、乡名称看不出属于哪个市：《{contract.title}》应每市一份，请按区划全称填写。")
    return str(cities[0][0])
