"""The province's corrections on a whole batch: what reaches the lake, what is told, when an entry stops its feed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets import corrections, lake, ledger, return_list
from assets.batch import take_in
from assets.delivery import scan_delivery
from assets.ledger import TakenIn
from assets.mart.feed_quality import quality
from checks.raw import FEEDS
from fangpin.errors import PolicyError
from pipelines.explain import _rows_of
from tests import deliveries as d

MONTH = "2021-10"
FEED = ("household_list", "person_list", "medical")
SIGNED = "reason: 票据复核, who: 省监测处, date: 2021-11-05"
OVERRIDE = (
    '{id: M1, month: 2021-10, where: {settlement_no: "J2"}, override: {self_paid: "300"},'
    ' expect: {self_paid: "400.50"}, %s}'
)
DROP = '{id: M2, month: 2021-10, where: {settlement_no: "J3"}, drop: true, expect: {visit_type: "住院"}, %s}'
FLAG = '{id: M3, month: 2021-10, where: {settlement_no: "J1"}, flag: 金额待核, expect: {total_cost: "1000.5"}, %s}'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five known persons and three settlements of 1000.50, of which 400.50 is self-paid."""
    home = tmp_path / "home"
    monkeypatch.setattr(corrections, "FOLDER", tmp_path / "corrections")
    d.deliver_people(home, MONTH, [d.person(d.id_number(n)) for n in range(5)])
    deliver(home, row("J1", 0), row("J2", 1), row("J3", 2))
    return home


def row(number: str, person: int, **cells: str) -> list[str]:
    return d.settlement(number, d.id_number(person), **cells)


def deliver(home: Path, *rows: list[str], name: str = "表.csv", month: str = MONTH) -> Path:
    return d.write_csv(home, month, "medical", [d.MEDICAL_HEADER, *rows], name)


def correct(home: Path, *entries: str) -> None:
    folder = home.parent / "corrections"
    folder.mkdir(exist_ok=True)
    lines = [f"- {entry % SIGNED if '%s' in entry else entry}\n" for entry in entries]
    (folder / "medical.yaml").write_text("".join(lines), encoding="utf-8")


def run(home: Path, month: str = MONTH) -> list[tuple[Any, ...]]:
    """(number, self-paid in fen) of the rows in force, after the month's delivery was looked at and taken in."""
    feeds = FEED if month == MONTH else FEED[2:]
    scan_delivery(home, month, {feed: FEEDS[feed] for feed in feeds})
    for feed in feeds:
        take_in(home, month, FEEDS[feed])
    return d.in_lake(home, month, "medical").sort("settlement_no").select("settlement_no", "self_paid").rows()


def taken(home: Path, month: str = MONTH) -> TakenIn:
    return lake.taken_in(home, FEEDS["medical"], month, month)[0]


def refusal(home: Path, month: str = MONTH) -> list[str]:
    with pytest.raises(PolicyError) as stopped:
        run(home, month)
    return str(stopped.value).splitlines()


def test_a_row_is_overridden_one_dropped_one_flagged_and_every_row_accounted_for(home: Path) -> None:
    correct(home, OVERRIDE, DROP, FLAG)
    assert run(home) == [("J1", 40050), ("J2", 30000)]
    file = taken(home)
    assert (file.rows_in_file, file.header_rows, file.accepted, file.quarantined) == (4, 1, 2, 1)
    with ledger.open_ledger(home) as con:
        assert ledger.reasons(con, file) == [
            (
                *(2, "", "flagged_by_province", "警告"),
                "省级提示：金额待核。票据复核（省监测处，2021-11-05，更正 M3）；请核实",
            ),
            (
                *(3, "合规自付费用", "overridden_by_province", "警告"),
                "省级更正：已按更正后的内容计入。合规自付费用：400.50 → 300.00。"
                "票据复核（省监测处，2021-11-05，更正 M1）；请在来源系统中改正",
            ),
            (
                *(4, "", "dropped_by_province", "错误"),
                "省级更正：该行不计入：票据复核（省监测处，2021-11-05，更正 M2）；无需重报",
            ),
        ]


def test_the_delivered_cells_are_kept_and_the_return_list_leaves_dropped_rows_out(home: Path) -> None:
    correct(home, OVERRIDE, DROP)
    run(home)
    kept = dict(d.in_vault(home, "select row, raw from vault.quarantine"))
    assert sorted(kept) == [3, 4]
    assert '"合规自付费用": "400.50"' in kept[3]
    assert return_list.write(home, MONTH) == {f"退回问题清单_医保局_{MONTH}.xlsx": 1}
    told = quality(home, MONTH).filter(pl.col("feed") == "medical")
    assert told["reasons"].to_list() == ["省级更正：该行不计入1行"]


def test_an_entry_of_another_month_changes_nothing(home: Path) -> None:
    run(home)
    before = taken(home).lake_path
    correct(home, OVERRIDE.replace("2021-10,", "2021-11,"))
    assert run(home) == [("J1", 40050), ("J2", 40050), ("J3", 40050)]
    assert taken(home).lake_path == before


def test_a_changed_file_of_corrections_takes_the_month_in_again(home: Path) -> None:
    run(home)
    first = taken(home).lake_path
    correct(home, OVERRIDE)
    assert run(home)[1] == ("J2", 30000)
    correct(home, OVERRIDE.replace('"300"', '"200.5"'))
    assert run(home)[1] == ("J2", 20050)
    correct(home)
    assert run(home)[1] == ("J2", 40050)
    assert taken(home).lake_path == first


def test_a_corrected_source_stops_the_feed_and_stores_nothing(home: Path) -> None:
    correct(home, OVERRIDE)
    deliver(home, row("J1", 0), row("J2", 1, 合规自付费用="300"))
    assert refusal(home) == [
        "省级更正与报送的数据对不上，《医保结算明细》2021-10 没有入库：",
        "policy/corrections/medical.yaml 更正 M1，医保结算明细 2021-10：2021-10/医保局/表.csv 第3行："
        "「合规自付费用」现为“300.00”，更正时是“400.50”。来源已更正，请删除这条更正。",
    ]
    with ledger.open_ledger(home) as con:
        assert con.execute("select count(*) from file where feed = 'medical'").fetchone() == (0,)
    correct(home)
    assert run(home) == [("J1", 40050), ("J2", 30000)]


def test_all_entries_that_do_not_fit_are_told_at_once(home: Path) -> None:
    correct(
        home,
        OVERRIDE.replace('"J2"', '"J9"'),
        DROP.replace('settlement_no: "J3"', 'visit_type: "住院"'),
        FLAG.replace('"1000.5"', '"5"'),
    )
    told = refusal(home)[1:]
    assert len(told) == 3
    assert told[0].startswith("policy/corrections/medical.yaml 更正 M3，")
    assert "更正 M1：《医保结算明细》2021-10 接收的行里没有它说的那一行" in told[1]
    assert "更正 M2：说的不止一行（医保结算明细 2021-10：2021-10/医保局/表.csv 第2行；" in told[2]
    assert told[2].endswith("确实都要更正时加上 every: true。")


def test_every_row_may_be_meant(home: Path) -> None:
    all_of_them = DROP.replace('settlement_no: "J3"', 'visit_type: "住院"')
    correct(home, all_of_them.replace("drop: true", "drop: true, every: true"))
    assert run(home) == []
    assert (taken(home).accepted, taken(home).quarantined) == (0, 3)


def test_a_row_told_by_its_file_is_gone_with_the_file(home: Path) -> None:
    """Of two rows with the same number the first is wrong: dropped, it is not the duplicate that counts."""
    deliver(home, row("J1", 0, 合规自付费用="1"), row("J1", 0))
    run(home)
    assert d.rules(home, MONTH, "medical") == {3: {"duplicate_key"}}
    sha16 = taken(home).sha256[:16]
    told = f'file: "{sha16}", row: 2'
    correct(home, f'{{id: M4, month: 2021-10, {told}, drop: true, expect: {{self_paid: "1"}}, {SIGNED}}}')
    assert run(home) == [("J1", 40050)]
    assert (taken(home).accepted, taken(home).quarantined) == (1, 1)
    deliver(home, row("J1", 0), name="新表.csv")
    assert "更正 M4：《医保结算明细》2021-10 接收的行里没有它说的那一行" in refusal(home)[1]


def test_what_the_department_corrected_itself_needs_no_entry(home: Path) -> None:
    correct(home, OVERRIDE)
    run(home)
    deliver(home, row("J2", 1, 合规自付费用="310"), name="补正/补报.csv")
    assert refusal(home)[1:] == [
        "policy/corrections/medical.yaml 更正 M1，医保结算明细 2021-10（补正）：2021-10/医保局/补正/补报.csv 第2行："
        "「合规自付费用」现为“310.00”，更正时是“400.50”。来源已更正，请删除这条更正。"
    ]
    correct(home)
    assert run(home) == [("J1", 40050), ("J2", 31000), ("J3", 40050)]


def test_a_row_dropped_from_october_may_come_in_november(home: Path) -> None:
    """An increment is new against the months before as they count now."""
    run(home)
    deliver(home, row("J3", 2), month="2021-11")
    assert run(home, "2021-11") == [("J1", 40050), ("J2", 40050), ("J3", 40050)]
    assert taken(home, "2021-11").accepted == 0
    correct(home, DROP)
    assert run(home, "2021-11") == [("J1", 40050), ("J2", 40050), ("J3", 40050)]
    assert (taken(home).accepted, taken(home, "2021-11").accepted) == (2, 1)


def test_a_month_without_a_file_has_nothing_to_correct(home: Path) -> None:
    correct(home, OVERRIDE)
    (home / "inbox" / MONTH / "医保局" / "表.csv").unlink()
    scan_delivery(home, MONTH, {feed: FEEDS[feed] for feed in FEED[:2]})
    assert take_in(home, MONTH, FEEDS["medical"]).files == ()


def test_explain_shows_the_cell_as_delivered_and_what_was_made_of_it(home: Path) -> None:
    correct(home, OVERRIDE)
    run(home)
    told = list(_rows_of(home, MONTH, FEEDS["medical"], 1, [2]))
    assert "合规自付费用＝400.50" in told[1]
    assert told[2] == (
        "        省级更正：已按更正后的内容计入。合规自付费用：400.50 → 300.00。"
        "票据复核（省监测处，2021-11-05，更正 M1）"
    )
    assert len(told) == 3
