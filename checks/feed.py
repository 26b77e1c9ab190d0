"""What a department's feed is: the base class and the column kinds of every contract in checks/raw/.

A contract is one pandera class: its docstring is the grain, its fields are the delivered columns after cleaning,
and `@feed` says who sends it. Nothing else in the project knows a feed's headers, units, codes or keys.
Does not belong here: how a file is read (fangpin/intake) or where accepted rows go (assets/raw.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from checks.table import SQL_TYPES
from fangpin.intake import EDITION

SNAPSHOT = "snapshot"
INCREMENT = "increment"
DELIVERY_KINDS = {SNAPSHOT: "全量快照", INCREMENT: "当月增量"}
"""How a feed is delivered: everything in force each month, or what is new in it; with the Chinese word."""

KINDS: dict[str, Any] = {
    "text": pl.String,  # free text, NFKC, trimmed
    "code": pl.String,  # one of the contract's code list
    "month": pl.String,  # any written month -> 'YYYY-MM'
    "date": pl.Date,
    "money": pl.Int64,  # yuan as delivered -> integer fen
    "integer": pl.Int32,
    "number": pl.Float64,
    "yesno": pl.Boolean,
    "id_number": pl.String,  # 18-character GB 11643 number; 20/22-character disability numbers are cut to it
    "household_no": pl.String,  # 户编号 as the register writes it
    "village_code": pl.String,  # 12-digit statistical code
    "name": pl.String,
    "phone": pl.String,
}
"""Column kinds: what a delivered cell of that kind becomes after cleaning (fangpin/intake/cells.py)."""

KIND_TITLES = {
    "text": "文本",
    "code": "选项",
    "month": "年月",
    "date": "日期",
    "money": "金额",
    "integer": "整数",
    "number": "数值",
    "yesno": "是或否",
    "id_number": "证件号码",
    "household_no": "户编号",
    "village_code": "行政村代码",
    "name": "姓名",
    "phone": "电话",
}
"""The Chinese word for each column kind."""

SOURCE_COLUMNS = (
    ("delivery_month", "VARCHAR", "报送月份"),
    ("source_file", "VARCHAR", "来源文件（sha256前16位）"),
    ("source_row", "INTEGER", "来源行号（文件或工作表中的第几行）"),
)
"""Where an accepted row came from; the ledger knows the file by its sha256."""

PERSONAL_KINDS = frozenset({"id_number", "name", "phone"})
"""Kinds that never leave the vault, the quarantine and the field packs."""


_CREATED_BY = {"person": "id_number", "household": "household_no"}
_ONLY_SAID = frozenset({"unit", "example"})
"""What a column says to those who fill it in, without a bearing on how it is read."""


@dataclass(frozen=True)
class FeedColumn:
    """One delivered column: English name, the header departments write, and how a cell is read."""

    name: str
    header: str
    synonyms: tuple[str, ...]
    kind: str
    required: bool  # a cell must not be empty
    mandatory: bool  # the column must be in the file
    codes: tuple[str, ...]
    description: str
    unit: str = ""  # Chinese; of amounts and counts, as they are delivered under the header
    example: str = ""  # a made-up text that the contract accepts; for kinds whose examples cannot be made up by rule
    document: bool = False  # a text that is a number given by a system, not written by a person
    planned: bool = False  # a month or a day that may lie ahead: a plan, the end of a term

    @property
    def personal(self) -> bool:
        return self.kind in PERSONAL_KINDS


@dataclass(frozen=True)
class FeedContract:
    """A feed: who sends it, as what, and the pandera class its cleaned rows must satisfy.

    key: columns that make a row unique within a month (snapshot) or for ever (increment).
    period: the column that dates an increment row (a 'month' or 'date' column); a row dated after the folder's
        month is a wrong-month row. None for snapshots.
    place_level: files of one month are one per place of this level ('province' or 'city').
    window_months: how many months of deliveries are in force for an increment.
    mandatory: a month without it stops. expected: its department is asked for it, so that its absence is told; an
        export that may come but is not asked for is not expected.
    """

    name: str
    title: str
    source: str
    delivery: str
    model: type[pa.DataFrameModel]
    columns: tuple[FeedColumn, ...]
    key: tuple[str, ...]
    period: str | None
    place_level: str
    window_months: int
    mandatory: bool
    creates: str | None  # 'person' or 'household' when the feed may add new keys to the vault
    expected: bool = True

    @property
    def grain(self) -> str:
        return (self.model.__doc__ or "").strip().splitlines()[0]

    @property
    def fingerprint(self) -> str:
        """sha256 of all that decides what becomes of a delivered row: columns, checks, key, and how cells are read.

        Lake files are addressed by it: a changed contract reads the delivered files again.
        """
        schema = self.model.to_schema().columns
        said = {
            "edition": EDITION,
            "delivery": self.delivery,
            "key": self.key,
            "period": self.period,
            "window_months": self.window_months,
            "creates": self.creates,
            "columns": [
                {name: value for name, value in asdict(c).items() if name not in _ONLY_SAID}
                | {"checks": [[str(check.name), check.statistics] for check in schema[c.name].checks]}
                for c in self.columns
            ],
        }
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()

    def column(self, name: str) -> FeedColumn:
        return next(c for c in self.columns if c.name == name)

    @property
    def lake_columns(self) -> tuple[tuple[str, str, str], ...]:
        """(name, SQL type, Chinese description) of an accepted row: keys replaced, personal columns gone.

        An `id_number` becomes person_id, a household number household_id (both NULL when nobody is known by it);
        names and phones stay in the vault. Feeds that may add persons also carry birth_month and sex, both read
        from the number. Every row ends with the delivery it came from: month, file, row.
        """
        columns: list[tuple[str, str, str]] = []
        for c in self.columns:
            if c.kind == "id_number":
                columns.append(("person_id", "INTEGER", "人员内部编号（空为未匹配）"))
                if self.creates == "person":
                    columns.append(("birth_month", "VARCHAR", "出生年月"))
                    columns.append(("sex", "VARCHAR", "性别"))
            elif c.kind == "household_no":
                columns.append((c.name.replace("_no", "_id"), "INTEGER", f"{c.description}（内部编号，空为未匹配）"))
            elif not c.personal:
                columns.append((c.name, SQL_TYPES[KINDS[c.kind]], c.description))
        return (*columns, *SOURCE_COLUMNS)


def column(
    header: str,
    kind: str = "text",
    *,
    required: bool = True,
    mandatory: bool | None = None,
    synonyms: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
    note: str = "",
    unit: str = "",
    example: str = "",
    document: bool = False,
    planned: bool = False,
    **checks: Any,
) -> Any:
    """Declare a delivered column; `checks` are pandera's (ge, le, str_matches ...) on the cleaned value.

    Money limits are in fen. A required column is mandatory in the file unless said otherwise.
    codes: of a yesno column its own words for yes and no. unit: of a number that is no money; money is in yuan unless
    the header says 万元.
    example: of a text, made up. document: of a text that is a number a system gave.
    planned: of a month or a day that may lie ahead.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown column kind {kind!r} for header {header!r}; known: {sorted(KINDS)}")
    if codes and kind == "code":
        checks["isin"] = list(codes)
    return pa.Field(
        description=note or header,
        nullable=not required,
        metadata={
            "header": header,
            "kind": kind,
            "synonyms": synonyms,
            "codes": codes,
            "mandatory": required if mandatory is None else mandatory,
            "unit": unit or _unit_of_money(header, kind),
            "example": example,
            "document": document,
            "planned": planned,
        },
        **checks,
    )


def _unit_of_money(header: str, kind: str) -> str:
    if kind != "money":
        return ""
    return "万元" if header.endswith("（万元）") else "元"


def feed(
    *,
    title: str,
    source: str,
    delivery: str,
    key: tuple[str, ...],
    period: str | None = None,
    place_level: str = "province",
    window_months: int = 1,
    mandatory: bool = True,
    expected: bool = True,
    creates: str | None = None,
) -> Callable[[type[pa.DataFrameModel]], FeedContract]:
    """Turn a pandera class into a FeedContract named after its module (checks/raw/<name>.py)."""
    if (delivery == INCREMENT) != (period is not None):
        raise ValueError(f"{title}: an increment names the column that dates its rows, a snapshot has none")
    if mandatory and not expected:
        raise ValueError(f"{title}: a feed that must come is asked for")

    def build(model: type[pa.DataFrameModel]) -> FeedContract:
        columns = []
        for name, schema in model.to_schema().columns.items():
            meta = schema.metadata or {}
            columns.append(
                FeedColumn(
                    name=name,
                    header=meta["header"],
                    synonyms=meta["synonyms"],
                    kind=meta["kind"],
                    required=not schema.nullable,
                    mandatory=meta["mandatory"],
                    codes=meta["codes"],
                    description=schema.description or meta["header"],
                    unit=meta["unit"],
                    example=meta["example"],
                    document=meta["document"],
                    planned=meta["planned"],
                )
            )
            if schema.dtype.type != KINDS[meta["kind"]]:
                raise TypeError(f"{title}.{name}: kind {meta['kind']} is {KINDS[meta['kind']]}, not {schema.dtype}")
        kinds = {c.name: c.kind for c in columns}
        if creates is not None and [kinds[name] for name in key] != [_CREATED_BY[creates]]:
            raise ValueError(f"{title}: a feed that creates a {creates} has its {_CREATED_BY[creates]} as only key")
        return FeedContract(
            name=model.__module__.rsplit(".", 1)[-1],
            title=title,
            source=source,
            delivery=delivery,
            model=model,
            columns=tuple(columns),
            key=key,
            period=period,
            place_level=place_level,
            window_months=window_months,
            mandatory=mandatory,
            creates=creates,
            expected=expected,
        )

    return build
