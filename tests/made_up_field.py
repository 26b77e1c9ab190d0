"""Made-up yields and households to check: every rule once, two leads and one by chance in every county of the province.

Does not belong here: what a yield or a priority must be (the tests of fangpin/research).
"""

from __future__ import annotations

import polars as pl

from fangpin.research.yields import PROPOSALS, RETIRE, RULES, TOO_FEW


def tables(division: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {"mart.rule_yield": rule_yield(), "mart.field_check": field_check(division)}


def rule_yield() -> pl.DataFrame:
    """The first rule checked 60 times and true 3 times, the others never."""
    rows = []
    for number, (rule, item) in enumerate(RULES.items()):
        checked, confirmed = (60, 3) if number == 0 else (0, 0)
        a, b = 2 + confirmed, 2 + checked - confirmed
        rows.append(
            {
                **{"rule": rule, "title": item.question, "subject": item.subject, "leads": 10 + number},
                **{"checked": checked, "confirmed": confirmed, "refuted": checked - confirmed, "not_seen": 0},
                **{"share": confirmed / checked if checked else None, "low": 0.017 if checked else None},
                **{"high": 0.137 if checked else None, "a": float(a), "b": float(b), "mean": a / (a + b)},
                "proposal": PROPOSALS[RETIRE if checked else TOO_FEW],
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def field_check(division: pl.DataFrame) -> pl.DataFrame:
    own = division.filter("in_province").sort("village_code").group_by("county_code", maintain_order=True).first()
    rows = []
    for number, (county, village) in enumerate(own.select("county_code", "village_code").iter_rows()):
        base = {"county_code": county, "village_code": village}
        for position in (1, 2):
            lead = {"arm": "risk", "position": position, "household_id": 10 * number + position, "leads": "返复"}
            figures = {"probability": 0.5, "consequence": 2.0, "hours": 2.0, "information": 0.1, "priority": 0.6}
            rows.append({**base, **lead, **figures, "reason": "返复：有问题的概率约50%"})
        chance = {"arm": "random", "position": 1, "household_id": 10 * number + 3, "leads": ""}
        rows.append({**base, **chance, "inclusion_probability": 0.01, "random_number": 0.001, "reason": "随机抽取"})
    return pl.DataFrame(rows, infer_schema_length=None)
