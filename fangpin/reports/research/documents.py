"""The documents of a trip, GB/T 9704 pages filled into templates that the office edits in Word or WPS.

templates/*.docx hold the words and the looks, their tags are listed in docs/research-templates.md; an own copy of a
template is used where the office has put one. Same trip, same bytes. Does not belong here: what is said of a place
(guide.py, fangpin/research/profile.py).
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from fangpin.errors import FangpinError
from fangpin.reports.research.guide import LEVELS, gaps, reasons, sections
from fangpin.reports.research.trip import ARMS, Trip, Village
from fangpin.research.draw import PRIMARY, RESERVE
from fangpin.research.profile import NO_TREND, RECOVERY, UNJUDGED, profile

TEMPLATES = Path(__file__).parent / "templates"
ANNEX, NOTE, PLACE = "调研工作方案附件.docx", "抽样说明.docx", "地方情况与访谈提纲.docx"
LISTED = 3
"""Months that the template of a place has columns for."""
UNKNOWN = "—"


def annex(trip: Trip, own: Path | None = None) -> bytes:
    """附件1 places, 附件2 teams and days, 附件3 reserves."""
    return _filled(ANNEX, annex_tags(trip), trip, own)


def note(trip: Trip, own: Path | None = None) -> bytes:
    """How the places were drawn, what the result can say, how anybody replays it."""
    return _filled(NOTE, note_tags(trip), trip, own)


def place(trip: Trip, level: str, code: str, own: Path | None = None) -> bytes:
    """The profile of a place on the first page, the interview guide behind it."""
    return _filled(PLACE, place_tags(trip, level, code), trip, own)


def annex_tags(trip: Trip) -> dict[str, Any]:
    rows = _places(trip, PRIMARY)
    return {
        **_common(trip),
        "villages": rows,
        "totals": _totals(trip),
        "teams": [_team(trip, team) for team in trip.team_numbers],
        "days": _days(trip),
        "reserves": _places(trip, RESERVE),
    }


def note_tags(trip: Trip) -> dict[str, Any]:
    return {
        **_common(trip),
        "opening": f"现将{trip.title}{trip.draw_title}的办法、结果和可靠程度说明如下。数据截至{_day(trip.as_of)}。",
        "rules": [{"name": name, "text": text} for name, text in trip.rules],
        "totals": _totals(trip),
        "villages": _places(trip, PRIMARY),
        "honesty": [{"title": title, "figure": figure, "words": words} for title, figure, words in trip.honesty],
        "proof": [{"name": name, "text": text} for name, text in trip.proof],
        "date": _day(trip.as_of),
    }


def place_tags(trip: Trip, level: str, code: str) -> dict[str, Any]:
    found = profile(trip.months, level, code, trip.limits)
    months = [f"{int(month[5:])}月" for month in found.months]
    blank = [UNKNOWN] * (LISTED - len(months))
    readings = [
        {
            "title": r.indicator.title,
            "history": blank + [UNKNOWN if value is None else f"{value:,}" for value in r.history],
            "base": f"{r.base:,}",
            "normal": UNKNOWN if r.low is None else f"{r.low:,}至{r.high:,}",
            "state": r.state,
        }
        for r in found.readings
    ]
    name = {"village": lambda: _village(trip, code).full_name}.get(level, lambda: _full_name(trip, code))()
    return {
        **_common(trip),
        "place": name,
        "level": LEVELS[level],
        "phase": found.phase,
        "phase_words": _phase_words(found.phase, found.above, found.phase_before),
        "trend": found.trend,
        "trend_words": _trend_words(found.trend, found.worse, found.better),
        "months": blank + months,
        "readings": readings,
        "peers": found.peers,
        "probability": f"{trip.limits.range_probability:.0%}",
        "reasons": reasons(trip, level, code),
        "gaps": gaps(trip, code) or ("本县各类数据均已按期报送",),
        "sections": [
            {
                "title": s.title,
                "asked": "".join(s.asked),
                "shown": "；".join(s.shown),
                "follow": s.follow,
                "opinion": s.opinion,
            }
            for s in sections(trip, level, code)
        ],
    }


def _phase_words(phase: str, above: Sequence[str], before: str | None) -> str:
    if phase == UNJUDGED:
        return "同类地方太少，没有可比的正常范围。"
    told = f"{'、'.join(above)}超出正常范围。" if above else "各项指标都没有超出正常范围。"
    return told + (f"上月为{before}。" if phase == RECOVERY else "")


def _trend_words(trend: str, worse: Sequence[str], better: Sequence[str]) -> str:
    if trend == NO_TREND:
        return "上月没有发布数据，不作比较。"
    told = [f"{'、'.join(titles)}{word}" for titles, word in ((worse, "增加"), (better, "减少")) if titles]
    return f"与上月相比，{'；'.join(told)}。" if told else "与上月相比，各项指标变动不大。"


def _common(trip: Trip) -> dict[str, Any]:
    return {
        "title": trip.title,
        "as_of": _day(trip.as_of),
        "mark": trip.mark,
        "cautions": trip.cautions,
    }


def _places(trip: Trip, role: str) -> list[dict[str, Any]]:
    """Rows of the villages of a role, in the order of the sample."""
    visited = trip.households.filter(role=PRIMARY).group_by("village_code").len()
    number = dict(visited.iter_rows())
    chosen = trip.sample.filter(role=role).sort("city_code", "county_code", "slot", "draw_order", "village_code")
    return [
        {
            "number": position,
            "city": row["city_name"],
            "county": row["county_name"],
            "township": trip.place_name(row["village_code"][:9]),
            "village": row["village_name"],
            "code": row["village_code"],
            "arm": ARMS[row["arm"]],
            "order": row["draw_order"],
            "probability": UNKNOWN if row["inclusion_probability"] is None else f"{row['inclusion_probability']:.4f}",
            "monitored": row["monitored_households"],
            "eliminated": row["eliminated_households"],
            "households": number.get(row["village_code"], 0),
            "reason": row["reason"],
        }
        for position, row in enumerate(chosen.iter_rows(named=True), start=1)
    ]


def _totals(trip: Trip) -> dict[str, int]:
    primary = trip.sample.filter(role=PRIMARY)
    return {
        "cities": primary["city_code"].n_unique(),
        "counties": primary["county_code"].n_unique(),
        "villages": primary.height,
        "households": trip.households.filter(role=PRIMARY).height,
        "reserves": trip.sample.height - primary.height,
        "reserve_households": trip.households.filter(role=RESERVE).height,
    }


def _team(trip: Trip, team: int) -> dict[str, Any]:
    rows = trip.teams.filter(team=team).sort("city_code")
    villages = [v for v in trip.of_team(team) if v.role == PRIMARY]
    drawn = trip.households.filter(pl.col("role") == PRIMARY, pl.col("village_code").is_in([v.code for v in villages]))
    kilometres = rows["kilometres"].drop_nulls()
    return {
        "team": f"第{team}组",
        "cities": "、".join(rows["city_name"]),
        "counties": len({v.county_code for v in villages}),
        "villages": len(villages),
        "households": drawn.height,
        "kilometres": f"{kilometres[0]:,.0f}" if kilometres.len() else UNKNOWN,
        "members": rows["members"][0] or UNKNOWN,
        "reason": rows["reason"][0],
    }


def _days(trip: Trip) -> list[dict[str, str]]:
    rows = trip.days.sort("team", "day_number", "place_order")
    return [
        {
            "date": f"第{row['day_number']}天" if row["day"] is None else f"{row['day'].month}月{row['day'].day}日",
            "team": f"第{row['team']}组",
            "county": trip.place_name(row["county_code"]) if row["county_code"] else UNKNOWN,
            "village": trip.place_name(row["village_code"]) if row["village_code"] else UNKNOWN,
            "task": row["task"],
        }
        for row in rows.iter_rows(named=True)
    ]


def _village(trip: Trip, code: str) -> Village:
    return next(village for village in trip.villages if village.code == code)


def _full_name(trip: Trip, code: str) -> str:
    """City, county and township names down to the place."""
    return "".join(trip.place_name(code[:digits]) for digits in (4, 6, 9) if digits <= len(code))


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _filled(name: str, tags: Mapping[str, Any], trip: Trip, own: Path | None) -> bytes:
    """The template with its tags filled in; `own` is the folder of the office's own templates."""
    import jinja2
    from docxtpl import DocxTemplate

    path = own / name if own is not None and (own / name).is_file() else TEMPLATES / name
    template = DocxTemplate(path)
    strict = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    try:
        template.render(dict(tags), jinja_env=strict)
    except jinja2.TemplateError as error:
        raise FangpinError(
            f"模板 {path} 填不进去：{error.message}。"
            "请对照 docs/research-templates.md 改正标签，或删去自己的模板改用原样。"
        ) from None
    core = template.docx.core_properties
    core.title, core.subject, core.keywords = name.removesuffix(".docx"), trip.mark, trip.plan
    core.created = core.modified = dt.datetime.combine(trip.as_of, dt.time())
    buffer = io.BytesIO()
    template.save(buffer)
    return steady(buffer.getvalue())


def steady(package: bytes) -> bytes:
    """The same zip package without the time it was written: same content, same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.external_attr = zipfile.ZIP_DEFLATED, entry.external_attr
            new.writestr(fixed, old.read(entry))
    return made.getvalue()
