"""The catalogue of field items: one code each, system values that exist, a version that changes with any item."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from checks.catalogue import contracts
from fangpin.reports.research.guide_words import ALERT_TOPICS, HOUSEHOLD_LEADS, OPINIONS, VILLAGE_LEADS
from fangpin.reports.tables import ALERT_TITLES
from fangpin.research import items
from fangpin.research.item import (
    ASK,
    CHECKS,
    CHOICE,
    COMPARE,
    HOUSEHOLD,
    KINDS,
    LEAD,
    PAPER,
    SUBJECTS,
    TOPICS,
    VILLAGE,
    YESNO,
    YUAN,
    Item,
)

SQL = Path(__file__).resolve().parents[2] / "sql" / "mart"


def test_every_code_is_its_own_and_a_name_in_any_form() -> None:
    codes = [item.code for item in items.CATALOGUE]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", code) or "__" in code] == []


@pytest.mark.parametrize("item", [i for i in items.CATALOGUE if i.system], ids=lambda item: item.code)
def test_every_system_value_is_a_column_of_a_published_table(item: Item) -> None:
    assert item.column in {column.name for column in contracts()[item.table].columns}


@pytest.mark.parametrize("item", items.CATALOGUE, ids=lambda item: item.code)
def test_an_item_is_well_formed(item: Item) -> None:
    assert item.kind in KINDS
    assert item.subject in SUBJECTS
    assert item.topic in TOPICS or item.subject in ("opinion", "finding")
    assert bool(item.choices) == (item.kind in (CHOICE, YESNO))
    assert bool(item.system) == (item.answer != ASK)
    assert (item.kind == YUAN) == item.column.endswith("_fen")
    assert item.checks == CHECKS[item.answer]


def test_every_topic_of_the_plan_is_asked_about_in_a_household() -> None:
    """专题调研工作方案 四（一）至（八）."""
    assert {item.topic for item in items.of(HOUSEHOLD) if item.answer in (COMPARE, ASK)} == set(TOPICS)


def test_every_kind_of_lead_can_be_confirmed_and_is_asked_about() -> None:
    in_sql = {path.stem.removeprefix("anomaly_") for path in SQL.glob("anomaly_*.sql")}
    of_household = {i.code.removeprefix("lead_") for i in items.of(HOUSEHOLD) if i.answer == LEAD}
    of_village = {i.code.removeprefix("lead_") for i in items.of(VILLAGE) if i.answer == LEAD}
    assert of_household == in_sql == set(HOUSEHOLD_LEADS)
    assert of_village == set(VILLAGE_LEADS)
    titles = {kind: title for kind, (_, title, _) in (HOUSEHOLD_LEADS | VILLAGE_LEADS).items()}
    assert {i.code.removeprefix("lead_"): i.question for i in items.CATALOGUE if i.answer == LEAD} == titles


def test_every_alert_has_a_topic_and_every_topic_an_opinion() -> None:
    assert ALERT_TOPICS.keys() == ALERT_TITLES.keys()
    assert OPINIONS.keys() == TOPICS.keys()


def test_papers_of_the_three_kinds_are_looked_up() -> None:
    """专题调研工作方案 五（二）: 公益性岗位、识别纳入、风险消除 等相关纸质资料."""
    papers = {item.topic for item in items.CATALOGUE if item.answer == PAPER}
    assert {"public_post", "procedure", "elimination"} <= papers


def test_the_version_changes_with_any_item(monkeypatch: pytest.MonkeyPatch) -> None:
    before = items.form_version()
    assert before == items.form_version()
    changed = (replace(items.CATALOGUE[0], question="换了问法"), *items.CATALOGUE[1:])
    monkeypatch.setattr(items, "CATALOGUE", changed)
    assert items.form_version() != before
