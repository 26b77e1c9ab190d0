"""Answers about who is counted in or out, as lines for a terminal.

Does not belong here: the figures (inclusion.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Answer = Mapping[str, Any]

SHOWN = 10
"""Counties that are printed; JSON and the workbook hold all."""


def coverage(answer: Answer) -> list[str]:
    """The matrix, the options with their overlap, and the counties where most would be new."""
    from fangpin.topics.coverage import LABELS
    from pipelines.lines import aligned

    shown = {"households": "户数", **LABELS}
    cells: dict[str, dict[str, int]] = {}
    for row in answer["groups"]:
        cells.setdefault(row["segment"], {})[row["indicator"]] = row["value_after"]
    order = sorted(cells.items(), key=lambda item: (-item[1].get("households", 0), item[0]))
    matrix = [[group, *(f"{found.get(name, 0):,}" for name in shown)] for group, found in order]
    lines = [
        "各人群的监测情况（户；人群之间有重叠）：",
        *aligned([["人群", *shown.values()], *matrix], texts=1),
    ]
    options = [row for row in answer["options"] if row["level"] == "province"]
    head = ["考虑纳入（全省）", "在监测范围户数", "未列入监测、会新增", "比已发布的变化"]
    lines += ["", *aligned([head, *(_option(row) for row in options)], texts=1)]
    together = [row for row in answer["overlap"] if row["level"] == "province"]
    head = ["会新增的户按所属人群（每户计一次）", "户数", "变化"]
    lines += ["", *aligned([head, *([row["segment"], *_changed(row)] for row in together)], texts=1)]
    counties = [row for row in answer["options"] if row["level"] == "county" and row["value_after"]]
    counties.sort(key=lambda row: (-row["value_after"], row["place_code"], row["indicator"]))
    head = ["新增最多的县", "考虑纳入", "在监测范围户数", "会新增", "变化"]
    rows = [[row["place_name"], *_option(row)] for row in counties[:SHOWN]]
    return [*lines, "", *aligned([head, *rows], texts=2)]


def _option(row: Answer) -> list[str]:
    return [row["title"], f"{row['base_after'] or 0:,}", *_changed(row)]


def _changed(row: Answer) -> tuple[str, str]:
    return f"{row['value_after']:,}", f"{row['value_after'] - row['value_before']:+,}"


def assets(answer: Answer) -> list[str]:
    """The province's counts by item and amount, and what they do not say."""
    from fangpin.asset_list import EVIDENCE, ITEMS
    from pipelines.lines import aligned

    shown = {"households": "会排除户数", "monitored": "监测中", **EVIDENCE, "unknown_amount": "金额未登记"}
    titles = {item.name: item.title for item in ITEMS}
    rows = [[titles[row["item"]], row["amount"], *(f"{row[name]:,}" for name in shown)] for row in answer["province"]]
    first = answer["province"][0]
    lines = [
        f"在监测范围或监测中的农户 {first['candidates']:,} 户；"
        f"其中没有授权查询家庭资产的 {first['refused']:,} 户不比对，资产不详。",
        *aligned([["资产项目", "从多少起", *shown.values()], *rows], texts=2),
    ]
    if answer["not_given"]:
        names = "、".join(answer["not_given"])
        lines.append(f"没有文件规定、情景也没有给出的：{names}（见 policy/asset_list.yaml），只列试算的各档。")
    return [*lines, "有其中任一情况的是可能误排除的户，须入户核实。各县明细见 --json，或用 --output 写出工作簿。"]


def elimination(answer: Answer) -> list[str]:
    """The province, then the counties where the two readings differ most."""
    from fangpin.topics.elimination import READINGS
    from pipelines.lines import aligned

    places: dict[str, dict[str, Answer]] = {}
    for row in answer["ratios"]:
        if row["level"] != "city" and row["base_after"]:
            places.setdefault(row["place_code"], {})[row["indicator"]] = row
    names = [name for pair in READINGS.values() for name in pair]
    rows = {}
    for place, found in places.items():
        shares = [found[name]["value_after"] / found[name]["base_after"] for name in names]
        label = next(iter(found.values()))["place_name"]
        of = f"{found[names[0]]['base_after']:,}"
        rows[place] = (shares[0] - shares[1], [label, of, *(f"{share:.1%}" for share in shares)])
    province, *counties = places
    order = [province, *sorted(counties, key=lambda place: (-rows[place][0], place))[:SHOWN]]
    head = ["地区", "监测对象户数", "户：计入", "户：不计入", "人：计入", "人：不计入", "按户相差（百分点）"]
    return [
        "风险消除率，只有综合保障（兜底）的户计入和不计入消除；相差大的县在前：",
        *aligned([head, *([*rows[place][1], f"{100 * rows[place][0]:.1f}"] for place in order)], texts=1),
    ]
