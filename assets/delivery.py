"""What departments delivered for a month: every file of `inbox/<month>/<department>/` assigned to one feed and place.

All problems of a delivery are collected before it is refused. Files are only read, never moved or changed.
Does not belong here: what is in the rows (assets/batch.py).
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from assets import reader
from assets.ledger import Delivered, open_ledger, record_delivery
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected
from fangpin.intake import cells
from fangpin.intake.blocks import KINDS, Facts
from fangpin.intake.locating import Located, recognise
from fangpin.places import OWN_PROVINCE, divisions_until, folded

Feeds = Mapping[str, FeedContract]
_ABOVE = ("county", "township")
"""The levels that tell a file's city."""


def scan_delivery(home: Path, month: str, feeds: Feeds = FEEDS) -> list[Delivered]:
    """Look at the month's inbox, assign every file and write the result to the ledger; sorted by feed and place.

    Raises DeliveryError with every problem: nothing delivered, an unknown department, a file that is no feed of its
    department, two different files for one feed and place, a mandatory feed missing.
    """
    inbox = home / "inbox"
    files = list(_files(inbox / month))
    if not files:
        state = "是空的" if (inbox / month).is_dir() else "不存在"
        raise DeliveryError(
            f"{month} 的收件目录{state}（{inbox / month}）：请先把各部门的文件放进去，每个部门一个文件夹；"
            "数据在别处时请设置 FANGPIN_HOME。"
        )
    problems: list[str] = []
    found: dict[tuple[str, str], list[Delivered]] = defaultdict(list)
    counties = _counties(month)
    for path in files:
        try:
            file = _assign(inbox, path, month, feeds, counties)
        except FileRejected as rejected:
            problems.append(f"{path.relative_to(inbox).as_posix()}：{rejected}")
        else:
            found[file.feed, file.place].append(file)
    for (feed, place), same in sorted(found.items()):
        if len({file.sha256 for file in same}) > 1:
            names = "、".join(file.path for file in same)
            problems.append(
                f"{feeds[feed].source}《{feeds[feed].title}》{month}（地区 {place}）有内容不同的几份文件：{names}。"
                "请只保留正确的一份。"
            )
    delivered_feeds = {feed for feed, _ in found}
    for feed, contract in feeds.items():
        if contract.mandatory and feed not in delivered_feeds:
            problems.append(
                f"缺少必报数据：{contract.source}《{contract.title}》。请放入 inbox/{month}/{contract.source}/。"
            )
    if problems:
        raise DeliveryError(f"{month} 的报送有 {len(problems)} 个问题：\n" + "\n".join(f"  {p}" for p in problems))
    delivery = [same[0] for _, same in sorted(found.items())]
    with open_ledger(home) as ledger:
        record_delivery(ledger, month, delivery)
    return delivery


def _files(folder: Path) -> Iterator[Path]:
    """Delivered files in a fixed order; hidden files and the lock files of office programs are none."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if not hidden and (path.is_symlink() or not path.is_dir()):
            yield path


def _assign(inbox: Path, path: Path, month: str, feeds: Feeds, counties: pl.DataFrame) -> Delivered:
    source = path.relative_to(inbox / month).parts[0]
    own = [contract for contract in feeds.values() if contract.source == source]
    if path.parent == inbox / month or not own:
        raise FileRejected("不在任何报送部门的文件夹里：请放到 inbox/<月份>/<部门>/ 下，部门用规定的名称。")
    relative = path.relative_to(inbox).as_posix()
    with reader.delivered(inbox, relative) as file:
        facts = reader.sandbox().survey(file, path.name)
        contract, at = recognise(reader.sandbox().sheets(file, facts), own)
        modified_ns = os.fstat(file).st_mtime_ns
    return Delivered(
        feed=contract.name,
        month=month,
        place=_place(contract, at, counties),
        attempt=0,
        sha256=facts.sha256,
        path=relative,
        source=source,
        size=facts.size,
        modified_ns=modified_ns,
        encoding=facts.encoding,
        lines=facts.lines,
        quoted=facts.quoted,
    )


def facts(file: Delivered) -> Facts:
    """What the ledger remembers of the file's bytes."""
    kind = KINDS[Path(file.path).suffix.lower()]
    return Facts(file.sha256, file.size, kind, file.encoding, file.lines, file.quoted)


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
