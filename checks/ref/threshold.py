"""判断阈值: what `ref.threshold` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import col, table


@table("ref", key=("income_min_months",))
class Threshold(pa.DataFrameModel):
    """One row: every parameter of policy/threshold.yaml as a column, in force this month."""

    rural_income_yuan: pl.Int32 = col("上年全省农村居民人均可支配收入", unit="yuan")
    medical_year_yuan: pl.Int32 = col("住院和门诊年度合规自付预警额", unit="yuan")
    medical_stay_monitored_yuan: pl.Int32 = col("监测对象单次住院合规自付预警额", unit="yuan")
    medical_stay_other_yuan: pl.Int32 = col("其他农户单次住院合规自付预警额", unit="yuan")
    medical_income_tuopin_share: pl.Float64 = col(
        "脱贫户年度合规自付与上年全省农村居民人均可支配收入之比", unit="share"
    )
    medical_income_other_share: pl.Float64 = col(
        "其他农户年度合规自付与上年全省农村居民人均可支配收入之比", unit="share"
    )
    rigid_alert_share: pl.Float64 = col("刚性支出占家庭纯收入预警比例（按幅度）", unit="share")
    income_drop_alert_share: pl.Float64 = col("收入降幅预警比例（按幅度）", unit="share")
    margin_income_multiple: pl.Float64 = col("“不边缘”判断：人均纯收入相当于监测线的倍数", unit="multiple")
    margin_rigid_share: pl.Float64 = col("“不边缘”判断：刚性支出占纯收入比上限", unit="share")
    margin_earners: pl.Int32 = col("“不边缘”判断：稳定务工人数与登记资产项数之和的下限", unit="persons")
    margin_months: pl.Int32 = col("“较稳定”判断：连续达到标准的月数", unit="months")
    elimination_min_months: pl.Int32 = col("识别至消除的最短月数", unit="months")
    procedure_from: pl.String = col("消除须经民主评议、公示、审核的起始月份", unit="month")
    relapse_months: pl.Int32 = col("消除后再次纳入判为返复的月数", unit="months")
    post_min_age: pl.Int32 = col("公益性岗位人员年龄下限（周岁）", unit="years")
    post_max_age: pl.Int32 = col("公益性岗位人员年龄上限（周岁，不含）", unit="years")
    post_max_posts: pl.Int32 = col("一人同时在岗的公益性岗位数上限", unit="posts")
    test_probability: pl.Float64 = col("村级检验的显著性水平", unit="probability")
    false_discovery_rate: pl.Float64 = col("村级名单的错误发现率", unit="probability")
    batch_min_households: pl.Int32 = col("同日批量消除的最少户数", unit="households")
    inflated_min_ratio: pl.Float64 = col("消除数与同期同类应消除数之比的下限", unit="ratio")
    inflated_min_households: pl.Int32 = col("快消除村的最少消除户数", unit="households")
    prior_shape: pl.Int32 = col("消除数伽马先验的形状参数", unit="number")
    exposure_band_1: pl.Int32 = col("监测时长第一档上限（月）", unit="months")
    exposure_band_2: pl.Int32 = col("监测时长第二档上限（月）", unit="months")
    exposure_band_3: pl.Int32 = col("监测时长第三档上限（月）", unit="months")
    copied_min_items: pl.Int32 = col("收支雷同：非零项目数下限", unit="items")
    copied_min_households: pl.Int32 = col("收支雷同：村内雷同户数下限", unit="households")
    bunching_width_yuan: pl.Int32 = col("收入扎堆：监测线上下的宽度", unit="yuan")
    bunching_min_households: pl.Int32 = col("收入扎堆：带内户数下限", unit="households")
    bunching_probability: pl.Float64 = col("收入扎堆：线两侧户数单侧检验的显著性水平", unit="probability")
    zero_report_months: pl.Int32 = col("零报告：回看月数", unit="months")
    zero_report_probability: pl.Float64 = col("零报告：按同县水平不出现一户的概率上限", unit="probability")
    interval_z: pl.Float64 = col("威尔逊95%区间的正态分位数", unit="number")
    rho_max: pl.Float64 = col("组内相关系数上限", unit="number")
    small_sample_households: pl.Int32 = col("小样本：监测对象户数少于此数", unit="households")
    rate_base_households: pl.Int32 = col("监测对象密度的基数（每多少农户计）", unit="households")
    income_min_months: pl.Int32 = col("收入核算：12个月中至少有记录的月数", unit="months")
    compulsory_age_min: pl.Int32 = col("义务教育起始年龄（周岁）", unit="years")
    compulsory_age_max: pl.Int32 = col("义务教育检查年龄上限（周岁，含）", unit="years")
    working_age_min: pl.Int32 = col("劳动年龄下限（周岁，含）", unit="years")
    working_age_max: pl.Int32 = col("劳动年龄上限（周岁，含）", unit="years")
    severe_disability_grade: pl.Int32 = col("重度残疾的最低等级（一级为1）", unit="grade")
    stable_work_months: pl.Int32 = col("稳定务工：在岗不少于的月数", unit="months")
    shock_months: pl.Int32 = col("识别前突发事件的回看月数", unit="months")
    curve_top_yuan: pl.Int32 = col("收入分布曲线的上端", unit="yuan")
    criterion_amount_step_yuan: pl.Int32 = col("按金额比较：每档金额", unit="yuan")
    criterion_share_step: pl.Float64 = col("按幅度比较：每档比例", unit="share")
    criterion_steps: pl.Int32 = col("按金额、按幅度比较：档数", unit="number")
    criterion_groups: pl.Int32 = col("按收入分组比较：组数", unit="number")
    criterion_top_persons: pl.Int32 = col("按家庭人口比较：最高一档人数（及以上）", unit="persons")
    criterion_line_multiple: pl.Float64 = col("收不抵支的判断：扣除刚性支出后人均收入低于监测线的倍数", unit="multiple")
    map_step_yuan: pl.Int32 = col("收入与刚性支出分布图：格宽", unit="yuan")
    map_top_yuan: pl.Int32 = col("收入与刚性支出分布图：上端", unit="yuan")
    equal_work_share: pl.Float64 = col("按金额、按幅度比较：视为工作量相同的标出户数相差比例上限", unit="share")
    income_error_1: pl.Float64 = col("监测线测算：收入误差（小）", unit="share")
    income_error_2: pl.Float64 = col("监测线测算：收入误差（中）", unit="share")
    income_error_3: pl.Float64 = col("监测线测算：收入误差（大）", unit="share")
    near_line_share: pl.Float64 = col("临近监测线：扣除刚性支出后人均收入高出监测线的比例上限（不含）", unit="share")
    key_group_students: pl.Int32 = col("重点人群“多名在校生”：非义务教育在校生人数下限", unit="persons")
    key_group_monitored_months: pl.Int32 = col("重点人群“有劳动能力而长期未消除”：识别至今超过的月数", unit="months")
    elimination_income_months: pl.Int32 = col("消除条件：收入连续不低于监测线的月数", unit="months")
    elimination_min_measures: pl.Int32 = col("消除条件：已实施的对症措施项数下限", unit="items")
    elimination_max_gaps: pl.Int32 = col("消除条件：三保障和饮水缺口项数上限", unit="items")
    elimination_without_labour: pl.Boolean = col("消除条件：整户无劳动能力户可否标注消除")
    shortage_min_persons: pl.Int32 = col("“因缺劳动力”与事实不符：家庭人数下限", unit="persons")
    shortage_labour_share: pl.Float64 = col("“因缺劳动力”与事实不符：有劳动能力的人所占比例下限", unit="share")
