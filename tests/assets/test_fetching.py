"""A feed that is a query: from a real PostgreSQL into the inbox, and on from there as any delivered file."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest

from assets import ledger, querying
from assets.database import SourceError
from assets.delivery import scan_delivery
from assets.fetching import fetch
from checks.raw import FEEDS
from tests import deliveries as d
from tests import postgres
from tests.assets.test_cli import called
from tests.department import (
    HOUSING,
    MEDICAL,
    MEDICAL_MORE,
    declare,
    left,
    make_housing,
    make_settlements,
    marks,
    settle,
    source,
)

MONTH, NEXT = "2021-10", "2021-11"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_snapshot_and_an_increment_over_two_months(home: Path, server: postgres.Server) -> None:
    """Into the lake, with what the ledger says of each file; a settlement recorded late comes in the month it was."""
    people = [d.person(d.id_number(n)) for n in range(3)]
    make_housing(
        server,
        [
            (d.HOUSEHOLDS[1], "B级", True, dt.date(2021, 9, 1), None),
            (d.HOUSEHOLDS[0], "C级", False, dt.date(2021, 10, 1), '维修,加"固"\n第二行'),
        ],
    )
    make_settlements(server)
    settle(
        server,
        ("J2", 1, "2021-10-31", "2021-10-31 23:59:59.5"),
        ("J1", 0, "2021-10-08", "2021-10-09 10:00:00"),
        ("J3", 2, "2021-10-30", "2021-11-02 08:00:00"),
        ("J4", 0, "2021-11-05", "2021-11-05 08:00:00"),
        ("J5", 0, "2021-12-01", "2021-12-01 00:00:00"),
    )
    declare(home, housing=source(server, "housing", HOUSING))
    declare(home, medical=source(server, "medical", MEDICAL, MEDICAL_MORE))
    d.deliver_people(home, MONTH, people)
    told: list[str] = []
    fetched = fetch(home, MONTH, report=told.append)
    assert [path.name for path in fetched] == ["housing_数据库.csv", "medical_数据库.csv"]
    assert fetched[0].read_bytes().decode() == (
        "户编号,鉴定等级,是否住人,鉴定月份,处置方案\n"
        f'{d.HOUSEHOLDS[0]},C级  ,否,2021-10-01,"维修,加""固""\n第二行"\n'
        f"{d.HOUSEHOLDS[1]},B级  ,是,2021-09-01,\n"
    )
    assert rows_of(fetched[1])[0] == d.MEDICAL_HEADER
    assert rows_of(fetched[1])[1] == [
        *("J1", d.id_number(0), "测试甲", "2021-10-08", "住院", "1000.50", "600.00", "0.0", "0", "400.50")
    ]
    assert fetched[0].stat().st_mode & 0o077 == 0
    assert told[0] == (
        f"住房安全鉴定信息 2021-10：从数据库 postgres（127.0.0.1:{server.port}，用户 reader）取得 2 行，"
        "放入 inbox/2021-10/住建局/housing_数据库.csv"
    )

    taken = d.take_in_all(home, MONTH, "household_list", "person_list", "housing", "medical")
    assert [(taken[f].total("rows_in_file"), taken[f].total("accepted")) for f in ("housing", "medical")] == [
        (3, 2),
        (3, 2),
    ]
    houses = d.in_lake(home, MONTH, "housing").select("grade", "occupied", "assessed", "plan").rows()
    assert houses == [("C级", False, "2021-10", '维修,加"固"\n第二行'), ("B级", True, "2021-09", None)]
    settled = d.in_lake(home, MONTH, "medical").select("settlement_no", "settled_on", "total_cost", "self_paid").rows()
    assert settled == [
        ("J1", dt.date(2021, 10, 8), 100050, 40050),
        ("J2", dt.date(2021, 10, 31), 100050, 40050),
    ]

    fetch(home, NEXT)
    assert marks(home) == [(MONTH, 2, "2021-10-31T23:59:59.500000"), (NEXT, 2, "2021-11-05T08:00:00")]
    d.take_in_all(home, NEXT, "housing", "medical")
    window = d.in_lake(home, NEXT, "medical").select("settlement_no", "delivery_month").sort("settlement_no").rows()
    assert window == [("J1", MONTH), ("J2", MONTH), ("J3", NEXT), ("J4", NEXT)]


def test_what_is_fetched_is_fetched_again_only_when_asked_or_gone(home: Path, server: postgres.Server) -> None:
    make_settlements(server)
    settle(server, ("J1", 0, "2021-10-08", "2021-10-09 10:00:00"))
    declare(home, medical=source(server, "medical", MEDICAL, MEDICAL_MORE))
    (path,) = fetch(home, MONTH)
    first = path.read_bytes()
    settle(server, ("J2", 1, "2021-10-09", "2021-10-10 10:00:00"))
    fetch(home, NEXT)
    assert marks(home) == [(MONTH, 1, "2021-10-09T10:00:00"), (NEXT, 1, "2021-10-10T10:00:00")]
    assert fetch(home, MONTH) == []
    assert path.read_bytes() == first
    assert fetch(home, MONTH, feed="medical", again=True) == [path]  # from where October began
    assert [row[0] for row in rows_of(path)[1:]] == ["J1", "J2"]
    path.unlink()
    assert fetch(home, MONTH) == [path]
    assert [row[0] for row in rows_of(path)[1:]] == ["J1", "J2"]
    with ledger.open_ledger(home) as con:
        con.execute("delete from fetched where month = ?", (MONTH,))
    assert fetch(home, MONTH) == [path]  # stopped between the file and the ledger: done again


def test_a_month_without_new_rows_keeps_the_mark(home: Path, server: postgres.Server) -> None:
    make_settlements(server)
    settle(server, ("J1", 0, "2021-10-08", "2021-10-09 10:00:00"))
    declare(home, medical=source(server, "medical", MEDICAL, MEDICAL_MORE))
    fetch(home, MONTH)
    (path,) = fetch(home, NEXT)
    assert rows_of(path) == [d.MEDICAL_HEADER]
    assert marks(home)[-1] == (NEXT, 0, "2021-10-09T10:00:00")


def test_a_number_as_watermark_with_the_months_rows_told_by_the_query(home: Path, server: postgres.Server) -> None:
    make_settlements(server)
    server.run("alter table settlement add column id bigint generated always as identity")
    server.run(
        "insert into settlement values (%s, %s, '测试甲', %s, '住院', 1, 1, 0, 0, 1, %s)",
        rows=[
            ("J1", d.id_number(0), "2021-10-08", "2021-10-09"),
            ("J2", d.id_number(0), "2021-10-08", "2021-11-01"),
        ],
    )
    query = MEDICAL.replace("recorded_at from", "id from") + " where recorded_at < :next_first_day"
    more = MEDICAL_MORE.replace("recorded_at, start: 2021-01-01 00:00:00", "id, start: 0")
    declare(home, medical=source(server, "medical", query, more))
    assert [[row[0] for row in rows_of(fetch(home, month)[0])[1:]] for month in (MONTH, NEXT)] == [["J1"], ["J2"]]
    assert marks(home) == [(MONTH, 1, "1"), (NEXT, 1, "2")]


def test_a_feed_of_cities_is_one_file_a_city(home: Path, server: postgres.Server) -> None:
    columns = d.REGISTER_HEADER[:-1]
    server.run(
        "drop table if exists jiance",
        f"create table jiance (city text, {', '.join(f'{name} text' for name in columns)})",
        f"insert into jiance values (%s{', %s' * len(columns)})",
        rows=[
            ("4101", *d.registered(d.HOUSEHOLDS[0], d.id_number(1))[:-1]),
            ("1411", *d.registered("1411230001", d.id_number(2), 县="兴县", 乡="赵家坪乡", 村="赵家坪村")[:-1]),
        ],
    )
    query = f"select {', '.join(columns)} from jiance where city = :place"
    declare(home, register=source(server, "register", query, "places: [4101, 1411]\n"))
    assert [path.name for path in fetch(home, MONTH)] == ["register_4101_数据库.csv", "register_1411_数据库.csv"]
    found = scan_delivery(home, MONTH, {"register": FEEDS["register"]})
    assert {(file.place, Path(file.path).name) for file in found} == {
        ("4101", "register_4101_数据库.csv"),
        ("1411", "register_1411_数据库.csv"),
    }
    declare(home, register=source(server, "register", query, "places: [4102]\n"))
    with pytest.raises(SourceError, match="地区 4102 没有一行，每市一份的数据不能是空的"):
        fetch(home, MONTH)
    assert len(left(home)) == 2


MANY = 200_000


def test_many_rows_come_in_batches_and_always_in_the_same_order(home: Path, server: postgres.Server) -> None:
    server.run(
        "drop table if exists housing cascade",
        f"""create table housing as select (410000000000 + n)::text as household_no, 'A级' as grade, true as occupied,
            date '2021-10-01' as assessed, null::text as plan from generate_series({MANY}, 1, -1) as n""",
    )
    declare(home, housing=source(server, "housing", HOUSING))
    before = len(server.said())
    (path,) = fetch(home, MONTH)
    statements = server.said()[before:]
    assert len(re.findall(r"execute.*DECLARE|DECLARE .*CURSOR", statements)) == 1
    # Ten batches, and the look that finds no more; nothing else could have brought a row.
    assert len(re.findall(rf"FETCH FORWARD {querying.BATCH_ROWS} FROM", statements)) in (10, 11)
    assert not re.findall(r"FETCH (FORWARD )?ALL", statements)
    rows = rows_of(path)
    assert len(rows) == MANY + 1
    assert [row[0] for row in rows[1:]] == [str(410000000000 + n) for n in range(1, MANY + 1)]
    first = hashlib.sha256(path.read_bytes()).hexdigest()
    server.run("update housing set grade = grade where right(household_no, 1) = '7'")  # they now lie at the table's end
    fetch(home, MONTH, again=True)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == first


def test_months_before_the_declared_one_are_not_fetched(home: Path, server: postgres.Server) -> None:
    declare(home, source=source(server, "housing", HOUSING))
    assert fetch(home, "2021-09") == []
    assert not (home / "inbox").exists()


def test_the_command(
    home: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_housing(server, [(d.HOUSEHOLDS[0], "C级", False, dt.date(2021, 10, 1), None)])
    declare(home, source=source(server, "housing", HOUSING))
    for arguments, status, said in [
        (("-m", MONTH, "--feed", "housing"), 0, "2021-10：取得 1 份文件。"),
        (("-m", MONTH), 0, "2021-10：没有要取的数据（没有声明，或都已取过）。"),
        (("-m", MONTH, "--again"), 0, "2021-10：取得 1 份文件。"),
        (("-m", MONTH, "--feed", "medical"), 1, "错误：没有为 medical 声明数据库来源"),
    ]:
        assert called(monkeypatch, home, "fetch", *arguments) == status
        assert said in capsys.readouterr().err
