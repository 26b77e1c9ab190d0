"""What is told of a mistaken command line, in Chinese: typer's own messages are English and cannot be translated there.

Does not belong here: the commands (cli.py) and the failures of what they do (fangpin/errors.py).
"""

from __future__ import annotations

import re
from typing import Any

import typer

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for every mistaken command line."""

WORDS = (
    (r"Missing option '?(.+?)'?\..*", "缺少选项 {}"),
    (r"Missing argument '?(.+?)'?\.", "缺少{}"),
    (r"Missing command\.", "缺少命令"),
    (r"No such option: (\S+).*", "没有选项 {}"),
    (r"No such command '(.+?)'.*", "没有命令 {}"),
    (r"Option '?(.+?)'? requires an argument\.", "选项 {} 后面缺少值"),
    (r"Option '?(.+?)'? does not take a value\.", "选项 {} 后面不能有值"),
    (r"Got unexpected extra argument\S* \((.+)\)", "多出的内容：{}"),
    (r"Invalid value for '?(.+?)'?: (.+)", "选项 {} 的值不对：{}"),
    (r"Invalid value: (.+)", "{}"),
    (r"Input should be a valid integer.*", "应为整数"),
)
"""The messages the commands can meet; one that is not here is shown as it is."""


def in_chinese(message: str) -> str:
    """A message of typer's in Chinese, or as it is when it is none of WORDS."""
    message = message.replace("' / '", " 或 ")  # two names of one option
    for pattern, words in WORDS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return words.format(*(in_chinese(part) for part in found.groups()))
    return message


def told(error: Any) -> str:
    """The message of a usage error, and where the options are listed. error: a UsageError."""
    command = error.ctx.command_path if error.ctx is not None else "fangpin"
    return f"错误：{in_chinese(error.format_message())}\n用法见：{command} --help"
