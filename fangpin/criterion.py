"""By amount or by share (按金额还是按幅度): how two thresholds overlap, and what each finds of the truth at what work.

A criterion flags a household; truth is that it is left with less than the line. From counts of households by step of
amount and step of share come the eight cells of every pair of thresholds, and everything else from those.
Source: 专题调研工作方案 四（四）; Cohen 1960 (kappa), McNemar 1947. Does not belong here: how households are counted
(sql/mart/criterion_cell.sql), which criterion to choose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import special

PARTS = {"all": "全部", "income_group": "按收入三等分", "size": "按家庭人口", "lasting": "按是否持续"}
"""How households are split; the columns of mart.criterion_cell but for 'all'."""
SUBJECTS = {"rigid": "刚性支出", "income_drop": "收入大幅缩减"}
FLAGS = ("both", "amount_only", "share_only", "neither")


@dataclass(frozen=True)
class Overlap:
    """Households by what flags them, each (in hardship, others)."""

    both: tuple[int, int]
    amount_only: tuple[int, int]
    share_only: tuple[int, int]
    neither: tuple[int, int]

    def flagged(self, criterion: str) -> Flagged:
        """criterion: amount, share, either or both."""
        cells = {
            "amount": (self.both, self.amount_only),
            "share": (self.both, self.share_only),
            "either": (self.both, self.amount_only, self.share_only),
            "both": (self.both,),
        }[criterion]
        everyone = (self.both, self.amount_only, self.share_only, self.neither)
        return Flagged(
            households=sum(map(sum, cells)),
            hits=sum(cell[0] for cell in cells),
            hardship=sum(cell[0] for cell in everyone),
            of=sum(map(sum, everyone)),
        )

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of the two flags; None when there is nothing to agree on."""
        both, amount, share, neither = map(sum, (self.both, self.amount_only, self.share_only, self.neither))
        n = both + amount + share + neither
        if n == 0:
            return None
        chance = ((both + amount) * (both + share) + (share + neither) * (amount + neither)) / n / n
        return None if chance == 1 else ((both + neither) / n - chance) / (1 - chance)

    @property
    def discordant(self) -> tuple[int, int]:
        """Households that only the amount judges rightly, and those that only the share does."""
        return self.amount_only[0] + self.share_only[1], self.share_only[0] + self.amount_only[1]

    @property
    def mcnemar(self) -> float:
        """Two-sided exact p of the two being right equally often; 1 without a discordant household."""
        one, other = self.discordant
        return min(1.0, 2 * float(special.bdtr(min(one, other), one + other, 1 / 2)))


@dataclass(frozen=True)
class Flagged:
    """households flagged, hits among them, hardship among all `of` households."""

    households: int
    hits: int
    hardship: int
    of: int

    @property
    def precision(self) -> float | None:
        return self.hits / self.households if self.households else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.hardship if self.hardship else None

    @property
    def checks_per_hit(self) -> float | None:
        """Households to visit for one in hardship."""
        return self.households / self.hits if self.hits else None


def grid(cells: pl.DataFrame, steps: int) -> pl.DataFrame:
    """Rows of mart.rigid_criterion but for the thresholds' values: part, segment, steps and the eight cells.

    cells: mart.criterion_cell of one subject.
    """
    rows: list[dict[str, Any]] = []
    for part in PARTS:
        segments = [None] if part == "all" else cells[part].unique().sort().to_list()
        for segment in segments:
            of = cells if segment is None else cells.filter(pl.col(part) == segment)
            rows += [{"part": part, "segment": _segment(segment), **row} for row in _overlaps(of, steps)]
    return pl.DataFrame(rows)


def _segment(value: Any) -> str:
    return "" if value is None else str(value).lower()


def _overlaps(cells: pl.DataFrame, steps: int) -> Iterator[dict[str, int]]:
    """The eight cells of every pair of thresholds, from the first step on."""
    counts = np.zeros((steps + 1, steps + 1, 2), dtype=np.int64)
    position = (cells["amount_step"].to_numpy(), cells["share_step"].to_numpy(), 1 - cells["hardship"].cast(pl.Int8))
    np.add.at(counts, position, cells["households"].to_numpy())
    both = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    for amount in range(1, steps + 1):
        for share in range(1, steps + 1):
            two, one, other = both[amount, share], both[amount, 0], both[0, share]
            cell = {"both": two, "amount_only": one - two, "share_only": other - two}
            cell["neither"] = both[0, 0] - one - other + two
            yield {
                "amount_step": amount,
                "share_step": share,
                **{f"{flag}_hardship": int(cell[flag][0]) for flag in FLAGS},
                **{f"{flag}_other": int(cell[flag][1]) for flag in FLAGS},
            }


def overlap(row: dict[str, Any]) -> Overlap:
    """The overlap of a row of mart.rigid_criterion."""
    return Overlap(**{flag: (row[f"{flag}_hardship"], row[f"{flag}_other"]) for flag in FLAGS})


def equal_work(rows: list[dict[str, Any]], of_amount: int) -> dict[str, Any]:
    """Of the rows with that step of amount, the one whose share flags most nearly as many households.

    Compared at different workloads the looser criterion always finds more; ties go to the higher share.
    """
    candidates = [row for row in rows if row["amount_step"] == of_amount]
    return min(candidates, key=lambda row: (_distance(overlap(row)), -row["share_step"]))


def _distance(found: Overlap) -> float:
    amount, share = found.flagged("amount").households, found.flagged("share").households
    return abs(math.log((amount + 1) / (share + 1)))
