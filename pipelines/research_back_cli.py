"""`fangpin research import`, `withdraw` and `settle`: what comes back from a trip, what was filled in wrongly, and
problems that were put right.

Does not belong here: what is done (research_back.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from fangpin.intake.written import Unreadable, read_date
from pipelines.console import say, today
from pipelines.home import home_folder
from pipelines.research_packs_cli import AsJson, Plan

Files = Annotated[
    list[Path],
    typer.Argument(metavar="文件...", help="填好的核查表（.xlsx），或电子表单的导出（.csv，或打包它们的 .zip）。"),
]


def import_(files: Files, plan: Plan, as_json: AsJson = False) -> None:
    """导入调研带回来的核查表和电子表单，写出调研成果汇总。

    一个文件有一处不对，整个文件（和同时给出的其他文件）都不导入，逐处说明；同一户的同一项再次导入的，以新的为准；
    后来的文件空着的项，以前的答案仍算数。
    """
    from pipelines import research_back

    done = research_back.import_files(home_folder(), plan, files, today(), say)
    typer.echo(json.dumps(done, ensure_ascii=False, indent=2) if as_json else "\n".join(_imported(done)))


def settle(
    plan: Plan,
    finding: Annotated[str, typer.Option("--finding", "-f", help="问题编号，见调研成果汇总的问题清单。")],
    who: Annotated[str, typer.Option(help="谁认定整改完成（单位或职务）；记入台账。")],
    what: Annotated[str, typer.Option(help="怎么整改的；记入台账。")],
    on: Annotated[str | None, typer.Option(help="销号日期 YYYY-MM-DD；默认为今天。")] = None,
    as_json: AsJson = False,
) -> None:
    """给问题清单里的一个问题销号：记下哪天、谁认定、怎么整改的，问题本身不删除。"""
    from pipelines import research_back

    if not who.strip() or not what.strip():
        raise typer.BadParameter("请写明谁认定的、怎么整改的", param_hint="--who / --what")
    try:
        day = today() if on is None else read_date(on)
    except Unreadable:
        day = None
    if day is None or day > today():
        raise typer.BadParameter("应为不晚于今天的日期 YYYY-MM-DD", param_hint="--on")
    done = research_back.settle(home_folder(), plan, finding.strip(), day, who.strip(), what.strip())
    told = f"问题 {done['finding']} 已于 {done['settled_on']} 销号。成果已更新：{done['results'][-1]['folder']}"
    typer.echo(json.dumps(done, ensure_ascii=False, indent=2) if as_json else told)


def withdraw(
    plan: Plan,
    file: Annotated[int, typer.Option("--file", "-f", help="文件编号，见导入时的提示和调研成果汇总的“导入的文件”。")],
    who: Annotated[str, typer.Option(help="谁决定撤回（单位或职务）；记入台账。")],
    why: Annotated[str, typer.Option(help="为什么撤回；记入台账。")],
    as_json: AsJson = False,
) -> None:
    """撤回一个填错的文件：它的答案不再算数（以前导入的同一户同一项恢复有效），台账里仍有记录。改好后再导入。"""
    from pipelines import research_back

    if not who.strip() or not why.strip():
        raise typer.BadParameter("请写明谁决定的、为什么", param_hint="--who / --why")
    done = research_back.withdraw(home_folder(), plan, file, who.strip(), why.strip())
    told = [f"{plan}：已撤回 {done['number']} 号文件 {done['name']}（{done['records']} 条记录）。"]
    told += [f"成果（已访 {each['households']} 户）：{each['folder']}" for each in done["results"]]
    typer.echo(json.dumps(done, ensure_ascii=False, indent=2) if as_json else "\n".join(told))


def _imported(done: dict[str, Any]) -> list[str]:
    counts = done["records"]
    lines = [
        f"{done['plan']}：导入 {len(done['files'])} 个文件，{counts['household']} 户、{counts['village']} 个村、"
        f"{counts['opinion']} 条意见、{counts['finding']} 个问题。"
    ]
    if counts["changed"] or counts["same"]:
        lines.append(f"其中以前导入过的：{counts['changed']} 条有变，以这次为准；{counts['same']} 条相同。")
    if done["again"]:
        lines.append(f"已导入过、没有变化的文件 {len(done['again'])} 个：{'、'.join(done['again'][:5])}")
    lines += [f"{file['number']} 号文件：{file['name']}（填错时按编号撤回）" for file in done["files"]]
    lines += [f"注意 {file['name']}：{each}" for file in done["files"] for each in file["left"]]
    lines += [f"成果（已访 {each['households']} 户）：{each['folder']}" for each in done["results"]]
    return [
        *lines,
        "以后各月重新运行时，按核查日期计入规则属实率、建议核查名单和最近调研日期（fangpin status 列出要重算的月份）。",
    ]
