-- One row per household and alert in force this month.
-- An alert is a lead to be verified. first_month is carried forward from the month before while the alert stays in force.
with feature as (
  select * from core.household_month
),

rigid as (
  select * from core.rigid_expenditure
),

shock as (
  select * from core.shock
),

threshold as (
  select * from ref.threshold
),

month as (
  select * from ref.month
),

policy as (
  select
    parameter as parameter,
    source as source
  from ref.policy_value
  where in_force and place = ''
),

earlier as (
  select * from prev.mart.alert
),

raised as (
  select
    feature.household_id as household_id,
    'income_below_line' as kind,
    '扣除刚性支出后人均收入' || cast(floor(feature.net_after_rigid_per_head_fen / 100) as bigint) || '元，低于监测线'
    || cast(floor(feature.line_fen / 100) as bigint) || '元' as evidence,
    '中农组发〔2021〕7号 监测范围' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.net_after_rigid_per_head_fen < feature.line_fen
  union all
  select
    feature.household_id as household_id,
    'income_drop' as kind,
    '收入比上一核算期下降' || cast(round(feature.income_drop_share * 100) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    'threshold.income_drop_alert_share' as parameter
  from feature
  cross join threshold
  where feature.income_drop_share >= threshold.income_drop_alert_share
  union all
  select
    feature.household_id as household_id,
    'rigid_share' as kind,
    '刚性支出占家庭纯收入' || cast(round(feature.rigid_share * 100) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    'threshold.rigid_alert_share' as parameter
  from feature
  cross join threshold
  where feature.rigid_share >= threshold.rigid_alert_share
  union all
  select
    rigid.household_id as household_id,
    'medical_year' as kind,
    '近12个月合规自付医疗支出' || cast(floor(rigid.medical_fen / 100) as bigint) || '元' as evidence,
    cast(null as varchar) as clause,
    'threshold.medical_year_yuan' as parameter
  from rigid
  cross join threshold
  where rigid.medical_fen > threshold.medical_year_yuan * 100
  union all
  select
    rigid.household_id as household_id,
    'medical_stay' as kind,
    '单次住院合规自付' || cast(floor(rigid.largest_stay_fen / 100) as bigint) || '元' as evidence,
    cast(null as varchar) as clause,
    case
      when feature.status = 'active' then 'threshold.medical_stay_monitored_yuan'
      else 'threshold.medical_stay_other_yuan'
    end as parameter
  from rigid
  inner join feature on rigid.household_id = feature.household_id
  cross join threshold
  where
    rigid.largest_stay_fen > 100 * case
      when feature.status = 'active' then threshold.medical_stay_monitored_yuan
      else threshold.medical_stay_other_yuan
    end
  union all
  select
    rigid.household_id as household_id,
    'medical_income' as kind,
    '近12个月合规自付医疗支出' || cast(floor(rigid.medical_fen / 100) as bigint) || '元，相当于上年全省农村居民人均可支配收入的'
    || cast(round(rigid.medical_fen / nullif(threshold.rural_income_yuan, 0)) as bigint) || '%' as evidence,
    cast(null as varchar) as clause,
    case
      when feature.household_type = '脱贫户' then 'threshold.medical_income_tuopin_share'
      else 'threshold.medical_income_other_share'
    end as parameter
  from rigid
  inner join feature on rigid.household_id = feature.household_id
  cross join threshold
  where
    feature.in_province
    and rigid.medical_fen > 100 * threshold.rural_income_yuan * case
      when feature.household_type = '脱贫户' then threshold.medical_income_tuopin_share
      else threshold.medical_income_other_share
    end
  union all
  select
    feature.household_id as household_id,
    'dropout' as kind,
    '义务教育阶段疑似失学辍学' as evidence,
    '施甸县通知（2021年4月26日）二（三）“失辍学”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.education_gap
  union all
  select
    feature.household_id as household_id,
    'uninsured' as kind,
    '有家庭成员未参加基本医疗保险' as evidence,
    '中农组发〔2021〕7号 “两不愁三保障”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.medical_gap
  union all
  select
    feature.household_id as household_id,
    'unsafe_house' as kind,
    '住房鉴定为C级或D级且住人' as evidence,
    '施甸县通知（2021年4月26日）二（三）“危房不住人、住人无危房”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.housing_gap
  union all
  select
    feature.household_id as household_id,
    'unsafe_water' as kind,
    '饮水四项指标有不达标项' as evidence,
    '施甸县通知（2021年4月26日）二（三）“水质、水量、取水方便程度和供水保证率”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.water_gap
  union all
  select
    shock.household_id as household_id,
    'disaster' as kind,
    shock.last_disaster_month || '发生灾害或事故，近12个月' || shock.disasters || '次，净损失'
    || cast(floor(shock.net_loss_fen / 100) as bigint) || '元'
    || case when shock.casualties > 0 then '，有伤亡' else '' end as evidence,
    '施甸县通知（2021年4月26日）二（一）三“因灾因意外事故”' as clause,
    cast(null as varchar) as parameter
  from shock
  cross join month
  where shock.last_disaster_month >= month.recent_first
  union all
  select
    shock.household_id as household_id,
    'petition' as kind,
    shock.last_petition_month || '反映生活困难，近12个月' || shock.petitions || '次' as evidence,
    '赵委发〔2020〕34号 五（一）“上访、信访、群众反映较多”' as clause,
    cast(null as varchar) as parameter
  from shock
  cross join month
  where shock.last_petition_month >= month.recent_first
  union all
  select
    feature.household_id as household_id,
    'job_lost' as kind,
    '近三个月' || feature.jobs_lost_recent || '人失去工作且未再就业，在务工' || feature.working || '人' as evidence,
    '施甸县通知（2021年4月26日）二（二）' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.jobs_lost_recent > 0
  union all
  select
    feature.household_id as household_id,
    'newly_severe' as kind,
    '近三个月新增一二级残疾' || feature.newly_severe || '人' as evidence,
    '赵委发〔2020〕34号 五（一）“残疾人户”' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.newly_severe > 0
  union all
  select
    feature.household_id as household_id,
    'helped_unlisted' as kind,
    '近12个月临时救助' || feature.relief_times || '次，未纳入监测' as evidence,
    '中农组发〔2021〕7号 应纳尽纳（“体外循环”）' as clause,
    cast(null as varchar) as parameter
  from feature
  where feature.relief_times > 0 and feature.status = 'none'
),

final as (
  select
    raised.household_id as household_id,
    feature.village_code as village_code,
    raised.kind as kind,
    coalesce(earlier.first_month, month.month) as first_month,
    earlier.first_month is null as is_new,
    feature.status = 'active' as monitored,
    raised.evidence as evidence,
    coalesce(raised.clause, policy.source) as clause
  from raised
  inner join feature on raised.household_id = feature.household_id
  left join earlier on raised.household_id = earlier.household_id and raised.kind = earlier.kind
  left join policy on raised.parameter = policy.parameter
  cross join month
)

select * from final
order by household_id, kind
