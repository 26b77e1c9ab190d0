"""The audit file of a draw: all that is needed to make it again, and the verdict on one.

Commit and reveal: the frozen frame's hash covers the plan, the month and every village's list of households; the seed
is SHA-256(frame hash | public value | nonce), the nonce's hash is in the plan. So nobody can choose a seed, and anybody
can draw again from the file alone. Does not belong here: files and the ledger (pipelines/research_draw.py).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from fangpin.errors import FangpinError, PolicyError
from fangpin.research import frame as frames
from fangpin.research import plan as plans
from fangpin.research.draw import ARMS, NOT_GENERALISABLE, PRIMARY, Substitution, draw
from fangpin.research.frame import VILLAGE, Frame
from fangpin.research.households import LISTING, digest, draw_households
from fangpin.research.order import SELECT
from fangpin.research.plan import Plan, canonical
from fangpin.research.precision import figures
from fangpin.research.teams import assign, days

FORMAT = 1
TABLES = ("sample", "households", "teams", "days")
"""The files of a draw, one a table."""


@dataclass(frozen=True)
class Checked:
    """One thing that was verified: what, whether it holds, and what to make of it where it does not."""

    what: str
    holds: bool
    told: str


@dataclass(frozen=True)
class Reveal:
    """What is known only when the draw is made. window: first and last day; points: coordinates that count."""

    public_value: str
    nonce: str
    points: Mapping[str, tuple[float, float]]
    substitutions: tuple[Substitution, ...] = ()
    redraw_reason: str = ""


def frozen(frame: Frame, plan: Plan, month: str, version: str) -> str:
    """The text of frame.csv: a line with plan, month, version and the plan's hash, then the canonical frame."""
    head = {"month": month, "plan": plan.name, "plan_sha256": plan.sha256, "version": version}
    return f"# {canonical(head)}\n{frames.to_csv(frame)}"


def seed(frame_sha256: str, public_value: str, nonce: str) -> str:
    return hashlib.sha256(f"{frame_sha256}|{public_value}|{nonce}".encode()).hexdigest()


def require_form(form: str) -> None:
    """PolicyError for an announced sample of the public value that fixes nothing."""
    if form != form.strip() or not re.search("[0-9]", form):
        raise PolicyError(f"公布值的写法“{form}”不是样例：请照公布值将来的样子写一个，如 3563.89 或 03 08 11。")


def has_form(public_value: str, form: str) -> bool:
    """Whether a public value is written as the announced sample, so that one result has one spelling and nobody can
    choose among seeds. A sample that is one number fixes its decimals; every other sample fixes all but its digits."""
    pattern = "".join("[0-9]" if "0" <= sign <= "9" else re.escape(sign) for sign in form)
    if number := re.fullmatch(r"(?:0|[1-9][0-9]*)(?:\.([0-9]+))?", form):
        pattern = "(?:0|[1-9][0-9]*)" + (rf"\.[0-9]{{{len(number[1])}}}" if number[1] else "")
    return re.fullmatch(pattern, public_value) is not None


def nonce_sha256(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def tables(frame: Frame, plan: Plan, listing: pl.DataFrame, reveal: Reveal, drawn_seed: str) -> dict[str, pl.DataFrame]:
    """The four tables of a draw."""
    sample = draw(frame, plan, drawn_seed, reveal.substitutions)
    villages = sample.filter(pl.col("role") == PRIMARY)["village_code"].to_list()
    teams = assign(sample, plan, reveal.points)
    return {
        "sample": sample,
        "households": draw_households(villages, listing, plan, drawn_seed),
        "teams": teams,
        "days": days(sample, teams, plan, reveal.points, plan.window),
    }


def cautions(plan: Plan) -> list[str]:
    """Sentences for every document of the draw."""
    if plan.top_only:
        return [f"本次抽样只取排名靠前的地区，{NOT_GENERALISABLE}。"]
    return ["重点村按排名选取，情况一般比别处突出；推断各市情况须按入选概率加权，不能推断到全省。"]


@dataclass(frozen=True)
class Basis:
    """What a draw is made from: the frozen frame's text, its plan, and which version of a month under which policy."""

    text: str
    plan: Plan
    month: str
    version: str
    policy_version: str


def audited(basis: Basis, number: int, reveal: Reveal, listing: pl.DataFrame) -> tuple[dict[str, Any], dict[str, str]]:
    """The audit file of a draw from a frozen frame, and the csv of its tables."""
    plan, frame_sha256 = basis.plan, frames.sha256(basis.text)
    drawn_seed = seed(frame_sha256, reveal.public_value, reveal.nonce)
    made = tables(frames.from_csv(basis.text), plan, listing, reveal, drawn_seed)
    files = {name: made[name].write_csv(line_terminator="\n") for name in TABLES}
    content: dict[str, Any] = {
        "format": FORMAT,
        "plan": plan.name,
        "title": plan.title,
        "draw": number,
        "month": basis.month,
        "version": basis.version,
        "policy_version": basis.policy_version,
        "plan_values": plan.values,
        "plan_sha256": plan.sha256,
        "frame": basis.text,
        "frame_sha256": frame_sha256,
        "public_value": reveal.public_value,
        "nonce": reveal.nonce,
        "seed": drawn_seed,
        "coordinates": {code: list(point) for code, point in sorted(reveal.points.items())},
        "substitutions": [asdict(each) for each in reveal.substitutions],
        "redraw_reason": reveal.redraw_reason,
        "listing": [list(row) for row in listing.select(list(LISTING)).iter_rows()],
        "files": {name: frames.sha256(files[name]) for name in TABLES},
        "counts": counts(made),
        "precision": [asdict(each) for each in figures(made["sample"], made["households"], plan)],
        "cautions": cautions(plan),
        "select": SELECT.strip(),
    }
    return content | {"sha256": _own_hash(content)}, files


def counts(made: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """How much was drawn."""
    primary = made["sample"].filter(pl.col("role") == PRIMARY)
    return {
        "cities": primary["city_code"].n_unique(),
        "counties": primary["county_code"].n_unique(),
        "villages": primary.height,
        **{f"villages_{arm}": primary.filter(pl.col("arm") == arm).height for arm in ARMS},
        "reserves": made["sample"].height - primary.height,
        "households": made["households"].filter(pl.col("role") == PRIMARY).height,
        "teams": made["teams"]["team"].n_unique(),
        "days": made["days"]["day_number"].n_unique(),
    }


def verify(text: str) -> tuple[list[Checked], dict[str, pl.DataFrame]]:
    """The verdict on an audit file, and the tables drawn again from it; FangpinError when it cannot be read at all."""
    content = _read(text)
    try:
        return _verified(content)
    except (KeyError, TypeError, ValueError, AttributeError, pl.exceptions.PolarsError) as error:
        raise FangpinError("抽样档案里有的内容不是本程序写出的样子，被改动过：请用抽样时写出的 audit.json。") from error


def _verified(content: Mapping[str, Any]) -> tuple[list[Checked], dict[str, pl.DataFrame]]:
    found = [
        _checked("档案校验值", _own_hash(content) == content["sha256"], "档案写出后被改动过"),
        _checked(
            "名册校验值", frames.sha256(content["frame"]) == content["frame_sha256"], "档案里的名册不是冻结的名册"
        ),
    ]
    plan = plans.read(content["plan"], content["plan_values"])
    head = _head(content["frame"])
    known = {"month": content["month"], "plan": plan.name, "plan_sha256": plan.sha256, "version": content["version"]}
    found.append(_checked("方案与月份", head == known, "方案、月份或数据版本与冻结时不同"))
    nonce, public = content["nonce"], content["public_value"]
    found.append(
        _checked("保密串", nonce_sha256(nonce) == plan.required("nonce_sha256"), "保密串不是事先公布校验值的那一个")
    )
    expected = seed(content["frame_sha256"], public, nonce)
    form = plan.required("public_value_form")
    found.append(_checked("公布值的写法", has_form(public, form), f"公布值不是按事先公布的样例 {form} 写的"))
    found.append(_checked("抽样种子", content["seed"] == expected, "种子不是由名册、公布值和保密串算得的"))
    listing = pl.DataFrame(content["listing"], schema=LISTING, orient="row")
    frame = frames.from_csv(content["frame"])
    strange = strangers(frame, listing)
    found.append(_checked("农户名单", not strange, f"这些村的农户名单不是冻结时的：{'、'.join(strange[:3])}"))
    reveal = Reveal(
        public,
        nonce,
        {code: (x, y) for code, (x, y) in content["coordinates"].items()},
        tuple(Substitution(**each) for each in content["substitutions"]),
        content["redraw_reason"],
    )
    made = tables(frame, plan, listing, reveal, expected)
    missing = set(made["sample"].filter(pl.col("role") == PRIMARY)["village_code"]) - set(listing["village_code"])
    found.append(_checked("抽中村的名单齐全", not missing, f"缺少 {'、'.join(sorted(missing)[:3])} 的农户名单"))
    titles = dict(zip(TABLES, ("抽样名单", "入户名单", "调研分组", "调研日程"), strict=True))
    for name in TABLES:
        again = frames.sha256(made[name].write_csv(line_terminator="\n"))
        found.append(_checked(titles[name], again == content["files"].get(name), "重算的结果与档案记载的不同"))
    told = [asdict(each) for each in figures(made["sample"], made["households"], plan)]
    written = ("precision", "counts", "cautions", "title", "select")
    expected_words = (told, counts(made), cautions(plan), plan.title, SELECT.strip())
    same = all(content[key] == words for key, words in zip(written, expected_words, strict=True))
    found.append(_checked("精度和说明", same, "档案里的数字或说明不是由本次抽样算得的"))
    return found, made


def strangers(frame: Frame, listing: pl.DataFrame) -> list[str]:
    """Villages whose list of households is not the one that was frozen."""
    known = {unit.code: unit.households_sha256 for unit in frame.units if unit.level == VILLAGE}
    found = []
    for (village,), rows in listing.group_by("village_code", maintain_order=True):
        told = digest(rows.select("household_id", "stratum", "size").iter_rows())
        if known.get(str(village)) != told:
            found.append(str(village))
    return sorted(found)


def _checked(what: str, holds: bool, told: str) -> Checked:
    return Checked(what, holds, "" if holds else told)


def _own_hash(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


_KEYS: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("plan", "title", "month", "version", "policy_version", "plan_sha256"), str),
    **dict.fromkeys(
        ("frame", "frame_sha256", "public_value", "nonce", "seed", "redraw_reason", "select", "sha256"), str
    ),
    **dict.fromkeys(("format", "draw"), int),
    **dict.fromkeys(("plan_values", "coordinates", "files", "counts"), dict),
    **dict.fromkeys(("substitutions", "listing", "precision", "cautions"), list),
}


def _read(text: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise FangpinError("抽样档案不是完整的 JSON：文件损坏或没有下载完。请用抽样时写出的 audit.json。") from error
    wrong = [k for k, kind in _KEYS.items() if not isinstance(content, dict) or not isinstance(content.get(k), kind)]
    if wrong or set(content) != set(_KEYS):
        raise FangpinError(
            f"抽样档案的内容不全或被改动（{'、'.join(wrong) or '有多余的项'}）：请用抽样时写出的 audit.json。"
        )
    if content["format"] != FORMAT:
        raise FangpinError(
            f"抽样档案的格式是第{content['format']}版，本程序只认第{FORMAT}版：请用写出它的那一版程序复核。"
        )
    return content


def _head(text: str) -> Any:
    line = text.split("\n", 1)[0]
    try:
        return json.loads(line.removeprefix("# "))
    except json.JSONDecodeError as error:
        raise FangpinError("名册的第一行读不出来：请用冻结时写出的 frame.csv。") from error
