"""fangpin feeds: what programs and people are told of every feed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.raw import FEEDS
from tests.assets.test_cli import called

TYPES = {
    *("text", "code", "month", "date", "money", "integer", "number", "yesno"),
    *("id_number", "household_no", "village_code", "name", "phone"),
}


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    assert called(monkeypatch, tmp_path / "home", "feeds", "--json") == 0
    assert list(tmp_path.iterdir()) == []
    return json.loads(capsys.readouterr().out)


def test_every_feed_is_listed_with_all_its_columns(listed: list[dict]) -> None:
    assert [feed["name"] for feed in listed] == sorted(path.stem for path in _modules())
    for feed in listed:
        contract = FEEDS[feed["name"]]
        assert (feed["title"], feed["department"]) == (contract.title, contract.source)
        assert feed["delivery_kind"] in ("snapshot", "increment")
        assert [column["name"] for column in feed["columns"]] == [column.name for column in contract.columns]
        assert set(feed["key"]) <= {column["name"] for column in feed["columns"]}
        for column in feed["columns"]:
            assert set(column) == {
                *("name", "headers", "type", "unit", "required", "mandatory", "code_list", "personal")
            }
            assert column["type"] in TYPES
            assert all(header.strip() for header in column["headers"])
            assert bool(column["code_list"]) >= (column["type"] == "code")


def test_money_is_in_the_unit_that_its_header_says(listed: list[dict]) -> None:
    """By hand: one column of all feeds is filled in in 万元."""
    money = {
        (feed["name"], c["name"]): (c["headers"][0], c["unit"])
        for feed in listed
        for c in feed["columns"]
        if c["type"] == "money"
    }
    assert {key: said for key, said in money.items() if said[1] != "元"} == {
        ("village_info", "collective_income"): ("村级集体经济收入（万元）", "万元")
    }
    assert all(unit == "万元" or "万元" not in header for header, unit in money.values())


def _modules() -> list[Path]:
    folder = Path(__file__).resolve().parents[2] / "checks" / "raw"
    return [path for path in folder.glob("*.py") if path.stem != "__init__"]


def test_a_feed_as_its_department_knows_it(listed: list[dict]) -> None:
    """医保结算明细, by hand from checks/raw/medical.py."""
    medical = next(feed for feed in listed if feed["name"] == "medical")
    assert (medical["department"], medical["delivery_kind"]) == ("医保局", "increment")
    columns = {column["name"]: column for column in medical["columns"]}
    assert columns["id_number"]["headers"][0] == "证件号码"
    assert "身份证号" in columns["id_number"]["headers"]
    assert [name for name, column in columns.items() if column["personal"]] == ["id_number", "person_name"]
    assert columns["self_paid"]["unit"] == "元"
    assert columns["settled_on"]["unit"] is None
    assert columns["visit_type"]["code_list"] == ["住院", "门诊慢特病", "普通门诊"]
    assert columns["total_cost"]["required"] is True


def test_people_get_a_line_for_each_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, tmp_path / "home", "feeds") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["名称", "数据", "报送部门", "报送方式", "必报", "列数", "其中必有"]
    found = {line.split()[0]: line.split()[1:] for line in lines[1 : len(FEEDS) + 1]}
    assert set(found) == set(FEEDS)
    assert found["medical"][:4] == ["医保结算明细", "医保局", "当月增量", "是"]
