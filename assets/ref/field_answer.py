"""ref.field_answer: what research teams found, item by item. Texts and amounts that they wrote stay in the ledger.

Does not belong here: importing (pipelines/research_back.py), what follows from an answer.
"""

from __future__ import annotations

import polars as pl

from assets import field_ledger
from assets.build import Build, table_asset
from checks.ref.field_answer import FieldAnswer
from fangpin.research.items import BY_CODE

SCHEMA = {name: column.dtype.type for name, column in FieldAnswer.model.to_schema().columns.items()}


def content(build: Build) -> str:
    """A hash of the answers up to the month's end."""
    return field_ledger.version(build.home, build.month)


@table_asset(FieldAnswer, inputs=(), content=content)
def field_answer(build: Build) -> pl.DataFrame:
    """实地核查结果：各次调研导入的核查表和电子表单，截至本月末，每户（村）每项一行；同一次调研里以最后导入的为准。"""
    rows = [
        (
            plan, trip, unit, item, subject, place, household, day, checked or None,
            actual if actual and BY_CODE[item].choices else None,
        )
        for plan, trip, unit, subject, place, household, day, item, checked, actual in field_ledger.answers(
            build.home, build.month
        )
        if item in BY_CODE
    ]  # fmt: skip
    told = pl.DataFrame(rows, SCHEMA | {"day": pl.String}, orient="row")
    return told.with_columns(pl.col("day").str.to_date()).sort("trip", "unit", "item")
