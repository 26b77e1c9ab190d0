"""What if, on the published province: against counts made here, and against the month as it was published."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import openpyxl
import polars as pl
import pytest

from assets.build import POLICY_FOLDER
from fangpin import policy, scenario
from fangpin.errors import PolicyError
from pipelines import changes, replay, whatif
from pipelines.definitions import defs
from pipelines.published import open_published
from tests.conftest import fangpin

MONTH = "2021-12"
HIGHER = """title: 监测线提高到6900元
overrides:
  monitoring_line:
    - {place: "41", from: 2021-01-01, value: 6900}
"""
SHARE = """title: 刚性支出三成
overrides:
  threshold.rigid_alert_share:
    - {place: "", from: 2020-01-01, value: 0.3}
"""


def said(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def published(home: Path, sql: str) -> pl.DataFrame:
    with open_published(MONTH, home) as con:
        return con.sql(sql).pl()


def features(home: Path) -> pl.DataFrame:
    return published(
        home,
        """select household_id, division.county_code, persons, net_income_per_head_fen as income, rigid_share
        from core.household_month join ref.division as division using (village_code)
        where division.in_province""",
    )


def test_a_higher_line_counts_who_is_below_it(province: Path, tmp_path: Path) -> None:
    path = said(tmp_path / "higher.yaml", HIGHER)
    done = fangpin(province, "whatif", "line", "--month", MONTH, "--scenario", str(path), "--json")
    answer = json.loads(done.stdout)
    below = features(province).filter(pl.col("income") < 690_000)
    [whole] = answer["province"]
    assert whole["households_below_after"] == below.height > whole["households_below_before"]
    assert whole["persons_below_after"] == below["persons"].sum()
    gap = (below["persons"].cast(pl.Int64) * (690_000 - below["income"])).sum() // 100
    assert whole["gap_yuan_after"] == gap
    assert answer["lines"] == [{"before": 6000, "after": 6900, "counties": len(answer["counties"])}]
    counted = dict(below.group_by("county_code").len().rows())
    assert {row["place_code"]: row["households_below_after"] for row in answer["counties"]} == {
        row["place_code"]: counted.get(row["place_code"], 0) for row in answer["counties"]
    }
    [outside] = answer["other_places"]  # 赵家坪乡 has a line of its own
    assert outside["households_below_after"] == outside["households_below_before"]
    assert answer["policy_version"] == f"{answer['published_policy_version']}+higher"


def test_the_short_way_counts_what_the_whole_way_counts(province: Path, tmp_path: Path) -> None:
    """The scenario as one candidate more, or as the line in force of a month made again in all that reads it."""
    path = said(tmp_path / "higher.yaml", HIGHER)
    answer = whatif.line(province, MONTH, path, lambda _: None)
    known = policy.load(POLICY_FOLDER)
    other = scenario.applied(known, scenario.load(path, known))
    with replay.replayed(province, MONTH, other) as whole:
        assert {"core.household_month", "mart.alert", "mart.county_ranking"} < set(whole.made)
        counted = whole.con.sql(
            """select place_code, households_below, persons_below, gap_yuan from mart.line_scenario
            where scenario = 'in_force' and level in ('county', 'province') order by all"""
        ).fetchall()
    short = [*answer["province"], *answer["counties"]]
    figures = ("place_code", "households_below_after", "persons_below_after", "gap_yuan_after")
    assert {tuple(row[figure] for figure in figures) for row in short} == {
        row for row in counted if row[0] in {each["place_code"] for each in short}
    }


def test_rankings_of_two_classes_count_two_classes(province: Path) -> None:
    """policy/scenarios/two-classes.yaml: every county's households of two classes identified in the last 24 months."""
    known = policy.load(POLICY_FOLDER)
    other = scenario.applied(known, scenario.load(POLICY_FOLDER / "scenarios" / "two-classes.yaml", known))
    with replay.replayed(province, MONTH, other, goals=("mart.county_ranking",)) as found:
        assert "mart.expected_elimination" not in found.made  # what is due depends on nobody's being ranked
        counted = found.con.sql(
            """select place_code, monitored_households from mart.county_ranking
            where criterion = 'count_households' and monitored_households > 0 order by all"""
        ).fetchall()
        expected = found.con.sql(
            """select division.county_code, count(*) from core.monitored_household as household
            join ref.division as division using (village_code) cross join ref.month as month
            where division.in_province and category in ('脱贫不稳定户', '边缘易致贫户')
              and identified_month > strftime(month.month_start - interval 24 month, '%Y-%m')
            group by all order by all"""
        ).fetchall()
    assert counted == expected
    assert len(counted) > 0


def test_computed_again_under_the_same_policy_every_table_is_as_published(
    province: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing = {"ref.monitoring_line": None, "ref.scorecard": None, "ref.line_candidate": None}
    monkeypatch.setattr(replay, "changed", lambda con, names: differing)
    with replay.replayed(province, MONTH, policy.load(POLICY_FOLDER)) as found:
        assert {"core.household_month", "mart.household_risk", "mart.village_anomaly"} < set(found.made)
        for name in found.made:
            for one, other in ((name, f"published.{name}"), (f"published.{name}", name)):
                assert found.con.sql(f"from {one} except all from {other}").fetchall() == [], name


def test_a_lower_threshold_adds_the_alerts_between_the_two(province: Path, tmp_path: Path) -> None:
    answer, found = whatif.policy(province, MONTH, said(tmp_path / "share.yaml", SHARE), lambda _: None)
    before, after = pl.col("rigid_share") >= 0.4, pl.col("rigid_share") >= 0.3
    everyone = published(province, "select household_id, rigid_share from core.household_month")
    assert sorted(found.leads["household_id"]) == sorted(everyone.filter(after & ~before)["household_id"])
    assert found.leads["kind"].unique().to_list() == ["刚性支出占比高"]
    assert found.households.height == 0
    changes.write(found, tmp_path / "lists")
    listed = pl.read_csv(tmp_path / "lists" / "预警和异常线索.csv")
    assert listed["household_id"].sort().to_list() == sorted(found.leads["household_id"])
    assert answer["changes"]["leads"] == [
        {"what": "预警", "kind": found.leads["kind"][0], "change": "新增", "households": found.leads.height}
    ]


def test_a_scenario_has_a_workbook_that_says_what_it_is(province: Path, tmp_path: Path) -> None:
    path, book = said(tmp_path / "higher.yaml", HIGHER), tmp_path / "测算.xlsx"
    fangpin(province, "whatif", "line", "--month", MONTH, "--scenario", str(path), "--output", str(book))
    sheets = openpyxl.load_workbook(book)
    cells = [str(cell) for row in sheets["备选监测线"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert {"现行监测线", "情景：监测线提高到6900元", "按农村物价"} <= set(cells)
    assert any(cell.startswith("注：情景测算：监测线提高到6900元") for cell in cells)
    done = fangpin(province, "whatif", "rigid", "--month", MONTH, "--output", str(tmp_path / "比较.pdf"), check=False)
    assert (done.returncode, "应以 .xlsx 结尾" in done.stderr) == (1, True)


def test_every_pair_of_thresholds_by_counting(province: Path) -> None:
    answer = whatif.rigid(province, MONTH, None, lambda _: None)
    rows = published(
        province,
        """select rigid_fen / 100.0 as amount, net_income_fen, rigid_share, rigid_fen,
          net_after_rigid_per_head_fen < line_fen as hardship
        from core.household_month where in_province and net_income_per_head_fen is not null""",
    )
    share = (
        pl.when(pl.col("net_income_fen") > 0).then("rigid_share").otherwise((pl.col("rigid_fen") > 0).cast(pl.Float64))
    )
    grid: list[dict[str, Any]] = answer["subjects"][0]["grid"]
    assert len(grid) == 400
    for pair in (grid[0], grid[209], grid[399]):
        flagged = {"by_amount": pl.col("amount") >= pair["amount_yuan"], "by_share": share >= pair["share"] - 1e-9}
        for criterion, rule in flagged.items():
            found = rows.filter(rule)
            assert pair[criterion]["households"] == found.height
            assert pair[criterion]["hits"] == found["hardship"].sum()


def test_an_answer_is_the_same_each_time_and_the_asset_keeps_the_same(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = POLICY_FOLDER / "scenarios" / "line-by-income.yaml"
    answer = whatif.line(province, MONTH, path, lambda _: None)
    assert whatif.line(province, MONTH, path, lambda _: None) == answer
    home = tmp_path / "home"
    home.mkdir()
    (home / "published").symlink_to(province / "published")
    monkeypatch.setenv("FANGPIN_HOME", str(home))
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def("whatif")
        config = {"ops": {"whatif__scenario": {"config": {"scenario": "line-by-income"}}}}
        assert job.execute_in_process(partition_key=MONTH, run_config=config, instance=instance).success
        folder = home / "whatif" / MONTH
        assert json.loads((folder / "line-by-income" / "line.json").read_text(encoding="utf-8")) == answer
        assert {path.name for path in folder.glob("*/*.json")} == {
            *("line.json", "policy.json", "rigid.json", "coverage.json", "elimination.json"),
        }
        changed = json.loads((folder / "line-by-income" / "policy.json").read_text(encoding="utf-8"))["changes"]
        listed = pl.read_csv(folder / "line-by-income" / "农户判断.csv", infer_schema=False)
        assert listed.height == sum(row["households"] for row in changed["households"]) > 0

        assert job.execute_in_process(partition_key=MONTH, instance=instance).success  # without a scenario: as it is
        now = whatif.line(province, MONTH, None, lambda _: None)
        assert json.loads((folder / "current" / "line.json").read_text(encoding="utf-8")) == now


FEED = SHARE.replace("rigid_alert_share", "compulsory_age_max").replace("0.3", "14")
LATER = HIGHER.replace("2021-01-01", "2022-01-01")


@pytest.mark.parametrize(
    ("arguments", "text", "sentence"),
    [
        (("whatif", "policy", "--month", MONTH), FEED, "这项改动作用于部门数据（三保障和饮水 core.guarantee"),
        (("whatif", "line", "--month", MONTH), LATER, "没有改变 2021-12 任何一个县的监测线"),
        (("whatif", "line", "--month", "2020-01"), HIGHER, "还没有发布"),
        (("whatif", "policy", "--month", MONTH, "--output", "/dev/null/lists"), SHARE, "/dev/null/lists 写不进去"),
        (("changes", "--month", MONTH, "v001", "v099"), None, "2021-12 没有版本 v099。已有的版本：v001"),
    ],
)
def test_what_cannot_be_answered_is_named(
    province: Path, tmp_path: Path, arguments: tuple[str, ...], text: str | None, sentence: str
) -> None:
    given = () if text is None else ("--scenario", str(said(tmp_path / "asked.yaml", text)))
    done = fangpin(province, *arguments, *given, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_month_that_is_none_is_a_wrong_use(province: Path) -> None:
    done = fangpin(province, "whatif", "line", "--month", "2021-13", check=False)
    assert (done.returncode, "YYYY-MM" in done.stderr) == (2, True)


def test_a_policy_that_changed_since_is_told(province: Path, tmp_path: Path) -> None:
    """A version published under other files than those of today, which the answer is made with."""
    home = tmp_path / "home"
    folder = shutil.copytree(province / "published", home / "published", copy_function=os.link) / MONTH / "v001"
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_text(json.dumps(told | {"policy_version": "older"}), encoding="utf-8")
    said_now = fangpin(home, "whatif", "line", "--month", MONTH).stdout
    assert "这一版按政策版本 older 发布，policy/ 后来有改动" in said_now
    assert "policy/ 后来有改动" not in fangpin(province, "whatif", "line", "--month", MONTH).stdout


ASSETS = POLICY_FOLDER / "scenarios" / "asset-list.yaml"


def counted(province: Path, *tables: str) -> list[pl.DataFrame]:
    with open_published(MONTH, province) as con:
        return [con.sql(f"from {table}").pl() for table in tables]


def test_the_asset_list_excludes_whom_the_holdings_say(province: Path) -> None:
    """Cars from 80,000 and businesses from 100,000 yuan, as the scenario says, counted again in polars."""
    answer = whatif.included("assets", province, MONTH, ASSETS, lambda _: None)
    judged, holding, household = counted(province, "mart.eligibility", "core.asset_holding", "core.household")
    asked = judged.filter("in_province", pl.col("in_range").fill_null(False) | (pl.col("status") == "active"))
    consent = asked.join(household.select("household_id", "asset_consent"), on="household_id")
    held = asked.join(holding, on="household_id")
    cars = held.filter(pl.col("car_price_fen") >= 8_000_000)
    evidence = pl.any_horizontal("by_income", "by_guarantee", "by_rigid", "by_drop", "disaster_stricken", "safety_net")
    listed = {row["item"]: row for row in answer["province"] if row["listed"]}
    assert listed["car"]["households"] == cars.height > 0
    assert listed["car"]["with_evidence"] == cars.filter(evidence).height
    assert listed["car"]["monitored"] == cars.filter(status="active").height
    assert listed["business"]["households"] == held.filter(pl.col("business_capital_fen") >= 10_000_000).height
    assert listed["car"]["candidates"] == asked.height
    assert listed["car"]["refused"] == consent.filter(~pl.col("asset_consent")).height > 0
    for item, row in listed.items():
        assert row["households"] == sum(
            r["households"] for r in answer["counties"] if r["item"] == item and r["listed"]
        )
    assert (answer["not_given"], answer["scenario"]) == ([], "asset-list")


def test_who_would_be_covered_and_who_was_eliminated_by_the_safety_net_alone(province: Path) -> None:
    """Counted again in polars; options do not add up, combinations do."""
    answer = whatif.included("coverage", province, MONTH, None, lambda _: None)
    judged, register, support = counted(province, "mart.eligibility", "core.monitored_household", "core.support")
    unlisted = judged.filter("in_province", "in_range", pl.col("status") == "none")
    struck = unlisted.filter(pl.col("by_income").not_() & (pl.col("by_rigid") | pl.col("by_drop")))
    found = {row["indicator"]: row for row in answer["options"] if row["level"] == "province"}
    assert found["added_sudden"]["value_after"] == struck.height > 0
    together = [row["value_after"] for row in answer["overlap"] if row["level"] == "province"]
    assert sum(together) == unlisted.height < sum(together) + sum(row["value_after"] for row in found.values())
    everyone = [row for row in answer["groups"] if row["segment"] == "全部农户"]
    assert sum(row["value_after"] for row in everyone if row["indicator"] not in ("households", "persons")) == (
        next(row["value_after"] for row in everyone if row["indicator"] == "households")
    )

    ratios = whatif.included("elimination", province, MONTH, None, lambda _: None)["ratios"]
    of_province = {row["indicator"]: row for row in ratios if row["level"] == "province"}
    own = register.filter(pl.col("village_code").str.starts_with("41")).join(support, on="household_id", how="left")
    alone = own.filter(
        "eliminated",
        pl.col("elimination_mode").ne_missing("自然消除") & (pl.col("measures") == pl.col("safety_net_measures")),
    )
    lenient, strict = of_province["ratio_households"], of_province["strict_ratio_households"]
    assert lenient["value_after"] == own.filter("eliminated").height
    assert lenient["value_after"] - strict["value_after"] == alone.height > 0
    assert lenient["base_after"] == strict["base_after"] == own.height


def test_a_list_without_amounts_is_named(province: Path) -> None:
    path = POLICY_FOLDER / "scenarios" / "line-by-income.yaml"
    with pytest.raises(PolicyError, match=r"asset_list\.car_price_yuan（小型汽车购置价格）.*business_capital_yuan"):
        whatif.included("assets", province, MONTH, path, lambda _: None)
    assert whatif.included("assets", province, MONTH, None, lambda _: None)["not_given"] == [
        "asset_list.car_price_yuan",
        "asset_list.business_capital_yuan",
    ]


def test_a_version_does_not_differ_from_itself(province: Path) -> None:
    answer = json.loads(fangpin(province, "changes", "--month", MONTH, "v001", "v001", "--json").stdout)
    assert answer["changes"] == {
        **{"households": [], "leads": [], "counties": [], "ranks": [], "drawn": [], "figures": []}
    }
