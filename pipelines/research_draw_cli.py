"""`fangpin research nonce`, `freeze`, `draw`, `replace`, `verify`: the official draw, by commit and reveal.

Does not belong here: what is done (research_draw.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.console import say, valid_month
from pipelines.home import home_folder
from pipelines.research_packs_cli import AsJson, Draw, Plan

Month = Annotated[str, typer.Option("--month", "-m", callback=valid_month, help="已发布的月份，如 2021-12。")]
Reason = Annotated[str, typer.Option("--reason", help="为什么重新冻结或重抽；记入台账。")]


def nonce(output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个新文件（只有本人能读）。")]) -> None:
    """写出一个随机的保密串，打印它的校验值：校验值先公布，保密串到抽样时才公开。"""
    from pipelines import research_draw

    typer.echo(research_draw.nonce(output))
    say(
        f"保密串在 {output}，抽样前不要给任何人；上面一行是它的 SHA-256，填入方案的 nonce_sha256 或 freeze 命令并公布。"
    )


def freeze(
    plan: Plan,
    month: Month,
    nonce_sha256: Annotated[str | None, typer.Option(help="保密串的校验值（方案空着时给）。")] = None,
    public_value: Annotated[str | None, typer.Option(help="公布值用哪一天的哪个公开数字（方案空着时给）。")] = None,
    public_value_form: Annotated[
        str | None, typer.Option(help="公布值的写法：一个样例，如 3563.89（方案空着时给）。")
    ] = None,
    first_day: Annotated[str | None, typer.Option(help="调研开始日期 YYYY-MM-DD（方案空着时给）。")] = None,
    last_day: Annotated[str | None, typer.Option(help="调研结束日期 YYYY-MM-DD（方案空着时给）。")] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """冻结名册：按已发布的排名列出可抽的县和村，算出校验值。校验值公布以后，名册和方案就不能再改。"""
    from pipelines import research_draw

    decided = {
        "nonce_sha256": nonce_sha256,
        "public_value": public_value,
        "public_value_form": public_value_form,
        "first_day": first_day,
        "last_day": last_day,
    }
    done = research_draw.freeze(home_folder(), plan, month, decided, reason, say)
    _print(done, as_json, _frozen)


def draw(
    plan: Plan,
    public_value: Annotated[str, typer.Option(help="事先说定的公开数字的实际结果，按公布的写法。")],
    nonce_file: Annotated[Path, typer.Option(help="冻结名册前写出的保密串文件。")],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """正式抽样：种子由名册校验值、公布值和保密串算得，谁也不能挑选。写出名单、入户名单、分组、日程和抽样档案。"""
    from pipelines import research_draw

    secret = research_draw.read_nonce(nonce_file)
    _print(research_draw.make(home_folder(), plan, public_value, secret, reason, say), as_json, _drawn)


def replace(
    plan: Plan,
    village: Annotated[str, typer.Option("--village", "-V", help="不去的正选村，12位代码。")],
    who: Annotated[str, typer.Option(help="谁决定的；记入台账。")],
    why: Annotated[str, typer.Option(help="为什么；记入台账。")],
    instead: Annotated[str | None, typer.Option(help="改去同县哪个村；不给则按顺序用备选。")] = None,
    number: Draw = None,
    as_json: AsJson = False,
) -> None:
    """替换一个去不了的村，成为新的一次抽样（种子不变）。按顺序用备选的保留概率；指定的村只代表它自己。"""
    from fangpin.research.draw import Substitution
    from pipelines import research_draw

    if not who.strip() or not why.strip():
        raise typer.BadParameter("请写明谁决定的、为什么", param_hint="--who / --why")
    change = Substitution(village, instead, who.strip(), why.strip())
    _print(research_draw.replace_village(home_folder(), plan, number, change, say), as_json, _drawn)


def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="档案", help="audit.json 的位置；只凭它就能重算，不需要数据目录。")
    ] = None,
    plan: Annotated[str | None, typer.Option("--plan", "-p", help="不给文件时：数据目录里哪个方案的抽样。")] = None,
    number: Draw = None,
    as_json: AsJson = False,
) -> None:
    """复核一次抽样：从抽样档案重算全部结果。退出码：0 完全一致，1 有不一致。"""
    from pipelines import research_draw

    if (file is None) == (plan is None):
        raise typer.BadParameter("请给出 audit.json 的位置，或用 --plan 指明方案")
    if file is not None:
        told, found = research_draw.verify_files(file)
    else:
        told, found = research_draw.verify_drawn(home_folder(), str(plan), number)
    checks = [{"what": each.what, "holds": each.holds, "told": each.told} for each in found]
    _print({**told, "checks": checks}, as_json, _verified)
    raise typer.Exit(0 if told["holds"] else 1)


def _print(done: Mapping[str, Any], as_json: bool, told: Callable[[Mapping[str, Any]], list[str]]) -> None:
    typer.echo(json.dumps(done, ensure_ascii=False, indent=2) if as_json else "\n".join(told(done)))


def _frozen(done: Mapping[str, Any]) -> list[str]:
    counts = done["counts"]
    return [
        f"{done['title']}：名册依据 {done['month']} {done['version']}，{counts['county']} 个县、"
        f"{counts['village']} 个村"
        f"（其中不抽的地区 {done['excluded']} 个）。",
        f"名册：{done['folder']}",
        "请公布以下三项，公布后不再改动：",
        f"  名册校验值（SHA-256） {done['frame_sha256']}",
        f"  保密串校验值（SHA-256） {done['nonce_sha256']}",
        f"  公布值用：{done['public_value']}，写法如 {done['public_value_form']}",
    ]


def _drawn(done: Mapping[str, Any]) -> list[str]:
    counts = done["counts"]
    return [
        f"{done['plan']} 第{done['draw']}次抽样：{counts['cities']} 个市、{counts['counties']} 个县、"
        f"{counts['villages']} 个村（重点 {counts['villages_risk']}、随机 {counts['villages_random']}，"
        f"备选 {counts['reserves']}），{counts['households']} 户，{counts['teams']} 组，{counts['days']} 天。",
        *done["cautions"],
        f"种子 {done['seed']}",
        f"结果：{done['folder']}（sample.csv 名单，households.csv 入户名单，teams.csv 分组，days.csv 日程，"
        "audit.json 抽样档案）",
        f"复核：fangpin research verify {done['folder']}/audit.json",
    ]


def _verified(done: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{'一致' if each['holds'] else '不一致'}  {each['what']}" + (f"：{each['told']}" if each["told"] else "")
        for each in done["checks"]
    ]
    head = f"{done['plan']} 第{done['draw']}次抽样，名册校验值 {done['frame_sha256']}（请与公布的核对）"
    tail = "复核通过：由档案重算的结果与记载完全一致。" if done["holds"] else "复核不通过：见上面不一致的各项。"
    return [head, *lines, tail]
