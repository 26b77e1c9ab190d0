-- One row per village, indicator and segment: who is covered by monitoring and who would be (topic 四 of the plan).
-- Sums over villages give every level. Groups overlap: docs/decisions/0061-topic-coverage.md says what each is.
with judged as (
  select * from mart.eligibility
),

welfare as (
  select * from core.welfare
),

post_holder as (
  select distinct household_id as household_id
  from core.public_post
),

-- Households alike in label, in what is judged and in the groups they belong to.
cell as (
  select
    judged.village_code as village_code,
    case
      when judged.status = 'none' then 'unlisted'
      when judged.status = 'eliminated' then 'eliminated'
      when judged.category = '脱贫不稳定户' then 'unstable'
      when judged.category = '边缘易致贫户' then 'marginal'
      when judged.category = '突发严重困难户' then 'sudden'
      else 'other_class'
    end as label,
    judged.household_type = '脱贫户' as tuopin,
    household.served is not null as told,
    coalesce(
      household.served,
      coalesce(welfare.dibao_persons + welfare.tekun_persons + welfare.microcredit_fen > 0, false)
      or post_holder.household_id is not null
    ) as served,
    judged.by_income as below,
    judged.by_guarantee as gap,
    judged.in_range as in_range,
    coalesce(not judged.by_income and (judged.by_rigid or judged.by_drop), false) as struck,
    judged.group_dibao as dibao,
    judged.group_tekun as tekun,
    judged.safety_net as safety_net,
    judged.group_serious_illness as illness,
    coalesce(welfare.disabled > 0, false) as disabled,
    judged.group_severe_disability as severe,
    judged.group_students as students,
    judged.group_unstable_work as unstable_work,
    judged.group_calamity as calamity,
    judged.group_petition as petition,
    judged.group_monitored_long as monitored_long,
    count(*) as households,
    sum(judged.persons) as persons
  from judged
  left join core.household as household on judged.household_id = household.household_id
  left join welfare on judged.household_id = welfare.household_id
  left join post_holder on judged.household_id = post_holder.household_id
  group by all
),

-- Every group a cell belongs to.
membership as (
  select
    village_code as village_code,
    label as label,
    below as below,
    gap as gap,
    in_range as in_range,
    households as households,
    persons as persons,
    unnest([
      '全部农户', '脱贫户（享受政策）', '脱贫户（不享受政策）', '一般农户', '低保户', '特困供养户', '兜底户', '大病户',
      '有残疾人的户', '有一二级残疾人的户', '多名在校生户', '务工不稳定户', '灾害事故户', '反映生活困难户', '长期未消除户'
    ]) as segment,
    unnest([
      true, tuopin and served, tuopin and not served, not tuopin, dibao, tekun, safety_net, illness,
      disabled, severe, students, unstable_work, calamity, petition, monitored_long
    ]) as belongs
  from cell
),

member as (
  select
    village_code as village_code,
    segment as segment,
    sum(households) as households,
    sum(persons) as persons,
    sum(households) filter (where label = 'unlisted') as unlisted,
    sum(households) filter (where label = 'unstable') as unstable,
    sum(households) filter (where label = 'marginal') as marginal,
    sum(households) filter (where label = 'sudden') as sudden,
    sum(households) filter (where label = 'other_class') as other_class,
    sum(households) filter (where label = 'eliminated') as eliminated,
    sum(households) filter (where label not in ('unlisted', 'eliminated')) as monitored,
    sum(households) filter (where below) as below,
    sum(households) filter (where below is not null) as below_known,
    sum(households) filter (where gap) as gap,
    sum(households) filter (where gap is not null) as gap_known,
    sum(households) filter (where in_range) as in_range,
    sum(households) filter (where in_range is not null) as in_range_known,
    sum(households) filter (where in_range and label = 'unlisted') as in_range_unlisted
  from membership
  where belongs
  group by village_code, segment
),

-- Households in range, by the group whose inclusion the plan asks about; one may be in two.
asked as (
  select
    village_code as village_code,
    label as label,
    households as households,
    persons as persons,
    unnest(['added_sudden', 'added_unserved', 'added_served']) as indicator,
    unnest(['突发严重困难户', '脱贫不享受政策户', '脱贫享受政策户']) as segment,
    unnest([struck, tuopin and not served, tuopin and served]) as belongs
  from cell
  where in_range
),

added as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    sum(households) as households,
    sum(persons) as persons,
    sum(households) filter (where label = 'unlisted') as unlisted,
    sum(persons) filter (where label = 'unlisted') as unlisted_persons,
    sum(households) filter (where label not in ('unlisted', 'eliminated')) as monitored,
    sum(households) filter (where label = 'eliminated') as eliminated
  from asked
  where belongs
  group by village_code, indicator, segment
),

-- Unlisted households in range by all groups asked about that they are in: every household once.
combination as (
  select
    village_code as village_code,
    coalesce(
      nullif(
        concat_ws(
          '、',
          case when struck then '突发严重困难户' end,
          case when tuopin and not served then '脱贫不享受政策户' when tuopin then '脱贫享受政策户' end
        ),
        ''
      ),
      '不在三类之内'
    ) as segment,
    sum(households) as households
  from cell
  where in_range and label = 'unlisted'
  group by all
),

-- Counts have no base; of a share the base is who is judged.
fact as (
  select
    village_code as village_code,
    segment as segment,
    unnest([
      'households', 'persons', 'unlisted', 'unstable', 'marginal', 'sudden', 'other_class', 'eliminated'
    ]) as indicator,
    unnest([households, persons, unlisted, unstable, marginal, sudden, other_class, eliminated]) as value,
    null as base
  from member
  union all
  select
    village_code as village_code,
    segment as segment,
    unnest(['monitored', 'below_line', 'with_gap', 'in_range', 'in_range_unlisted']) as indicator,
    unnest([monitored, below, gap, in_range, in_range_unlisted]) as value,
    unnest([households, below_known, gap_known, in_range_known, in_range]) as base
  from member
  union all
  select
    village_code as village_code,
    segment as segment,
    unnest(['added_persons', 'added_monitored', 'added_eliminated']) as indicator,
    unnest([unlisted_persons, monitored, eliminated]) as value,
    unnest([persons, households, households]) as base
  from added
  union all
  select
    village_code as village_code,
    '' as segment,
    indicator as indicator,
    unlisted as value,
    households as base
  from added
  union all
  select
    village_code as village_code,
    segment as segment,
    'added_combination' as indicator,
    households as value,
    null as base
  from combination
  union all
  select
    village_code as village_code,
    '' as segment,
    'served_told' as indicator,
    sum(households) filter (where told) as value,
    sum(households) as base
  from cell
  where tuopin
  group by village_code
),

final as (
  select
    village_code as village_code,
    indicator as indicator,
    segment as segment,
    cast(coalesce(value, 0) as bigint) as value,
    cast(base as bigint) as base
  from fact
  where value > 0 or base > 0
)

select * from final
order by village_code, indicator, segment
