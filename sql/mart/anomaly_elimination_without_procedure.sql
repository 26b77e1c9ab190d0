-- One row per household eliminated without review, publicity or approval.
-- Only eliminations since the procedure is required; natural elimination is exempt. The last round counts.
with monitored as (
  select * from core.monitored_household
),

procedure as (
  select * from core.procedure
),

division as (
  select * from ref.division
),

threshold as (
  select * from ref.threshold
),

last_round as (
  select * from procedure
  qualify row_number() over (partition by household_id order by round desc) = 1
),

missing as (
  select
    monitored.household_id as household_id,
    monitored.village_code as village_code,
    division.in_province as in_province,
    monitored.eliminated_month as eliminated_month,
    last_round.exit_applied_on as exit_applied_on,
    nullif(
      concat_ws(
        '、',
        case when last_round.exit_reviewed_on is null then '民主评议' end,
        case when last_round.exit_publicised_on is null then '公示' end,
        case when last_round.exit_approved_on is null then '审核' end
      ), ''
    ) as steps,
    cast(last_round.exit_reviewed_on is not null as integer)
    + cast(last_round.exit_publicised_on is not null as integer)
    + cast(last_round.exit_approved_on is not null as integer) as steps_done
  from monitored
  inner join division on monitored.village_code = division.village_code
  left join last_round on monitored.household_id = last_round.household_id
  cross join threshold
  where
    monitored.eliminated
    and monitored.eliminated_month >= threshold.procedure_from
    and monitored.elimination_mode is distinct from '自然消除'
),

final as (
  select
    household_id as household_id,
    village_code as village_code,
    in_province as in_province,
    'elimination_without_procedure' as kind,
    '消除缺程序' as title,
    cast(floor(100 / nullif(1 + steps_done, 0)) as integer) as severity,
    eliminated_month || '消除，程序台账中没有' || steps || '的日期' as evidence,
    case when exit_applied_on is null then '台账也没有消除申请，可能整轮漏录' else '台账有消除申请，可能只漏录个别环节' end
    || '；须查阅纸质会议记录和公示照片' as counter_evidence,
    '中农组发〔2021〕7号 民主评议、公开公示' as clause
  from missing
  where steps is not null
)

select * from final
order by household_id
