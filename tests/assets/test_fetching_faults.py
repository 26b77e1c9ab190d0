"""What goes wrong with a department's database is named; nothing half is left, and nothing secret is said."""

from __future__ import annotations

import datetime as dt
import fcntl
import traceback
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from assets import fetching, ledger, querying, raw
from assets.database import SourceError
from assets.fetching import fetch
from assets.querying import Seconds
from pipelines.warehouse import Warehouse
from tests import deliveries as d
from tests import postgres
from tests.department import (
    HOUSING,
    MEDICAL,
    MEDICAL_MORE,
    VARIABLE,
    declare,
    left,
    make_housing,
    make_settlements,
    marks,
    settle,
    source,
)

MONTH, NEXT = "2021-10", "2021-11"
SECRET_ROW = "canary-41012219650203999X"
"""Text of a row that no message may repeat."""


def refused(home: Path, server: postgres.Server, text: str) -> str:
    """The message of a source that cannot be fetched; nothing of it is left, and nothing secret is said anywhere."""
    declare(home, source=text)
    told: list[str] = []
    with pytest.raises(SourceError) as error:
        fetch(home, MONTH, report=told.append)
    spoken = "".join(traceback.format_exception(error.value)) + "".join(told)
    recorded = serializable_error_info_from_exc_info((type(error.value), error.value, error.tb))
    for secret in (postgres.PASSWORD, SECRET_ROW):
        assert secret not in spoken
        assert secret not in str(recorded)
    assert left(home) == []
    with ledger.open_ledger(home) as con:
        assert con.execute("select count(*) from fetched").fetchone() == (0,)
    message = str(error.value)
    assert "source.yaml" in message
    return message


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("reader@", "nobody@"), "用户 nobody）：连不上"),
        (("/postgres", "/nolib"), "数据库 nolib（127.0.0.1"),
        (("from housing", "from hosing"), "query 里有一张不存在的表（UndefinedTable 42P01）"),
        (("grade,", "grad,"), "query 里有一个不存在的列（UndefinedColumn 42703）"),
        (("from housing", "form housing"), "query 的语法不对（SyntaxError 42601）"),
        (("from housing", "from locked"), "这个用户没有读取的权限（InsufficientPrivilege 42501）"),
        (("from housing", "from writing()"), "query 想改动数据，只许读取（ReadOnlySqlTransaction 25006）"),
        (("plan from", "plan::integer as plan from"), "有一个值转不成要的类型（InvalidTextRepresentation 22P02）"),
        (("plan from", "pg_sleep(3)::text as plan from"), "database_statement_seconds 秒"),
        (("plan from", "plan as x from"), "x 不是《住房安全鉴定信息》的列：请在 columns 里写明它的列名，或不要查它"),
        (("grade,", ""), "缺少必有的列：鉴定等级"),
        (("grade,", "grade, grade,"), "都是“鉴定等级”：请只留一列"),
        (("grade,", "grade, plan as 鉴定等级,"), "都是“鉴定等级”：请只留一列"),
        (("select household_no", "select 4.1e11::float8 as household_no"), "列 household_no 是浮点数"),
        (("plan from", "array[plan] as plan from"), "列 plan 是 list，写不成一格"),
        (("query:", "columns: {lou: 鉴定等级}\nquery:"), "columns 里的 lou 不在查询结果里"),
    ],
)
def test_what_goes_wrong_is_named_and_leaves_nothing(
    home: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], problem: str
) -> None:
    make_housing(server, [(d.HOUSEHOLDS[0], "C级", False, dt.date(2021, 10, 1), SECRET_ROW)])
    server.run(
        "create table if not exists locked as select * from housing with no data",
        f"revoke all on locked from {postgres.READER}",
        """create or replace function writing() returns setof housing language plpgsql as
           $$ begin delete from housing; return query select * from housing; end $$""",
    )
    monkeypatch.setattr(fetching, "_seconds", lambda month: Seconds(connect=5, statement=1))
    assert problem in refused(home, server, source(server, "housing", HOUSING).replace(*change))


def test_a_wrong_password_and_a_closed_port(
    home: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = source(server, "housing", HOUSING)
    closed = refused(home, server, text.replace(f":{server.port}/", ":1/"))
    assert "数据库 postgres（127.0.0.1:1，用户 reader）：连不上" in closed
    monkeypatch.setenv(VARIABLE, SECRET_ROW)
    assert f"127.0.0.1:{server.port}，用户 reader）：连不上" in refused(home, server, text)


def test_a_fetch_that_breaks_in_the_middle_leaves_nothing(
    home: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third batch has a row without a mark."""
    make_settlements(server)
    settle(server, *((f"J{n}", 0, "2021-10-08", "2021-10-09") for n in range(8)))
    server.run("update settlement set recorded_at = null where jsh = 'J6'")
    written: list[int] = []
    monkeypatch.setattr(querying, "BATCH_ROWS", 3)
    monkeypatch.setattr(fetching, "PROGRESS_ROWS", 3)
    declare(home, source=source(server, "medical", MEDICAL, MEDICAL_MORE))
    with pytest.raises(SourceError, match="水位列 recorded_at 有空值（本批 1 行）"):
        fetch(home, MONTH, report=lambda text: written.append(len(left(home))))
    assert written == [1, 1]  # two batches were written aside
    assert left(home) == []


def test_a_mark_of_another_kind(home: Path, server: postgres.Server) -> None:
    make_settlements(server)
    settle(server, ("J1", 0, "2021-10-08", "2021-10-09"))
    of_days = MEDICAL_MORE.replace("2021-01-01 00:00:00", "2021-01-01")
    told = refused(home, server, source(server, "medical", MEDICAL, of_days))
    assert "水位列 recorded_at 是时间，watermark 的 start 却是日期" in told
    with_zone = MEDICAL.replace("recorded_at from", "recorded_at at time zone 'UTC' as recorded_at from")
    told = refused(home, server, source(server, "medical", with_zone, MEDICAL_MORE))
    assert "水位列 recorded_at 是带时区的时间，watermark 的 start 却是时间" in told
    zoned = MEDICAL_MORE.replace("00:00:00", "00:00:00+08:00")
    declare(home, source=source(server, "medical", with_zone, zoned))
    fetch(home, MONTH)
    assert marks(home) == [(MONTH, 1, "2021-10-09T08:00:00+08:00")]
    until = " where recorded_at < :next_first_day"
    of_numbers = MEDICAL_MORE.replace("2021-01-01 00:00:00", "0")
    declare(home, source=source(server, "medical", MEDICAL + until, of_numbers))
    with pytest.raises(SourceError, match="台账里 2021-10 的水位与 watermark 的 start 不是同一类"):
        fetch(home, NEXT)


def test_two_at_once(home: Path, server: postgres.Server) -> None:
    declare(home, source=source(server, "housing", HOUSING))
    (home / "ledger").mkdir()
    with (home / "ledger" / "fetching.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SourceError, match="另一个进程正在从数据库取数"):
            fetch(home, MONTH)


def test_a_month_fetches_before_it_looks(home: Path, server: postgres.Server) -> None:
    """Through Dagster: a source that fails stops the month by its message, with nothing secret in the event log."""
    make_housing(server, [(d.HOUSEHOLDS[0], "C级", False, dt.date(2021, 10, 1), SECRET_ROW)])
    declare(home, source=source(server, "housing", HOUSING.replace("plan from", "plan::integer as plan from")))
    said = delivered(home)
    assert "2021-10 有 1 项数据没有从数据库取到" in said
    assert "InvalidTextRepresentation 22P02" in said
    declare(home, source=source(server, "housing", HOUSING))
    said = delivered(home)
    assert "缺少必报数据：医保局《医保结算明细》" in said  # now it looked; only housing is there
    assert left(home) == ["housing_数据库.csv"]


def delivered(home: Path) -> str:
    """All that a run of raw/delivery wrote down, searched for what is secret."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [raw.ASSETS[0]],
            partition_key=MONTH,
            resources={"warehouse": Warehouse(home=str(home))},
            instance=instance,
            raise_on_error=False,
        )
        said = "\n".join(str(record.event_log_entry) for record in instance.get_records_for_run(result.run_id).records)
    assert not result.success
    assert postgres.PASSWORD not in said
    assert SECRET_ROW not in said
    return said
