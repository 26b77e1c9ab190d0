"""Numbers of persons in free text, where nobody agreed on them: masked before the row goes on, with a warning.

The delivered row is kept with the doubted ones. A number that a system gives (`document` of a column) looks like
anything: it is masked only where it is a right identity number, and never in a key, where two would become one.
Does not belong here: how a number is recognised in a text and masked (fangpin/masking.py).
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from fangpin import identity, masking
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
    for column in contract.columns:
        if _is_free(column, contract):
            texts = typed[column.name]
            suspected = _suspected(texts)
            before = texts.gather(suspected)
            mask = _document if column.document else masking.without_numbers
            after = pl.Series([mask(text) for text in before], dtype=pl.String)
            rows = suspected.filter(before != after)
            if len(rows):
                held = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True).scatter(rows, True)
                found.append(Found(column.name, held, texts.clone().scatter(suspected, after)))
    return found


def _is_free(column: Column, contract: Contract) -> bool:
    """Whether a cell may hold what nobody agreed on; names of places are known ones."""
    key = column.document and column.name in contract.key
    return column.kind == "text" and column.name not in NAMED and not key


def _document(text: str) -> str:
    """The number of a document, masked if it is somebody's identity number."""
    try:
        return masking.number(identity.read(text))
    except identity.WrongNumber:
        return text


def _suspected(texts: pl.Series) -> pl.Series:
    """The rows whose text may hold a number."""
    if texts.head(4 * FEW).n_unique() <= FEW:
        distinct = texts.unique().drop_nulls()
        distinct = distinct.filter(distinct.str.contains(masking.MAY_HOLD_NUMBER))
        return texts.is_in(distinct.implode()).arg_true() if len(distinct) else pl.Series([], dtype=pl.UInt32)
    return texts.str.contains(masking.MAY_HOLD_NUMBER).arg_true()
