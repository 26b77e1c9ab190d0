"""What the pages say of places and households: states, scores, causes, ranks, and the words beside them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from fangpin.ranks.criteria import CRITERIA
from fangpin.reports import rankings, site, tables
from fangpin.reports.edition import Edition
from tests.made_up_edition import edition
from tests.parsed_page import Parsed, parse


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def files(made_up: Edition) -> dict[str, bytes]:
    return dict(site.site(made_up))


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, Parsed]:
    return {path: parse(content) for path, content in files.items() if path.endswith(".html")}


def county_page(pages: dict[str, Parsed], made_up: Edition, number: int = 0) -> tuple[str, Parsed]:
    code = made_up.level("county")["place_code"][number]
    return code, pages[f"county/{code}.html"]


def test_alerts_are_split_by_the_state_of_the_household(pages: dict[str, Parsed], made_up: Edition) -> None:
    """Monitored, marked eliminated and unlisted make the whole; so do the figures of what must be verified."""
    code, page = county_page(pages, made_up)
    village = made_up.frame("ref.division").filter(pl.col("county_code") == code)["village_code"].implode()
    alerts = made_up.frame("mart.alert").filter(pl.col("village_code").is_in(village))
    register = made_up.frame("core.monitored_household").select("household_id", "eliminated")
    kinds = alerts.join(register, on="household_id", how="left")
    for (kind,), rows in kinds.group_by(["kind"]):
        eliminated, unlisted = rows["eliminated"].sum(), rows["eliminated"].is_null().sum()
        active = rows.height - eliminated - unlisted
        new = rows["is_new"].sum()
        expected = [tables.ALERT_TITLES[str(kind)], *(str(n) for n in (rows.height, new, active, eliminated, unlisted))]
        assert expected in page.rows
    risk = made_up.frame("mart.household_risk").filter(pl.col("village_code").is_in(village) & pl.col("hard_trigger"))
    hard = risk.join(register, on="household_id", how="left")
    eliminated, unlisted = hard["eliminated"].sum(), hard["eliminated"].is_null().sum()
    text = "".join(page.text)
    assert f"必核查而未在监测中（户）{unlisted + eliminated}未列入{unlisted}户，已标注消除{eliminated}户" in text
    assert "未监测" not in text


def test_the_highest_scores_of_a_county(pages: dict[str, Parsed], made_up: Edition) -> None:
    code, page = county_page(pages, made_up)
    village = made_up.frame("ref.division").filter(pl.col("county_code") == code)["village_code"].implode()
    risk = made_up.frame("mart.household_risk").filter(pl.col("village_code").is_in(village))
    listed = risk.filter(pl.col("hard_trigger") | pl.col("band").is_in(["高", "中"]))
    expected = listed.sort("score", "household_id", descending=[True, False]).head(10)
    start = next(i for i, row in enumerate(page.rows) if "风险分（区间）" in row)
    rows = page.rows[start + 1 : start + 1 + expected.height]
    assert [int(row[0]) for row in rows] == expected["household_id"].to_list()
    register = dict(made_up.frame("core.monitored_household").select("household_id", "eliminated").iter_rows())
    words = {None: "未列入监测", True: "已标注消除", False: "监测中"}
    for row, household in zip(rows, expected.iter_rows(named=True), strict=True):
        low, high = household["score"], household["score_high"]
        assert row[3] == (f"{low}（{low}至{high}）" if high > low else f"{low}")
        assert row[4] == ("必核查" if household["hard_trigger"] else "")
        assert row[5] == words[register.get(household["household_id"])]
        assert row[6] == "理由1；理由2；理由3"  # the cap and the fourth reason are left out
    assert not any("理由4" in cell for p in pages.values() for r in p.rows for cell in r)


def test_no_county_lists_more_than_ten(made_up: Edition) -> None:
    county = made_up.frame("ref.division").select("village_code", "county_code")
    listed = made_up.frame("highest").join(county, on="village_code").group_by("county_code").len()
    assert listed["len"].max() == 10


def test_causes_have_counts_in_order_and_a_denominator(pages: dict[str, Parsed], made_up: Edition) -> None:
    page = pages["index.html"]
    start = page.rows.index(["风险", "户数", "占比"])
    rows = []
    for row in page.rows[start + 1 :]:
        if len(row) != 3:
            break
        rows.append(row)
    counts = [int(row[1]) for row in rows if row[0] != "其他"]
    total = made_up.frame("causes").filter(pl.col("county_code").str.starts_with("41"))["households"].sum()
    assert counts == sorted(counts, reverse=True)
    assert sum(int(row[1]) for row in rows) == total
    assert rows[-1][0] == "其他"
    assert f"监测对象{total}户" in "".join(page.text)
    assert "因灾因意外" in [row[0] for row in rows]


def test_counts_by_kind_of_lead_begin_with_the_most(pages: dict[str, Parsed], made_up: Edition) -> None:
    _, page = county_page(pages, made_up)
    start = page.rows.index(["异常", "户数"])
    counts = [int(row[1]) for row in page.rows[start + 1 : start + 4] if len(row) == 2]
    assert len(counts) > 1
    assert counts == sorted(counts, reverse=True)
    assert "条，共" not in "".join(page.text)  # all of them are shown
    assert "农户异常线索（共" in "".join(page.text)


def test_the_counties_beside_a_county(files: dict[str, bytes], made_up: Edition) -> None:
    names = made_up.level("county")["place_name"]
    code = made_up.level("county")["place_code"][1]
    text = files[f"county/{code}.html"].decode()
    assert f">上一个县：{names[0]}</a>" in text
    assert f">下一个县：{names[2]}</a>" in text
    assert "相邻" not in text


def test_the_menu_shows_where_a_ranking_belongs(files: dict[str, bytes]) -> None:
    for level, title in (("county", "县排名"), ("township", "乡镇排名"), ("village", "村排名")):
        for criterion in CRITERIA:
            text = files[rankings.href(level, criterion)].decode()
            marked = [line for line in text.splitlines() if "aria-current" in line]
            assert any(f"{title}</a></li>" in line for line in marked), (level, criterion)


def test_a_village_without_monitored_households_has_no_rank_and_no_badge(made_up: Edition) -> None:
    place = made_up.frame("mart.village_ranking").filter(criterion="ratio_households").sort("rank").row(0, named=True)
    code = pl.col("place_code") == place["place_code"]
    nobody = {"monitored_households": 0, "small_sample": True, "eb_mean": None}
    ranking = made_up.frame("mart.village_ranking").with_columns(
        *(pl.when(code).then(pl.lit(value)).otherwise(name).alias(name) for name, value in nobody.items()),
        pl.when(code & ~pl.col("criterion").str.starts_with("count")).then(None).otherwise("rank").alias("rank"),
    )
    found = dict(site.site(replace(made_up, frames={**made_up.frames, "mart.village_ranking": ranking})))
    for criterion in CRITERIA:
        rows = parse(found[rankings.href("village", criterion)]).rows
        row = next(r for r in rows if shortened(place["full_name"]) in r and len(r) > 6)
        assert row[0] == "—"
        assert "小样本" not in row
    months = made_up.frame("mart.place_month").with_columns(
        monitored_households=pl.when(code).then(0).otherwise("monitored_households")
    )
    frames = {**made_up.frames, "mart.village_ranking": ranking, "mart.place_month": months}
    page = parse(dict(site.site(replace(made_up, frames=frames)))[f"county/{place['county_code']}.html"])
    row = next(r for r in page.rows if r and r[0] == place["place_name"] and len(r) > 12)
    assert row[-4:] == ["—", "—", "—", "—"]


def shortened(name: str) -> str:
    return name.removeprefix("河南省")


def test_small_samples_of_the_draw_are_marked(pages: dict[str, Parsed], made_up: Edition) -> None:
    small = made_up.ranking("village", "count_households").filter(pl.col("small_sample"))["place_code"]
    drawn = made_up.frame("mart.research_sample").filter(pl.col("village_code").is_in(small.implode())).height
    assert sum("小样本" in row[:-1] for row in pages["sample.html"].rows if row and row[0].isdigit()) == drawn > 0


def test_match_rate_and_the_way_to_the_original_records_are_said_in_words(
    pages: dict[str, Parsed], made_up: Edition
) -> None:
    assert "匹配率＝匹配行数÷接收行数" in "".join(pages["quality.html"].text)
    _, page = county_page(pages, made_up)
    assert "请省级分析人员用 fangpin explain 查询" in "".join(page.text)
    assert not any("docs/" in "".join(p.text) for p in pages.values())


def test_a_county_named_after_its_city_names_it_once(made_up: Edition) -> None:
    names = pl.DataFrame(
        {"full_name": ["河南省郑州市郑州市新区", "河南省郑州市中原区", "河南省省直辖县级行政区划济源市"]}
    )
    assert made_up.with_short_names(names)["short_name"].to_list() == ["郑州市新区", "郑州市中原区", "济源市"]
