"""What a department has in its database, for tests: two tables, and the sources that are declared on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assets import ledger
from tests import deliveries as d
from tests.postgres import Server

VARIABLE = "FANGPIN_TEST_PASSWORD"


def declare(home: Path, **files: str) -> Path:
    """Write `sources/<name>.yaml` for each name."""
    (home / "sources").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (home / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return home


def source(server: Server, feed: str, query: str, more: str = "") -> str:
    return f"feed: {feed}\nurl: {server.url}\npassword_env: {VARIABLE}\nfrom: 2021-10\nquery: |\n  {query}\n{more}"


HOUSING = "select household_no, grade, occupied, assessed, plan from housing"


def make_housing(server: Server, rows: list[tuple[Any, ...]]) -> None:
    columns = "household_no text, grade char(4), occupied boolean, assessed date, plan text"
    server.run(
        "drop table if exists housing cascade",
        f"create table housing ({columns})",
        "insert into housing values (%s, %s, %s, %s, %s)",
        rows=rows,
    )


MEDICAL = (
    "select jsh, id_number, xm, settled_on, visit_type, total_cost, pooled_paid, serious_illness_paid, relief_paid,"
    " self_paid, recorded_at from settlement"
)
MEDICAL_MORE = "columns: {jsh: 结算单号, xm: 姓名}\nwatermark: {column: recorded_at, start: 2021-01-01 00:00:00}\n"


def make_settlements(server: Server) -> None:
    server.run(
        "drop table if exists settlement",
        """create table settlement (jsh text, id_number text, xm text, settled_on date, visit_type text,
           total_cost numeric(12,2), pooled_paid numeric(12,2), serious_illness_paid double precision,
           relief_paid integer, self_paid numeric(12,2), recorded_at timestamp)""",
    )


def settle(server: Server, *rows: tuple[str, int, str, str]) -> None:
    """(number, person, settled on, recorded at)."""
    server.run(
        "insert into settlement values (%s, %s, '测试甲', %s, '住院', 1000.50, 600.00, 0, 0, 400.50, %s)",
        rows=[(number, d.id_number(person), day, recorded) for number, person, day, recorded in rows],
    )


def marks(home: Path, feed: str = "medical") -> list[tuple[str, int, str | None]]:
    with ledger.open_ledger(home) as con:
        known = ledger.last_fetched(con, feed, "41")
    return [(each.month, each.rows, each.watermark) for each in known.values()]


def left(home: Path) -> list[str]:
    """All files of the inbox, unfinished ones too."""
    return sorted(path.name for path in (home / "inbox").rglob("*") if path.is_file())
