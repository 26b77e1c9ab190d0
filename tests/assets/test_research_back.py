"""Import, withdraw, settle on a drawn home: whole or not at all, the newest counts, what changes and is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from assets import arrivals, field_ledger
from fangpin.reports.research.results import NAME
from fangpin.research.items import form_version
from pipelines.cli import app
from tests.made_up_draw import MONTH, publish

RUN = CliRunner()
DAY = "2022-01-05"


def asked(*arguments: str) -> Result:
    return RUN.invoke(app, ["research", *arguments])


def done(*arguments: str) -> dict[str, Any]:
    result = asked(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(*arguments: str) -> str:
    result = asked(*arguments)
    assert result.exit_code != 0, result.output
    return str(result.exception)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """With one draw of 24 villages and 240 households."""
    where = tmp_path / "home"
    monkeypatch.setenv("FANGPIN_HOME", str(where))
    publish(where)
    digest = asked("nonce", "--output", str(where / "nonce.txt")).stdout.split()[0]
    days = ("--first-day", "2022-01-04", "--last-day", "2022-01-14")
    done(
        "freeze",
        "--plan",
        "plan",
        "--month",
        MONTH,
        "--nonce-sha256",
        digest,
        "--public-value",
        "甲",
        "--public-value-form",
        "1",
        *days,
    )
    done("draw", "--plan", "plan", "--public-value", "3", "--nonce-file", str(where / "nonce.txt"))
    yield where


def drawn(home: Path, table: str, number: int = 1) -> pl.DataFrame:
    return pl.read_csv(home / f"research/plan/draw-{number:03d}/{table}.csv", infer_schema=False)


def record(subject: str, village: str, **more: Any) -> dict[str, str]:
    base = {"plan": "plan", "draw": "1", "form_version": form_version(), "visited_on": DAY, "subject": subject}
    base |= {"county_code": village[:6], "township_code": village[:9], "village_code": village, "household_id": ""}
    base |= {"KEY": f"uuid:{subject}{village}{more.get('household_id', '')}"}
    return {name: str(value) for name, value in (base | more).items()}


def export(path: Path, *records: dict[str, str]) -> str:
    names = list(dict.fromkeys(name for each in records for name in each))
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.DictWriter(file, names, restval="")
        write.writeheader()
        write.writerows(records)
    return str(path)


def households(home: Path, count: int) -> list[tuple[int, str]]:
    primary = drawn(home, "households").filter(role="primary").head(count)
    return [(int(number), village) for number, village in primary.select("household_id", "village_code").iter_rows()]


def tables(home: Path, *names: str) -> dict[str, int]:
    with sqlite3.connect(home / "ledger" / "ledger.sqlite") as con:
        known = {name for (name,) in con.execute("select name from sqlite_master where type = 'table'")}
        return {n: con.execute(f"select count(*) from {n}").fetchone()[0] if n in known else 0 for n in names}


def test_what_was_found_is_in_the_workbook(home: Path, tmp_path: Path) -> None:
    (first, village), (second, _), (third, _), *_ = households(home, 3)
    told = done(
        "import", "--plan", "plan",
        export(
            tmp_path / "a.csv",
            record(
                "household", village, household_id=first, persons__check="match",
                lead_unlisted_risk__check="confirmed",
            ),
            record("household", village, household_id=second, persons__check="differ", persons__actual=3),
            record("household", village, household_id=third, persons__check="unknown"),
            record("village", village, village_unlisted__actual=2),
            record("opinion", village, opinion_level__actual="village", opinion_text__actual="=1+1 不明白"),
            record("finding", village, finding_problem__actual="公示不足七天", finding_owner__actual="乡政府"),
        ),
    )  # fmt: skip
    assert told["records"] == {"household": 3, "village": 1, "opinion": 1, "finding": 1, "changed": 0, "same": 0}
    folder = home / "research/plan/draw-001/results"
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    whole = {each["item"]: each for each in found["agreement"] if each["county_code"] == ""}
    assert (whole["persons"]["match"], whole["persons"]["differ"], whole["persons"]["unknown"]) == (1, 1, 1)
    assert whole["persons"]["rate"] == 0.5
    (rule,) = [each for each in found["yields"] if each["rule"] == "unlisted_risk"]
    assert (rule["confirmed"], rule["refuted"], rule["a"], rule["b"]) == (1, 0, 3.0, 2.0)  # 4 x 0.5 each before
    book = openpyxl.load_workbook(io.BytesIO((folder / NAME).read_bytes()))
    assert book.sheetnames == [
        *("完成情况", "系统与实地一致率", "分县一致率", "规则属实率", "抽中市推算"),
        *("不一致清单", "问题清单", "意见台账", "导入的文件", "编制说明"),
    ]
    words = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None}
    assert {"公示不足七天", "乡政府", "未销号", "=1+1 不明白"} <= words
    assert not any(c.data_type == "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_the_newest_of_a_household_counts_and_the_same_file_changes_nothing(home: Path, tmp_path: Path) -> None:
    (first, village), (second, _) = households(home, 2)
    one = record("household", village, household_id=first, persons__check="match")
    path = export(tmp_path / "a.csv", one, record("household", village, household_id=second, persons__check="match"))
    done("import", "--plan", "plan", path)
    again = done("import", "--plan", "plan", path)
    assert again["again"] == ["a.csv"] and again["files"] == []
    assert tables(home, "field_import", "field_answer") == {"field_import": 1, "field_answer": 2}
    told = done(
        "import", "--plan", "plan",
        export(tmp_path / "b.csv", one | {"persons__check": "differ", "persons__actual": "9"}),
    )  # fmt: skip
    assert told["records"]["changed"] == 1
    found = json.loads((home / "research/plan/draw-001/results/results.json").read_text(encoding="utf-8"))
    (persons,) = [e for e in found["agreement"] if e["county_code"] == "" and e["item"] == "persons"]
    assert (persons["match"], persons["differ"]) == (1, 1)
    assert tables(home, "field_answer") == {"field_answer": 3}  # nothing is deleted


def test_two_files_about_one_household_add_up(home: Path, tmp_path: Path) -> None:
    """One of the team fills in the visit, another the papers: neither erases the other."""
    ((household, village),) = households(home, 1)
    visit = record("household", village, household_id=household, persons__check="match")
    papers = record("household", village, household_id=household, paper_reviewed__check="differ")
    told = done(
        "import", "--plan", "plan", export(tmp_path / "a.csv", visit), export(tmp_path / "b.csv", papers)
    )  # fmt: skip
    assert (told["records"]["changed"], told["records"]["same"]) == (0, 0)
    found = json.loads((home / "research/plan/draw-001/results/results.json").read_text(encoding="utf-8"))
    whole = {e["item"]: e for e in found["agreement"] if e["county_code"] == ""}
    assert (whole["persons"]["match"], whole["paper_reviewed"]["differ"]) == (1, 1)
    assert done("import", "--plan", "plan", str(tmp_path / "a.csv"))["again"] == ["a.csv"]  # all of it still stands


def test_a_file_filled_in_wrongly_is_taken_back(home: Path, tmp_path: Path) -> None:
    """A wrong household number, a corrected opinion: what stood before stands again, and the file can come anew."""
    (first, village), (second, _) = households(home, 2)
    right = export(tmp_path / "a.csv", record("household", village, household_id=first, persons__check="match"))
    wrong = export(
        tmp_path / "b.csv",
        record("household", village, household_id=first, persons__check="differ"),
        record("household", village, household_id=second, persons__check="differ"),
        record("opinion", village, opinion_level__actual="village", opinion_text__actual="甲"),
    )
    (taken,) = done("import", "--plan", "plan", right)["files"]
    (mistaken,) = done("import", "--plan", "plan", wrong)["files"]
    how = ("withdraw", "--plan", "plan", "--who", "组长", "--why", "户号填错")
    listed = refused(*how, "--file", "99")
    assert f"{taken['number']} a.csv；{mistaken['number']} b.csv" in listed
    told = done(*how, "--file", str(mistaken["number"]))
    assert (told["name"], told["records"], told["results"][0]["households"]) == ("b.csv", 3, 1)
    folder = home / "research/plan/draw-001/results"
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    (persons,) = [e for e in found["agreement"] if e["county_code"] == "" and e["item"] == "persons"]
    assert (persons["match"], persons["differ"], found["opinions"]) == (1, 0, 0)
    assert [seen[2] for seen in field_ledger.answers(home, "2022-01")] == [f"household:{first}"]
    sheet = openpyxl.load_workbook(folder / NAME)["导入的文件"]
    states = {row[1].value: row[4].value for row in sheet.iter_rows() if isinstance(row[0].value, int)}
    assert states == {"a.csv": "有效", "b.csv": "已撤回，组长：户号填错"}
    assert "没有编号为" in refused(*how, "--file", str(mistaken["number"]))  # once
    assert done("import", "--plan", "plan", right)["again"] == ["a.csv"]  # all of it stands again
    assert done("import", "--plan", "plan", wrong)["results"][0]["households"] == 2
    assert tables(home, "field_import", "field_withdrawn") == {"field_import": 3, "field_withdrawn": 1}


def test_a_replaced_village_keeps_what_was_found_elsewhere(home: Path, tmp_path: Path) -> None:
    (first, village), *_ = households(home, 1)
    other = next(v for v in drawn(home, "sample").filter(role="primary")["village_code"] if v != village)
    done("replace", "--plan", "plan", "--village", other, "--who", "处长", "--why", "塌方")
    told = done(
        "import", "--plan", "plan",
        export(tmp_path / "a.csv", record("household", village, household_id=first, persons__check="match")),
    )  # fmt: skip
    assert [(each["draw"], each["households"]) for each in told["results"]] == [(1, 1), (2, 1)]


def test_a_problem_is_settled_once_and_for_all_to_see(home: Path, tmp_path: Path) -> None:
    village = households(home, 1)[0][1]
    done(
        "import", "--plan", "plan", export(tmp_path / "a.csv", record("finding", village, finding_problem__actual="甲"))
    )
    folder = home / "research/plan/draw-001/results"
    (problem,) = json.loads((folder / "results.json").read_text(encoding="utf-8"))["problems"]
    assert not problem["settled"]
    how = ("settle", "--plan", "plan", "--who", "乡政府", "--what", "补了公示")
    assert "没有编号为 nosuch 的问题" in refused(*how, "--finding", "nosuch")
    assert "早于发现问题的日期 2022-01-05" in refused(*how, "--finding", problem["number"], "--on", "2022-01-04")
    done(*how, "--finding", problem["number"], "--on", "2022-02-01")
    assert json.loads((folder / "results.json").read_text(encoding="utf-8"))["problems"][0]["settled"]
    book = openpyxl.load_workbook(folder / NAME)
    assert "2022-02-01 乡政府：补了公示" in [c.value for row in book["问题清单"].iter_rows() for c in row]


def test_whatever_is_wrong_nothing_is_recorded(home: Path, tmp_path: Path) -> None:
    (first, village), *_ = households(home, 1)
    undrawn = set(range(1, 5000)) - {int(n) for n in drawn(home, "households")["household_id"]}
    elsewhere = next(v for v in drawn(home, "sample")["village_code"] if v != village)
    good = record("household", village, household_id=first, persons__check="match")
    fine = export(tmp_path / "fine.csv", good)
    cases = [
        (record("household", village, household_id=min(undrawn), persons__check="match"), "不在第1次抽样的名单里"),
        (record("household", elsewhere, household_id=first, persons__check="match"), "请核对村"),
        (good | {"plan": "other"}, "是方案 other 的，不是 plan 的"),
        (good | {"form_version": "0000000000"}, "另一版核查项目"),
        (good | {"draw": "7"}, "没有可用的第7次抽样"),
        (good | {"visited_on": "2021-11-30"}, "不在 2021-12-01 与今天"),
        (good | {"visited_on": (dt.date.today() + dt.timedelta(2)).isoformat()}, "不在 2021-12-01 与今天"),  # noqa: DTZ011
        (record("village", "410199999001", village_unlisted__actual=1), "不在第1次抽样的地方里"),
    ]
    for number, (wrong, told) in enumerate(cases):
        path = export(tmp_path / f"{number}.csv", wrong)
        message = refused("import", "--plan", "plan", fine, path)
        assert told in message
    (tmp_path / "other.csv").write_text("姓名\n甲\n", encoding="utf-8")
    assert "既不是资料包里的核查表" in refused("import", "--plan", "plan", str(tmp_path / "other.csv"))
    assert tables(home, "field_import", "field_answer") == {"field_import": 0, "field_answer": 0}
    assert not (home / "research/plan/draw-001/results").exists()


def test_a_month_knows_what_was_seen_up_to_its_end(home: Path, tmp_path: Path) -> None:
    (first, village), *_ = households(home, 1)
    before = {month: arrivals.fingerprint(home, month, None) for month in ("2021-12", "2022-01", "2022-02")}
    assert {field_ledger.version(home, month) for month in before} == {""}
    done(
        "import", "--plan", "plan",
        export(tmp_path / "a.csv", record("household", village, household_id=first, persons__check="match")),
    )  # fmt: skip
    after = {month: arrivals.fingerprint(home, month, None) for month in before}
    assert {month: before[month] != after[month] for month in before} == {
        **{"2021-12": False, "2022-01": True, "2022-02": True}
    }
    assert field_ledger.answers(home, "2021-12") == []
    ((plan, _, unit, *_, item, checked, _),) = field_ledger.answers(home, "2022-01")
    assert (plan, unit, item, checked) == ("plan", f"household:{first}", "persons", "match")
