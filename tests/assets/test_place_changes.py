"""Places of an older year in delivered files: the lake holds the month's codes, the ledger says what was changed."""

from __future__ import annotations

from pathlib import Path

from assets import ledger
from tests import deliveries as d
from tests.deliveries import in_lake

MONTH = "2021-10"
OLD = {"县": "孟津县", "乡": "会盟镇", "村": "上河图村", "行政村代码": "410322101219"}
"""上河图村 as of 2019: 孟津县 became 孟津区 (410308) in 2021."""


def reasons(home: Path, feed: str) -> list[tuple[int, str, str, str, str | None]]:
    with ledger.open_ledger(home) as con:
        kept = con.execute(
            """select row, rule, level, message, value from row_reason join file using (file_id)
            where feed = ? order by row""",
            [feed],
        )
        return [tuple(reason) for reason in kept]


def test_an_old_code_goes_on_as_the_code_of_the_month(tmp_path: Path) -> None:
    rows = [
        d.household("410122000001"),
        d.household("410122000002", **OLD),
        d.household("410122000003", **(OLD | {"县": "孟津区"})),
        d.household("410122000004", 县="鹿邑县", 乡="郑家集乡", 村="孙楼村", 行政村代码="411628200206"),
    ]
    d.write_csv(tmp_path, MONTH, "household_list", [d.HOUSEHOLD_HEADER, *rows])
    result = d.take_in_all(tmp_path, MONTH, "household_list")["household_list"]
    assert (result.total("accepted"), result.total("quarantined")) == (2, 2)
    assert in_lake(tmp_path, MONTH, "household_list").select("source_row", "village_code").rows() == [
        (2, d.CODE),
        (3, "410308101219"),
    ]
    said = reasons(tmp_path, "household_list")
    assert [(row, rule, level, value) for row, rule, level, _, value in said] == [
        (3, "place_code_mapped", "警告", "410322101219"),
        (4, "place_code_unknown", "错误", "410322101219"),
        (5, "place_split", "错误", "411628200206"),
    ]
    assert "2019年的孟津县会盟镇上河图村村民委员会（410322101219） → 2021年的孟津区会盟镇" in said[0][3]
    assert "按名称是孟津区会盟镇上河图村村民委员会（410308101219）" in said[1][3]
    assert "孙楼南村民委员会（411628200211）、鹿邑县郑家集乡孙楼北村民委员会（411628200212）" in said[2][3]
