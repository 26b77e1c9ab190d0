"""A feed that is a query instead of a file: what the YAML files of `<home>/sources/` declare.

They are kept in the home folder because where a database stands is a matter of the machine, not of the project; a
password is never in them. Does not belong here: running a query (assets/fetching.py), what a feed is (checks/raw/).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from checks.feed import INCREMENT, FeedContract
from checks.raw import FEEDS
from fangpin.errors import FangpinError
from fangpin.month import shift, start
from fangpin.places import OWN_PROVINCE

PARAMETERS = ("month", "first_day", "last_day", "next_first_day", "place", "watermark")
"""What a query may ask for, written :month, :first_day ..."""

_BOUNDS = frozenset({"month", "last_day", "next_first_day"})
_KEYS = {
    **dict.fromkeys(("feed", "url", "query", "from", "password_env", "password_file"), str),
    **{"columns": dict, "watermark": dict, "places": list},
}
_NEEDED = ("feed", "url", "from", "query")
_SECRET = re.compile(r"passw|pwd|secret|token", re.IGNORECASE)

Mark = int | dt.date
"""A value of a watermark column: a number, a day or a time. No text: databases sort those in ways of their own."""


class SourceError(FangpinError):
    """A database source is declared wrongly, or its rows cannot be had."""


@dataclass(frozen=True)
class Watermark:
    """The column that grows with every row recorded, and where the first fetch starts: rows above it."""

    column: str
    start: Mark

    def bound(self, month: str) -> Mark | None:
        """Rows recorded from here on belong to a later month; None for columns that are no time."""
        first = start(shift(month, 1))
        if isinstance(self.start, dt.datetime):
            return dt.datetime.combine(first, dt.time(), self.start.tzinfo)
        return first if isinstance(self.start, dt.date) else None

    def fits(self, value: object) -> bool:
        """Whether a value of the column can be compared with the start."""
        if isinstance(value, dt.datetime) and isinstance(self.start, dt.datetime):
            return (value.tzinfo is None) == (self.start.tzinfo is None)
        return type(value) is type(self.start)

    def read(self, text: str) -> Mark:
        """A mark back from the ledger's text; ValueError when it is of another kind."""
        if isinstance(self.start, dt.datetime):
            return dt.datetime.fromisoformat(text)
        if isinstance(self.start, dt.date):
            return dt.date.fromisoformat(text)
        return int(text)


def written(mark: Mark) -> str:
    """A mark as the ledger keeps it."""
    return mark.isoformat() if isinstance(mark, dt.date) else str(mark)


@dataclass(frozen=True)
class DatabaseSource:
    """One declared feed. file: the YAML; url: without password; columns: of the result -> header of the contract.

    since: the first month that is fetched; places: one file is fetched for each.
    """

    file: Path
    contract: FeedContract
    url: sa.URL
    password_env: str | None
    password_file: str | None
    query: str
    columns: Mapping[str, str]
    watermark: Watermark | None
    places: tuple[str, ...]
    since: str

    @property
    def where(self) -> str:
        """Database, host and user, as people are told of them."""
        port = f":{self.url.port}" if self.url.port else ""
        return f"数据库 {self.url.database or ''}（{self.url.host or '本机'}{port}，用户 {self.url.username or '无'}）"

    def password(self) -> str | None:
        """From the variable or the file that the YAML names; SourceError when it is not there."""
        if self.password_env is not None:
            if not (found := os.environ.get(self.password_env)):
                raise SourceError(
                    f"{self.file.name}：环境变量 {self.password_env} 没有设置，{self.where}的密码应放在里面。"
                )
            return found
        if self.password_file is None:
            return None
        path = self.file.parent / self.password_file
        try:
            if path.stat().st_mode & 0o077:
                raise SourceError(f"{self.file.name}：密码文件 {path} 能被其他用户读取：请执行 chmod 600 后重试。")
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SourceError(f"{self.file.name}：密码文件 {path} 读不出（{error.strerror}）：请核对路径。") from None


def declared(home: Path) -> list[DatabaseSource]:
    """Every source of `<home>/sources/*.yaml`, by file; SourceError with all problems of all files."""
    found: list[DatabaseSource] = []
    problems: list[str] = []
    taken: dict[tuple[str, str], str] = {}
    for file in sorted((home / "sources").glob("*.yaml")):
        said = _read(file)
        wrong = [said] if isinstance(said, str) else list(_problems(said))
        if not wrong and not isinstance(said, str):
            source = _source(file, said)
            found.append(source)
            for place in source.places:
                other = taken.setdefault((source.contract.name, place), file.name)
                if other != file.name:
                    wrong.append(f"{source.contract.name}（地区 {place}）在 {other} 里已经声明，只能留一处")
        problems += [f"{file.name}：{problem}" for problem in wrong]
    if problems:
        raise SourceError(
            f"数据库来源的声明有 {len(problems)} 个问题（{home / 'sources'}）：\n"
            + "\n".join(f"  {problem}" for problem in problems)
        )
    return found


def _read(file: Path) -> dict[str, Any] | str:
    """The YAML's mapping, or what is wrong with the file as a whole."""
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return f"第{line}行不是有效的 YAML：请核对缩进和引号"
    except (UnicodeDecodeError, yaml.YAMLError):
        return "不是 UTF-8 编码的 YAML 文件：请另存为 UTF-8"
    except OSError as error:
        return f"读不出（{error.strerror}）"
    return said if isinstance(said, dict) else "应写成“键: 值”的形式"


def _problems(said: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a declaration. No message repeats the url: somebody may have put a password into it."""
    shape = list(_shape(said))
    yield from shape
    if shape:
        return
    yield from _wrong_url(said)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", said["from"]):
        yield f'from 应写成带引号的月份，如 "2021-10"；收到 {said["from"]}'
    contract: FeedContract | None = FEEDS.get(said["feed"])
    if contract is None:
        yield f"没有名为 {said['feed']} 的数据；全部名称见 fangpin feeds"
        return
    headers = {column.header for column in contract.columns}
    for name, header in said.get("columns", {}).items():
        if header not in headers:
            yield f"columns 里 {name} 对应的列名“{header}”不是《{contract.title}》的列；列名见 fangpin feeds --json"
    asked = set(sa.text(said["query"]).compile().params)
    yield from (
        f"query 里的 :{name} 没有这个参数，可用的有 {'、'.join(':' + p for p in PARAMETERS)}；不是参数的冒号写作 \\:"
        for name in sorted(asked - set(PARAMETERS))
    )
    yield from _wrong_places(said, contract, asked)
    yield from _wrong_watermark(said, contract, asked)


def _shape(said: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"缺少 {key}" for key in _NEEDED if key not in said)
    for key, value in said.items():
        if key not in _KEYS:
            yield f"不认识的键 {key}；可用的有 {'、'.join(_KEYS)}"
        elif not isinstance(value, _KEYS[key]):
            yield f"{key} 应是{ {str: '文字（月份等请加引号）', dict: '“键: 值”', list: '列表'}[_KEYS[key]] }"
        elif value in ("", [], {}):
            yield f"{key} 是空的：请填写，或删去这一行"
    if "password_env" in said and "password_file" in said:
        yield "password_env 和 password_file 只能写一个"


def _wrong_url(said: Mapping[str, Any]) -> Iterator[str]:
    try:
        url = sa.make_url(said["url"])
    except (sa.exc.ArgumentError, ValueError):
        yield "url 不是 SQLAlchemy 的连接地址，如 postgresql+psycopg://用户@主机:5432/库名"
        return
    if url.password is not None or any(_SECRET.search(name) for name in url.query):
        yield "url 里不能写密码：请删去，改用 password_env 或 password_file"


def _wrong_places(said: Mapping[str, Any], contract: FeedContract, asked: set[str]) -> Iterator[str]:
    places = [str(place) for place in said.get("places", [])]
    if contract.place_level == "province":
        if places or "place" in asked:
            yield f"《{contract.title}》全省一份，不用 places 和 :place"
        return
    if not places:
        yield f"《{contract.title}》每市一份：请在 places 里列出各市的四位代码"
    yield from (f"places 里的 {place} 不是市的四位代码" for place in places if not re.fullmatch(r"\d{4}", place))
    if len(places) > 1 and "place" not in asked:
        yield "places 有几个市，query 里却没有用 :place 区分"


def _wrong_watermark(said: Mapping[str, Any], contract: FeedContract, asked: set[str]) -> Iterator[str]:
    mark = said.get("watermark")
    if mark is None:
        if "watermark" in asked:
            yield "query 用了 :watermark，却没有声明 watermark"
        return
    if contract.delivery != INCREMENT:
        yield f"《{contract.title}》是全量快照，每月取全部，不用 watermark"
        return
    if set(mark) != {"column", "start"} or not isinstance(mark["column"], str):
        yield "watermark 应有 column（列名）和 start（从哪里起，不含）两项"
        return
    if isinstance(mark["start"], bool) or not isinstance(mark["start"], Mark):
        yield "watermark 的 start 应是整数、日期（2021-01-01）或时间（2021-01-01 00:00:00），不加引号"
    elif not isinstance(mark["start"], dt.date) and not asked & _BOUNDS:
        yield (
            "水位列不是时间，query 里要用 :next_first_day 限定到月底登记的行"
            "（如 where 登记时间 < :next_first_day），否则以后月份的行会提前取走"
        )


def _source(file: Path, said: Mapping[str, Any]) -> DatabaseSource:
    mark = said.get("watermark")
    return DatabaseSource(
        file=file,
        contract=FEEDS[said["feed"]],
        url=sa.make_url(said["url"]),
        password_env=said.get("password_env"),
        password_file=said.get("password_file"),
        query=said["query"].strip().removesuffix(";"),
        columns=said.get("columns", {}),
        watermark=None if mark is None else Watermark(mark["column"], mark["start"]),
        places=tuple(str(place) for place in said.get("places", [OWN_PROVINCE])),
        since=said["from"],
    )


def failure(source: DatabaseSource, message: str) -> SourceError:
    """What to raise when a source cannot be had: whose it is, where it stands, what is wrong."""
    contract = source.contract
    return SourceError(f"{contract.source}《{contract.title}》，{source.where}：{message}（{source.file.name}）。")
