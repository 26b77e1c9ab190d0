"""集中排查监测户基本信息（全国防返贫监测信息系统）: the contract of the feed `survey_household`."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks import wording
from checks.feed import SNAPSHOT, column, feed


@feed(
    title="集中排查监测户基本信息",
    source="全国防返贫监测信息系统",
    delivery=SNAPSHOT,
    key=("household_no",),
    place_level="city",
    mandatory=False,
    expected=False,
)
class SurveyHousehold(pa.DataFrameModel):
    """每行一户监测对象（2023年集中排查表）。"""

    county: pl.String = column("县", synonyms=wording.COUNTY)
    township: pl.String = column("乡", synonyms=wording.TOWNSHIP)
    village: pl.String = column("村", synonyms=wording.VILLAGE)
    household_no: pl.String = column("户编号", "household_no")
    household_type: pl.String = column("户类型", example="脱贫户")
    household_phone: pl.String = column("户联系电话", "phone", required=False)
    category: pl.String = column("监测对象类别", "code", synonyms=wording.CATEGORY, codes=wording.CATEGORIES)
    identified_month: pl.String = column("识别监测时间", "month", synonyms=("识别监测时间0",))
    risk1: pl.String = column("致贫/返贫风险1", "code", required=False, codes=wording.RISKS)
    risk2: pl.String = column("致贫/返贫风险2", "code", required=False, codes=wording.RISKS)
    risk3: pl.String = column("致贫/返贫风险3", "code", required=False, codes=wording.RISKS)
    risk4: pl.String = column("致贫/返贫风险4", "code", required=False, codes=wording.RISKS)
    risk5: pl.String = column("致贫/返贫风险5", "code", required=False, codes=wording.RISKS)
    disaster_item: pl.String = column("因自然灾害子项", required=False, example="洪涝灾害")
    remark: pl.String = column("其他备注", required=False)
    eliminated: pl.Boolean = column("风险是否已消除", "yesno", synonyms=("风险是否已消除0",))
    eliminated_month: pl.String = column("消除监测时间", "month", required=False)
    elimination_mode: pl.String = column("风险消除方式", "code", required=False, codes=wording.ELIMINATION_MODES)
    no_labour_household: pl.Boolean = column("整户无劳动能力兜底保障户", "yesno", required=False)
    development_measure: pl.String = column(
        "实施开发式帮扶措施情况", "code", required=False, codes=("已实施", "尚未实施")
    )
