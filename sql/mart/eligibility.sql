-- One row per household: its place against the line in force, the ways it would be in range, and what does not fit.
-- A lead with reasons and never a decision: the household's class stays what it is. NULL is unknown.
-- What each way, class, tier and group means: docs/decisions/0048-statutory-range.md. In the order of core.household.
with feature as (
  select * from core.household_month
),

threshold as (
  select * from ref.threshold
),

-- The class a household carries in the register, with what the scheme asks of it. The income is that of its entry; for
-- one still monitored whose entry income nobody recorded it is this month's.
registered as (
  select
    monitored.household_id as household_id,
    monitored.category as category,
    monitored.identified_month as identified_month,
    monitored.entry_income_per_head_fen as entry_income_per_head_fen,
    monitored.months_monitored as months_monitored,
    category.category is not null as in_scheme,
    category.household_type as class_household_type,
    category.above_line as class_above_line,
    strftime(category.since, '%Y-%m') as class_since_month,
    category.entitlements as class_entitlements,
    contains(monitored.risks, '因病') as ill
  from core.monitored_household as monitored
  left join ref.category as category on monitored.category = category.category
),

compared as (
  select
    feature.*,
    registered.identified_month as identified_month,
    registered.in_scheme as in_scheme,
    registered.class_household_type as class_household_type,
    registered.class_above_line as class_above_line,
    registered.class_since_month as class_since_month,
    registered.class_entitlements as class_entitlements,
    registered.months_monitored as months_monitored,
    registered.entry_income_per_head_fen is null as entry_unknown,
    coalesce(
      registered.entry_income_per_head_fen,
      case when feature.status = 'active' then feature.net_income_per_head_fen end
    ) as class_income_per_head_fen,
    feature.net_income_per_head_fen < feature.line_fen as by_income,
    feature.net_after_rigid_per_head_fen
    < feature.line_fen * (1 + threshold.near_line_share) as near_line,
    feature.rigid_fen > 0 and feature.rigid_fen >= threshold.rigid_alert_share * feature.net_income_fen as rigid_heavy,
    feature.income_drop_share >= threshold.income_drop_alert_share as income_fell,
    feature.education_gap or feature.medical_gap or feature.housing_gap or feature.water_gap as by_guarantee,
    feature.medical_fen > 100 * threshold.medical_year_yuan as dear_illness,
    coalesce(registered.ill, false) as registered_ill,
    feature.students_non_compulsory >= threshold.key_group_students as many_students,
    coalesce(registered.months_monitored > threshold.key_group_monitored_months, false) as monitored_long,
    threshold.near_line_share as near_line_share
  from feature
  cross join threshold
  left join registered on feature.household_id = registered.household_id
),

judged as (
  select
    *,
    case
      when least(net_after_rigid_per_head_fen, reference_income_per_head_fen) < line_fen
        then not by_income or rigid_heavy
      when net_after_rigid_per_head_fen is not null or rigid_fen = 0 then false
    end as by_rigid,
    near_line and income_fell as by_drop,
    near_line and no_labour and assets = 0 as by_capacity
  from compared
),

-- Three-valued: true when one way is, false when all are, else unknown.
ranged as (
  select
    *,
    by_income or by_rigid or by_drop or by_guarantee or by_capacity as in_range,
    coalesce(cast(housing_gap as integer), 0)
    + coalesce(cast(education_gap as integer), 0)
    + coalesce(cast(medical_gap as integer), 0)
    + coalesce(cast(water_gap as integer), 0)
    + coalesce(cast(by_income as integer), 0)
    + cast(jobs_lost_recent > 0 as integer)
    + cast(petitions > 0 as integer) as problems,
    cast(housing_gap is null as integer)
    + cast(education_gap is null as integer)
    + cast(medical_gap is null as integer)
    + cast(water_gap is null as integer)
    + cast(by_income is null as integer)
    + cast(petitions = 0 as integer) as problems_unknown,
    in_scheme
    and (class_household_type is null or class_household_type = household_type)
    and (class_since_month is null or identified_month >= class_since_month)
    and (not class_above_line or class_income_per_head_fen >= line_fen) as class_fits
  from judged
),

tiered as (
  select
    *,
    status <> 'active' and coalesce(not in_range, true) and (problems > 0 or coalesce(near_line, false)) as watch
  from ranged
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    household_type as household_type,
    persons as persons,
    status as status,
    category as category,
    line_fen as line_fen,
    net_income_per_head_fen as net_income_per_head_fen,
    net_income_per_head_fen - line_fen as net_margin_fen,
    100 * (net_income_per_head_fen - line_fen) / nullif(line_fen, 0) as net_margin_pct,
    reference_income_per_head_fen as reference_income_per_head_fen,
    reference_income_per_head_fen - line_fen as reference_margin_fen,
    100 * (reference_income_per_head_fen - line_fen) / nullif(line_fen, 0) as reference_margin_pct,
    by_income as by_income,
    by_rigid as by_rigid,
    by_drop as by_drop,
    by_guarantee as by_guarantee,
    by_capacity as by_capacity,
    in_range as in_range,
    watch as watch,
    case
      when coalesce(in_range, true) or watch
        then concat_ws(
          '；',
          case
            when by_income
              then
                '收入：人均纯收入' || cast(floor(net_income_per_head_fen / 100) as bigint) || '元，低于监测线'
                || cast(floor(line_fen / 100) as bigint) || '元'
          end,
          case
            when by_rigid and net_after_rigid_per_head_fen < line_fen
              then
                '刚性支出：' || cast(floor(rigid_fen / 100) as bigint) || '元，扣除后人均收入'
                || cast(floor(net_after_rigid_per_head_fen / 100) as bigint) || '元，低于监测线'
                || cast(floor(line_fen / 100) as bigint) || '元'
            when by_rigid
              then
                '刚性支出：人均收入参考范围' || cast(floor(reference_income_per_head_fen / 100) as bigint)
                || '元，低于监测线' || cast(floor(line_fen / 100) as bigint) || '元'
          end,
          case
            when by_drop
              then
                '收入骤减：比上一核算期下降' || cast(round(100 * income_drop_share) as bigint)
                || '%，扣除刚性支出后人均收入' || cast(floor(net_after_rigid_per_head_fen / 100) as bigint) || '元'
          end,
          case
            when by_guarantee
              then '三保障：' || concat_ws(
                '、',
                case when education_gap then '义务教育' end,
                case when medical_gap then '基本医疗' end,
                case when housing_gap then '住房安全' end,
                case when water_gap then '饮水安全' end
              ) || '有缺口'
          end,
          case when by_capacity then '自主应对能力：整户无劳动能力，没有登记资产' end,
          case
            when watch and near_line
              then
                '临近监测线：扣除刚性支出后人均收入' || cast(floor(net_after_rigid_per_head_fen / 100) as bigint)
                || '元，监测线' || cast(floor(line_fen / 100) as bigint) || '元，高出不足'
                || cast(round(100 * near_line_share) as bigint) || '%'
          end,
          case when watch and jobs_lost_recent > 0 then '就业：近三个月' || jobs_lost_recent || '人失去工作且未再就业' end,
          case when watch and petitions > 0 then '生活状态：近12个月反映生活困难' || petitions || '次' end,
          case
            when in_range is null
              then '不详：' || concat_ws(
                '、',
                case when by_income is null then '收入' end,
                case when near_line and by_drop is null then '收入降幅' end,
                case when education_gap is null then '义务教育' end,
                case when medical_gap is null then '基本医疗' end,
                case when housing_gap is null then '住房安全' end,
                case when water_gap is null then '饮水安全' end,
                case when near_line and by_capacity is null and no_labour is null then '劳动能力' end,
                case when near_line and by_capacity is null and assets is null then '家庭资产（未授权查询）' end
              )
          end
        )
    end as reasons,
    class_fits as class_fits,
    case
      when class_fits = false
        then concat_ws(
          '；',
          case when not in_scheme then '本月适用的类别方案没有' || category end,
          case
            when class_household_type <> household_type
              then '类别为' || category || '，应是' || class_household_type || '，户类型是' || household_type
          end,
          case
            when identified_month < class_since_month
              then identified_month || '识别为' || category || '，这一类别自' || class_since_month || '起才有'
          end,
          case
            when class_above_line and class_income_per_head_fen < line_fen
              then
                '类别为' || category || '，收入应不低于监测线'
                || cast(floor(line_fen / 100) as bigint) || '元，'
                || case when entry_unknown then '本月核算的' else '识别时登记的' end
                || '人均纯收入是' || cast(floor(class_income_per_head_fen / 100) as bigint) || '元'
          end
        )
    end as class_note,
    case when status = 'active' and (dear_illness or registered_ill) then class_entitlements end as entitlements,
    by_income as low_income,
    rigid_heavy or dear_illness or many_students as high_rigid,
    disasters > 0 as disaster_stricken,
    tekun_persons > 0 or household_type = '脱贫户' and no_labour as safety_net,
    problems as problems,
    problems_unknown as problems_unknown,
    dibao_persons > 0 as group_dibao,
    tekun_persons > 0 as group_tekun,
    dear_illness as group_serious_illness,
    severe_disabled > 0 as group_severe_disability,
    many_students as group_students,
    jobs_lost_recent > 0 or working > 0 and stable_earners = 0 as group_unstable_work,
    disasters + deaths > 0 as group_calamity,
    petitions > 0 as group_petition,
    status = 'active' and labourers > 0 and monitored_long as group_monitored_long
  from tiered
)

select * from final
