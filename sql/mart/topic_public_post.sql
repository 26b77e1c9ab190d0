-- One row per village, indicator and segment: public posts and their holders (topic 二 of the plan).
-- Sums over villages give every level. What counts as what: docs/decisions/0054-topic-public-post.md.
-- A holder stands where the household lives; one who left without a household in this month's list, where it lived.
with household as (
  select * from core.household_month
),

month as (
  select * from ref.month
),

threshold as (
  select * from ref.threshold
),

rule as (
  select
    monthly_pay_min_yuan * 100 as pay_min_fen,
    monthly_pay_max_yuan * 100 as pay_max_fen
  from ref.public_post_rule
),

post as (
  select
    household.village_code as village_code,
    post.person_id as person_id,
    post.post_type as post_type,
    post.funder as funder,
    post.monthly_pay_fen as monthly_pay_fen,
    post.duties_stated as duties_stated,
    case
      when post.started <= month.month
        then date_diff('month', cast(post.started || '-01' as date), month.month_start) + 1
    end as months_held,
    post.started between month.status_first and month.month as started_this_year,
    post.age as age,
    post.student as student,
    coalesce(post.labour, '不详') as labour,
    post.disabled as disabled,
    post.posts as posts,
    post.on_payroll as on_payroll,
    post.household_payroll_members as household_payroll_members,
    post.working_away as working_away,
    household.household_type as household_type,
    case household.status
      when 'active' then household.category
      when 'eliminated' then '已消除风险'
      else '未列入监测'
    end as class
  from core.public_post as post
  inner join household on post.household_id = household.household_id
  cross join month
),

-- A holder of several posts has held one as long as the longest.
holder as (
  select
    village_code as village_code,
    person_id as person_id,
    bool_and(coalesce(started_this_year, false)) as joined,
    any_value(age) as age,
    any_value(student) as student,
    any_value(labour) as labour,
    any_value(disabled) as disabled,
    any_value(posts) as posts,
    any_value(on_payroll) as on_payroll,
    any_value(household_payroll_members) as household_payroll_members,
    any_value(working_away) as working_away,
    any_value(household_type) as household_type,
    any_value(class) as class
  from post
  group by village_code, person_id
),

before as (
  select
    person_id as person_id,
    any_value(household_id) as household_id
  from prev.core.public_post
  group by person_id
),

-- Who held a post last month and holds none now, where the household is.
left_since as (
  select
    coalesce(
      household.village_code, succession.village_code, succession.remainder_code, earlier.village_code
    ) as village_code
  from before
  left join core.public_post as now on before.person_id = now.person_id
  inner join prev.core.household as earlier on before.household_id = earlier.household_id
  left join household on before.household_id = household.household_id
  left join ref.succession as succession on earlier.village_code = succession.previous_village_code
  where now.person_id is null
),

-- Whether a holder held a post last month; nobody knows it in the first month.
compared as (
  select
    holder.village_code as village_code,
    before.person_id is not null as stayed
  from holder
  left join before on holder.person_id = before.person_id
  where exists (select 1 from prev.core.public_post)
),

-- What is counted by band.
measured as (
  select
    village_code as village_code,
    'pay_band' as indicator,
    'post_pay' as band,
    monthly_pay_fen as number
  from post
  union all
  select
    village_code as village_code,
    'months_band' as indicator,
    'post_months' as band,
    months_held as number
  from post
  union all
  select
    village_code as village_code,
    'holder_age' as indicator,
    'post_holder_age' as band,
    age as number
  from holder
),

-- One row per post and rule that can be judged.
compliance as (
  select
    village_code as village_code,
    '没有补贴' as segment,
    monthly_pay_fen = 0 as found
  from post
  union all
  select
    village_code as village_code,
    '没有写明岗位职责' as segment,
    not duties_stated as found
  from post
  union all
  select
    post.village_code as village_code,
    '月补贴低于下限' as segment,
    post.monthly_pay_fen < rule.pay_min_fen as found
  from post
  cross join rule
  where rule.pay_min_fen is not null
  union all
  select
    post.village_code as village_code,
    '月补贴高于上限' as segment,
    post.monthly_pay_fen > rule.pay_max_fen as found
  from post
  cross join rule
  where rule.pay_max_fen is not null
),

suitability as (
  select
    holder.village_code as village_code,
    '未满' || threshold.post_min_age || '周岁' as segment,
    holder.age < threshold.post_min_age as found
  from holder
  cross join threshold
  union all
  select
    holder.village_code as village_code,
    '满' || threshold.post_max_age || '周岁' as segment,
    holder.age >= threshold.post_max_age as found
  from holder
  cross join threshold
  union all
  select
    village_code as village_code,
    '在校生' as segment,
    student as found
  from holder
  union all
  select
    village_code as village_code,
    '没有劳动能力' as segment,
    labour in ('丧失劳动力', '无劳动力') as found
  from holder
  union all
  select
    holder.village_code as village_code,
    '一人多岗' as segment,
    holder.posts > threshold.post_max_posts as found
  from holder
  cross join threshold
  union all
  select
    village_code as village_code,
    '同期在县外务工' as segment,
    working_away as found
  from holder
  union all
  select
    village_code as village_code,
    '本人为财政供养人员' as segment,
    on_payroll as found
  from holder
  union all
  select
    village_code as village_code,
    '家庭成员为财政供养人员' as segment,
    household_payroll_members > 0 and not on_payroll as found
  from holder
  union all
  select
    village_code as village_code,
    '技能劳动力' as segment,
    labour = '技能劳动力' as found
  from holder
),

fact as (
  select
    village_code as village_code,
    'posts' as indicator,
    '' as segment,
    1 as value,
    null as base
  from post
  union all
  select
    village_code as village_code,
    'post_type' as indicator,
    post_type as segment,
    1 as value,
    null as base
  from post
  union all
  select
    village_code as village_code,
    'funder' as indicator,
    funder as segment,
    1 as value,
    null as base
  from post
  union all
  select
    village_code as village_code,
    'pay' as indicator,
    post_type as segment,
    monthly_pay_fen as value,
    1 as base
  from post
  union all
  select
    village_code as village_code,
    'months_held' as indicator,
    '' as segment,
    months_held as value,
    1 as base
  from post
  where months_held is not null
  union all
  select
    village_code as village_code,
    'compliance' as indicator,
    segment as segment,
    cast(found as integer) as value,
    1 as base
  from compliance
  union all
  select
    village_code as village_code,
    'holders' as indicator,
    '' as segment,
    1 as value,
    null as base
  from holder
  union all
  select
    village_code as village_code,
    'holder_labour' as indicator,
    labour as segment,
    1 as value,
    null as base
  from holder
  union all
  select
    village_code as village_code,
    'holder_disabled' as indicator,
    '' as segment,
    cast(disabled as integer) as value,
    1 as base
  from holder
  union all
  select
    village_code as village_code,
    'holder_household' as indicator,
    household_type as segment,
    1 as value,
    null as base
  from holder
  union all
  select
    village_code as village_code,
    'holder_class' as indicator,
    class as segment,
    1 as value,
    null as base
  from holder
  union all
  select
    village_code as village_code,
    'joined_year' as indicator,
    '' as segment,
    cast(joined as integer) as value,
    1 as base
  from holder
  union all
  select
    village_code as village_code,
    'stayed_month' as indicator,
    '' as segment,
    cast(stayed as integer) as value,
    1 as base
  from compared
  union all
  select
    village_code as village_code,
    'joined_month' as indicator,
    '' as segment,
    1 as value,
    null as base
  from compared
  where not stayed
  union all
  select
    village_code as village_code,
    'left_month' as indicator,
    '' as segment,
    1 as value,
    null as base
  from left_since
  union all
  select
    village_code as village_code,
    'suitability' as indicator,
    segment as segment,
    cast(found as integer) as value,
    1 as base
  from suitability
  union all
  select
    village_code as village_code,
    'ineligible_households' as indicator,
    '' as segment,
    1 as value,
    null as base
  from mart.anomaly_ineligible_post
  union all
  select
    measured.village_code as village_code,
    measured.indicator as indicator,
    band.segment as segment,
    1 as value,
    null as base
  from measured
  inner join ref.topic_band as band on measured.band = band.band
  where
    (band.low is null or measured.number >= band.low)
    and (band.high is null or measured.number < band.high)
),

final as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    cast(sum(value) as bigint) as value,
    cast(sum(base) as bigint) as base
  from fact
  group by village_code, indicator, segment
)

select * from final
order by village_code, indicator, segment
