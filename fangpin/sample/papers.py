"""What the office has on paper beside the old steps: consent, comparison, publicity of the help, days and objections.

Asked for since 中农组发〔2021〕7号 (2021-05). Who did not authorise the query has no consent and no comparison.
Does not belong here: the days of identification and elimination (register.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fangpin.sample.draws import chance, stream, whole
from fangpin.sample.people import Households
from fangpin.sample.stories import SUDDEN_SINCE, Stories
from fangpin.sample.timeline import NEVER, Flags, Ints

STEPS = ("承诺授权", "信息比对", "措施评议", "措施公示")
PUBLICITIES = ("识别公示", "措施公示", "消除公示")


@dataclass
class Papers:
    """Days of the further steps (NEVER where not done); days shown and objections of each publicity, -1 unknown."""

    days: Ints  # [story, step]
    shown: Ints  # [story, publicity]
    objections: Ints


def make(seed: int, code: str, households: Households, stories: Stories, days: Ints) -> Papers:
    """Papers of a block's stories; `days` are those of register.STEPS."""
    rng = stream(seed, code, "papers")
    count = stories.count
    _, verified, reviewed, publicised, approved = days[:, :5].T
    _, exit_reviewed, exit_publicised = days[:, 5:8].T
    asked = stories.identified >= SUDDEN_SINCE

    def once(wanted: Flags, day: Ints) -> Ints:
        return np.where(wanted & asked & (approved < NEVER), day, NEVER)

    agreed = households.consent[stories.household] & chance(rng, 0.98, count)
    talked = stories.helped & chance(rng, 0.85, count)
    help_reviewed = approved + whole(rng, 1, 5, count)
    help_publicised = help_reviewed + whole(rng, 5, 7, count)
    further = np.column_stack(
        (
            once(agreed, verified),
            once(agreed, np.minimum(verified + 1, reviewed)),
            once(talked, help_reviewed),
            once(talked & chance(rng, 0.95, count), help_publicised),
        )
    )
    lasted = np.column_stack(
        (publicised - reviewed, help_publicised - help_reviewed, exit_publicised - exit_reviewed)
    ).astype(np.int64)
    cut_short = chance(rng, 0.05, lasted.size).reshape(lasted.shape)
    shown = np.where(cut_short, whole(rng, 1, 4, lasted.size).reshape(lasted.shape), lasted)
    shown = np.where(chance(rng, 0.02, shown.size).reshape(shown.shape), -1, shown)
    raised = chance(rng, 0.03, shown.size).reshape(shown.shape)
    objections = np.where(raised, whole(rng, 1, 2, shown.size).reshape(shown.shape), 0)
    return Papers(further, shown, objections)
