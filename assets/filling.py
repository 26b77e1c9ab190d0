"""What a department is told of filling in a feed: each column in words, a made-up example row, the rules of the whole.

Everything is read off the contract. Does not belong here: the workbook it stands in (assets/template.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from checks.feed import INCREMENT, KIND_TITLES, FeedColumn, FeedContract
from fangpin import identity
from fangpin.intake import agreed
from fangpin.month import end, parse, shift
from fangpin.places import NAMED, OWN_PROVINCE, divisions_of_month
from fangpin.policy import Policy

Bounds = tuple[float | None, float | None]
WAN = "万元"

_AGE = 110
"""The age of the person in an example number: hardly anybody's, and not yet doubted."""

_SAID = {
    "text": "按原始系统或原件填写。",
    "month": "六位年月，如 {example}；单元格为文本格式。",
    "date": "年-月-日，如 {example}。",
    "money": "只填数字，以{unit}为单位，最多{decimals}位小数。",
    "integer": "只填整数。",
    "number": "只填数字。",
    "id_number": "18位公民身份号码（旧的15位也可），残疾人证可填20位或22位证号；不可遮盖。"
    "单元格为文本格式，不可存成数字。",
    "household_no": "与全国防返贫监测信息系统的户编号一致；单元格为文本格式。",
    "village_code": "12位统计用区划代码，须与县、乡、村名称相符；单元格为文本格式。",
    "name": "与户籍登记一致。",
    "phone": "手机或固定电话号码；单元格为文本格式。",
}


@dataclass(frozen=True)
class Filled:
    """A column as its department is told of it. bounds: least and greatest value in the unit people write."""

    column: FeedColumn
    title: str
    demand: str
    how: str
    options: tuple[str, ...]
    bounds: Bounds
    example: str


def columns(contract: FeedContract, month: str) -> list[Filled]:
    """Every column of the feed, with an example row that the contract accepts in the month."""
    examples = example(contract, month)
    found = []
    for column in contract.columns:
        low_high = bounds(contract, column)
        options = column.codes or (("是", "否") if column.kind == "yesno" else ())
        found.append(
            Filled(
                column=column,
                title=KIND_TITLES[column.kind],
                demand=_demand(column),
                how=_how(column, options, low_high, examples[column.name]),
                options=options,
                bounds=low_high,
                example=examples[column.name],
            )
        )
    return found


def _demand(column: FeedColumn) -> str:
    if column.required:
        return "必填"
    return "列必有，可空" if column.mandatory else "选填"


def _how(column: FeedColumn, options: tuple[str, ...], low_high: Bounds, shown: str) -> str:
    decimals = "六" if column.unit == WAN else "两"
    asked = "从选项中选填。" if options else _SAID[column.kind]
    said = asked.format(example=shown, unit=column.unit, decimals=decimals)
    low, high = low_high
    limits = [f"不小于{low:,.12g}" if low is not None else "", f"不大于{high:,.12g}" if high is not None else ""]
    limited = "，".join(part for part in limits if part)
    return f"{said}{limited}。" if limited else said


def bounds(contract: FeedContract, column: FeedColumn) -> Bounds:
    """The least and the greatest value the contract allows, in the column's unit; None where it sets no limit."""
    low, high = agreed.bounds(contract, column.name)
    if column.kind == "money":
        fen = 1_000_000 if column.unit == WAN else 100
        return None if low is None else low / fen, None if high is None else high / fen
    return low, high


def example(contract: FeedContract, month: str) -> dict[str, str]:
    """Column name -> what an example row holds there. Nobody is meant: persons and numbers are made up."""
    return {column.name: _example(contract, column, month) for column in contract.columns}


def _example(contract: FeedContract, column: FeedColumn, month: str) -> str:
    place = _place(month)
    if column.example:
        return column.example
    if column.name in NAMED:
        return place[column.name]
    if column.codes:
        return column.codes[0]
    if column.kind in ("money", "integer", "number"):
        return _figure(column, bounds(contract, column))
    year, number = parse(month)
    return {
        "text": "示例",
        "month": f"{year}{number:02d}",
        "date": f"{month}-15",
        "yesno": "是",
        "id_number": id_number(place["village_code"][:6], year - _AGE),
        "household_no": "SHILI000001",
        "village_code": place["village_code"],
        "name": "张三",
        "phone": "13800000000",
    }[column.kind]


def id_number(region: str, born: int) -> str:
    """A number that passes every check: the first man born in the region on 1 January of a year long ago."""
    first17 = f"{region}{born}0101001"
    return first17 + identity.check_character(first17)


def _figure(column: FeedColumn, low_high: Bounds) -> str:
    low, high = low_high
    value = {"money": 1200.5, "integer": 1, "number": 85.5}[column.kind]
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    return f"{value:.2f}" if column.kind == "money" else f"{value:g}"


@lru_cache(maxsize=2)
def _place(month: str) -> Mapping[str, str]:
    """The names and the code of a village of the own province in the month's divisions."""
    row = divisions_of_month(month).filter("in_province", "rural").row(0, named=True)
    return {"village_code": row["village_code"]} | {level: row[f"{level}_name"] for level in NAMED}


def rules(contract: FeedContract) -> list[str]:
    """What holds for whole rows and for the whole file, in words."""
    headers = {column.name: column.header for column in contract.columns}
    key = "、".join(headers[name] for name in contract.key)
    said = [contract.grain]
    if contract.delivery == INCREMENT:
        said.append("只报当月新发生的记录；以前月份报过的同一记录不再计入。")
    else:
        said.append("报月末在册的全部记录，不是只报新增的。")
    said.append(f"{key}相同的记录只填一行，重复的从第二行起退回。")
    if contract.period is not None:
        said.append(f"{headers[contract.period]}不能晚于报送月份。")
    if contract.place_level == "city":
        said.append("每市一份文件，不要把几个市合在一起。")
    if set(NAMED) & set(headers):
        said.append("县、乡、村写区划全称，须在报送月份的行政区划之中。")
    if any(column.kind == "money" for column in contract.columns):
        said.append("金额以元为单位，列名写明（万元）的以万元为单位；改用另一种单位时，在列名后写明（元）或（万元）。")
    said.append("必填的格子不能空；选填的没有内容就留空。")
    said.append("列名不要改；多出的列不读取，但会在检查结果中列出。合计行的第一格写“合计”，不算记录。")
    said.append("不能读取的行连同原因退回，其余的行照常接收。")
    return said


def deadline(policy: Policy, month: str | None, on: str) -> str:
    """Until when a month's data are to be delivered; on: the month whose rule is meant when none is given."""
    day = policy.value("calendar.delivery_day", OWN_PROVINCE, end(month or on)).value
    if month is None:
        return f"次月{day}日前"
    year, number = parse(shift(month, 1))
    return f"{year}年{number}月{day}日前"
