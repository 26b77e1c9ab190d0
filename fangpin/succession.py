"""What became of every village from one shipped year of the divisions to the next.

Read from the facts alone (codes, names, parents), in steps that accept a link only where it is the only one on both
sides (docs/decisions/0036-places.md). What no step can tell is not guessed: such a village has no successor, only
candidates. Does not belong here: the divisions (places.py), delivered places (fangpin/intake/placing.py).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import polars as pl

from fangpin.places import divisions, folded, years

KINDS = {
    "kept": "代码和村名未变",
    "recoded": "改码",
    "renamed": "更名",
    "merged": "并入",
    "split": "去向不唯一",
    "abolished": "撤销",
    "new": "新设",
}
"""kept: same code, same folded name. recoded: same name under another code, of the same township or not. renamed: same
code under another name. merged: its code has passed to a village that already had its name. split: several villages may
be it. abolished: none is, or one may be and nothing proves it. new: a village without a predecessor."""

STEADY = 0.8
"""Share of a township's codes whose villages kept their names from which on a code alone speaks for its village."""
COMPANY = 2
"""Villages that must have gone from one township to another for a name to be followed there."""
MOST = 0.5
"""Share of the villages of a lost township or county that must be found in another for it to be the same."""


@lru_cache(maxsize=8)
def changes(province: str, before: int, after: int) -> pl.DataFrame:
    """One row per village of the province in either year, sorted by code: village_code (of `before`; null when new),
    kind, successor (of `after`; null when split or abolished), candidates (of `after`, when split or abolished).
    """
    old, new = _side_by_side(province, before, after)
    links = _linked(old, new.with_columns(village_code="code"), ["village_code", "village"], "kept")
    for key in (["home", "written"], ["home", "village"], ["county", "township", "village"]):
        links = pl.concat([links, _linked(*_open(old, new, links), key, "recoded")])
    links = pl.concat([links, _followed(old, new, links)])
    links = pl.concat([links, _same_code(old, new, links)])
    lost, found = _open(old, new, links)
    rows = [
        links.with_columns(candidates=pl.lit([], pl.List(pl.String))),
        _lost(lost, found),
        found.select(
            village_code=pl.lit(None, pl.String),
            kind=pl.lit("new"),
            successor="code",
            candidates=pl.lit([], pl.List(pl.String)),
        ),
    ]
    return pl.concat(rows).sort("village_code", "successor", nulls_last=True)


def fates(province: str, before: int, after: int) -> pl.DataFrame:
    """What became of the villages of `before` by `after`, over the years between: village_code, kind, successor,
    candidates as of `changes` (kind: the last change, or the one that lost it) and until, the last year it was known.
    """
    found = _villages(province, before).select(
        "village_code",
        kind=pl.lit("kept"),
        successor="village_code",
        candidates=pl.lit([], pl.List(pl.String)),
        until=pl.lit(after),
    )
    for earlier, later in pairwise(year for year in years() if before <= year <= after):
        step = changes(province, earlier, later).drop_nulls("village_code")
        found = found.join(step, left_on="successor", right_on="village_code", how="left", suffix="_now").select(
            "village_code",
            kind=pl.when(pl.col("kind_now").fill_null("kept") == "kept").then("kind").otherwise("kind_now"),
            successor="successor_now",
            candidates=pl.coalesce("candidates_now", _carried(pl.col("candidates"), step)),
            until=pl.when(pl.col("kind_now").is_not_null() & pl.col("successor_now").is_null())
            .then(pl.lit(earlier))
            .otherwise("until"),
        )
    return found.sort("village_code")


def seats(province: str, before: int, after: int) -> pl.DataFrame:
    """The township, county and city every village of `before` lay in, under the codes of `after`: village_code,
    township_code, county_code, city_code. A place that is no more and became no other keeps its old code.
    """
    old, new = _side_by_side(province, before, after)
    cities = new.select("county", city="city_code").unique()
    return (
        old.join(cities, on="county", how="left")
        .select("village_code", township_code="home", county_code="county", city_code=pl.coalesce("city", "city_code"))
        .sort("village_code")
    )


def _side_by_side(province: str, before: int, after: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The villages of both years, with the county and the township (home) of the later year that is each one's own."""
    old, new = (_villages(province, year) for year in (before, after))
    old = old.with_columns(county=_passed_on(old, new, "county_code", ["city_code", "township", "village"]))
    new = new.with_columns(county="county_code")
    old = old.with_columns(home=_passed_on(old, new, "township_code", ["county", "village"]))
    return old, new.with_columns(home="township_code")


def _carried(candidates: pl.Expr, step: pl.DataFrame) -> pl.Expr:
    """Candidates of an earlier step under their codes of today; those that are lost themselves drop out."""
    codes = dict(step.drop_nulls("successor").select("village_code", "successor").iter_rows())
    return candidates.list.eval(pl.element().replace_strict(codes, default=None).drop_nulls())


@lru_cache(maxsize=6)
def _villages(province: str, year: int) -> pl.DataFrame:
    frame = divisions(year).filter(province_code=province)
    names = frame.select(
        "village_code",
        "township_code",
        "county_code",
        "city_code",
        county="county_name",
        township="township_name",
        village="village_name",
    )
    return folded(names).drop("county").with_columns(code="village_code")


def _open(old: pl.DataFrame, new: pl.DataFrame, links: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Villages of both years that no link has taken."""
    return (
        old.join(links, on="village_code", how="anti"),
        new.join(links, left_on="code", right_on="successor", how="anti"),
    )


def _pairs(old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Villages that agree in the key, alone in it in both years; columns of the later one end in _new."""
    alone = pl.len().over(key) == 1
    return old.filter(alone).join(new.filter(alone), on=key, suffix="_new")


def _linked(old: pl.DataFrame, new: pl.DataFrame, key: list[str], kind: str) -> pl.DataFrame:
    return _pairs(old, new, key).select("village_code", kind=pl.lit(kind), successor="code_new")


def _passed_on(old: pl.DataFrame, new: pl.DataFrame, level: str, key: list[str]) -> pl.Expr:
    """The code of the level in the later year: its own or, when that is no more, the one most of its villages have."""
    gone = old.join(new, on=level, how="anti")
    votes = _pairs(gone, new, key).group_by(level, f"{level}_new").agg(votes=pl.len())
    sizes = gone.group_by(level).agg(size=pl.len())
    most = votes.join(sizes, on=level).filter(pl.col("votes") > MOST * pl.col("size"))
    return pl.col(level).replace(dict(most.select(level, f"{level}_new").iter_rows()))


def _followed(old: pl.DataFrame, new: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Villages found by name in another township of the county that others of theirs went to as well."""
    route = ["township_code", "township_code_new"]
    same_name = _open(old, new, links)[0].join(_open(old, new, links)[1], on=["county", "village"], suffix="_new")
    alone = (pl.len().over("village_code") == 1) & (pl.len().over("code_new") == 1)
    linked = links.join(old, on="village_code").join(
        new.select("code", "township_code"), left_on="successor", right_on="code", suffix="_new"
    )
    travelled = pl.concat([linked.select(route), same_name.filter(alone).select(route)])
    routes = travelled.group_by(route).len().filter(pl.col("len") >= COMPANY)
    return (
        same_name.join(routes, on=route, how="semi")
        .filter(alone)
        .select("village_code", kind=pl.lit("recoded"), successor="code_new")
    )


def _same_code(old: pl.DataFrame, new: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Villages whose code stands for another name, in townships whose codes are steady.

    merged: the code has passed to a known village, and one name holds the other. renamed: the new name was nobody's in
    the township, no new village of the county has the old one, and the names are much the same or the township has
    neither lost nor gained a code.
    """
    lost, found = _open(old, new, links)
    both = old.join(new.select("code", "village"), on="code", suffix="_new").with_columns(
        taken=~pl.col("code").is_in(found["code"].implode()), open=pl.col("code").is_in(lost["code"].implode())
    )
    other = both.filter(pl.col("village") != pl.col("village_new"))
    names = list(zip(other["village"], other["village_new"], strict=True))
    held = pl.Series("held", [_holds(*pair) for pair in names], dtype=pl.Boolean)
    one_sign = pl.Series("one_sign", [_one_sign_apart(*pair) for pair in names], dtype=pl.Boolean)
    other = other.with_columns(held, alike=held | one_sign)
    strange = other.filter(~pl.col("alike")).group_by("township_code").agg(strange=pl.len())
    codes = both.group_by("township_code").agg(kept=pl.len())
    for side, villages in (("before", old), ("after", new)):
        codes = codes.join(villages.group_by("township_code").agg(pl.len().alias(side)), on="township_code")
    codes = codes.join(strange, on="township_code", how="left").select(
        "township_code",
        steady=pl.col("strange").fill_null(0) <= (1 - STEADY) * pl.col("kept"),
        unmoved=(pl.col("before") == pl.col("kept")) & (pl.col("after") == pl.col("kept")),
    )
    asked = other.filter("open").join(codes.filter("steady"), on="township_code")
    fresh = asked.join(old, left_on=["township_code", "village_new"], right_on=["township_code", "village"], how="anti")
    fresh = fresh.join(found, on=["county", "village"], how="anti").filter(~pl.col("taken"))
    renamed = fresh.filter(pl.col("alike") | pl.col("unmoved")).with_columns(kind=pl.lit("renamed"))
    merged = asked.filter("taken", "held").with_columns(kind=pl.lit("merged"))
    return pl.concat([renamed, merged]).select("village_code", "kind", successor="code")


def _holds(one: str, other: str) -> bool:
    """The longer name holds the signs of the shorter in their order: 黄土岭, 黄岭."""
    short, long = sorted((one, other), key=len)
    signs = iter(long)
    return all(sign in signs for sign in short)


def _one_sign_apart(one: str, other: str) -> bool:
    """封占, 封寨."""
    return len(one) == len(other) > 1 and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _lost(lost: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The villages without a successor, and the new villages that may be one: of the township that took their own's
    place with their name in theirs, or of the county with their name.
    """
    near = lost.join(found, on="home", suffix="_new").filter(
        pl.col("village_new").str.starts_with(pl.col("village")) | (pl.col("code") == pl.col("code_new"))
    )
    far = lost.join(found, on=["county", "village"], suffix="_new")
    candidates = (
        pl.concat([near.select("village_code", "code_new"), far.select("village_code", "code_new")])
        .unique()
        .group_by("village_code")
        .agg(candidates=pl.col("code_new").sort())
    )
    return lost.join(candidates, on="village_code", how="left").select(
        "village_code",
        kind=pl.when(pl.col("candidates").list.len() > 1).then(pl.lit("split")).otherwise(pl.lit("abolished")),
        successor=pl.lit(None, pl.String),
        candidates=pl.col("candidates").fill_null(pl.lit([], pl.List(pl.String))),
    )
