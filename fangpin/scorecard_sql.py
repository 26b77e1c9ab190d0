"""The score card compiled to SQL: one pass over core.household_month for every household.

Two SELECTs, of mart.household_risk and mart.risk_contribution, that say exactly what fangpin.scorecard.assess says of
one household (differential test). Does not belong here: running them (assets/mart).
"""

from __future__ import annotations

from fangpin.scorecard import CAP_CLAUSE, Band, Card, Indicator

SOURCE = "core.household_month"


def risk_sql(card: Card) -> str:
    """SELECT of mart.household_risk, in the order of core.household_month."""
    known = ",\n    ".join(f"{_points(i)} as {i.name}" for i in card.indicators)
    lifted = ",\n    ".join(
        f"least({cap}, {_sum([_high(i) for i in card.of_family(family)])}) as {family}_high"
        for family, cap in card.families.items()
    )
    hard = ",\n      ".join(
        f"case when {_inside(i, b)} then {_text(b.hard)} end" for i in card.indicators for b in i.bands if b.hard
    )
    protective = ",\n      ".join(f"case when {column} > 0 then {_text(text)} end" for column, text in card.protective)
    unknowns = _sum([f"cast({i.column} is null as integer)" for i in card.indicators])
    family_points = ",\n    ".join(
        f"least({cap}, {_sum([i.name for i in card.of_family(family)])}) as {family}_points"
        for family, cap in card.families.items()
    )
    highs = _sum([f"{family}_high" for family in card.families])
    score = _sum([f"{family}_points" for family in card.families])
    levels = " ".join(f"when score >= {lowest} then {_text(name)}" for name, lowest in card.levels)
    return f"""with points as (
  select
    household_id,
    village_code,
    {known},
    {lifted},
    nullif(concat_ws('、',
      {hard}), '') as hard_reasons,
    nullif(concat_ws('、',
      {protective}), '') as mitigation,
    {unknowns} as unknowns
  from {SOURCE}
),

family as (
  select
    household_id,
    village_code,
    {family_points},
    {highs} as score_high,
    hard_reasons,
    mitigation,
    unknowns
  from points
),

scored as (
  select *, {score} as score
  from family
)

select
  household_id,
  village_code,
  score,
  score as score_low,
  score_high,
  {", ".join(f"{family}_points" for family in card.families)},
  hard_reasons is not null as hard_trigger,
  hard_reasons,
  case {levels} end as band,
  unknowns,
  mitigation
from scored"""


def contribution_sql(card: Card) -> str:
    """SELECT of mart.risk_contribution, ordered by household and indicator."""
    branches = [_indicator_branch(i) for i in card.indicators] + [_cap_branch(card, f) for f in card.families]
    union = "\nunion all\n".join(branches)
    return f"select *\nfrom (\n{union}\n) as contribution\norder by household_id, indicator"


def _indicator_branch(indicator: Indicator) -> str:
    reasons = " ".join(f"when {_inside(indicator, b)} then {_reason(indicator, b)}" for b in indicator.bands)
    unknown = f"{indicator.unknown}，上限按{indicator.most}分计"
    listed = " or ".join([f"{indicator.column} is null"] + [f"({_inside(indicator, b)})" for b in indicator.bands])
    return f"""select
  household_id,
  {_text(indicator.name)} as indicator,
  {_text(indicator.family)} as family,
  cast({_value(indicator)} as double) as value,
  {_points(indicator)} as points,
  {_high(indicator)} as points_high,
  case when {indicator.column} is null then {_text(unknown)} {reasons} end as reason,
  {_text(indicator.clause)} as clause
from {SOURCE}
where {listed}"""


def _cap_branch(card: Card, family: str) -> str:
    cap = card.families[family]
    known = _sum([_points(i) for i in card.of_family(family)])
    high = _sum([_high(i) for i in card.of_family(family)])
    title = card.family_titles[family]
    return f"""select
  household_id,
  {_text(f"cap_{family}")} as indicator,
  {_text(family)} as family,
  cast(null as double) as value,
  least(0, {cap} - known) as points,
  {cap} - high as points_high,
  {_text(title + "合计")} || known || '分，上限' || high || {_text(f"分，按{cap}分封顶")} as reason,
  {_text(CAP_CLAUSE)} as clause
from (
  select
    household_id,
    {known} as known,
    {high} as high
  from {SOURCE}
) as family_sum
where high > {cap}"""


def _value(indicator: Indicator) -> str:
    if indicator.unit == "yuan":
        return f"({indicator.column} / 100)"
    if indicator.unit == "yesno":
        return f"cast({indicator.column} as integer)"
    return indicator.column


def _inside(indicator: Indicator, band: Band) -> str:
    """The predicate 'the value lies in the band'; NULL for an unknown value."""
    value = _value(indicator)
    bounds = []
    if band.lower is not None:
        bounds.append(f"{value} >= {band.lower}")
    if band.upper is not None:
        bounds.append(f"{value} < {band.upper}")
    return " and ".join(bounds)


def _points(indicator: Indicator) -> str:
    """Known points; an unknown value falls through every band to 0."""
    cases = " ".join(f"when {_inside(indicator, b)} then {b.points}" for b in indicator.bands)
    return f"case {cases} else 0 end"


def _high(indicator: Indicator) -> str:
    """Points when unknown is at its worst."""
    return f"case when {indicator.column} is null then {indicator.most} else {_points(indicator)} end"


def _reason(indicator: Indicator, band: Band) -> str:
    """The reason with the value written into it, or how far it lies below 0."""
    sign, placeholder = ("-1 * ", "{below}") if "{below}" in band.reason else ("", "{value}")
    before, found, after = band.reason.partition(placeholder)
    if not found:
        return _text(band.reason)
    scaled = f"{_value(indicator)} * 100" if indicator.unit == "share" else _value(indicator)
    return f"{_text(before)} || cast(floor({sign}{scaled} + 0.5) as bigint) || {_text(after)}"


def _sum(terms: list[str]) -> str:
    return " + ".join(terms)


def _text(value: str | None) -> str:
    return "'" + str(value).replace("'", "''") + "'"
