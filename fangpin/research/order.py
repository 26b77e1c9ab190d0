"""Order sampling: permanent random numbers, inclusion probabilities, Pareto's order; in Python and as one SELECT.

Rosén (1997), "On sampling with probability proportional to size", J. Statist. Plann. Inference 62; the same bits from
both, whatever the order of rows. Does not belong here: what is drawn (draw.py, households.py).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEX_DIGITS, NUMBERS = 13, 1 << 52


@dataclass(frozen=True, slots=True)
class Ordered:
    """A unit in its order: 1 is first. probability: what the order aims at; `inclusion` says what it reaches."""

    code: str
    probability: float
    random_number: float
    order: int


def number(seed: str, code: str) -> float:
    """The permanent random number of a unit in (0, 1): the first 52 bits of SHA-256 of 'seed|code', and a half."""
    digest = hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()
    return (int(digest[:HEX_DIGITS], 16) + 0.5) / NUMBERS


def probabilities(sizes: Mapping[str, int], n: int) -> dict[str, float]:
    """n x size / total; who would have 1 or more is certain, and the rest share the places left, until none has.

    From the largest down, this needs one pass: a unit is certain when the places left times its size are not less than
    what it and all smaller ones add up to. Units of size 0 are left out.
    """
    left, total = n, sum(sizes.values())
    found: dict[str, float] = {}
    for code, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if size > 0:
            if left * size >= total:
                found[code] = 1.0
                left, total = left - 1, total - size
            else:
                found[code] = left * size / total
    return found


def pareto(sizes: Mapping[str, int], n: int, seed: str) -> list[Ordered]:
    """All units of positive size in order: the first n are the sample, the next the replacements."""
    chance = probabilities(sizes, n)
    drawn = {code: number(seed, code) for code in chance}
    order = sorted(chance, key=lambda code: (rank(drawn[code], chance[code]), drawn[code], code))
    return [Ordered(code, chance[code], drawn[code], position) for position, code in enumerate(order, start=1)]


def inclusion(sizes: Mapping[str, int], n: int, code: str) -> float:
    """The exact probability that a unit is among the first n of Pareto's order.

    The order only aims at n x size / total: for n = 1 of two units of sizes 1 and 2 it reaches 0.283, not 0.333. Given
    a unit's own number u, another one stands before it with probability r u / (1 - u + r u), r the ratio of their odds;
    so it is the integral over u of the chance that fewer than n do. Only + - * /, the same bits on every machine.
    """
    aimed = probabilities(sizes, n)
    if aimed[code] == 1:
        return 1.0
    places = n - sum(chance == 1 for chance in aimed.values())
    own = aimed[code] / (1 - aimed[code])
    ratios = [p / (1 - p) / own for other, p in sorted(aimed.items()) if other != code and p < 1]
    if all(ratio == 1 for ratio in ratios):
        return places / (len(ratios) + 1)
    return min(1.0, sum(weight * _fewer(places, ratios, u) for u, weight in _NODES))


def _fewer(places: int, ratios: Sequence[float], u: float) -> float:
    """The chance that fewer than `places` of the others stand before a unit whose number is u."""
    counts = [1.0] + [0.0] * (places - 1)
    for ratio in ratios:
        before = ratio * u / (1 - u + ratio * u)
        for k in range(places - 1, 0, -1):
            counts[k] = counts[k] * (1 - before) + counts[k - 1] * before
        counts[0] *= 1 - before
    return sum(counts)


def _nodes() -> tuple[tuple[float, float], ...]:
    """Gauss-Legendre nodes and weights on (0, 1), eight to a panel; the panels halve towards both ends."""
    gauss = (
        (0.1834346424956498, 0.3626837833783620),
        (0.5255324099163290, 0.3137066458778873),
        (0.7966664774136267, 0.2223810344533745),
        (0.9602898564975363, 0.1012285362903763),
    )
    low = [0.0, *(2.0**-k for k in range(16, 0, -1))]
    edges = [*low, *(1 - edge for edge in reversed(low[:-1]))]
    return tuple(
        (a + (b - a) * (1 + sign * x) / 2, (b - a) * weight / 2)
        for a, b in itertools.pairwise(edges)
        for x, weight in gauss
        for sign in (-1, 1)
    )


_NODES = _nodes()


def rank(random_number: float, probability: float) -> float:
    """Q = [u / (1 - u)] / [pi / (1 - pi)], smallest first; 0 for who is certain."""
    if probability == 1:
        return 0.0
    return (random_number / (1 - random_number)) / (probability / (1 - probability))


SELECT = """
-- One row per unit of positive size: unit (stratum, code, size), take (stratum, n), seed (seed).
with sized as (
  select
    unit.stratum, unit.code, unit.size, take.n, seed.seed,
    row_number() over largest as place,
    sum(unit.size) over (
      partition by unit.stratum order by unit.size desc, unit.code rows between current row and unbounded following
    ) as rest
  from unit
  inner join take on unit.stratum = take.stratum
  cross join seed
  where unit.size > 0
  window largest as (partition by unit.stratum order by unit.size desc, unit.code)
), certain as (
  select *, (n - place + 1) * size >= rest as is_certain from sized
), shared as (
  select
    *,
    n - count(*) filter (where is_certain) over (partition by stratum) as places_left,
    sum(size) filter (where not is_certain) over (partition by stratum) as total_left,
    (cast('0x' || substr(sha256(seed || '|' || code), 1, 13) as ubigint) + cast(0.5 as double))
      / cast(4503599627370496 as double) as random_number
  from certain
), chance as (
  select
    *,
    case
      when is_certain then cast(1 as double)
      else cast(places_left * size as double) / cast(total_left as double)
    end as probability
  from shared
), ranked as (
  select
    *,
    case
      when is_certain then cast(0 as double)
      else (random_number / (1 - random_number)) / (probability / (1 - probability))
    end as q
  from chance
)
select
  stratum, code, probability, random_number,
  row_number() over (partition by stratum order by q, random_number, code) as position
from ranked
order by stratum, position
"""
"""The same for many strata at once, in DuckDB; who wants to check a draw runs it on the tables of its folder."""
