"""Running a job of the code location from the command line, in this process, recorded in the Dagster instance.

Does not belong here: what a job is (jobs.py), and commands (cli.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import dagster as dg

from fangpin.errors import FangpinError
from pipelines.definitions import defs


class RunFailed(FangpinError):
    """A run ended in failure; the message carries the failed steps' own messages."""


def run_job(job: str, month: str, *, say: Callable[[str], None]) -> None:
    """Run `job` for one month; RunFailed with every failed step's message when it fails."""
    started = time.monotonic()
    say(f"{month}：开始（{job}）")
    with dg.DagsterInstance.get() as instance:
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
    say(f"{month}：完成，{time.monotonic() - started:.0f} 秒")


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
