"""What is published: the manifest of a month, and the summary people read after a run.

Does not belong here: how the manifest is made (assets/publish/manifest.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from assets.publish import history
from assets.publish.release import run_command
from checks.mart.feed_quality import NOT_DELIVERED
from fangpin.errors import HomeError
from pipelines.lines import aligned


def version_folder(home: Path, month: str | None) -> Path:
    """The folder of the published version in force: of a month, or of the newest month."""
    pointer = home / "published" / month / "CURRENT" if month else home / "published" / "CURRENT"
    if not pointer.is_file():
        raise HomeError(_nothing_published(home, month))
    return pointer.parent / pointer.read_text(encoding="utf-8").strip()


def _nothing_published(home: Path, month: str | None) -> str:
    """Why nothing can be read: the home is not there, the month was withdrawn, or it was never run."""
    where = f"数据目录 {home}（FANGPIN_HOME）"
    if not home.is_dir():
        return f"{where}不存在：请检查 FANGPIN_HOME；新建的数据目录先用 fangpin sample 写入样本，或放入部门文件后运行。"
    gone = [each for each in history.withdrawn(home) if month in (None, each.month)]
    if gone:
        told = "；".join(map(str, gone))
        return f"{told}，没有现行版本。请按顺序运行：{run_command(history.to_run(home))}（{where}）"
    return f"{where}里还没有发布{month or '任何月份'}。请先运行 fangpin run --month {month or 'YYYY-MM'}。"


def manifest(home: Path, month: str | None) -> dict[str, Any]:
    """manifest.json of the version in force; stale_months: those resting on what is no longer in force; months_to_run:
    those and the months withdrawn, in the order to run them.
    """
    found: dict[str, Any] = json.loads((version_folder(home, month) / "manifest.json").read_text(encoding="utf-8"))
    return {**found, "stale_months": list(history.stale(home)), "months_to_run": history.to_run(home)}


def published_months(home: Path) -> list[str]:
    """Every published month with its version; the months withdrawn, when and why; what is to be run, in order."""
    stale, gone, waiting = history.stale(home), history.withdrawn(home), history.to_run(home)
    known = "、".join(
        f"{m}（{history.in_force(home, m)}{'，待重算' if m in stale else ''}）" for m in history.months(home)
    )
    lines = [f"已发布：{known or '无'}"]
    lines += [f"注意：{each}，没有现行版本。" for each in gone]
    lines += [f"注意：{month} 须重算：{why}。" for month, why in stale.items()]
    if waiting:
        lines.append(f"请按顺序运行：{run_command(waiting)}")
    return lines


def summary(home: Path, found: dict[str, Any]) -> str:
    """The page a person reads after a run: counts, feeds, alerts, anomalies, top counties, where the results lie."""
    try:
        return _summary(home, found)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise HomeError(
            f"{found['month']}（{found['version']}）由旧版程序发布，表的列与现在不同，不能按现在的格式汇总："
            f"请用现在的程序重新运行 fangpin run --month {found['month']}，或用 --json 查看清单。"
        ) from error


def _summary(home: Path, found: dict[str, Any]) -> str:
    folder = version_folder(home, found["month"])
    with duckdb.connect(folder / "fangpin.duckdb", read_only=True) as con:
        own, *others = con.sql(PLACES).fetchall()
        feeds = con.sql(
            """select source, title, accepted, quarantined, match_rate, delivery_state
               from mart.feed_quality order by source, title"""
        ).fetchall()
        kinds = con.sql(
            """select title, count(*) from mart.household_anomaly where in_province group by all
               union all select title, count(*) from mart.village_anomaly where in_province group by all
               order by 2 desc, 1"""
        ).fetchall()
        counties = con.sql(
            """select count.rank, count.full_name, count.monitored_households, ratio.eb_mean
               from mart.county_ranking as count
               join mart.county_ranking as ratio using (place_code)
               where count.criterion = 'count_households' and ratio.criterion = 'ratio_households'
               order by count.rank limit 5"""
        ).fetchall()
    lines = published_months(home)
    lines += ["", f"月份 {found['month']}，版本 {folder.name}，政策版本 {found['policy_version']}"]
    province = own[1]
    lines += ["", f"{province}：{_place(own)}", "  异常线索：" + ("；".join(f"{t} {n:,}" for t, n in kinds) or "无")]
    for other in others:
        lines += ["", f"{other[1]}（{other[0].removesuffix(other[1])}，另列，不计入{province}）：{_place(other)}"]
    table = [("报送部门", "数据", "接收行", "退回行", "匹配率（按行）")]
    for source, title, accepted, quarantined, rate, state in feeds:
        share = state if state == NOT_DELIVERED else _percent(rate)
        table.append((source, title, f"{accepted:,}", f"{quarantined:,}", share))
    lines += ["", f"各部门报送（全部文件{''.join('，含' + other[1] for other in others)}）", *aligned(table, texts=2)]
    lines += ["", f"{province}监测对象较多的县："]
    for rank, name, count, ratio in counties:
        lines.append(f"  {rank}. {name} {count:,} 户，风险消除率（收缩后，按户）{_percent(ratio)}")
    lines += [
        "",
        f"结果：{folder}",
        f"  工作簿 {folder / 'workbooks'}",
        f"  打开网站：{folder / 'site' / 'index.html'}",
        "  Dagster 界面：make ui，然后打开 http://127.0.0.1:3000",
    ]
    return "\n".join(lines)


PLACES = """
    with alerts as (
      select case when division.in_province then division.province_code else division.township_code end as place_code,
        count(*) as alerts, count(*) filter (where alert.is_new) as new_alerts
      from mart.alert as alert join ref.division as division using (village_code)
      group by all
    )
    select place.full_name, month.place_name, month.households, month.persons, month.monitored_households,
      month.monitored_persons, month.active_households, month.active_persons, month.eliminated_households,
      month.eliminated_persons, month.elimination_ratio_households, month.elimination_ratio_persons,
      coalesce(alerts.alerts, 0), coalesce(alerts.new_alerts, 0)
    from mart.place_month as month
    join ref.place as place using (level, place_code)
    left join alerts using (place_code)
    where month.level = case when month.in_province then 'province' else 'township' end
    order by month.in_province desc, place_code"""
"""The own province, and every township that does not count for it, each by itself."""


def _place(found: Sequence[Any]) -> str:
    """A place's counts, a line each. found: a row of PLACES."""
    _, _, households, persons, monitored, monitored_persons, active, active_persons, *rest = found
    eliminated, eliminated_persons, by_household, by_person, alerts, new_alerts = rest
    return (
        f"{households:,} 户 {persons:,} 人\n"
        f"  监测对象 {monitored:,} 户 {monitored_persons:,} 人：未消除 {active:,} 户 {active_persons:,} 人，"
        f"已消除 {eliminated:,} 户 {eliminated_persons:,} 人\n"
        f"  风险消除率：按户 {_percent(by_household)}，按人 {_percent(by_person)}\n"
        f"  预警 {alerts:,} 条，其中本月新增 {new_alerts:,} 条"
    )


def _percent(ratio: float | None) -> str:
    return "—" if ratio is None else f"{ratio:.1%}"
