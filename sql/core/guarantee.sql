-- One row per household: the three guarantees and drinking water, each true (a gap), false or NULL (unknown).
-- The four indicators of water are kept apart beside it.
-- What is open, closed and unknown: docs/decisions/0021-guarantees.md. In the order of core.household.
with threshold as (
  select * from ref.threshold
),

-- A member of school age: out of school, not, or unknown.
pupil as (
  select
    person.household_id as household_id,
    case
      when education.person_id is not null
        then education.enrolment = '疑似辍学' and education.school_stage in ('学前教育', '小学', '初中')
      when person.out_of_school then not person.secondary_education
      when person.before_school then person.age > threshold.compulsory_age_min
      when person.before_school is not null then false
    end as out_of_school
  from core.person as person
  cross join threshold
  left join raw.education as education on person.person_id = education.person_id
  where person.age between threshold.compulsory_age_min and threshold.compulsory_age_max
),

schooling as (
  select
    household_id as household_id,
    count(*) filter (where out_of_school) as dropouts,
    count(*) filter (where out_of_school is null) as unknown
  from pupil
  group by household_id
),

housing as (
  select
    household_id as household_id,
    grade in ('C级', 'D级') and occupied as gap
  from raw.housing
),

water as (
  select
    household_id as household_id,
    quality_ok and quantity_ok and access_ok and supply_ok as safe,
    not quality_ok as quality_gap,
    not quantity_ok as quantity_gap,
    not access_ok as access_gap,
    not supply_ok as supply_gap
  from raw.water
),

gap as (
  select
    household.household_id as household_id,
    case
      when schooling.dropouts > 0 then true
      when household.persons > 0 and coalesce(schooling.unknown, 0) = 0 then false
    end as education_gap,
    case
      when household.uninsured > 0 then true
      when household.persons > 0 and household.insurance_unknown = 0 then false
    end as medical_gap,
    housing.gap as housing_gap,
    not water.safe as water_gap,
    water.quality_gap as water_quality_gap,
    water.quantity_gap as water_quantity_gap,
    water.access_gap as water_access_gap,
    water.supply_gap as water_supply_gap,
    coalesce(schooling.dropouts, 0) as dropouts,
    household.uninsured as uninsured
  from core.household as household
  left join schooling on household.household_id = schooling.household_id
  left join housing on household.household_id = housing.household_id
  left join water on household.household_id = water.household_id
),

final as (
  select
    household_id as household_id,
    education_gap as education_gap,
    medical_gap as medical_gap,
    housing_gap as housing_gap,
    water_gap as water_gap,
    water_quality_gap as water_quality_gap,
    water_quantity_gap as water_quantity_gap,
    water_access_gap as water_access_gap,
    water_supply_gap as water_supply_gap,
    dropouts as dropouts,
    uninsured as uninsured,
    coalesce(cast(education_gap as integer), 0)
    + coalesce(cast(medical_gap as integer), 0)
    + coalesce(cast(housing_gap as integer), 0)
    + coalesce(cast(water_gap as integer), 0) as open_gaps,
    cast(education_gap is null as integer)
    + cast(medical_gap is null as integer)
    + cast(housing_gap is null as integer)
    + cast(water_gap is null as integer) as unknown_gaps
  from gap
)

select * from final
