"""How a month's deliveries came and how good they were, told by the ledger: hand-made deliveries, counted by hand."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets import ledger, receipt
from assets.build import POLICY_FOLDER, Build
from assets.delivery import scan_delivery
from assets.mart.feed_dimension import continued, judged, measured
from assets.mart.feed_quality import quality as counted
from assets.mart.feed_reason import reasons
from assets.mart.feed_score import scored
from checks.catalogue import contracts
from checks.mart.feed_reason import FeedReason
from checks.raw import FEEDS
from fangpin import policy, quality
from fangpin.errors import DeliveryError
from tests import deliveries as d

MONTH = "2021-10"
DEADLINE = quality.deadline(MONTH, 4)
LAST_MOMENT = dt.datetime(2021, 11, 4, 23, 59, 59, tzinfo=quality.BEIJING)
PEOPLE = ("household_list", "person_list")
BY = quality.standard(policy.load(POLICY_FOLDER), MONTH)


def written(path: Path, at: dt.datetime) -> Path:
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def people(home: Path, at: dt.datetime = LAST_MOMENT) -> None:
    d.deliver_people(home, MONTH, [d.person(d.id_number(n)) for n in range(3)])
    for path in (home / "inbox").rglob("*.csv"):
        written(path, at)


def medical(home: Path, *rows: list[str], name: str = "表.csv", at: dt.datetime = LAST_MOMENT) -> Path:
    return written(d.write_csv(home, MONTH, "medical", [d.MEDICAL_HEADER, *rows], name), at)


def arrived(home: Path) -> dict[str, tuple[str, bool]]:
    with ledger.open_ledger(home) as con:
        found = receipt.arrivals(con, MONTH, DEADLINE)
    return {feed: (arrival.sent_on.isoformat(), arrival.late) for (feed, _), arrival in found.items()}


def look(home: Path, *feeds: str) -> None:
    scan_delivery(home, MONTH, {feed: FEEDS[feed] for feed in feeds})


@pytest.mark.parametrize(
    ("after", "late"), [(dt.timedelta(), False), (dt.timedelta(seconds=1), True), (dt.timedelta(days=40), True)]
)
def test_a_file_is_late_from_the_end_of_the_delivery_day(tmp_path: Path, after: dt.timedelta, late: bool) -> None:
    people(tmp_path)
    medical(tmp_path, d.settlement("J1", d.id_number(0)), at=LAST_MOMENT + after)
    look(tmp_path, *PEOPLE, "medical")
    assert arrived(tmp_path)["medical"] == ((LAST_MOMENT + after).date().isoformat(), late)
    assert arrived(tmp_path)["household_list"] == ("2021-11-04", False)


def test_a_file_that_was_not_there_at_a_look_after_the_deadline_is_late_whatever_its_time(tmp_path: Path) -> None:
    people(tmp_path)
    look(tmp_path, *PEOPLE)
    medical(tmp_path, d.settlement("J1", d.id_number(0)))
    look(tmp_path, *PEOPLE, "medical")
    today = dt.datetime.now(quality.BEIJING).date()
    sent_on, late = arrived(tmp_path)["medical"]
    assert late
    assert abs(dt.date.fromisoformat(sent_on) - today) <= dt.timedelta(days=1)
    assert not arrived(tmp_path)["household_list"][1]


def test_a_look_before_the_deadline_makes_nothing_late(tmp_path: Path) -> None:
    people(tmp_path)
    look(tmp_path, *PEOPLE)
    medical(tmp_path, d.settlement("J1", d.id_number(0)))
    look(tmp_path, *PEOPLE, "medical")
    with ledger.open_ledger(tmp_path) as con:
        con.execute("update batch set seen_at = '2021-11-03T00:00:00+00:00'")
    assert arrived(tmp_path)["medical"] == ("2021-11-04", False)


def test_a_better_file_later_does_not_make_its_batch_late(tmp_path: Path) -> None:
    people(tmp_path)
    medical(tmp_path, d.settlement("J1", d.id_number(0)))
    look(tmp_path, *PEOPLE, "medical")
    medical(tmp_path, d.settlement("J2", d.id_number(0)), name="二.csv", at=LAST_MOMENT + dt.timedelta(days=9))
    look(tmp_path, *PEOPLE, "medical")
    assert arrived(tmp_path)["medical"] == ("2021-11-04", False)


def test_what_we_fetch_ourselves_is_never_late(tmp_path: Path) -> None:
    people(tmp_path)
    path = medical(tmp_path, d.settlement("J1", d.id_number(0)), at=LAST_MOMENT + dt.timedelta(days=1))
    look(tmp_path, *PEOPLE, "medical")
    assert arrived(tmp_path)["medical"] == ("2021-11-05", True)
    relative = path.relative_to(tmp_path / "inbox").as_posix()
    with ledger.open_ledger(tmp_path) as con:
        ledger.record_fetched(con, ledger.Fetched("medical", MONTH, "41", 1, None, None, "", relative))
    assert arrived(tmp_path)["medical"] == ("2021-11-05", False)


def test_a_rejected_file_counts_against_its_department_once(tmp_path: Path) -> None:
    people(tmp_path)
    path = d.write_csv(tmp_path, MONTH, "medical", [["不", "认", "识"], ["1", "2", "3"]])
    for _ in range(2):
        with pytest.raises(DeliveryError):
            look(tmp_path, *PEOPLE, "medical")
    path.unlink()
    medical(tmp_path, d.settlement("J1", d.id_number(0)))
    look(tmp_path, *PEOPLE, "medical")
    with ledger.open_ledger(tmp_path) as con:
        tried = receipt.files_tried(con, MONTH)
    assert tried == {"乡村振兴局": (2, 2), "医保局": (1, 0)}  # the file was put right under its old name


def test_every_share_is_counted_as_by_hand(tmp_path: Path) -> None:
    people(tmp_path)
    medical(
        tmp_path,
        d.settlement("J1", d.id_number(0)),
        d.settlement("J1", d.id_number(0)),  # the same again
        d.settlement("J2", d.id_number(9)),  # nobody known
        d.settlement("J3", d.id_number(1), 总费用="多"),  # no amount
        d.settlement("J4", d.id_number(1), 总费用="", 医疗类别="其他"),  # empty, and no such kind
        d.settlement("J5", d.id_number(1)[:-1] + ("0" if d.id_number(1)[-1] != "0" else "1")),  # check digit
        ["合计", "", "", "", "", "3000", "", "", "", ""],
        at=LAST_MOMENT + dt.timedelta(days=1),
    )
    d.take_in_all(tmp_path, MONTH, *PEOPLE, "medical")
    feeds = counted(tmp_path, MONTH)
    found = measured(tmp_path, MONTH, feeds, ["4101", "4102"])
    assert {name: share for (source, name), share in found.items() if source == "医保局"} == {
        "well_formed": (4, 6),
        "filled": (5, 6),
        "delivered": (1, 1),
        "accurate": (5, 6),
        "consistent": (4, 6),
        "on_time": (0, 1),
        "readable": (1, 1),
    }
    # five feeds of the office, two delivered; nothing at all from the register's two cities
    assert found["乡村振兴局", "delivered"] == (2, 5)
    assert found["全国防返贫监测信息系统", "delivered"] == (0, 2)
    assert found["全国防返贫监测信息系统", "accurate"] == found["全国防返贫监测信息系统", "readable"] == (0, 0)

    rows = judged(MONTH, found, BY)
    assert rows.filter(source="医保局", indicator="consistent").select("share", "grade").rows() == [(4 / 6, "差")]
    unknown = rows.filter(source="全国防返贫监测信息系统", indicator="accurate")
    assert unknown.select("share", "grade").rows() == [(None, None)]
    # 15x4/6 + 10x5/6 + 15x1 + 20x5/6 + 20x4/6 + 10x0 + 10x1 of 100
    scores = scored(MONTH, rows, BY)
    (score, grade, weakest) = scores.filter(source="医保局").select("score", "grade", "weakest").row(0)
    assert score == pytest.approx(10 + 50 / 6 + 15 + 100 / 6 + 80 / 6 + 10)
    assert (grade, weakest) == ("差", "按期报送")
    assert scores.filter(source="全国防返贫监测信息系统")["score"].to_list() == [0]

    said = reasons(tmp_path, MONTH)
    assert set(said.filter(feed="medical").select("rule", "level", "dimension", "rows").rows()) == {
        ("duplicate_key", "错误", "一致性", 1),
        ("not_money", "错误", "规范性", 1),
        ("missing_value", "错误", "完整性", 1),
        ("unknown_code", "错误", "规范性", 1),
        ("id_number_check", "错误", "准确性", 1),
    }


def test_a_month_without_reasons_is_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    FeedReason.model.validate(reasons(tmp_path, MONTH))


def test_earlier_months_are_taken_over_and_the_oldest_let_go(tmp_path: Path) -> None:
    month = "2021-11"
    now = pl.DataFrame({"month": [month] * 2, "source": ["甲局", "乙局"], "score": [80.0, 70.0], "grade": ["差", "差"]})
    now = now.with_columns(weakest=pl.lit(None, dtype=pl.String))
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        con.execute("create schema prev.mart")
        con.execute(contracts()["mart.feed_score"].ddl().replace("table mart.", "table prev.mart."))
        earlier = [("2020-11", "甲局", 10.0), ("2020-12", "甲局", 20.0), ("2021-10", "甲局", 90.5)]
        con.executemany("insert into prev.mart.feed_score (month, source, score) values (?, ?, ?)", earlier)
        build = Build(month, con, policy.load(POLICY_FOLDER), tmp_path, lambda _: None)
        found = continued(build, "mart.feed_score", now, ["source"], "score")
    assert found.sort("month", "score").select("month", "source", "score", "change").rows() == [
        ("2020-12", "甲局", 20.0, None),
        ("2021-10", "甲局", 90.5, None),
        ("2021-11", "乙局", 70.0, None),
        ("2021-11", "甲局", 80.0, -10.5),
    ]
