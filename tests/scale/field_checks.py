"""Whom to check next among 20 million households: `python -m tests.scale.field_checks`, a phase of `make bench`.

Made-up households in 160 counties, one lead for every 70 of them as in the sample. Prints one JSON line.
Does not belong here: the tables that are read (phase.py).
"""

from __future__ import annotations

import json
import time

import duckdb

from assets.build import POLICY_FOLDER
from assets.mart.field_check import check_weights, checks
from assets.mart.rule_yield import rule_standard
from fangpin import policy
from fangpin.research.item import HOUSEHOLD
from fangpin.research.yields import RULES

MONTH = "2021-12"
HOUSEHOLDS, PER_VILLAGE, PER_COUNTY, PER_LEAD = 20_000_000, 450, 125_000, 70

ELIGIBLE = f"""create temp table eligible as
select cast(n as integer) as household_id, lpad(cast(n // {PER_VILLAGE} as varchar), 12, '0') as village_code,
  cast(1 + n % 5 as integer) as persons, lpad(cast(n // {PER_COUNTY} as varchar), 6, '0') as county_code
from range({HOUSEHOLDS}) as household(n)"""


def main() -> None:
    known = policy.load(POLICY_FOLDER)
    rules = sorted(rule for rule, item in RULES.items() if item.subject == HOUSEHOLD)
    beliefs = rule_standard(known, MONTH)
    with duckdb.connect() as con:
        con.execute("create schema mart")
        con.execute("create table mart.rule_yield (rule varchar, a double, b double)")
        for rule in rules:
            a = beliefs.strength * beliefs.expected[rule]
            con.execute("insert into mart.rule_yield values (?, ?, ?)", [rule, a, beliefs.strength - a])
        con.execute(ELIGIBLE)
        listed = ", ".join(f"'{rule}'" for rule in rules)
        con.execute(
            f"""create table mart.household_anomaly as
            select household_id, [{listed}][1 + household_id // {PER_LEAD} % {len(rules)}] as kind,
              cast(20 + household_id % 80 as integer) as severity
            from eligible where household_id % {PER_LEAD} = 0"""
        )
        wall, cpu = time.monotonic(), time.process_time()
        found = checks(con, check_weights(known, MONTH), f"field-check|{MONTH}")
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    told = {"households": HOUSEHOLDS, "leads": HOUSEHOLDS // PER_LEAD + 1, "proposed": found.height}
    print(json.dumps({**told, "wall_s": round(wall, 1), "cpu_s": round(cpu, 1)}))


if __name__ == "__main__":
    main()
