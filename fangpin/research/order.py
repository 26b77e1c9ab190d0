"""Order sampling: permanent random numbers, inclusion probabilities, Pareto's order; in Python and as one SELECT.

Rosén (1997), "On sampling with probability proportional to size", J. Statist. Plann. Inference 62; the same bits from
both, whatever the order of rows. Does not belong here: what is drawn (draw.py, households.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

HEX_DIGITS, NUMBERS = 13, 1 << 52


@dataclass(frozen=True, slots=True)
class Ordered:
    """A unit in its order: 1 is first. probability: of being among the first n."""

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
