"""fangpin explain over the province: what is below the line, in yuan, and delivered rows marked as they count."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.published import open_published
from tests.conftest import fangpin

MONTH = "2021-12"


def test_a_household_below_the_line_with_a_record_of_the_month_itself(province: Path) -> None:
    """The statement ends the month before: the month's own income record does not count yet."""
    with open_published(MONTH, province) as con, duckdb.connect() as lake:
        rows = con.sql(
            """select household_id, cast(margin_pct as double) from core.household_month
               join mart.risk_contribution using (household_id)
               where indicator = 'income_margin' and margin_pct < 0 and in_province"""
        ).fetchall()
        reported = lake.sql(
            f"select household_id from read_parquet('{province}/lake/income/*/*.parquet') where period = '{MONTH}'"
        ).fetchall()
    below = dict(rows)
    household = min(below.keys() & {number for (number,) in reported})
    told = fangpin(province, "explain", "--month", MONTH, "--household", str(household)).stdout.splitlines()
    assert "必核查：扣除刚性支出后收入低于监测线" in told[1]
    assert told[2].startswith("收入测算：家庭纯收入 ")
    assert told[4].endswith(f"比监测线低 {-below[household]:.1f}%")
    heading = next(line for line in told if "农户收支台账（乡村振兴局）：" in line)
    assert heading.endswith("行不在本月计算期内")
    of_the_month = [line for line in told if "所属期＝202112" in line]
    assert len(of_the_month) == 1
    assert "行（不在本月计算期内）：" in of_the_month[0]


def test_an_unknown_household_is_told_where_numbers_are(province: Path) -> None:
    done = fangpin(province, "explain", "--month", MONTH, "--household", "99999999", check=False)
    assert done.returncode == 1
    assert all(place in done.stderr for place in ("异常线索页", "县页面", "mart.household_risk"))
    assert "工作簿" not in done.stderr
