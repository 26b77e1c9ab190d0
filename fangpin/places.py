"""Administrative divisions by year, down to villages: the places everything is counted by.

Does not belong here: policy by place (policy/), matching of delivered names (fangpin/intake).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from fangpin.errors import FangpinError

DATA = Path(__file__).parent / "data"
OWN_PROVINCE = "41"
"""The province whose totals, rankings and draw are published (河南省); other places are published beside them."""


@lru_cache(maxsize=4)
def divisions(year: int) -> pl.DataFrame:
    """Villages of the year, sorted by code, with the columns of ref.division: codes and names of five levels, flags.

    rural is true for 村民委员会 (村委会), false for 社区居民委员会. Raises FangpinError for a year that is not shipped.
    """
    path = DATA / f"divisions_{year}.csv.gz"
    if not path.is_file():
        known = sorted(p.name[10:14] for p in DATA.glob("divisions_*.csv.gz"))
        raise FangpinError(
            f"没有 {year} 年的行政区划；已有年份：{'、'.join(known)}。请把区划文件放到 {DATA.name}/ 并重新运行。"
        )
    frame = pl.read_csv(path, infer_schema=False)
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


def divisions_of_month(month: str) -> pl.DataFrame:
    """The divisions in force in a month: the newest shipped year that is not after it."""
    years = sorted(int(p.name[10:14]) for p in DATA.glob("divisions_*.csv.gz"))
    usable = [y for y in years if y <= int(month[:4])]
    if not usable:
        raise FangpinError(f"{month} 之前没有可用的行政区划；已有年份：{'、'.join(map(str, years))}。")
    return divisions(usable[-1])
