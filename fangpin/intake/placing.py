"""Delivered places against the divisions of the month: by code and name together, or by the names of three levels.

A code whose name disagrees is wrong, not corrected: two public code systems differ in a quarter of the townships, and a
join on the code alone moves households in silence. Does not belong here: the divisions themselves (fangpin/places.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

RULES = {
    "place_code_unknown": "行政村代码不在本月适用的行政区划中；请核对统计用区划代码",
    "place_name_differs": "名称与行政村代码不一致；请核对代码和县、乡、村名称",
    "place_unknown": "县、乡、村名称在本月适用的行政区划中找不到；请按区划全称填写",
}
"""What a row's place can be refused for, and what the department should do."""

LEVELS = ("county", "township", "village")
_COMMITTEE = r"(社区)?(村民委员会|居民委员会|村委会|居委会)$"
_OFFICE = r"(街道办事处|街道办|街道|办事处|人民政府)$"


def place_index(divisions: pl.DataFrame) -> pl.DataFrame:
    """The columns village_code, county, township, village (folded) of the month's divisions (fangpin.places)."""
    names = divisions.select("village_code", **{level: f"{level}_name" for level in LEVELS})
    return names.select("village_code", **folded(LEVELS))


def folded(levels: Sequence[str]) -> dict[str, pl.Expr]:
    """The place names of a row as they are compared, by level.

    赵家坪村村民委员会, 赵家坪村委会 and 赵家坪村 are one village; so is one written after its county and township.
    """
    names = {level: pl.col(level).str.normalize("NFKC").str.replace_all(r"\s", "") for level in levels}
    if "village" in names:
        for above in (level for level in LEVELS[:-1] if level in names):
            names["village"] = names["village"].str.strip_prefix(names[above])
        names["village"] = names["village"].str.replace(_COMMITTEE, "").str.replace(r"(.)(村|社区)$", "${1}")
    if "township" in names:
        names["township"] = names["township"].str.replace(_OFFICE, "")
    return names


def wrong_places(rows: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """(position, column, rule) of rows whose place is not in the index.

    rows: typed rows with county, township, village, and village_code where the feed has it. Rows with an empty place
    cell are left to the rule that refuses it.
    """
    columns = [c for c in ("village_code", *LEVELS) if c in rows.columns]
    if set(columns).isdisjoint({"village_code", "village"}):
        return pl.DataFrame(schema=_SCHEMA)
    places = rows.select(columns).unique().drop_nulls()
    judged = _by_code(places, columns, index) if "village_code" in columns else _by_name(places, columns, index)
    if judged.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    found = rows.select(columns).with_row_index("position").join(judged, on=columns, how="inner")
    return found.select("position", "column", "rule")


_SCHEMA = {"position": pl.UInt32, "column": pl.String, "rule": pl.String}


def _by_code(places: pl.DataFrame, columns: list[str], index: pl.DataFrame) -> pl.DataFrame:
    names = [level for level in LEVELS if level in columns]
    known = index.select("village_code", **{f"{n}_known": n for n in names})
    written = places.with_columns(**{f"{n}_folded": name for n, name in folded(names).items()})
    judged = written.join(known, on="village_code", how="left")
    unknown = pl.col(f"{names[0]}_known").is_null()
    differing = pl.coalesce(
        pl.when(pl.col(f"{n}_folded") != pl.col(f"{n}_known")).then(pl.lit(n)) for n in reversed(names)
    )
    return judged.select(
        *columns,
        column=pl.when(unknown).then(pl.lit("village_code")).otherwise(differing),
        rule=pl.when(unknown).then(pl.lit("place_code_unknown")).otherwise(pl.lit("place_name_differs")),
    ).drop_nulls("column")


def _by_name(places: pl.DataFrame, columns: list[str], index: pl.DataFrame) -> pl.DataFrame:
    written = places.with_columns(**{f"{n}_folded": name for n, name in folded(columns).items()})
    unknown = written.join(
        index.unique(columns), left_on=[f"{n}_folded" for n in columns], right_on=columns, how="anti"
    )
    return unknown.select(*columns, column=pl.lit("village"), rule=pl.lit("place_unknown"))
