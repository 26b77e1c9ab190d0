"""Numbers of persons in free text, where nobody agreed on them: masked before the row goes on, with a warning.

The delivered row is kept with the doubted ones. A number that a system gives (`document` of a column) looks like
anything: it is masked only where it is the identity number of its row, and never in a key, where two would become one.
Does not belong here: how a number is recognised in a text and masked (fangpin/masking.py).
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from fangpin import masking
from fangpin.intake.contract import Column, Contract
from fangpin.places import NAMED

RULES = {
    "personal_in_text": "含有证件号码或手机号码，入库时已遮盖号码；请删去号码，只填在证件号码、电话栏",
}
"""What is said of free text, and what the department should do."""

FEW = 500
"""A column whose first rows hold no more different texts than this is looked at text by text, not row by row."""


class Found(NamedTuple):
    """A column with numbers in it: which rows, and the column without them."""

    column: str
    rows: pl.Series
    values: pl.Series


def personal(typed: pl.DataFrame, contract: Contract) -> list[Found]:
    """The columns of free text that hold numbers of persons."""
    found = []
    own = next((column.name for column in contract.columns if column.kind == "id_number"), None)
    for column in contract.columns:
        if _is_free(column, contract, own):
            texts = typed[column.name]
            suspected = _same(texts, typed[own]) if column.document and own else _suspected(texts)
            before = texts.gather(suspected)
            after = pl.Series([masking.without_numbers(text) for text in before], dtype=pl.String)
            rows = suspected.filter(before != after)
            if len(rows):
                held = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True).scatter(rows, True)
                found.append(Found(column.name, held, texts.clone().scatter(suspected, after)))
    return found


def _is_free(column: Column, contract: Contract, own: str | None) -> bool:
    """Whether a cell may hold a number that nobody agreed on; names of places are known ones."""
    told = column.document and (own is None or column.name in contract.key)
    return column.kind == "text" and column.name not in NAMED and not told


def _same(texts: pl.Series, numbers: pl.Series) -> pl.Series:
    """The rows whose text is the identity number of the row."""
    return (texts.str.to_uppercase() == numbers).arg_true()


def _suspected(texts: pl.Series) -> pl.Series:
    """The rows whose text may hold a number."""
    if texts.head(4 * FEW).n_unique() <= FEW:
        distinct = texts.unique().drop_nulls()
        distinct = distinct.filter(distinct.str.contains(masking.MAY_HOLD_NUMBER))
        return texts.is_in(distinct.implode()).arg_true() if len(distinct) else pl.Series([], dtype=pl.UInt32)
    return texts.str.contains(masking.MAY_HOLD_NUMBER).arg_true()
