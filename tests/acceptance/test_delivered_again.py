"""Three months are published, then November gets a corrected return list, rows in part, and a whole file again.

December's next run builds November again first, through Dagster, and both say what changed.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipelines.published import open_published
from tests.conftest import MONTHS, fangpin, home_of, versions

OCTOBER, NOVEMBER, DECEMBER = MONTHS
WATER, PAYROLL, SCHOOL = ("水利局", "饮水安全监测信息"), ("财政局", "财政供养人员名单"), ("教育局", "在校生学籍信息")
BROKEN = "水质是否达标"


@dataclass(frozen=True)
class Again:
    """The province before, the copy of it that was delivered again, how many rows were corrected, what the run said."""

    before: Path
    home: Path
    corrected: int
    said: str

    def quality(self, home: Path, feed: str, month: str = NOVEMBER) -> dict[str, int]:
        with open_published(month, home) as con:
            found = con.sql(
                "select files, accepted, quarantined, replaced from mart.feed_quality where feed = $feed",
                params={"feed": feed},
            ).pl()
        return found.row(0, named=True)


@pytest.fixture(scope="module")
def again(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Again:
    home = home_of(province, tmp_path_factory.mktemp("again"))
    for folder in ("lake", "published"):
        shutil.copytree(province / folder, home / folder, copy_function=os.link)
    for folder in ("vault", "ledger", "warehouse"):
        shutil.copytree(province / folder, home / folder)
    inbox = home / "inbox" / NOVEMBER
    corrected = correct(
        next((home / "vault" / "returned" / NOVEMBER).glob(f"*_{WATER[0]}_*.xlsx")), inbox / WATER[0] / "改好了.xlsx"
    )
    lines = next((inbox / PAYROLL[0]).glob("*.csv")).read_bytes().splitlines(keepends=True)
    (inbox / PAYROLL[0] / "重报.csv").write_bytes(b"".join(lines[:-1]))
    school = next((inbox / SCHOOL[0]).glob("*.csv")).read_bytes().splitlines(keepends=True)
    (inbox / SCHOOL[0] / "补正").mkdir()
    (inbox / SCHOOL[0] / "补正" / "补报.csv").write_bytes(b"".join([school[0], school[-1]]))
    done = fangpin(home, "run", "--month", DECEMBER)
    return Again(province, home, corrected, done.stderr)


def correct(returned: Path, target: Path) -> int:
    """Set every cell the list calls unreadable in one column; how many."""
    book = openpyxl.load_workbook(returned)
    sheet = book[WATER[1]]
    head = [cell.value for cell in sheet[4]]
    rows = [row for row in sheet.iter_rows(min_row=5) if f"「{BROKEN}」" in str(row[head.index("定位")].value)]
    for row in rows:
        row[head.index(BROKEN)].value = "是"
    others = [row[0].row for row in sheet.iter_rows(min_row=5) if row not in rows]
    for number in sorted((n for n in others if n is not None), reverse=True):
        sheet.delete_rows(number)  # what is not corrected need not be sent back
    book.save(target)
    return len(rows)


def test_the_month_that_got_files_is_built_again_before_the_one_asked_for(again: Again) -> None:
    assert f"{NOVEMBER} 须重算：发布之后有文件新到" in again.said
    assert again.said.count("发布了新版本，现行版本为 v002。") == 2
    assert versions(again.before) == dict.fromkeys(MONTHS, "v001")
    assert versions(again.home) == {OCTOBER: "v001", NOVEMBER: "v002", DECEMBER: "v002"}


def test_the_corrected_return_list_is_merged(again: Again) -> None:
    before, after = again.quality(again.before, "water"), again.quality(again.home, "water")
    assert again.corrected > 10
    assert after["accepted"] == before["accepted"] + again.corrected
    assert after["quarantined"] == before["quarantined"] - again.corrected
    assert (after["replaced"], after["files"]) == (again.corrected, 2)


def test_the_whole_file_sent_again_supersedes_the_first(again: Again) -> None:
    before, after = again.quality(again.before, "payroll"), again.quality(again.home, "payroll")
    assert (after["files"], after["replaced"]) == (1, 0)
    assert after["accepted"] + after["quarantined"] == before["accepted"] + before["quarantined"] - 1


def test_the_rows_sent_in_part_replace_their_likes_only(again: Again) -> None:
    before, after = again.quality(again.before, "education"), again.quality(again.home, "education")
    assert (after["files"], after["replaced"]) == (2, 1)
    assert after["accepted"] == before["accepted"]


def test_what_was_corrected_reaches_the_households(again: Again) -> None:
    """The water of their households was unknown in November, and is known now."""
    known = []
    for home in (again.before, again.home):
        with open_published(NOVEMBER, home) as con:
            known.append(con.sql("select count(*) from core.household_month where water_gap is not null").fetchall())
    assert known[1][0][0] - known[0][0][0] == again.corrected


def test_the_corrected_rows_are_on_no_list_any_more(again: Again) -> None:
    path = next((again.home / "vault" / "returned" / NOVEMBER).glob(f"*_{WATER[0]}_*.xlsx"))
    listed = pl.DataFrame(
        list(openpyxl.load_workbook(path)[WATER[1]].iter_rows(min_row=5, values_only=True)), orient="row"
    )
    assert not listed["column_2"].str.contains(BROKEN).any()


def test_nothing_is_left_to_run(again: Again) -> None:
    said = fangpin(again.home, "status").stdout
    assert "须重算" not in said
    assert "请按顺序运行" not in said
