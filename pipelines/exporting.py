"""`fangpin export`: what is handed to another office, protected; receiver and purpose in the file and the ledger.

Does not belong here: what is protected (fangpin/disclosure.py), how the file looks (fangpin/reports/export.py).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb

from assets.build import POLICY_FOLDER
from assets.ledger import open_ledger
from fangpin import policy as policies
from fangpin.disclosure import Rules, rules
from fangpin.month import end
from fangpin.reports import export as reports
from pipelines.console import written_to
from pipelines.published import open_published
from pipelines.status import manifest

DDL = """create table if not exists export (
  id integer primary key, month text not null, version text not null, receiver text not null, purpose text not null,
  level text not null, file text not null, sha256 text not null, rows integer not null, hidden integer not null,
  exported_at text not null default current_timestamp)"""


def export(home: Path, month: str, receiver: str, purpose: str, level: str) -> dict[str, Any]:
    """Write `exports/<month>/<receiver>-<hash>.xlsx` and record it; what was written."""
    version = manifest(home, month)["version"]
    known = policies.load(POLICY_FOLDER)
    rule = in_force(known, month)
    with open_published(month, home) as con:
        sheets = protected(con, level, rule)
    content = reports.workbook(sheets, _notes(month, version, receiver, purpose, known.version, rule), end(month))
    digest = hashlib.sha256(content).hexdigest()
    path = home / "exports" / month / f"监测数据_{month}_{_safe(receiver)}_{digest[:8]}.xlsx"
    with written_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows, stars = sum(len(sheet.rows) for sheet in sheets), sum(map(reports.hidden, sheets))
    with open_ledger(home) as con:
        con.execute(DDL)
        con.execute(
            "insert into export (month, version, receiver, purpose, level, file, sha256, rows, hidden) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [month, version, receiver, purpose, level, path.name, digest, rows, stars],
        )
    return {"file": str(path), "sha256": digest, "version": version, "rows": rows, "hidden": stars}


def in_force(policy: policies.Policy, month: str) -> Rules:
    """The rules of policy/disclosure.yaml at the month's end."""
    return rules(
        {name: policy.value(f"disclosure.{name}", "", end(month)).value for name in policy.group("disclosure")}
    )


def protected(con: duckdb.DuckDBPyConnection, level: str, rule: Rules) -> list[reports.Sheet]:
    """The sheets of a published month down to a level, as other offices may see them."""
    named = """select figure.*, place.full_name, place.in_province as own
        from {} as figure join ref.place as place using (level, place_code)"""
    return [
        reports.places(con.sql(named.format("mart.place_month")).pl(), level, rule),
        reports.lines(con.sql(named.format("mart.line_scenario")).pl(), level, rule),
        reports.topics(con.sql(named.format("mart.topic_figure")).pl(), level, rule),
    ]


def _safe(receiver: str) -> str:
    """The receiver's name as part of a file name."""
    return "".join(character if character.isalnum() else "_" for character in receiver)[:40]


def _notes(month: str, version: str, receiver: str, purpose: str, policy: str, rule: Rules) -> list[tuple[str, str]]:
    return [
        ("接收单位", receiver),
        ("用途", purpose),
        ("数据", f"{month} 第 {version} 版，政策版本 {policy}"),
        (
            "隐藏",
            f"省以下的计数，1 至 {rule.smallest_count - 1} 不显示（*），其余取整到最近的 {rule.count_rounding}；"
            "0 照写；全省一行为实数。",
        ),
        ("比例", "由取整后的数算得；分子或分母不显示的，比例也不显示（*）；没有分母的记“—”。"),
        (
            "金额",
            f"只在对应户数显示时给出，取整到 {rule.money_rounding:,} 元。相邻两条监测线相差不足 "
            f"{rule.smallest_increment} 户的，较高一条不显示。",
        ),
        (
            "平均值",
            f"只在人数或户数不少于 {rule.smallest_count} 时给出；金额的合计及其比例不外发。",
        ),
        ("合计", "各行分别取整，相加不一定等于合计。不含村级数据。"),
        ("使用要求", "仅限上述单位用于上述用途，不得转交；不得用于推断个别农户的情况。"),
    ]
