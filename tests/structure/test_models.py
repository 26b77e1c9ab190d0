"""The loader of SQL models: name, description, inputs, code version and column lineage of hand-made files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.models import Model, load_models

COLUMNS = {
    "core.household": ["household_id", "persons", "village_code"],
    "ref.division": ["village_code", "county_code"],
    "prev.core.household": ["household_id", "persons", "village_code"],
}


def model(sql: str) -> Model:
    return Model(name="mart.example", path=Path("sql/mart/example.sql"), sql=sql)


def lineage(sql: str) -> dict[str, list[tuple[str, str]]]:
    found = model(sql)
    return found.column_lineage({name: COLUMNS[name] for name in found.inputs})


def test_lineage_through_ctes_joins_and_last_month() -> None:
    sql = """
        with household as (select * from core.household), division as (select * from ref.division),
        previous as (select * from prev.core.household),
        joined as (
          select household.household_id as household_id, division.county_code as county_code,
                 household.persons - coalesce(previous.persons, 0) as growth
          from household
          inner join division on household.village_code = division.village_code
          left join previous on household.household_id = previous.household_id
        )
        select household_id, county_code as place, growth from joined"""
    assert lineage(sql) == {
        "household_id": [("core.household", "household_id")],
        "place": [("ref.division", "county_code")],
        "growth": [("core.household", "persons"), ("prev.core.household", "persons")],
    }


def test_lineage_of_unions_goes_by_position() -> None:
    sql = "select household_id as id from core.household union all select persons as other from prev.core.household"
    assert lineage(sql) == {"id": [("core.household", "household_id"), ("prev.core.household", "persons")]}


def test_lineage_of_scalar_subqueries_and_literals() -> None:
    sql = "select 1 as one, (select max(county_code) as top from ref.division) as top from core.household"
    assert lineage(sql) == {"one": [], "top": [("ref.division", "county_code")]}


def test_inputs_are_sorted_base_tables_only() -> None:
    sql = "with a as (select * from core.household) select a.persons as p from a cross join ref.division"
    assert model(sql).inputs == ("core.household", "ref.division")


def test_code_version_ignores_comments_and_layout_but_not_meaning() -> None:
    one = model("-- One row.\nselect persons as p\nfrom core.household")
    same = model("-- One row, differently said.\nselect persons as p from core.household")
    other = model("-- One row.\nselect household_id as p from core.household")
    assert one.code_version == same.code_version != other.code_version


def test_description_is_the_leading_comment() -> None:
    assert model("-- One row per x.\n-- More.\nselect 1 as a").description == "One row per x.\nMore."
    with pytest.raises(ValueError, match="grain"):
        _ = model("select 1 as a").description


@pytest.mark.parametrize("sql", ["select 1 as a; select 2 as b", "drop table x", "create table t as select 1 as a"])
def test_a_model_is_exactly_one_select(sql: str) -> None:
    with pytest.raises(ValueError, match="one SELECT"):
        _ = model(sql).tree


def test_the_path_is_the_name(tmp_path: Path) -> None:
    (tmp_path / "mart").mkdir()
    (tmp_path / "mart" / "thing.sql").write_text("-- One row.\nselect 1 as a", encoding="utf-8")
    assert [m.name for m in load_models(tmp_path)] == ["mart.thing"]
