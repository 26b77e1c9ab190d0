-- One row per household: the features of the month, in the order of core.household.
-- What no feed names is zero where the feed lists every case, and unknown (NULL) where it does not.
with household as (
  select * from core.household
),

line as (
  select
    division.village_code as village_code,
    line.line_fen as line_fen
  from ref.division as division
  inner join ref.monitoring_line as line on division.county_code = line.county_code
),

statement as (
  select
    household_id as household_id,
    net_income_fen as net_income_fen,
    net_income_fen + claims_fen as net_with_claims_fen,
    transfer_fen / nullif(wage_fen + business_fen + property_fen + transfer_fen, 0) as transfer_share,
    case
      when prior_net_income_fen > 0
        then (prior_net_income_fen - net_income_fen) / nullif(prior_net_income_fen, 0)
      when prior_net_income_fen is null
        then
          (year_earlier_wage_fen - recent_wage_fen) / nullif(year_earlier_wage_fen, 0)
          * wage_fen / nullif(wage_fen + business_fen + property_fen + transfer_fen, 0)
    end as income_drop_share
  from core.income_statement
),

holding as (
  select
    household_id as household_id,
    cars + properties + businesses + payroll_members as assets
  from core.asset_holding
),

monitored as (
  select
    household_id as household_id,
    category as category,
    case when eliminated then 'eliminated' else 'active' end as status
  from core.monitored_household
),

-- The runs of months before this one: as the month before left them, or counted from the records.
before as (
  select
    household_id as household_id,
    months_below_line as months_below_line,
    months_above_line as months_above_line
  from prev.core.household_month
  union all
  select
    household_id as household_id,
    months_below_line as months_below_line,
    months_above_line as months_above_line
  from core.income_run
),

feature as (
  select
    household.household_id as household_id,
    household.village_code as village_code,
    household.in_province as in_province,
    household.household_type as household_type,
    household.persons as persons,
    coalesce(monitored.status, 'none') as status,
    monitored.category as category,
    line.line_fen as line_fen,
    statement.net_income_fen as net_income_fen,
    cast(floor(statement.net_income_fen / nullif(household.persons, 0)) as bigint) as net_income_per_head_fen,
    cast(
      floor(
        (statement.net_with_claims_fen - coalesce(rigid.statement_medical_fen, 0))
        / nullif(household.persons, 0)
      ) as bigint
    ) as reference_income_per_head_fen,
    coalesce(rigid.rigid_fen, 0) as rigid_fen,
    coalesce(rigid.medical_fen, 0) as medical_fen,
    cast(
      floor((statement.net_income_fen - coalesce(rigid.rigid_fen, 0)) / nullif(household.persons, 0)) as bigint
    ) as net_after_rigid_per_head_fen,
    statement.transfer_share as transfer_share,
    statement.income_drop_share as income_drop_share,
    coalesce(rigid.students_non_compulsory, 0) as students_non_compulsory,
    guarantee.education_gap as education_gap,
    guarantee.medical_gap as medical_gap,
    guarantee.housing_gap as housing_gap,
    guarantee.water_gap as water_gap,
    household.labourers as labourers,
    case
      when household.labourers > 0 then false
      when household.persons > 0 and household.labour_unknown = 0 then true
    end as no_labour,
    coalesce(labour.working, 0) as working,
    coalesce(labour.stable_earners, 0) as stable_earners,
    coalesce(labour.jobs_lost_recent, 0) as jobs_lost_recent,
    coalesce(shock.disasters, 0) as disasters,
    coalesce(welfare.newly_severe, 0) as newly_severe,
    coalesce(welfare.severe_disabled, 0) as severe_disabled,
    coalesce(shock.petitions, 0) as petitions,
    coalesce(shock.deaths, 0) as deaths,
    coalesce(welfare.dibao_persons, 0) as dibao_persons,
    coalesce(welfare.tekun_persons, 0) as tekun_persons,
    coalesce(welfare.relief_times, 0) as relief_times,
    case when household.asset_consent then coalesce(holding.assets, 0) end as assets,
    coalesce(before.months_below_line, 0) as earlier_below_line,
    coalesce(before.months_above_line, 0) as earlier_above_line,
    line.line_fen * threshold.margin_income_multiple as well_above_fen
  from household
  cross join ref.threshold as threshold
  left join line on household.village_code = line.village_code
  left join core.labour as labour on household.household_id = labour.household_id
  left join core.guarantee as guarantee on household.household_id = guarantee.household_id
  left join statement on household.household_id = statement.household_id
  left join core.rigid_expenditure as rigid on household.household_id = rigid.household_id
  left join core.welfare as welfare on household.household_id = welfare.household_id
  left join holding on household.household_id = holding.household_id
  left join core.shock as shock on household.household_id = shock.household_id
  left join monitored on household.household_id = monitored.household_id
  left join before on household.household_id = before.household_id
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
    net_income_fen is not null as income_known,
    net_income_fen as net_income_fen,
    net_income_per_head_fen as net_income_per_head_fen,
    reference_income_per_head_fen as reference_income_per_head_fen,
    rigid_fen as rigid_fen,
    medical_fen as medical_fen,
    net_after_rigid_per_head_fen as net_after_rigid_per_head_fen,
    100 * (net_after_rigid_per_head_fen - line_fen) / nullif(line_fen, 0) as margin_pct,
    case when net_income_fen > 0 then rigid_fen / nullif(net_income_fen, 0) end as rigid_share,
    transfer_share as transfer_share,
    income_drop_share as income_drop_share,
    students_non_compulsory as students_non_compulsory,
    education_gap as education_gap,
    medical_gap as medical_gap,
    housing_gap as housing_gap,
    water_gap as water_gap,
    labourers as labourers,
    no_labour as no_labour,
    working as working,
    stable_earners as stable_earners,
    jobs_lost_recent as jobs_lost_recent,
    disasters as disasters,
    newly_severe as newly_severe,
    severe_disabled as severe_disabled,
    petitions as petitions,
    deaths as deaths,
    dibao_persons as dibao_persons,
    tekun_persons as tekun_persons,
    relief_times as relief_times,
    assets as assets,
    case when net_income_per_head_fen < line_fen then earlier_below_line + 1 else 0 end as months_below_line,
    case when net_income_per_head_fen >= well_above_fen then earlier_above_line + 1 else 0 end as months_above_line
  from feature
)

select * from final
