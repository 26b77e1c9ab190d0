"""Households within a drawn village: strata of the register, unlisted ones with a lead, unlisted ones by chance.

Without the last two only wrong inclusion could be seen, never omission. Does not belong here: which households there
are (assets/mart/research_household.py), the villages (draw.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from fangpin.research.draw import PRIMARY, RANDOM, RESERVE
from fangpin.research.order import Ordered, inclusion, pareto
from fangpin.research.plan import STRATA, Plan

FLAGGED_STRATUM, RANDOM_STRATUM = "未列入监测·有线索", "未列入监测·随机"
ALL_STRATA = (*STRATA, FLAGGED_STRATUM, RANDOM_STRATUM)
STRATUM, FLAGGED = "stratum", "flagged"
ARM_WORDS = {STRATUM: "分层", FLAGGED: "线索", RANDOM: "随机"}

LISTING = {"village_code": pl.String, "household_id": pl.Int32, "stratum": pl.String, "size": pl.Int64}
"""Columns of a list of households; size: 1, and the risk score for those with a lead."""
SCHEMA = {
    "plan": pl.String,
    "village_code": pl.String,
    "household_id": pl.Int32,
    "stratum": pl.String,
    "arm": pl.String,
    "role": pl.String,
    "inclusion_probability": pl.Float64,
    "random_number": pl.Float64,
    "draw_order": pl.Int32,
    "reason": pl.String,
}
"""Columns of mart.research_household."""


def draw_households(villages: Sequence[str], listing: pl.DataFrame, plan: Plan, seed: str) -> pl.DataFrame:
    """The households of these villages: rows of mart.research_household, by village and stratum."""
    listed: dict[str, dict[str, dict[str, int]]] = {code: {} for code in villages}
    for village, household, stratum, size in listing.select(list(LISTING)).iter_rows():
        if village in listed:
            listed[village].setdefault(stratum, {})[str(household)] = size
    rows = [row for code in villages for row in _village_rows(code, listed[code], plan, seed)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _village_rows(
    village: str, strata: Mapping[str, Mapping[str, int]], plan: Plan, seed: str
) -> Iterable[tuple[object, ...]]:
    takes = shares({name: len(units) for name, units in strata.items()}, plan)
    for stratum in ALL_STRATA:
        if takes.get(stratum):
            arm = {FLAGGED_STRATUM: FLAGGED, RANDOM_STRATUM: RANDOM}.get(stratum, STRATUM)
            n, queue = takes[stratum], pareto(strata[stratum], takes[stratum], seed)
            for unit in queue[: n + plan.reserves_per_stratum]:
                role = PRIMARY if unit.order <= n else RESERVE
                probability = inclusion(strata[stratum], n, unit.code) if role == PRIMARY else None
                reason = _reason(stratum, arm, unit, n, len(queue))
                yield (
                    plan.name, village, int(unit.code), stratum, arm, role, probability, unit.random_number,
                    unit.order, reason,
                )  # fmt: skip


def _reason(stratum: str, arm: str, unit: Ordered, n: int, count: int) -> str:
    how = "按风险分随机" if arm == FLAGGED else "等概率随机"
    text = f"{stratum}共{count}户，{how}取{n}户，随机顺序第{unit.order}位"
    return text if unit.order <= n else f"{text}，为本层的备选"


def shares(counts: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """How many of a village's households each stratum gives; together the plan's number, or all there are.

    First what the plan gives to leads and to chance, the rest to the register; what one cannot fill goes to the others.
    """
    total, registered = plan.households_per_village, {s: counts[s] for s in STRATA if counts.get(s)}
    with_lead, others, listed = counts.get(FLAGGED_STRATUM, 0), counts.get(RANDOM_STRATUM, 0), sum(registered.values())
    flagged, by_chance = min(plan.flagged_households, with_lead), min(plan.random_households, others)
    of_register = min(total - flagged - by_chance, listed)
    flagged = min(total - of_register - by_chance, with_lead)
    by_chance = min(total - of_register - flagged, others)
    found = allocate(of_register, {s: (n, plan.spread.get(s, 0.0)) for s, n in registered.items()}, 1)
    return found | {FLAGGED_STRATUM: flagged, RANDOM_STRATUM: by_chance}


def allocate(n: int, strata: Mapping[str, tuple[int, float]], least: int) -> dict[str, int]:
    """Exact optimal allocation of n units: stratum -> units, given its number of units N and spread S.

    At least `least` each (or all of it); then one by one to the largest N x S / sqrt(k (k + 1)), k units given
    (Wright 2012, Huntington-Hill). Where n is too small for that, the largest N x S come first.
    """
    order = list(strata)
    given = dict.fromkeys(order, 0)

    def urgency(name: str) -> tuple[bool, float, int]:
        count, spread = strata[name]
        k = given[name]
        weight = (count * spread) ** 2
        return (k < least, weight / (k * (k + 1)) if k else weight, -order.index(name))

    for _ in range(min(n, sum(count for count, _ in strata.values()))):
        given[max((name for name in order if given[name] < strata[name][0]), key=urgency)] += 1
    return given


def digest(rows: Iterable[tuple[int, str, int]]) -> str:
    """SHA-256 of a village's list: 'household,stratum,size' a line, by household; as LISTING_SHA256 computes it."""
    text = "\n".join(f"{household},{stratum},{size}" for household, stratum, size in sorted(rows))
    return hashlib.sha256(text.encode()).hexdigest()


LISTING_SHA256 = """
-- a list sorted whole takes half the time of string_agg with an order
select
  village_code,
  sha256(
    array_to_string(
      list_transform(
        list_sort(list({'household': household_id, 'stratum': stratum, 'size': size})),
        lambda each: each.household || ',' || each.stratum || ',' || each.size
      ),
      chr(10)
    )
  ) as sha256
from listing
group by village_code
"""
