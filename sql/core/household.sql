-- One row per household of the month's list, with counts of its living members at the month's end.
-- persons is the divisor of every figure per head; 0 when the person list has nobody. Able, of unknown ability:
-- docs/decisions/0022-labour.md. Uninsured, of unknown insurance: docs/decisions/0021-guarantees.md.
with division as (
  select * from ref.division
),

member as (
  select
    person.household_id as household_id,
    count(*) as persons,
    count(*) filter (where person.labour in ('技能劳动力', '普通劳动力', '弱劳动力或半劳动力')) as labourers,
    count(*) filter (
      where person.labour is null
      and not person.student
      and person.age between threshold.working_age_min and threshold.working_age_max
    ) as labour_unknown,
    count(*) filter (where not person.insured) as uninsured,
    count(*) filter (where person.insured is null) as insurance_unknown
  from core.person as person
  cross join ref.threshold as threshold
  group by person.household_id
),

final as (
  select
    listed.household_id as household_id,
    listed.village_code as village_code,
    case
      when listed.household_type in ('脱贫享受政策户', '脱贫不享受政策户') then '脱贫户'
      else listed.household_type
    end as household_type,
    case listed.household_type when '脱贫享受政策户' then true when '脱贫不享受政策户' then false end as served,
    listed.registered_persons as registered_persons,
    coalesce(member.persons, 0) as persons,
    coalesce(member.labourers, 0) as labourers,
    coalesce(member.labour_unknown, 0) as labour_unknown,
    coalesce(member.uninsured, 0) as uninsured,
    coalesce(member.insurance_unknown, 0) as insurance_unknown,
    listed.asset_consent as asset_consent,
    listed.from_household_id as from_household_id,
    division.in_province as in_province
  from raw.household_list as listed
  left join division on listed.village_code = division.village_code
  left join member on listed.household_id = member.household_id
)

select * from final
order by household_id
