"""监测范围研判: what `mart.eligibility` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table

AUDITS = (
    Audit(
        "every_household",
        "每户恰有一行",
        "select count(*) from mart.eligibility having count(*) <> (select count(*) from core.household_month)",
    ),
    Audit(
        "reasons_told",
        "在范围内、不详或潜在风险的都写明理由，范围外的没有理由；监测中的不列为潜在风险",
        """select household_id from mart.eligibility
        where (in_range is distinct from false or watch) <> (coalesce(reasons, '') <> '')
          or watch and (status = 'active' or in_range)""",
    ),
    Audit(
        "misfit_told",
        "类别与事实不符的都写明何处不符；不在名册的不判断",
        """select household_id from mart.eligibility
        where coalesce(not class_fits, false) <> (coalesce(class_note, '') <> '')
          or category is null and class_fits is not null""",
    ),
)


@table("mart", key=("household_id",), audits=AUDITS)
class Eligibility(pa.DataFrameModel):
    """One row per household: its place against the line in force and what follows, a lead and never a decision."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    household_type: pl.String = col("户类型", isin=["脱贫户", "一般农户"])
    persons: pl.Int32 = col("期末成员人数", ge=0)
    status: pl.String = col("监测状态", isin=["none", "active", "eliminated"])
    category: pl.String = col("监测对象类别", nullable=True)
    line_fen: pl.Int64 = col("监测收入线", unit="fen_per_head")
    net_income_per_head_fen: pl.Int64 = col("人均纯收入", nullable=True, unit="fen_per_head")
    net_margin_fen: pl.Int64 = col("人均纯收入减监测线", nullable=True, unit="fen_per_head")
    net_margin_pct: pl.Float64 = col("人均纯收入高于监测线的百分比", nullable=True, unit="percent")
    reference_income_per_head_fen: pl.Int64 = col("人均收入参考范围", nullable=True, unit="fen_per_head")
    reference_margin_fen: pl.Int64 = col("人均收入参考范围减监测线", nullable=True, unit="fen_per_head")
    reference_margin_pct: pl.Float64 = col("人均收入参考范围高于监测线的百分比", nullable=True, unit="percent")
    by_income: pl.Boolean = col("收入：人均纯收入低于监测线", nullable=True)
    by_rigid: pl.Boolean = col("刚性支出：扣除后或按收入参考范围低于监测线", nullable=True)
    by_drop: pl.Boolean = col("收入骤减：降幅达到预警比例且临近监测线", nullable=True)
    by_guarantee: pl.Boolean = col("三保障：任一项有缺口（含饮水）", nullable=True)
    by_capacity: pl.Boolean = col("自主应对能力：整户无劳动能力、没有登记资产且临近监测线", nullable=True)
    in_range: pl.Boolean = col("是否在监测范围（空为不详）", nullable=True)
    watch: pl.Boolean = col("是否潜在风险户（不在范围、未监测，临近监测线或有一方面问题）")
    reasons: pl.String = col("理由（范围外的为空）", nullable=True)
    class_fits: pl.Boolean = col("类别与户类型、收入、识别时间是否相符（空为不在名册或不详）", nullable=True)
    class_note: pl.String = col("类别何处不符", nullable=True)
    entitlements: pl.String = col("因病的监测对象按类别应落实的政策", nullable=True)
    low_income: pl.Boolean = col("四类之一：收入低", nullable=True)
    high_rigid: pl.Boolean = col("四类之二：刚性支出大（占比大、大病或多名在校生）", nullable=True)
    disaster_stricken: pl.Boolean = col("四类之三：因灾因事故")
    safety_net: pl.Boolean = col("四类之四：兜底户（特困，或整户无劳动能力的脱贫户）", nullable=True)
    problems: pl.Int32 = col("七个方面中有问题的项数", ge=0, le=7)
    problems_unknown: pl.Int32 = col("七个方面中不详的项数", ge=0, le=6)
    group_dibao: pl.Boolean = col("重点人群：低保户")
    group_tekun: pl.Boolean = col("重点人群：特困供养户")
    group_serious_illness: pl.Boolean = col("重点人群：大病户（年度合规自付超过预警额）")
    group_severe_disability: pl.Boolean = col("重点人群：有一二级残疾人的户")
    group_students: pl.Boolean = col("重点人群：多名非义务教育在校生的户")
    group_unstable_work: pl.Boolean = col("重点人群：务工不稳定的户")
    group_calamity: pl.Boolean = col("重点人群：有灾害、事故或死亡的户")
    group_petition: pl.Boolean = col("重点人群：反映生活困难的户")
    group_monitored_long: pl.Boolean = col("重点人群：有劳动能力而长期未消除的监测对象")
