"""Village anomalies: tests of a village against its peers, on small frames.

Every test has a finite-sample null drawn from the rest of the county; none borrows a cut-off. A frame comes in with one
row per household, event or statement; a frame of villages comes out: village_code, observed, expected, p_value,
evidence, counter_evidence. Does not belong here: household anomalies (sql/mart/anomaly_*.sql), levels and minima
(policy/threshold.yaml, handed in as `Levels`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fangpin.rates import Array, benjamini_hochberg, binomial_tail, gamma_mean, garwood, poisson_mid_p


@dataclass(frozen=True)
class Levels:
    """The parameters of ref.threshold that the tests need; money in fen."""

    test_probability: float
    false_discovery_rate: float
    batch_min_households: int
    inflated_min_ratio: float
    inflated_min_households: int
    prior_shape: float
    copied_min_households: int
    bunching_width_fen: int
    bunching_min_households: int
    bunching_probability: float
    zero_report_probability: float


FOUND = ("village_code", "observed", "expected", "p_value", "evidence", "counter_evidence")


def bunching_p(inside: Array, outside: Array) -> Array:
    """One-sided binomial test that the band next to the line is no fuller than the band across it, by element."""
    return binomial_tail(inside, inside + outside, np.full(len(inside), 0.5))


def zero_probability(expected: Array) -> Array:
    """P(no event | expected), Poisson."""
    return np.exp(-expected)


def batch_p(total: int, largest: int, profile: Array) -> float:
    """P(some day has at least `largest` of `total` eliminations | day profile), Bonferroni's bound, at most 1."""
    tails = binomial_tail(np.full(len(profile), largest), np.full(len(profile), total), profile)
    return float(min(1.0, tails.sum()))


def _listed(frame: pl.DataFrame, levels: Levels, enough: pl.Expr) -> pl.DataFrame:
    """Rows that matter (`enough`), are significant, and survive Benjamini-Hochberg among all of `frame`.

    `frame` holds the villages large enough to be listed at all: chosen by size, never by what was observed.
    """
    adjusted = benjamini_hochberg(frame["p_value"].to_numpy())
    return (
        frame.with_columns(adjusted=pl.Series(adjusted, dtype=pl.Float64))
        .filter(
            enough
            & (pl.col("p_value") <= levels.test_probability)
            & (pl.col("adjusted") <= levels.false_discovery_rate)
        )
        .sort("village_code")
    )


def _p(column: str = "p_value") -> pl.Expr:
    """A p-value as text: four decimals, or 小于0.0001."""
    return (
        pl.when(pl.col(column) < 0.0001).then(pl.lit("小于0.0001")).otherwise(pl.col(column).round(4).cast(pl.String))
    )


def _per_day(events: pl.DataFrame, days: pl.Series) -> Array:
    """How many of the events fall on each of the days."""
    place = np.searchsorted(days.to_numpy(), events["event_date"].to_numpy())
    return np.bincount(place, minlength=len(days)).astype(float)


def same_day_batch(events: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    """Villages whose eliminations fall on one day more than the county's days explain.

    events: village_code, county_code, event_date; one row per household eliminated. The day profile is the county's
    without the village, mixed with one elimination's weight of the province's, so that no day is impossible.
    """
    days = events["event_date"].unique().sort()
    everywhere = _per_day(events, days)
    province = everywhere / max(1.0, everywhere.sum())
    rows = []
    for _, of_county in events.sort("village_code").group_by("county_code", maintain_order=True):
        whole = _per_day(of_county, days)
        for (village,), of_village in of_county.group_by("village_code", maintain_order=True):
            total = of_village.height
            if total >= levels.batch_min_households:
                own = _per_day(of_village, days)
                peers = whole - own
                profile = (peers + province) / (peers.sum() + 1)
                day = int(own.argmax())
                p = batch_p(total, int(own[day]), profile)
                rows.append((village, own[day], total * profile.max(), p, total, days[day], peers[day], peers.sum()))
    columns = ("village_code", "observed", "expected", "p_value", "total", "day", "same", "peers")
    types = (pl.String, pl.Float64, pl.Float64, pl.Float64, pl.Int64, pl.Date, pl.Int64, pl.Int64)
    frame = pl.DataFrame(rows, schema=dict(zip(columns, types, strict=True)), orient="row", strict=False)
    return _listed(frame, levels, pl.col("observed") >= levels.batch_min_households).select(
        "village_code",
        "observed",
        "expected",
        "p_value",
        evidence=pl.format(
            "近12个月消除{}户，其中{}户在{}同一天；按同县其他村的消除日期分布，概率{}",
            "total",
            pl.col("observed").cast(pl.Int64),
            pl.col("day").cast(pl.String),
            _p(),
        ),
        counter_evidence=pl.format(
            "同县其他村同日消除{}户（共{}户）；每月一次集中评议审核属正常，须查会议记录", "same", "peers"
        ),
    )


def _exact_sum(values: pl.Expr) -> pl.Expr:
    """A sum of floats that does not depend on the order of rows: summed as integers of 1e-12."""
    return (values * 1e12).round().cast(pl.Int64).sum() / 1e12


def inflated_elimination(villages: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    """Villages that eliminate faster than peers with the same cohort.

    villages: village_code, county_code, total (households), observed and expected households: sums of
    mart.expected_elimination. What is due here is that times the rest of the county's O/E (shrunken).
    """
    shape = levels.prior_shape
    peers = (pl.col("observed").sum().over("county_code") - pl.col("observed") + shape) / (
        _exact_sum(pl.col("expected")).over("county_code") - pl.col("expected") + shape
    )
    frame = (
        villages.sort("village_code")
        .with_columns(peer_ratio=peers)
        .with_columns(expected=pl.col("expected") * pl.col("peer_ratio"))
        .filter(pl.col("total") >= levels.inflated_min_households)
    )
    observed, expected = (frame[c].to_numpy().astype(float) for c in ("observed", "expected"))
    due = np.maximum(expected, 1e-12)
    low, high = garwood(observed, due)
    measures = {
        "observed": observed,
        "p_value": poisson_mid_p(observed, due),
        "ratio": observed / due,
        "shrunken": gamma_mean(observed, due, shape),
        "low": low,
        "high": high,
    }
    frame = frame.with_columns(pl.Series(name, values, dtype=pl.Float64) for name, values in measures.items())
    enough = (pl.col("observed") >= levels.inflated_min_households) & (pl.col("ratio") >= levels.inflated_min_ratio)
    return _listed(frame, levels, enough).select(
        "village_code",
        "observed",
        "expected",
        "p_value",
        evidence=pl.format(
            "已消除{}户，按同类别、同监测时长、同原因的同县水平应为{}户，实际为应有的{}倍（95%区间{}至{}），概率{}",
            pl.col("observed").cast(pl.Int64),
            pl.col("expected").round(1),
            pl.col("ratio").round(1),
            pl.col("low").round(1),
            pl.col("high").round(1),
            _p(),
        ),
        counter_evidence=pl.format(
            "收缩后为{}倍；同县其他村为全省水平的{}倍；须核实帮扶措施是否更有力、是否集中于某一类户",
            pl.col("shrunken").round(1),
            pl.col("peer_ratio").round(1),
        ),
    )


def copied_income(villages: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    """Villages where households share whole statements more than households of the county's other villages do.

    villages: village_code, county_code, total (households with a detailed statement), observed (those whose statement
    equals that of another household of the village), largest (size of the largest group).
    """
    frame = _against_county(villages).filter(pl.col("total") >= levels.copied_min_households)
    return _listed(frame, levels, pl.col("observed") >= levels.copied_min_households).select(
        "village_code",
        "observed",
        "expected",
        "p_value",
        evidence=pl.format(
            "{}户有明细收支的农户中，{}户与本村他户各项金额完全相同，最大一组{}户；按同县其他村水平应为{}户，概率{}",
            "total",
            pl.col("observed").cast(pl.Int64),
            "largest",
            pl.col("expected").round(1),
            _p(),
        ),
        counter_evidence=pl.lit("统一发放的补贴和按件计酬可以相同；须核对原始调查表是否由同一人集中填写"),
    )


def bunching(incomes: pl.DataFrame, levels: Levels, *, below: bool) -> pl.DataFrame:
    """Villages whose declared incomes crowd next to the line: just under it at entry, just above it at exit.

    incomes: village_code, county_code, income_fen, line_fen. Compared with the band across the line and with the share
    of the county's other villages, because entry incomes lie below the line, and exit incomes above it, by law.
    """
    distance = pl.col("income_fen") - pl.col("line_fen")
    width = levels.bunching_width_fen
    under = (distance >= -width) & (distance < 0)
    over = (distance >= 0) & (distance < width)
    inside, outside = (under, over) if below else (over, under)
    counted = (
        incomes.group_by("county_code", "village_code")
        .agg(total=pl.len(), observed=inside.sum(), across=outside.sum(), line_fen=pl.col("line_fen").first())
        .sort("village_code")
    )
    frame = _against_county(counted).filter(pl.col("total") >= levels.bunching_min_households)
    sided = bunching_p(*(frame[c].to_numpy().astype(float) for c in ("observed", "across")))
    enough = (pl.col("observed") >= levels.bunching_min_households) & (pl.col("sided") <= levels.bunching_probability)
    yuan = width // 100
    where, other = ("线下", "线上") if below else ("线上", "线下")
    when = "识别" if below else "消除"
    return _listed(frame.with_columns(sided=pl.Series(sided, dtype=pl.Float64)), levels, enough).select(
        "village_code",
        "observed",
        "expected",
        "p_value",
        evidence=pl.format(
            f"{when}时登记的人均纯收入有{{}}户（共{{}}户）落在监测线{{}}元{where}{yuan}元之内，{other}同宽只有{{}}户；"
            "按同县其他村水平应为{}户，概率{}",
            pl.col("observed").cast(pl.Int64),
            "total",
            pl.col("line_fen") // 100,
            "across",
            pl.col("expected").round(1),
            _p(),
        ),
        counter_evidence=pl.lit("临界户本就集中在监测线附近；须对照收支台账和收入凭证"),
    )


def zero_report(villages: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    """Villages without a new identification where the county's rate makes one likely.

    villages: village_code, county_code, households, identified, signs (households with a hard trigger, not listed).
    """
    peers_households = pl.col("households").sum().over("county_code") - pl.col("households")
    peers_identified = pl.col("identified").sum().over("county_code") - pl.col("identified")
    frame = (
        villages.with_columns(peers_households=peers_households, peers_identified=peers_identified)
        .filter((pl.col("identified") == 0) & (pl.col("peers_households") > 0))
        .with_columns(expected=pl.col("households") * pl.col("peers_identified") / pl.col("peers_households"))
        .sort("village_code")
    )
    p = zero_probability(frame["expected"].to_numpy().astype(float))
    return (
        frame.with_columns(p_value=pl.Series(p, dtype=pl.Float64), observed=pl.lit(0.0))
        .filter(pl.col("p_value") <= levels.zero_report_probability)
        .select(
            "village_code",
            "observed",
            "expected",
            "p_value",
            evidence=pl.format(
                "近12个月没有新识别；{}户农户按同县其他村水平应新识别{}户，一户没有的概率{}",
                "households",
                pl.col("expected").round(1),
                _p(),
            ),
            counter_evidence=pl.format("本月有{}户必核查而未监测；须核实是否确无风险、是否长期未排查", "signs"),
        )
    )


def _against_county(counted: pl.DataFrame) -> pl.DataFrame:
    """Adds expected and p_value: `observed` of `total` against the county's other villages.

    The peers' share carries one household's weight of everybody's share, so that it is never 0 of 0.
    """
    observed, total = (sum(counted[c].to_list()) for c in ("observed", "total"))
    overall = observed / total if total else 0.0
    frame = counted.with_columns(
        share=(pl.col("observed").sum().over("county_code") - pl.col("observed") + overall)
        / (pl.col("total").sum().over("county_code") - pl.col("total") + 1)
    ).with_columns(expected=pl.col("share") * pl.col("total"), observed=pl.col("observed").cast(pl.Float64))
    k, n, p = (frame[c].to_numpy().astype(float) for c in ("observed", "total", "share"))
    return frame.with_columns(p_value=pl.Series(binomial_tail(k, n, p), dtype=pl.Float64))
