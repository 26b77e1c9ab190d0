-- One row per household with a public-post holder who does not qualify.
with post as (
  select * from core.public_post
),

household as (
  select * from core.household
),

threshold as (
  select * from ref.threshold
),

judged as (
  select
    post.household_id as household_id,
    post.person_id as person_id,
    post.post_type as post_type,
    post.monthly_pay_fen as monthly_pay_fen,
    nullif(
      concat_ws(
        '、',
        case when post.age < threshold.post_min_age then post.age || '周岁，未满' || threshold.post_min_age || '周岁' end,
        case when post.age >= threshold.post_max_age then post.age || '周岁，超过年龄上限' end,
        case when post.student then '在校生' end,
        case when post.labour in ('丧失劳动力', '无劳动力') then '登记为' || post.labour end,
        case when post.on_payroll then '本人为财政供养人员' end,
        case when post.household_payroll_members > 0 and not post.on_payroll then '家庭成员为财政供养人员' end,
        case when post.working_away then '同期在县外务工' end,
        case when post.posts > threshold.post_max_posts then '一人' || post.posts || '岗' end
      ), ''
    ) as reasons
  from post
  cross join threshold
),

holder as (
  select
    household_id as household_id,
    count(distinct person_id) as persons,
    sum(monthly_pay_fen) as monthly_pay_fen,
    string_agg(post_type || '：' || reasons, '；' order by person_id, post_type) as reasons
  from judged
  where reasons is not null
  group by household_id
),

final as (
  select
    holder.household_id as household_id,
    household.village_code as village_code,
    household.in_province as in_province,
    'ineligible_post' as kind,
    '公益性岗位安置存疑' as title,
    100 as severity,
    holder.persons || '人：' || holder.reasons || '；月补贴合计'
    || cast(floor(cast(holder.monthly_pay_fen as bigint) / 100) as bigint) || '元' as evidence,
    '须核实岗位台账是否更新、是否由他人顶岗、务工是否为短期' as counter_evidence,
    '《专题调研工作方案》四（二）“安置是否合理”；贵州省防返贫数据核查规则 3_01_008、5_01_006、5_15_006' as clause
  from holder
  inner join household on holder.household_id = household.household_id
)

select * from final
order by household_id
