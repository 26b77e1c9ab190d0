"""Asking a department's database: a declared query as batches of texts, under the headers of its feed's contract.

Read only, by a cursor on the server, batch after batch. No message holds a password or what a row says: of an error of
the database its code is told. Does not belong here: how a source is declared (database.py), files (fetching.py).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlalchemy as sa

from assets.database import DatabaseSource, Mark, failure
from checks.feed import FeedColumn
from fangpin.month import end, shift, start

BATCH_ROWS = 20_000
_ZONE = "Asia/Shanghai"


class Seconds(NamedTuple):
    """How long a database may take: to let us in, and for each step of a query."""

    connect: int
    statement: int


@contextlib.contextmanager
def asked(source: DatabaseSource, month: str, place: str, mark: Mark | None, seconds: Seconds) -> Iterator[Query]:
    """The source's query for a month and place, above a mark, on a connection of its own."""
    values = {
        "month": month,
        "first_day": start(month),
        "last_day": end(month),
        "next_first_day": start(shift(month, 1)),
        "place": place,
        "watermark": mark,
    }
    with _connected(source, seconds) as con:
        yield Query(con, source, values)


class Query:
    """A source's query on an open connection: its columns as headers, and its rows as batches of texts.

    The declared query is a table of ours: from it the delivered columns, in the order of the contract, the rows above
    the watermark and before the month's end, sorted by the key and then by all else, so that the same rows are the
    same bytes. reached: the highest mark of the rows read so far.
    """

    def __init__(self, con: sa.Connection, source: DatabaseSource, values: Mapping[str, Any]) -> None:
        self._con, self._source, self._month = con, source, str(values["month"])
        text = sa.text(source.query + "\n")  # a comment at its end ends there
        self._values = {name: values[name] for name in text.compile().params}
        self.reached: Mark | None = values["watermark"]
        with _named(source, "查询出错"):
            table = text.columns().subquery("delivered")
            no_rows = sa.select(sa.literal_column("*")).select_from(table).where(sa.false())
            names = [str(each[0]) for each in con.execute(no_rows, self._values).cursor.description]
        self._columns = _delivered_columns(source, names)
        self.schema = pa.schema([pa.field(column.header, pa.string()) for column in self._columns.values()])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, never more than a batch of them at once."""
        watermark = self._source.watermark
        with _named(self._source, "查询出错"):
            result = self._con.execute(self._select(), self._values, execution_options={"yield_per": BATCH_ROWS})
            for rows in result.partitions():
                cells = list(zip(*rows, strict=True))
                if watermark is not None:
                    self._advance(cells.pop())
                texts = [
                    _texts(self._source, name, column.kind, values)
                    for (name, column), values in zip(self._columns.items(), cells, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(texts, schema=self.schema)

    def _select(self) -> sa.Select[Any]:
        watermark = self._source.watermark
        names = dict.fromkeys([*self._columns, *([] if watermark is None else [watermark.column])])
        table = sa.text(self._source.query + "\n").columns(*map(sa.column, names)).subquery("delivered")
        key = self._source.contract.key
        order = sorted(self._columns, key=lambda name: self._columns[name].name not in key)
        found = sa.select(*(table.c[name] for name in self._columns)).order_by(*(table.c[name] for name in order))
        if watermark is None:
            return found
        # Values of the column's own kind, as the driver writes them: no cast by us.
        column = table.c[watermark.column]
        self._values["watermark"] = self.reached
        recorded = column > sa.bindparam("watermark", type_=sa.types.NULLTYPE)
        if (bound := watermark.bound(self._month)) is not None:
            self._values["recorded_before"] = bound
            recorded &= column < sa.bindparam("recorded_before", type_=sa.types.NULLTYPE)
        return found.add_columns(column.label("watermark_reached")).where(sa.or_(recorded, column.is_(None)))

    def _advance(self, marks: Sequence[Any]) -> None:
        """Note the highest mark of a batch."""
        watermark = self._source.watermark
        assert watermark is not None
        if None in marks:
            raise failure(
                self._source,
                f"水位列 {watermark.column} 有空值（本批 {marks.count(None)} 行）：这样的行不知道取过没有，"
                "请在源库补上，或在 query 里用登记时间代替",
            )
        if not all(watermark.fits(mark) for mark in marks):
            kinds = "、".join(sorted({_kind(mark) for mark in marks}))
            raise failure(
                self._source,
                f"水位列 {watermark.column} 是{kinds}，watermark 的 start 却是{_kind(watermark.start)}："
                "请把 start 写成同一类",
            )
        self.reached = max(marks) if self.reached is None else max(self.reached, *marks)


def _kind(value: object) -> str:
    if isinstance(value, dt.datetime):
        return "时间" if value.tzinfo is None else "带时区的时间"
    return {int: "整数", str: "文字", dt.date: "日期"}.get(type(value), type(value).__name__)


def _delivered_columns(source: DatabaseSource, names: Sequence[str]) -> dict[str, FeedColumn]:
    """Column of the result -> column of the contract, in the contract's order; SourceError with all that is wrong."""
    contract = source.contract
    by_header = {column.header: column for column in contract.columns}
    known = {word: column for column in contract.columns for word in (*column.synonyms, column.name, column.header)}
    problems = [f"columns 里的 {name} 不在查询结果里" for name in source.columns if name not in names]
    unmarked = [name for name in names if source.watermark is None or name != source.watermark.column]
    taken: dict[str, str] = {}
    for name in names:
        column = by_header[source.columns[name]] if name in source.columns else known.get(name)
        if column is None:
            if name in unmarked:
                problems.append(f"{name} 不是《{contract.title}》的列：请在 columns 里写明它的列名，或不要查它")
        elif (other := taken.setdefault(column.header, name)) != name or names.count(name) > 1:
            problems.append(f"{other} 和 {name} 都是“{column.header}”：请只留一列")
    if source.watermark is not None and source.watermark.column not in names:
        problems.append(f"水位列 {source.watermark.column} 不在查询结果里")
    missing = [column.header for column in contract.columns if column.mandatory and column.header not in taken]
    if missing:
        problems.append(f"缺少必有的列：{'、'.join(missing)}")
    if problems:
        listed = "、".join(dict.fromkeys(problems))
        raise failure(source, f"查询结果与《{contract.title}》对不上：{listed}。查询结果有 {'、'.join(names)}")
    return {taken[column.header]: column for column in contract.columns if column.header in taken}


_AMOUNTS = frozenset({"money", "integer", "number"})


def _texts(source: DatabaseSource, name: str, kind: str, values: Sequence[Any]) -> pa.Array:
    """A column as departments write it: days as 2021-10-05, plain decimals, 是 and 否, nothing for NULL."""
    kinds = set(map(type, values)) - {type(None)}
    if unknown := kinds - _WRITTEN.keys():
        raise failure(source, f"列 {name} 是 {_names(unknown)}，写不成一格：请在 query 里转成文字")
    if float in kinds and kind not in _AMOUNTS:
        raise failure(source, f"列 {name} 是浮点数，号码的末几位可能已丢失：请在 query 里从原始的文字列取")
    if kinds <= {str}:
        return pa.array((value or None for value in values), pa.string())
    return pa.array((None if value is None else _WRITTEN[type(value)](value) or None for value in values), pa.string())


def _names(kinds: set[type]) -> str:
    return "、".join(sorted(kind.__name__ for kind in kinds))


def _time(value: dt.datetime) -> str:
    local = value if value.tzinfo is None else value.astimezone(ZoneInfo(_ZONE)).replace(tzinfo=None)
    return local.date().isoformat() if local.time() == dt.time() else local.isoformat(" ")


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "是" if value else "否",
    Decimal: lambda value: format(value, "f"),
    float: lambda value: format(Decimal(repr(value)), "f"),
    dt.date: dt.date.isoformat,
    dt.datetime: _time,
}

_OPENING: dict[str, tuple[str, ...]] = {
    "postgresql": (
        "set transaction read only",
        "set local statement_timeout = '{seconds}s'",
        f"set local time zone '{_ZONE}'",
    ),
    **dict.fromkeys(("mysql", "mariadb"), ("set time_zone = '+08:00'", "start transaction read only")),
    "sqlite": ("pragma query_only = on",),
}
"""What makes a connection read only and, where the database can, limits each step; {seconds} of the policy."""
_OTHERS = ("set transaction read only",)


def _limits(dialect: str, seconds: Seconds) -> dict[str, Any]:
    """The driver's own limits; those of drivers that we have not are set in the url."""
    connect = {"connect_timeout": seconds.connect}
    if dialect == "postgresql":
        return connect | {"keepalives_idle": seconds.connect, "keepalives_interval": seconds.connect}
    return connect | {"read_timeout": seconds.statement} if dialect in ("mysql", "mariadb") else {}


@contextlib.contextmanager
def _connected(source: DatabaseSource, seconds: Seconds) -> Iterator[sa.Connection]:
    """A connection that can only read; closed afterwards, and nothing of it kept open."""
    password = source.password()
    dialect = source.url.get_backend_name()
    try:
        engine = sa.create_engine(
            source.url if password is None else source.url.set(password=password),
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args=_limits(dialect, seconds),
        )
    except (sa.exc.NoSuchModuleError, ImportError):
        driver = _DRIVERS.get(dialect, f"{source.url.drivername} 的驱动")
        raise failure(
            source, f"没有安装 {source.url.drivername} 的驱动：请安装 {driver}，写法见 docs/operations.md"
        ) from None
    try:
        with _named(source, "连不上", password):
            con = engine.connect()
        with con:
            with _named(source, "不能设为只读"):
                for statement in _OPENING.get(dialect, _OTHERS):
                    con.exec_driver_sql(statement.format(seconds=seconds.statement))
            yield con
    finally:
        engine.dispose()


_DRIVERS = {
    "postgresql": "psycopg（postgresql+psycopg://）",
    "mysql": "PyMySQL（mysql+pymysql://）",
    "oracle": "oracledb（oracle+oracledb://）",
    "dm": "dmPython 和 dmSQLAlchemy（dm+dmPython://）",
    "kingbase": "人大金仓提供的 ksycopg2 和 SQLAlchemy 方言包",
}


@contextlib.contextmanager
def _named(source: DatabaseSource, doing: str, password: str | None = None) -> Iterator[None]:
    """An error of the database as SourceError. Its text is told only of connecting: later texts may quote a row."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, UnicodeError) as error:
        cause = getattr(error, "orig", None) or error
        code = _code(cause)
        told = f"{type(cause).__name__}{f' {code}' if code else ''}"
        if meaning := _MEANINGS.get(code):
            told = f"{meaning}（{told}）"
        elif doing == "连不上":
            said = " ".join(str(cause).split())
            told = f"{told}：{said.replace(password, '***') if password else said}"
        raise failure(source, f"{doing}：{told}") from None


def _code(cause: BaseException) -> str:
    """The database's own code of an error: MySQL's number, SQLSTATE, ORA-..."""
    first = cause.args[0] if cause.args else None
    if isinstance(first, int):
        return str(first)
    return str(getattr(cause, "sqlstate", None) or getattr(first, "full_code", None) or "")


_MEANINGS = {
    **dict.fromkeys(("28P01", "28000", "1045", "ORA-01017"), "用户名或密码不对，或不许从这台机器登录"),
    **dict.fromkeys(("3D000", "1049", "1044", "ORA-12514"), "没有这个库，或不许进这个库"),
    **dict.fromkeys(("42P01", "1146", "ORA-00942"), "query 里有一张不存在的表"),
    **dict.fromkeys(("42703", "1054", "ORA-00904"), "query 里有一个不存在的列"),
    **dict.fromkeys(("42702", "1060", "ORA-00918"), "query 的结果里有两列同名"),
    **dict.fromkeys(("42601", "1064"), "query 的语法不对"),
    **dict.fromkeys(("42501", "1142", "1143"), "这个用户没有读取的权限"),
    **dict.fromkeys(
        ("57014", "3024", "2013"), "超过了 policy/intake.yaml 的 database_statement_seconds 秒，或连接中断"
    ),
    **dict.fromkeys(("22P02", "22003", "22007", "22008", "ORA-01722"), "query 里有一个值转不成要的类型"),
    **dict.fromkeys(("25006", "1792"), "query 想改动数据，只许读取"),
    **dict.fromkeys(("2003",), "主机连不通"),
}
