-- One row per subject, step of amount, step of share and kind of household: how many the province has.
-- subject rigid: rigid expenditure of the year and its share of net income; income_drop: fall of income and its share.
-- Steps count from 0; a share without a positive income is the last step. hardship: left with less than the line.
-- Households whose income is unknown are left out; they are counted in mart.line_scenario.
with feature as (
  select * from core.household_month
),

statement as (
  select
    household_id as household_id,
    wage_fen + business_fen + property_fen + transfer_fen as gross_fen,
    coalesce(recent_wage_fen < year_earlier_wage_fen, false) as lasting
  from core.income_statement
),

threshold as (
  select * from ref.threshold
),

band as (
  select
    from_yuan as from_yuan,
    sum(households) as households
  from mart.income_band
  group by from_yuan
),

-- Thirds of households by income, cut between bands of 100 yuan.
third as (
  select
    band.from_yuan as from_yuan,
    cast(
      floor(
        threshold.criterion_groups * (sum(band.households) over (order by band.from_yuan) - band.households)
        / nullif(sum(band.households) over (), 0)
      ) as integer
    ) as income_group
  from band
  cross join threshold
),

measured as (
  select
    feature.persons as persons,
    least(feature.persons, threshold.criterion_top_persons) as size,
    cast(
      greatest(least(floor(feature.net_income_per_head_fen / 100 / 100) * 100, threshold.curve_top_yuan), -100)
      as integer
    ) as from_yuan,
    feature.net_after_rigid_per_head_fen < feature.line_fen * threshold.criterion_line_multiple as hardship,
    feature.rigid_fen / 100 as rigid_yuan,
    case when feature.net_income_fen > 0 then feature.rigid_share when feature.rigid_fen > 0 then 1 end as rigid_share,
    feature.income_drop_share as drop_share,
    feature.income_drop_share * statement.gross_fen / 100 as drop_yuan,
    statement.lasting as lasting
  from feature
  inner join statement on feature.household_id = statement.household_id
  cross join threshold
  where feature.in_province and feature.net_income_per_head_fen is not null
),

stepped as (
  select
    'rigid' as subject,
    measured.persons as persons,
    measured.size as size,
    measured.from_yuan as from_yuan,
    measured.hardship as hardship,
    false as lasting,
    floor(measured.rigid_yuan / nullif(threshold.criterion_amount_step_yuan, 0)) as amount_step,
    floor(coalesce(measured.rigid_share, 0) / nullif(threshold.criterion_share_step, 0)) as share_step
  from measured
  cross join threshold
  union all
  select
    'income_drop' as subject,
    measured.persons as persons,
    measured.size as size,
    measured.from_yuan as from_yuan,
    measured.hardship as hardship,
    measured.lasting as lasting,
    floor(greatest(measured.drop_yuan, 0) / nullif(threshold.criterion_amount_step_yuan, 0)) as amount_step,
    floor(greatest(measured.drop_share, 0) / nullif(threshold.criterion_share_step, 0)) as share_step
  from measured
  cross join threshold
  where measured.drop_share is not null and measured.drop_yuan is not null
),

counted as (
  select
    stepped.subject as subject,
    cast(least(stepped.amount_step, threshold.criterion_steps) as integer) as amount_step,
    cast(least(stepped.share_step, threshold.criterion_steps) as integer) as share_step,
    stepped.from_yuan as from_yuan,
    cast(stepped.size as integer) as size,
    stepped.lasting as lasting,
    stepped.hardship as hardship,
    count(*) as households,
    sum(stepped.persons) as persons
  from stepped
  cross join threshold
  group by all
),

final as (
  select
    counted.subject as subject,
    counted.amount_step as amount_step,
    counted.share_step as share_step,
    third.income_group as income_group,
    counted.size as size,
    counted.lasting as lasting,
    counted.hardship as hardship,
    cast(sum(counted.households) as bigint) as households,
    cast(sum(counted.persons) as bigint) as persons
  from counted
  inner join third on counted.from_yuan = third.from_yuan
  group by
    counted.subject, counted.amount_step, counted.share_step, third.income_group, counted.size, counted.lasting,
    counted.hardship
)

select * from final
order by subject, amount_step, share_step, income_group, size, lasting, hardship
