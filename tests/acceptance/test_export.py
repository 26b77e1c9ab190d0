"""What is handed to other offices: nothing small, nothing exact but the province, recorded in the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from assets.ledger import open_ledger
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
    return Path(fangpin(home, *GIVEN, "--level", "township").stdout.splitlines()[0])


def cells(book: Path, name: str) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(book)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


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


@pytest.mark.parametrize("name", ["监测对象", "监测标准测算"])
def test_below_the_province_every_count_is_hidden_or_rounded(book: Path, name: str) -> None:
    rows = cells(book, name)
    assert rows
    for row in rows:
        if row["地区代码"] == "41":
            continue
        for column in row.keys() - WORDS:
            value = row[column]
            assert value == "*" or (isinstance(value, int) and value % 5 == 0), (row["地区代码"], column)
        if "差额（元/年）" in row:
            assert row["差额（元/年）"] == "*" or int(str(row["差额（元/年）"])) % 10_000 == 0


def test_the_topics_show_no_small_count_and_no_mean_of_a_few(book: Path) -> None:
    rows = [row for row in cells(book, "专题") if row["地区代码"] != "41"]
    assert {row["专题"] for row in rows} >= {"监测程序方面", "风险消除方面", "公益性岗位方面"}
    for row in rows:
        for column in ("数值", "分母"):
            assert row[column] in ("*", None, "") or int(str(row[column])) % 5 == 0, row
        if "*" in (row["数值"], row["分母"]):
            assert row["比例（%）或平均值"] in ("*", None, ""), row
    assert any(row["单位"] == "元" for row in rows)
    assert max(len(str(row["地区代码"])) for row in rows) == 9


def test_levels_are_those_asked_for_and_a_village_is_none(book: Path) -> None:
    assert {row["级别"] for row in cells(book, "监测对象")} == {"省", "市", "县", "乡镇"}
    assert {row["级别"] for row in cells(book, "监测标准测算")} == {"省", "市", "县"}
    assert max(len(str(row["地区代码"])) for row in cells(book, "监测对象")) == 9


def test_the_own_province_is_exact_and_another_one_that_is_one_township_is_not(home: Path, book: Path) -> None:
    rows = {row["地区代码"]: row for row in cells(book, "监测对象")}
    with open_published(MONTH, home) as con:
        exact = con.sql(
            "select households from mart.place_month where level = 'province' and place_code = '41'"
        ).fetchone()
    assert exact is not None
    assert rows["41"]["农户数"] == exact[0]
    assert (rows["14"]["监测对象户数"], rows["14"]["已消除户数"], rows["14"]["未消除户数"]) == (
        45,
        40,
        "*",
    )  # 45, 41, 4
    assert rows["14"]["风险消除率（按户）"] == pytest.approx(40 / 45)


def test_the_export_is_in_the_ledger_and_the_same_again_is_the_same_file(home: Path, book: Path) -> None:
    content = book.read_bytes()
    again = fangpin(home, *GIVEN, "--level", "township").stdout.splitlines()
    assert again[0] == str(book)
    assert book.read_bytes() == content
    with open_ledger(home) as con:
        kept = con.execute("select month, receiver, purpose, level, file from export").fetchall()
    assert [tuple(row) for row in kept] == [(MONTH, "省教育厅", "教育帮扶衔接", "township", book.name)] * 2


def test_a_village_level_and_an_unnamed_receiver_are_refused(home: Path) -> None:
    done = fangpin(home, *GIVEN, "--level", "village", check=False)
    assert (done.returncode, "村级不外发" in done.stderr) == (2, True)
    done = fangpin(home, *GIVEN[:4], " ", *GIVEN[5:], check=False)
    assert (done.returncode, "请写明接收单位和用途" in done.stderr) == (2, True)
