"""Names and phones of people who do not exist.

Common surnames and given names put together at random; a few rare characters, as every province has them.
Does not belong here: identity numbers (identity_numbers.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample.draws import pick
from fangpin.sample.timeline import Flags, Ints

COMMON = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
SELDOM = ("司马", "欧阳", "上官", "皇甫", "亓", "禤", "仝", "冦")
SURNAMES = (*COMMON, *SELDOM)
SURNAME_WEIGHTS = (*(1.0 / (rank + 6.0) for rank in range(len(COMMON))), *(0.002 for _ in SELDOM))

MALE = tuple(
    "伟强军勇磊涛斌超鹏辉刚健明亮建国志华平东林峰波宇浩然俊杰文武海洋龙飞春生根柱铁石福贵全顺喜庆有才德山河新民义仁礼智信"
)
FEMALE = tuple("芳娜敏静秀英丽艳霞娟玲桂兰凤梅红燕婷雪琳慧巧云翠萍莲花珍珠素贞爱香月娥彩菊荣秋菁欣怡雅婉晴佳悦梦洁倩颖")
RARE = ("垚", "喆", "㛃", "䶮", "犇", "媃", "㼆", "赟")
"""Rare characters of real given names; some are outside GBK and need GB18030."""

PREFIXES = (
    "130",
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "155",
    "156",
    "158",
    "159",
    "166",
    "178",
    "182",
    "183",
    "185",
    "186",
    "187",
    "188",
    "199",
)


def full_names(rng: np.random.Generator, male: Flags) -> pl.Series:
    """One name per person: surname and one or two characters."""
    size = male.size
    surname = pl.Series(SURNAMES).gather(pick(rng, SURNAME_WEIGHTS, size))
    first, second = (rng.integers(0, 10_000, size) for _ in range(2))
    short = rng.random(size) < 0.18
    rare = rng.random(size) < 0.002
    frame = pl.DataFrame(
        {
            "surname": surname,
            "male_one": pl.Series(MALE).gather(first % len(MALE)),
            "female_one": pl.Series(FEMALE).gather(first % len(FEMALE)),
            "male_two": pl.Series(MALE).gather(second % len(MALE)),
            "female_two": pl.Series(FEMALE).gather(second % len(FEMALE)),
            "rare": pl.Series(RARE).gather(second % len(RARE)),
            "male": male,
            "short": short,
            "is_rare": rare,
        }
    )
    one = pl.when(pl.col("male")).then("male_one").otherwise("female_one")
    two = (
        pl.when(pl.col("is_rare"))
        .then("rare")
        .when(pl.col("short"))
        .then(pl.lit(""))
        .when(pl.col("male"))
        .then("male_two")
        .otherwise("female_two")
    )
    return frame.select(pl.concat_str("surname", one, two)).to_series()


def phones(rng: np.random.Generator, size: int) -> pl.Series:
    """Mobile numbers of eleven digits."""
    prefix = pl.Series([int(p) for p in PREFIXES]).gather(rng.integers(0, len(PREFIXES), size))
    return (prefix * 100_000_000 + pl.Series(rng.integers(10_000_000, 100_000_000, size))).cast(pl.String)


def serials(prefix: str, numbers: Ints, width: int) -> pl.Series:
    """Document numbers: a prefix and a zero-filled number."""
    return (
        pl.lit(prefix)
        .cast(pl.String)
        .pipe(lambda head: pl.select(head + pl.Series(numbers).cast(pl.String).str.zfill(width)).to_series())
    )
