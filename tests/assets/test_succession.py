"""ref.succession from the shipped divisions, and that no household is lost on the way from one year to the next.

Expected villages are read off the files of 2021 and 2023; counts come from queries of the files that know names only.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from assets.ref import succession
from assets.ref.place import of_divisions, remainders
from checks.catalogue import contracts
from checks.feed import INCREMENT
from checks.raw import FEEDS
from fangpin import places
from fangpin.errors import FangpinError
from fangpin.month import windows
from pipelines.models import load_models
from tests.sql.test_sql_models import CHECKOUT, create_table

FILES = """create view {name} as select *, village_code[1:2] as province_code
from read_csv('{path}', all_varchar = true) where village_code like '41%' or village_code like '141123208%'"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """ref.division and prev.ref.division, both empty."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as prev")
        create_table(con, "ref.division", [])
        create_table(con, "prev.ref.division", [])
        yield con


def fill(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("frame", frame)
    con.execute(f"insert into {table} by name select * from frame")
    con.unregister("frame")


def rows(frame: pl.DataFrame, *codes: str) -> list[tuple[str | None, ...]]:
    columns = ("previous_name", "kind", "village_code", "remainder_code", "township_code", "county_code")
    known = {row["previous_village_code"]: row for row in frame.iter_rows(named=True)}
    return [tuple(known[code][column] for column in columns) for code in codes]


def test_nothing_is_read_or_found_when_the_year_is_the_same(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(con, "ref.division", places.covered(2021))
    fill(con, "prev.ref.division", places.covered(2021))
    for function in ("divisions", "fates", "seats"):
        monkeypatch.delattr(succession, function)
    found = succession.succeeded(con, "2022-12")
    assert found.is_empty()
    assert set(found.columns) == {column.name for column in contracts()["ref.succession"].columns}


def test_the_first_month_has_no_month_before(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, "ref.division", places.covered(2021))
    assert succession.succeeded(con, "2021-10").is_empty()


@pytest.mark.parametrize("month", ["2023-01", "2023-06"])
def test_from_2021_to_2023(con: duckdb.DuckDBPyConnection, month: str) -> None:
    """In 2023-06 too: the divisions of 2023 may be shipped when months of 2023 were published under those of 2021."""
    fill(con, "ref.division", places.covered(2023))
    fill(con, "prev.ref.division", places.covered(2021))
    found = succession.succeeded(con, month)
    assert rows(found, "410311107001", "411422208207", "411423203211", "410223203223") == [
        # 李楼镇 became 李楼街道
        ("洛龙区李楼镇李楼社区居民委员会", "recoded", "410311012001", None, "410311012", "410311"),
        # its code of 2021 is another village's in 2023
        ("睢县尤吉屯乡许冯庄村委会", "recoded", "411422208213", None, "411422208", "411422"),
        # its code of 2021 is 刘八楼's in 2023: perhaps the same, nothing proves it
        ("宁陵县刘楼乡刘楼村委会", "split", None, "411423203000", "411423203", "411423"),
        # 大马乡 is no more
        ("尉氏县大马乡李家村村委会", "abolished", None, "410223000000", None, "410223"),
    ]
    for year in (2021, 2023):
        con.execute(FILES.format(name=f"y{year}", path=places.DATA / f"divisions_{year}.csv.gz"))
    con.register("found", found)
    lost = {
        code for (code,) in con.sql("select village_code from y2021 anti join y2023 using (village_code)").fetchall()
    }
    assert len(lost) == 1364
    assert lost <= set(found["previous_village_code"])
    same = con.sql(
        """select previous_village_code from found join y2021 as old on previous_village_code = old.village_code
        join y2023 as new on old.village_code = new.village_code and old.village_name = new.village_name"""
    ).fetchall()
    assert same == []
    alone = (
        "select * from {} qualify count(*) over (partition by city_name, county_name, township_name, village_name) = 1"
    )
    named = con.sql(
        f"""select old.village_code, new.village_code from ({alone.format("y2021")}) as old
        join ({alone.format("y2023")}) as new using (city_name, county_name, township_name, village_name)
        where old.village_code <> new.village_code"""
    ).fetchall()
    assert len(named) == 48
    assert set(named) <= set(found.select("previous_village_code", "village_code").rows())


def test_divisions_of_no_shipped_year_are_named(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, "ref.division", places.covered(2023))
    strange = places.covered(2021).with_columns(village_name=pl.lit("某村委会"))
    fill(con, "prev.ref.division", strange)
    with pytest.raises(FangpinError, match=r"2023-01 不能判断各村的沿革.*2019、2021、2023.*请用现在的程序重新运行上月"):
        succession.succeeded(con, "2023-01")


def test_a_county_that_reports_no_longer() -> None:
    """洛龙区 gone from the places that report: its villages have no successor and count in the city."""
    now = places.covered(2023).filter(pl.col("county_code") != "410311")
    found = succession.moved(places.covered(2021), now, 2021, 2023)
    assert rows(found, "410311107001")[0][2:] == (None, "410300000000", None, None)
    (remainder,) = remainders(of_divisions(now), found.filter(remainder_code="410300000000")).rows()
    assert remainder == (
        "village",
        "410300000000",
        "去向待核实的原行政村",
        "河南省洛阳市去向待核实的原行政村",
        "4103",
        True,
    )


def test_every_household_of_last_month_is_counted(con: duckdb.DuckDBPyConnection) -> None:
    """An active household in every village of 2021; in 2023 it is listed where its village has a proven successor."""
    model = next(model for model in load_models(CHECKOUT / "sql") if model.name == "mart.place_month")
    fill(con, "ref.division", now := places.covered(2023))
    fill(con, "prev.ref.division", before := places.covered(2021))
    found = succession.succeeded(con, "2023-01")
    plain = of_divisions(now)
    given = {
        "ref.succession": found,
        "ref.place": pl.concat([plain, remainders(plain, found)]),
        "ref.month": pl.DataFrame([windows("2023-01")]),
    }
    monitored = before.select("village_code", eliminated=pl.lit(False)).with_row_index("household_id")
    given["prev.core.monitored_household"] = monitored
    given["prev.mart.place_month"] = pl.concat(
        before.group_by(place_code=f"{level}_code").agg(active_households=pl.len()).with_columns(level=pl.lit(level))
        for level in ("village", "county", "province")
    )
    moved = monitored.join(found, left_on="village_code", right_on="previous_village_code", how="left", suffix="_now")
    listed = moved.filter(pl.col("remainder_code").is_null()).select(
        "household_id",
        village_code=pl.coalesce("village_code_now", "village_code"),
        persons=1,
        eliminated=False,
        category=pl.lit("边缘易致贫户"),
    )
    given["core.monitored_household"] = listed
    given["core.household_month"] = listed.select("household_id", "village_code", "persons")
    given["mart.household_risk"] = listed.select("household_id", "village_code", band=pl.lit("无"))
    for name in {*model.inputs, "prev.mart.place_month"} - {"ref.division"}:
        create_table(con, name, [])
        if name in given:
            fill(con, name, given[name])
    contract = contracts()["mart.place_month"]
    con.execute("create schema if not exists mart")
    con.execute(contract.ddl())
    con.execute(f"insert into mart.place_month by name {model.sql}")
    broken = {a.name: con.sql(a.sql).fetchall() for a in contract.audits if a.blocking}
    assert broken == {name: [] for name in broken}
    lost = found["remainder_code"].count()
    assert con.sql(
        """select opening_active_households, natural_change_households, active_households from mart.place_month
        where place_code = '41'"""
    ).fetchall() == [(before["in_province"].sum(), -lost, before["in_province"].sum() - lost)]
    counted = dict(
        con.sql(
            """select place_code, opening_active_households from mart.place_month
            where level = 'village' and place_code in (select remainder_code from ref.succession)"""
        ).fetchall()
    )
    assert counted == dict(found.drop_nulls("remainder_code").group_by("remainder_code").len().iter_rows())


def test_no_increment_holds_a_village() -> None:
    """The lake files of an increment's earlier months are read today: their codes would be of other divisions."""
    holding = {
        feed.name
        for feed in FEEDS.values()
        for column in feed.columns
        if feed.delivery == INCREMENT and (column.kind == "village_code" or column.name in places.NAMED)
    }
    assert holding == set()
