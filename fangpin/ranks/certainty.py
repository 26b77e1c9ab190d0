"""How sure the places of one level are of their rank: a row a place and criterion of mart.rank_posterior.

Does not belong here: counts (nothing about them is uncertain), ranks and reasons (sql/mart/place_ranking.sql).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from fangpin.ranks import funnel
from fangpin.ranks.confidence import rank_sets
from fangpin.ranks.posterior import Betas, Gammas, Posterior, expected_ranks, pooled_quantiles, top_chances
from fangpin.ranks.stream import keys
from fangpin.rates import Array, benjamini_hochberg, binomial_mid_p, gamma_mean, garwood, poisson_mid_p


@dataclass(frozen=True)
class Terms:
    """The parameters of ref.ranking and ref.threshold that decide how sure a rank is."""

    seed: str
    draws: int
    top: int
    posterior_level: float
    interval_z: float
    prior_shape: int
    winsorised_share: float
    small_sample_households: int
    rank_sets: bool  # for the level at hand


@dataclass(frozen=True)
class _Judged:
    """One criterion at all its places: posterior, mean, transformed value and error, funnel z, mid-p."""

    criterion: str
    places: pl.DataFrame
    posterior: Posterior
    mean: Array
    funnel: funnel.Funnel
    values: Array
    errors: Array
    mid_p: Array
    oe: tuple[Array, Array] | None = None


def certainty(households: pl.DataFrame, persons: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Rows of mart.rank_posterior without the level, from those of mart.place_rate of one level by either measure."""
    large = households.filter(pl.col("monitored") >= terms.small_sample_households)["place_code"]
    households, persons = households.sort("place_code"), persons.sort("place_code")
    judged = [
        _ratio("ratio_households", households, terms),
        _ratio("ratio_persons", persons, terms),
        _standardised(persons, terms),
    ]
    chances = _chances(judged, households["place_code"].to_list(), terms)
    parts = [
        _rows(each, chance, each.places["place_code"].is_in(large).to_numpy(), terms)
        for each, chance in zip(judged, chances, strict=True)
    ]
    return pl.concat(parts)


def _ratio(criterion: str, places: pl.DataFrame, terms: Terms) -> _Judged:
    ratio, size = _columns(places, "ratio", "size")
    posterior = Betas.shrunken(ratio, size, *_columns(places, "prior_mean", "rho"))
    target = int(places["eliminated"].sum()) / max(1, int(places["monitored"].sum()))
    return _Judged(
        criterion,
        places,
        posterior,
        places["eb_mean"].to_numpy(),
        funnel.of_ratios(ratio, places["units"].to_numpy(), target, terms.winsorised_share),
        np.arcsin(np.sqrt(ratio)),
        1 / (2 * np.sqrt(size)),
        binomial_mid_p(ratio * size, size, np.full(len(size), target)),
    )


def _standardised(places: pl.DataFrame, terms: Terms) -> _Judged:
    """O/E on effective numbers: the persons of a household are eliminated together."""
    places = places.filter(pl.col("expected") > 0)
    units, monitored, observed, expected = _columns(places, "units", "monitored", "observed", "expected")
    share = units / monitored
    events, due = observed * share, expected * share
    level = 2 * float(special.ndtr(terms.interval_z)) - 1
    return _Judged(
        "oe_persons",
        places,
        Gammas(events + terms.prior_shape, due + terms.prior_shape),
        gamma_mean(events, due, terms.prior_shape),
        funnel.of_standardised(events, due, terms.winsorised_share),
        np.sqrt(observed / expected),
        1 / (2 * np.sqrt(due)),
        poisson_mid_p(events, due),
        garwood(events, due, level),
    )


def _columns(places: pl.DataFrame, *names: str) -> list[Array]:
    return [places[name].cast(pl.Float64).to_numpy() for name in names]


def _chances(judged: Sequence[_Judged], codes: list[str], terms: Terms) -> list[tuple[Array, Array]]:
    """(P(top-K), expected rank) of each criterion. Criteria at the same places share their uniform numbers."""
    found: dict[str, tuple[Array, Array]] = {}
    by_places: dict[tuple[str, ...], list[_Judged]] = {}
    for each in judged:
        by_places.setdefault(tuple(each.places["place_code"]), []).append(each)
    for places, group in by_places.items():
        if not places:
            found |= {each.criterion: (np.zeros(0), np.zeros(0)) for each in group}
            continue
        pooled = [pooled_quantiles(each.posterior) for each in group]
        tops = top_chances([each.posterior for each in group], pooled, keys(terms.seed, places), terms.top, terms.draws)
        for each, quantiles, top in zip(group, pooled, tops, strict=True):
            found[each.criterion] = (top, expected_ranks(each.posterior, quantiles))
    return [found[each.criterion] for each in judged]


def _rows(judged: _Judged, chances: tuple[Array, Array], large: Array, terms: Terms) -> pl.DataFrame:
    tail = (1 - terms.posterior_level) / 2
    count = judged.places.height
    q = np.full(count, np.nan)
    q[large] = benjamini_hochberg(judged.mid_p[large])
    rows = {
        "eb_mean": judged.mean,
        "eb_low": judged.posterior.quantile(tail),
        "eb_high": judged.posterior.quantile(1 - tail),
        "p_top": chances[0],
        "expected_rank": chances[1],
        "funnel_z": judged.funnel.adjusted,
        "q_value": q,
        "oe_low": judged.oe[0] if judged.oe else np.full(count, np.nan),
        "oe_high": judged.oe[1] if judged.oe else np.full(count, np.nan),
    }
    frame = judged.places.select("place_code", criterion=pl.lit(judged.criterion)).with_columns(
        pl.Series(name, values, dtype=pl.Float64).fill_nan(None) for name, values in rows.items()
    )
    if not terms.rank_sets:
        return frame.with_columns(rank_low=pl.lit(None, pl.Int64), rank_high=pl.lit(None, pl.Int64))
    alpha = 2 * (1 - float(special.ndtr(terms.interval_z)))
    low, high = rank_sets(judged.values, judged.errors, alpha)
    return frame.with_columns(rank_low=pl.Series(low), rank_high=pl.Series(high))
