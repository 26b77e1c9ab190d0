"""The command line: mistakes are told in Chinese, before anything is done; whatever happens, no traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipelines import cli


def called(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> int:
    """The exit status of the command over a home folder."""
    for name in ("DAGSTER_HOME", "FANGPIN_DAGSTER", *cli.ALLOCATORS):  # main sets what is not set: not beyond this test
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("FANGPIN_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["fangpin", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "message", "status"),
    [
        ("run", "错误：缺少选项 --month 或 -m\n用法见：fangpin run --help", 2),
        ("run --foo", "错误：没有选项 --foo\n用法见：fangpin run --help", 2),
        ("statu", "错误：没有命令 statu\n用法见：fangpin --help", 2),
        ("status more", "错误：多出的内容：more\n用法见：fangpin status --help", 2),
        ("template", "错误：缺少名称\n用法见：fangpin template --help", 2),
        ("template medicl", "错误：没有名为 medicl 的数据。是不是 medical？全部名称见 fangpin feeds", 2),
        ("run -m", "错误：选项 -m 后面缺少值", 2),
        ("sample --seed x", "错误：选项 --seed 的值不对：应为整数", 2),
        ("sample --scale abc", "错误：选项 --scale 的值不对：比例应写作 1/400 或 0.1，收到 'abc'", 2),
        ("explain -m 2021-12", "错误：请给出 --household 或 --village 中的一个", 2),
        ("explain -m 2021-12 -H 0 -V 410102001001", "错误：请给出 --household 或 --village 中的一个", 2),
        ("explain -m 2021-12 -H x", "错误：选项 --household 或 -H 的值不对：应为整数", 2),
        ("explain -m 2021-13 -H 1", "错误：选项 --month 的值不对：月份应写作 YYYY-MM，如 2021-10；收到：'2021-13'", 2),
        ("status -m 2021-1", "错误：选项 --month 的值不对：月份应写作 YYYY-MM，如 2021-10；收到：'2021-1'", 2),
        (
            "run -m 2021-10 -m 2021-11x",
            "错误：选项 --month 的值不对：月份应写作 YYYY-MM，如 2021-10；收到：'2021-11x'",
            2,
        ),
        ("run -m 2021-09", "错误：选项 --month 的值不对：2021-09 早于起始月份 2021-10（policy/calendar.yaml）。", 2),
        ("run -m 2099-01", "错误：选项 --month 的值不对：2099-01 还没有结束，结束以后才能运行。", 2),
        ("check x.csv -f dibao -m 1999-01", "错误：选项 --month 的值不对：1999-01 早于起始月份 2021-10", 2),
        ("check x.csv -f dibao -m 2099-01", "错误：选项 --month 的值不对：2099-01 还没有到。", 2),
        ("rollback -m 2021-10", "错误：缺少选项 --reason", 2),
        ("sample --scale 3", "错误：比例应大于 0、不大于 1", 1),
        ("sample --scale 0", "错误：比例应大于 0、不大于 1", 1),
        ("sample --scale -1", "错误：比例应大于 0、不大于 1", 1),
    ],
)
def test_a_mistaken_command_is_told_in_chinese_and_does_nothing(
    arguments: str,
    message: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called(monkeypatch, tmp_path / "home", *arguments.split()) == status
    said = capsys.readouterr().err
    assert said.startswith(message), said
    assert list(tmp_path.iterdir()) == []


def test_household_0_is_a_number_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is looked for; here nothing is published."""
    assert called(monkeypatch, tmp_path, "explain", "-m", "2021-12", "-H", "0") == 1
    assert "里还没有发布2021-12" in capsys.readouterr().err


def test_help_ends_well_and_no_command_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, tmp_path, "--help") == 0
    assert "rollback" in capsys.readouterr().out
    assert called(monkeypatch, tmp_path) == 2
    assert "rollback" in capsys.readouterr().err
