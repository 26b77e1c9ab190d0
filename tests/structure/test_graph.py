"""The shape of the house on record: a change of the asset graph or the dictionary shows in the diff of a text file."""

from __future__ import annotations

from pipelines.definitions import defs
from pipelines.dictionary import PATH, dictionary
from tests.structure.graph import SNAPSHOT, graph


def test_the_graph_is_the_one_on_record() -> None:
    """When the change is meant: python -m tests.structure.graph, and read the diff."""
    assert graph() == SNAPSHOT.read_text(encoding="utf-8")


def test_the_data_dictionary_is_current() -> None:
    """When it is not: make docs."""
    assert dictionary() == PATH.read_text(encoding="utf-8")


def test_the_schedule_runs_last_month_on_day_5_in_beijing() -> None:
    (schedule,) = list(defs.schedules or [])
    assert schedule.cron_schedule == "0 6 5 * *"
    assert schedule.execution_timezone == "Asia/Shanghai"


def test_every_asset_says_in_chinese_what_it_is_and_who_owns_it() -> None:
    assets = defs.resolve_asset_graph()
    for key in assets.get_all_asset_keys():
        node = assets.get(key)
        assert node.owners, key
        assert node.group_name in {"raw", "ref", "core", "mart", "publish", "research", "whatif"}, key
        assert any("\u4e00" <= c <= "\u9fff" for c in node.description or ""), key
