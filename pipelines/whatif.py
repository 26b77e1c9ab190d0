"""What if: a published month under a scenario, compared with what is in force; as plain values that JSON can hold.

Every answer names its scenario with the hash of its file, the month, the version and the policy it was computed from,
so that it can be replayed. Does not belong here: how a month is computed again (replay.py), what a scenario may say
(fangpin/scenario.py), how answers are printed (whatif_cli.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assets.build import POLICY_FOLDER
from assets.publish import edition as editions
from checks.ref.line_candidate import IN_FORCE
from fangpin import policy as policies
from fangpin import scenario as scenarios
from fangpin.criterion import SUBJECTS, Overlap, equal_work, overlap
from fangpin.errors import HomeError, PolicyError
from fangpin.policy import Policy
from fangpin.reports.edition import DeliveredFile, Edition, Notice
from pipelines import inclusion
from pipelines.changes import Changes, changes
from pipelines.console import written_to
from pipelines.replay import PUBLISHED, Replay, replayed

LINE = ("mart.line_scenario", "mart.line_group")
RIGID = ("mart.rigid_criterion", "mart.rigid_map")
LINE_BOOK, CRITERION_BOOK = "监测标准测算.xlsx", "刚性支出口径比较.xlsx"
FRAMES = (
    *("mart.place_month", "mart.line_group", "mart.income_band", "mart.rigid_criterion", "mart.rigid_map"),
    *("mart.feed_quality", "ref.place", "ref.division", "ref.policy_value", "ref.monitoring_line"),
    *("ref.line_candidate", "ref.asset_step", "mart.asset_exclusion"),
)
"""Tables that the workbooks and their notes read."""
HERE = "memory"
"""Catalog of the tables under the scenario."""

Say = Callable[[str], None]


def line(home: Path, month: str, scenario: Path | None, say: Say, workbook: Path | None = None) -> dict[str, Any]:
    """Who is below the line: in force, under the scenario and under every candidate; by county.

    What households have does not depend on the line, so only the counts are made again, with the scenario as one
    candidate more. workbook: where 监测标准测算.xlsx with it is written.
    """
    policy, asked, _ = _asked(scenario)
    with replayed(home, month, policy, goals=(), report=say) as replay:
        answer = _line(replay, asked)
        if workbook is not None:
            _write(workbook, edition(replay, asked), LINE_BOOK)
        return answer


def _line(replay: Replay, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer about the line; the replay's candidates and their counts hold the scenario from then on."""
    name = _add_candidate(replay, asked)
    moved = replay.con.sql(
        f"""select before.line_fen / 100 as before, after.line_fen / 100 as after, count(*) as counties
        from {PUBLISHED}.ref.monitoring_line as before join ref.monitoring_line as after using (county_code)
        where before.line_fen <> after.line_fen
          and county_code in (select place_code from mart.line_scenario where level = 'county')
        group by all order by all"""
    )
    lines = [dict(zip(("before", "after", "counties"), row, strict=True)) for row in moved.fetchall()]
    if asked["scenario"] is not None and not lines:
        raise PolicyError(
            f"情景“{asked['title']}”没有改变 {replay.build.month} 任何一个县的监测线：请检查地区代码和起始日期。"
        )
    return _said(replay, asked) | {
        "lines": lines,
        "province": _below(replay, name, "place.in_province and line.level = 'province'"),
        "counties": _below(replay, name, "place.in_province and line.level = 'county'"),
        "other_places": _below(replay, name, "not place.in_province and line.level = 'township'"),
        "candidates": _candidates(replay, name),
    }


def _add_candidate(replay: Replay, asked: dict[str, Any]) -> str:
    """The scenario's line among the candidates of the published month; its name there."""
    if asked["scenario"] is None:
        return IN_FORCE
    name = f"scenario:{asked['scenario']}"
    con = replay.con
    con.execute(f"create temp table asked as from ref.line_candidate where scenario = '{IN_FORCE}'")
    con.execute(f"create or replace table ref.line_candidate as from {PUBLISHED}.ref.line_candidate")
    con.execute(
        """insert into ref.line_candidate by name
        select asked.* replace ($name as scenario, $title as title, last.number + 1 as number)
        from asked cross join (select max(number) as number from ref.line_candidate) as last""",
        {"name": name, "title": f"情景：{asked['title']}"},
    )
    replay.make(LINE)
    return name


def _below(replay: Replay, name: str, where: str) -> list[dict[str, Any]]:
    """Counts in force and under the scenario, by place."""
    figures = ("households_below", "persons_below", "gap_yuan")
    rows = replay.con.sql(
        f"""select line.place_code, place.full_name as place_name, before.line as line_before, line.line as line_after,
          line.households, line.persons, line.households_unknown,
          {", ".join(f"before.{figure} as {figure}_before, line.{figure} as {figure}_after" for figure in figures)}
        from mart.line_scenario as line
        join mart.line_scenario as before
          on before.scenario = '{IN_FORCE}' and line.level = before.level and line.place_code = before.place_code
        join ref.place as place on line.level = place.level and line.place_code = place.place_code
        where line.scenario = $name and {where}
        order by line.place_code""",
        params={"name": name},
    ).pl()
    return rows.to_dicts()


def _candidates(replay: Replay, name: str) -> list[dict[str, Any]]:
    """Every candidate of the month in the province, in their document's order; line is null where it is unknown."""
    rows = replay.con.sql(
        f"""with known as (
          select any_value(number) as number, scenario, any_value(title) as title, any_value(formula) as formula,
            min(warning) as warning, count(line_fen) as counties
          from ref.line_candidate
          where scenario not in ('{IN_FORCE}', $name)
            and county_code in (select place_code from ref.place where level = 'county' and in_province)
          group by scenario
        )
        select known.* exclude (number), line.line, line.households_below, line.persons_below, line.gap_yuan
        from known
        left join (
          select line.* from mart.line_scenario as line
          join ref.place as place on line.level = place.level and line.place_code = place.place_code
          where line.level = 'province' and place.in_province
        ) as line using (scenario)
        order by known.number""",
        params={"name": name},
    ).pl()
    return rows.to_dicts()


def rigid(home: Path, month: str, scenario: Path | None, say: Say, workbook: Path | None = None) -> dict[str, Any]:
    """By amount or by share: every pair of thresholds, and for every amount the share of equal workload.

    workbook: where 刚性支出口径比较.xlsx is written.
    """
    policy, asked, _ = _asked(scenario)
    with replayed(home, month, policy, goals=RIGID, report=say) as replay:
        if workbook is not None:
            _write(workbook, edition(replay, asked), CRITERION_BOOK)
        return _rigid(replay, asked)


def _rigid(replay: Replay, asked: dict[str, Any]) -> dict[str, Any]:
    pairs = replay.con.sql("from mart.rigid_criterion where part = 'all' order by all").pl()
    rows = {subject: pairs.filter(subject=subject).to_dicts() for subject in SUBJECTS}
    return _said(replay, asked) | {
        "subjects": [
            {
                "subject": subject,
                "title": title,
                "equal_work": [
                    _pair(equal_work(rows[subject], step))
                    for step in dict.fromkeys(row["amount_step"] for row in rows[subject])
                ],
                "grid": [_pair(row) for row in rows[subject]],
            }
            for subject, title in SUBJECTS.items()
        ]
    }


def included(
    question: str, home: Path, month: str, scenario: Path | None, say: Say, workbook: Path | None = None
) -> dict[str, Any]:
    """Who is counted in or out. question: of inclusion.QUESTIONS. workbook: where its workbook is written."""
    policy, asked, _ = _asked(scenario)
    about = inclusion.QUESTIONS[question]
    with replayed(home, month, policy, goals=about.goals, report=say) as replay:
        answer = _said(replay, asked) | about.answer(replay, asked["scenario"])
        if workbook is not None:
            _write(workbook, edition(replay, asked), about.workbook)
        return answer


def _pair(row: dict[str, Any]) -> dict[str, Any]:
    found = overlap(row)
    return {
        "amount_yuan": row["amount_yuan"],
        "share": row["share"],
        "by_amount": _measured(found, "amount"),
        "by_share": _measured(found, "share"),
        "by_either": _measured(found, "either"),
        "by_both": _measured(found, "both"),
        "kappa": found.kappa,
        "mcnemar_p": found.mcnemar,
    }


def _measured(found: Overlap, criterion: str) -> dict[str, Any]:
    flagged = found.flagged(criterion)
    return {
        "households": flagged.households,
        "hits": flagged.hits,
        "precision": flagged.precision,
        "recall": flagged.recall,
        "checks_per_hit": flagged.checks_per_hit,
    }


def policy(home: Path, month: str, scenario: Path, say: Say) -> tuple[dict[str, Any], Changes]:
    """Which households, alerts, anomalies, ranks and drawn villages a changed policy would change."""
    other, asked, _ = _asked(scenario)
    with replayed(home, month, other, report=say) as replay:
        return _policy(replay, asked)


def _policy(replay: Replay, asked: dict[str, Any]) -> tuple[dict[str, Any], Changes]:
    found = changes(replay.con, PUBLISHED, HERE)
    return _said(replay, asked) | {"recomputed": list(replay.made), "changes": found.summary()}, found


def everything(
    home: Path, month: str, scenario: Path | None, say: Say
) -> tuple[dict[str, dict[str, Any]], Changes | None]:
    """The answers to all questions that the scenario is about, from one replay, and what it changes.

    One that moves no line is none about the line, one that sets no asset none about the asset list. Without a scenario:
    what holds under the policy as it is.
    """
    other, asked, overridden = _asked(scenario)
    with replayed(home, month, other, report=say) as replay:
        answers, found = {"rigid": _rigid(replay, asked)}, None
        for question, about in inclusion.QUESTIONS.items():
            if scenario is None or question != "assets" or any(name.startswith("asset_list.") for name in overridden):
                answers[question] = _said(replay, asked) | about.answer(replay, asked["scenario"])
        if scenario is not None:
            answers["policy"], found = _policy(replay, asked)
        if scenario is None or scenarios.LINE in overridden:
            answers["line"] = _line(replay, asked)  # last: it puts the scenario among the candidates
        return answers, found


def edition(replay: Replay, asked: dict[str, Any]) -> Edition:
    """What the workbooks of the questions are made of: the replay's tables, the scenario said on every sheet."""
    frames = {name: replay.con.sql(f"from {name}").pl() for name in FRAMES}
    frames |= {name: replay.con.sql(editions.SUMMARIES[name]).pl() for name in ("line_scenarios", "topic_figures")}
    notices = editions.warnings(replay.build, frames["ref.monitoring_line"], frames["ref.division"])
    if asked["scenario"] is not None:
        digest = asked["scenario_sha256"][:12]
        notices = (Notice(f"情景测算：{asked['title']}（情景文件 SHA-256 {digest}），不是现行政策。"), *notices)
    manifest = replay.manifest
    return Edition(
        month=manifest["month"],
        version=manifest["version"],
        previous=manifest["previous"],
        policy_version=replay.build.policy.version,
        code_version=manifest["code_version"],
        seed=manifest["seed"],
        warnings=notices,
        files=tuple(DeliveredFile(feed, each) for feed, hashes in manifest["inputs"].items() for each in hashes),
        frames=frames,
    )


def _write(path: Path, edition: Edition, name: str) -> None:
    from fangpin.reports.workbooks import workbook

    if path.suffix != ".xlsx" or not path.parent.is_dir():
        raise HomeError(f"工作簿写不到 {path}：文件名应以 .xlsx 结尾，所在的目录应已存在。")
    with written_to(path):
        path.write_bytes(workbook(edition, name))


def _asked(path: Path | None) -> tuple[Policy, dict[str, Any], frozenset[str]]:
    """The policy of a scenario, or today's, what the answer says of it, and the parameters it sets."""
    current = policies.load(POLICY_FOLDER)
    said = {"scenario": None, "title": "现行政策", "scenario_sha256": None, "policy_now": current.version}
    if path is None:
        return current, said, frozenset()
    scenario = scenarios.load(path, current)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    said |= {"scenario": scenario.name, "title": scenario.title, "scenario_sha256": digest}
    return scenarios.applied(current, scenario), said, frozenset(scenario.overrides)


def _said(replay: Replay, asked: dict[str, Any]) -> dict[str, Any]:
    return asked | {
        "month": replay.manifest["month"],
        "version": replay.manifest["version"],
        "published_policy_version": replay.manifest["policy_version"],
        "policy_version": replay.build.policy.version,
    }
