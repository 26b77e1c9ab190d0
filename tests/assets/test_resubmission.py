"""What comes after a first delivery: a whole new file, corrected rows alone, the return list back, a late month."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assets import lake, ledger, return_list, return_sheet, returns
from assets.batch import take_in
from assets.delivery import scan_delivery
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected
from tests import deliveries as d

MONTH = "2021-10"
FEED = ("household_list", "person_list", "medical")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Five known persons; the medical feed has two good rows, one with a wrong amount and one with a wrong number."""
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(n)) for n in range(5)])
    deliver(
        tmp_path, row("J1", 0), row("J2", 1, 总费用="多"), row("J3", 2), ["J4", "41012219700101002X", *row("J4", 3)[2:]]
    )
    return tmp_path


def row(number: str, person: int, **cells: str) -> list[str]:
    return d.settlement(number, d.id_number(person), **cells)


def deliver(home: Path, *rows: list[str], name: str = "表.csv", month: str = MONTH) -> Path:
    return d.write_csv(home, month, "medical", [d.MEDICAL_HEADER, *rows], name)


def run(home: Path, month: str = MONTH) -> list[tuple[Any, ...]]:
    """(number, person, total in fen) of the rows in force, after the month's delivery was looked at and taken in."""
    scan_delivery(home, month, {feed: FEEDS[feed] for feed in FEED if month == MONTH or feed == "medical"})
    for feed in FEED if month == MONTH else FEED[2:]:
        take_in(home, month, FEEDS[feed])
    rows = d.in_lake(home, month, "medical").sort("settlement_no")
    return rows.select("settlement_no", "person_id", "total_cost").rows()


def fates(home: Path, month: str = MONTH) -> list[tuple[str, int, int, int]]:
    """(file, accepted, quarantined, replaced) of the files in force."""
    taken = lake.taken_in(home, FEEDS["medical"], month, month)
    return [(Path(f.path).name, f.accepted, f.quarantined, f.replaced) for f in taken]


def test_the_delivery_as_it_first_comes(home: Path) -> None:
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 100050)]
    assert fates(home) == [("表.csv", 2, 2, 0)]


def test_a_later_full_file_supersedes_the_first_though_both_lie_there(home: Path) -> None:
    run(home)
    deliver(home, row("J1", 0, 总费用="7"), row("J2", 1), name="更正后.csv")
    assert run(home) == [("J1", 1, 700), ("J2", 2, 100050)]
    assert fates(home) == [("更正后.csv", 2, 0, 0)]
    with ledger.open_ledger(home) as con:
        assert ledger.superseded(con, MONTH) == [("medical", "41", f"{MONTH}/医保局/表.csv", 1)]
    (home / "inbox" / MONTH / "医保局" / "更正后.csv").unlink()  # taken back: the first counts again
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 100050)]


def test_two_new_files_at_once_cannot_be_told_apart(home: Path) -> None:
    run(home)
    deliver(home, row("J1", 0, 总费用="7"), name="甲.csv")
    deliver(home, row("J1", 0, 总费用="8"), name="乙.csv")
    with pytest.raises(DeliveryError, match=r"有内容不同的几份文件：2021-10/医保局/乙.csv、2021-10/医保局/甲.csv"):
        run(home)


def test_corrected_rows_alone_are_merged_by_their_key(home: Path) -> None:
    """J2 was refused, J3 accepted: both are replaced; J5 is new; J1 stays."""
    run(home)
    deliver(home, row("J2", 1), row("J3", 2, 总费用="9"), row("J5", 4), name="补正/补报.csv")
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 100050), ("J3", 3, 900), ("J5", 5, 100050)]
    assert fates(home) == [("表.csv", 1, 1, 2), ("补报.csv", 3, 0, 0)]


def test_a_correction_that_is_wrong_itself_replaces_no_accepted_row(home: Path) -> None:
    run(home)
    deliver(home, row("J3", 2, 总费用="少"), name="补正/补报.csv")
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 100050)]
    assert fates(home) == [("表.csv", 2, 2, 0), ("补报.csv", 0, 1, 0)]


def test_the_last_of_two_corrections_counts(home: Path) -> None:
    run(home)
    deliver(home, row("J3", 2, 总费用="8"), name="补正/乙.csv")
    run(home)
    deliver(home, row("J3", 2, 总费用="9"), name="补正/甲.csv")
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 900)]
    assert fates(home) == [("表.csv", 1, 2, 1), ("乙.csv", 0, 0, 1), ("甲.csv", 1, 0, 0)]


def test_a_correction_of_nothing_is_refused(home: Path) -> None:
    (home / "inbox" / MONTH / "医保局" / "表.csv").unlink()
    deliver(home, row("J3", 2), name="补正/甲.csv")
    with pytest.raises(DeliveryError, match="没有它补正的原文件"):
        run(home)


def test_a_new_full_file_leaves_the_corrections_of_the_old_behind(home: Path) -> None:
    run(home)
    deliver(home, row("J3", 2, 总费用="9"), name="补正/甲.csv")
    run(home)
    deliver(home, row("J3", 2, 总费用="10"), name="新表.csv")
    assert run(home) == [("J3", 3, 1000)]


def returned(home: Path, month: str = MONTH) -> Path:
    written = return_list.write(home, month)
    assert list(written) == [f"退回问题清单_医保局_{month}.xlsx"]
    return home / "vault" / "returned" / month / next(iter(written))


def test_the_return_list_says_row_value_rule_and_remedy(home: Path) -> None:
    run(home)
    path = returned(home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["医保结算明细", "填报信息"]
    assert book["填报信息"].sheet_state == "hidden"
    _, _, _, head, *rows = book["医保结算明细"].iter_rows(values_only=True)
    cells = [dict(zip(head, cells, strict=True)) for cells in rows]
    assert [(c["原行号"], c["级别"], c["定位"]) for c in cells] == [
        ("3", "错误", "第3行「总费用」"),
        ("5", "错误", "第5行「证件号码」"),
    ]
    assert cells[0]["总费用（元）"] == "多" and cells[0]["结算单号"] == "J2"
    assert cells[0]["说明"] == "总费用：不是金额" and cells[0]["怎么改"].startswith("请只填数字")
    assert cells[1]["证件号码"] == "41012219700101002X"  # to be corrected in place


def corrected(path: Path, target: Path, **cells: str) -> None:
    """The return list with a cell of each listed row set: '原行号:列名' -> value; saved into the inbox."""
    book = openpyxl.load_workbook(path)
    sheet = book["医保结算明细"]
    head = [cell.value for cell in sheet[4]]
    for line in sheet.iter_rows(min_row=5):
        for name, value in cells.items():
            number, column = name.split(":")
            if line[0].value == number:
                line[head.index(column)].value = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def test_the_return_list_corrected_in_place_is_a_resubmission(home: Path) -> None:
    run(home)
    path = returned(home)
    inbox = home / "inbox" / MONTH / "医保局"
    corrected(path, inbox / path.name, **{"3:总费用（元）": "12.50", "5:证件号码": d.id_number(3)})
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 1250), ("J3", 3, 100050), ("J4", 4, 100050)]
    assert fates(home) == [("表.csv", 2, 0, 2), (path.name, 2, 0, 0)]
    assert return_list.write(home, MONTH) == {}
    assert not path.exists()  # nothing is left to correct


def test_what_is_corrected_in_part_comes_back_in_part(home: Path) -> None:
    run(home)
    path = returned(home)
    corrected(path, home / "inbox" / MONTH / "医保局" / path.name, **{"3:总费用（元）": "12.50"})
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 1250), ("J3", 3, 100050)]
    assert fates(home) == [("表.csv", 2, 0, 2), (path.name, 1, 1, 0)]
    again = returned(home)
    corrected(again, home / "inbox" / MONTH / "医保局" / "第二次.xlsx", **{"6:证件号码": d.id_number(3)})
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 1250), ("J3", 3, 100050), ("J4", 4, 100050)]
    assert fates(home) == [("表.csv", 2, 0, 2), (path.name, 1, 0, 1), ("第二次.xlsx", 1, 0, 0)]


def listed(path: Path) -> list[tuple[str, str, str]]:
    """(原行号, 定位, 最初的文件和行) of a return list's rows."""
    _, _, _, head, *rows = openpyxl.load_workbook(path)["医保结算明细"].iter_rows(values_only=True)
    cells = [dict(zip(head, row, strict=True)) for row in rows]
    return [(c["原行号"], c["定位"], c.get("最初的文件和行", "")) for c in cells]


def test_a_list_that_answers_a_list_names_the_file_and_row_delivered_first(home: Path) -> None:
    """Row 3 (J2) stays wrong twice, row 5 (J4) becomes a repetition of J1."""
    run(home)
    inbox = home / "inbox" / MONTH / "医保局"
    first = returned(home)
    assert [said[1:] for said in listed(first)] == [("第3行「总费用」", ""), ("第5行「证件号码」", "")]
    corrected(first, inbox / "第一次.xlsx", **{"5:证件号码": d.id_number(3), "5:结算单号": "J1"})
    run(home)
    second = returned(home)
    assert listed(second) == [
        ("5", "退回清单第5行，最初是「表.csv」第3行「总费用」", "「表.csv」第3行"),
        ("6", "退回清单第6行，最初是「表.csv」第5行", "「表.csv」第5行"),
    ]
    rows = openpyxl.load_workbook(second)["医保结算明细"].iter_rows(min_row=6, max_row=6, values_only=True)
    assert "与同批另一份文件第2行重复" in next(rows)
    corrected(second, inbox / "第二次.xlsx", **{"6:结算单号": "J4"})
    assert ("J4", 4, 100050) in run(home)
    assert listed(returned(home)) == [("5", "退回清单第5行，最初是「表.csv」第3行「总费用」", "「表.csv」第3行")]
    corrected(returned(home), inbox / "第三次.xlsx", **{"5:总费用（元）": "12.50"})
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 1250), ("J3", 3, 100050), ("J4", 4, 100050)]
    assert return_list.write(home, MONTH) == {}


def test_a_row_that_was_not_listed_is_not_replaced(home: Path) -> None:
    """Row 2 (J1) was accepted without doubt: the original row number of J2 was changed into it by mistake."""
    run(home)
    path = returned(home)
    target = home / "inbox" / MONTH / "医保局" / path.name
    for wrong in ("2", "1", "99"):
        corrected(path, target, **{"3:总费用（元）": "12.50", "3:原行号": wrong})
        with pytest.raises(FileRejected, match=f"第5行的原行号是 {wrong}，退回清单上没有这一行") as refusal:
            run(home)
        assert refusal.value.rule == "not_on_list"
    corrected(path, target, **{"3:总费用（元）": "12.50"})
    assert run(home) == [("J1", 1, 100050), ("J2", 2, 1250), ("J3", 3, 100050)]


def test_the_key_of_another_accepted_row_makes_a_corrected_row_a_duplicate(home: Path) -> None:
    run(home)
    path = returned(home)
    corrected(
        path,
        home / "inbox" / MONTH / "医保局" / path.name,
        **{"3:总费用（元）": "12.50", "3:结算单号": "J1", "5:证件号码": d.id_number(3)},
    )
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 100050), ("J4", 4, 100050)]
    assert fates(home) == [("表.csv", 2, 0, 2), (path.name, 1, 1, 0)]
    again = returned(home)
    corrected(again, home / "inbox" / MONTH / "医保局" / "第二次.xlsx", **{"5:结算单号": "J2"})
    assert ("J2", 2, 1250) in run(home)
    assert return_list.write(home, MONTH) == {}


def doubted(home: Path, *rows: list[str]) -> tuple[Path, Path]:
    """J1 and J2 of persons of 122 years, accepted with a warning in rows 2 and 3, and further rows; the return list,
    and where it goes when it is corrected."""
    old = [d.id_number(n, born="18990101") for n in (1, 2)]
    d.deliver_people(home, MONTH, [d.person(number) for number in (*old, d.id_number(3), d.id_number(4))])
    deliver(home, *(d.settlement(f"J{n}", number) for n, number in enumerate(old, start=1)), *rows)
    run(home)
    name = f"退回问题清单_医保局_{MONTH}.xlsx"
    assert name in return_list.write(home, MONTH)
    path = home / "vault" / "returned" / MONTH / name
    return path, home / "inbox" / MONTH / "医保局" / path.name


def test_a_doubted_row_stays_while_its_correction_is_a_duplicate(tmp_path: Path) -> None:
    """Row 2 is corrected to the key of row 4, which stays; row 3 as it should be."""
    path, target = doubted(tmp_path, row("J3", 3))
    corrected(path, target, **{"2:结算单号": "J3", "3:总费用（元）": "1200"})
    assert run(tmp_path) == [("J1", 1, 100050), ("J2", 2, 120000), ("J3", 3, 100050)]
    assert fates(tmp_path) == [("表.csv", 2, 0, 1), (path.name, 1, 1, 0)]


def test_of_two_corrected_rows_of_one_key_the_second_replaces_none(tmp_path: Path) -> None:
    path, target = doubted(tmp_path)
    corrected(path, target, **{"2:结算单号": "J9", "3:结算单号": "J9"})
    assert run(tmp_path) == [("J2", 2, 100050), ("J9", 1, 100050)]
    assert fates(tmp_path) == [("表.csv", 1, 0, 1), (path.name, 1, 1, 0)]


def test_a_duplicate_is_corrected_by_its_row_and_two_rows_may_change_their_keys(tmp_path: Path) -> None:
    """Row 5 repeats row 4. The numbers of rows 2 and 3 are exchanged: each is replaced by what names it."""
    path, target = doubted(tmp_path, row("J3", 3), row("J3", 4))
    corrected(path, target, **{"2:结算单号": "J2", "3:结算单号": "J1", "5:结算单号": "J4"})
    assert run(tmp_path) == [("J1", 2, 100050), ("J2", 1, 100050), ("J3", 3, 100050), ("J4", 4, 100050)]
    assert fates(tmp_path) == [("表.csv", 1, 0, 3), (path.name, 3, 0, 0)]


@pytest.mark.parametrize("renamed", [False, True])
def test_a_return_list_without_its_hidden_sheet_is_no_new_full_file(home: Path, renamed: bool) -> None:
    """Copied into a new workbook, also under the hidden sheet's own name."""
    assert {returns.ANSWERED, returns.REMEDY} <= {name for name, _ in return_sheet._LEADING}
    run(home)
    path = returned(home)
    book = openpyxl.load_workbook(path)
    del book["填报信息"]
    if renamed:
        book["医保结算明细"].title = "填报信息"
    book.save(home / "inbox" / MONTH / "医保局" / "新表.xlsx")
    with pytest.raises(DeliveryError, match=r"新表\.xlsx：是退回清单，但没有它隐藏的工作表「填报信息」"):
        run(home)
    (home / "inbox" / MONTH / "医保局" / "新表.xlsx").unlink()
    assert run(home) == [("J1", 1, 100050), ("J3", 3, 100050)]


def test_a_return_list_for_a_superseded_file_is_refused(home: Path) -> None:
    run(home)
    path = returned(home)
    deliver(home, row("J1", 0), name="新表.csv")
    run(home)
    corrected(path, home / "inbox" / MONTH / "医保局" / path.name, **{"3:总费用（元）": "12.50"})
    with pytest.raises(DeliveryError, match=r"针对的文件已经不是现行的文件（2021-10/医保局/新表.csv）"):
        run(home)


def test_a_return_list_in_another_month_or_department_is_refused(home: Path) -> None:
    run(home)
    path = returned(home)
    corrected(path, home / "inbox" / "2021-11" / "医保局" / path.name)
    corrected(path, home / "inbox" / MONTH / "民政局" / path.name)
    with pytest.raises(DeliveryError, match="是 2021-10 的退回清单，放在了 2021-11"):
        scan_delivery(home, "2021-11", {"medical": FEEDS["medical"]})
    with pytest.raises(DeliveryError, match="另一个部门的退回清单"):
        scan_delivery(home, MONTH, {"medical": FEEDS["medical"], "dibao": FEEDS["dibao"]})


def test_a_late_file_changes_what_is_new_in_the_months_after(home: Path) -> None:
    """J7 came with November first; October's late file has it too: it counts in October, no longer in November."""
    run(home)
    deliver(home, row("J7", 0), row("J8", 1), month="2021-11")
    assert [r[0] for r in run(home, "2021-11")] == ["J1", "J3", "J7", "J8"]
    assert fates(home, "2021-11") == [("表.csv", 2, 0, 0)]
    deliver(home, row("J7", 0), name="补正/迟报.csv")
    assert [r[0] for r in run(home)] == ["J1", "J3", "J7"]
    assert [r[0] for r in run(home, "2021-11")] == ["J1", "J3", "J7", "J8"]
    assert fates(home, "2021-11") == [("表.csv", 1, 1, 0)]
    (home / "inbox" / MONTH / "医保局" / "补正" / "迟报.csv").unlink()
    assert [r[0] for r in run(home)] == ["J1", "J3"]
    assert [r[0] for r in run(home, "2021-11")] == ["J1", "J3", "J7", "J8"]
    assert fates(home, "2021-11") == [("表.csv", 2, 0, 0)]


def test_files_still_arriving_are_left_alone(home: Path) -> None:
    folder = home / "inbox" / MONTH / "医保局"
    (folder / "新表.csv.part").write_bytes(b"\xff")
    (folder / "表.csv.done").touch()
    assert len(run(home)) == 2
    os.truncate(folder / "新表.csv.part", 0)
    assert len(run(home)) == 2
