"""The sample province on disk: every department's files of the given months, block by block, and the truth beside them.

Does not belong here: what lives in a block (block.py), what a feed holds (feeds.py), how a file looks (files.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from fangpin.errors import FangpinError, HomeError
from fangpin.month import span
from fangpin.sample import block, dirt, honest, planted, truth, villages, zhaojiaping
from fangpin.sample.draws import hashed
from fangpin.sample.feeds import FILES, feeds
from fangpin.sample.files import XLSX_SCALE, DeliveredFile, file_path
from fangpin.sample.lists import existing
from fangpin.sample.timeline import number

GENERATOR_VERSION = 3
STAMP = "sample.json"
EARLIEST, LATEST = "2021-06", "2022-12"
"""The months a sample may have: the three classes are in force, the divisions are those of 2021."""
PROVINCE_HOUSEHOLDS = 20_000_000
FIRST_MONTH_GB, NEXT_MONTH_GB = 26.0, 14.5
"""Delivered files of the whole province; the first month brings two years of income. Three months at 1/10: 5.5 GB."""
SAID_FROM_GB = 1.0
"""From this size on the size is said before anything is written."""


@dataclass(frozen=True)
class Summary:
    """What was written."""

    villages: int
    households: int
    persons: int
    rows: int
    files: int
    inbox: Path

    def __str__(self) -> str:
        return (
            f"样本省：{self.villages} 个行政村，{self.households} 户 {self.persons} 人；"
            f"{self.files} 个部门文件 {self.rows} 行，在 {self.inbox}"
        )


def write_sample(
    home_folder: Path,
    *,
    scale: Fraction | float = Fraction(1, 400),
    seed: int = 2021,
    months: Sequence[str] = ("2021-10", "2021-11", "2021-12"),
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Writes inbox/ and truth/ under the home folder; the same arguments give the same bytes.

    Does nothing when the same sample is there already; takes up again one that was cut short. Raises HomeError when the
    inbox holds other files, unless `force`, which replaces the folders of these months, and when the disk has no room;
    FangpinError for a scale outside 0..1 and months that do not follow one another or lie outside EARLIEST..LATEST.
    """
    if not 0 < scale <= 1:
        raise FangpinError(f"比例应大于 0、不大于 1（1 为全省2000万户），如 1/400；收到：{scale}")
    if not months or list(months) != span(months[0], months[-1]) or months[0] < EARLIEST or months[-1] > LATEST:
        raise FangpinError(f"样本的月份应逐月相连，在 {EARLIEST} 与 {LATEST} 之间；收到：{'、'.join(months)}")
    inbox, truth_folder = home_folder / "inbox", home_folder / "truth"
    stamp = {
        "version": GENERATOR_VERSION,
        "scale": str(Fraction(scale).limit_denominator(10**9)),
        "seed": seed,
        "months": list(months),
    }
    standing = _standing(truth_folder / STAMP)
    if standing is not None and standing["arguments"] == stamp and standing["summary"] is not None:
        return Summary(**standing["summary"], inbox=inbox)
    _require_space(home_folder, scale, months, progress)
    _make_room(inbox, truth_folder, months, force or (standing is not None and standing["summary"] is None))
    _put_stamp(truth_folder, stamp, None)
    fraction = float(scale)
    first, last = number(months[0]), number(months[-1])
    frame = prepared(seed, fraction)
    counts = {"villages": 0, "households": 0, "persons": 0, "rows": 0, "files": 0}
    with ExitStack() as open_files:
        delivery = Delivery(inbox, fraction <= XLSX_SCALE, open_files)
        known = Truth()
        for of_block in (*villages.blocks(frame), zhaojiaping.frame(seed)):
            city = str(of_block["city_name"][0])
            lived = block.live(seed, of_block, first, last)
            known.learn(lived, last)
            for month in months:
                for feed, rows in feeds(seed, lived, first, number(month)).items():
                    delivery.deliver(seed, lived, feed, month, rows, city, known)
            counts["villages"] += of_block.height
            counts["households"] += int(existing(lived.households, lived.persons, last).sum())
            counts["persons"] += int(lived.persons.present(last).sum())
            progress(f"样本省 {city}：{lived.households.count} 户 {lived.persons.count} 人")
        counts["rows"] = sum(file.rows for file in delivery.files.values())
        counts["files"] = sum(file.delivered for file in delivery.files.values())
    known.write(truth_folder)
    _put_stamp(truth_folder, stamp, counts)
    return Summary(**counts, inbox=inbox)


@dataclass
class Delivery:
    """The files being written: one for each feed and month, of the register one for each city and month."""

    inbox: Path
    as_workbook: bool
    open_files: ExitStack
    files: dict[tuple[str, str, str], DeliveredFile] = field(default_factory=dict)

    def deliver(
        self, seed: int, lived: block.Block, feed: str, month: str, rows: pl.DataFrame, city: str, known: Truth
    ) -> None:
        """Adds a block's rows to their file, with their dirt, which is noted; a quiet block has none."""
        place = city if FILES[feed].workbook == "export" else ""
        file = self._file(feed, month, place)
        if lived.quiet:
            file.add(rows)
            return
        spared = lived.numbers.gather(lived.stories.household) if feed == "household_list" else None
        spoilt = dirt.spoil(seed, lived.code, feed, number(month), rows, spared)
        first = file.add(spoilt.frame)
        known.dirty.append(dirt.noted(spoilt, feed, month, file.path.relative_to(self.inbox).as_posix(), first))

    def _file(self, feed: str, month: str, place: str) -> DeliveredFile:
        key = (feed, month, place)
        if key not in self.files:
            kind = FILES[feed]
            workbook = self.as_workbook and kind.workbook != "never"
            path = file_path(self.inbox, month, kind, workbook, place)
            path.parent.mkdir(parents=True, exist_ok=True)
            heading = f"{place}{month[:4]}年{int(month[5:])}月{kind.title}"
            self.files[key] = self.open_files.enter_context(DeliveredFile(path, kind, workbook, heading, month))
        return self.files[key]


@dataclass
class Truth:
    """What is known of the blocks so far, and the dirty rows written."""

    households: list[pl.DataFrame] = field(default_factory=list)
    confusable: list[pl.DataFrame] = field(default_factory=list)
    villages: list[pl.DataFrame] = field(default_factory=list)
    posts: list[pl.DataFrame] = field(default_factory=list)
    dirty: list[pl.DataFrame] = field(default_factory=list)

    def learn(self, lived: block.Block, last: int) -> None:
        """Notes what is planted in a block."""
        b = lived
        self.households.append(
            truth.planted_households(
                b.villages, b.households, b.persons, b.numbers, b.stories, b.welfare, b.copied, last
            )
        )
        self.confusable.append(truth.confusable_households(b.villages, b.households, b.numbers, b.stories, last))
        self.villages.append(truth.planted_villages(b.villages))
        self.posts.append(truth.ineligible_posts(b.persons, b.welfare, b.numbers))

    def write(self, folder: Path) -> None:
        """Parquet files, and the list of units without farm households as csv."""
        pl.concat(self.households).write_parquet(folder / "planted_households.parquet")
        pl.concat(self.confusable).write_parquet(folder / "confusable_households.parquet")
        pl.concat(self.villages).write_parquet(folder / "planted_villages.parquet")
        pl.concat(self.posts).write_parquet(folder / "ineligible_posts.parquet")
        pl.concat(self.dirty).write_parquet(folder / "dirty_rows.parquet")
        villages.left_out().write_csv(folder / "left_out_units.csv")


def prepared(seed: int, scale: float) -> pl.DataFrame:
    """The sample's villages with what is planted in them and the traits of their counties."""
    frame = planted.plan_villages(seed, villages.chosen_villages(seed, scale))
    counties = sorted(set(frame["county_code"]))
    cases, households = int(frame["planted_cases"].sum()), int(frame["households"].sum())
    unstable, marginal, sudden = honest.honest_shares(cases / households)
    return frame.join(
        villages.county_traits(seed, counties), on="county_code", how="left", maintain_order="left"
    ).with_columns(
        honest_unstable=pl.lit(unstable),
        honest_marginal=pl.lit(marginal),
        honest_sudden=pl.lit(sudden),
        township=pl.col("township_code").rank("dense").cast(pl.Int64) - 1,
        hamlets=1
        + (5 * pl.Series(hashed(seed, [f"hamlets|{code}" for code in frame["village_code"]]))).floor().cast(pl.Int64),
    )


def _standing(stamp_file: Path) -> dict[str, Any] | None:
    """What stands there: the arguments of a sample and its counts, None while it is not finished."""
    if not stamp_file.is_file():
        return None
    known: dict[str, Any] = json.loads(stamp_file.read_text(encoding="utf-8"))
    return known


def _put_stamp(folder: Path, stamp: dict[str, Any], counts: dict[str, int] | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"arguments": stamp, "summary": counts}, ensure_ascii=False, indent=2)
    (folder / STAMP).write_text(text, encoding="utf-8")


def gigabytes(scale: Fraction | float, months: int) -> float:
    """Roughly how large the delivered files of so many months will be, in GB of 10^9 bytes."""
    return float(scale) * (FIRST_MONTH_GB + NEXT_MONTH_GB * (months - 1))


def _require_space(
    home_folder: Path, scale: Fraction | float, months: Sequence[str], progress: Callable[[str], None]
) -> None:
    """HomeError when the files will not fit, counting what these months' old files free; a large size is said."""
    needed = gigabytes(scale, len(months))
    place = next(folder for folder in (home_folder, *home_folder.parents) if folder.is_dir())
    old = sum(p.stat().st_size for month in months for p in (home_folder / "inbox" / month).rglob("*") if p.is_file())
    free = (shutil.disk_usage(place).free + old) / 1e9
    size = f"约 {round(float(scale) * PROVINCE_HOUSEHOLDS):,} 户，{len(months)} 个月的部门文件约 {needed:.1f} GB"
    if needed > free:
        raise HomeError(
            f"磁盘空间不够：样本{size}，{home_folder} 所在磁盘只剩 {free:.1f} GB。"
            "请用更小的 --scale，或把 FANGPIN_HOME 放到更大的磁盘。"
        )
    if needed >= SAID_FROM_GB:
        progress(f"将写出{size}（磁盘剩余 {free:.1f} GB）；运行这些月份还要另外的空间。")


def _make_room(inbox: Path, truth: Path, months: Sequence[str], force: bool) -> None:
    present = sorted(p.name for p in inbox.iterdir()) if inbox.is_dir() else []
    if present and not force:
        raise HomeError(
            f"收件目录 {inbox} 里已有文件（{'、'.join(present[:3])}），不能写入样本。"
            "请换一个 FANGPIN_HOME，或清空收件目录，或用 --force 覆盖样本月份。"
        )
    for month in months:
        shutil.rmtree(inbox / month, ignore_errors=True)
    shutil.rmtree(truth, ignore_errors=True)
