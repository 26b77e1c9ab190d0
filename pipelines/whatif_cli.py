"""`fangpin whatif` and `fangpin changes`: questions to a published month, in words or as JSON.

Does not belong here: any figure (whatif.py, changes.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines import inclusion_told
from pipelines.console import say, valid_month
from pipelines.home import home_folder

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="假如政策变了：在已发布的月份上测算，不再读取部门数据，也不改变已发布的版本。",
)

Month = Annotated[str, typer.Option("--month", "-m", callback=valid_month, help="已发布的月份，如 2021-12。")]
Scenario = Annotated[
    Path | None,
    typer.Option("--scenario", "-s", help="情景文件，写法见 policy/scenarios/README.md；不给则按现行政策。"),
]
Required = Annotated[Path, typer.Option("--scenario", "-s", help="情景文件，写法见 policy/scenarios/README.md。")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="另写出工作簿（.xlsx），格式同已发布的。")]
Lists = Annotated[
    Path | None, typer.Option("--output", "-o", help="另把变化的农户、线索、名次等逐条写进这个目录（.csv）。")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，含全部明细。")]


@app.command("line")
def whatif_line(month: Month, scenario: Scenario = None, output: Output = None, as_json: AsJson = False) -> None:
    """监测线移动后，低于监测线的户数、人数和差额：全省、各县，以及各个备选方案。"""
    from pipelines import whatif

    _print(whatif.line(home_folder(), month, scenario, say, output), as_json, _line)


@app.command("rigid")
def whatif_rigid(month: Month, scenario: Scenario = None, output: Output = None, as_json: AsJson = False) -> None:
    """刚性支出较大、收入大幅缩减：按金额还是按幅度，在工作量相同时比较查准、查全。"""
    from pipelines import whatif

    _print(whatif.rigid(home_folder(), month, scenario, say, output), as_json, _rigid)


@app.command("coverage")
def whatif_coverage(month: Month, scenario: Scenario = None, output: Output = None, as_json: AsJson = False) -> None:
    """监测对象包含哪些人群；纳入突发严重困难户、脱贫不享受政策户、脱贫享受政策户各新增多少户，重叠多少，各县多少。"""
    from pipelines import whatif

    _print(whatif.included("coverage", home_folder(), month, scenario, say, output), as_json, inclusion_told.coverage)


@app.command("assets")
def whatif_assets(month: Month, scenario: Scenario = None, output: Output = None, as_json: AsJson = False) -> None:
    """家庭资产清单各项从多少起不予识别：会排除多少户，其中多少户另有困难证据；没有授权查询的只计数。"""
    from pipelines import whatif

    _print(whatif.included("assets", home_folder(), month, scenario, say, output), as_json, inclusion_told.assets)


@app.command("elimination")
def whatif_elimination(month: Month, scenario: Scenario = None, output: Output = None, as_json: AsJson = False) -> None:
    """落实社会保障措施的是否标注消除：只有综合保障的计入和不计入，各地风险消除率各是多少。"""
    from pipelines import whatif

    answer = whatif.included("elimination", home_folder(), month, scenario, say, output)
    _print(answer, as_json, inclusion_told.elimination)


@app.command("policy")
def whatif_policy(month: Month, scenario: Required, output: Lists = None, as_json: AsJson = False) -> None:
    """一项政策改变后，哪些农户的判断、预警、异常线索、名次和抽样村会变。"""
    from pipelines import changes, whatif

    answer, found = whatif.policy(home_folder(), month, scenario, say)
    if output is not None:
        changes.write(found, output)
    _print(answer, as_json, lambda _: changes.told(found))


def compare(
    month: Month,
    before: Annotated[str, typer.Argument(metavar="前一版", help="版本号，如 v001。")],
    after: Annotated[str, typer.Argument(metavar="后一版", help="版本号，如 v002。")],
    output: Lists = None,
    as_json: AsJson = False,
) -> None:
    """一个月的两个已发布版本之间，哪些农户的判断、预警、异常线索、名次和抽样村变了，各按哪一版政策。"""
    from pipelines import changes

    answer, found = changes.between_versions(home_folder(), month, before, after)
    if output is not None:
        changes.write(found, output)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    policies = "，政策版本 {} → {}".format(*answer["policy_versions"])
    code = "，程序版本 {} → {}".format(*answer["code_versions"])
    typer.echo("\n".join([f"{month} 从 {before} 到 {after}{policies}{code}", *changes.told(found)]))


def _print(answer: dict[str, Any], as_json: bool, told: Any) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    source = f"{answer['month']} 的已发布版本 {answer['version']}，政策版本 {answer['policy_version']}"
    digest = f"，情景文件 SHA-256 {answer['scenario_sha256'][:12]}" if answer["scenario_sha256"] else ""
    lines = [f"{answer['title']}（{source}{digest}）"]
    if answer["policy_now"] != answer["published_policy_version"]:
        made = answer["published_policy_version"]
        lines.append(f"注意：这一版按政策版本 {made} 发布，policy/ 后来有改动，测算结果包含这些改动。")
    typer.echo("\n".join([*lines, *told(answer)]))


def _line(answer: dict[str, Any]) -> list[str]:
    from pipelines.lines import aligned

    lines = [f"监测线 {one['before']:g} 元 → {one['after']:g} 元：{one['counties']} 个县" for one in answer["lines"]]
    head = ["地区", "低于监测线户数", "变化", "人数", "变化", "差额（万元/年）", "收入不详户数"]
    rows = [*answer["province"], *answer["other_places"], *_most_changed(answer["counties"])]
    lines += aligned([head, *map(_place, rows)], texts=1)
    lines += ["", "备选方案（全省）："]
    head = ["方案", "监测线", "户数", "人数", "差额（万元/年）"]
    lines += aligned([head, *map(_candidate, answer["candidates"])], texts=1)
    lines += [f"注意（{one['title']}）：{one['warning']}" for one in answer["candidates"] if one["warning"]]
    lines.append("全部农户的计数，没有抽样误差；收入本身的误差见工作簿“监测标准测算”的“收入误差”一页。")
    return lines


def _most_changed(counties: Sequence[dict[str, Any]], shown: int = 10) -> list[dict[str, Any]]:
    order = sorted(counties, key=lambda row: row["households_below_before"] - row["households_below_after"])
    return [row for row in order if row["households_below_before"] != row["households_below_after"]][:shown]


def _place(row: dict[str, Any]) -> list[str]:
    more = {name: row[f"{name}_after"] - row[f"{name}_before"] for name in ("households_below", "persons_below")}
    return [
        row["place_name"],
        f"{row['households_below_after']:,}",
        f"{more['households_below']:+,}",
        f"{row['persons_below_after']:,}",
        f"{more['persons_below']:+,}",
        f"{row['gap_yuan_after'] / 10_000:,.1f}",
        f"{row['households_unknown']:,}",
    ]


def _candidate(row: dict[str, Any]) -> list[str]:
    if row["line"] is None:
        return [row["title"], "—", "—", "—", "—"]
    counts = f"{row['households_below']:,}", f"{row['persons_below']:,}"
    return [row["title"], f"{row['line']:g}", *counts, f"{row['gap_yuan'] / 10_000:,.1f}"]


def _rigid(answer: dict[str, Any]) -> list[str]:
    from pipelines.lines import aligned

    head = ["金额门槛", "幅度门槛", "按金额户数", "查准", "查全", "按幅度户数", "查准", "查全", "一致性κ"]
    lines = []
    for subject in answer["subjects"]:
        lines.append(f"{subject['title']}（每个金额门槛配工作量最接近的幅度门槛）：")
        lines += aligned([head, *map(_compared, subject["equal_work"])], texts=0)
    lines.append("查准：标出的户中扣除刚性支出后低于监测线的比例；查全：低于监测线的户中被标出的比例。")
    return lines


def _compared(pair: dict[str, Any]) -> list[str]:
    cells = [f"{pair['amount_yuan']:,}元", f"{pair['share']:.0%}"]
    for criterion in ("by_amount", "by_share"):
        found = pair[criterion]
        cells += [f"{found['households']:,}", _percent(found["precision"]), _percent(found["recall"])]
    return [*cells, "—" if pair["kappa"] is None else f"{pair['kappa']:.2f}"]


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"
