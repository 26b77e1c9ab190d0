"""Honest stories: households in real need that the office finds, helps and clears in time; blows borne without it.

Does not belong here: what an office does wrong (misrule.py).
"""

from __future__ import annotations

import numpy as np

from fangpin.sample import planted
from fangpin.sample.draws import chance, pick, whole
from fangpin.sample.stories import (
    ACCIDENT,
    CAUSES,
    DISABILITY,
    DISASTER,
    FAILED_TRADE,
    FEW_HANDS,
    FIRST_SWEEP,
    FLOOD,
    HOUSE,
    ILLNESS,
    JOBLESS,
    MARGINAL,
    NO_CAUSE,
    OTHER,
    SCHOOLING,
    SUDDEN,
    SUDDEN_SINCE,
    UNSTABLE,
    WATER,
    Scene,
    Stories,
    choose,
    empty,
    settled,
)
from fangpin.sample.timeline import NEVER, Flags, Floats, Ints

MONITORED_SHARE = 0.0256
"""Households ever identified per household; with their sizes 2.6 % of persons (保山 2021: 2.63 %)."""
MIX = (0.307, 0.298, 0.396)
"""Of them the three classes (保山 2021)."""
LEAST = 0.25
"""Of each class at least this part is honest, whatever is planted."""


def honest_shares(planted_case_share: float) -> tuple[float, float, float]:
    """Honest monitored households of the three classes per household, such that with the planted ones the mix is MIX.

    planted_case_share: monitored households of planted villages per household.
    """
    kinds = planted.HOUSEHOLD_SHARES
    of_type = 0.5 * kinds[planted.FAST] + 0.85 * kinds[planted.WITHOUT_MEASURE] + kinds[planted.BELOW_LINE]
    unstable = kinds[planted.STABLE_UNSTABLE] + 0.12 * of_type + 0.47 * planted_case_share
    marginal = kinds[planted.NOT_MARGINAL] + 0.88 * of_type + 0.47 * planted_case_share
    sudden = 0.5 * kinds[planted.FAST] + 0.15 * kinds[planted.WITHOUT_MEASURE] + 0.06 * planted_case_share
    wanted = [share * MONITORED_SHARE for share in MIX]
    left = [max(LEAST * w, w - p) for w, p in zip(wanted, (unstable, marginal, sudden), strict=True)]
    return left[0], left[1], left[2]


def in_the_register(rng: np.random.Generator, scene: Scene) -> Stories:
    """Households in real need, found by the office one to three months after the blow."""
    households, seen, villages = scene.households, scene.seen, scene.villages
    plan = villages["plan"].to_numpy()
    of_village = villages["frailty"].to_numpy() * rng.gamma(1.6, 1 / 1.6, villages.height)
    of_village = np.where(plan >= 0, 0.25, of_village)[households.village]
    needy = 1.0 + 2.2 * (seen.disabled > 0) + 0.5 * (seen.sick > 0) + 0.8 * (seen.able == 0)
    chronic = needy * np.exp(0.24 * (households.size - 3.4))
    flood = 1.0 + 0.35 * villages["flooded"].to_numpy()[households.village]
    shocked = flood * np.exp(-0.2 * (households.size - 3.4))
    unstable, marginal, sudden = (float(villages[f"honest_{name}"][0]) for name in ("unstable", "marginal", "sudden"))
    by_class = unstable * _evened(chronic, households.tuopin) + marginal * _evened(chronic, ~households.tuopin)
    by_shock = sudden * _evened(shocked, np.ones(households.count, dtype=bool))
    rate = (by_class + by_shock) * of_village
    chosen = choose(rng, np.minimum(rate, 0.6), ~scene.taken)
    share = (by_shock / (by_class + by_shock))[chosen]
    return settled(listed_lives(rng, scene, chosen, sudden_share=share), scene.last)


def _evened(weight: Floats, among: Flags) -> Floats:
    """Weights whose sum over `among` is the number of all households: a share of all that falls on some."""
    return np.asarray(weight * among * (among.size / max(float(weight[among].sum()), 1.0)))


def listed_lives(rng: np.random.Generator, scene: Scene, chosen: Ints, sudden_share: float | Floats) -> Stories:
    """Need, identification, help, recovery, elimination by the county's habits, for households given."""
    count = chosen.size
    households, last = scene.households, scene.last
    story = empty(chosen, households.level[chosen])
    able = scene.seen.able[chosen]
    story.category = np.where(
        chance(rng, sudden_share, count), SUDDEN, np.where(households.tuopin[chosen], UNSTABLE, MARGINAL)
    )
    sudden = story.category == SUDDEN
    story.identified = np.where(sudden, _sudden_months(rng, count, last), _other_months(rng, count, last))
    flooded = scene.villages["flooded"].to_numpy()[households.village[chosen]]
    after_flood = flooded & (story.identified > FLOOD) & (story.identified < FLOOD + 5)
    story.cause = _causes(rng, scene, chosen, sudden, after_flood)
    again = _causes(rng, scene, chosen, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool))
    story.second = np.where((rng.random(count) < 0.35) & (again != story.cause), again, NO_CAUSE)
    struck = story.identified - whole(rng, 1, 3, count)
    by_flood = (story.cause == DISASTER) & after_flood
    struck = np.where(by_flood, np.minimum(story.identified - 1, np.maximum(FLOOD, struck)), struck)
    story.falls = np.where(sudden, struck, story.identified - whole(rng, 2, 9, count))

    moderate = 8_200.0 + 6_500.0 * rng.random(count) ** 1.5
    low = 4_700.0 + 1_500.0 * rng.random(count)
    story.before = np.where(sudden, moderate, low)
    costly = sudden & np.isin(story.cause, (ILLNESS, ACCIDENT, DISASTER, SCHOOLING, HOUSE, WATER, OTHER))
    fallen = 3_700.0 + 1_600.0 * rng.random(count)
    story.during = np.where(costly, story.before * (0.62 + 0.23 * rng.random(count)), fallen)
    story.after = np.where(sudden, np.maximum(story.before * 0.95, 9_000.0), 9_700.0 + 4_200.0 * rng.random(count))
    heavy = np.where(sudden, 0.5 + 0.5 * rng.random(count), 0.12 + 0.25 * rng.random(count))
    need = story.before * households.size[chosen]
    story.bills = np.where(np.isin(story.cause, (ILLNESS, ACCIDENT)), need * heavy, 0.0)

    hazard = scene.villages["exit_hazard"].to_numpy()[households.village[chosen]]
    wait = 5 + rng.geometric(np.clip(hazard * np.where(sudden, 1.6, 1.0), 0.015, 0.7), count)
    never = chance(rng, np.where(able == 0, 0.2, 0.03), count)
    story.natural = chance(rng, 0.06, count) & ~never
    early = story.natural & chance(rng, 0.25, count)
    wait = np.where(early, whole(rng, 3, 5, count), wait)
    story.eliminated = np.where(never, NEVER, story.identified + wait)
    story.helped = ~(story.natural & chance(rng, 0.5, count))
    recovers = np.maximum(story.identified, story.eliminated - whole(rng, 6, 8, count))
    story.recovers = np.where(never, NEVER, recovers)
    relapses = chance(rng, 0.1, count) & ~never & ~early
    back = story.eliminated + whole(rng, 2, 7, count)
    lately = chance(rng, 0.5, count) & (story.eliminated <= last - 3)
    story.returned = np.where(relapses, np.where(lately, last - whole(rng, 0, 2, count), back), NEVER)
    story.well_off = chance(rng, 0.05, count) & sudden
    return story


def _sudden_months(rng: np.random.Generator, count: int, last: int) -> Ints:
    """Months of identification of the third class; the latest lie after the axis (struck, not yet listed)."""
    span = max(1, last + 2 - SUDDEN_SINCE)
    part = np.where(rng.random(count) < 0.3, rng.random(count), rng.beta(1.0, 2.2, count))
    months: Ints = SUDDEN_SINCE + np.floor(span * part).astype(np.int64)
    return months


def _other_months(rng: np.random.Generator, count: int, last: int) -> Ints:
    part = pick(rng, (0.54, 0.24, 0.22), count)
    early = whole(rng, FIRST_SWEEP, FIRST_SWEEP + 7, count)
    middle = whole(rng, FIRST_SWEEP + 8, SUDDEN_SINCE - 1, count)
    late = whole(rng, SUDDEN_SINCE, max(SUDDEN_SINCE, last + 1), count)
    return np.asarray(np.select([part == 0, part == 1], [early, middle], late), dtype=np.int64)


def _causes(rng: np.random.Generator, scene: Scene, chosen: Ints, sudden: Flags, flooded: Flags) -> Ints:
    """A cause that the household's members make likely."""
    seen = scene.seen
    able, disabled, sick = seen.able[chosen], seen.disabled[chosen], seen.sick[chosen]
    weights = np.zeros((chosen.size, len(CAUSES)))
    weights[:, ILLNESS] = np.where(sudden, 0.48, 0.24 + 0.15 * (sick > 0))
    weights[:, DISASTER] = np.where(flooded, 0.9, 0.015)
    weights[:, DISABILITY] = np.where(disabled > 0, np.where(sudden, 0.05, 0.6), 0.0)
    weights[:, FEW_HANDS] = np.where(able == 0, np.where(sudden, 0.04, 0.7), 0.0)
    weights[:, ACCIDENT] = np.where(sudden, 0.14, 0.03)
    weights[:, FAILED_TRADE] = np.where(able > 0, 0.05, 0.0)
    weights[:, JOBLESS] = np.where(able > 0, np.where(sudden, 0.16, 0.14), 0.0)
    weights[:, SCHOOLING] = np.where(seen.students[chosen] > 0, np.where(sudden, 0.03, 0.14), 0.0)
    weights[:, HOUSE] = 0.015
    weights[:, WATER] = 0.004
    weights[:, OTHER] = 0.02
    edges = np.cumsum(weights, axis=1)
    draw = rng.random(chosen.size) * edges[:, -1]
    return np.asarray((edges < draw[:, None]).sum(axis=1), dtype=np.int64)


def borne_alone(rng: np.random.Generator, scene: Scene) -> Stories:
    """A blow that the household bears by itself: illness of a well-off family, a job lost and found again."""
    households, seen = scene.households, scene.seen
    rich = (households.level > 19_000.0) & (seen.able >= 2) & (households.size >= 3) & ~scene.taken
    chosen = choose(rng, np.full(rich.size, 0.02), rich)
    count = chosen.size
    story = empty(chosen, households.level[chosen])
    ill = rng.random(count) < 0.6
    story.cause = np.where(ill, ILLNESS, JOBLESS)
    story.falls = scene.last - whole(rng, 3, 14, count)
    story.recovers = story.falls + np.where(ill, whole(rng, 2, 5, count), whole(rng, 1, 2, count))
    story.during = story.before * np.where(ill, 0.85, 0.55)
    story.bills = np.where(ill, story.before * households.size[chosen] * (0.08 + 0.12 * rng.random(count)), 0.0)
    story.helped[:] = False
    return story
