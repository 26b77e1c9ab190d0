"""The month that a file says of itself, in its name or in the titles above its header, against its folder's month.

A month (2021年10月, 2021-10, 202110, 2021年1-10月) is taken at its word. A day (_20211103) is that of an export: in the
month or in the first days of the next. Does not belong here: the dates of the rows (validate.py).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from fangpin.month import shift, start

_DAY = re.compile(
    r"(?<!\d)(?:((?:19|20)\d{2})(\d{2})(\d{2})|((?:19|20)\d{2})([-./])(\d{1,2})\5(\d{1,2})"
    r"|((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})[日号])(?!\d)"
)
_MONTH = re.compile(
    r"(?<!\d)(?:((?:19|20)\d{2})(\d{2})|((?:19|20)\d{2})年(?:\d{1,2}月?份?[-~—–至到])?(\d{1,2})月"
    r"|((?:19|20)\d{2})[-./](\d{1,2}))(?!\d)"
)
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\s|\d)")
"""Blanks but those between two digits: 附件1 2021年9月 is no year 12021."""
_MADE = re.compile(
    r"(填报|填表|制表|导出|打印|生成|更新|上报|报送|编制|印发)(日期|时间|日|于)|(依据|根据|按照|发文|文号)"
)
"""A title that says when or by what rule the file was made, not what month it is about."""


def contradiction(
    month: str, name: str, titles: Iterable[str], last_day: int, archive: str | None = None
) -> str | None:
    """Why the file does not belong to the month's folder; None when nothing it says speaks against that.

    last_day: until which day of the next month the month's exports are made. archive: the name of the zip it came in.
    """
    about = [title for title in titles if not _MADE.search(unicodedata.normalize("NFKC", title))]
    names = [("文件名", [name])] if archive is None else [("压缩包里的文件名", [name]), ("压缩包的名称", [archive])]
    for where, texts in (*names, ("表头上方的标题", about)):
        said = [each for text in texts for each in stated(text)]
        if said and not any(_agrees(each, month, last_day) for each in said):
            return (
                f"{where}写明是{said[0].written}，与报送月份{month}不符：请按所属月份报送（放到那个月的文件夹）；"
                f"如果{where}写错了，请改正后重报。"
            )
    return None


class Stated(NamedTuple):
    """A month that a text says, and the day if it says one."""

    month: str
    day: dt.date | None = None

    @property
    def written(self) -> str:
        if self.day is not None:
            return f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return f"{int(self.month[:4])}年{int(self.month[5:])}月"


def stated(text: str) -> list[Stated]:
    """Every month that a text says, days first."""
    folded = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    found = []
    for match in _DAY.finditer(folded):
        year, month, day = (int(part) for part in match.groups() if part and part not in "-./")
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        found.append(Stated(f"{date:%Y-%m}", date))
    for match in _MONTH.finditer(_DAY.sub("日", folded)):
        year, month = (int(part) for part in match.groups() if part)
        if 1 <= month <= 12:
            found.append(Stated(f"{year}-{month:02d}"))
    return found


def _agrees(said: Stated, month: str, last_day: int) -> bool:
    following = start(shift(month, 1))
    return said.month == month or (said.day is not None and following <= said.day < following + dt.timedelta(last_day))
