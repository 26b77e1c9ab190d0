"""fangpin status: figures are the own province's or those of the township beside it, by its name; columns aligned."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.lines import aligned, shown_width
from pipelines.status import manifest, summary

TABLES = """
create schema mart; create schema ref;
create table mart.place_month as from (values
  ('province', '41', '河南省', true, 5000, 20000, 40, 160, 10, 50, 30, 110, 0.75, 0.6875),
  ('province', '14', '山西省', false, 70, 200, 4, 13, 1, 3, 3, 10, 0.75, 0.7692),
  ('township', '410102001', '某乡', true, 5000, 20000, 40, 160, 10, 50, 30, 110, 0.75, 0.6875),
  ('township', '141123208', '赵家坪乡', false, 70, 200, 4, 13, 1, 3, 3, 10, 0.75, null)
) as t (level, place_code, place_name, in_province, households, persons, monitored_households, monitored_persons,
  active_households, active_persons, eliminated_households, eliminated_persons, elimination_ratio_households,
  elimination_ratio_persons);
create table ref.place as select level, place_code,
  case place_code when '141123208' then '山西省吕梁市兴县赵家坪乡' else place_name end as full_name
from mart.place_month;
create table ref.division as from (values
  ('410102001001', '410102001', '41', true), ('141123208200', '141123208', '14', false)
) as t (village_code, township_code, province_code, in_province);
create table mart.alert as from (values
  ('410102001001', true), ('410102001001', false), ('410102001001', false), ('141123208200', true)
) as t (village_code, is_new);
create table mart.feed_quality as from (values
  ('医保局', '医保结算明细', 1234, 10, 0.989, '已报送'),
  ('全国防返贫监测信息系统', '监测对象信息', 44, 0, 1.0, '已报送'),
  ('信访局', '信访反映信息', 0, 0, null, '未报送')
) as t (source, title, accepted, quarantined, match_rate, delivery_state);
create table mart.household_anomaly as from (values ('快速消除', true), ('快速消除', false)) as t (title, in_province);
create table mart.village_anomaly as from (values ('零报告', true), ('零报告', true)) as t (title, in_province);
create table mart.county_ranking as from (values
  ('count_households', 1, '410101', '河南省某市某县', 40, null),
  ('ratio_households', 7, '410101', '同', 40, 0.705)) as t
  (criterion, rank, place_code, full_name, monitored_households, eb_mean);
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "published" / "2021-12" / "v001"
    folder.mkdir(parents=True)
    content = {"month": "2021-12", "version": "v001", "previous": None, "policy_version": "p", "inputs": {}}
    (folder / "manifest.json").write_text(json.dumps(content))
    (tmp_path / "published" / "CURRENT").write_text("2021-12/v001\n")
    (tmp_path / "published" / "2021-12" / "CURRENT").write_text("v001\n")
    with duckdb.connect(folder / "fangpin.duckdb") as con:
        con.execute(TABLES)
    return tmp_path


def test_every_figure_says_whose_it_is(home: Path) -> None:
    """Alerts and leads of the province leave out the township beside it, which has its own lines."""
    text = summary(home, manifest(home, None))
    assert text.splitlines()[2:22] == [
        "月份 2021-12，版本 v001，政策版本 p",
        "",
        "河南省：5,000 户 20,000 人",
        "  监测对象 40 户 160 人：未消除 10 户 50 人，已消除 30 户 110 人",
        "  风险消除率：按户 75.0%，按人 68.8%",
        "  预警 3 条，其中本月新增 1 条",
        "  异常线索：零报告 2；快速消除 1",
        "",
        "赵家坪乡（山西省吕梁市兴县，另列，不计入河南省）：70 户 200 人",
        "  监测对象 4 户 13 人：未消除 1 户 3 人，已消除 3 户 10 人",
        "  风险消除率：按户 75.0%，按人 —",
        "  预警 1 条，其中本月新增 1 条",
        "",
        "各部门报送（全部文件，含赵家坪乡）",
        "报送部门                数据          接收行  退回行  匹配率（按行）",
        "信访局                  信访反映信息       0       0          未报送",
        "全国防返贫监测信息系统  监测对象信息      44       0          100.0%",
        "医保局                  医保结算明细   1,234      10           98.9%",
        "",
        "河南省监测对象较多的县：",
    ]
    assert "  1. 河南省某市某县 40 户，风险消除率（收缩后，按户）70.5%" in text
    assert "山西省：" not in text


def test_a_chinese_character_takes_two_columns() -> None:
    assert [shown_width(text) for text in ("", "abc", "县村", "县1（", "100.0%")] == [0, 3, 4, 5, 6]
    assert aligned([("县", "1"), ("全国防", "1,000")], texts=1) == ["县          1", "全国防  1,000"]
