"""农户月度特征: what `core.household_month` must be."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from checks.table import Audit, col, table


@table(
    "core",
    key=("household_id",),
    audits=(
        Audit(
            "every_household",
            "每户恰有一行",
            "select count(*) from core.household_month having count(*) <> (select count(*) from core.household)",
        ),
        Audit(
            "gaps_match",
            "缺口合计与三保障表相等",
            """select feature.gaps
            from (
              select count(*) filter (where education_gap) + count(*) filter (where medical_gap)
                + count(*) filter (where housing_gap) + count(*) filter (where water_gap) as gaps
              from core.household_month
            ) as feature
            cross join (select coalesce(sum(open_gaps), 0) as gaps from core.guarantee) as guarantee
            where feature.gaps <> guarantee.gaps""",
        ),
        Audit(
            "status_matches",
            "名册内监测对象的未消除、已消除户数与监测对象表相等",
            """select feature.active
            from (
              select count(*) filter (where status = 'active') as active,
                count(*) filter (where status = 'eliminated') as eliminated
              from core.household_month
            ) as feature
            cross join (
              select count(*) filter (where not eliminated) as active, count(*) filter (where eliminated) as eliminated
              from core.monitored_household where village_code is not null
            ) as register
            where feature.active <> register.active or feature.eliminated <> register.eliminated""",
        ),
    ),
)
class HouseholdMonth(pa.DataFrameModel):
    """One row per household: the features of the month."""

    household_id: pl.Int32 = col("农户内部编号")
    village_code: pl.String = col("行政村代码（12位）")
    in_province: pl.Boolean = col("是否计入本省合计、排名与抽样")
    household_type: pl.String = col("户类型", isin=["脱贫户", "一般农户"])
    persons: pl.Int32 = col("期末成员人数", ge=0)
    status: pl.String = col("监测状态", isin=["none", "active", "eliminated"])
    category: pl.String = col("监测对象类别", nullable=True)
    line_fen: pl.Int64 = col("监测收入线", unit="fen_per_head")
    income_known: pl.Boolean = col("收入记录是否足够")
    net_income_fen: pl.Int64 = col("家庭纯收入", nullable=True, unit="fen")
    net_income_per_head_fen: pl.Int64 = col("人均纯收入", nullable=True, unit="fen_per_head")
    reference_income_per_head_fen: pl.Int64 = col(
        "人均收入参考范围（纯收入加理赔减合规自付）", nullable=True, unit="fen_per_head"
    )
    rigid_fen: pl.Int64 = col("刚性支出", ge=0, unit="fen")
    medical_fen: pl.Int64 = col("合规自付医疗支出", ge=0, unit="fen")
    net_after_rigid_per_head_fen: pl.Int64 = col("扣除刚性支出后人均收入", nullable=True, unit="fen_per_head")
    margin_pct: pl.Float64 = col("扣除刚性支出后高于监测线的百分比", nullable=True, unit="percent")
    rigid_share: pl.Float64 = col("刚性支出占纯收入比", nullable=True, unit="share")
    transfer_share: pl.Float64 = col("转移性收入占比", nullable=True, unit="share")
    income_drop_share: pl.Float64 = col(
        "收入降幅（比上一核算期；不全时按三个月工资比上年同期）", nullable=True, unit="share"
    )
    students_non_compulsory: pl.Int32 = col("非义务教育在校生人数")
    education_gap: pl.Boolean = col("义务教育缺口", nullable=True)
    medical_gap: pl.Boolean = col("基本医疗缺口", nullable=True)
    housing_gap: pl.Boolean = col("住房安全缺口", nullable=True)
    water_gap: pl.Boolean = col("饮水安全缺口", nullable=True)
    labourers: pl.Int32 = col("有劳动能力人数")
    no_labour: pl.Boolean = col("整户无劳动能力（不详为空）", nullable=True)
    working: pl.Int32 = col("在务工人数")
    stable_earners: pl.Int32 = col("稳定务工人数")
    jobs_lost_recent: pl.Int32 = col("近三个月失去工作人数")
    disasters: pl.Int32 = col("灾害事故次数")
    newly_severe: pl.Int32 = col("新增重度残疾人数")
    severe_disabled: pl.Int32 = col("一二级残疾人数")
    petitions: pl.Int32 = col("信访次数")
    deaths: pl.Int32 = col("死亡人数")
    dibao_persons: pl.Int32 = col("低保人数")
    tekun_persons: pl.Int32 = col("特困人数")
    relief_times: pl.Int32 = col("临时救助次数")
    assets: pl.Int32 = col("登记资产项数（未授权查询为空）", nullable=True)
    months_below_line: pl.Int32 = col("连续低于监测线月数（净收入）", ge=0)
    months_above_line: pl.Int32 = col("连续不低于监测线1.5倍月数", ge=0)
