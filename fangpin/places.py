"""Administrative divisions by year, down to villages, and their names as they are compared.

Does not belong here: what became of a village from one year to the next (succession.py), policy by place (policy/),
the judging of delivered places (fangpin/intake/placing.py).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from fangpin.errors import FangpinError

DATA = Path(__file__).parent / "data"
OWN_PROVINCE = "41"
"""The province whose totals, rankings and draw are published (河南省); other places are published beside them."""
COVERED = (OWN_PROVINCE, "141123208")
"""Codes of the places that report, villages below them included: the own province and, beside it, 兴县赵家坪乡."""

NAMED = ("county", "township", "village")
"""The levels whose names a department writes."""

FOLDS = (
    (
        "township",
        r"(.)(街道办事处|街道办|街道|办事处|人民政府)$",
        "杨桥街道办事处、杨桥街道 → 杨桥；赵家坪乡人民政府 → 赵家坪乡",
    ),
    (
        "village",
        r"(.)(社区)?(村民委员会|村委会|村委|居民委员会|居委会|居委|居民委会|居民民委员会|居民管理委员会)$",
        "赵寨村民委员会、赵寨村委会 → 赵寨；碧沙岗社区居民委员会、碧沙岗社区居委会 → 碧沙岗",
    ),
    ("village", r"(.)(村|社区)$", "赵家坪村 → 赵家坪；碧沙岗社区 → 碧沙岗"),
)
"""Endings that make no difference between two names: (level, pattern, example). Applied in this order, after full-width
signs, blanks and a county or township written before the name are gone. 县、区、市、乡、镇 make a difference."""
_ENDINGS = ("", "街道", "街道办事处", "村", "村委会", "村民委员会", "社区", "社区居委会", "社区居民委员会")
"""What is no name of its own: 城区街道 of 城区 stays 城区街道."""


@lru_cache(maxsize=4)
def divisions(year: int) -> pl.DataFrame:
    """Villages of the provinces shipped (data/README.md), sorted by code, with the columns of ref.division.

    rural is true for 村民委员会 (村委会), false for 社区居民委员会. Raises FangpinError for a year that is not shipped.
    """
    if year not in years():
        raise FangpinError(
            f"没有 {year} 年的行政区划；已有年份：{_known()}。请把区划文件放到 {DATA.name}/ 并重新运行。"
        )
    frame = pl.read_csv(DATA / f"divisions_{year}.csv.gz", infer_schema=False)
    return frame.select(
        "village_code",
        "village_name",
        "township_code",
        "township_name",
        "county_code",
        "county_name",
        "city_code",
        "city_name",
        province_code=pl.col("village_code").str.slice(0, 2),
        province_name="province_name",
        rural=pl.col("village_name").str.contains("村民委员会|村委会$"),
        in_province=pl.col("village_code").str.starts_with(OWN_PROVINCE),
    ).sort("village_code")


@lru_cache(maxsize=1)
def years() -> tuple[int, ...]:
    """The years whose divisions are shipped, oldest first."""
    return tuple(sorted(int(path.name[10:14]) for path in DATA.glob("divisions_*.csv.gz")))


def covered(year: int) -> pl.DataFrame:
    """The divisions of the places that report."""
    code = pl.col("village_code")
    return divisions(year).filter(pl.any_horizontal(code.str.starts_with(place) for place in COVERED))


def year_of_month(month: str) -> int:
    """The newest shipped year that is not after the month: its divisions are in force."""
    usable = [year for year in years() if year <= int(month[:4])]
    if not usable:
        raise FangpinError(f"{month} 之前没有可用的行政区划；已有年份：{_known()}。")
    return usable[-1]


def divisions_of_month(month: str) -> pl.DataFrame:
    """The divisions in force in a month, of the places that report."""
    return covered(year_of_month(month))


def divisions_until(month: str) -> pl.DataFrame:
    """The divisions in force in a month and those of all older years: what a department may still write."""
    return pl.concat([covered(year) for year in years() if year <= year_of_month(month)])


def _known() -> str:
    return "、".join(map(str, years()))


def folded(names: pl.DataFrame) -> pl.DataFrame:
    """The frame with its columns county, township and village (those it has) as they are compared (FOLDS).

    written, where there is a village: its name with its ending (委会 for 民委员会), to tell 某村 from 某社区.
    """
    levels = [level for level in NAMED if level in names.columns]
    tidy = names.with_columns(pl.col(levels).str.normalize("NFKC").str.replace_all(r"\s", ""))
    for lower, upper in (("township", "county"), ("village", "county"), ("village", "township")):
        if lower in levels and upper in levels:
            rest = pl.col(lower).str.strip_prefix(pl.col(upper).fill_null(""))
            tidy = tidy.with_columns(pl.when(rest.is_in(_ENDINGS)).then(lower).otherwise(rest).alias(lower))
    if "village" in levels:
        tidy = tidy.with_columns(written=pl.col("village").str.replace("(村|居)民委员会$", "${1}委会"))
    for level, pattern, _ in FOLDS:
        if level in levels:
            tidy = tidy.with_columns(pl.col(level).str.replace(pattern, "${1}"))
    return tidy
