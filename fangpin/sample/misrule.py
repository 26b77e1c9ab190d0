"""Stories of what offices do wrong: households wrongly listed, left out or cleared, villages that mend their figures.

Each is lived, not computed from a threshold: a family with a shop and two wages is listed, a family struck by illness
is not, a village clears its list in a day. Does not belong here: how many there are and where (planted.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fangpin.sample import planted
from fangpin.sample.draws import first_of_group, pick, whole
from fangpin.sample.honest import listed_lives
from fangpin.sample.stories import (
    FAILED_TRADE,
    FEW_HANDS,
    FIRST_SWEEP,
    HOUSE,
    ILLNESS,
    JOBLESS,
    MARGINAL,
    OTHER,
    SCHOOLING,
    SUDDEN,
    SUDDEN_SINCE,
    UNSTABLE,
    Scene,
    Stories,
    choose,
    empty,
    joined,
    settled,
)
from fangpin.sample.timeline import NEVER, Flags, Ints

LEFT = 0.2
"""Of a planted village's households those that its office leaves listed."""


def of_villages(rng: np.random.Generator, scene: Scene) -> Stories:
    """Monitored households of the planted villages. The need of most is real; the office's paper is not."""
    wanted = scene.villages["planted_cases"].to_numpy()
    households = scene.households
    order = rng.random(households.count) - 0.7 * households.tuopin
    fit = (wanted > 0)[households.village] & (households.size >= 2)
    chosen = np.flatnonzero(first_of_group(households.village, order, fit, wanted))
    story = listed_lives(rng, scene, chosen, sudden_share=0.25)
    plan = scene.villages["plan"].to_numpy()[households.village[chosen]]
    story.returned[:] = NEVER
    _clear_in_a_day(rng, scene, story, plan == planted.SAME_DAY)
    _clear_everybody(rng, scene, story, plan == planted.INFLATED)
    _write_just_under(rng, scene, story, plan == planted.BUNCHED_ENTRY)
    _write_just_over(rng, scene, story, plan == planted.BUNCHED_EXIT)
    return settled(story, scene.last)


def _still_listed(rng: np.random.Generator, scene: Scene, story: Stories, those: Flags) -> None:
    """Households of such a village that are still in need and still listed."""
    _poor(rng, story, those)
    story.category = np.where(those, _by_type(scene, story), story.category)
    story.identified = np.where(those, np.minimum(story.identified, scene.last), story.identified)
    story.eliminated = np.where(those, NEVER, story.eliminated)


def _by_type(scene: Scene, story: Stories) -> Ints:
    """The class a household has without a sudden blow."""
    return np.where(scene.households.tuopin[story.household], UNSTABLE, MARGINAL)


def _poor(rng: np.random.Generator, story: Stories, those: Flags) -> None:
    """Those households stay poor: no recovery before the office clears them."""
    story.before = np.where(those, 4_300.0 + 1_100.0 * rng.random(story.count), story.before)
    story.during = np.where(those, 3_500.0 + 1_300.0 * rng.random(story.count), story.during)
    story.recovers = np.where(those, NEVER, story.recovers)


def _clear_in_a_day(rng: np.random.Generator, scene: Scene, story: Stories, those: Flags) -> None:
    """The whole village is cleared on one day of one month, long after its households were listed."""
    village = scene.households.village[story.household]
    cleared = whole(rng, scene.last - 9, scene.last - 1, scene.villages.height)[village]
    later = those & (rng.random(story.count) < LEFT)
    those = those & ~later
    _still_listed(rng, scene, story, later)
    story.identified = np.where(
        later, np.minimum(cleared + whole(rng, 0, 2, story.count), scene.last), story.identified
    )
    story.falls = np.where(later, story.identified - 2, story.falls)
    story.identified = np.where(those, np.minimum(story.identified, cleared - 7), story.identified)
    story.falls = np.where(those, story.identified - 3, story.falls)
    story.category = np.where(those, _by_type(scene, story), story.category)
    sudden_lives = those & (story.before > 7_000.0)
    story.before = np.where(sudden_lives, 5_600.0, story.before)
    story.during = np.where(sudden_lives, 4_600.0, story.during)
    story.after = np.where(sudden_lives, np.maximum(story.after, 10_000.0), story.after)
    story.bills = np.where(sudden_lives, story.bills * 0.2, story.bills)
    story.eliminated = np.where(those, cleared, story.eliminated)
    story.recovers = np.where(those, np.maximum(story.identified, cleared - 8), story.recovers)
    story.natural &= ~those
    story.helped |= those
    story.same_day = those


def _clear_everybody(rng: np.random.Generator, scene: Scene, story: Stories, those: Flags) -> None:
    """The village wants a high ratio: whoever is listed is cleared, the latest after a month or some."""
    last = scene.last
    lately = those & (rng.random(story.count) < 0.5)
    story.identified = np.where(lately, last - whole(rng, 2, 8, story.count), story.identified)
    story.falls = np.where(lately, story.identified - 2, story.falls)
    hurried = those & ((story.eliminated > last) | (story.identified > last - 9))
    story.identified = np.where(hurried, np.minimum(story.identified, last - 1), story.identified)
    soon = story.identified + whole(rng, 1, 4, story.count)
    late = np.maximum(soon, last - whole(rng, 0, 6, story.count))
    cleared = np.minimum(np.where(story.identified < last - 9, late, soon), last)
    story.eliminated = np.where(hurried, cleared, story.eliminated)
    sudden = story.category == SUDDEN
    _poor(rng, story, hurried & ~sudden)
    story.recovers = np.where(hurried & sudden, story.identified, story.recovers)
    story.natural &= ~those
    story.helped |= those


def _write_just_under(rng: np.random.Generator, scene: Scene, story: Stories, those: Flags) -> None:
    """At identification the village writes what the line asks for, whatever the household has."""
    story.category = np.where(those, _by_type(scene, story), story.category)
    near = 5_000.0 + 1_900.0 * rng.random(story.count)
    story.before = np.where(those, near, story.before)
    story.during = np.where(those, near * 0.93, story.during)
    story.after = np.where(those, np.maximum(story.after, 10_500.0), story.after)
    story.bills = np.where(those, np.minimum(story.bills, 4_000.0), story.bills)
    declared = 5_850.0 + 149.0 * np.sqrt(rng.random(story.count))
    story.declared_entry = np.where(those, declared, story.declared_entry)


def _write_just_over(rng: np.random.Generator, scene: Scene, story: Stories, those: Flags) -> None:
    """At elimination the village writes a little more than the line; half of the households are as poor as before."""
    later = those & (rng.random(story.count) < LEFT)
    those = those & ~later
    _still_listed(rng, scene, story, later)
    cleared = np.minimum(np.maximum(story.eliminated, FIRST_SWEEP + 6), scene.last - whole(rng, 0, 10, story.count))
    story.identified = np.where(those, np.minimum(story.identified, cleared - 6), story.identified)
    story.category = np.where(those, _by_type(scene, story), story.category)
    story.eliminated = np.where(those, cleared, story.eliminated)
    story.before = np.where(those & (story.before > 7_000.0), 5_600.0, story.before)
    story.during = np.where(those, np.minimum(story.during, 5_000.0), story.during)
    story.after = np.where(those, np.maximum(story.after, 10_000.0), story.after)
    story.recovers = np.where(those, np.maximum(story.identified, cleared - 7), story.recovers)
    poor = those & (rng.random(story.count) < 0.5)
    _poor(rng, story, poor)
    story.eliminated = np.where(poor, np.maximum(story.eliminated, scene.last - 5), story.eliminated)
    story.natural &= ~those
    story.helped |= those
    declared = 6_002.0 + 150.0 * rng.random(story.count) ** 1.5
    story.declared_exit = np.where(those, declared, story.declared_exit)


def of_households(rng: np.random.Generator, scene: Scene) -> Stories:
    """Wrongly listed, wrongly left out, wrongly cleared: one household each, in villages without a plan."""
    seen, households = scene.seen, scene.households
    plain = (scene.villages["plan"].to_numpy() == planted.PLAIN_VILLAGE)[households.village]
    family = households.size >= 2
    well = (seen.able >= 2) & (seen.sick == 0)
    fit: dict[int, tuple[Flags, Callable[[np.random.Generator, Scene, Ints], Stories]]] = {
        planted.NOT_MARGINAL: (~households.tuopin & well & (households.size >= 3), _not_marginal),
        planted.STABLE_UNSTABLE: (households.tuopin & well & family, _stable_unstable),
        planted.UNLISTED_RISK: (family & (seen.able >= 1) & (seen.able <= 2), _unlisted_risk),
        planted.FAST: (family, _fast),
        planted.WITHOUT_MEASURE: (family, _without_measure),
        planted.BELOW_LINE: (family, _below_line),
    }
    parts = []
    for kind, (fits, live) in fit.items():
        free = fits & plain & ~scene.taken
        share = planted.HOUSEHOLD_SHARES[kind] * free.size / max(1, int(free.sum()))
        chosen = choose(rng, np.full(free.size, min(share, 1.0)), free)
        scene.taken[chosen] = True
        story = live(rng, scene, chosen)
        story.kind[:] = kind
        parts.append(settled(story, scene.last))
    return joined(parts)


def _not_marginal(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """A family with a car, a shop or a flat from years ago and two steady wages, listed all the same."""
    count = chosen.size
    story = empty(chosen, scene.households.level[chosen])
    story.category[:] = MARGINAL
    story.cause = np.array([ILLNESS, FEW_HANDS, FAILED_TRADE, JOBLESS, SCHOOLING, OTHER])[
        pick(rng, (0.3, 0.1, 0.1, 0.3, 0.1, 0.1), count)
    ]
    story.identified = whole(rng, scene.last - 13, scene.last - 1, count)
    income = np.clip(np.exp(rng.normal(np.log(21_000.0), 0.22, count)), 14_500.0, 60_000.0)
    story.before, story.during, story.after = income, income.copy(), income.copy()
    story.well_off[:] = True
    lowered = 4_200.0 + 1_700.0 * rng.random(count)
    story.declared_entry = np.where(rng.random(count) < 0.6, lowered, np.nan)
    return story


def _stable_unstable(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """A family out of poverty that needed help two years ago, has long had steady wages, and stays listed."""
    count = chosen.size
    story = empty(chosen, scene.households.level[chosen])
    story.category[:] = UNSTABLE
    story.cause = np.array([ILLNESS, FEW_HANDS, FAILED_TRADE, JOBLESS])[pick(rng, (0.25, 0.2, 0.15, 0.4), count)]
    story.identified = whole(rng, FIRST_SWEEP, FIRST_SWEEP + 7, count)
    story.falls = story.identified - whole(rng, 4, 10, count)
    story.recovers = story.identified + whole(rng, 2, 6, count)
    story.before = 5_000.0 + 1_400.0 * rng.random(count)
    story.during = 3_900.0 + 1_300.0 * rng.random(count)
    story.after = np.clip(np.exp(rng.normal(np.log(15_500.0), 0.16, count)), 12_000.0, 30_000.0)
    return story


def _unlisted_risk(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """Real hardship that nobody entered: a serious illness, lost work, a house nobody may live in."""
    count = chosen.size
    story = empty(chosen, scene.households.level[chosen])
    story.cause = np.array([ILLNESS, JOBLESS, HOUSE])[pick(rng, (0.45, 0.35, 0.2), count)]
    ill, house = story.cause == ILLNESS, story.cause == HOUSE
    story.falls = scene.last - np.where(story.cause == JOBLESS, whole(rng, 7, 12, count), whole(rng, 5, 11, count))
    moderate = 8_000.0 + 3_500.0 * rng.random(count)
    story.before = np.where(house, 4_000.0 + 1_500.0 * rng.random(count), moderate)
    after_illness = moderate * (0.5 + 0.2 * rng.random(count))
    without_work = 1_800.0 + 1_900.0 * rng.random(count)
    story.during = np.where(ill, after_illness, np.where(house, story.before * 0.9, without_work))
    yearly = story.before * scene.households.size[chosen]
    story.bills = np.where(ill, yearly * (0.55 + 0.5 * rng.random(count)), 0.0)
    story.helped[:] = False
    return story


def _fast(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """Listed after a real blow, cleared within the same month or the three after it."""
    count = chosen.size
    story = listed_lives(rng, scene, chosen, sudden_share=0.5)
    story.identified = np.maximum(story.identified, scene.last - whole(rng, 4, 13, count))
    story.identified = np.minimum(story.identified, scene.last - 1)
    story.eliminated = np.minimum(story.identified + whole(rng, 0, 3, count), scene.last)
    story.falls = story.identified - whole(rng, 1, 3, count)
    story.before = 8_200.0 + 3_000.0 * rng.random(count)
    story.during = story.before * 0.93
    story.recovers = story.eliminated + 1
    story.after = story.before.copy()
    story.natural[:] = False
    story.helped[:] = True
    story.returned[:] = NEVER
    return story


def _cleared(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """Listed, and cleared in the last ten months after half a year or more."""
    count = chosen.size
    story = listed_lives(rng, scene, chosen, sudden_share=0.15)
    story.eliminated = scene.last - whole(rng, 0, 9, count)
    story.identified = np.minimum(story.identified, story.eliminated - whole(rng, 6, 9, count))
    too_early = (story.category == SUDDEN) & (story.identified < SUDDEN_SINCE)
    story.category = np.where(too_early, _by_type(scene, story), story.category)
    story.falls = story.identified - whole(rng, 1, 4, count)
    story.natural[:] = False
    story.returned[:] = NEVER
    return story


def _without_measure(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """Cleared as if helped (帮扶消除), though no help ever came; the household found its own way."""
    story = _cleared(rng, scene, chosen)
    story.recovers = np.maximum(story.identified, story.eliminated - whole(rng, 6, 8, story.count))
    story.helped[:] = False
    return story


def _below_line(rng: np.random.Generator, scene: Scene, chosen: Ints) -> Stories:
    """Cleared while as poor as when listed; half of the papers say so, half are prettier."""
    story = _cleared(rng, scene, chosen)
    story.eliminated = np.maximum(story.eliminated, scene.last - 5)
    story.category = _by_type(scene, story)
    _poor(rng, story, np.ones(story.count, dtype=bool))
    story.bills = np.minimum(story.bills, 4_000.0)
    story.helped[:] = True
    prettier = 6_400.0 + 3_500.0 * rng.random(story.count)
    story.declared_exit = np.where(rng.random(story.count) < 0.5, prettier, np.nan)
    return story
