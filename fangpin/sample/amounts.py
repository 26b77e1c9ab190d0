"""Amounts as departments' systems write them: yuan with two decimals.

Does not belong here: amounts that offices write by hand in whole yuan (the feeds that hold them), dirt (dirt.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fangpin.sample.timeline import Floats, Ints


def written_fen(fen: Ints) -> pl.Series:
    """12345 -> '123.45'."""
    return _written(pl.Series(fen, dtype=pl.Int64))


def written_yuan(yuan: Floats) -> pl.Series:
    """123.4 -> '123.40'; nan is an empty cell."""
    return _written(pl.Series(np.rint(yuan * 100)).fill_nan(None).cast(pl.Int64))


def _written(fen: pl.Series) -> pl.Series:
    cents = (fen % 100).cast(pl.String).str.zfill(2)
    return pl.select((fen // 100).cast(pl.String) + "." + cents).to_series()
