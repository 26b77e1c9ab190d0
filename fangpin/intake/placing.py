"""Delivered places against the divisions of the month: by code and name together, or by the names of three levels.

A code whose name disagrees is wrong, not corrected: two public code systems differ in a quarter of the townships, and a
join on the code alone moves households in silence. Does not belong here: the divisions themselves (fangpin/places.py).
"""

from __future__ import annotations

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
    return divisions.select(
        "village_code", **{level: fold(pl.col(f"{level}_name"), level).alias(level) for level in LEVELS}
    )


def fold(name: pl.Expr, level: str) -> pl.Expr:
    """A place name as it is compared: 赵家坪村村民委员会, 赵家坪村委会 and 赵家坪村 are one village."""
    plain = name.str.normalize("NFKC").str.replace_all(r"\s", "")
    if level == "village":
        return plain.str.replace(_COMMITTEE, "").str.replace(r"(.)(村|社区)$", "${1}")
    return plain.str.replace(_OFFICE, "") if level == "township" else plain


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
    known = places.join(index.select("village_code", **{f"{n}_known": n for n in names}), on="village_code", how="left")
    first_known = pl.col(f"{names[0]}_known")
    differing = pl.coalesce(
        pl.when(fold(pl.col(n), n) != pl.col(f"{n}_known")).then(pl.lit(n)) for n in reversed(names)
    )
    return known.select(
        *columns,
        column=pl.when(first_known.is_null()).then(pl.lit("village_code")).otherwise(differing),
        rule=pl.when(first_known.is_null()).then(pl.lit("place_code_unknown")).otherwise(pl.lit("place_name_differs")),
    ).drop_nulls("column")


def _by_name(places: pl.DataFrame, columns: list[str], index: pl.DataFrame) -> pl.DataFrame:
    folded = places.with_columns(**{f"{n}_folded": fold(pl.col(n), n) for n in columns})
    unknown = folded.join(index.unique(columns), left_on=[f"{n}_folded" for n in columns], right_on=columns, how="anti")
    return unknown.select(*columns, column=pl.lit("village"), rule=pl.lit("place_unknown"))
