"""The `fangpin` command: the one way to write the sample, run a month, publish, roll back, look and explain.

Does not belong here: what any of it does; every command calls one function elsewhere. Heavy packages are imported by
the command that needs them.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fangpin.errors import FangpinError, FileRejected
from fangpin.month import shift
from pipelines.console import say, today, valid_month
from pipelines.home import CHECKOUT, home_folder
from pipelines.policy_cli import app as policy_app
from pipelines.research_cli import app as research_app
from pipelines.usage import UsageError, told
from pipelines.whatif_cli import app as whatif_app
from pipelines.whatif_cli import compare

if TYPE_CHECKING:
    from checks.feed import FeedContract

app = typer.Typer(
    name="fangpin",
    help="防止返贫致贫动态监测分析流水线。数据都在 FANGPIN_HOME（默认为检出目录下的 home/）。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(policy_app, name="policy")
app.add_typer(whatif_app, name="whatif")
app.add_typer(research_app, name="research")
app.command("changes")(compare)

Months = Annotated[list[str], typer.Option("--month", "-m", help="月份，如 2021-10；可重复，按顺序处理。")]
Month = Annotated[str, typer.Option("--month", "-m", help="月份，如 2021-10。")]
ALLOCATORS = {
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",
    "MIMALLOC_PURGE_DELAY": "10000",
}
"""Polars and Arrow give memory back to the system later: intake reuses it block after block, about 6 % less CPU."""
SAMPLE_MONTHS = ("2021-10", "2021-11", "2021-12")


@app.command()
def sample(
    scale: Annotated[str, typer.Option(help="比例，不大于1：1/400约5万户；1为2000万户，三个月约55 GB。")] = "1/400",
    seed: Annotated[int, typer.Option(help="随机种子；同样的比例、种子和月份写出的文件逐字节相同。")] = 2021,
    month: Months = list(SAMPLE_MONTHS),  # noqa: B006
    force: Annotated[bool, typer.Option(help="收件目录里已有别的文件时也覆盖样本月份。")] = False,
) -> None:
    """写出样本省各月的部门数据（人员均为虚构）到 inbox/，埋设的真值到 truth/。"""
    from fangpin.sample import write_sample

    try:
        ratio = Fraction(scale)
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f"比例应写作 1/400 或 0.1，收到 {scale!r}", param_hint="--scale") from None
    started = time.monotonic()
    summary = write_sample(home_folder(), scale=ratio, seed=seed, months=tuple(month), force=force, progress=say)
    say(f"{summary}（{time.monotonic() - started:.0f} 秒）")


@app.command()
def fetch(
    month: Month,
    feed: Annotated[str | None, typer.Option("--feed", "-f", help="只取这一类数据；默认取全部已声明的。")] = None,
    again: Annotated[bool, typer.Option(help="已经取过的也重新取，替换收件目录里的文件。")] = False,
) -> None:
    """从部门的数据库取数，放入 inbox/，之后与部门报送的文件一样。来源在数据目录的 sources/*.yaml 里声明。"""
    from assets.fetching import fetch as fetch_declared

    valid_month(month)
    done = fetch_declared(home_folder(), month, feed=feed and _contract(feed).name, again=again, report=say)
    say(f"{month}：取得 {len(done)} 份文件。" if done else f"{month}：没有要取的数据（没有声明，或都已取过）。")


@app.command()
def run(month: Months) -> None:
    """经 Dagster 运行一个或几个月：接收、校验、评分、排名、发布。任何一步失败都不改变已发布的版本。

    更早的已发布月份有迟报或补报的文件时，先按顺序重算它们。
    """
    from pipelines.execution import run_job, stale_before

    for each in month:
        _recorded(each, last=shift(_this_month(), -1), why="还没有结束，结束以后才能运行。")
    for each in month:
        while (stale := stale_before(home_folder(), each)) is not None:
            say(f"{stale[0]} 须重算：{stale[1]}。先运行它。")
            run_job("month", stale[0], say=say)
        run_job("month", each, say=say)


@app.command()
def publish(month: Month) -> None:
    """重新发布一个已经算好的月份：复核检查结果，生成文件，内容有变时切换到新版本。"""
    from pipelines.execution import require_run, run_job

    valid_month(month)
    require_run(home_folder(), month)
    run_job("publish", month, say=say)


@app.command()
def rollback(month: Month, reason: Annotated[str, typer.Option(help="为什么退回；记入台账。")]) -> None:
    """把一个月退回到上一个发布版本，并把之后的月份标为待重算。"""
    from assets.publish.release import rollback as roll_back

    valid_month(month)
    typer.echo(roll_back(home_folder(), month, reason))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="输出清单（manifest）的 JSON。")] = False,
    month: Annotated[str | None, typer.Option("--month", "-m", help="月份；默认为最新发布的月份。")] = None,
) -> None:
    """已发布的月份：户数、人数、各部门接收与退回行数、预警、异常、排名前列的县、文件在哪里。"""
    from pipelines.status import manifest, summary

    if month is not None:
        valid_month(month)
    found = manifest(home_folder(), month)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else summary(home_folder(), found))


@app.command()
def explain(
    month: Month,
    household: Annotated[int | None, typer.Option("--household", "-H", help="农户内部编号。")] = None,
    village: Annotated[str | None, typer.Option("--village", "-V", help="行政村代码（12位）。")] = None,
) -> None:
    """从一个分数或名次追到部门文件的那一行那一格（个人信息遮盖）。"""
    from pipelines.explain import explain_household, explain_village

    valid_month(month)
    home = home_folder()
    if household is not None and village is None:
        typer.echo(explain_household(home, month, household))
    elif village is not None and household is None:
        typer.echo(explain_village(home, month, village))
    else:
        raise typer.BadParameter("请给出 --household 或 --village 中的一个")


@app.command()
def export(
    month: Month,
    receiver: Annotated[str, typer.Option("--for", help="接收单位；写进文件和台账。")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途；写进文件和台账。")],
    level: Annotated[str, typer.Option("--level", help="到哪一级：province、city、county、township。")] = "county",
) -> None:
    """给其他单位的数据：小数不显示、其余取整（policy/disclosure.yaml），不含村和农户；每次外发都记入台账。"""
    from fangpin.reports.export import LEVELS
    from pipelines.exporting import export as hand_out

    valid_month(month)
    if level not in LEVELS:
        raise typer.BadParameter(f"级别应为 {'、'.join(LEVELS)} 之一；村级不外发", param_hint="--level")
    if not receiver.strip() or not purpose.strip():
        raise typer.BadParameter("请写明接收单位和用途", param_hint="--for")
    done = hand_out(home_folder(), month, receiver.strip(), purpose.strip(), level)
    typer.echo(f"{done['file']}\n{done['rows']} 行，{done['hidden']} 格不显示；SHA-256 {done['sha256']}")


@app.command()
def feeds(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，含每一列。")] = False) -> None:
    """各部门报送的数据：名称、部门、报送方式；--json 另有每一列的表头、类型、单位、选项。"""
    from pipelines.feeds import listed, table

    typer.echo(json.dumps(listed(), ensure_ascii=False, indent=2) if as_json else table())


@app.command()
def template(
    name: Annotated[str, typer.Argument(metavar="名称", help="数据的名称，见 fangpin feeds。")],
    output: Annotated[
        Path | None, typer.Option(help="写到哪里，文件名以 .xlsx 结尾；默认写到当前目录，文件名为部门和数据。")
    ] = None,
    month: Annotated[str | None, typer.Option("--month", "-m", help="月份；标题、期限和示例随之写明月份。")] = None,
) -> None:
    """写出一类数据的填报模板（.xlsx）：列名、下拉选项、填写提示、填报说明，都出自报送约定。"""
    from assets.template import write_template
    from fangpin import policy

    contract = _contract(name)
    if month is not None:
        valid_month(month)
    written = write_template(contract, policy.load(CHECKOUT / "policy"), month, output)
    typer.echo(f"{contract.source}《{contract.title}》的填报模板：{written}")


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="要检查的文件（.xlsx .xls .csv .txt .zip），放在哪里都行。")
    ],
    feed: Annotated[str, typer.Option("--feed", "-f", help="按哪一类数据检查；名称见 fangpin feeds。")],
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            "-m",
            help="按哪个月检查；不给时依次取文件所在的月份文件夹、文件名或标题写明的月份、收件目录中最新的月份、"
            "上个月，并说明取了哪个月。",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，含全部行的原因。")] = False,
) -> None:
    """试读一份文件：哪些行会被接收，哪些会被退回、为什么。什么也不写入。

    退出码：0 全部接收，1 有行退回，2 整份文件退回。
    """
    from assets.inspection import Inspection, inspect
    from fangpin import policy
    from pipelines.check import assumed_month, report

    contract = _contract(feed)
    if month is None:
        meant, sure = assumed_month(file, home_folder(), _this_month())
    else:
        meant, sure = _recorded(month, last=_this_month(), why="还没有到。"), True
    try:
        found = inspect(file, contract, meant, policy.load(CHECKOUT / "policy"), sure)
    except FangpinError as error:
        found = Inspection(meant, FileRejected(str(error), "failed"))
    if month is None:
        say(f"没有给出月份，按 {found.month} 检查；要按别的月份检查，请用 --month。")
    typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if as_json else report(file, contract, found))
    raise typer.Exit(found.status)


def _this_month() -> str:
    return f"{today():%Y-%m}"


def _recorded(text: str, *, last: str, why: str) -> str:
    """A month given on the command line that is not before the record begins nor after `last`, which `why` explains."""
    from fangpin import policy

    first = str(policy.load(CHECKOUT / "policy").parameter("calendar.first_month").values[-1].value)
    if valid_month(text) < first:
        raise typer.BadParameter(f"{text} 早于起始月份 {first}（policy/calendar.yaml）。", param_hint="--month")
    if text > last:
        raise typer.BadParameter(f"{text} {why}", param_hint="--month")
    return text


def _contract(name: str) -> FeedContract:
    """The contract of a feed given on the command line."""
    from checks.raw import FEEDS

    if name not in FEEDS:
        near = difflib.get_close_matches(name, FEEDS, n=1)
        hint = f"是不是 {near[0]}？" if near else ""
        raise typer.BadParameter(f"没有名为 {name} 的数据。{hint}全部名称见 fangpin feeds")
    return FEEDS[name]


def main() -> None:
    """Entry point: named failures end with their message and status 1, never with a traceback."""
    for name, setting in ALLOCATORS.items():
        os.environ.setdefault(name, setting)
    os.environ.setdefault("DAGSTER_HOME", str(CHECKOUT))
    os.environ.setdefault("FANGPIN_DAGSTER", str(home_folder() / "dagster"))
    try:
        code = app(prog_name="fangpin", standalone_mode=False)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help page
            say(str(error))
        else:
            say(told(error))
        sys.exit(2)
    except (FangpinError, ValueError) as error:
        say(f"错误：{error}")
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
