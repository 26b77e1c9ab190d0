"""How often the system is right: of what was compared in the field, the share that agrees, by county and item.

Does not belong here: which answers there are (field.py), estimates for all households (estimate.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fangpin.rates import wilson
from fangpin.research.item import COMPARE, PAPER
from fangpin.research.items import BY_CODE, CATALOGUE

MATCH, DIFFER, MISSING, UNKNOWN = "match", "differ", "missing", "unknown"
ALL_COUNTIES = ""


@dataclass(frozen=True)
class Agreement:
    """Of a county (ALL_COUNTIES: of all) and item. compared = match + differ + missing; unknown could not be told."""

    county_code: str
    item: str
    match: int
    differ: int
    missing: int
    unknown: int
    low: float | None
    high: float | None

    @property
    def compared(self) -> int:
        return self.match + self.differ + self.missing

    @property
    def rate(self) -> float | None:
        return self.match / self.compared if self.compared else None


def rates(answers: Iterable[tuple[str, str, str]], z: float) -> list[Agreement]:
    """By county and item, all counties first; items in the catalogue's order.

    answers: (county code, item, what was ticked), each household and item once. Wilson's interval is that of
    independent households: those of a village are not, so it is the narrowest there can be.
    """
    counted: dict[tuple[str, str], Counter[str]] = {}
    for county, item, check in answers:
        if BY_CODE[item].answer in (COMPARE, PAPER):
            for place in (ALL_COUNTIES, county):
                counted.setdefault((place, item), Counter())[check] += 1
    order = {each.code: number for number, each in enumerate(CATALOGUE)}
    found = []
    for (place, item), n in sorted(counted.items(), key=lambda each: (each[0][0], order[each[0][1]])):
        compared = n[MATCH] + n[DIFFER] + n[MISSING]
        low, high = wilson(n[MATCH], compared, z) or (None, None)
        found.append(Agreement(place, item, n[MATCH], n[DIFFER], n[MISSING], n[UNKNOWN], low, high))
    return found
