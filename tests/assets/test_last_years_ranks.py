"""Ranks of the same month a year before: of the version in force, or none; none of a program that ranked otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assets.build import POLICY_FOLDER, Build
from assets.publish.last_year import last_years_ranks
from fangpin import policy
from fangpin.places import divisions


def published(home: Path, table: str) -> None:
    folder = home / "published" / "2020-12" / "v002"
    folder.mkdir(parents=True)
    (folder.parent / "CURRENT").write_text("v002\n", encoding="utf-8")
    with duckdb.connect(str(folder / "fangpin.duckdb")) as con:
        con.execute("create schema mart")
        con.execute("create schema ref")
        con.register("division", divisions(2019).filter(province_code="41"))
        con.execute("create table ref.division as from division")
        con.execute(table)


@pytest.mark.parametrize(
    ("table", "reference", "ranks"),
    [
        (None, None, []),
        (
            "create table mart.place_ranking as select 'county' as level, '410122' as place_code, 1 as rank_count",
            None,
            [],
        ),
        (
            """create table mart.place_ranking as
            select 'county' as level, '410122' as place_code, 'oe_persons' as criterion, 3 as rank, 'x' as reason""",
            "2020-12/v002",
            [("county", "410122", "oe_persons", 3)],
        ),
        (
            # The State Council, March 2021: 偃师市 became 偃师区; 孟津县 and 吉利区 became 孟津区, without one rank
            """create table mart.place_ranking as
            select 'county' as level, place_code, 'oe_persons' as criterion, rank
            from (values ('410122', 3), ('410381', 5), ('410322', 7), ('410306', 9)) as of_county (place_code, rank)""",
            "2020-12/v002",
            [("county", "410122", "oe_persons", 3), ("county", "410307", "oe_persons", 5)],
        ),
    ],
)
def test_ranks_of_last_year(
    tmp_path: Path, table: str | None, reference: str | None, ranks: list[tuple[object, ...]]
) -> None:
    if table is not None:
        published(tmp_path, table)
    with duckdb.connect() as con:
        build = Build("2021-12", con, policy.load(POLICY_FOLDER), tmp_path, lambda _: None)
        found, frame = last_years_ranks(build)
    assert found == reference
    assert frame.columns == ["level", "place_code", "criterion", "rank"]
    assert frame.rows() == ranks
