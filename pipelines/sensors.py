"""When files in the inbox start a month: once they are complete and no longer change, the oldest month first.

One month a look: the months after it become stale when it is published and are started by the next looks, in order.
Does not belong here: which files there are (assets/arrivals.py), which months are stale (assets/publish/history.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets import arrivals, ledger
from assets.build import POLICY_FOLDER, calendar_value
from assets.database import declared
from assets.publish import history
from checks.raw import FEEDS
from fangpin import policy as policies
from fangpin.month import shift
from pipelines.jobs import MONTH_JOB
from pipelines.warehouse import Warehouse

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(
    job=MONTH_JOB,
    name="inbox",
    minimum_interval_seconds=60,
    description="收件目录：各部门的文件到齐且不再变动时运行这个月；已发布的月份有迟报、补报时按顺序重算它和之后的月份。",
)
def inbox_sensor(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
    """Start the oldest month that the inbox asks for; the key is its files and how often it was attempted."""
    running = context.instance.get_runs(dg.RunsFilter(job_name=MONTH_JOB.name, statuses=UNFINISHED), limit=1)
    if running:
        return dg.SkipReason(f"{running[0].tags.get('dagster/partition', '一个月份')} 正在运行或排队，等它结束。")
    return asked(warehouse.folder, stable_seconds())


def stable_seconds() -> int:
    """How long a file must not have changed to count as complete."""
    return int(policies.load(POLICY_FOLDER).parameter("intake.stable_seconds").values[-1].value)


def asked(home: Path, stable: int) -> dg.RunRequest | dg.SkipReason:
    """The run that the inbox asks for now, or why there is none."""
    month = next(_waiting(home), None)
    if month is None:
        return dg.SkipReason("收件目录没有新到、变动或撤走的文件。")
    if arriving := arrivals.still_arriving(home, month, stable):
        return dg.SkipReason(f"{month} 有 {len(arriving)} 份文件可能还在写入（{stable} 秒内有变动）：{arriving[0]}。")
    if history.in_force(home, month) is None and (lacking := _lacking(home, month)):
        return dg.SkipReason(f"{month} 还缺 {len(lacking)} 个部门的文件：{'、'.join(lacking)}。")
    content = arrivals.fingerprint(home, month, history.reference(home, shift(month, -1)))
    with ledger.open_ledger(home) as con:
        attempts = ledger.attempts(con, month)
    if attempts and attempts[-1] == content:
        return dg.SkipReason(f"{month} 已按这些文件运行过；文件有变动后自动再试，也可以手工运行。")
    return dg.RunRequest(
        run_key=f"{month}/{content[:16]}/{len(attempts) + 1}",
        partition_key=month,
        tags={"fangpin/started_by": "inbox", "fangpin/files": content[:16]},
    )


def _waiting(home: Path) -> Iterator[str]:
    """The months to run, oldest first: stale ones, and those with files that follow a published one."""
    stale, first = history.stale(home), calendar_value("first_month")
    delivered = {folder.name for folder in (home / "inbox").glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")}
    for month in sorted(delivered | stale.keys()):
        follows = month == first or history.in_force(home, shift(month, -1)) is not None
        fresh = history.in_force(home, month) is None and follows and any(arrivals.files(home / "inbox" / month))
        if month in stale or fresh:
            yield month


def _lacking(home: Path, month: str) -> list[str]:
    """Departments with a mandatory feed of which no file has come, and none is fetched when the run begins."""
    came = {path.relative_to(home / "inbox" / month).parts[0] for path in arrivals.files(home / "inbox" / month)}
    fetched = {source.contract.source for source in declared(home) if source.since <= month}
    return sorted({contract.source for contract in FEEDS.values() if contract.mandatory} - came - fetched)


SENSORS = [inbox_sensor]
