"""The figures of 赵家坪乡's own report come out of the published tables and the workbook, in every month.

10 villages, 34 hamlets, 2,535 households / 7,160 persons, 891/2,493 out of poverty; not eliminated 3/11 and 1/3,
eliminated 41/117 (赵家坪乡2022年防止返贫监测帮扶集中排查工作总结报告 一).
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines.published import open_published
from tests.conftest import MONTHS

TOWNSHIP = "141123208"


@pytest.mark.parametrize("month", MONTHS)
def test_published_figures(province: Path, month: str) -> None:
    with open_published(month, province) as con:
        figures = con.sql(
            f"""select households, persons, tuopin_households, tuopin_persons, monitored_households, monitored_persons,
                       unstable_active_households, unstable_active_persons, marginal_active_households,
                       marginal_active_persons, sudden_active_households, eliminated_households, eliminated_persons,
                       identified_households, returned_households, in_province
                from mart.place_month where level = 'township' and place_code = '{TOWNSHIP}'"""
        ).fetchall()
        assert figures == [(2535, 7160, 891, 2493, 45, 131, 3, 11, 1, 3, 0, 41, 117, 0, 0, False)]
        ratios = con.sql(
            f"""select round(100 * elimination_ratio_households, 1), round(100 * elimination_ratio_persons, 1)
                from mart.place_month where level = 'township' and place_code = '{TOWNSHIP}'"""
        ).fetchall()
        assert ratios == [(91.1, 89.3)]
        villages = con.sql(f"select count(*) from ref.division where township_code = '{TOWNSHIP}'").fetchall()
        assert villages == [(10,)]


@pytest.mark.parametrize("month", MONTHS)
def test_outside_the_province(province: Path, month: str) -> None:
    """Published, but in nobody's totals, ranking or draw."""
    with open_published(month, province) as con:
        own = con.sql(
            "select sum(households) from mart.place_month where level = 'city' and place_code like '41%'"
        ).fetchall()
        whole = con.sql("select households from mart.place_month where level = 'province' and in_province").fetchall()
        assert own == whole
        for table, column in (
            ("mart.county_ranking", "place_code"),
            ("mart.township_ranking", "place_code"),
            ("mart.village_ranking", "place_code"),
            ("mart.research_sample", "village_code"),
        ):
            assert con.sql(f"select count(*) from {table} where {column} not like '41%'").fetchall() == [(0,)]


def test_workbook(province: Path) -> None:
    """监测对象汇总表.xlsx, sheet 其他地区, read back with another library."""
    folder = province / "published" / (province / "published" / "CURRENT").read_text(encoding="utf-8").strip()
    book = openpyxl.load_workbook(folder / "workbooks" / "监测对象汇总表.xlsx", data_only=True)
    rows = [[c for c in row if c is not None] for row in book["其他地区"].iter_rows(values_only=True)]
    township = [row for row in rows if any("赵家坪乡" in str(cell) for cell in row)]
    assert len(township) == 1
    numbers = [cell for cell in township[0] if isinstance(cell, int | float)]
    for expected in (45, 131, 41, 117, 2535, 7160):
        assert expected in numbers
    assert any(abs(n - 41 / 45) < 1e-6 for n in numbers)
    assert any(abs(n - 117 / 131) < 1e-6 for n in numbers)
