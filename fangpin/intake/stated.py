"""The month that a file says of itself, in its name or in the titles above its header, against its folder's month.

A month (2021年10月, 21年10月, 二〇二一年十月, 2021-10, 202110, 2021年1-10月) is taken at its word; one without a year
(10月份) is of the year nearest to the folder's month. A quarter is not a month: it counts as its last one. A day
(_20211103) is that of an export: in the month or in the first days of the next. Does not belong here: the dates of the
rows (validate.py).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from fangpin.month import parse, shift, start

_DAY = re.compile(
    r"(?<!\d)(?:((?:19|20)\d{2})(\d{2})(\d{2})|((?:19|20)\d{2})([-./])(\d{1,2})\5(\d{1,2})"
    r"|((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})[日号])(?!\d)"
)
_FROM = r"(?:\d{1,2}月?份?[-~—–至到])?"
_MONTH = re.compile(
    rf"(?<!\d)(?:((?:19|20)\d{{2}})(\d{{2}})|((?:19|20)?\d{{2}})年度?{_FROM}(\d{{1,2}})月"
    r"|((?:19|20)\d{2})[-./](\d{1,2}))(?!\d)"
)
_QUARTER = re.compile(
    r"(?:(?<!\d)((?:19|20)?\d{2})年度?)?(?:第?([1-4])季度|(?<=年)[Qq]([1-4]))|((?:19|20)\d{2})[Qq]([1-4])"
)
_MONTH_ALONE = re.compile(
    rf"(?<![\d年.:/~—–至到第-]){_FROM}(\d{{1,2}})月(?:份(?!额)|(?![\d一二三四五六七八九十底前初末中后内起以之至到~—–村乡镇街社-]))"
)
"""9月份, 9月低保, 7-9月; not 9月30日, 9月底前."""
_CHINESE_YEAR = re.compile(
    r"[〇零○Oo0一二三四五六七八九]{4}(?=年)|(?<![〇零○一二三四五六七八九十])[一二三四五六七八九〇零]{2}(?=年[一二三四五六七八九十\d]{1,3}月)"
)
_CHINESE_NUMBER = re.compile(
    r"(?<![一二三四五六七八九十])(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=月|[日号]|季度)"
)
_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\s|\d)")
"""Blanks but those between two digits: 附件1 2021年9月 is no year 12021."""
_MADE = re.compile(
    r"(填报|填表|制表|导出|打印|生成|更新|上报|报送|编制|印发)(日期|时间|日|于)|(依据|根据|按照|发文|文号)"
)
"""A title that says when or by what rule the file was made, not what month it is about."""
_NOTE = re.compile(r"[。；;]|请|说明|备注|^注|要求|截至|截止")
"""A title that explains something: a month without a year in it is not the file's."""


class Stated(NamedTuple):
    """A month that a text says, and the day if it says one. said: how people are told of it."""

    month: str
    day: dt.date | None = None
    said: str = ""

    @property
    def written(self) -> str:
        if self.day is not None:
            return f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return self.said or f"{int(self.month[:4])}年{int(self.month[5:])}月"


def contradiction(
    month: str, name: str, titles: Iterable[str], last_day: int, archive: str | None = None
) -> str | None:
    """Why the file does not belong to the month's folder; None when nothing it says speaks against that.

    last_day: until which day of the next month the month's exports are made. archive: the name of the zip it came in.
    """
    for where, said in sayings(month, name, titles, archive):
        if said and not any(_agrees(each, month, last_day) for each in said):
            return (
                f"{where}写明是{said[0].written}，与报送月份{month}不符：请按所属月份报送（放到那个月的文件夹）；"
                f"如果{where}写错了，请改正后重报。"
            )
    return None


def sayings(month: str, name: str, titles: Iterable[str], archive: str | None = None) -> list[tuple[str, list[Stated]]]:
    """Where a file says what month it is of, and what it says there. month: of its folder."""
    about = [title for title in sorted(titles) if not _MADE.search(unicodedata.normalize("NFKC", title))]
    names = [("文件名", [name])] if archive is None else [("压缩包里的文件名", [name]), ("压缩包的名称", [archive])]
    said = [(where, [each for text in texts for each in stated(text, month)]) for where, texts in names]
    titled = [each for text in about for each in stated(text, month, noted=bool(_NOTE.search(text)))]
    alone = [each for each in titled if each.said.endswith("月")]
    if len({each.month for each in alone}) > 1:  # groups of columns, one for each month
        titled = [each for each in titled if each not in alone]
    return [*said, ("表头上方的标题", titled)]


def stated(text: str, month: str, noted: bool = False) -> list[Stated]:
    """Every month that a text says, days first, months without a year last; of a note none of these."""
    folded = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    folded = _CHINESE_YEAR.sub(lambda year: year.group().translate(_DIGITS), folded)
    folded = _CHINESE_NUMBER.sub(lambda number: str(_number(number.group())), folded)
    found = []
    for match in _DAY.finditer(folded):
        year, number, day = (int(part) for part in match.groups() if part and part not in "-./")
        try:
            date = dt.date(year, number, day)
        except ValueError:
            continue
        found.append(Stated(f"{date:%Y-%m}", date))
    rest = _DAY.sub("日", folded)
    for match in _MONTH.finditer(rest):
        year, number = (int(part) for part in match.groups() if part)
        if 1 <= number <= 12:
            found.append(Stated(f"{_year(year)}-{number:02d}"))
    rest = _MONTH.sub("月", rest)
    found += [_of_quarter(match, month) for match in _QUARTER.finditer(rest)]
    if not noted:
        numbers = [int(match.group(1)) for match in _MONTH_ALONE.finditer(rest)]
        found += [Stated(_nearest(number, month), None, f"{number}月") for number in numbers if 1 <= number <= 12]
    return found


def _number(written: str) -> int:
    """十一 is 11, 三十 is 30, 九 is 9."""
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int(written.translate(_DIGITS))
    return 10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0)


def _year(number: int) -> int:
    return number if number > 99 else 2000 + number


def _of_quarter(match: re.Match[str], month: str) -> Stated:
    year, quarter, also, whole_year, last = match.groups()
    number = int(quarter or also or last)
    said = _year(int(year or whole_year)) if year or whole_year else int(_nearest(3 * number, month)[:4])
    named = f"{said}年" if year or whole_year else ""
    return Stated(
        f"{said}-{3 * number:02d}", None, f"{named}第{number}季度（一个季度，不是一个月，按它的最后一个月算）"
    )


def _nearest(number: int, month: str) -> str:
    """The month of this number that is nearest to `month`, the earlier of two."""
    later = (number - parse(month)[1]) % 12
    return shift(month, later if later < 6 else later - 12)


def _agrees(said: Stated, month: str, last_day: int) -> bool:
    following = start(shift(month, 1))
    return said.month == month or (said.day is not None and following <= said.day < following + dt.timedelta(last_day))
