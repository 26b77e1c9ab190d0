"""What intake needs to know of a feed: the shape of the contracts in checks/raw/, which this package cannot import.

Does not belong here: any feed's headers, codes or limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandera.polars as pa


class Column(Protocol):
    """One delivered column (checks.feed.FeedColumn)."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def mandatory(self) -> bool: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def personal(self) -> bool: ...


class Contract(Protocol):
    """One feed (checks.feed.FeedContract)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def model(self) -> type[pa.DataFrameModel]: ...
    @property
    def columns(self) -> Sequence[Column]: ...
    @property
    def period(self) -> str | None: ...
    @property
    def creates(self) -> str | None: ...
    @property
    def mandatory(self) -> bool: ...
