"""`fangpin policy`: the values in force with their documents, what is wrong with policy/, what differs.

Does not belong here: how any of it is found (law.py, fangpin/policy.py, fangpin/scenario.py).
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from fangpin.errors import FangpinError, PolicyError
from pipelines.console import say, today
from pipelines.home import CHECKOUT

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="政策参数：查、核对、比较。")

Place = Annotated[str, typer.Option("--place", "-p", help="区划代码或它的前几位；默认为全国。")]
Day = Annotated[str | None, typer.Option("--date", "-d", help="日期，如 2020-06-01；默认为今天。")]


@app.command("show")
def policy_show(
    name: Annotated[str | None, typer.Argument(metavar="参数", help="如 monitoring_line；不给则列出全部。")] = None,
    place: Place = "",
    date: Day = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON：数值、单位、口径、地区、起始日、文件、条款。")
    ] = False,
) -> None:
    """一个参数在某地某日的数值和依据；不给地区和日期时，列出它的全部数值。没有数值时退出码为 2。"""
    from fangpin import policy
    from pipelines import law

    known = policy.load(CHECKOUT / "policy")
    try:
        if name is None or not (place or date or as_json):
            typer.echo(law.listed(known, name))
            return
        found = law.in_force(known, name, place, _day(date))
    except PolicyError as error:
        say(str(error))
        raise typer.Exit(2) from None
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else law.shown(known, name, found))


@app.command("check")
def policy_check() -> None:
    """核对 policy/：写法、依据、日期、重叠，有没有无人使用的或程序要用而没有的参数，情景文件。有误时退出码为 1。"""
    from fangpin import policy, scenario
    from pipelines import law

    known = policy.load(CHECKOUT / "policy")
    found = law.problems(known, CHECKOUT)
    scenarios = sorted((CHECKOUT / "policy" / policy.SCENARIOS).glob("*.yaml"))
    for path in scenarios:
        try:
            scenario.load(path, known)
        except PolicyError as error:
            found.append(str(error))
    if found:
        raise FangpinError("政策文件有误：\n" + "\n".join(found))
    values = sum(len(parameter.values) for parameter in known.parameters.values())
    typer.echo(
        f"没有问题：{len(known.parameters)} 个参数，{values} 个数值，{len(scenarios)} 个情景，版本 {known.version}。"
    )


@app.command("lines")
def policy_lines(
    year: Annotated[int, typer.Option("--year", "-y", help="按哪一年的指数和标准测算，如 2020。")],
    place: Place = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """监测线的候选数值：各个公式（policy/line_candidate.yaml）按一年的物价、收入、低保算出的结果，有缺陷的说明缺陷。"""
    from dataclasses import asdict

    from fangpin import policy
    from fangpin.candidate_line import candidates
    from pipelines import law

    try:
        found = candidates(policy.load(CHECKOUT / "policy"), place, year)
    except PolicyError as error:
        say(str(error))
        raise typer.Exit(2) from None
    told = [asdict(each) for each in found]
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else law.compared_lines(found))


@app.command("diff")
def policy_diff(
    since: Annotated[str | None, typer.Option("--from", help="第一个日期；默认同第二个。")] = None,
    until: Annotated[str | None, typer.Option("--to", help="第二个日期；默认为今天。")] = None,
    scenario: Annotated[Path | None, typer.Option(help="第二个日期按这个情景文件（policy/scenarios/）。")] = None,
    place: Place = "",
) -> None:
    """两个日期之间，或现行政策与一个情景之间，哪些参数的数值不同。"""
    from fangpin import policy
    from fangpin import scenario as scenarios
    from pipelines import law

    if since is None and scenario is None:
        raise typer.BadParameter("请给出 --from（与哪一天比较）或 --scenario（与哪个情景比较）")
    before = policy.load(CHECKOUT / "policy")
    after = before if scenario is None else scenarios.applied(before, scenarios.load(scenario, before))
    found = law.differences(before, _day(since or until), after, _day(until), place)
    typer.echo(law.compared(found))


def _day(text: str | None) -> dt.date:
    """A day given on the command line; today when none is."""
    if text is None:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日期应写作 YYYY-MM-DD，如 2020-06-01；收到：{text!r}", param_hint="--date") from None
