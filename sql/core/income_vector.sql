-- One row per household: its newest statement as one fingerprint of all items.
-- Equal fingerprints are equal items; the hash is the engine's own and is compared within one build only.
with income as (
  select * from raw.income
),

month as (
  select * from ref.month
),

final as (
  select
    income.household_id as household_id,
    income.period as period,
    income.months as months,
    cast(
      hash(
        income.months,
        income.a1_work,
        income.a2_sector_post,
        income.a3_township_post,
        income.a4_village_post,
        income.a5_gathering,
        income.b1_crops,
        income.b2_livestock,
        income.b3_orchard,
        income.b4_other,
        income.c1_asset_dividend,
        income.c2_land_lease,
        income.c3_finance_project,
        income.c4_contract_farming,
        income.c5_other,
        income.d1_family_planning,
        income.d2_dibao,
        income.d3_tekun,
        income.d4_pension,
        income.d5_ecology,
        income.d6_other,
        income.e1_crops,
        income.e2_livestock,
        income.e3_orchard,
        income.e4_other,
        income.claims
      ) >> 1 as bigint
    ) as fingerprint,
    cast(income.a1_work > 0 as integer)
    + cast(income.a2_sector_post > 0 as integer)
    + cast(income.a3_township_post > 0 as integer)
    + cast(income.a4_village_post > 0 as integer)
    + cast(income.a5_gathering > 0 as integer)
    + cast(income.b1_crops > 0 as integer)
    + cast(income.b2_livestock > 0 as integer)
    + cast(income.b3_orchard > 0 as integer)
    + cast(income.b4_other > 0 as integer)
    + cast(income.c1_asset_dividend > 0 as integer)
    + cast(income.c2_land_lease > 0 as integer)
    + cast(income.c3_finance_project > 0 as integer)
    + cast(income.c4_contract_farming > 0 as integer)
    + cast(income.c5_other > 0 as integer)
    + cast(income.d1_family_planning > 0 as integer)
    + cast(income.d2_dibao > 0 as integer)
    + cast(income.d3_tekun > 0 as integer)
    + cast(income.d4_pension > 0 as integer)
    + cast(income.d5_ecology > 0 as integer)
    + cast(income.d6_other > 0 as integer)
    + cast(income.e1_crops > 0 as integer)
    + cast(income.e2_livestock > 0 as integer)
    + cast(income.e3_orchard > 0 as integer)
    + cast(income.e4_other > 0 as integer)
    + cast(income.claims > 0 as integer) as items
  from income
  cross join month
  where income.household_id is not null and income.period <= month.month
  qualify row_number() over (partition by income.household_id order by income.period desc) = 1
)

select * from final
order by household_id
