"""What comes back from a trip: field files into the ledger, and the workbook of what the trip found.

A file is taken whole or not at all; all files of a command are read before the first is recorded.
Does not belong here: what a file says (fangpin/reports/research), what is made of it (fangpin/research/results.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets import field_ledger, research_ledger
from assets.build import POLICY_FOLDER
from assets.field_reading import grids
from assets.mart.rule_yield import rule_standard
from fangpin import policy as policies
from fangpin.errors import FileRejected, HomeError
from fangpin.masking import showable
from fangpin.month import end, start
from fangpin.reports.research import form_read, visit_read
from fangpin.reports.research import results as told_results
from fangpin.research import plan as plans
from fangpin.research.audit import cautions
from fangpin.research.field import Grid, Record, Returned, finding_id, refuse
from fangpin.research.item import SUBJECTS
from fangpin.research.items import form_version
from fangpin.research.results import Results, results
from pipelines.console import whole_folder
from pipelines.research_draw import AUDIT
from pipelines.research_trip import draw_csv, draw_folder

RESULTS = "results"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Draw:
    """A draw that files come back to."""

    folder: Path
    number: int
    audit: Mapping[str, Any]
    sample: pl.DataFrame
    households: pl.DataFrame

    @property
    def month(self) -> str:
        return str(self.audit["month"])

    @property
    def plan(self) -> plans.Plan:
        """As it was when the draw was made."""
        return plans.read(self.audit["plan"], self.audit["plan_values"])


def import_files(
    home: Path, plan: str, files: Sequence[Path], today: dt.date, say: Say = lambda _: None
) -> dict[str, Any]:
    """Take in filled workbooks and exports; what they held. FileRejected naming everything wrong in a file."""
    read: list[tuple[str, str, Returned]] = []
    for number, path in enumerate(files, start=1):
        sha256, tables = grids(path)
        returned = _returned(tables, path.name)
        _require_ours(home, plan, returned, path.name, today)
        read.append((showable(path.name), sha256, returned))
        say(f"{number}/{len(files)} {showable(path.name)}：{len(returned.records)} 条记录")
    taken, again = [], []
    counts = dict.fromkeys((*SUBJECTS, "changed", "same"), 0)
    with field_ledger.ledger(home) as con:
        trips = research_ledger.seeds(con, plan)
        for name, sha256, returned in read:
            trip = trips[returned.key.draw]
            if field_ledger.known(con, trip, sha256):
                again.append(name)
                continue
            before = {(each.unit, a.item): a for each in field_ledger.records(con, trip) for a in each.answers}
            for each in returned.records:
                counts[each.subject] += 1
                if told := [before[each.unit, a.item] == a for a in each.answers if (each.unit, a.item) in before]:
                    counts["same" if all(told) else "changed"] += 1
            number = field_ledger.record(con, trip, returned, name, sha256)
            taken.append({"number": number, "name": name, "draw": returned.key.draw, "left": list(returned.left)})
    concerned = {trips[returned.key.draw] for _, _, returned in read}
    written = [write_results(home, plan, number, say) for number, trip in trips.items() if trip in concerned]
    return {"plan": plan, "files": taken, "again": again, "records": counts, "results": written}


def settle(home: Path, plan: str, finding: str, on: dt.date, who: str, what: str) -> dict[str, Any]:
    """Settle a problem of the register; HomeError when there is none of that number."""
    with field_ledger.ledger(home) as con:
        trips = research_ledger.seeds(con, plan)
        found = {
            finding_id(trip, each.place_code, answer.actual): (trip, each.day)
            for trip in dict.fromkeys(trips.values())
            for each in field_ledger.records(con, trip)
            for answer in each.answers
            if answer.item == "finding_problem"
        }
        if finding not in found:
            known = (
                f"已有 {len(found)} 个，如 {min(found)}（见调研成果汇总的问题清单）"
                if found
                else "还没有导入过问题登记"
            )
            raise HomeError(f"方案 {plan} 没有编号为 {showable(finding)} 的问题。{known}。")
        trip, day = found[finding]
        if on < day:
            raise HomeError(f"销号日期 {on} 早于发现问题的日期 {day}：请核对。")
        field_ledger.settle(con, trip, finding, on, who, what)
    written = [write_results(home, plan, number) for number, each in trips.items() if each == trip]
    told = {"finding": finding, "settled_on": on.isoformat(), "who": who, "what": what}
    return {"plan": plan, **told, "results": written}


def withdraw(home: Path, plan: str, number: int, who: str, why: str) -> dict[str, Any]:
    """Take back an imported file, by its number; HomeError listing the files that can be where it is none of them."""
    with field_ledger.ledger(home) as con:
        trips = research_ledger.seeds(con, plan)
        standing = {
            each.number: (trip, each)
            for trip in dict.fromkeys(trips.values())
            for each in field_ledger.imports(con, trip)
            if each.withdrawn is None
        }
        if number not in standing:
            known = "；".join(f"{n} {each.name}" for n, (_, each) in sorted(standing.items())[-10:])
            raise HomeError(
                f"方案 {plan} 没有编号为 {number} 的有效文件。{f'最近的有：{known}' if known else '还没有导入过文件'}。"
            )
        trip, file = standing[number]
        field_ledger.withdraw(con, number, who, why)
    written = [write_results(home, plan, draw) for draw, each in trips.items() if each == trip]
    return {"plan": plan, "number": number, "name": file.name, "records": file.records, "results": written}


def write_results(home: Path, plan: str, number: int, say: Say = lambda _: None) -> dict[str, Any]:
    """The workbook of what a draw's files say, and where it lies."""
    draw = _draw(home, plan, number)
    known, asked = policies.load(POLICY_FOLDER), draw.plan
    with field_ledger.ledger(home) as con:
        trip = research_ledger.seeds(con, plan)[number]
        records = field_ledger.records(con, trip)
        settled = field_ledger.settled(con, trip)
        files = field_ledger.imports(con, trip)
    found = results(
        trip,
        _of_draw(records, draw),
        draw.sample,
        draw.households,
        settled,
        rule_standard(known, draw.month),
        known.value("threshold.interval_z", "", end(draw.month)).value,
        generalisable=not asked.top_only,
        files=files,
    )
    names, warned = _places(home, draw), tuple(cautions(asked))
    of = told_results.Trip(plan, asked.title, number, draw.month, end(draw.month), names, warned)
    with whole_folder(draw.folder / RESULTS) as aside:
        (aside / told_results.NAME).write_bytes(told_results.workbook(of, found))
        (aside / "results.json").write_text(_json(found), encoding="utf-8")
    say(f"第{number}次抽样的成果：{draw.folder / RESULTS / told_results.NAME}")
    visited = sum(each.households_visited + each.reserves for each in found.progress)
    return {"draw": number, "folder": str(draw.folder / RESULTS), "households": visited}


def _returned(tables: Sequence[Grid], name: str) -> Returned:
    if visit_read.is_visit(tables):
        return visit_read.read(tables, name)
    if form_read.is_export(tables):
        return form_read.read(tables, name)
    raise FileRejected(
        f"{showable(name)} 既不是资料包里的核查表（没有工作表“表单信息”），"
        "也不是电子表单的导出（没有 subject、form_version 列）："
        "请用本次抽样的资料包填写，或导出电子表单的全部字段（CSV）。",
        "not_a_field_file",
    )


def _require_ours(home: Path, plan: str, returned: Returned, name: str, today: dt.date) -> None:
    """The file is of this plan, of a draw there is, made with these items, and speaks of drawn places only."""
    key = returned.key
    if key.plan != plan:
        raise FileRejected(
            f"{showable(name)} 是方案 {showable(key.plan)} 的，不是 {plan} 的："
            f"请用 --plan {showable(key.plan)} 导入，或核对文件。",
            "another_plan",
        )
    if key.form_version != form_version():
        raise FileRejected(
            f"{showable(name)} 是用另一版核查项目做的（表单版本 {showable(key.form_version)}，"
            f"现在是 {form_version()}）："
            "请用生成资料包的那一版程序导入，或把答案转填到重新生成的核查表。",
            "another_form",
        )
    draw = _draw(home, plan, key.draw)
    drawn = dict(draw.households.select("household_id", "village_code").iter_rows())
    villages = set(draw.sample["village_code"])
    above = {code[:digits] for code in villages for digits in (6, 9, 12)}
    problems = []
    for each in returned.records:
        if each.household_id is not None and each.household_id not in drawn:
            problems.append(f"{each.where}：户内部编号 {each.household_id} 不在第{key.draw}次抽样的名单里")
        elif each.household_id is not None and drawn[each.household_id] != each.place_code:
            problems.append(f"{each.where}：{each.household_id} 号户不是 {each.place_code} 的，请核对村")
        elif each.household_id is None and each.place_code not in above:
            problems.append(f"{each.where}：{showable(each.place_code)} 不在第{key.draw}次抽样的地方里")
        if not start(draw.month) <= each.day <= today:
            problems.append(f"{each.where}：日期 {each.day} 不在 {start(draw.month)} 与今天（{today}）之间，请核对")
    refuse(problems, name)


def _draw(home: Path, plan: str, number: int) -> Draw:
    folder = draw_folder(home, plan, number)
    audit = json.loads((folder / AUDIT).read_text(encoding="utf-8"))
    return Draw(folder, number, audit, draw_csv(folder, "sample"), draw_csv(folder, "households"))


def _of_draw(records: Sequence[Record], draw: Draw) -> list[Record]:
    """What is told of the draw's own households and places: a village replaced since brings none."""
    drawn = set(draw.households["household_id"])
    villages = set(draw.sample["village_code"])
    above = {code[:digits] for code in villages for digits in (6, 9, 12)}
    return [r for r in records if (r.household_id in drawn if r.household_id is not None else r.place_code in above)]


def _places(home: Path, draw: Draw) -> dict[str, str]:
    """Names of every place of the draw and of what lies above it."""
    path = home / "published" / draw.month / str(draw.audit["version"]) / "fangpin.duckdb"
    if not path.is_file():
        raise HomeError(f"抽样所依据的 {draw.month} 第 {draw.audit['version']} 版不见了（{path}）：请从备份恢复。")
    with duckdb.connect(str(path), read_only=True) as con:
        return dict(con.sql("select place_code, full_name from ref.place").fetchall())


def _json(found: Results) -> str:
    """The figures for programs: without texts of people."""
    told = {
        "progress": [asdict(each) for each in found.progress],
        "agreement": [asdict(each) | {"rate": each.rate} for each in found.agreement],
        "yields": [asdict(each) | {"mean": each.mean} for each in found.yields],
        "shares": [{"item": s.item.code, "what": s.what, **asdict(s.estimate)} for s in found.shares],
        "problems": [
            {"number": p.number, "place_code": p.place_code, "settled": p.settled is not None} for p in found.problems
        ],
        "opinions": len(found.opinions),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
