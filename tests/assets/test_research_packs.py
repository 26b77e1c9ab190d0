"""Packs of a draw: whole or not at all, nothing personal outside the encrypted field packs, published values."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import duckdb
import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from assets import vault
from assets.build import POLICY_FOLDER
from fangpin import policy
from fangpin.errors import FangpinError, HomeError
from fangpin.month import end
from fangpin.places import OWN_PROVINCE
from fangpin.reports.research import pack, visit
from fangpin.reports.research.trip import Trip
from fangpin.research import plan as plans
from fangpin.research.audit import frozen
from pipelines import research_packs, research_packs_asset, research_trip
from pipelines.cli import app
from pipelines.published import open_published
from tests import made_up_trip
from tests.made_up_research import frame

RUN = CliRunner()
KEY = "correct-horse-battery"
IDENTITY, MOBILE = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)"), re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
MONTH = "2021-12"


@lru_cache
def trip() -> Trip:
    return made_up_trip.trip()


def texts(content: bytes) -> str:
    """Everything written in a file: the parts of a zip package, or the file itself."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_no_file_of_the_general_pack_names_a_person() -> None:
    small = made_up_trip.trip(2, 1, 1, 3)
    known = made_up_trip.identities(small)
    canaries = [
        told
        for identity in known.values()
        for told in (identity.household_no, identity.phone, *(p.name for p in identity.members))
    ]
    paths = []
    for path, content in pack.general(small):
        said = texts(content)
        paths.append(path)
        assert [canary for canary in canaries if canary in said or canary in path] == []
        assert IDENTITY.findall(said) == []
        assert MOBILE.findall(said) == []
    assert len(paths) == len(set(paths))


def test_a_field_pack_names_its_own_households_only() -> None:
    known = made_up_trip.identities(trip())
    said = "\n".join(texts(content) for _, content in pack.field(trip(), 1, known))
    mine = {number for village in trip().of_team(1) for number in village.households}
    for number, identity in known.items():
        assert (identity.members[0].name in said) == (number in mine)
        assert (identity.phone in said) == (number in mine)
    assert IDENTITY.findall(said) == []  # masked there too


def test_a_field_pack_opens_with_its_own_passphrase_only() -> None:
    files = {"第1组/甲.txt": "张三".encode(), "乙.txt": b"2"}
    made = research_packs.encrypted(files.items(), KEY)
    assert dict(research_packs.opened(made, KEY)) == files
    assert "张三".encode() not in made
    with pytest.raises(FangpinError, match="口令不对") as error:
        list(research_packs.opened(made, "correct-horse-batterz"))
    assert "horse" not in str(error.value)


def test_the_zip_is_aes_256() -> None:
    """WinZip AES: compression method 99, extra field 0x9901, strength 3."""
    made = research_packs.encrypted([("a.txt", b"1")], KEY)
    (entry,) = zipfile.ZipFile(io.BytesIO(made)).infolist()
    at = entry.extra.index(b"\x01\x99")
    assert (entry.compress_type, entry.extra[at + 8]) == (99, 3)


@pytest.mark.parametrize(
    ("text", "mode", "problem"),
    [
        (None, 0o600, "没有口令文件"),
        (KEY, 0o644, "chmod 600"),
        ("short", 0o600, "至少 12 个"),
        ("口令口令口令口令口令口令", 0o600, "半角"),
        ("", 0o600, "至少 12 个"),
    ],
)
def test_a_passphrase_that_would_not_do_is_refused(tmp_path: Path, text: str | None, mode: int, problem: str) -> None:
    path = tmp_path / "key"
    if text is not None:
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
    with pytest.raises(HomeError, match=problem) as error:
        research_packs.read_passphrase(path)
    assert not text or text not in str(error.value)


def test_what_fails_half_way_leaves_the_pack_before_it(tmp_path: Path) -> None:
    target = tmp_path / "packs"
    research_packs._put(target, [("a.txt", b"1")], {})

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "a.txt", b"2"
        raise FangpinError("模板填不进去")

    with pytest.raises(FangpinError):
        research_packs._put(target, failing(), {})
    assert (target / "a.txt").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["packs"]
    research_packs._put(target, [("b.txt", b"3")], {})
    assert sorted(path.name for path in target.iterdir()) == ["b.txt", "manifest.json"]


def test_without_a_draw_the_command_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"还没有抽样.*fangpin research draw"):
        research_packs.make(tmp_path, "plan", None, None)
    (tmp_path / "research/plan/draw-001").mkdir(parents=True)
    (tmp_path / "research/plan/draw-001/audit.json").write_text("{}")
    with pytest.raises(HomeError, match=r"第2次抽样.*已有：draw-001"):
        research_packs.make(tmp_path, "plan", 2, None)


@pytest.fixture(scope="module")
def drawn(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the published province, its vault, and a draw of two counties written down."""
    home = tmp_path_factory.mktemp("drawn")
    (home / "published").symlink_to(province / "published")
    shutil.copytree(province / "vault", home / "vault")
    folder = home / "research/plan/draw-001"
    folder.mkdir(parents=True)
    with open_published(MONTH, home) as con:
        villages = con.sql(
            """select division.* from mart.place_month as place join ref.division as division
            on place.place_code = division.village_code
            where place.level = 'village' and place.in_province
            qualify row_number() over (
              partition by division.city_code order by place.monitored_households desc, place.place_code
            ) <= 2
            order by division.village_code limit 4"""
        ).pl()
        households = con.execute(
            """select village_code, household_id from core.household_month where village_code in (select unnest(?))
            qualify row_number() over (partition by village_code order by status = 'none', household_id) <= 4
            order by all""",
            [villages["village_code"].to_list()],
        ).pl()
    places = [name for name in villages.columns if name.split("_")[0] in ("city", "county", "village")]
    sample = villages.select(places).with_columns(
        arm=pl.lit("risk"),
        **{"inclusion_probability": 1.0, "draw_order": 1, "slot": 1},
        role=pl.lit("primary"),
        monitored_households=5,
        eliminated_households=2,
        reason=pl.lit("列全县第1位"),
        county_reason=pl.lit("列全市第1位"),
    )
    sample.write_csv(folder / "sample.csv")
    households.with_columns(
        stratum=pl.lit("甲"), arm=pl.lit("stratum"), draw_order=1, role=pl.lit("primary"), reason=pl.lit("分层")
    ).write_csv(folder / "households.csv")
    cities = sample.select("city_code", "city_name").unique().sort("city_code")
    cities.with_columns(team=1, kilometres=100.0, members=pl.lit(""), reason=pl.lit("没有指定人员")).write_csv(
        folder / "teams.csv"
    )
    sample.select("county_code", "village_code").with_columns(
        team=1, day_number=1, day=pl.lit(None, pl.String), place_order=1, task=pl.lit("入户核查")
    ).write_csv(folder / "days.csv")
    announced = plans.in_force(policy.load(POLICY_FOLDER), "plan", OWN_PROVINCE, end(MONTH))
    changed = {"villages_per_county": 7, "nonce_sha256": hashlib.sha256(b"a secret").hexdigest()}
    values = announced.values | {name: {**announced.values[name], "value": value} for name, value in changed.items()}
    audit = {
        "plan": "plan",
        "plan_values": values,
        "month": MONTH,
        "version": "v001",
        "seed": "s",
        "frame": frozen(frame(), plans.read("plan", values), MONTH, "v001"),
        "frame_sha256": "00",
        "public_value": "3563.89",
        "nonce": "a secret",
        "redraw_reason": "",
        "substitutions": [],
        "sha256": "11",
    }
    (folder / "audit.json").write_text(json.dumps(audit))
    return home


def test_packs_of_a_published_month_hold_its_values(
    drawn: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    monkeypatch.setenv("FANGPIN_HOME", str(drawn))
    done = RUN.invoke(app, ["research", "packs", "--plan", "plan", "--field-key", str(key), "--json"])
    assert done.exit_code == 0, done.output
    assert KEY not in done.output
    told = json.loads(done.stdout)
    assert (told["draw"], told["villages"], told["month"]) == (1, 4, MONTH)
    folder = drawn / "research/plan/draw-001"
    listed = json.loads((folder / "packs/manifest.json").read_text(encoding="utf-8"))
    files = {str(path.relative_to(folder / "packs")) for path in (folder / "packs").rglob("*") if path.is_file()}
    assert files == {*listed["files"], "manifest.json"}
    assert (folder / "field").stat().st_mode & 0o077 == 0
    (name,) = told["field_packs"]
    field = dict(research_packs.opened((folder / "field" / name).read_bytes(), KEY))
    workbook = next(content for path, content in field.items() if path.endswith(".xlsx") and "入户核查" in path)
    _same_as_published(drawn, openpyxl.load_workbook(io.BytesIO(workbook)))


def test_the_asset_makes_the_same_packs_again(drawn: Path) -> None:
    """And none that would need a passphrase."""
    manifest = drawn / "research/plan/draw-001/packs/manifest.json"
    before = json.loads(manifest.read_text(encoding="utf-8"))
    done = dg.materialize(
        [research_packs_asset.packs],
        partition_key=MONTH,
        run_config={"ops": {"research__packs": {"config": {"plan": "plan"}}}},
        resources={"warehouse": SimpleNamespace(folder=drawn)},
    )
    assert json.loads(manifest.read_text(encoding="utf-8")) == before
    (made,) = done.asset_materializations_for_node("research__packs")
    assert made.metadata["households"].value == 16
    assert "field_folder" not in made.metadata


def _same_as_published(home: Path, book: openpyxl.Workbook) -> None:
    """Incomes and persons of the sheets are those of the published table; members are the vault's."""
    numbers = [int(name.removeprefix("户")) for name in book.sheetnames if name.startswith("户")]
    with open_published(MONTH, home) as con:
        query = "select household_id, net_income_per_head_fen, persons from core.household_month"
        known = {number: rest for number, *rest in con.sql(query).fetchall() if number in numbers}
    for number in numbers:
        rows = {row[0].value: row[2].value for row in book[visit.VISIT.format(number)].iter_rows()}
        income, persons = known[number]
        assert rows["income_per_head"] == ("系统无记录" if income is None else pytest.approx(income / 100))
        assert rows["persons"] == persons
    con = vault.connect(home)
    with vault.attached(con, home, "核对"):
        names = {name for (name,) in con.sql("select name from vault.person").fetchall()}
        phones = dict(con.sql("select household_id, phone from vault.household").fetchall())
    members = [row for row in book["家庭成员"].iter_rows(values_only=True) if row[0] in numbers]
    assert members
    assert {row[1] for row in members} <= names
    listed = {row[1]: row for row in book[visit.LIST].iter_rows(values_only=True) if row[1] in numbers}
    assert {number: row[-1] for number, row in listed.items()} == {number: phones[number] for number in numbers}


def test_the_general_pack_of_the_province_holds_nobodys_name(drawn: Path) -> None:
    made = research_trip.read_trip(drawn, "plan", None)
    known = research_trip.identities(drawn, made, 1)
    assert set(known) == set(made.households["household_id"])
    told = {p.name for one in known.values() for p in one.members} | {one.household_no for one in known.values()}
    told |= {one.phone for one in known.values()} | {p.phone for one in known.values() for p in one.members}
    village = made.villages[0]
    said = texts(visit.workbook(made, village)) + texts(dict(pack._form(made, 1, None, ""))["电子表单_第1组.xml"])
    assert [each for each in told if len(each) > 2 and each in said] == []


def test_the_rules_are_those_that_were_announced(drawn: Path) -> None:
    """Seven villages a county stood in the plan when the draw was made, whatever policy/ says now."""
    assert ("每县行政村数", "7个村") in research_trip.read_trip(drawn, "plan", None).rules


def test_a_version_that_is_gone_is_named(drawn: Path, tmp_path: Path) -> None:
    folder = tmp_path / "research/plan/draw-001"
    shutil.copytree(drawn / "research/plan/draw-001", folder, ignore=shutil.ignore_patterns("packs", "field"))
    audit = json.loads((folder / "audit.json").read_text()) | {"version": "v099"}
    (folder / "audit.json").write_text(json.dumps(audit))
    with pytest.raises(HomeError, match="第 v099 版不见了"):
        research_trip.read_trip(tmp_path, "plan", None)
    old = tmp_path / "published" / MONTH / "v099" / "fangpin.duckdb"
    old.parent.mkdir(parents=True)
    duckdb.connect(str(old)).close()
    with pytest.raises(HomeError, match="由旧版程序生成"):
        research_trip.read_trip(tmp_path, "plan", None)
    (folder / "days.csv").unlink()
    with pytest.raises(HomeError, match=r"没有 .*days\.csv"):
        research_trip.read_trip(tmp_path, "plan", None)


def test_whoever_replays_the_draw_is_told_all_it_needs(drawn: Path) -> None:
    audit = json.loads((drawn / "research/plan/draw-001/audit.json").read_text(encoding="utf-8"))
    told = dict(research_trip.read_trip(drawn, "plan", None).proof)
    secret, known = told["保密串（抽样后公布）"], told["保密串的校验值（冻结时公布）"]
    assert hashlib.sha256(secret.encode()).hexdigest() == known
    assert told["公布值"] == audit["public_value"]
    assert told["抽样记录（audit.json）的校验值"] == audit["sha256"]


def test_what_persons_decided_is_told_even_when_it_is_nothing(drawn: Path) -> None:
    told = dict(research_trip.read_trip(drawn, "plan", None).rules)
    assert told["不抽的地区"] == "无"
    assert [text for name, text in told.items() if name.startswith("人工")] == ["无"]


def test_decisions_are_told_with_who_and_why() -> None:
    said = [{"地区": "4103", "做法": "必去", "谁": "主任", "为什么": "信访集中"}]
    assert research_trip._each(said, {"4103": "洛阳市"}) == ["洛阳市（4103），必去，主任，信访集中"]
    assert research_trip._each({"4103": 3}, {}) == ["4103 3"]
