"""A batch from delivered file to lake, vault and ledger, on hand-made files with every kind of dirt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import return_list, staging
from assets.batch import take_in
from assets.delivery import scan_delivery
from assets.lake import raw_view_sql
from assets.reopen import reopen
from checks.raw import FEEDS
from fangpin.errors import DeliveryError, FileRejected
from tests import deliveries as d
from tests.deliveries import in_lake, in_vault, rules

MONTH = "2021-10"
PEOPLE = ("household_list", "person_list")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(n), d.HOUSEHOLDS[n % 3]) for n in range(5)])
    return tmp_path


def test_rows_come_out_typed_keyed_and_in_contract_order(home: Path) -> None:
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(3))])
    results = d.take_in_all(home, MONTH, *PEOPLE, "medical")
    assert {feed: result.total("accepted") for feed, result in results.items()} == {
        "household_list": 3,
        "person_list": 5,
        "medical": 1,
    }
    found = duckdb.sql(raw_view_sql(home, MONTH, FEEDS["medical"]))
    assert [(n, str(t)) for n, t in zip(found.columns, found.types, strict=True)] == [
        (n, t) for n, t, _ in FEEDS["medical"].lake_columns
    ]
    assert in_lake(home, MONTH, "medical").select("person_id", "total_cost", "self_paid", "source_row").rows() == [
        (4, 100050, 40050, 2)
    ]
    persons = in_lake(home, MONTH, "person_list")
    assert persons["person_id"].to_list() == [1, 2, 3, 4, 5]
    assert persons["household_id"].to_list() == [1, 2, 3, 1, 2]
    assert persons.select("birth_month", "sex").row(1) == ("1970-01", "男")


DIRT: dict[str, tuple[dict[str, str], str | None]] = {
    "right": ({}, None),
    "check digit": ({"证件号码": d.id_number(1)[:17] + ("0" if d.id_number(1)[17] != "0" else "1")}, "id_number_check"),
    "full width": ({"证件号码": d.id_number(2).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})}, None),
    "masked": ({"证件号码": d.id_number(1)[:6] + "********" + d.id_number(1)[14:]}, "id_number_masked"),
    "scientific": ({"证件号码": "4.10122E+17"}, "id_number_scientific"),
    "text in an amount": ({"总费用": "待核实"}, "not_money"),
    "wan in the cell": ({"总费用": "0.1万元"}, None),
    "separators are a column too many": ({"总费用": "1,000.50"}, "row_width"),
    "negative": ({"总费用": "-5"}, "too_small"),
    "absurd": ({"总费用": "90000000"}, "too_large"),
    "unknown code": ({"医疗类别": "急诊"}, "unknown_code"),
    "empty": ({"医疗类别": ""}, "missing_value"),
    "says nothing": ({"医疗类别": "无"}, "missing_value"),
    "later month": ({"结算日期": "2021-11-01"}, "wrong_month"),
    "last day": ({"结算日期": "2021年10月31日"}, None),
    "no day": ({"结算日期": "2021-02-30"}, "not_a_date"),
    "not finite": ({"总费用": "nan"}, "not_money"),
}


def test_every_kind_of_dirt_has_its_fate(home: Path) -> None:
    rows = [
        d.settlement(f"J{n}", **{"id_number": d.id_number(1), **cells}) for n, (cells, _) in enumerate(DIRT.values())
    ]
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows], encoding="gb18030")
    result = d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"]
    expected = {row: {rule} for row, (_, rule) in enumerate(DIRT.values(), start=2) if rule}
    assert rules(home, MONTH, "medical") == expected
    assert result.total("accepted") == len(DIRT) - len(expected)
    assert result.total("quarantined") == len(expected)
    wan = list(DIRT).index("wan in the cell") + 2
    accepted = in_lake(home, MONTH, "medical")
    assert accepted.filter(pl.col("source_row") == wan)["total_cost"].to_list() == [100000]


def test_a_row_is_given_every_reason(home: Path) -> None:
    bad = d.settlement("J1", "1", 总费用="多", 医疗类别="急诊")
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, bad])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    assert rules(home, MONTH, "medical") == {2: {"id_number_shape", "not_money", "unknown_code"}}


def test_titles_totals_notes_and_blank_rows_of_a_workbook(home: Path) -> None:
    header = ["序号", "姓名", "证件号码", "供养方式", "月供养金额", "批准月份"]
    rows = [
        ["2021年10月农村特困供养人员名单"],
        ["填报单位：民政局"],
        header,
        [1, "测试甲", d.id_number(0), "分散供养", 650.5, "2020.4"],
        [None],
        header,
        [2, "测试乙", int(d.id_number(1)[:17] + "0"), "分散供养", 650, "202004"],
        ["合 计", "2人", None, None, 1300.5],
        ["注：金额单位为元"],
    ]
    d.write_xlsx(home, MONTH, "tekun", rows)
    result = d.take_in_all(home, MONTH, *PEOPLE, "tekun")["tekun"]
    counts = ("rows_in_file", "header_rows", "blank_rows", "total_rows", "accepted", "quarantined")
    assert [result.total(c) for c in counts] == [9, 4, 1, 2, 1, 1]
    assert rules(home, MONTH, "tekun") == {7: {"stored_as_number"}}
    assert in_lake(home, MONTH, "tekun").select("person_id", "monthly_amount", "approved").rows() == [
        (1, 65050, "2020-04")
    ]


def test_the_repeated_column_of_the_register_must_agree(home: Path) -> None:
    rows = [
        ["监测对象信息"],
        ["导出说明"],
        d.REGISTER_HEADER,
        d.registered(d.HOUSEHOLDS[0], d.id_number(0)),
        d.registered(d.HOUSEHOLDS[1], d.id_number(1), again="是"),
        d.registered(d.HOUSEHOLDS[2], d.id_number(2) + "43", 村="赵寨村"),
        d.registered("410122999999", d.id_number(9) + "43B1", 乡="杨桥街道办事处"),
        d.registered(d.HOUSEHOLDS[2], d.id_number(3), 村="李寨村"),
    ]
    d.write_xlsx(home, MONTH, "register", rows)
    result = d.take_in_all(home, MONTH, *PEOPLE, "register")["register"]
    assert rules(home, MONTH, "register") == {5: {"repeated_column_differs"}, 8: {"place_unknown"}}
    assert [file.place for file in result.files] == ["4101"]
    found = in_lake(home, MONTH, "register").select("household_id", "person_id", "source_row").rows()
    assert found == [(1, 1, 4), (3, 3, 6), (None, 6, 7)]
    assert (result.total("matched"), result.total("unmatched")) == (2, 1)


def test_places_by_code_and_name(tmp_path: Path) -> None:
    rows = [
        d.household("410122000001", 村="赵寨村"),
        d.household("410122000002", 行政村代码="410122570999"),
        d.household("410122000003", 村="常白村民委员会"),
        d.household("410122000004", 乡="豫兴街道"),
        d.household("410122000005", 县="新郑市"),
        d.household("410122000006", 行政村代码="41012257020"),
    ]
    d.write_csv(tmp_path, MONTH, "household_list", [d.HOUSEHOLD_HEADER, *rows])
    d.take_in_all(tmp_path, MONTH, "household_list")
    assert rules(tmp_path, MONTH, "household_list") == {
        3: {"place_code_unknown"},
        4: {"place_name_differs"},
        5: {"place_name_differs"},
        6: {"place_name_differs"},
        7: {"village_code_shape"},
    }


def test_duplicates_are_found_once_per_batch_and_the_first_counts(home: Path) -> None:
    first, other = d.settlement("J1", d.id_number(0)), d.settlement("J2", d.id_number(0))
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, first, other, first, d.settlement("J1", d.id_number(1))])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    assert rules(home, MONTH, "medical") == {4: {"duplicate_key"}, 5: {"duplicate_key"}}
    assert in_lake(home, MONTH, "medical")["source_row"].to_list() == [2, 3]
    kept = in_vault(home, "select row, raw from vault.quarantine where feed = 'medical' order by row")
    assert json.loads(kept[1][1])["证件号码"] == d.id_number(1)
    assert json.loads(kept[1][1])["总费用"] == "1000.50"


def said(home: Path, feed: str) -> list[str]:
    """The progress lines of taking the feed in."""
    lines: list[str] = []
    scan_delivery(home, MONTH, {name: FEEDS[name] for name in (*PEOPLE, feed)})
    for name in (*PEOPLE, feed):
        lines.clear()
        take_in(home, MONTH, FEEDS[name], lines.append)
    return lines


def test_progress_says_what_was_read_and_in_the_end_what_was_accepted(home: Path) -> None:
    """A header and four rows; two of them repeat a settlement's number."""
    row = d.settlement("J1", d.id_number(0))
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, row, d.settlement("J2", d.id_number(0)), row, row])
    assert said(home, "medical") == [
        "医保结算明细 2021-10：已读 5 行（含表头），待去重 4 行",
        "医保结算明细 2021-10：接收 2 行，退回 2 行",
    ]
    assert said(home, "medical") == ["医保结算明细 2021-10：接收 2 行，退回 2 行（此前已入库）"]


def test_progress_of_a_file_per_city_names_the_city(home: Path) -> None:
    rows = [["监测对象信息"], ["导出说明"], d.REGISTER_HEADER, d.registered(d.HOUSEHOLDS[0], d.id_number(0))]
    d.write_xlsx(home, MONTH, "register", rows)
    assert said(home, "register") == [
        "监测对象信息 郑州市 2021-10：已读 4 行（含表头），待去重 1 行",
        "监测对象信息 2021-10：接收 1 行，退回 0 行",
    ]


def test_progress_says_what_did_not_come(home: Path) -> None:
    assert said(home, "housing") == ["住房安全鉴定信息 2021-10：未报送"]


def test_an_increment_counts_a_record_once_across_months(home: Path) -> None:
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    d.deliver_people(home, "2021-11", [d.person(d.id_number(n)) for n in range(5)])
    later = [d.settlement("J1", d.id_number(0)), d.settlement("J2", d.id_number(0), 结算日期="2021-11-02")]
    d.write_csv(home, "2021-11", "medical", [d.MEDICAL_HEADER, *later])
    d.take_in_all(home, "2021-11", *PEOPLE, "medical")
    assert rules(home, "2021-11", "medical") == {2: {"delivered_before"}}
    november = in_lake(home, "2021-11", "medical")
    assert sorted(november["settlement_no"]) == ["J1", "J2"]
    assert in_lake(home, MONTH, "medical")["settlement_no"].to_list() == ["J1"]
    assert set(november["delivery_month"]) == {MONTH, "2021-11"}


def test_a_window_ends(home: Path) -> None:
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0))])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    assert FEEDS["medical"].window_months == 18
    assert len(in_lake(home, "2023-03", "medical")) == 1
    assert len(in_lake(home, "2023-04", "medical")) == 0


def test_a_snapshot_is_the_month_s_own(home: Path) -> None:
    d.take_in_all(home, MONTH, *PEOPLE)
    d.deliver_people(home, "2021-11", [d.person(d.id_number(7)), d.person(d.id_number(0))])
    d.take_in_all(home, "2021-11", *PEOPLE)
    assert in_lake(home, "2021-11", "person_list")["person_id"].to_list() == [6, 1]
    assert len(in_lake(home, MONTH, "person_list")) == 5


def test_nobody_known_is_accepted_counted_and_listed(home: Path) -> None:
    rows = [d.settlement("J1", d.id_number(0)), d.settlement("J2", d.id_number(77), 姓名="陌生人")]
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows])
    result = d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"]
    assert [result.total(c) for c in ("accepted", "matched", "unmatched")] == [2, 1, 1]
    assert in_lake(home, MONTH, "medical")["person_id"].to_list() == [1, None]
    listed = in_vault(home, "select feed, month, row, id_number, name from vault.unmatched")
    assert listed == [("medical", MONTH, 3, d.id_number(77), "陌生人")]


def test_taking_in_again_changes_nothing(home: Path) -> None:
    d.write_csv(
        home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", "bad"), d.settlement("J2", d.id_number(9))]
    )
    first = d.take_in_all(home, MONTH, *PEOPLE, "medical")
    lake = {p: p.stat().st_mtime_ns for p in (home / "lake").rglob("*.parquet")}
    again = d.take_in_all(home, MONTH, *PEOPLE, "medical")
    assert [r.new for r in first.values()] == [1, 1, 1]
    assert [r.new for r in again.values()] == [0, 0, 0]
    assert [r.files for r in again.values()] == [r.files for r in first.values()]
    assert {p: p.stat().st_mtime_ns for p in (home / "lake").rglob("*.parquet")} == lake
    assert len(lake) == 3


@pytest.mark.parametrize("write", [d.write_csv, d.write_xlsx])
def test_a_list_of_nobody_is_a_delivery(home: Path, write: Callable[..., Path]) -> None:
    write(home, MONTH, "medical", [d.MEDICAL_HEADER], "表.xlsx" if write is d.write_xlsx else "表.csv")
    result = d.take_in_all(home, MONTH, *PEOPLE, "medical")["medical"]
    assert [result.total(c) for c in ("rows_in_file", "header_rows", "accepted", "quarantined")] == [1, 1, 0, 0]
    assert in_lake(home, MONTH, "medical").is_empty()


def test_back_to_the_delivered_cell(home: Path) -> None:
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, d.settlement("J1", d.id_number(0), 总费用="0.1万元")])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    row = in_lake(home, MONTH, "medical").row(0, named=True)
    (found,) = reopen(home, FEEDS["medical"], row["source_file"], [row["source_row"]])
    assert found.cells["total_cost"] == ("总费用", "0.1万元")
    assert found.cells["id_number"] == ("证件号码", d.id_number(0)[:6] + "********" + d.id_number(0)[14:])
    assert found.cells["person_name"] == ("姓名", "测**")
    (home / "inbox" / found.path).write_text("其他")
    with pytest.raises(DeliveryError, match="改动过"):
        reopen(home, FEEDS["medical"], row["source_file"], [row["source_row"]])


def test_no_personal_value_leaves_the_vault(home: Path) -> None:
    canaries = ["42122219881213", "欧阳金丝雀", "13900007777"]
    number = d.id_number(3, born="19881213", region="421222")
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    d.deliver_people(
        home,
        MONTH,
        [d.person(n, name="欧阳金丝雀", phone="13900007777") for n in (number, wrong, d.id_number(0), number)],
    )
    rows = [
        d.settlement("J1", number, 姓名="欧阳金丝雀"),
        d.settlement("J2", wrong, 姓名="欧阳金丝雀", 总费用="欧阳金丝雀", 医疗类别="13900007777"),
        d.settlement("J3", d.id_number(3, "19881213", "421223"), 姓名="欧阳金丝雀"),
    ]
    d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows])
    d.take_in_all(home, MONTH, *PEOPLE, "medical")
    kept = in_vault(home, "select raw from vault.quarantine where feed = 'medical'")
    assert "欧阳金丝雀" in kept[0][0]
    files = [p for p in home.rglob("*") if p.is_file() and "inbox" not in p.parts]
    assert {p.relative_to(home).parts[0] for p in files} == {"lake", "ledger", "vault"}
    for path in files:
        content = path.read_bytes()
        for canary in canaries:
            assert canary.encode() not in content, path.name


@pytest.mark.parametrize("at_once", [1, 3, 7, 100])
def test_rows_are_numbered_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """The rows and persons of a file of twelve, three of them delivered twice, one by nobody known, one unreadable."""
    monkeypatch.setattr(staging, "AT_ONCE", at_once)
    persons = [9, 3, 7, 1, 5, 8]
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(n)) for n in persons])
    numbers = [0, 1, 2, 0, 3, 4, 5, 2, 6, 7, 0]
    rows = [d.settlement(f"J{n}", d.id_number(persons[n % 6] if n != 7 else 99)) for n in numbers]
    d.write_csv(tmp_path, MONTH, "medical", [d.MEDICAL_HEADER, *rows, d.settlement("J9", "x")])
    result = d.take_in_all(tmp_path, MONTH, *PEOPLE, "medical")["medical"]
    assert [result.total(n) for n in ("accepted", "quarantined", "matched", "unmatched")] == [8, 4, 7, 1]
    again = {5: {"duplicate_key"}, 9: {"duplicate_key"}, 12: {"duplicate_key"}}
    told = rules(tmp_path, MONTH, "medical")
    assert {row: found for row, found in told.items() if row != 13} == again
    place = {number: rank for rank, number in enumerate(sorted(persons), start=1)}
    expected = [(row, place.get(persons[n % 6]) if n != 7 else None) for row, n in enumerate(numbers, start=2)]
    found = in_lake(tmp_path, MONTH, "medical").select("source_row", "person_id").rows()
    assert found == [each for each in expected if each[0] not in again]


CELLS = st.sampled_from(["", "x", "合计", "202110", "是", d.id_number(1), "-1", "１２", "注：无", ",", '"', "\u3000"])
MUTATION = st.tuples(st.sampled_from(["cell", "copy", "cut", "blank", "drop", "total"]), st.integers(0, 30), CELLS)


@settings(max_examples=15, deadline=None)
@given(mutations=st.lists(MUTATION, max_size=12), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_mutated_batch_accounts_for_every_row(
    tmp_path_factory: pytest.TempPathFactory, mutations: list[tuple[str, int, str]], encoding: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    rows = [d.settlement(f"J{n}", d.id_number(n)) for n in range(12)]
    for kind, at, cell in mutations:
        place = at % len(rows)
        row = list(rows[place])
        if kind == "cell" and row:
            row[at % len(row)] = cell
        elif kind == "cut":
            row = row[: at % 10]
        elif kind == "blank":
            row = [""] * len(row)
        elif kind == "total":
            row = ["合计", *row[1:]]
        if kind == "copy":
            rows.insert(place, row)
        elif kind == "drop" and len(rows) > 1:
            del rows[place]
        else:
            rows[place] = row
    path = d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows], encoding=encoding)
    try:
        result = d.take_in_all(home, MONTH, "medical")["medical"]
    except FileRejected:
        assert '"' in path.read_text(encoding)
        return
    fates = ("header_rows", "blank_rows", "total_rows", "accepted", "quarantined")
    assert sum(result.total(fate) for fate in fates) == result.total("rows_in_file")
    if '"' not in path.read_text(encoding):
        assert result.total("rows_in_file") == len(rows) + 1
    assert len(in_lake(home, MONTH, "medical")) == result.total("accepted")
    assert len(rules(home, MONTH, "medical")) == result.total("quarantined")


def test_numbers_in_free_text_stay_in_the_vault_and_in_the_inbox(home: Path) -> None:
    """The lake has the masked text, the ledger the warning, the quarantine and the return list what was delivered."""
    header = ["姓名", "证件号码", "救助月份", "救助原因", "救助金额"]
    other, phone = d.id_number(77), "13800138000"
    reason = f"因病，户主 {other} {phone}"
    row = ["测试甲", d.id_number(1), "202110", reason, "500"]
    d.write_csv(home, MONTH, "temporary_relief", [header, row, ["测试甲", d.id_number(2), "202110", "因病", "500"]])
    taken = d.take_in_all(home, MONTH, *PEOPLE, "temporary_relief")["temporary_relief"]
    assert (taken.total("accepted"), taken.total("quarantined")) == (2, 0)
    masked = f"因病,户主 {other[:6]}********{other[-4:]} 138********"
    assert in_lake(home, MONTH, "temporary_relief")["reason"].to_list() == [masked, "因病"]
    assert rules(home, MONTH, "temporary_relief") == {2: {"personal_in_text"}}
    said = in_vault(home, "select row, raw from vault.quarantine where feed = 'temporary_relief'")
    assert [(number, json.loads(raw)["救助原因"]) for number, raw in said] == [(2, reason)]
    (name,) = return_list.write(home, MONTH)
    (path,) = home.rglob(name)
    told = [cell for cells in openpyxl.load_workbook(path)["临时救助发放名单"].values for cell in cells]
    assert reason in told
    for file in (file for folder in ("lake", "ledger") for file in (home / folder).rglob("*") if file.is_file()):
        assert not any(secret.encode() in file.read_bytes() for secret in (other, phone)), file

    d.write_csv(home, "2021-11", "temporary_relief", [header, row])
    d.deliver_people(home, "2021-11", [d.person(d.id_number(1))])
    again = d.take_in_all(home, "2021-11", *PEOPLE, "temporary_relief")["temporary_relief"]
    assert (again.total("accepted"), again.total("quarantined")) == (0, 1)
    assert rules(home, "2021-11", "temporary_relief") == {2: {"delivered_before", "personal_in_text"}}
