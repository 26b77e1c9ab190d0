"""A made-up sample of six cities as the plan draws them, with one answer a household; no chance in it.

Every city: a certain county (a certain village and one by chance) and a county by chance (two villages). Strata for a
survey program: of counties by chance the pairs of cities (cluster: county), of villages by chance in certain counties
the pairs of cities (cluster: village), every certain village (cluster: household). Does not belong here: what an
estimate must be (the tests).
"""

from __future__ import annotations

from fangpin.research.estimate import Drawn, Place


def drawn() -> tuple[list[Drawn], dict[int, float]]:
    """Four households a village; household -> 1 or 0."""
    found, values = [], {}
    for c in range(6):
        city = f"41{c + 1:02}"
        for k, chance in ((20, 1.0), (21, 0.2 + 0.05 * c)):
            county = f"{city}{k}"
            for v in range(2):
                certain = v == 0
                inside = 1.0 if certain else 0.1 + 0.03 * c
                place = Place(city, county, f"{county}00{v}200", chance, chance * inside)
                for h in range(4):
                    number = len(found) + 1
                    stratum = "甲" if h < 2 else "乙"
                    found.append(Drawn(number, place, stratum, 0.5 if h < 2 else 0.1))
                    values[number] = float((3 * c + 5 * h + 2 * v + k) % 7 < 3)
    return found, values
