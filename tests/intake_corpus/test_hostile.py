"""Hostile files are read in the limited process alone, each with the outcome of its case; then all lie in one inbox."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from assets import arrivals, ledger, return_list
from assets.batch import take_in
from assets.delivery import scan_delivery
from checks.raw import FEEDS
from fangpin.errors import DeliveryError
from tests.intake_corpus.case import HEAD, Case, people, person
from tests.intake_corpus.hostile import CASES, formulas
from tests.intake_corpus.test_corpus import Apart, judge
from tests.intake_corpus.writers import text

MONTH = "2021-10"
FEED = {"public_post": FEEDS["public_post"]}
DEPARTMENT = FEEDS["public_post"].source


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.write(path)
    with path.open("rb") as file:
        judge(case, Apart(file.fileno(), case.name))


def put(home: Path, name: str) -> Path:
    path = home / "inbox" / MONTH / DEPARTMENT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def listening(path: Path) -> None:
    """A socket in the folder; its name is bound through the folder, because a socket's path must be short."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        socket.socket(socket.AF_UNIX).bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


NO_FILES: dict[str, Callable[[Path], object]] = {
    "管道.csv": os.mkfifo,
    "设备.csv": lambda path: path.symlink_to("/dev/zero"),
    "套接字.csv": listening,
    "链接.csv": lambda path: path.symlink_to("/etc/passwd"),
    "断了的链接.csv": lambda path: path.symlink_to("nowhere"),
    "连到自己.csv": lambda path: path.symlink_to(path.name),
    "文件夹链接": lambda path: path.symlink_to("/etc"),
}
"""What may lie in an inbox and is no file: opening it must neither wait nor lead out of the folder."""


FAR_BELOW = {"only_quotes.csv"}
"""What is wrong only below the first rows is found when the rows are read."""


def test_one_look_names_every_hostile_file(tmp_path: Path) -> None:
    refused = [case for case in CASES if case.refused is not None and case.name not in FAR_BELOW]
    for case in refused:
        case.write(put(tmp_path, case.name))
    for name, make in NO_FILES.items():
        make(put(tmp_path, name))
    with pytest.raises(DeliveryError) as error:
        scan_delivery(tmp_path, MONTH, FEED)
    told = dict(line.strip().split("：", 1) for line in str(error.value).splitlines()[1:] if "缺少必报" not in line)
    assert {Path(path).name for path in told} == {*(case.name for case in refused), *NO_FILES}
    for case in refused:
        assert all(word in told[f"{MONTH}/{DEPARTMENT}/{case.name}"] for word in case.refused or ()), case.name
    assert all("不是普通文件" in told[f"{MONTH}/{DEPARTMENT}/{name}"] for name in NO_FILES)
    with ledger.open_ledger(tmp_path) as con:
        assert {path for (path,) in con.execute("select path from rejected")} == told.keys()


NAMES = [
    "名'; drop table file; --.csv",
    '名"单.csv',
    "名 单\u3000.csv",
    "-rf.csv",
    "$(id).csv",
    "%s%n.csv",
    "名\u202evsc.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_data(tmp_path: Path, name: str) -> None:
    text([HEAD, *people(3)])(put(tmp_path, name))
    (file,) = scan_delivery(tmp_path, MONTH, FEED)
    assert Path(file.path).name == name
    assert take_in(tmp_path, MONTH, FEEDS["public_post"]).total("accepted") == 3
    assert arrivals.changed(tmp_path, MONTH) == []


@pytest.mark.parametrize(
    "name", ["名\n单.csv", "名\x1b[2J单.csv", "名\x85单.csv", "名\u2028单.csv", os.fsdecode("名单.csv".encode("gbk"))]
)
def test_a_name_that_cannot_be_shown_is_refused_and_shown_without_harm(tmp_path: Path, name: str) -> None:
    text([HEAD, *people(3)])(put(tmp_path, name))
    with pytest.raises(DeliveryError, match="文件名里有") as error:
        scan_delivery(tmp_path, MONTH, FEED)
    assert len(str(error.value).splitlines()) == 3  # what is wrong, this file, and that the feed is lacking
    str(error.value).encode()
    assert len(arrivals.changed(tmp_path, MONTH)) == 1
    "".join([*arrivals.changed(tmp_path, MONTH), *arrivals.still_arriving(tmp_path, MONTH, 10**9)]).encode()
    arrivals.fingerprint(tmp_path, MONTH, None)


def test_a_member_whose_name_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    next(case for case in CASES if case.name == "line_end_in_name.zip").write(put(tmp_path, "名单.zip"))
    with pytest.raises(DeliveryError, match="压缩包里的文件名里有换行"):
        scan_delivery(tmp_path, MONTH, FEED)


def test_formulas_go_back_as_text(tmp_path: Path) -> None:
    """A formula in a refused row is a text in the return list, not a formula."""
    import openpyxl

    rows = [[*row[:5], row[6], row[6]] for row in formulas()]
    text([HEAD, *rows, person(9)])(put(tmp_path, "名单.csv"))
    scan_delivery(tmp_path, MONTH, FEED)
    assert take_in(tmp_path, MONTH, FEEDS["public_post"]).total("quarantined") == len(rows)
    (name,) = return_list.write(tmp_path, MONTH)
    sheet = openpyxl.load_workbook(tmp_path / "vault" / "returned" / MONTH / name).worksheets[0]
    cells = [cell for line in sheet.iter_rows(min_row=4) for cell in line if cell.value]
    assert {cell.value for cell in cells} >= {row[6] for row in rows}
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_cases_are_many_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 70
    assert len({case.name for case in CASES}) == len(CASES)
