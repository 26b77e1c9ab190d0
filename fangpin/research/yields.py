"""What field checks say of a rule: its yield (confirmed of checked) as a Beta posterior; what one more would tell.

Does not belong here: which answers there are (field.py), which households to check (field_check.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy import special

from fangpin.errors import PolicyError
from fangpin.rates import wilson
from fangpin.research.item import LEAD
from fangpin.research.items import CATALOGUE

RULES = {each.code.removeprefix("lead_"): each for each in CATALOGUE if each.answer == LEAD}
"""Rule -> its item: every kind of mart.household_anomaly and mart.village_anomaly."""
BY_TITLE = {item.question: rule for rule, item in RULES.items()}
"""Name of a rule in policy/ -> rule."""

TOO_FEW, KEEP, RETIRE = "few", "keep", "retire"
PROPOSALS = {TOO_FEW: "核查不足，继续核查", KEEP: "保留", RETIRE: "建议停用"}


@dataclass(frozen=True)
class Standard:
    """policy/rule_yield.yaml. strength: a + b before any check; expected: rule -> its expected yield; retired below
    retire_share after retire_checks."""

    strength: float
    expected: Mapping[str, float]
    retire_share: float
    retire_checks: int


@dataclass(frozen=True)
class Yield:
    """A rule's checks. a, b: of the Beta posterior; not seen counts for nothing."""

    rule: str
    confirmed: int
    refuted: int
    not_seen: int
    a: float
    b: float
    low: float | None
    high: float | None
    proposal: str

    @property
    def checked(self) -> int:
        return self.confirmed + self.refuted

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)


def standard(values: Mapping[str, Any]) -> Standard:
    """From parameter -> value; PolicyError unless every rule has an expected yield, and no other has."""
    expected = values["expected"]
    if set(expected) != set(BY_TITLE) or not all(0 < share < 1 for share in expected.values()):
        wrong = sorted(set(expected) ^ set(BY_TITLE)) or sorted(r for r, share in expected.items() if not 0 < share < 1)
        raise PolicyError(
            "policy/rule_yield.yaml 的 expected 应给每条规则一个0与1之间的预期属实率，"
            f"不对的是：{'、'.join(wrong)}。请改正。"
        )
    by_rule = {BY_TITLE[title]: share for title, share in expected.items()}
    return Standard(float(values["prior_strength"]), by_rule, values["retire_share"], values["retire_checks"])


def measured(rule: str, confirmed: int, refuted: int, not_seen: int, standard: Standard, z: float) -> Yield:
    """Beta(a, b) with a + b = strength before, updated; Wilson's interval of confirmed in checked."""
    a = standard.strength * standard.expected[rule] + confirmed
    b = standard.strength * (1 - standard.expected[rule]) + refuted
    interval = wilson(confirmed, confirmed + refuted, z)
    low, high = interval if interval is not None else (None, None)
    return Yield(rule, confirmed, refuted, not_seen, a, b, low, high, _proposal(confirmed, refuted, standard))


def _proposal(confirmed: int, refuted: int, standard: Standard) -> str:
    checked = confirmed + refuted
    if checked < standard.retire_checks:
        return TOO_FEW
    return RETIRE if confirmed < standard.retire_share * checked else KEEP


def expected_information(a: float, b: float) -> float:
    """Nats that one more check is expected to tell of a yield with distribution Beta(a, b): H(m) - E[H(theta)]."""
    m = a / (a + b)
    entropy = -special.xlogy(m, m) - special.xlog1py(1 - m, -m)
    whole = special.digamma(a + b + 1)
    known = m * (special.digamma(a + 1) - whole) + (1 - m) * (special.digamma(b + 1) - whole)
    return max(0.0, float(entropy + known))
