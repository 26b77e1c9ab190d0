"""Delivered places against the divisions of the month: by code and name together, or by the names of three levels.

A code whose name disagrees is refused, not corrected: two public code systems differ in a quarter of the townships, and
a join on the code alone moves households in silence. A place of an older year's divisions is taken to its one
successor, with a warning. Does not belong here: the divisions (places.py) and what became of them (succession.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from fangpin.places import COVERED, NAMED, covered, divisions, folded, year_of_month, years
from fangpin.succession import KINDS, fates

RULES = {
    "place_code_unknown": "行政村代码不在本月适用的行政区划中；请核对统计用区划代码",
    "place_name_differs": "名称与行政村代码不一致；请核对代码和县、乡、村名称",
    "place_unknown": "县、乡、村名称在本月适用的行政区划中找不到；请按区划全称填写",
    "place_ambiguous": "本乡有几个村都叫这个名称；请填写行政村代码，或写全称（某某村民委员会、某某社区居民委员会）",
    "place_split": "原行政村在本月适用的行政区划中去向不唯一；请核实现属哪个村后按新代码和新名称重报",
    "place_abolished": "原行政村在本月适用的行政区划中已没有；请核实现属哪个村后按新代码和新名称重报",
    "place_code_mapped": "代码或名称属于旧年度的行政区划，已换成本月适用的行政村；以后请按新代码和新名称报送",
}
"""What is said of a row's place, and what the department should do."""

WARNINGS = ("place_code_mapped",)
"""Rules of level 警告: the row goes on, with the village code of the month."""


@dataclass(frozen=True)
class Placed:
    """rows: with the village codes of the month. findings: position, column, rule and detail (what is known of the
    place, in Chinese; null when nothing more is).
    """

    rows: pl.DataFrame
    findings: pl.DataFrame

    def wrong(self) -> pl.DataFrame:
        """The findings that refuse their row."""
        return self.findings.filter(~pl.col("rule").is_in(WARNINGS))

    def warned(self) -> pl.DataFrame:
        """The findings that let their row go on."""
        return self.findings.filter(pl.col("rule").is_in(WARNINGS))

    def details(self) -> dict[tuple[int, str], str]:
        """What is known of a refused place, by position and rule."""
        known = self.wrong().drop_nulls("detail").select("position", "rule", "detail")
        return {(position, rule): detail for position, rule, detail in known.iter_rows()}


_FINDING = {"position": pl.UInt32, "column": pl.String, "rule": pl.String, "detail": pl.String}
_KEY = ("village_code", *NAMED)
_KIND = pl.col("kind").replace_strict(KINDS)


def place_index(month: str) -> pl.DataFrame:
    """Every place a row of the month may name: village_code, the folded names, written, form, place (its full name).

    year is null for the divisions in force. For places of other years it is the year, and rule, detail and now (the
    code of the month) say what became of them; of several years that name a place alike, the nearest stands.
    """
    return _index(year_of_month(month))


@lru_cache(maxsize=1)
def _index(year: int) -> pl.DataFrame:
    now = _named(year).with_columns(
        year=pl.lit(None, pl.Int32), rule=pl.lit(None, pl.String), detail=pl.lit(None, pl.String), now="village_code"
    )
    others = [_earlier(other, year) for other in reversed(years()) if other < year]
    others += [_later(other) for other in years() if other > year]
    known = now
    for other in others:
        known = pl.concat([known, other.select(now.columns).join(known, on=_KEY, how="anti")])
    return known


def _named(year: int) -> pl.DataFrame:
    village = covered(year).select("village_code", **{level: f"{level}_name" for level in NAMED})
    place = village.select(place=pl.format("{}{}{}（{}）", *NAMED, "village_code")).to_series()
    return folded(village).with_columns(place, form=_form())


def _form() -> pl.Expr:
    """村 or 居, by the ending of the name as written; null when it has none."""
    ending = pl.col("written").str.extract("(村委会|居委会|社区|村委|居委|村)$")
    return ending.replace_strict(
        {"村委会": "村", "村委": "村", "村": "村", "居委会": "居", "居委": "居", "社区": "居"}, default=None
    )


def _earlier(year: int, now: int) -> pl.DataFrame:
    """Places of an older year, with what became of them by `now`."""
    known = _named(year)
    fate = pl.concat([fates(province, year, now) for province in sorted({code[:2] for code in COVERED})])
    names = divisions(now).select(
        successor="village_code",
        successor_place=pl.format("{}{}{}（{}）", "county_name", "township_name", "village_name", "village_code"),
    )
    candidates = (
        fate.select("village_code", successor="candidates")
        .explode("successor", empty_as_null=False)
        .join(names, on="successor")
        .group_by("village_code", maintain_order=True)
        .agg(candidate_places=pl.col("successor_place").str.join("、"))
    )
    found = known.join(fate.drop("candidates"), on="village_code").join(names, on="successor", how="left")
    found = found.join(candidates, on="village_code", how="left")
    mapped = pl.col("successor").is_in(covered(now)["village_code"].implode())
    return found.select(
        *known.columns,
        year=pl.lit(year, pl.Int32),
        rule=pl.when(mapped)
        .then(pl.lit("place_code_mapped"))
        .when(pl.col("kind") == "split")
        .then(pl.lit("place_split"))
        .otherwise(pl.lit("place_abolished")),
        detail=pl.when(mapped)
        .then(pl.format(f"{year}年的{{}} → {now}年的{{}}，{{}}", "place", "successor_place", _KIND))
        .otherwise(
            pl.concat_str(
                pl.format("{}最后见于{}年的区划", "place", "until"),
                pl.format("；可能是：{}", pl.coalesce("candidate_places", "successor_place")),
                ignore_nulls=True,
            )
        ),
        now=pl.when(mapped).then("successor"),
    )


def _later(year: int) -> pl.DataFrame:
    return _named(year).with_columns(
        year=pl.lit(year, pl.Int32),
        rule=pl.lit("place_code_unknown"),
        detail=pl.format(f"{{}}是{year}年的区划，本月还不适用", "place"),
        now=pl.lit(None, pl.String),
    )


def judge(rows: pl.DataFrame, index: pl.DataFrame) -> Placed:
    """Find every row's place in the index. rows: typed, with county, township, village, and village_code where the
    feed has it. Rows with an empty place cell are left to the rule that refuses it.
    """
    columns = [column for column in _KEY if column in rows.columns]
    if set(columns).isdisjoint({"village_code", "village"}):
        return Placed(rows, pl.DataFrame(schema=_FINDING))
    numbered = rows.select(columns).with_row_index("position").drop_nulls()
    places = numbered.select(columns).unique().with_row_index("place_no")
    written = folded(places).with_columns(form=_form())
    said = _by_code(written, columns, index) if "village_code" in columns else _by_name(written, columns, index)
    found = numbered.join(places.join(said, on="place_no"), on=columns)
    findings = found.select(pl.col(name).cast(kind) for name, kind in _FINDING.items()).sort("position")
    if "village_code" not in columns or found["now"].null_count() == found.height:
        return Placed(rows, findings)
    moved = found.drop_nulls("now")
    codes = rows["village_code"].clone().scatter(moved["position"], moved["now"])
    return Placed(rows.with_columns(codes), findings)


def _best(written: pl.DataFrame, index: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The places of the index that the names may mean. Of several, those written alike, else those of the same form."""
    found = written.join(index, on=names, suffix="_known", maintain_order="left_right")
    likeness = 2 * (pl.col("written") == pl.col("written_known")) + (pl.col("form") == pl.col("form_known"))
    found = found.with_columns(likeness=likeness.fill_null(0))
    return found.filter(pl.col("likeness") == pl.col("likeness").max().over("place_no"))


def _by_code(written: pl.DataFrame, columns: list[str], index: pl.DataFrame) -> pl.DataFrame:
    names = [column for column in columns if column in NAMED]
    in_force = index.filter(pl.col("year").is_null())
    meant = _best(written, in_force, names)
    agreed = meant.filter(pl.col("village_code") == pl.col("village_code_known"))
    rest = written.join(agreed, on="place_no", how="anti")
    of_other_years = rest.join(
        index.filter(pl.col("year").is_not_null()), on=["village_code", *names], maintain_order="left_right"
    ).unique("place_no", keep="first")
    rest = rest.join(of_other_years, on="place_no", how="anti")
    alone = meant.filter(pl.len().over("place_no") == 1).select("place_no", by_name="place")
    codes = index.unique("village_code", keep="first", maintain_order=True)
    judged = rest.join(codes, on="village_code", how="left", suffix="_known").join(alone, on="place_no", how="left")
    valid = pl.col("year").is_null() & pl.col("place").is_not_null()
    differing = pl.coalesce(
        pl.when(pl.col(name) != pl.col(f"{name}_known")).then(pl.lit(name)) for name in reversed(names)
    )
    wrong = judged.select(
        "place_no",
        column=pl.when(valid).then(pl.coalesce(differing, pl.lit(names[-1]))).otherwise(pl.lit("village_code")),
        rule=pl.when(valid).then(pl.lit("place_name_differs")).otherwise(pl.lit("place_code_unknown")),
        detail=pl.concat_str(
            pl.when(valid).then(pl.format("该代码是{}", "place")),
            pl.when(~valid).then(pl.format("该代码在{}年是{}", "year", "place")),
            pl.format("按名称是{}", "by_name"),
            separator="；",
            ignore_nulls=True,
        ).replace("", None),
        now=pl.lit(None, pl.String),
    )
    other = of_other_years.select("place_no", pl.lit("village_code").alias("column"), "rule", "detail", "now")
    return pl.concat([other, wrong])


def _by_name(written: pl.DataFrame, columns: list[str], index: pl.DataFrame) -> pl.DataFrame:
    meant = _best(written, index.filter(pl.col("year").is_null()), columns)
    several = (
        meant.filter(pl.len().over("place_no") > 1)
        .group_by("place_no")
        .agg(detail=pl.format("可能是：{}", pl.col("place").str.join("、")))
        .with_columns(rule=pl.lit("place_ambiguous"), now=pl.lit(None, pl.String))
    )
    rest = written.join(meant, on="place_no", how="anti")
    others = _best(rest, index.filter(pl.col("year").is_not_null()), columns)
    others = others.group_by("place_no", maintain_order=True).agg(
        pl.col("rule").first(),
        pl.col("now").first(),
        pl.col("detail").unique(maintain_order=True).str.join("；"),
        same=pl.struct("rule", "now").n_unique() == 1,
    )
    unknown = rest.join(others, on="place_no", how="anti").select(
        "place_no", rule=pl.lit("place_unknown"), detail=pl.lit(None, pl.String), now=pl.lit(None, pl.String)
    )
    rule = pl.when("same").then(pl.col("rule").replace("place_code_unknown", "place_unknown"))
    others = others.select(
        "place_no", rule=rule.otherwise(pl.lit("place_ambiguous")), detail="detail", now=pl.when("same").then("now")
    )
    said = pl.concat([frame.select("place_no", "rule", "detail", "now") for frame in (several, others, unknown)])
    return said.select("place_no", pl.lit("village").alias("column"), "rule", "detail", "now")
