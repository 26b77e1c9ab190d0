"""Running a job of the code location from the command line, in this process, recorded in the Dagster instance.

Does not belong here: what a job is (jobs.py), and commands (cli.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg

from assets.publish import history
from fangpin.errors import FangpinError, HomeError
from pipelines.definitions import defs
from pipelines.jobs import straight_to_console

RELEASE = dg.AssetKey(["publish", "release"])


class RunFailed(FangpinError):
    """A run ended in failure; the message carries the failed steps' own messages."""


def run_job(job: str, month: str, *, say: Callable[[str], None]) -> None:
    """Run `job` for one month and say what is in force then; RunFailed with every failed step's message."""
    started = time.monotonic()
    say(f"{month}：开始（{job}）")
    with dg.DagsterInstance.get() as instance, straight_to_console():
        result = defs.resolve_job_def(job).execute_in_process(
            partition_key=month,
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {}}},
        )
    if not result.success:
        raise RunFailed(
            f"{month} 没有完成，已发布的版本未受影响。\n" + "\n".join(_failures(result)) + f"\n运行编号 {result.run_id}"
        )
    say(f"{month}：完成，{time.monotonic() - started:.0f} 秒。{_released(result)}")


def require_run(home: Path, month: str) -> None:
    """HomeError when the month has no warehouse, that is, was never run."""
    if not (home / "warehouse" / f"{month}.duckdb").is_file():
        raise HomeError(f"{month} 还没有运行：请先 fangpin run --month {month}。（数据目录 {home}）")


def stale_before(home: Path, month: str) -> tuple[str, str] | None:
    """The oldest month before `month` whose published version must be built again, and why; None when there is none."""
    return next(((stale, why) for stale, why in history.stale(home).items() if stale < month), None)


def _released(result: dg.ExecuteInProcessResult) -> str:
    """What the run's release says of the version now in force."""
    made = [
        event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key == RELEASE
    ]
    if not made:
        return ""
    version, new = made[-1]["version"].value, made[-1]["new"].value
    return f"发布了新版本，现行版本为 {version}。" if new else f"内容未变，仍为 {version}。"


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    lines = []
    for event in result.all_events:
        if event.is_step_failure:
            message = _message(event.step_failure_data)
            lines.append(f"  {event.step_key.replace('__', '/')}：{message}")
    failed_checks = [e for e in result.get_asset_check_evaluations() if not e.passed]
    lines += [
        f"  检查未通过 {'/'.join(c.asset_key.path)}：{c.description or c.check_name}"
        for c in failed_checks
        if c.severity == dg.AssetCheckSeverity.ERROR
    ]
    return lines


def _message(failure: Any) -> str:
    """A named failure's own words, or the innermost error. failure: Dagster's step failure data."""
    if failure.user_failure_data is not None and failure.user_failure_data.description:
        return failure.user_failure_data.description
    error = failure.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else "没有错误信息"
