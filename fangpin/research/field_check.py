"""Which households to check next: the likeliest and gravest leads, what is worth learning, and some by chance.

P(problem) by noisy-or over families of rules, so that five rules that see the same thing do not add up. Without the
households by chance nobody knows what the rules miss. Does not belong here: yields (yields.py), visits of a trip
(households.py).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fangpin.errors import PolicyError
from fangpin.research.item import HOUSEHOLD
from fangpin.research.yields import BY_TITLE, RULES, expected_information

RISK, RANDOM = "risk", "random"
ARMS = {RISK: "线索", RANDOM: "随机"}


@dataclass(frozen=True)
class Weights:
    """policy/field_check.yaml. families: rule -> family. hours: of a visit, and of each lead to look into.
    information: worth of a nat. capacity: households a county checks in a month; village_cap: of the leads, a village.
    random_share: of the capacity. seed: of permanent random numbers, with the month. again_months: not before."""

    families: Mapping[str, str]
    visit_hours: float
    lead_hours: float
    information: float
    capacity: int
    village_cap: int
    random_share: float
    seed: str
    again_months: int

    @property
    def by_chance(self) -> int:
        """Households of a county by chance."""
        return math.floor(self.random_share * self.capacity + 0.5)

    @property
    def by_lead(self) -> int:
        return self.capacity - self.by_chance


@dataclass(frozen=True)
class Candidate:
    """A household with leads. severity: of its gravest lead, 0 to 100."""

    household_id: int
    village_code: str
    county_code: str
    persons: int
    severity: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Pick:
    """A household to check. information: nats, when its turn came."""

    candidate: Candidate
    rank: int  # within its county
    probability: float
    consequence: float
    hours: float
    information: float
    priority: float


def weights(values: Mapping[str, Any]) -> Weights:
    """From parameter -> value; PolicyError unless every rule about households has a family, and no other has."""
    known = {title for title, rule in BY_TITLE.items() if RULES[rule].subject == HOUSEHOLD}
    if strange := sorted(set(values["families"]) ^ known):
        raise PolicyError(
            f"policy/field_check.yaml 的 families 应给每条农户线索规则一个族，不对的是：{'、'.join(strange)}。请改正。"
        )
    by_rule = {BY_TITLE[title]: family for title, family in values["families"].items()}
    found = Weights(**{**values, "families": by_rule})
    if not 0.1 <= found.random_share <= 0.2:
        raise PolicyError(
            f"policy/field_check.yaml 的 random_share 应在10%与20%之间，现为 {found.random_share}。请改正。"
        )
    return found


def probability(rules: Sequence[str], means: Mapping[str, float], families: Mapping[str, str]) -> float:
    """1 - prod over families (1 - the largest yield of its rules)."""
    largest: dict[str, float] = {}
    for rule in rules:
        family = families[rule]
        largest[family] = max(largest.get(family, 0.0), means[rule])
    return 1 - math.prod(1 - share for share in sorted(largest.values()))


def consequence(candidate: Candidate) -> float:
    """Persons x depth, the depth being the severity of the gravest lead as a share."""
    return candidate.persons * candidate.severity / 100


def hours(candidate: Candidate, weights: Weights) -> float:
    return weights.visit_hours + weights.lead_hours * len(candidate.rules)


def ranked(candidates: Sequence[Candidate], beliefs: Mapping[str, tuple[float, float]], weights: Weights) -> list[Pick]:
    """Greedy: always the household with the highest P x consequence / hours + information, within the caps.

    beliefs: rule -> a, b. After each pick its rules count as checked once (a + m, b + 1 - m), so that the next check of
    the same rule tells less. A priority never rises, so the first of a heap that still holds is the highest of all.
    """
    belief = dict(beliefs)
    means = {rule: a / (a + b) for rule, (a, b) in beliefs.items()}
    worth = {c.household_id: _worth(c, means, weights) for c in candidates}

    def information(candidate: Candidate) -> float:
        return math.fsum(expected_information(*belief[rule]) for rule in candidate.rules)

    def priority(candidate: Candidate) -> float:
        return worth[candidate.household_id] + weights.information * information(candidate)

    heap = [(-priority(c), c.household_id, n) for n, c in enumerate(candidates)]
    heapq.heapify(heap)
    in_village: Counter[str] = Counter()
    in_county: Counter[str] = Counter()
    found = []
    while heap:
        known, number, n = heapq.heappop(heap)
        candidate = candidates[n]
        full = in_village[candidate.village_code] >= weights.village_cap
        if full or in_county[candidate.county_code] >= weights.by_lead:
            continue
        now = -priority(candidate)
        if now > known:
            heapq.heappush(heap, (now, number, n))
            continue
        in_village[candidate.village_code] += 1
        in_county[candidate.county_code] += 1
        found.append(
            Pick(
                candidate, in_county[candidate.county_code],
                probability(candidate.rules, means, weights.families), consequence(candidate),
                hours(candidate, weights), information(candidate), -now,
            )
        )  # fmt: skip
        for rule in candidate.rules:
            a, b = belief[rule]
            belief[rule] = (a + means[rule], b + 1 - means[rule])
    return found


def _worth(candidate: Candidate, means: Mapping[str, float], weights: Weights) -> float:
    likely = probability(candidate.rules, means, weights.families)
    return likely * consequence(candidate) / hours(candidate, weights)


BY_CHANCE = """
-- One row per household by chance: eligible (household_id, county_code), $seed, $n a county.
with numbered as (
  select
    household_id, county_code, count(*) over (partition by county_code) as eligible,
    (cast('0x' || substr(sha256($seed || '|' || household_id), 1, 13) as ubigint) + cast(0.5 as double))
      / cast(4503599627370496 as double) as random_number
  from eligible
)
select
  household_id, county_code, random_number, least(cast(1 as double), $n / cast(eligible as double)) as probability,
  row_number() over (partition by county_code order by random_number, household_id) as position
from numbered
qualify position <= $n
order by county_code, position
"""
"""The households with the smallest permanent random numbers (order.number) of every county, all with one chance."""
