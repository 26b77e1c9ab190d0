"""Gaps in schooling, medical insurance and drinking water that occur by themselves: no story, nothing planted, few.

Out of school: of rural children of primary age 99.94 % were enrolled in 2019 (教育部, press conference of the State
Council, 2020-09-23); taken for all of compulsory school. The school's register suspects half of them, the other half
it does not know at all. Uninsured: no source we have gives the share among farm households; UNINSURED is our choice for
the sample, and so is how long a child stays away. So are the households whose water fails, more of those
in the register, and for how long: the office counts water as safe everywhere, and pipes break.
None in households wrongly listed though they lack nothing, nor in those cleared: the office looks before it clears.
Does not belong here: children who stay away because of the story of their household (school.py).
"""

from __future__ import annotations

import numpy as np

from fangpin.sample import planted
from fangpin.sample.codes import JUNIOR, PRIMARY, SENIOR
from fangpin.sample.draws import chance, stream, whole
from fangpin.sample.health import Bills
from fangpin.sample.home import Homes
from fangpin.sample.people import Persons
from fangpin.sample.school import ABSENT, DROPPED_OUT, ENROLLED, Pupils
from fangpin.sample.stories import Stories
from fangpin.sample.timeline import NEVER, Flags

OUT_OF_SCHOOL = 0.0006
UNINSURED = 0.002
WATER_FAILS, WATER_FAILS_LISTED = 0.0002, 0.01


def occur(seed: int, code: str, persons: Persons, pupils: Pupils, bills: Bills, stories: Stories, last: int) -> None:
    """Takes some children from school, in `pupils`, and some persons out of the insurance, in `persons`.

    Whoever has a settlement of the insurance stays in it.
    """
    rng = stream(seed, code, "gaps")
    count = persons.count
    open_to = ~_spared(persons, stories)
    compulsory = (persons.school >= PRIMARY) & (persons.school < SENIOR) & (pupils.enrolment == ENROLLED)
    away = open_to & compulsory & chance(rng, OUT_OF_SCHOOL, count)
    unknown = away & (persons.school < JUNIOR) & chance(rng, 0.5, count)
    pupils.enrolment[away] = DROPPED_OUT
    pupils.enrolment[unknown] = ABSENT
    pupils.dropout_until[away] = last + whole(rng, -1, 6, count)[away]
    settled = np.bincount(bills.person, minlength=count) > 0
    persons.insured &= ~(open_to & ~settled & chance(rng, UNINSURED, count))


def dry_up(seed: int, code: str, households: int, homes: Homes, persons: Persons, stories: Stories, last: int) -> None:
    """Takes some households' water, in `homes`, one of the four indicators each: since months, for some months more."""
    rng = stream(seed, code, "water")
    open_to = np.ones(households, dtype=bool)
    open_to[persons.household[_spared(persons, stories)]] = False
    share = np.full(households, WATER_FAILS)
    share[stories.household[stories.listed]] = WATER_FAILS_LISTED
    fails = open_to & chance(rng, share, households) & (homes.water_bad_from == NEVER)
    homes.water_bad_from[fails] = (last - whole(rng, 0, 6, households))[fails]
    homes.water_mended[fails] = (homes.water_bad_from + whole(rng, 2, 9, households))[fails]


def _spared(persons: Persons, stories: Stories) -> Flags:
    """Persons of households whose story leaves no room for a gap."""
    lacking_nothing = np.isin(stories.kind, (planted.NOT_MARGINAL, planted.STABLE_UNSTABLE))
    households = stories.household[lacking_nothing | (stories.eliminated < NEVER)]
    return np.isin(persons.household, households)
