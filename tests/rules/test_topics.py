"""Words of the research topics: every figure of a table has them, none is left over, and units and shown agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fangpin.reports.topic_figures import TOPICS
from fangpin.topics.topic import COUNT, MEAN, SHARE, UNITS, Topic

CASES = Path(__file__).parents[1] / "sql" / "mart"


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_figure_of_the_table_has_words(topic: Topic) -> None:
    """The hand-made rows of tests/sql bring every indicator out of the table at least once."""
    cases = yaml.safe_load((CASES / f"topic_{topic.name}.yaml").read_text(encoding="utf-8"))
    rows = [row for case in cases for row in case["expect"]]
    assert {row["indicator"] for row in rows} == {indicator.name for indicator in topic.indicators}
    by_name = {indicator.name: indicator for indicator in topic.indicators}
    for row in rows:
        indicator = by_name[row["indicator"]]
        assert (row.get("base") is None) == (indicator.shown == COUNT), row
        if indicator.shown == SHARE:
            assert 0 <= row["value"] <= row["base"], row
        assert bool(row.get("segment")) == bool(indicator.segmented), row


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_words_are_complete(topic: Topic) -> None:
    names = [indicator.name for indicator in topic.indicators]
    assert len(set(names)) == len(names)
    assert topic.questions
    for indicator in topic.indicators:
        assert indicator.unit in UNITS
        assert indicator.source
        assert indicator.shown in (COUNT, SHARE, MEAN)
        assert (indicator.shown == COUNT) == (not indicator.base_title), indicator.name
