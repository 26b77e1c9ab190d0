"""fangpin publish says what is in force afterwards, shows every step, and tells a month never run what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import fangpin

MONTH = "2021-12"


def test_the_same_content_is_said_to_be_unchanged(province: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(province, tmp_path / "home", ignore=shutil.ignore_patterns("inbox", "dagster")))
    said = fangpin(home, "publish", "--month", MONTH).stderr.splitlines()
    assert said[-1].startswith(f"{MONTH}：完成，")
    assert said[-1].endswith("内容未变，仍为 v001。")
    steps = [line.split()[1] for line in said if line.startswith("  完成 ")]
    assert sorted(steps[:-1]) == ["publish/bundle", "publish/site", "publish/workbooks"]
    assert steps[-1] == "publish/release"


def test_a_month_never_run_is_told_to_be_run(province: Path) -> None:
    before = sorted((province / "warehouse").iterdir())
    done = fangpin(province, "publish", "--month", "2022-01", check=False)
    assert done.returncode == 1
    assert "错误：2022-01 还没有运行：请先 fangpin run --month 2022-01。" in done.stderr
    assert sorted((province / "warehouse").iterdir()) == before
