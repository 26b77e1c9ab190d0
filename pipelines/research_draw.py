"""Freeze, draw, replace, verify: the files of a research plan under `research/<plan>/` and their entries in the ledger.

A folder is written aside, flushed to the disk and renamed in the transaction that records it: whole, or not there.
Does not belong here: what is drawn and how it is verified (fangpin/research).
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets import research, research_ledger
from assets.build import POLICY_FOLDER
from fangpin import policy as policies
from fangpin.errors import FangpinError, HomeError
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.research import audit, frame
from fangpin.research import plan as plans
from fangpin.research.audit import TABLES, Basis, Checked, Reveal
from fangpin.research.draw import PRIMARY, Substitution, by_chance, draw
from fangpin.research.order import SELECT
from fangpin.research.plan import Plan
from fangpin.research.teams import assign, days
from pipelines.console import whole_folder, written_to
from pipelines.jobs import RESEARCH
from pipelines.status import version_folder

FRAME, FREEZE, AUDIT = "frame", "freeze.json", "audit.json"
TOLD = ("plan", "draw", "month", "version", "frame_sha256", "seed", "sha256", "counts")
"""What is told of a draw, of its audit file."""
Say = Callable[[str], None]


def folder_of(home: Path, plan: str, draw: int) -> Path:
    return home / RESEARCH / plan / f"draw-{draw:03d}"


def nonce(path: Path) -> str:
    """Write a fresh secret to a file that only its owner can read; its hash, which may be published."""
    with written_to(path):
        if path.exists():
            raise HomeError(f"{path} 已经存在：保密串不能覆盖，请换一个文件名。")
        text = secrets.token_hex(32)
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="ascii")
    return audit.nonce_sha256(text)


def read_nonce(path: Path) -> str:
    """The first line of the file of the secret."""
    if not path.is_file():
        raise HomeError(f"没有保密串文件 {path}：请给出冻结名册前用 fangpin research nonce 写出的那个文件。")
    return path.read_text(encoding="utf-8").strip()


def freeze(
    home: Path, name: str, month: str, decided: Mapping[str, str | None], reason: str = "", say: Say = lambda _: None
) -> dict[str, Any]:
    """Freeze the frame of a plan on a published month; what is to be announced.

    decided: values for what the plan leaves blank. The same frame again changes nothing; another one needs a reason.
    """
    known = policies.load(POLICY_FOLDER)
    plan = plans.in_force(known, name, OWN_PROVINCE, end(month)).filled(decided)
    for blank in ("nonce_sha256", "public_value", "public_value_form"):
        plan.required(blank)
    audit.require_form(plan.required("public_value_form"))
    published = version_folder(home, month)
    with _connect(published) as con:
        try:
            found = research.frame(con, plan, month)
            say(f"名册：{len(found.of(frame.VILLAGE))} 个县的村，来自 {month} {published.name}")
            found = frame.with_households(found, research.digests(con))
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise HomeError(
                f"{month} {published.name} 由旧版程序发布，没有抽样要用的列：请先 fangpin run --month {month}。"
            ) from error
    _rehearse(home, found, plan)
    text = audit.frozen(found, plan, month, published.name)
    digest = frame.sha256(text)
    content = {
        "plan": name,
        "title": plan.title,
        "month": month,
        "version": published.name,
        "policy_version": known.version,
        "plan_values": plan.values,
        "plan_sha256": plan.sha256,
        "nonce_sha256": plan.required("nonce_sha256"),
        "public_value": plan.required("public_value"),
        "public_value_form": plan.required("public_value_form"),
        "frame_sha256": digest,
        "counts": {level: sum(u.level == level for u in found.units) for level in frame.LEVELS},
        "excluded": sum(bool(u.excluded) for u in found.units),
    }
    target = home / RESEARCH / name / FRAME
    with research_ledger.ledger(home) as ledger:
        before = research_ledger.last_freeze(ledger, name)
        if before == digest and target.is_dir():
            say("名册没有变化，已经冻结过。")
            return content | {"folder": str(target), "again": True}
        if before is not None and not reason.strip():
            raise HomeError(
                f"方案 {name} 已冻结过名册（SHA-256 {before[:12]}…），现在的名册不同：先核对为什么变了；"
                "确要重新冻结，请用 --reason 写明原因（记入台账），并重新公布校验值。"
            )
        research_ledger.record(
            ledger,
            "freeze",
            plan=name,
            month=month,
            version=published.name,
            frame_sha256=digest,
            plan_sha256=plan.sha256,
            reason=reason.strip(),
        )
        for each in plan.overrides:
            research_ledger.record(
                ledger, "override", plan=name, draw=0, place=each.place, action=each.action, who=each.who, why=each.why
            )
        _put(target, {"frame.csv": text, FREEZE: _json(content)})
    return content | {"folder": str(target), "again": False}


def _rehearse(home: Path, found: frame.Frame, plan: Plan) -> None:
    """What cannot be drawn, staffed or done in time is told before anything is announced."""
    sample, points = draw(found, plan, plan.rehearsal_seed), research.coordinates(home)
    days(sample, assign(sample, plan, points), plan, points, plan.window)


def make(
    home: Path, name: str, public_value: str, secret: str, reason: str = "", say: Say = lambda _: None
) -> dict[str, Any]:
    """The official draw from the frozen frame; a further one needs a reason."""
    basis = _basis(home, name)
    if audit.nonce_sha256(secret) != (known := basis.plan.required("nonce_sha256")):
        raise FangpinError(
            f"保密串不对：它的 SHA-256 不是冻结名册时公布的 {known[:12]}…。请用当时的保密串文件，首尾不要有空格或换行。"
        )
    if not audit.has_form(public_value, form := basis.plan.required("public_value_form")):
        raise FangpinError(
            f"公布值“{public_value}”的写法不对：应为“{basis.plan.required('public_value')}”的实际结果，"
            f"按冻结时公布的样例 {form} 写（位数、小数位数、空格都照样例，半角数字，整数部分前面不加零）。"
        )
    with research_ledger.ledger(home) as ledger:
        made = research_ledger.draws(ledger, name)
    digest = frame.sha256(basis.text)
    if any(each[1] == digest for each in made) and not reason.strip():
        raise HomeError(
            f"方案 {name} 已从这份名册抽过（第{made[-1][0]}次）。重抽会让人怀疑挑选结果："
            "确有必要，请用 --reason 写明原因（记入台账和抽样档案）。"
        )
    reveal = Reveal(public_value, secret, _points(home, basis), (), reason.strip())
    return _write(home, name, basis, reveal, say)


def replace_village(
    home: Path, name: str, number: int | None, change: Substitution, say: Say = lambda _: None
) -> dict[str, Any]:
    """A new draw from the same frame and seed with one village replaced; the decision is recorded."""
    content = _audit(home, name, number)
    basis = _basis(home, name)
    if content["frame_sha256"] != frame.sha256(basis.text):
        raise HomeError(f"第{content['draw']}次抽样不是从现在冻结的名册抽的：只能替换最近一次冻结之后抽的村。")
    earlier = tuple(Substitution(**each) for each in content["substitutions"])
    points = {code: (x, y) for code, (x, y) in content["coordinates"].items()}
    reason = f"替换 {change.village}：{change.why}"
    reveal = Reveal(content["public_value"], content["nonce"], points, (*earlier, change), reason)
    return _write(home, name, basis, reveal, say, change)


def verify(text: str) -> tuple[dict[str, Any], list[Checked]]:
    """The verdict on an audit file's text, by two witnesses: the rules in Python, and one SELECT."""
    found, _ = audit.verify(text)
    content = json.loads(text)
    plan = plans.read(content["plan"], content["plan_values"])
    same = _second_witness(frame.from_csv(content["frame"]), plan, content["seed"])
    found.append(Checked("随机抽取（用 SQL 重算）", same, "" if same else "SQL 与 Python 抽出的不同"))
    return {**{k: content[k] for k in TOLD}, "holds": all(each.holds for each in found)}, found


def verify_files(path: Path) -> tuple[dict[str, Any], list[Checked]]:
    """The verdict on audit.json, and on the csv files beside it."""
    if not path.is_file():
        raise HomeError(f"没有抽样档案 {path}：请给出 audit.json 的位置。")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FangpinError(f"{path} 不是 UTF-8 文本：文件损坏。请用抽样时写出的 audit.json。") from error
    told, found = verify(text)
    files = json.loads(text)["files"]
    for name in TABLES:
        beside = path.with_name(f"{name}.csv")
        if beside.is_file():
            same = frame.sha256(beside.read_bytes().decode("utf-8", "replace")) == files.get(name)
            found.append(Checked(beside.name, same, "" if same else "与抽样档案不同，被改动过"))
    return told | {"holds": all(each.holds for each in found)}, found


def verify_drawn(home: Path, name: str, number: int | None) -> tuple[dict[str, Any], list[Checked]]:
    """The verdict on a draw of the home folder; its audit file must be the one the ledger knows."""
    content = _audit(home, name, number)
    told, found = verify_files(folder_of(home, name, content["draw"]) / AUDIT)
    with research_ledger.ledger(home) as ledger:
        known = {n: sha256 for n, _, sha256 in research_ledger.draws(ledger, name)}
    same = known.get(content["draw"]) == content["sha256"]
    found.append(Checked("台账", same, "" if same else "与台账登记的校验值不同，或台账没有登记"))
    return told | {"holds": all(each.holds for each in found)}, found


def latest(home: Path, name: str) -> int | None:
    """The number of a plan's last draw from the frame that is frozen now; None where there is none."""
    with research_ledger.ledger(home) as ledger:
        current, made = research_ledger.last_freeze(ledger, name), research_ledger.draws(ledger, name)
    return next((number for number, digest, _ in reversed(made) if digest == current), None)


def _write(
    home: Path, name: str, basis: Basis, reveal: Reveal, say: Say, change: Substitution | None = None
) -> dict[str, Any]:
    found = frame.from_csv(basis.text)
    seed = audit.seed(frame.sha256(basis.text), reveal.public_value, reveal.nonce)
    sample = draw(found, basis.plan, seed, reveal.substitutions)
    say(f"抽出 {sample.filter(pl.col('role') == PRIMARY).height} 个村，种子 {seed[:12]}…")
    listing = _listing(home, basis, sample.filter(pl.col("role") == PRIMARY)["village_code"].to_list())
    if strange := audit.strangers(found, listing):
        raise FangpinError(
            f"{len(strange)} 个村（如 {strange[0]}）的农户名单与冻结时不同："
            f"{basis.month} {basis.version} 的数据被改动过，请从备份恢复该版本。"
        )
    with research_ledger.ledger(home) as ledger:
        made = research_ledger.draws(ledger, name)
        number = made[-1][0] + 1 if made else 1
        target = folder_of(home, name, number)
        if target.exists():
            raise HomeError(f"{target} 已经存在，台账却没有登记这次抽样：请先核实它从哪里来，移走后重试。")
        content, files = audit.audited(basis, number, reveal, listing)
        research_ledger.record(
            ledger,
            "draw",
            plan=name,
            number=number,
            month=basis.month,
            version=basis.version,
            frame_sha256=content["frame_sha256"],
            public_value=reveal.public_value,
            seed=seed,
            audit_sha256=content["sha256"],
            reason=reveal.redraw_reason,
        )
        if change is not None:
            values = {"place": change.village, "instead": change.instead, "who": change.who, "why": change.why}
            research_ledger.record(ledger, "override", plan=name, draw=number, action="replace", **values)
        _put(target, {**{f"{table}.csv": text for table, text in files.items()}, AUDIT: _json(content)})
    return {**{k: content[k] for k in TOLD}, "cautions": content["cautions"], "folder": str(target)}


def _basis(home: Path, name: str) -> Basis:
    """The frozen frame, which must be the one the ledger knows, and its plan, which must still say the same."""
    folder = home / RESEARCH / name / FRAME
    if not (folder / FREEZE).is_file():
        raise HomeError(f"方案 {name} 还没有冻结名册：请先 fangpin research freeze --plan {name} --month YYYY-MM。")
    text = (folder / "frame.csv").read_bytes().decode("utf-8", "replace")
    content = json.loads((folder / FREEZE).read_text(encoding="utf-8"))
    with research_ledger.ledger(home) as ledger:
        known = research_ledger.last_freeze(ledger, name)
    if frame.sha256(text) != known or content["frame_sha256"] != known:
        raise HomeError(
            f"方案 {name} 的名册在冻结后被改动过（{folder / 'frame.csv'} 的校验值与台账不同）："
            "请从备份恢复，或写明原因重新冻结并公布。"
        )
    plan = plans.read(name, content["plan_values"])
    if plan.sha256 != content["plan_sha256"]:
        raise HomeError(f"方案 {name} 的 {FREEZE} 被改动过：请从备份恢复，或写明原因重新冻结并公布。")
    now = plans.in_force(policies.load(POLICY_FOLDER), name, OWN_PROVINCE, end(content["month"]))
    changed = [
        value["title"]
        for key, value in now.values.items()
        if value["value"] is not None and value["value"] != plan.values[key]["value"]
    ]
    if changed:
        raise HomeError(
            f"方案 {name} 在冻结名册后改过（{'、'.join(changed)}）：请改回 policy/research/{name}.yaml，"
            "或写明原因重新冻结并公布。"
        )
    return Basis(text, plan, content["month"], content["version"], content["policy_version"])


def _audit(home: Path, name: str, number: int | None) -> dict[str, Any]:
    wanted = number or latest(home, name)
    if wanted is None or not (path := folder_of(home, name, wanted) / AUDIT).is_file():
        raise HomeError(f"方案 {name} 没有{f'第{wanted}次' if wanted else ''}抽样：请先 fangpin research draw。")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FangpinError(f"{path} 损坏：请从备份恢复。") from error
    return content


def _points(home: Path, basis: Basis) -> dict[str, tuple[float, float]]:
    """The coordinates of the places of the frame."""
    known = research.coordinates(home)
    codes = {unit.code for unit in frame.from_csv(basis.text).units} | {basis.plan.office}
    return {code: point for code, point in known.items() if code in codes}


def _listing(home: Path, basis: Basis, villages: Sequence[str]) -> pl.DataFrame:
    with _connect(home / "published" / basis.month / basis.version) as con:
        return research.listing(con, villages)


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    path = folder / "fangpin.duckdb"
    if not path.is_file():
        raise HomeError(f"{path} 不见了：请从备份恢复这个已发布的版本，或重新冻结。")
    return duckdb.connect(str(path), read_only=True)


def _second_witness(found: frame.Frame, plan: Plan, seed: str) -> bool:
    """Whether one SELECT over the same places finds the same in the same order."""
    choices = by_chance(found, plan, seed)
    text = pl.String
    units = [(parent, code, size) for parent, _, sizes, _ in choices for code, size in sizes.items()]
    with duckdb.connect() as con:
        con.register("unit", pl.DataFrame(units, {"stratum": text, "code": text, "size": pl.Int64}, orient="row"))
        takes = [(parent, n) for parent, n, _, _ in choices]
        con.register("take", pl.DataFrame(takes, {"stratum": text, "n": pl.Int64}, orient="row"))
        con.register("seed", pl.DataFrame({"seed": [seed]}))
        order: dict[str, list[str]] = {}
        for stratum, code, *_ in con.execute(SELECT).fetchall():
            order.setdefault(stratum, []).append(code)
    return all(order[parent][:n] == drawn for parent, n, _, drawn in choices)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=_text)


def _text(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _put(target: Path, files: Mapping[str, str]) -> None:
    """The files as a folder that is there whole, or not at all; an older one goes."""
    with whole_folder(target) as aside:
        for name, text in files.items():
            (aside / name).write_bytes(text.encode())
