"""What is published: the manifest of a month, and the summary people read after a run.

Does not belong here: how the manifest is made (assets/publish/manifest.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from assets.publish import history
from assets.publish.release import run_command
from fangpin.errors import HomeError


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
        return (
            f"{where}不存在：请检查 FANGPIN_HOME；新建的数据目录先用 fangpin sample 写入样本，或放入部门文件后运行。"
        )
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
    return {**found, "stale_months": history.stale(home), "months_to_run": history.to_run(home)}


def published_months(home: Path) -> list[str]:
    """Every published month with its version; the months withdrawn, when and why; what is to be run, in order."""
    stale, gone, waiting = history.stale(home), history.withdrawn(home), history.to_run(home)
    known = "、".join(
        f"{m}（{history.in_force(home, m)}{'，待重算' if m in stale else ''}）" for m in history.months(home)
    )
    lines = [f"已发布：{known or '无'}"]
    lines += [f"注意：{each}，没有现行版本。" for each in gone]
    if stale:
        lines.append(f"注意：{'、'.join(stale)} 所依据的上一月已重算或退回，须重算。")
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
        places = con.sql(
            """select place_name, households, persons, monitored_households, monitored_persons,
                      elimination_ratio_persons, new_alerts from mart.place_month
               where level = 'province' order by in_province desc, place_code"""
        ).fetchall()
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
            """select rank_count, full_name, monitored_households, eb_ratio from mart.county_ranking
               order by rank_count limit 5"""
        ).fetchall()
        alerts = con.sql("select count(*), count(*) filter (where is_new) from mart.alert").fetchall()[0]
    lines = published_months(home)
    lines += ["", f"月份 {found['month']}，版本 {folder.name}，政策版本 {found['policy_version']}", ""]
    for name, households, persons, monitored, monitored_persons, ratio, new in places:
        share = "—" if ratio is None else f"{ratio:.1%}"
        lines.append(
            f"{name}：{households:,} 户 {persons:,} 人；监测对象 {monitored:,} 户 {monitored_persons:,} 人，"
            f"风险消除率（人）{share}；本月新增预警 {new:,}"
        )
    lines += ["", f"{'报送部门':<10}{'数据':<16}{'接收行':>12}{'退回行':>10}{'匹配率':>8}"]
    for source, title, accepted, quarantined, rate, state in feeds:
        share = state if state == "未报送" else "—" if rate is None else f"{rate:.1%}"
        lines.append(f"{source:<10}{title:<16}{accepted:>12,}{quarantined:>10,}{share:>8}")
    lines += [
        "",
        f"预警 {alerts[0]:,} 条，其中本月新增 {alerts[1]:,} 条",
        "异常线索：" + "；".join(f"{t} {n:,}" for t, n in kinds),
    ]
    lines += ["", "监测对象较多的县："]
    for rank, name, count, ratio in counties:
        lines.append(f"  {rank}. {name} {count:,} 户，收缩后消除率 {'—' if ratio is None else f'{ratio:.1%}'}")
    lines += [
        "",
        f"结果：{folder}",
        f"  工作簿 {folder / 'workbooks'}",
        f"  打开网站：{folder / 'site' / 'index.html'}",
        "  Dagster 界面：make ui，然后打开 http://127.0.0.1:3000",
    ]
    return "\n".join(lines)
