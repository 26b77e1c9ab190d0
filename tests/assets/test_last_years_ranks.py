"""Ranks of the same month a year before: of the version in force, or none; none of a program that ranked otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assets.build import POLICY_FOLDER, Build
from assets.publish.edition import last_years_ranks
from fangpin import policy


def published(home: Path, table: str) -> None:
    folder = home / "published" / "2020-12" / "v002"
    folder.mkdir(parents=True)
    (folder.parent / "CURRENT").write_text("v002\n", encoding="utf-8")
    with duckdb.connect(str(folder / "fangpin.duckdb")) as con:
        con.execute("create schema mart")
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
