"""`fangpin research packs`: the documents, lists, sheets and forms of a draw, and the teams' encrypted field packs.

Does not belong here: what is written (research_packs.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import say
from pipelines.home import home_folder

Plan = Annotated[str, typer.Option("--plan", "-p", help="调研方案，policy/research/ 中的文件名，不带 .yaml。")]
Draw = Annotated[int | None, typer.Option("--draw", "-d", help="第几次抽样；默认为最近一次。")]
FieldKey = Annotated[
    Path | None,
    typer.Option("--field-key", "-k", help="口令文件（第一行为口令，chmod 600）：另写出各组加密的实地资料包。"),
]
Ask = Annotated[bool, typer.Option("--ask-field-key", help="当面输入口令（不显示），代替口令文件。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


def packs(plan: Plan, draw: Draw = None, field_key: FieldKey = None, ask: Ask = False, as_json: AsJson = False) -> None:
    """生成一次抽样的资料包：方案附件、抽样说明、调研名单、村情和访谈提纲、核查表、电子表单。

    普通资料包不含姓名、电话、证件号码；给了口令才写出各组加密的实地资料包（压缩包，用 7-Zip、WinRAR 或 WPS 打开）。
    """
    from pipelines import research_packs

    passphrase = None if field_key is None else research_packs.read_passphrase(field_key)
    if ask:
        typed = typer.prompt("实地资料包口令", hide_input=True, confirmation_prompt="再输一遍", err=True)
        passphrase = research_packs.checked(typed, "输入的口令")
    done = research_packs.make(home_folder(), plan, draw, passphrase, say)
    if as_json:
        typer.echo(json.dumps(done, ensure_ascii=False, indent=2))
        return
    typer.echo(
        f"{plan} 第{done['draw']}次抽样：{done['villages']} 个村、"
        f"{done['households']} 户（含备选），{done['teams']} 组。"
    )
    typer.echo(f"普通资料包：{done['folder']}（{done['files']} 个文件，清单和校验值见 manifest.json）")
    if done["field_packs"]:
        typer.echo(f"加密实地资料包：{done['field_folder']}（{len(done['field_packs'])} 个；口令请另行告知各组）")
    else:
        typer.echo("没有写实地资料包：需要时给出 --field-key 口令文件。")
