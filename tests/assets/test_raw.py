"""The raw assets: their order, and the quality table read back from the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.lake import raw_view_sql
from assets.mart.feed_quality import quality
from assets.raw import known_before
from checks.mart.feed_quality import FeedQuality
from checks.raw import FEEDS
from fangpin.errors import DeliveryError
from tests import deliveries as d

MONTH = "2021-10"


def test_households_are_known_before_persons_and_persons_before_who_speaks_of_them() -> None:
    assert known_before(FEEDS["household_list"]) == []
    assert known_before(FEEDS["person_list"]) == ["household_list"]
    assert known_before(FEEDS["register"]) == ["household_list", "person_list"]
    for feed in set(FEEDS) - {"household_list", "person_list", "register"}:
        assert known_before(FEEDS[feed]) == ["household_list", "person_list", "register"]


def test_quality_counts_what_came_and_what_went_back(tmp_path: Path) -> None:
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(n)) for n in range(3)])
    rows = [
        d.settlement("J1", d.id_number(0)),
        d.settlement("J2", d.id_number(9)),
        d.settlement("J3", d.id_number(1), 总费用="多"),
        d.settlement("J4", d.id_number(1), 总费用="少"),
        d.settlement("J1", d.id_number(0)),
        ["合计", "", "", "", "", "3000", "", "", "", ""],
    ]
    d.write_csv(tmp_path, MONTH, "medical", [d.MEDICAL_HEADER, *rows])
    d.take_in_all(tmp_path, MONTH, "household_list", "person_list", "medical")
    table = quality(tmp_path, MONTH)
    FeedQuality.model.validate(table.cast({c: t.dtype.type for c, t in FeedQuality.model.to_schema().columns.items()}))
    assert table["feed"].to_list() == [name for name, feed in FEEDS.items() if feed.expected]
    assert table.filter(feed="medical").row(0, named=True) == {
        "feed": "medical",
        "title": "医保结算明细",
        "source": "医保局",
        "delivery": "increment",
        "delivery_state": "已报送",
        "files": 1,
        "rows_in_file": 7,
        "header_rows": 1,
        "blank_rows": 0,
        "total_rows": 1,
        "accepted": 2,
        "quarantined": 3,
        "replaced": 0,
        "matched": 1,
        "unmatched": 1,
        "match_rate": 0.5,
        "reasons": "不是金额2行；与本批中另一行重复1行",
    }
    nothing = table.filter(feed="water").row(0, named=True)
    assert (nothing["files"], nothing["accepted"], nothing["match_rate"], nothing["reasons"]) == (0, 0, None, "")
    assert nothing["delivery_state"] == "未报送"


def test_a_feed_that_nobody_is_asked_for_is_told_of_when_it_came(tmp_path: Path) -> None:
    header = ["县", "乡", "村", "总户数", "总人口数"]
    d.write_csv(tmp_path, MONTH, "village_info", [header, [d.COUNTY, d.TOWNSHIP, d.VILLAGE, "312", "1024"]])
    d.take_in_all(tmp_path, MONTH, "village_info")
    table = quality(tmp_path, MONTH)
    assert table.filter(feed="village_info").select("delivery_state", "accepted").rows() == [("已报送", 1)]
    assert not {"household_info", "bank_list"} & set(table["feed"])
    assert d.in_lake(tmp_path, MONTH, "village_info").select("households", "persons").rows() == [(312, 1024)]


def test_what_nobody_looked_for_is_not_empty(tmp_path: Path) -> None:
    """A ledger that is new or of an earlier edition knows of no delivery: tables are not built on nothing."""
    with pytest.raises(DeliveryError, match="台账里还没有任何报送"):
        raw_view_sql(tmp_path, MONTH, FEEDS["medical"])
    d.deliver_people(tmp_path, MONTH, [d.person(d.id_number(1))])
    d.take_in_all(tmp_path, MONTH, "household_list", "person_list")
    assert "where false" in raw_view_sql(tmp_path, MONTH, FEEDS["medical"])  # looked for, did not come
