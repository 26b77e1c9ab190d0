"""A month without one optional feed: what the declared lineage and the score card lead to it changes, and nothing else.

The month is run twice over the same lake and vault, with and without the feed's file. What may differ is read from the
asset graph, the column lineage and policy/scorecard.yaml, never from the outcome.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import openpyxl
import polars as pl
import pytest
import yaml

from checks.catalogue import contracts
from checks.raw import FEEDS as CONTRACTS
from pipelines.definitions import defs
from pipelines.models import load_models, trace_models
from pipelines.published import open_published
from tests.conftest import CHECKOUT, fangpin, table_hashes, taken_in_from, versions

MONTH = "2021-10"
FEEDS = {"housing": ("住建局", "住房安全鉴定信息")}
"""The feed taken away; 饮水安全监测信息 may be missing in the same way."""
CARD = yaml.safe_load((CHECKOUT / "policy/scorecard.yaml").read_text(encoding="utf-8"))["values"][-1]["value"]
NOT_DELIVERED = "未报送"


@dataclass(frozen=True)
class Pair:
    """The same month with and without a feed."""

    feed: str
    whole: Path
    lacking: Path

    def tables(self, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """A table with the feed and without it, in the order of its key."""
        found = []
        for home in (self.whole, self.lacking):
            with open_published(MONTH, home) as con:
                found.append(con.sql(f"select * from {name}").pl().sort(contracts()[name].key))
        return found[0], found[1]

    @cached_property
    def downstream(self) -> set[str]:
        """Tables that the asset graph leads the feed to."""
        graph = defs.resolve_asset_graph()
        found: set[dg.AssetKey] = set()
        ahead = {dg.AssetKey(["raw", self.feed])}
        while ahead:
            ahead = {child for key in ahead for child in graph.get(key).child_keys} - found
            found |= ahead
        return {".".join(key.path) for key in found} & set(contracts())

    @cached_property
    def indicators(self) -> dict[str, dict[str, Any]]:
        """Indicators of the card that name the feed among those they read."""
        return {i["name"]: i for i in CARD["indicators"] if self.feed in i["feeds"]}


@pytest.fixture(scope="module", params=FEEDS)
def pair(request: pytest.FixtureRequest, province: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    home = taken_in_from(province, tmp_path_factory.mktemp(f"without-{request.param}"))
    source, title = FEEDS[request.param]
    (home / "inbox" / MONTH / source / f"{title}_202110.csv").unlink()
    fangpin(home, "run", "--month", MONTH)
    yield Pair(request.param, province, home)


def test_only_tables_downstream_of_the_feed_change(pair: Pair) -> None:
    whole, lacking = table_hashes(pair.whole, MONTH), table_hashes(pair.lacking, MONTH)
    changed = {name for name in whole if whole[name] != lacking[name]}
    assert set(whole) == set(lacking) == set(contracts())
    assert changed - pair.downstream == set()
    assert {"core.guarantee", "core.household_month", "mart.household_risk", "mart.feed_quality"} <= changed
    assert {"core.person", "core.income_statement", "core.monitored_household", "core.support"}.isdisjoint(changed)


def test_only_columns_that_lead_to_the_feed_change(pair: Pair) -> None:
    """Of rows that are there in both. A table computed in Python declares no columns, so all of its columns may change;
    so may what is counted (a column without sources) where anything changed is read; rows that come or go change
    whatever is computed from their table."""
    models = {model.name: model for model in load_models(CHECKOUT / "sql") if model.name in pair.downstream}
    lineage = trace_models(CHECKOUT / "sql")
    may = {(f"raw.{pair.feed}", name) for name, _, _ in CONTRACTS[pair.feed].lake_columns}
    for name in pair.downstream:
        whole, lacking = (table.select(contracts()[name].key) for table in pair.tables(name))
        if name not in models or not whole.equals(lacking):
            may |= {(name, column.name) for column in contracts()[name].columns}

    def led(name: str, column: str) -> bool:
        sources = set(lineage[name][column])
        return bool(sources & may if sources else set(models[name].inputs) & {table for table, _ in may})

    size = 0
    while size < len(may):
        size = len(may)
        may |= {(name, column) for name in models for column in lineage[name] if led(name, column)}
    for name in models:
        key = contracts()[name].key
        whole, lacking = pair.tables(name)
        shared = whole.select(key).join(lacking.select(key), on=key)
        for column in [c for c in whole.columns if not led(name, c)]:
            one, other = (shared.join(t, on=key, maintain_order="left")[column] for t in (whole, lacking))
            assert one.equals(other), f"{name}.{column}"
    gap = f"{pair.feed}_gap"
    assert {column for table, column in may if table == "core.household_month"} == {gap}
    assert {column for table, column in may if table == "core.guarantee"} == {gap, "open_gaps", "unknown_gaps"}


def test_only_contributions_of_indicators_that_read_the_feed_change(pair: Pair) -> None:
    """And the cap of their family, which says how much was cut off."""
    whole, lacking = pair.tables("mart.risk_contribution")
    of_the_feed = {*pair.indicators, *(f"cap_{i['family']}" for i in pair.indicators.values())}
    assert pair.indicators
    for one, other in ((whole, lacking), (lacking, whole)):
        differing = one.join(other, on=one.columns, how="anti", nulls_equal=True)
        assert set(differing["indicator"]) <= of_the_feed
    told = lacking.filter(pl.col("indicator").is_in([*pair.indicators]))
    households = pair.tables("mart.household_risk")[0].height
    assert len(told) == households * len(pair.indicators)
    assert told["points"].sum() == 0
    assert set(told["reason"].str.split("，").list.first()) == {i["unknown"] for i in pair.indicators.values()}


def test_scores_change_by_those_contributions_and_no_more(pair: Pair) -> None:
    """Every score and upper bound without the feed, worked out from the contributions with it."""
    whole, lacking = pair.tables("mart.risk_contribution")[0], pair.tables("mart.household_risk")[1]
    before = pair.tables("mart.household_risk")[0]
    reads = pl.col("indicator").is_in([*pair.indicators])
    others = whole.filter(~reads & ~pl.col("indicator").str.starts_with("cap_"))
    expected = before.select("household_id")
    for family, entry in CARD["families"].items():
        lifted = sum(max(b["points"] for b in i["bands"]) for i in pair.indicators.values() if i["family"] == family)
        points = (
            others.filter(family=family)
            .group_by("household_id")
            .agg(low=pl.col("points").sum(), high=pl.col("points_high").sum())
        )
        expected = (
            expected.join(points, on="household_id", how="left", maintain_order="left")
            .with_columns(
                pl.col("low").fill_null(0).clip(upper_bound=entry["cap"]).alias(f"{family}_points"),
                (pl.col("high").fill_null(0) + lifted).clip(upper_bound=entry["cap"]).alias(f"{family}_high"),
            )
            .drop("low", "high")
        )
    assert lacking["household_id"].equals(expected["household_id"])
    for family in CARD["families"]:
        assert lacking[f"{family}_points"].to_list() == expected[f"{family}_points"].to_list()
    score = expected.select(pl.sum_horizontal(f"{f}_points" for f in CARD["families"])).to_series()
    high = expected.select(pl.sum_horizontal(f"{f}_high" for f in CARD["families"])).to_series()
    assert lacking["score"].to_list() == score.to_list() == lacking["score_low"].to_list()
    assert lacking["score_high"].to_list() == high.to_list()

    scored = whole.filter(reads & (pl.col("points") > 0)).select("household_id").unique()
    assert scored.height > 0
    untouched = before.join(scored, on="household_id", how="anti").select(
        "household_id", "score", "hard_reasons", "band", "mitigation"
    )
    after = lacking.join(scored, on="household_id", how="anti").select(untouched.columns)
    assert untouched.equals(after)


def test_the_feed_is_named_as_missing(pair: Pair) -> None:
    source, title = FEEDS[pair.feed]
    whole, lacking = pair.tables("mart.feed_quality")
    assert set(whole["delivery_state"]) == {"已报送"}
    assert len(lacking) == len(whole)
    assert lacking.filter(delivery_state=NOT_DELIVERED).select("feed", "files", "accepted").rows() == [
        (pair.feed, 0, 0)
    ]

    folder = pair.lacking / "published" / MONTH / versions(pair.lacking)[MONTH]
    warnings = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert [w for w in warnings if NOT_DELIVERED in w] == [f"{source}《{title}》本月未报送：依据它的指标按不详计。"]
    page = (folder / "site" / "quality.html").read_text(encoding="utf-8")
    assert f"{source}《{title}》本月未报送" in page
    assert f"<td>{NOT_DELIVERED}" in page or f">{NOT_DELIVERED}<" in page
    for workbook in sorted((folder / "workbooks").glob("*.xlsx")):
        notes = openpyxl.load_workbook(workbook)["编制说明"]
        rows = [[str(cell.value or "") for cell in row] for row in notes.iter_rows()]
        assert any(f"{source}《{title}》本月未报送" in cell for row in rows for cell in row), workbook.name
        assert [row[-1] for row in rows if row[0] == title] == [NOT_DELIVERED], workbook.name
    status = fangpin(pair.lacking, "status").stdout
    assert [line.split()[1] for line in status.splitlines() if line.endswith(NOT_DELIVERED)] == [title]
    assert NOT_DELIVERED not in fangpin(pair.whole, "status").stdout
