"""The gate: whether the version under construction may be published.

It re-reads what the builds and checks recorded, because a blocking check of Dagster only guards its own run: every
table must be built on the builds now in force, every check must have judged that build, every blocking one passed, the
month before must be the one the tables were built on, and the publication suite must hold.
Does not belong here: running checks again, and the suite itself (expectations.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from assets.build import Build, identify_build
from assets.publish import expectations, history
from assets.publish.bundle import COPY
from checks.catalogue import contracts
from fangpin.errors import GateRefused
from fangpin.month import shift
from fangpin.reports.edition import GateResult

PASSED, WARNED, NOT_APPLICABLE = "通过", "提示", "不适用"


def judge(build: Build, folder: Path) -> tuple[GateResult, ...]:
    """Everything judged, for the page of the gate; GateRefused naming every reason at once."""
    con = build.con
    con.execute(f"attach '{folder / COPY}' as edition (read_only)")
    try:
        problems = [*_order(build), *_builds(build), *_checks(con)]
        if problems:
            raise GateRefused(_refusal(build.month, problems))
        results = [*_build_results(con), *_check_results(con)]
        suite = expectations.load_suite(build.policy.document("publication_suite"))
        first = history.reference(build.home, shift(build.month, -1)) is None
        try:
            verdicts = expectations.judge(suite, expectations.frames(con), first_month=first)
        except GateRefused as refused:
            raise GateRefused(_refusal(build.month, [str(refused)])) from None
    finally:
        con.execute("detach edition")
    for verdict in verdicts:
        outcome = PASSED if verdict.applies else NOT_APPLICABLE
        expected = verdict.expectation
        results.append(GateResult("发布预期", expected.frame, expected.description, verdict.observed, outcome))
    return tuple(results)


def _refusal(month: str, problems: list[str]) -> str:
    return f"{month} 不能发布，已发布的版本未受影响：\n" + "\n".join(problems)


def _order(build: Build) -> list[str]:
    """The month before must not itself be waiting to be built again."""
    before = shift(build.month, -1)
    waiting = [(month, why) for month, why in history.stale(build.home).items() if month <= before]
    return [f"  {month} 待重算（{why}）：请从 {month} 起按月重新运行。" for month, why in waiting[:1]]


def _builds(build: Build) -> list[str]:
    """Tables not built, built under another policy, or on builds that are no longer in force."""
    con = build.con
    recorded = con.sql("select table_name, build_id, inputs, code_version from edition.meta.build").fetchall()
    known = {name: identity for name, identity, _, _ in recorded}
    before = dict(con.sql("select table_name, build_id from prev.meta.build").fetchall())
    problems = [f"  {name} 还没有生成：请先运行它。" for name in contracts() if name not in known]
    other_policy = []
    for name, identity, text, code in sorted(recorded):
        inputs: dict[str, str] = json.loads(text)
        for source, used in inputs.items():
            last_month = source.startswith("prev.")
            now = before.get(source.removeprefix("prev."), "none") if last_month else known.get(source)
            if used != now:
                change = "上月的版本已更换" if last_month else "其后又重新生成过"
                problems.append(f"  {name} 早于它的输入 {source}（{change}）：请重新运行 {name} 及其下游。")
        expected = identify_build(name, build.month, code, build.policy.version, inputs)
        if name in contracts() and identity != expected:
            other_policy.append(name)
    if other_policy:
        more = f" 等{len(other_policy)}张表" if len(other_policy) > 3 else ""
        problems.append(f"  {'、'.join(other_policy[:3])}{more} 是按另一版政策文件生成的：请重新运行这个月。")
    return problems


def _checks(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Checks that are missing, judged another build, or are blocking and failed."""
    builds = dict(con.sql("select table_name, build_id from edition.meta.build").fetchall())
    results = con.sql(
        """select table_name, check_name, build_id, description, blocking, passed, violations
           from edition.meta.check_result order by table_name, check_name"""
    ).fetchall()
    judged = {(name, check) for name, check, *_ in results}
    problems = [
        f"  {name} 的检查 {check} 没有结果：请重新运行 {name}。"
        for name, contract in contracts().items()
        for check in ("contract", *(audit.name for audit in contract.audits))
        if (name, check) not in judged
    ]
    for name, check, identity, description, blocking, passed, violations in results:
        if identity != builds.get(name):
            problems.append(f"  {name} 的检查 {check} 判断的不是本次生成的表：请重新运行 {name}。")
        elif blocking and not passed:
            problems.append(f"  {name} 未通过检查 {check}（{description}）：{violations:,} 处不符。请先查清原因。")
    return problems


def _build_results(con: duckdb.DuckDBPyConnection) -> list[GateResult]:
    rows = con.sql("select table_name, row_count, inputs from edition.meta.build order by table_name").fetchall()
    return [
        GateResult("生成次序", name, f"依据的{len(json.loads(inputs))}项输入都是现行生成", f"{count:,}行", PASSED)
        for name, count, inputs in rows
    ]


def _check_results(con: duckdb.DuckDBPyConnection) -> list[GateResult]:
    rows = con.sql(
        "select table_name, description, violations, passed from edition.meta.check_result order by all"
    ).fetchall()
    return [
        GateResult("表检查", name, description, f"{violations:,}处不符", PASSED if passed else WARNED)
        for name, description, violations, passed in rows
    ]
