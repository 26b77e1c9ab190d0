"""What is planted: the kinds, how many of each, and which villages carry the village kinds.

A planted thing is a life or an office's doing (a well-off household wrongly listed, a village that clears its list in
one day), never a value set against a threshold of the rules; how each is lived is in misrule.py.
Does not belong here: how detectors find it (sql/mart), what those find (home/published).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample.draws import hashed

HOUSEHOLD_KINDS = (
    "not_marginal",
    "stable_unstable",
    "unlisted_risk",
    "fast_elimination",
    "elimination_without_measure",
    "elimination_below_line",
    "ineligible_post",
)
(NOT_MARGINAL, STABLE_UNSTABLE, UNLISTED_RISK, FAST, WITHOUT_MEASURE, BELOW_LINE, INELIGIBLE_POST) = range(7)
HONEST = -1

VILLAGE_KINDS = (
    "same_day_batch",
    "inflated_elimination",
    "copied_income",
    "bunching_identification",
    "bunching_elimination",
)
(SAME_DAY, INFLATED, COPIED, BUNCHED_ENTRY, BUNCHED_EXIT) = range(5)
PLAIN_VILLAGE = -1

HOUSEHOLD_SHARES = (0.0014, 0.0014, 0.0020, 0.0012, 0.0012, 0.0012, 0.0018)
"""Planted households of each kind per household of the province."""

VILLAGE_SHARE = 0.0125
"""Villages of each village kind."""

CASES_OF_PLANTED_VILLAGE = (7, 11)
"""Monitored households of a planted village, from and to; an ordinary village has one or two, larger ones more."""


def plan_villages(seed: int, villages: pl.DataFrame) -> pl.DataFrame:
    """Adds `plan` (a village kind or PLAIN_VILLAGE) and `planted_cases`.

    The kinds go to villages in hash order, each with at least 40 households where the sample has such.
    """
    order = hashed(seed, [f"plan|{code}" for code in villages["village_code"]])
    size = villages["households"].to_numpy()
    each = max(2, round(villages.height * VILLAGE_SHARE))
    large = size >= min(40, int(np.quantile(size, 0.5)))
    ranked = np.lexsort((order, ~large))
    plan = np.full(villages.height, PLAIN_VILLAGE, dtype=np.int64)
    for kind in range(len(VILLAGE_KINDS)):
        plan[ranked[kind * each : (kind + 1) * each]] = kind
    low, high = CASES_OF_PLANTED_VILLAGE
    more = hashed(seed, [f"cases|{code}" for code in villages["village_code"]])
    cases = low + np.floor(more * (high - low + 1)).astype(np.int64)
    cases = np.minimum(np.maximum(cases, np.rint(size * 0.03)), np.maximum(3, size // 3)).astype(np.int64)
    cases = np.where((plan == PLAIN_VILLAGE) | (plan == COPIED), 0, cases)
    return villages.with_columns(plan=pl.Series(plan), planted_cases=pl.Series(cases))
