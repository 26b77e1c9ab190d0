"""What a department's folder holds: every file assigned to one feed and place, every problem told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets import ledger
from assets.arrivals import changed
from assets.delivery import scan_delivery
from checks.raw import FEEDS
from fangpin.errors import DeliveryError
from tests import deliveries as d

MONTH = "2021-10"
PEOPLE = {feed: FEEDS[feed] for feed in ("household_list", "person_list")}


def problems(home: Path, *feeds: str) -> list[str]:
    with pytest.raises(DeliveryError) as refused:
        scan_delivery(home, MONTH, {feed: FEEDS[feed] for feed in feeds})
    return str(refused.value).splitlines()[1:]


def test_an_empty_inbox(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / MONTH
    with pytest.raises(DeliveryError, match=f"收件目录不存在（{folder}）"):
        scan_delivery(tmp_path, MONTH)
    (folder / "医保局").mkdir(parents=True)
    with pytest.raises(DeliveryError, match=f"收件目录是空的（{folder}）"):
        scan_delivery(tmp_path, MONTH)


def test_files_are_known_by_their_headers_not_their_names(tmp_path: Path) -> None:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(1))])
    folder = tmp_path / "inbox" / MONTH / "乡村振兴局"
    (folder / "户.csv").rename(folder / "随便什么.csv")
    (folder / ".隐藏.csv").write_text("x")
    (folder / "~$人.csv").write_text("x")
    found = scan_delivery(tmp_path, MONTH, PEOPLE)
    assert [(f.feed, f.place, Path(f.path).name) for f in found] == [
        ("household_list", "41", "随便什么.csv"),
        ("person_list", "41", "人.csv"),
    ]


def test_all_problems_at_once(tmp_path: Path) -> None:
    d.deliver_people(tmp_path, MONTH)
    d.write_csv(tmp_path, MONTH, "person_list", [d.PERSON_HEADER, d.person(d.id_number(1))], "人2.csv")
    d.write_csv(tmp_path, MONTH, "medical", [["结算单", *d.MEDICAL_HEADER[1:]]], "医保.csv")
    (tmp_path / "inbox" / MONTH / "民政局").mkdir()
    (tmp_path / "inbox" / MONTH / "民政局" / "低保.xls").write_bytes(b"x")
    (tmp_path / "inbox" / MONTH / "气象局").mkdir()
    (tmp_path / "inbox" / MONTH / "气象局" / "雨量.csv").write_text("日期,雨量\n")
    (tmp_path / "inbox" / MONTH / "乡村振兴局" / "链接.csv").symlink_to("/etc/passwd")
    told = problems(tmp_path, "household_list", "person_list", "medical", "dibao")
    assert len(told) == 7
    text = "\n".join(told)
    assert (
        "医保.csv：按《医保结算明细》读取，第1行表头缺少必有的列：「结算单号」（文件中最接近的列名是「结算单」）"
        in text
    )
    assert "低保.xls：扩展名是 .xls，内容却是文本（csv）" in text
    assert "雨量.csv：不在任何报送部门的文件夹里" in text
    assert "链接.csv：不是普通文件" in text
    assert "有内容不同的几份文件：2021-10/乡村振兴局/人.csv、2021-10/乡村振兴局/人2.csv" in text
    assert "缺少必报数据：医保局《医保结算明细》" in text
    assert "缺少必报数据：民政局《农村低保对象名单》" in text


def test_the_same_bytes_twice_are_one_file(tmp_path: Path) -> None:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(1))])
    d.write_csv(tmp_path, MONTH, "person_list", [d.PERSON_HEADER, d.person(d.id_number(1))], "人（副本）.csv")
    assert len(scan_delivery(tmp_path, MONTH, PEOPLE)) == 2


def test_the_register_is_one_file_a_city(tmp_path: Path) -> None:
    zhengzhou = d.registered(d.HOUSEHOLDS[0], d.id_number(1))
    luliang = d.registered("1411230001", d.id_number(2), 县="兴县", 乡="赵家坪乡", 村="赵家坪村")
    dirty = d.registered(d.HOUSEHOLDS[0], d.id_number(3), 乡="不存在的乡")
    d.write_xlsx(tmp_path, MONTH, "register", [["标题"], [""], d.REGISTER_HEADER, dirty, zhengzhou], "甲.xlsx")
    d.write_xlsx(tmp_path, MONTH, "register", [["标题"], [""], d.REGISTER_HEADER, luliang], "乙.xlsx")
    found = scan_delivery(tmp_path, MONTH, {"register": FEEDS["register"]})
    assert {(f.place, Path(f.path).name) for f in found} == {("4101", "甲.xlsx"), ("1411", "乙.xlsx")}
    d.write_xlsx(tmp_path, MONTH, "register", [d.REGISTER_HEADER, luliang, luliang], "丙.xlsx")
    d.write_xlsx(tmp_path, MONTH, "register", [d.REGISTER_HEADER, luliang, luliang, luliang], "丁.xlsx")
    assert any("（地区 1411）有内容不同的几份文件" in line for line in problems(tmp_path, "register"))


def test_a_register_without_a_known_place(tmp_path: Path) -> None:
    row = d.registered(d.HOUSEHOLDS[0], d.id_number(1), 县="桃花县")
    d.write_xlsx(tmp_path, MONTH, "register", [d.REGISTER_HEADER, row])
    assert any("看不出属于哪个市" in line for line in problems(tmp_path, "register"))


def test_a_register_without_a_row(tmp_path: Path) -> None:
    d.write_xlsx(tmp_path, MONTH, "register", [d.REGISTER_HEADER])
    assert any("没有数据行，看不出属于哪个市" in line for line in problems(tmp_path, "register"))


def test_a_second_delivery_is_a_second_attempt_and_a_file_gone_is_withdrawn(tmp_path: Path) -> None:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(1))])
    optional = {"household_list": FEEDS["household_list"]}

    def standing() -> list[tuple[str, int]]:
        with ledger.open_ledger(tmp_path) as con:
            return [(f.feed, f.attempt) for feed in PEOPLE for f in ledger.delivered(con, feed, MONTH, MONTH)]

    scan_delivery(tmp_path, MONTH, PEOPLE)
    scan_delivery(tmp_path, MONTH, PEOPLE)
    assert standing() == [("household_list", 1), ("person_list", 1)]
    path = d.write_csv(tmp_path, MONTH, "person_list", [d.PERSON_HEADER, d.person(d.id_number(2))], "人.csv")
    scan_delivery(tmp_path, MONTH, PEOPLE)
    assert standing() == [("household_list", 1), ("person_list", 2)]
    path.unlink()
    scan_delivery(tmp_path, MONTH, optional)
    assert standing() == [("household_list", 1)]
    d.write_csv(tmp_path, MONTH, "person_list", [d.PERSON_HEADER, d.person(d.id_number(2))], "人.csv")
    scan_delivery(tmp_path, MONTH, PEOPLE)
    assert standing() == [("household_list", 1), ("person_list", 3)]


def test_a_name_with_a_number_is_masked_where_it_is_told_and_kept_where_the_file_is_found(tmp_path: Path) -> None:
    number = d.id_number(1)
    d.deliver_people(tmp_path, MONTH, [d.person(number)])
    folder = tmp_path / "inbox" / MONTH / "乡村振兴局"
    named = f"{number}人\u202e.csv"
    (folder / "人.csv").rename(folder / named)
    found = {file.feed: file for file in scan_delivery(tmp_path, MONTH, PEOPLE)}
    masked = f"{number[:6]}********{number[-4:]}"
    assert found["person_list"].path == f"{MONTH}/乡村振兴局/{named}"
    assert found["person_list"].named == f"{MONTH}/乡村振兴局/{masked}人□.csv"
    assert d.take_in_all(tmp_path, MONTH, "household_list", "person_list")["person_list"].total("accepted") == 1
    (folder / named).unlink()
    (folder / f"{number}.xls").write_bytes(b"x")
    assert changed(tmp_path, MONTH) == [f"{MONTH}/乡村振兴局/{masked}.xls", f"{MONTH}/乡村振兴局/{masked}人□.csv"]
    told = problems(tmp_path, "household_list")
    assert [line.split("：")[0].strip() for line in told] == [f"{MONTH}/乡村振兴局/{masked}.xls"]
