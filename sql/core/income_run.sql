-- One row per active monitored household not listed the month before: its runs of earlier months.
-- Counted backwards from the statement of the month before, on the records at hand and against the line in force now.
with month as (
  select * from ref.month
),

fresh as (
  select
    household.household_id as household_id,
    household.persons as persons,
    line.line_fen as line_fen
  from core.monitored_household as monitored
  inner join core.household as household on monitored.household_id = household.household_id
  inner join ref.division as division on household.village_code = division.village_code
  inner join ref.monitoring_line as line on division.county_code = line.county_code
  left join prev.core.household as before on monitored.household_id = before.household_id
  where not monitored.eliminated and before.household_id is null and household.persons > 0
),

record as (
  select
    fresh.household_id as household_id,
    fresh.persons as persons,
    fresh.line_fen as line_fen,
    date_diff('month', cast(record.period || '-01' as date), month.month_start) as back,
    record.months as months,
    record.net_income_fen as net_income_fen
  from core.income_record as record
  inner join fresh on record.household_id = fresh.household_id
  cross join month
),

-- The 12 months ending with each record: the statement of the month after it. This month's own is left out.
rolling as (
  select
    record.household_id as household_id,
    record.persons as persons,
    record.line_fen as line_fen,
    record.back - 1 as back,
    sum(within.months) as months_covered,
    sum(within.net_income_fen) as net_income_fen
  from record
  inner join record as within
    on
      record.household_id = within.household_id
      and within.back between record.back and record.back + 12 - 1
  where record.back > 1
  group by record.household_id, record.persons, record.line_fen, record.back
),

-- back: 1 for the statement of the month before, 2 for the one before it; a month without record breaks the count.
statement as (
  select
    rolling.household_id as household_id,
    rolling.back as back,
    row_number() over (partition by rolling.household_id order by rolling.back) as place,
    case
      when rolling.months_covered >= threshold.income_min_months
        then floor(rolling.net_income_fen * 12 / nullif(rolling.months_covered * rolling.persons, 0))
    end as net_income_per_head_fen,
    rolling.line_fen as line_fen,
    rolling.line_fen * threshold.margin_income_multiple as well_above_fen
  from rolling
  cross join ref.threshold as threshold
),

judged as (
  select
    household_id as household_id,
    place as place,
    coalesce(back = place and net_income_per_head_fen < line_fen, false) as below,
    coalesce(back = place and net_income_per_head_fen >= well_above_fen, false) as above
  from statement
),

final as (
  select
    household_id as household_id,
    coalesce(min(place) filter (where not below) - 1, max(place)) as months_below_line,
    coalesce(min(place) filter (where not above) - 1, max(place)) as months_above_line
  from judged
  group by household_id
)

select * from final
order by household_id
