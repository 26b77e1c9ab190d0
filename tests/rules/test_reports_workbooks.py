"""The workbooks, read back with another library: the figures, the print set-up, the notes, the bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from fangpin.ranks.criteria import LEVELS
from fangpin.reports import tables
from fangpin.reports.edition import NO_CITY, Edition
from fangpin.reports.ranking_tables import FAMILIES
from fangpin.reports.workbooks import (
    ASSETS,
    COVERAGE,
    CRITERION,
    ELIMINATION,
    FIELD,
    LINE,
    QUALITY,
    RANKINGS,
    SAMPLE,
    SUMMARY,
    TOPIC_DATA,
    workbooks,
)
from tests.made_up_edition import WARNING, edition


@pytest.fixture(scope="module")
def made_up() -> Edition:
    return edition()


@pytest.fixture(scope="module")
def books(made_up: Edition) -> dict[str, Workbook]:
    return {name: openpyxl.load_workbook(io.BytesIO(content)) for name, content in workbooks(made_up).items()}


def body(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a sheet by heading; a heading is all its levels joined, read off the merged header cells."""
    top, bottom = 3, int(str(sheet.print_title_rows).replace("$", "").split(":")[1])
    headings: list[str] = []
    merged = {
        (row, column): sheet.cell(span.min_row, span.min_col).value
        for span in sheet.merged_cells.ranges
        for row in range(span.min_row, span.max_row + 1)
        for column in range(span.min_col, span.max_col + 1)
    }
    for column in range(1, sheet.max_column + 1):
        levels = [merged.get((row, column), sheet.cell(row, column).value) for row in range(top, bottom + 1)]
        headings.append("/".join(dict.fromkeys(str(level) for level in levels if level)))
    found = []
    for row in sheet.iter_rows(min_row=bottom + 1, values_only=True):
        if str(row[0]).startswith(("注：", "填报人")):
            break
        found.append(dict(zip(headings, row, strict=True)))
    return found


def test_the_workbooks_with_their_sheets(books: dict[str, Workbook]) -> None:
    assert {name: book.sheetnames for name, book in books.items() if name != TOPIC_DATA} == {
        SUMMARY: ["全省及各市", "县（市、区）", "乡镇", "行政村", "其他地区", "编制说明"],
        RANKINGS: [*(f"{level}{words}" for level in ("县", "乡镇", "村") for words in FAMILIES.values()), "编制说明"],
        FIELD: ["规则属实率", "建议核查名单", "编制说明"],
        SAMPLE: ["正选村", "备选村", "入户名单", "调研分组", "调研日程", "抽样能说明什么", "编制说明"],
        QUALITY: [
            *("部门得分", "指标明细", "各市报送", "各县报送", "各月报送", "疑似盲区", "退回和提示", "各月得分"),
            "编制说明",
        ],
        LINE: [
            *("备选监测线", "算法与依据", "各市", "各县", "农户构成", "覆盖曲线", "扎堆检验", "收入误差"),
            "编制说明",
        ],
        COVERAGE: ["人群与监测情况", "纳入后新增", "三类之间的重叠", "各市", "各县", "编制说明"],
        ASSETS: ["授权情况", "逐项排除", "各县", "编制说明"],
        ELIMINATION: ["消除依据", "各市", "各县", "编制说明"],
        CRITERION: [
            "收入与支出分布",
            *(
                f"刚性支出{part}"
                for part in ("按金额", "按幅度", "等量比较", "重叠", "分组", "先触发再核实", "每对门槛")
            ),
            *(
                f"收入大幅缩减{part}"
                for part in ("按金额", "按幅度", "等量比较", "重叠", "分组", "先触发再核实", "每对门槛")
            ),
            "编制说明",
        ],
    }


@pytest.mark.parametrize(
    ("sheet", "level"),
    [("全省及各市", "city"), ("县（市、区）", "county"), ("乡镇", "township"), ("行政村", "village")],
)
def test_summary_holds_the_published_figures(
    books: dict[str, Workbook], made_up: Edition, sheet: str, level: str
) -> None:
    rows = body(books[SUMMARY][sheet])
    places = made_up.frame("mart.place_month").filter(pl.col("in_province") & (pl.col("level") == level))
    expected = places.sort("place_code").to_dicts()
    assert rows[0]["地区"] == "全省合计"
    assert rows[0]["序号"] in (None, "")
    assert [row["地区"] for row in rows[1:]] == [row["place_name"] for row in expected]
    assert [row["序号"] for row in rows[1:]] == list(range(1, len(expected) + 1))
    for row, place in zip(rows[1:], expected, strict=True):
        assert row["农户/户"] == place["households"]
        assert row["农户/人"] == place["persons"]
        assert row["监测对象/合计/户"] == place["monitored_households"]
        assert row["监测对象/合计/人"] == place["monitored_persons"]
        for title, key in (("脱贫不稳定户", "unstable"), ("边缘易致贫户", "marginal"), ("突发严重困难户", "sudden")):
            for word, unit in (("户", "households"), ("人", "persons")):
                assert row[f"监测对象/{title}/{word}"] == place[f"{key}_{unit}"]
                assert row[f"风险未消除/{title}/{word}"] == place[f"{key}_active_{unit}"]
        assert row["风险已消除/户"] == place["eliminated_households"]
        assert row["风险已消除/人"] == place["eliminated_persons"]
        known = place["monitored_households"] > 0
        assert row["风险消除率/按户"] == (place["elimination_ratio_households"] if known else tables.UNKNOWN)


def test_summary_first_row_is_the_sum_of_the_others(books: dict[str, Workbook]) -> None:
    for sheet in ("全省及各市", "县（市、区）", "乡镇", "行政村"):
        rows = body(books[SUMMARY][sheet])
        for heading in ("农户/户", "农户/人", "监测对象/合计/户", "监测对象/合计/人", "风险已消除/户", "风险已消除/人"):
            assert rows[0][heading] == sum(int(str(row[heading])) for row in rows[1:])


def test_other_places_show_the_township_of_the_report(books: dict[str, Workbook]) -> None:
    """晋乡振发〔2022〕46号: 45 households / 131 persons in all, eliminated 41 / 117, 91.1 % and 89.3 %."""
    first = body(books[SUMMARY]["其他地区"])[0]
    assert first["地区"] == "赵家坪乡"
    assert (first["农户/户"], first["农户/人"]) == (2535, 7160)
    assert (first["监测对象/合计/户"], first["监测对象/合计/人"]) == (45, 131)
    assert (first["风险未消除/脱贫不稳定户/户"], first["风险未消除/脱贫不稳定户/人"]) == (3, 11)
    assert (first["风险未消除/边缘易致贫户/户"], first["风险未消除/边缘易致贫户/人"]) == (1, 3)
    assert (first["风险已消除/户"], first["风险已消除/人"]) == (41, 117)
    assert f"{first['风险消除率/按户']:.1%}" == "91.1%"
    assert f"{first['风险消除率/按人']:.1%}" == "89.3%"
    assert len(body(books[SUMMARY]["其他地区"])) == 11  # the township and its ten villages
    for sheet in ("全省及各市", "县（市、区）", "乡镇", "行政村"):
        assert all("赵家坪" not in str(row["地区"]) for row in body(books[SUMMARY][sheet]))


@pytest.mark.parametrize("level", list(LEVELS))
@pytest.mark.parametrize("criterion", ["count_households", "ratio_households", "oe_persons"])
def test_rankings_in_order_with_denominator_interval_and_small_sample(
    books: dict[str, Workbook], made_up: Edition, level: str, criterion: str
) -> None:
    kind = criterion.partition("_")[0]
    rows = body(books[RANKINGS][f"{LEVELS[level]}{FAMILIES[kind]}"])
    frame = (
        made_up.frame(f"mart.{level}_ranking").filter(criterion=criterion).sort("rank", "place_code", nulls_last=True)
    )
    assert len(rows) == frame.height
    rank = "名次/本月" if kind == "oe" else "名次/按户"
    ranks = [row[rank] for row in rows if row[rank] not in (None, "")]
    assert ranks == sorted(ranks, key=int)
    headings = {
        "count": {"监测对象/每千农户": "per_thousand", "未消除/户": "active_households"},
        "ratio": {
            "风险消除率/按户": "ratio",
            "风险消除率/95%下限": "wilson_low",
            "风险消除率/95%上限": "wilson_high",
            "风险消除率/收缩估计": "eb_mean",
            "名次把握/进入前列概率": "p_top",
            "离群检验/漏斗z值": "funnel_z",
            "离群检验/校正显著性": "q_value",
        },
        "oe": {
            "消除人数/实际": "observed",
            "消除人数/应有": "expected",
            "为应有的倍数/倍数": "oe_ratio",
            "为应有的倍数/收缩估计": "eb_mean",
        },
    }[kind]
    for row, place in zip(rows, frame.iter_rows(named=True), strict=True):
        assert str(row["地区"]) in place["full_name"]
        assert (
            row["监测对象/人" if kind == "oe" else "监测对象/户"]
            == (place["monitored_persons" if kind == "oe" else "monitored_households"])
        )
        for heading, key in headings.items():
            expected = tables.UNKNOWN if place[key] is None else pytest.approx(place[key], abs=1e-12)
            assert row[heading] == expected
        assert (row["小样本"] == "是") == place["small_sample"]
        assert row["上榜理由"] == place["reason"]
        assert row["线索/异常种类"] == place["anomaly_kinds"]
        assert row["上次调研"] == (f"{place['last_visit']:%Y-%m-%d}" if place["last_visit"] else tables.UNKNOWN)


def test_sample_lists_primaries_and_reserves(books: dict[str, Workbook], made_up: Edition) -> None:
    frame = made_up.frame("mart.research_sample")
    for sheet, role in (("正选村", "primary"), ("备选村", "reserve")):
        rows = body(books[SAMPLE][sheet])
        assert {row["行政村代码"] for row in rows} == set(frame.filter(pl.col("role") == role)["village_code"])
        assert {str(row["选村依据"]) for row in rows} <= {"重点（按数量）", "重点（按消除率）", "随机（按规模随机）"}
        assert all(row["入选理由"] for row in rows)


def test_codes_are_text(books: dict[str, Workbook]) -> None:
    for row in body(books[SAMPLE]["正选村"]):
        assert isinstance(row["行政村代码"], str)
        assert len(str(row["行政村代码"])) == 12


def test_no_formula_and_no_link_whatever_the_text(made_up: Edition) -> None:
    frames = dict(made_up.frames)
    hostile_columns = {
        "mart.place_month": "place_name",
        "mart.county_ranking": "full_name",
        "ref.place": "place_name",
        "mart.feed_reason": "problem",
        "ref.line_candidate": "title",
        "ref.asset_step": "segment",
    }
    for name, column in hostile_columns.items():
        hostile = pl.Series(['=HYPERLINK("http://x")', "http://example.invalid", "+1", "@x"] * 100)
        frames[name] = frames[name].with_columns(
            pl.when(pl.col(frames[name].columns[0]) != "province")
            .then(hostile.head(frames[name].height))
            .otherwise(pl.col(column))
            .alias(column)
        )
    made = workbooks(replace(made_up, frames=frames))
    for name, content in made.items():
        cells = [
            cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row
        ]
        given = any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
        assert given == (name not in (SAMPLE, CRITERION, TOPIC_DATA, COVERAGE, ELIMINATION, FIELD))
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
        archive = zipfile.ZipFile(io.BytesIO(content))
        sheets = [archive.read(part) for part in archive.namelist() if part.startswith("xl/worksheets/")]
        assert all(b"<f>" not in sheet and b"<hyperlink" not in sheet for sheet in sheets)


def test_notes_say_what_the_figures_rest_on(books: dict[str, Workbook], made_up: Edition) -> None:
    for book in books.values():
        text = "\n".join(str(v) for row in book["编制说明"].iter_rows(values_only=True) for v in row if v is not None)
        assert "2021年12月" in text
        assert "第1版（2021-12/v001）" in text
        assert made_up.policy_version in text
        assert WARNING in text
        assert "监测对象少于10户的地区" in text
        for file in made_up.files:
            assert file.sha256 in text


def test_warnings_stand_on_every_sheet(books: dict[str, Workbook]) -> None:
    for book in books.values():
        for sheet in book:
            text = [str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None]
            assert any(WARNING in value for value in text), sheet.title


def test_printable_as_an_office_table(books: dict[str, Workbook]) -> None:
    for name, book in books.items():
        for sheet in book:
            upright = "portrait" if name == TOPIC_DATA else "landscape"  # long lists of few columns
            assert sheet.page_setup.orientation in ("landscape", upright)
            assert int(sheet.page_setup.paperSize) == 9
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert "第 &P 页 共 &N 页" in str(sheet.oddFooter.center.text)
        for sheet in book.worksheets[:-1]:
            assert sheet.print_title_rows is not None
            assert sheet.freeze_panes is not None
            last = [v for v in next(sheet.iter_rows(min_row=sheet.max_row, values_only=True)) if v]
            assert [str(v)[:3] for v in last] == ["填报人", "审核人", "日期："]


@pytest.mark.parametrize(("rows", "height"), [(30, 1), (31, 0)])
def test_a_short_list_is_one_page_a_long_one_as_many_as_it_takes(made_up: Edition, rows: int, height: int) -> None:
    sample = made_up.frames["mart.research_sample"]
    drawn = pl.concat([sample.filter(role="primary").head(1)] * rows)
    content = workbooks(replace(made_up, frames={**made_up.frames, "mart.research_sample": drawn}))[SAMPLE]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["正选村"].page_setup.fitToHeight in {height, None if height else 0}  # left out where it is 1
    assert book["编制说明"].page_setup.fitToHeight == 0


def test_long_text_has_room_in_its_row(made_up: Edition) -> None:
    """A column of 64 holds 31 Chinese characters: 100 of them take four lines."""
    frames = {**made_up.frames}
    frames["mart.research_sample"] = frames["mart.research_sample"].with_columns(reason=pl.lit("字" * 100))
    content = workbooks(replace(made_up, frames=frames))[SAMPLE]
    sheet = openpyxl.load_workbook(io.BytesIO(content))["正选村"]
    assert sheet.row_dimensions[5].height == 4 + 14 * 4


def test_same_edition_same_bytes(made_up: Edition) -> None:
    once, again = workbooks(made_up), workbooks(edition())
    assert once == again
    for content in once.values():
        archive = zipfile.ZipFile(io.BytesIO(content))
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2021-12-31T00:00:00Z" in archive.read("docProps/core.xml")


def test_bytes_do_not_depend_on_row_order(made_up: Edition) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in made_up.frames.items()}
    assert workbooks(replace(made_up, frames=shuffled)) == workbooks(made_up)


def test_small_samples_of_the_draw_are_marked(books: dict[str, Workbook], made_up: Edition) -> None:
    small = set(made_up.ranking("village", "count_households").filter(pl.col("small_sample"))["place_code"])
    for name in ("正选村", "备选村"):
        for row in body(books[SAMPLE][name]):
            assert (row["小样本"] == "是") == (row["行政村代码"] in small)


def test_a_county_directly_under_the_province_says_so(made_up: Edition) -> None:
    city = made_up.level("city").row(0, named=True)
    named = pl.col("place_code") == city["place_code"]
    place = made_up.frame("ref.place").with_columns(
        place_name=pl.when(named).then(pl.lit(NO_CITY)).otherwise("place_name"),
        full_name=pl.when(named).then(pl.lit(f"河南省{NO_CITY}")).otherwise("full_name"),
    )
    content = workbooks(replace(made_up, frames={**made_up.frames, "ref.place": place}))[SUMMARY]
    rows = body(openpyxl.load_workbook(io.BytesIO(content))["县（市、区）"])[1:]
    assert {row["所在地"] for row in rows if str(row["地区"])} == {"省直辖", "开封市"}
