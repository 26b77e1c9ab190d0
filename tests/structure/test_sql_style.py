"""What a model may read and write: layers, parameters, literals."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from pipelines.models import Model, load_models

MODELS = load_models(Path(__file__).resolve().parents[2] / "sql")
MAY_READ = {
    "core": {"raw", "ref", "core", "prev.core", "prev.ref"},
    "mart": {"core", "ref", "mart", "prev.core", "prev.mart", "prev.ref"},
}
ids = [m.name for m in MODELS]


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_reads_only_its_layers(model: Model) -> None:
    layers = {name.rpartition(".")[0] for name in model.inputs}
    assert layers <= MAY_READ[model.name.split(".")[0]]


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_has_no_policy_number(model: Model) -> None:
    """Numbers other than 0, 1, 12, 100 are policy or units and belong in ref tables."""
    numbers = {literal.this for literal in model.tree.find_all(exp.Literal) if not literal.is_string}
    precision = {p.this.this for p in model.tree.find_all(exp.DataTypeParam) if isinstance(p.this, exp.Literal)}
    assert numbers - precision <= {"0", "1", "12", "100"}


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_says_its_grain_and_knows_only_the_month(model: Model) -> None:
    assert model.description.startswith("One row")
    assert {p.name for p in model.tree.find_all(exp.Parameter)} <= {"month"}


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_divides_by_nullif(model: Model) -> None:
    """0/0 is NaN and sorts first: a divisor is a nullif or a literal."""
    for division in model.tree.find_all(exp.Div):
        divisor = division.expression.unnest()
        assert isinstance(divisor, exp.Nullif | exp.Literal), division.sql(dialect="duckdb")
