"""What is handed to other offices: nothing small, nothing exact but the province, recorded in the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

import fastexcel
import pytest

from assets.build import POLICY_FOLDER
from assets.ledger import open_ledger
from fangpin import policy
from pipelines.exporting import in_force, protected
from pipelines.published import open_published
from tests.conftest import fangpin

MONTH = "2021-12"
GIVEN = ("export", "--month", MONTH, "--for", "省教育厅", "--purpose", "教育帮扶衔接")


@pytest.fixture(scope="module")
def home(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province's published versions and ledger in a home of its own."""
    home = tmp_path_factory.mktemp("export")
    (home / "published").symlink_to(province / "published")
    shutil.copytree(province / "ledger", home / "ledger")
    return home


@pytest.fixture(scope="module")
def book(home: Path) -> Path:
    return Path(fangpin(home, *GIVEN, "--level", "county").stdout.splitlines()[0])


@pytest.fixture(scope="module")
def sheets(book: Path) -> dict[str, list[dict[str, str | None]]]:
    """Every row of every table, by the words of its header; every cell as text."""
    read = fastexcel.read_excel(book)
    return {
        name: read.load_sheet(name, dtypes="string").to_polars().to_dicts()
        for name in ("监测对象", "监测标准测算", "专题")
    }


def multiple(text: str | None, of: int) -> bool:
    """Whether the cell is a whole number that `of` divides."""
    return text is not None and float(text) % of == 0


WORDS = {
    "级别",
    "地区代码",
    "地区",
    "方案",
    "监测线（元）",
    "风险消除率（按户）",
    "风险消除率（按人）",
    "差额（元/年）",
}


Sheets = dict[str, list[dict[str, str | None]]]


@pytest.mark.parametrize("name", ["监测对象", "监测标准测算"])
def test_below_the_province_every_count_is_hidden_or_rounded(sheets: Sheets, name: str) -> None:
    rows = [row for row in sheets[name] if row["地区代码"] != "41"]
    assert rows
    for row in rows:
        for column in row.keys() - WORDS:
            assert row[column] == "*" or multiple(row[column], 5), (row["地区代码"], column)
        if "差额（元/年）" in row:
            assert row["差额（元/年）"] == "*" or multiple(row["差额（元/年）"], 10_000)


def test_the_topics_show_no_small_count_and_no_mean_of_a_few(sheets: Sheets) -> None:
    rows = [row for row in sheets["专题"] if row["地区代码"] != "41"]
    assert {row["专题"] for row in rows} >= {"监测程序方面", "风险消除方面", "公益性岗位方面"}
    for row in rows:
        for column in ("数值", "分母"):
            assert row[column] in ("*", None, "") or multiple(row[column], 5), row
        if "*" in (row["数值"], row["分母"]):
            assert row["比例（%）或平均值"] in ("*", None, ""), row
    assert any(row["单位"] == "元" for row in rows)
    assert max(len(str(row["地区代码"])) for row in rows) == 6


def test_levels_are_those_asked_for_and_a_village_is_none(sheets: Sheets) -> None:
    assert {row["级别"] for row in sheets["监测对象"]} == {"省", "市", "县"}
    assert {row["级别"] for row in sheets["监测标准测算"]} == {"省", "市", "县"}
    assert max(len(str(row["地区代码"])) for row in sheets["监测对象"]) == 6


def test_townships_are_counted_and_lines_stop_at_the_county(home: Path) -> None:
    with open_published(MONTH, home) as con:
        places, lines, topics = protected(con, "township", in_force(policy.load(POLICY_FOLDER), MONTH))
    assert {row[0] for row in places.rows} == {row[0] for row in topics.rows} == {"省", "市", "县", "乡镇"}
    assert {row[0] for row in lines.rows} == {"省", "市", "县"}
    assert max(len(str(row[1])) for row in places.rows) == 9


def test_the_own_province_is_exact_and_another_one_that_is_one_township_is_not(home: Path, sheets: Sheets) -> None:
    rows = {row["地区代码"]: row for row in sheets["监测对象"]}
    with open_published(MONTH, home) as con:
        exact = con.sql(
            "select households from mart.place_month where level = 'province' and place_code = '41'"
        ).fetchone()
    assert exact is not None
    assert rows["41"]["农户数"] == str(exact[0])
    place = rows["14"]
    assert (place["监测对象户数"], place["已消除户数"], place["未消除户数"]) == ("45", "40", "*")  # 45, 41, 4
    assert float(str(place["风险消除率（按户）"])) == pytest.approx(40 / 45)


def test_the_export_is_in_the_ledger_and_the_same_again_is_the_same_file(home: Path, book: Path) -> None:
    content = book.read_bytes()
    again = fangpin(home, *GIVEN, "--level", "county").stdout.splitlines()
    assert again[0] == str(book)
    assert book.read_bytes() == content
    with open_ledger(home) as con:
        kept = con.execute("select month, receiver, purpose, level, file from export").fetchall()
    assert [tuple(row) for row in kept] == [(MONTH, "省教育厅", "教育帮扶衔接", "county", book.name)] * 2


def test_a_village_level_and_an_unnamed_receiver_are_refused(home: Path) -> None:
    done = fangpin(home, *GIVEN, "--level", "village", check=False)
    assert (done.returncode, "村级不外发" in done.stderr) == (2, True)
    done = fangpin(home, *GIVEN[:4], " ", *GIVEN[5:], check=False)
    assert (done.returncode, "请写明接收单位和用途" in done.stderr) == (2, True)
