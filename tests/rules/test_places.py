"""The divisions of three years, the names as they are compared, and what became of the villages in between.

Expected places: the public record of 兴县赵家坪乡 and 达川区赵家镇 (eleven and ten villages, the list of 2021), and
divisions made up here for one change each.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from fangpin import places, succession
from fangpin.errors import FangpinError

ZHAOJIAPING = [
    "赵家坪",
    "宋家塔",
    "佐子坪",
    "西焉",
    "武家峁",
    "大里上",
    "闫家塔",
    "吴儿申",
    "毛儿沟",
    "康家塔",
    "白家峁",
]


def short(year: int, township: str) -> list[str]:
    frame = places.divisions(year).filter(township_code=township)
    return frame["village_name"].str.replace("村委会", "").to_list()


def test_zhaojiaping_lost_a_village() -> None:
    assert short(2019, "141123208") == ZHAOJIAPING
    assert short(2021, "141123208") == short(2023, "141123208") == [v for v in ZHAOJIAPING if v != "大里上"]


@pytest.mark.parametrize("year", [2019, 2021, 2023])
def test_every_year_is_whole(year: int) -> None:
    frame = places.divisions(year)
    assert frame["village_code"].str.contains(r"^\d{12}$").all()
    assert frame["village_code"].is_unique().all()
    assert frame["village_code"].is_sorted()
    assert not frame["village_code"].str.ends_with("000").any()  # kept for the place above: ref.succession
    assert set(frame["province_code"]) == {"14", "41", "51", "53"}
    assert frame.null_count().sum_horizontal().item() == 0
    for level, digits in (("township", 9), ("county", 6), ("city", 4)):
        assert (frame["village_code"].str.slice(0, digits) == frame[f"{level}_code"]).all()
    assert set(places.covered(year)["province_code"]) == {"14", "41"}
    assert set(places.covered(year).filter(province_code="14")["township_code"]) == {"141123208"}


@pytest.mark.parametrize(
    ("month", "year"),
    [("2019-01", 2019), ("2020-12", 2019), ("2021-01", 2021), ("2022-12", 2021), ("2023-01", 2023), ("2026-05", 2023)],
)
def test_the_year_of_a_month(month: str, year: int) -> None:
    assert places.year_of_month(month) == year
    assert places.divisions_of_month(month).equals(places.covered(year))


def test_what_may_still_be_written() -> None:
    """孟津县 became 孟津区 in 2021: a file of that year may hold either, one of 2020 only the county."""
    for month, expected in (("2020-12", {"孟津县"}), ("2021-10", {"孟津县", "孟津区"})):
        names = places.divisions_until(month)["county_name"].unique()
        assert {name for name in names if name.startswith("孟津")} == expected


def test_before_the_first_year() -> None:
    with pytest.raises(FangpinError, match="2018-12 之前没有可用的行政区划；已有年份：2019、2021、2023"):
        places.divisions_of_month("2018-12")
    with pytest.raises(FangpinError, match="没有 2020 年的行政区划"):
        places.divisions(2020)


@pytest.mark.parametrize(
    ("county", "township", "village", "expected"),
    [
        ("兴县", "赵家坪乡", "赵家坪村委会", ("兴县", "赵家坪乡", "赵家坪")),
        ("兴县", "赵家坪乡人民政府", "赵家坪村", ("兴县", "赵家坪乡", "赵家坪")),
        (" 兴　县", "兴县赵家坪乡", "兴县赵家坪乡赵家坪村", ("兴县", "赵家坪乡", "赵家坪")),
        ("兴县", "赵家坪镇", "赵家坪", ("兴县", "赵家坪镇", "赵家坪")),
        ("中牟县", "杨桥街道办", "赵寨社区居委会", ("中牟县", "杨桥", "赵寨")),
        ("中牟区", "杨桥街道办事处", "赵寨居民委员会", ("中牟区", "杨桥", "赵寨")),
        ("左权县", "城区", "社区居民委员会", ("左权县", "城区", "社区")),
        ("城区", "城区街道", "第１社区", ("城区", "城区", "第1")),
        ("滑县", "留固镇", "村村委会", ("滑县", "留固镇", "村")),
        (None, "赵家坪乡", None, (None, "赵家坪乡", None)),
    ],
)
def test_folded(county: str, township: str, village: str, expected: tuple[str, str, str]) -> None:
    names = pl.DataFrame(
        {"county": [county], "township": [township], "village": [village]}, dict.fromkeys(places.NAMED, pl.String)
    )
    assert places.folded(names).select(places.NAMED).row(0) == expected


def test_every_fold_does_what_its_example_says() -> None:
    for level, pattern, example in places.FOLDS:
        for line in example.split("；"):
            names, result = line.split(" → ")
            for name in names.split("、"):
                assert pl.Series(level, [name]).str.replace(pattern, "${1}").to_list() == [result]


@pytest.mark.parametrize("province", ["14", "41", "51", "53"])
@pytest.mark.parametrize(("before", "after"), [(2019, 2021), (2021, 2023)])
def test_every_village_has_one_fate(province: str, before: int, after: int) -> None:
    changes = succession.changes(province, before, after)
    old, new = (set(places.divisions(y).filter(province_code=province)["village_code"]) for y in (before, after))
    assert sorted(changes["village_code"].drop_nulls()) == sorted(old)
    assert sorted(changes.filter(pl.col("kind") != "merged")["successor"].drop_nulls()) == sorted(new)
    assert set(changes["kind"]) <= set(succession.KINDS)
    lost = changes["kind"].is_in(["split", "abolished"])
    assert (changes["successor"].is_null() == lost).all()
    assert changes.filter(~lost)["candidates"].list.len().sum() == 0
    assert set(changes["candidates"].explode().drop_nulls()) <= new
    assert (changes.filter(kind="split")["candidates"].list.len() > 1).all()
    assert (changes.filter(kind="abolished")["candidates"].list.len() <= 1).all()
    same_code = changes.filter(pl.col("kind").is_in(["kept", "renamed", "merged"]))
    assert (same_code["village_code"] == same_code["successor"]).all()
    recoded = changes.filter(kind="recoded")
    assert (recoded["village_code"] != recoded["successor"]).all()


def fate(province: str, before: int, after: int, code: str) -> tuple[str, str | None]:
    row = succession.changes(province, before, after).row(by_predicate=pl.col("village_code") == code, named=True)
    return row["kind"], row["successor"]


def test_what_became_of_the_places_of_the_seeds() -> None:
    """赵家坪乡 lost 大里上; in 赵家镇 六角丘 became 六角坵, and three villages came from 碑高乡 under their names."""
    assert fate("14", 2019, 2021, "141123208205") == ("abolished", None)
    assert fate("14", 2019, 2021, "141123208206") == ("kept", "141123208206")
    assert fate("51", 2019, 2021, "511703109003") == ("renamed", "511703109003")
    assert fate("51", 2019, 2021, "511703210204") == ("recoded", "511703109214")
    assert fate("51", 2019, 2021, "511703109200") == ("abolished", None)


def test_a_county_that_became_a_district() -> None:
    """孟津县 (410322) became 孟津区 (410308) in 2021: 上河图村 of 会盟镇 went with it."""
    assert fate("41", 2019, 2021, "410322101219") == ("recoded", "410308101219")


Village = tuple[str, str, str]
"""code, township, village; the county is the first six digits of the code."""


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, list[Village]]]:
    """Divisions by year in place of the shipped ones."""
    years: dict[int, list[Village]] = {}

    def divisions(year: int) -> pl.DataFrame:
        rows = [
            (code, village, code[:9], township, code[:6], f"{code[:6]}县", code[:4], "某市", code[:2], "某省")
            for code, township, village in years[year]
        ]
        columns = places.divisions(2021).columns[:10]
        return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")

    monkeypatch.setattr(succession, "divisions", divisions)
    monkeypatch.setattr(succession, "years", lambda: tuple(sorted(years)))
    cached = (succession.changes, succession._villages)
    for function in cached:
        function.cache_clear()
    yield years
    for function in cached:
        function.cache_clear()


TOWN = [
    (f"9901011002{number:02}", "甲镇", f"{name}村委会")
    for number, name in enumerate(["赵", "钱", "孙", "周", "吴", "郑", "冯", "陈", "褚", "卫"])
]
"""Ten villages whose codes do not move: a township that is steady."""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # nothing changed but the ending
        ([("990101100210", "甲镇", "李庄村委会")], [("990101100210", "甲镇", "李庄社区居委会")], {}),
        # a new code under the old name, in the same township
        (
            [("990101100210", "甲镇", "李庄村委会")],
            [("990101100310", "甲镇", "李庄村委会")],
            {"990101100210": ("recoded", "990101100310", [])},
        ),
        # one sign of the name corrected
        (
            [("990101100210", "甲镇", "封占村委会")],
            [("990101100210", "甲镇", "封寨村委会")],
            {"990101100210": ("renamed", "990101100210", [])},
        ),
        # another name under the code where no other code moved
        (
            [("990101100210", "甲镇", "红旗村委会")],
            [("990101100210", "甲镇", "李庄村委会")],
            {"990101100210": ("renamed", "990101100210", [])},
        ),
        # the same, while the township lost another code: the code may have been given away
        (
            [("990101100210", "甲镇", "红旗村委会"), ("990101100211", "甲镇", "东风村委会")],
            [("990101100210", "甲镇", "李庄村委会")],
            {
                "990101100210": ("abolished", None, ["990101100210"]),
                "990101100211": ("abolished", None, []),
                "new": ("new", "990101100210", []),
            },
        ),
        # two villages changed places: the names go with their codes, nobody is renamed
        (
            [("990101100210", "甲镇", "红旗村委会"), ("990101100211", "甲镇", "东风村委会")],
            [("990101100210", "甲镇", "东风村委会"), ("990101100211", "甲镇", "红旗村委会")],
            {
                "990101100210": ("recoded", "990101100211", []),
                "990101100211": ("recoded", "990101100210", []),
            },
        ),
        # one village became two: asked, not guessed
        (
            [("990101100210", "甲镇", "孙楼村委会")],
            [("990101100211", "甲镇", "孙楼南村委会"), ("990101100212", "甲镇", "孙楼北村委会")],
            {
                "990101100210": ("split", None, ["990101100211", "990101100212"]),
                "new": ("new", "990101100211", []),
                "new ": ("new", "990101100212", []),
            },
        ),
        # merged into a known village whose name it held
        (
            [("990101100210", "甲镇", "金胜新苑社区居委会"), ("990101100211", "甲镇", "金胜社区居委会")],
            [("990101100210", "甲镇", "金胜社区居委会")],
            {"990101100210": ("merged", "990101100210", []), "990101100211": ("recoded", "990101100210", [])},
        ),
        # two villages went to another township together
        (
            [("990101100210", "甲镇", "李庄村委会"), ("990101100211", "甲镇", "刘庄村委会")],
            [("990101101200", "乙镇", "李庄村委会"), ("990101101201", "乙镇", "刘庄村委会")],
            {"990101100210": ("recoded", "990101101200", []), "990101100211": ("recoded", "990101101201", [])},
        ),
        # one village of that name is gone here and one is new there: perhaps, not certainly
        (
            [("990101100210", "甲镇", "李庄村委会")],
            [("990101101200", "乙镇", "李庄村委会")],
            {"990101100210": ("abolished", None, ["990101101200"]), "new": ("new", "990101101200", [])},
        ),
    ],
    ids=str,
)
def test_one_change(
    made_up: dict[int, list[Village]],
    before: list[Village],
    after: list[Village],
    expected: dict[str, tuple[str, str | None, list[str]]],
) -> None:
    made_up |= {1: [*TOWN, *before], 2: [*TOWN, *after]}
    found = succession.changes("99", 1, 2).filter(pl.col("kind") != "kept")
    rows = [tuple(row) for row in found.rows()]
    assert sorted(rows, key=str) == sorted(
        ((None if code.startswith("new") else code, *rest) for code, rest in expected.items()), key=str
    )


def test_a_township_whose_codes_were_given_anew_proves_nothing(made_up: dict[int, list[Village]]) -> None:
    """Three of ten codes carry quite other names: 封占 under its code may be 封寨 or a stranger."""
    strange = [
        *TOWN[:7],
        *((code, town, f"{name}村委会") for (code, town, _), name in zip(TOWN[7:], "天地人", strict=True)),
    ]
    made_up |= {
        1: [*TOWN, ("990101100210", "甲镇", "封占村委会")],
        2: [*strange, ("990101100210", "甲镇", "封寨村委会")],
    }
    changes = succession.changes("99", 1, 2)
    assert changes.row(by_predicate=pl.col("village_code") == "990101100210") == (
        "990101100210",
        "abolished",
        None,
        ["990101100210"],
    )


def test_fates_follow_the_years_between(made_up: dict[int, list[Village]]) -> None:
    """Recoded twice; abolished in the second step; split in the first, one of the two recoded in the second."""
    made_up |= {
        1: [*TOWN, ("990101100210", "甲镇", "李庄村委会"), ("990101100211", "甲镇", "孙楼村委会")],
        2: [
            *TOWN,
            ("990101100310", "甲镇", "李庄村委会"),
            ("990101100212", "甲镇", "孙楼南村委会"),
            ("990101100213", "甲镇", "孙楼北村委会"),
        ],
        3: [
            *TOWN[1:],
            ("990101100410", "甲镇", "李庄村委会"),
            ("990101100214", "甲镇", "孙楼南村委会"),
        ],
    }
    fates = {row["village_code"]: row for row in succession.fates("99", 1, 3).iter_rows(named=True)}
    assert fates["990101100210"]["successor"] == "990101100410"
    assert fates["990101100210"]["kind"] == "recoded"
    assert (fates["990101100200"]["kind"], fates["990101100200"]["until"]) == ("abolished", 2)
    split = fates["990101100211"]
    assert (split["kind"], split["until"], split["successor"]) == ("split", 1, None)
    assert split["candidates"] == ["990101100214"]
    assert (fates["990101100201"]["kind"], fates["990101100201"]["successor"]) == ("kept", "990101100201")
