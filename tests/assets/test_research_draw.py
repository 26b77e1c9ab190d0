"""Freeze, draw, replace, verify on a home: what is announced, what is refused with its remedy, nothing half-written."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner, Result

from fangpin.errors import FangpinError
from pipelines import research_draw, research_trip
from pipelines.cli import app
from pipelines.definitions import build_defs
from pipelines.research_assets import research_draw_asset, research_frame
from pipelines.research_packs_asset import packs
from pipelines.warehouse import Warehouse
from tests.made_up_draw import MONTH, publish

RUN = CliRunner()
PUBLIC = "2022年4月1日双色球红球号码"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """With a published month, and a secret in nonce.txt."""
    where = tmp_path / "home"
    monkeypatch.setenv("FANGPIN_HOME", str(where))
    publish(where)
    yield where


def asked(*arguments: str) -> Result:
    return RUN.invoke(app, ["research", *arguments])


def refused(*arguments: str) -> str:
    """The message of a command that fails."""
    done = asked(*arguments)
    assert done.exit_code != 0, done.output
    return str(done.exception)


def secret(home: Path) -> str:
    """The file of a new secret; with its hash, everything else `freeze` is told."""
    done = asked("nonce", "--output", str(home / "nonce.txt"))
    assert done.exit_code == 0
    return done.stdout.split()[0]


def decided(digest: str) -> tuple[str, ...]:
    days = ("--first-day", "2022-04-10", "--last-day", "2022-04-20")
    return ("--nonce-sha256", digest, "--public-value", PUBLIC, "--public-value-form", "01 02 03", *days)


def frozen(home: Path, *more: str) -> dict[str, Any]:
    done = asked("freeze", "--plan", "plan", "--month", MONTH, *decided(secret(home)), *more, "--json")
    assert done.exit_code == 0, done.exception
    found: dict[str, Any] = json.loads(done.stdout)
    return found


DRAW = ("draw", "--plan", "plan", "--public-value", "03 08 11", "--nonce-file")


def drawn(home: Path, *more: str) -> dict[str, Any]:
    done = asked(*DRAW, str(home / "nonce.txt"), *more, "--json")
    assert done.exit_code == 0, done.exception
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(home: Path, table: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "ledger" / "ledger.sqlite") as con:
        return con.execute(f"select * from {table}").fetchall()


def test_a_draw_from_announcement_to_verification(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    announced = frozen(home)
    assert re.fullmatch("[0-9a-f]{64}", announced["frame_sha256"])
    assert announced["public_value"] == PUBLIC
    done = drawn(home)
    assert done["counts"]["villages"] == 24 and done["counts"]["households"] == 240
    folder = home / "research" / "plan" / "draw-001"
    assert {path.name for path in folder.iterdir()} == {
        *("audit.json", "sample.csv", "households.csv", "teams.csv", "days.csv")
    }
    assert asked("verify", "--plan", "plan").exit_code == 0
    elsewhere = tmp_path / "audit.json"
    elsewhere.write_bytes((folder / "audit.json").read_bytes())
    monkeypatch.setenv("FANGPIN_HOME", str(tmp_path / "nowhere"))
    told = asked("verify", str(elsewhere))
    assert told.exit_code == 0
    assert "复核通过" in told.stdout and announced["frame_sha256"] in told.stdout
    assert not (tmp_path / "nowhere").exists()
    audit = json.loads(elsewhere.read_text(encoding="utf-8"))
    assert set(audit) >= {"month", "version", "frame_sha256", "seed", "precision", "cautions"}  # read by the packs


def test_a_changed_file_of_a_draw_is_seen(home: Path) -> None:
    frozen(home)
    folder = Path(drawn(home)["folder"])
    sample = folder / "sample.csv"
    text = sample.read_text(encoding="utf-8")
    sample.write_text(text.replace("随机抽取", "随机选取", 1), encoding="utf-8")
    told = asked("verify", "--plan", "plan")
    assert told.exit_code == 1
    assert "不一致  sample.csv" in told.stdout and "复核不通过" in told.stdout
    sample.write_text(text, encoding="utf-8")
    assert asked("verify", "--plan", "plan").exit_code == 0
    with sqlite3.connect(home / "ledger" / "ledger.sqlite") as con:
        con.execute("update draw set audit_sha256 = 'x'")
    assert "不一致  台账" in asked("verify", "--plan", "plan").stdout


def test_what_must_be_known_before_the_frame_is_frozen(home: Path) -> None:
    freeze = ("freeze", "--plan", "plan", "--month", MONTH)
    assert "（nonce_sha256）空着" in refused(*freeze)
    digest = secret(home)
    assert "（public_value）空着" in refused(*freeze, "--nonce-sha256", digest)
    assert "（public_value_form）空着" in refused(*freeze, "--nonce-sha256", digest, "--public-value", PUBLIC)
    assert "（first_day）空着" in refused(
        *freeze, "--nonce-sha256", digest, "--public-value", PUBLIC, "--public-value-form", "01 02 03"
    )
    assert "应为64位十六进制数" in refused(*freeze, *decided("abc"))
    assert "还没有发布2021-11" in refused("freeze", "--plan", "plan", "--month", "2021-11", *decided(digest))
    assert "没有名为 nobody 的调研方案。policy/research/ 中有：plan" in refused(
        "freeze", "--plan", "nobody", "--month", MONTH, *decided(digest)
    )
    short = (*decided(digest)[:-1], "2022-04-12")
    assert "要 8 天，2022-04-10 至 2022-04-12 只有 3 天" in refused(*freeze, *short)
    assert not (home / "research").exists() and not (home / "ledger").exists()


def test_the_secret_is_written_once_for_its_owner(home: Path) -> None:
    secret(home)
    assert (home / "nonce.txt").stat().st_mode & 0o777 == 0o600
    assert "保密串不能覆盖" in refused("nonce", "--output", str(home / "nonce.txt"))


def test_a_draw_needs_its_frame_its_secret_and_its_public_value(home: Path) -> None:
    assert "没有保密串文件" in refused(*DRAW, str(home / "nonce.txt"))
    asked("nonce", "--output", str(home / "other.txt"))
    assert "还没有冻结名册" in refused(*DRAW, str(home / "other.txt"))
    frozen(home)
    assert "保密串不对" in refused(*DRAW, str(home / "other.txt"))
    for text in (" ", "3 8 11", "03 08 11 "):
        told = refused("draw", "--plan", "plan", "--public-value", text, "--nonce-file", str(home / "nonce.txt"))
        assert "写法不对" in told and "样例 01 02 03" in told
    assert rows(home, "draw") == []


def test_a_second_draw_needs_a_reason_and_is_recorded(home: Path) -> None:
    frozen(home)
    first = drawn(home)
    assert "已从这份名册抽过（第1次）" in refused(*DRAW, str(home / "nonce.txt"))
    second = drawn(home, "--reason", "公布值抄错")
    assert second["draw"] == 2 and second["seed"] == first["seed"]
    assert [row[-2] for row in rows(home, "draw")] == ["", "公布值抄错"]
    assert json.loads((Path(second["folder"]) / "audit.json").read_text())["redraw_reason"] == "公布值抄错"


def test_a_frame_frozen_again(home: Path) -> None:
    digest = frozen(home)
    again = asked("freeze", "--plan", "plan", "--month", MONTH, *decided(digest["nonce_sha256"]), "--json")
    assert json.loads(again.stdout)["again"] is True
    later = (*decided(digest["nonce_sha256"])[:-1], "2022-04-21")
    freeze = ("freeze", "--plan", "plan", "--month", MONTH, *later)
    assert "已冻结过名册" in refused(*freeze)
    assert asked(*freeze, "--reason", "推迟一天").exit_code == 0
    assert [row[6] for row in rows(home, "freeze")] == ["", "推迟一天"]


def test_a_frame_changed_after_the_freeze_is_refused(home: Path) -> None:
    frozen(home)
    path = home / "research" / "plan" / "frame" / "frame.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",27,", ",270,", 1), encoding="utf-8")
    assert "名册在冻结后被改动过" in refused(*DRAW, str(home / "nonce.txt"))
    path.write_text(text, encoding="utf-8")
    freeze = path.with_name("freeze.json")
    content = json.loads(freeze.read_text(encoding="utf-8"))
    content["plan_values"]["households_per_village"]["value"] = 20
    freeze.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert "freeze.json 被改动过" in refused(*DRAW, str(home / "nonce.txt"))


def test_a_plan_changed_after_the_freeze_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    frozen(home)
    other = tmp_path / "policy" / "research"
    other.mkdir(parents=True)
    text = (research_draw.POLICY_FOLDER / "research" / "plan.yaml").read_text(encoding="utf-8")
    (other / "plan.yaml").write_text(text.replace("value: 6,", "value: 5,", 1), encoding="utf-8")
    monkeypatch.setattr(research_draw, "POLICY_FOLDER", other.parent)
    assert "在冻结名册后改过（省辖市数）" in refused(*DRAW, str(home / "nonce.txt"))


def test_households_changed_after_the_freeze_are_seen(home: Path) -> None:
    frozen(home)
    path = home / "published" / MONTH / "v001" / "fangpin.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("update core.monitored_household set eliminated = not eliminated")
    assert "的农户名单与冻结时不同" in refused(*DRAW, str(home / "nonce.txt"))
    path.unlink()
    assert "请从备份恢复这个已发布的版本" in refused(*DRAW, str(home / "nonce.txt"))


def test_a_later_version_of_the_month_changes_nothing(home: Path) -> None:
    frozen(home)
    publish(home, cities=5, version="v002")
    assert drawn(home)["version"] == "v001"


def test_the_packs_of_a_draw_before_the_last_freeze_are_made_only_when_it_is_named(home: Path) -> None:
    frozen(home)
    folder = drawn(home)["folder"]
    assert str(research_trip.draw_folder(home, "plan", None)) == folder
    publish(home, cities=7, version="v002")
    (home / "nonce.txt").unlink()
    frozen(home, "--reason", "名册更正")
    assert "抽样以后重新冻结过名册，draw-001 抽自以前的名册" in refused("packs", "--plan", "plan")
    assert str(research_trip.draw_folder(home, "plan", 1)) == folder


def test_a_village_is_replaced_and_the_decision_recorded(home: Path) -> None:
    frozen(home)
    folder = Path(drawn(home)["folder"])
    with (folder / "sample.csv").open(encoding="utf-8", newline="") as file:
        village = next(csv.DictReader(file))["village_code"]
    done = asked("replace", "--plan", "plan", "--village", village, "--who", "主任", "--why", "道路中断", "--json")
    assert json.loads(done.stdout)["draw"] == 2
    assert rows(home, "override")[0][1:8] == ("plan", 2, village, "replace", None, "主任", "道路中断")
    assert asked("verify", "--plan", "plan").exit_code == 0
    again = ("replace", "--plan", "plan", "--village", village, "--who", "主任", "--why", "道路中断")
    assert "不在正选村里" in refused(*again)
    assert len(rows(home, "draw")) == 2 and not (home / "research" / "plan" / "draw-003").exists()


def test_nothing_is_left_half_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen(home)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "写不进去：请检查写权限和磁盘空间" in refused(*DRAW, str(home / "nonce.txt"))
    assert sorted(path.name for path in (home / "research" / "plan").iterdir()) == ["frame"]
    assert rows(home, "draw") == []
    stranger = home / "research" / "plan" / "draw-001"
    stranger.mkdir()
    assert "台账却没有登记这次抽样" in refused(*DRAW, str(home / "nonce.txt"))
    stranger.rmdir()
    assert drawn(home)["draw"] == 1


def test_verify_says_what_it_needs(home: Path, tmp_path: Path) -> None:
    assert "还没有" in refused("verify", "--plan", "plan") or "没有抽样" in refused("verify", "--plan", "plan")
    assert "没有抽样档案" in refused("verify", str(tmp_path / "none.json"))
    wrong = tmp_path / "audit.json"
    wrong.write_bytes(b"\xff\xfe")
    assert "不是 UTF-8 文本" in refused("verify", str(wrong))
    assert asked("verify").exit_code != 0


def test_own_coordinates_are_used_and_checked(home: Path) -> None:
    frozen(home)
    own = home / "coordinates.csv"
    own.write_text("place_code,longitude,latitude\n4101,34,113\n", encoding="utf-8")
    assert "先经度、后纬度" in refused(*DRAW, str(home / "nonce.txt"))
    own.write_text("place_code,longitude,latitude\n410120000200,113.5,34.5\n", encoding="utf-8")
    audit = json.loads((Path(drawn(home)["folder"]) / "audit.json").read_text(encoding="utf-8"))
    assert audit["coordinates"]["410120000200"] == [113.5, 34.5]
    assert len(audit["coordinates"]) == 7  # six cities drawn or not, and the one given
    with pytest.raises(FangpinError):
        research_draw.verify("{}")


def test_the_job_shows_counts_and_hashes(home: Path) -> None:
    """A plan and a month; the first run freezes, the second draws, a third verifies. Without a plan nothing is done."""
    defs = build_defs({"warehouse": Warehouse(home=str(home))})
    job = defs.resolve_job_def("research_plan")
    digest = secret(home)
    told = {
        "nonce_sha256": digest,
        "public_value": PUBLIC,
        "public_value_form": "01 02 03",
        "first_day": "2022-04-10",
        "last_day": "2022-04-20",
    }

    def run(*keys: str, **draw: str) -> dict[str, dict[str, Any]]:
        config = {"frame": {"plan": "plan", **told}, "draw": {"plan": "plan", **draw}}
        done = job.execute_in_process(
            partition_key=MONTH,
            run_config={"ops": {f"research__{key}": {"config": config[key]} for key in keys}},
            asset_selection=[dg.AssetKey(["research", key]) for key in keys],
        )
        made = [done.asset_materializations_for_node(f"research__{key}")[0] for key in keys]
        return {key: {n: v.value for n, v in each.metadata.items()} for key, each in zip(keys, made, strict=True)}

    announced = run("frame")["frame"]
    assert announced["count_village"] == 72 and announced["frame_sha256"]
    made = run("frame", "draw", public_value="03 08 11", nonce=(home / "nonce.txt").read_text().strip())["draw"]
    assert (made["draw"], made["count_villages"], made["count_households"]) == (1, 24, 240)
    assert made["frame_sha256"] == announced["frame_sha256"]
    assert run("frame", "draw")["draw"] == made
    with pytest.raises(dg.Failure, match="保密串不对"):
        run("draw", public_value="1", nonce="wrong")
    with pytest.raises(dg.Failure, match="只给出了 public_value：抽样要 public_value、nonce 两项"):
        run("draw", public_value="1")


def test_without_a_plan_the_assets_do_nothing(home: Path) -> None:
    """As when everything on the asset graph is materialized."""
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            [research_frame, research_draw_asset, packs],
            partition_key=MONTH,
            instance=instance,
            resources={"warehouse": Warehouse(home=str(home))},
        )
    assert done.success
    assert not (home / "research").exists()
