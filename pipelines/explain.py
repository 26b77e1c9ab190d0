"""From a score or a rank back to the delivered cell: contributions, clauses, feeds, batches, rows, cells.

Reads the published version, the ledger and the delivered files; changes nothing. Personal cells are masked.
Does not belong here: how a score is made (fangpin/scorecard.py) or a file reopened (assets/reopen.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from assets.lake import raw_view_sql
from assets.reopen import DeliveredRow, reopen
from checks.feed import FeedContract
from checks.raw import FEEDS
from fangpin.errors import FangpinError
from fangpin.masking import showable
from fangpin.month import end
from fangpin.ranks.criteria import CRITERIA as RANKED_BY
from fangpin.research.draw import WORDS
from fangpin.scorecard import counterfactuals, parse
from pipelines.published import open_published
from pipelines.warehouse import current_policy

ROWS_SHOWN = 12
"""Delivered rows shown per feed; the number of the others is said."""

ROLES = {"primary": "正选", "reserve": "备选"}

WINDOWS = {
    "income": ("period", "prior_first", "statement_last"),
    "medical": ("settled_on", "status_first", "month"),
    "disaster": ("happened_on", "status_first", "month"),
    "petition": ("received_on", "status_first", "month"),
}
"""Feeds of which the score counts the rows of some months only: the column that dates a row, the first and last month
by the columns of ref.month. Of no other feed a row is left out for its date."""
OUTSIDE = "（不在本月计算期内）"
OTHER_TOPIC = "（不是生活困难，不计分）"
EARLIER = "（上一核算期，只用于比较收入升降）"


def explain_household(home: Path, month: str, household: int) -> str:
    """The household's score with each contribution down to its cells. FangpinError for an unknown household."""
    with open_published(month, home) as con:
        found = con.sql(
            """select risk.score, risk.score_low, risk.score_high, risk.band, risk.hard_reasons, risk.mitigation,
                      place.full_name, month.persons, month.status, month.category
               from mart.household_risk as risk
               join core.household_month as month on month.household_id = risk.household_id
               join ref.place as place on place.level = 'village' and place.place_code = risk.village_code
               where risk.household_id = ?""",
            params=[household],
        ).fetchall()
        if not found:
            raise FangpinError(
                f"{month} 没有编号为 {household} 的农户。编号见网站的异常线索页、县页面，"
                f"或已发布副本的 mart.household_risk。"
            )
        score, low, high, band, hard, mitigation, place, persons, status, category = found[0]
        contributions = con.sql(
            """select indicator, points, points_high, reason, clause from mart.risk_contribution
               where household_id = ? order by points desc, indicator""",
            params=[household],
        ).fetchall()
        feeds = dict(con.sql("select distinct indicator, feeds from ref.scorecard").fetchall())
        features = con.sql("select * from core.household_month where household_id = ?", params=[household]).pl()
        persons_of = con.sql(
            "select person_id from core.person where household_id = ? order by person_id", params=[household]
        ).fetchall()
        anomalies = con.sql(
            """select title, evidence, counter_evidence, clause, field_result, field_checked_on
               from mart.household_anomaly where household_id = ?""",
            params=[household],
        ).fetchall()
        windows = con.sql("select * from ref.month").pl().row(0, named=True)
    state = {"none": "未纳入监测", "active": "监测中", "eliminated": "风险已消除"}[status]
    lines = [
        f"农户 {household}（{place}，{persons} 人，{state}{'：' + category if category else ''}）{month}",
        f"风险分 {score}（{low}—{high}），等级 {band}" + (f"；必核查：{hard}" if hard else ""),
    ]
    feature = features.row(0, named=True)
    lines.append(_income(feature))
    if mitigation:
        lines.append(f"保护因素（不减分）：{mitigation}")
    used: dict[str, None] = {}  # feeds in the order of the contributions, each once
    for indicator, points, points_high, reason, clause in contributions:
        names = _names(feeds.get(indicator))
        used |= dict.fromkeys(names)
        upper = "" if points == points_high else f"（不详时最高 {points_high}）"
        lines += ["", f"{points:+d} 分{upper}　{reason}", f"    依据：{clause}"]
        if names:
            lines.append(f"    来源：{'、'.join(FEEDS[name].title for name in names)}")
    card = parse(current_policy().value("scorecard", "", end(month)).value)
    hints = counterfactuals(card, feature)
    if hints:
        lines += ["", "怎样会降低风险分", *(f"    {hint}" for hint in hints)]
    for title, evidence, counter, clause, result, checked_on in anomalies:
        lines += ["", f"异常线索：{title}", f"    依据：{evidence}", f"    反证：{counter}", f"    条款：{clause}"]
        if result:
            lines.append(f"    实地核查：{result}（{checked_on}）")
    lines += ["", "来源记录（按部门文件）"]
    members = [person for (person,) in persons_of]
    for name in used:
        lines += _rows_of(home, month, FEEDS[name], household, members, windows)
    return "\n".join(lines)


def explain_village(home: Path, month: str, village: str) -> str:
    """The village's ranks, what they are made of, and the register rows behind them. FangpinError when unknown."""
    with open_published(month, home) as con:
        place = con.sql(
            """select full_name, households, persons, monitored_households, monitored_persons, eliminated_households,
                      eliminated_persons, m.in_province
               from mart.place_month as m join ref.place as p using (level, place_code)
               where m.level = 'village' and m.place_code = ?""",
            params=[village],
        ).fetchall()
        if not place:
            raise FangpinError(f"{month} 没有代码为 {village} 的行政村。代码为12位统计用区划代码。")
        name, households, persons, monitored, monitored_persons, eliminated, eliminated_persons, own = place[0]
        ranks = con.sql(
            """select criterion, rank, p_top, expected_rank, reason
               from mart.village_ranking where place_code = ?""",
            params=[village],
        ).fetchall()
        drawn = con.sql(
            "select plan, role, criterion, reason from mart.research_sample where village_code = ? order by plan",
            params=[village],
        ).fetchall()
        anomalies = con.sql(
            "select title, evidence, counter_evidence, clause from mart.village_anomaly where village_code = ?",
            params=[village],
        ).fetchall()
        objects = con.sql(
            """select household_id, category, identified_month, eliminated, eliminated_month
               from core.monitored_household where village_code = ? order by household_id""",
            params=[village],
        ).fetchall()
    lines = [
        f"{name}（{village}）{month}",
        f"{households} 户 {persons} 人；监测对象 {monitored} 户 {monitored_persons} 人，"
        f"已消除 {eliminated} 户 {eliminated_persons} 人" + ("" if own else "；不计入本省排名"),
    ]
    for criterion, rank, chance, expected, reason in sorted(ranks, key=lambda row: list(RANKED_BY).index(row[0])):
        lines.append(f"{RANKED_BY[criterion]}第 {rank or '—'} 名")
        if rank and not criterion.startswith("count"):
            lines.append(f"    排名靠前的概率 {chance:.1%}，期望名次 {expected:.0f}")
        lines.append(f"    {reason}")
    for plan, role, criterion, reason in drawn:
        lines.append(f"调研抽样（方案 {plan} 预抽）：{ROLES[role]}，{WORDS[criterion]}；{reason}")
    for title, evidence, counter, clause in anomalies:
        lines += ["", f"异常线索：{title}", f"    依据：{evidence}", f"    反证：{counter}", f"    条款：{clause}"]
    for household, category, identified, is_eliminated, eliminated_month in objects:
        state = f"{eliminated_month} 消除" if is_eliminated else "未消除"
        lines += ["", f"农户 {household}：{category}，{identified} 识别，{state}"]
        lines += _rows_of(home, month, FEEDS["register"], household, [])
    return "\n".join(lines)


def _income(feature: Mapping[str, Any]) -> str:
    """The reckoning behind the margin over the line, in yuan, so that it can be done again with a pocket calculator."""
    line, rigid, persons = _yuan(feature["line_fen"]), _yuan(feature["rigid_fen"]), feature["persons"]
    net, after = feature["net_income_fen"], feature["net_after_rigid_per_head_fen"]
    if net is None or after is None:
        return (
            f"收入测算：家庭纯收入不详（收入记录不足或无成员），刚性支出 {rigid} 元，{persons} 人；监测线每人 {line} 元"
        )
    before = feature["net_income_per_head_fen"]
    reckoned = f"（{_yuan(net)} − {rigid}）÷ {persons} ＝ 每人 {_yuan(after)} 元"
    return (
        f"收入测算：家庭纯收入 {_yuan(net)} 元，刚性支出 {rigid} 元，{persons} 人；监测线每人 {line} 元\n"
        f"    扣除前：{_yuan(net)} ÷ {persons} ＝ 每人 {_yuan(before)} 元，{_against(before, feature['line_fen'])}\n"
        f"    扣除后：{reckoned}，{_against(after, feature['line_fen'])}"
    )


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _against(fen: int, line: int) -> str:
    """How a sum per head stands to the line, in the measure of the score card: percents of the line."""
    percent = abs(100 * (fen - line) / line)
    return "等于监测线" if fen == line else f"比监测线{'高' if fen > line else '低'} {percent:.1f}%"


def _names(feeds: str | None) -> list[str]:
    return [name.strip() for name in (feeds or "").split(",") if name.strip() in FEEDS]


def _rows_of(
    home: Path,
    month: str,
    feed: FeedContract,
    household: int,
    members: Sequence[int],
    windows: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """The delivered rows of a feed that speak of the household, newest delivery first, each cell as written.

    windows: the row of ref.month, to mark the rows that do not count for the month's score.
    """
    columns = {name for name, _, _ in feed.lake_columns}
    if "household_id" in columns:
        condition = f"household_id = {household}"
    elif members:
        condition = f"person_id in ({', '.join(map(str, members))})"
    else:
        return
    with duckdb.connect() as con:
        rows = con.sql(
            f"""select delivery_month, source_file, source_row, {_mark_sql(feed, windows)}
                from ({raw_view_sql(home, month, feed)})
                where {condition} order by delivery_month desc, source_file, source_row"""
        ).fetchall()
    if not rows:
        yield f"    {feed.title}（{feed.source}）：没有这一户的记录"
        return
    by_file: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for delivered, file, row, mark in rows[:ROWS_SHOWN]:
        by_file[delivered, file][row] = mark
    outside = sum(mark == OUTSIDE for *_, mark in rows)
    yield f"    {feed.title}（{feed.source}）：{len(rows)} 行" + (
        f"，其中 {outside} 行{OUTSIDE[1:-1]}" if outside else ""
    )
    for (delivered, file), marks in by_file.items():
        yield from _delivered(delivered, file, reopen(home, feed, file, marks), marks)
    if len(rows) > ROWS_SHOWN:
        yield f"      另有 {len(rows) - ROWS_SHOWN} 行"


def _mark_sql(feed: FeedContract, windows: Mapping[str, Any] | None) -> str:
    """What is to be said of a row's date, as SQL: nothing when the row counts for the score."""
    if windows is None or feed.name not in WINDOWS:
        return "''"
    column, first, last = WINDOWS[feed.name]
    dated = f"left(cast({column} as varchar), 7)"
    other = f"when topic <> '生活困难' then '{OTHER_TOPIC}'" if feed.name == "petition" else ""
    before = f"when {dated} < '{windows['statement_first']}' then '{EARLIER}'" if feed.name == "income" else ""
    outside = f"when {dated} not between '{windows[first]}' and '{windows[last]}' then '{OUTSIDE}'"
    return f"case {outside} {before} {other} else '' end"


def _delivered(month: str, file: str, rows: Iterable[DeliveredRow], marks: Mapping[int, str]) -> Iterator[str]:
    for row in rows:
        where = showable(row.path) + (f" 工作表「{showable(row.sheet)}」" if row.sheet else "")
        cells = "；".join(f"{header}＝{text}" for header, text in row.cells.values() if text not in (None, "", "0"))
        yield f"      {month} 批次 {file} {where} 第{row.row}行{marks.get(row.source_row, '')}：{cells}"
        yield from (f"        {said.partition('；')[0]}" for said in row.corrected)
