"""The asset list: which assets of a household stand against identification, and from what amount.

Does not belong here: the amounts (policy/asset_list.yaml), counting households (sql/mart/asset_exclusion.sql).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fangpin.topics.bands import FEN, Band


@dataclass(frozen=True)
class Item:
    """An item of the list. parameter: of policy/asset_list.yaml; money: its amount is in yuan, else a number."""

    name: str
    title: str
    parameter: str
    money: bool


ITEMS = (
    Item("car", "小型汽车购置价格", "car_price_yuan", True),
    Item("business", "市场主体注册资本", "business_capital_yuan", True),
    Item("property", "登记的不动产", "property_count", False),
    Item("payroll", "财政供养人员", "payroll_persons", False),
)
"""Source: 《专题调研工作方案》四（六）“家庭资产达到什么标准不予识别”; docs/decisions/0050-asset-list.md."""

ANY = "不论多少"
EVIDENCE = {
    "below_line": "收入低于监测线",
    "with_gap": "三保障或饮水有缺口",
    "struck": "刚性支出、收入骤减或灾害",
    "safety_net": "兜底户",
    "with_evidence": "有其中任一情况",
}
"""What speaks against excluding a household, by column of mart.asset_exclusion."""


@dataclass(frozen=True)
class Step:
    """smallest: from which amount (fen) or number an asset counts, None for any; listed: the list says so."""

    smallest: int | None
    listed: bool
    segment: str


def steps(item: Item, listed: int | None, tried: Sequence[Band]) -> list[Step]:
    """Any amount, those of `tried` (money only), then the list's own; listed: in yuan or a number, None where blank."""
    found = [Step(None, False, ANY)]
    if item.money:
        found += [Step(band.low, False, f"{(band.low or 0) // FEN:,}元及以上") for band in tried]
    if listed is not None:
        found.append(
            Step(listed * FEN if item.money else listed, True, f"清单：{listed:,}{'元' if item.money else ''}及以上")
        )
    return found
