"""A trip read from a draw's folder, the published copy it rests on and the earlier months; identities from the vault.

Does not belong here: the draw (fangpin/research), documents (fangpin/reports/research), writing (research_packs.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets import vault
from assets.build import POLICY_FOLDER
from fangpin import identity, masking
from fangpin import policy as policies
from fangpin.errors import HomeError
from fangpin.month import end, shift
from fangpin.policy import UNITS, Parameter, Policy
from fangpin.quality import DELIVERED, ZERO
from fangpin.reports.research.trip import Identity, Person, Trip
from fangpin.research import plan as plans
from fangpin.research.draw import NOT_GENERALISABLE
from fangpin.research.frame import from_csv
from fangpin.research.item import COMPARE, EACH, HOUSEHOLD, LATEST, LIST, PAPER, SUM, Item
from fangpin.research.items import CATALOGUE, form_version
from fangpin.research.plan import COMPOSITE, Plan
from fangpin.research.precision import figures
from fangpin.research.profile import INDICATORS, Limits
from fangpin.topics.topic import COUNT
from pipelines.jobs import RESEARCH
from pipelines.published import open_published
from pipelines.research_draw import AUDIT, FRAME, FREEZE

TABLES = ("sample", "households", "teams", "days")
"""The files of a draw's folder, one a research table."""
TEXT = ("_code", "name", "members", "role", "arm", "criterion", "reason", "stratum", "task", "plan")
"""Ends of the names of columns that are text, whatever stands in them."""

TOLD = (
    "cities",
    "city_codes",
    "counties_per_city",
    "risk_counties",
    "villages_per_county",
    "risk_villages",
    "quotas",
    "criterion",
    "ranked_count",
    "ranked_ratio",
    "weights",
    "least_households",
    "top_only",
    "reserves_per_village",
    "visited_months",
    "excluded",
    "overrides",
    "households_per_village",
    "flagged_households",
    "random_households",
    "reserves_per_stratum",
    "teams",
)
"""The parameters of a plan that the note on the sample tells; the rest is for the draw."""
CRITERIA = {"交替": "数量和消除率交替", "加权": "数量和消除率加权"}
"""The choices of `criterion` that one word does not explain."""
DECIDED = ("excluded", "overrides")
"""What persons decided is told even when it is nothing."""

TOP_ONLY = f"本次调研的县村都按排名选取，其情况{NOT_GENERALISABLE}。"

_REDUCED = {
    EACH: "select household_id, {columns} from {table}",
    LATEST: "select household_id, {columns} from {table} "
    "qualify row_number() over (partition by household_id order by round desc) = 1",
    SUM: "select household_id, {sums} from {table} group by household_id",
    LIST: "select household_id, {lists} from {table} group by household_id",
}


def draw_folder(home: Path, plan: str, draw: int | None) -> Path:
    """The folder of a draw, the newest when none is named and no other frame was frozen since; HomeError saying which
    there are."""
    folder = home / RESEARCH / plan
    known = sorted(path.name for path in folder.glob("draw-???") if (path / AUDIT).is_file())
    wanted = known[-1] if draw is None and known else f"draw-{draw or 0:03d}"
    if wanted not in known:
        told = f"已有：{'、'.join(known)}" if known else "还没有抽样，请先运行 fangpin research draw"
        which = "" if draw is None else f"第{draw}次抽样"
        raise HomeError(f"方案 {plan} 没有可用的{which or '抽样结果'}（{folder}）。{told}。")
    frozen = folder / FRAME / FREEZE
    if draw is None and frozen.is_file() and _of_frame(frozen) != _of_frame(folder / wanted / AUDIT):
        raise HomeError(
            f"方案 {plan} 抽样以后重新冻结过名册，{wanted} 抽自以前的名册。请先按新名册抽样（fangpin research draw），"
            f"或用 --draw {int(wanted.removeprefix('draw-'))} 指明就用那一次。"
        )
    return folder / wanted


def _of_frame(file: Path) -> str:
    """The hash of the frame that an audit or a freeze is of."""
    return str(json.loads(file.read_text(encoding="utf-8"))["frame_sha256"])


def read_trip(home: Path, plan: str, draw: int | None) -> Trip:
    """Everything the packs of a draw are made of, as of the month the draw rests on."""
    folder = draw_folder(home, plan, draw)
    audit = json.loads((folder / AUDIT).read_text(encoding="utf-8"))
    month = audit["month"]
    known = policies.load(POLICY_FOLDER)
    asked = plans.read(audit["plan"], audit["plan_values"])  # as it was announced, whatever policy/ says now
    tables = {name: draw_csv(folder, name) for name in TABLES}
    limits = _limits(known, month)
    version = audit["version"]
    try:
        with _version(home, month, version) as con:
            frames = _frames(con, tables["sample"], tables["households"], month)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise HomeError(
            f"{month} 第 {version} 版由旧版程序生成，缺少资料包要用的表或列。请用现在的程序重新运行该月，再重新抽样。"
        ) from error
    return Trip(
        plan=plan,
        title=asked.title,
        draw=int(folder.name.removeprefix("draw-")),
        month=month,
        version=version,
        policy_version=known.version,
        **tables,
        rules=_rules(asked, known.group(f"{RESEARCH}/{plan}"), _place_names(audit["frame"])),
        honesty=[(f.title, f.figure, f.words) for f in figures(tables["sample"], tables["households"], asked)],
        proof=_proof(audit, folder.name),
        cautions=(TOP_ONLY,) if asked.top_only else (),
        frames=frames,
        months={each: _place_month(home, each) for each in _months(home, month, limits.history_months)},
        limits=limits,
        form_version=form_version(),
    )


def identities(home: Path, trip: Trip, team: int) -> dict[int, Identity]:
    """What the vault knows of the drawn households of a team, and of nobody else; HomeError when one is unknown."""
    numbers = [number for village in trip.of_team(team) for number in village.households]
    with _version(home, trip.month, trip.version) as con:
        people = con.execute(
            "select household_id, person_id, age from core.person where household_id in (select unnest(?))", [numbers]
        ).pl()
    con = vault.connect(home)
    with vault.attached(con, home, "生成实地资料包"):
        con.register("asked", people.select("person_id"))
        known = con.sql(
            "select person_id, id_key, name, phone from vault.person semi join asked using (person_id)"
        ).pl()
        con.unregister("asked")
        rows = con.execute(
            "select household_id, household_no, phone from vault.household where household_id in (select unnest(?))",
            [numbers],
        ).fetchall()
    missing = sorted(set(numbers) - {number for number, _, _ in rows})
    if missing:
        raise HomeError(
            f"身份库里没有抽中的 {len(missing)} 户（如户内部编号 {missing[0]}）：请核对数据目录与抽样是否一致。"
        )
    members: dict[int, list[Person]] = {number: [] for number in numbers}
    named = people.join(known, on="person_id").sort("household_id", "person_id")
    for row in named.with_columns(sex=identity.sex(named["id_key"])).iter_rows(named=True):
        number = masking.number(identity.number(row["id_key"])) if row["id_key"] is not None else ""
        person = Person(row["name"] or "", number, row["sex"] or "", row["age"], row["phone"] or "")
        members[row["household_id"]].append(person)
    return {n: Identity(no or "", phone or "", tuple(members[n])) for n, no, phone in rows}


def _version(home: Path, month: str, version: str) -> duckdb.DuckDBPyConnection:
    """The published version that the draw rests on, in force or not."""
    path = home / "published" / month / version / "fangpin.duckdb"
    if not path.is_file():
        raise HomeError(f"抽样所依据的 {month} 第 {version} 版不见了（{path}）：请从备份恢复，或重新抽样。")
    return duckdb.connect(str(path), read_only=True)


def draw_csv(folder: Path, table: str) -> pl.DataFrame:
    """A table of the draw: codes and words are text, days are dates, the rest as it reads."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise HomeError(f"抽样结果不完整：没有 {path}。请重新抽样，或从备份恢复。")
    frame = pl.read_csv(path, infer_schema_length=None)
    text = pl.read_csv(path, infer_schema=False).select(pl.col(n) for n in frame.columns if n.endswith(TEXT))
    frame = frame.with_columns(text)
    return frame.with_columns(pl.col("day").cast(pl.String).str.to_date()) if "day" in frame.columns else frame


def _frames(
    con: duckdb.DuckDBPyConnection, sample: pl.DataFrame, households: pl.DataFrame, month: str
) -> dict[str, pl.DataFrame]:
    codes = sample["village_code"].unique().sort().to_list()
    counties = sorted({code[:6] for code in codes})
    above = sorted({code[:digits] for code in codes for digits in (2, 4, 6, 9)})
    con.execute("create temp table county as select unnest(?::varchar[]) as county_code", [counties])
    con.execute("create temp table place as select unnest(?::varchar[]) as place_code", [[*codes, *above]])
    con.register("drawn", households.select(pl.col("household_id").cast(pl.Int32)))
    inside = (
        "semi join (select village_code from ref.division semi join county using (county_code)) using (village_code)"
    )
    leads = "household_id, village_code, kind, title, severity, evidence, counter_evidence, clause"
    return {
        "values": _values(con),
        "leads": con.sql(f"select {leads} from mart.household_anomaly {inside} order by household_id, kind").pl(),
        "village_leads": con.sql(
            f"""select village_code, kind, title, evidence, counter_evidence
            from mart.village_anomaly {inside} order by all"""
        ).pl(),
        "alerts": con.sql(
            f"""select village_code, kind, count(*) as alerts, count(*) filter (where is_new) as new_alerts
            from mart.alert {inside} group by all order by all"""
        ).pl(),
        "figures": con.sql(_figures(con)).pl(),
        "rankings": con.sql(
            " union all by name ".join(
                f"select place_code, criterion, reason from mart.{level}_ranking semi join place using (place_code)"
                for level in ("county", "township", "village")
            )
        ).pl(),
        "gaps": con.execute(
            """select place_code, title, source, state, blind_spot from mart.feed_coverage
            semi join place using (place_code)
            where level = 'county' and month = ? and (blind_spot or state not in (?, ?)) order by all""",
            [month, DELIVERED, ZERO],
        ).pl(),
        "places": con.sql(
            """select level, place_code, place_name from ref.place where place_code[:6] in (from county)
            or place_code in (from place) order by all"""
        ).pl(),
    }


def _values(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The system value of every household item, one column an item, one row a drawn household."""
    found = con.sql("select household_id from drawn order by household_id").pl()
    asked: dict[tuple[str, str], list[Item]] = {}
    for item in CATALOGUE:
        if item.subject == HOUSEHOLD and item.system and item.answer in (COMPARE, PAPER):
            asked.setdefault((item.table, item.reduced), []).append(item)
    for (table, reduced), items in asked.items():
        query = _REDUCED[reduced].format(
            table=f"(select * from {table} semi join drawn using (household_id))",
            columns=", ".join(f"{item.column} as {item.code}" for item in items),
            sums=", ".join(f"sum({item.column})::bigint as {item.code}" for item in items),
            lists=", ".join(
                f"string_agg(distinct {item.column}::varchar, '、' order by {item.column}::varchar) as {item.code}"
                for item in items
            ),
        )
        found = found.join(con.sql(query).pl(), on="household_id", how="left")
    return found


def _figures(con: duckdb.DuckDBPyConnection) -> str:
    """Figures without segments of the drawn villages and of the places above them."""
    from fangpin.reports.topic_figures import TOPICS

    shares = {t.name: [i.name for i in t.indicators if i.shown != COUNT and not i.segmented] for t in TOPICS}
    con.register(
        "shown",
        pl.DataFrame([(t, i) for t, names in shares.items() for i in names], ["topic", "indicator"], orient="row"),
    )
    parts = ["select place_code, topic, indicator, segment, value, base from mart.topic_figure"]
    parts += [
        f"select village_code as place_code, '{topic}' as topic, indicator, segment, value, base "
        f"from mart.topic_{topic}"
        for topic in shares
    ]
    return f"""select place_code, topic, indicator, value, base from ({" union all by name ".join(parts)})
        semi join place using (place_code) semi join shown using (topic, indicator)
        where segment = '' order by all"""


def _place_month(home: Path, month: str) -> pl.DataFrame:
    columns = {"level", "place_code", *(i.column for i in INDICATORS), *(i.base for i in INDICATORS)}
    with open_published(month, home) as con:
        return con.sql(f"select {', '.join(sorted(columns))} from mart.place_month where in_province").pl()


def _months(home: Path, month: str, count: int) -> list[str]:
    """This month and those before it that have a version in force, without a gap."""
    found = [month]
    while len(found) < count and (home / "published" / shift(found[0], -1) / "CURRENT").is_file():
        found.insert(0, shift(found[0], -1))
    return found


def _limits(policy: Policy, month: str) -> Limits:
    """policy/place_profile.yaml at the month's end."""
    names = policy.group("place_profile")
    return Limits(**{name: policy.value(f"place_profile.{name}", "", end(month)).value for name in names})


def _place_names(frame: str) -> dict[str, str]:
    """Code -> name of every place of a frozen frame."""
    return {unit.code: unit.name for unit in from_csv(frame).units}


def _rules(asked: Plan, known: Mapping[str, Parameter], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """What of the plan an official reads, in words; what the plan leaves blank is left out. known: for the units; a
    parameter that is no more is told without. places: names by code."""
    units = {name: parameter.unit for name, parameter in known.items()}
    told = []
    for name in (name for name in TOLD if name in asked.values):
        title, value, unit = asked.values[name]["title"], asked.values[name]["value"], units.get(name, "text")
        if isinstance(value, list | dict):
            if (name == "weights" and asked.criterion != COMPOSITE) or not (value or name in DECIDED):
                continue
            told.append((title.partition("（")[0], "；".join(_each(value, places)) or "无"))
        elif value is not None:
            told.append((_titled(title, unit), _words(value, unit)))
    return told


def _each(values: Any, places: Mapping[str, str]) -> list[str]:
    """A plan's list in words: codes by name, decisions with what was done, by whom and why."""
    named = {code: f"{name}（{code}）" for code, name in places.items()}
    if isinstance(values, dict):
        return [f"{named.get(key, key)} {value}" for key, value in values.items()]
    return [
        "，".join(named.get(str(part), str(part)) for part in each.values()) if isinstance(each, dict)
        else named.get(str(each), str(each))
        for each in values
    ]  # fmt: skip


def _titled(title: str, unit: str) -> str:
    """Without the code list that the title of a text has in brackets."""
    return title.partition("（")[0] if unit == "text" else title


def _words(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if unit == "text":
        return CRITERIA.get(value, str(value))
    return f"{value}{'人' if unit == 'persons' else '个' if unit == 'number' else UNITS[unit]}"


def _proof(audit: Mapping[str, Any], draw: str) -> list[tuple[str, str]]:
    """Everything a replay needs besides the audit file, and what was changed by hand."""
    told = [
        ("名册校验值（SHA-256）", audit["frame_sha256"]),
        ("保密串的校验值（冻结时公布）", audit["plan_values"]["nonce_sha256"]["value"]),
        ("公布值", audit["public_value"]),
        ("保密串（抽样后公布）", audit["nonce"]),
        ("抽样种子", audit["seed"]),
        ("抽样记录（audit.json）的校验值", audit["sha256"]),
        ("复核命令", f"fangpin research verify --plan {audit['plan']} --draw {int(draw.removeprefix('draw-'))}"),
    ]
    if audit["redraw_reason"]:
        told.append(("重新抽样的原因", audit["redraw_reason"]))
    for each in audit["substitutions"]:
        instead = each["instead"] or "按次序的下一个备选"
        told.append(("替换", f"{each['village']} 换为 {instead}，{each['who']}：{each['why']}"))
    return [(name, str(text)) for name, text in told]
