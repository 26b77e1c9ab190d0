"""The jobs: one for a whole month, one for publishing an already built month; and how progress is shown.

Does not belong here: what a step does, and when a job runs (schedules.py).
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import dagster as dg

from assets.build import MONTHS

WHATIF = "whatif"
"""Group of what is asked of a published month; no part of making one."""

RESEARCH = "research"
"""Folder of the home, of policy/ and group of the assets of a research trip."""
FRAME, DRAW, PACKS = (dg.AssetKey([RESEARCH, name]) for name in ("frame", "draw", "packs"))
"""The official draw and what is made of it; no part of a month."""

MONTH_JOB = dg.define_asset_job(
    "month",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(WHATIF) - dg.AssetSelection.assets(FRAME, DRAW, PACKS),
    partitions_def=MONTHS,
    description="月度任务：接收部门数据、校验、评分、发现异常、排名、抽样并发布一个月。",
)
PUBLISH_JOB = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.groups("publish"),
    partitions_def=MONTHS,
    description="重新发布一个已经算好的月份（复核检查结果、生成文件、切换版本）。",
)
WHATIF_JOB = dg.define_asset_job(
    "whatif",
    selection=dg.AssetSelection.groups(WHATIF),
    partitions_def=MONTHS,
    description="情景测算：按 policy/scenarios/ 中的一个情景，在已发布的月份上重算并比较。",
)


RESEARCH_JOB = dg.define_asset_job(
    "research_plan",
    selection=dg.AssetSelection.assets(FRAME, DRAW, PACKS),
    partitions_def=MONTHS,
    description="调研：按一个方案、一个月份冻结名册、正式抽样（或复核已有的抽样）、生成资料包。每一步的配置里写 plan。"
    "先只运行 research/frame，公布校验值；公开数字出来以后再运行整个任务，在 draw 里写 public_value 和 nonce。",
)
JOBS = [MONTH_JOB, PUBLISH_JOB, WHATIF_JOB, RESEARCH_JOB]
STDERR = 2
"""Its file descriptor."""


class _ProgressHandler(logging.Handler):
    """Prints one line a finished step, and every failure; nothing else of Dagster's event stream.

    console: where to; None is stderr.
    """

    console: TextIO | None = None

    def __init__(self) -> None:
        super().__init__()
        self._started: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event") if isinstance(meta, dict) else None
        if event is None:
            said = meta.get("orig_message", "") if isinstance(meta, dict) else ""
            if record.levelno == logging.INFO and meta.get("step_key") and not said.startswith("Dependencies"):
                self._print(f"    {said}")
            return
        kind = event.event_type_value
        if kind == "STEP_START":
            self._started[event.step_key] = time.monotonic()
        elif kind in {"STEP_SUCCESS", "STEP_FAILURE"}:
            seconds = time.monotonic() - self._started.pop(event.step_key, time.monotonic())
            mark = "完成" if kind == "STEP_SUCCESS" else "失败"
            name = event.step_key.replace("__", "/")
            self._print(f"  {mark} {name} {seconds:.1f}s")

    def _print(self, line: str) -> None:
        print(line, file=self.console or sys.stderr, flush=True)


@contextmanager
def straight_to_console() -> Iterator[None]:
    """While it lasts, progress goes past Dagster's capture of stderr, straight to where stderr went before it.

    Dagster captures a run's stderr in a file and shows it through `tail -F`, which looks once a second and is killed
    when the run ends: the last lines were lost now and then.
    """
    with os.fdopen(os.dup(STDERR), "w", encoding="utf-8") as console:
        _ProgressHandler.console = console
        try:
            yield
        finally:
            _ProgressHandler.console = None


@dg.logger(description="一步一行的进度")
def PROGRESS(context: dg.InitLoggerContext) -> logging.Logger:
    """Console logger of every run: progress by step."""
    logger = logging.Logger("fangpin")
    logger.addHandler(_ProgressHandler())
    return logger
