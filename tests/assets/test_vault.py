"""The identity vault: encrypted, one writer, stable dense keys, nothing in the clear."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets import parts, staging, vault
from checks.raw import FEEDS
from fangpin import identity
from fangpin.errors import HomeError
from tests import deliveries as d


def query(home: Path, sql: str) -> list[tuple[object, ...]]:
    con = vault.connect(home)
    try:
        with vault.attached(con, home, "test"):
            return con.execute(sql).fetchall()
    finally:
        con.close()


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    query(tmp_path, "select 1")
    key = tmp_path / "vault" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    first = key.read_text()
    assert len(first) == 64
    query(tmp_path, "select 1")
    assert key.read_text() == first


def test_the_key_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGPIN_VAULT_KEY", str(tmp_path / "safe" / "key"))
    query(tmp_path / "home", "select 1")
    assert (tmp_path / "safe" / "key").is_file()
    assert not (tmp_path / "home" / "vault" / "key").exists()


def test_a_wrong_missing_or_open_key_is_named_and_never_shown(tmp_path: Path) -> None:
    query(tmp_path, "select 1")
    key = tmp_path / "vault" / "key"
    right = key.read_text()
    key.chmod(0o644)
    with pytest.raises(HomeError, match="chmod 600"):
        query(tmp_path, "select 1")
    key.chmod(0o600)
    key.write_text("0" * 64)
    with pytest.raises(HomeError, match="打不开") as refused:
        query(tmp_path, "select 1")
    assert "0" * 64 not in str(refused.value)
    key.unlink()
    with pytest.raises(HomeError, match="密钥文件不见了"):
        query(tmp_path, "select 1")
    key.write_text(right)
    key.chmod(0o600)
    assert query(tmp_path, "select 1") == [(1,)]


def test_nothing_lies_in_the_clear_not_even_what_is_spilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "MEMORY_MB", 64)
    canary = "金丝雀金丝雀金丝雀"
    con = vault.connect(tmp_path)
    con.execute(f"create temp table staging as select range as n, '{canary}' || range as name from range(1500000)")
    spilt = [p for p in (tmp_path / "vault").rglob("*") if p.is_file() and "spill" in str(p)]
    assert sum(p.stat().st_size for p in spilt) > 1_000_000
    with vault.attached(con, tmp_path, "test"):
        con.execute("insert into vault.person select n, n, name, null from staging where n < 20000")
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert (tmp_path / "vault" / "identity.duckdb").stat().st_size > 100_000
    for path in files:
        assert canary.encode() not in path.read_bytes(), path.name
    con.close()


def test_a_failure_rolls_back(tmp_path: Path) -> None:
    con = vault.connect(tmp_path)
    with pytest.raises(ZeroDivisionError), vault.attached(con, tmp_path, "test"):
        con.execute("insert into vault.person values (1, 1, 'a', null)")
        raise ZeroDivisionError
    con.close()
    assert query(tmp_path, "select count(*) from vault.person") == [(0,)]


def test_another_process_waits_and_is_told_for_whom(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from assets import vault\n"
            "home = Path(sys.argv[1])\n"
            "con = vault.connect(home)\n"
            "with vault.attached(con, home, 'raw/medical 2021-10'):\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.readline()\n",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdin is not None and holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    told: list[str] = []
    con = vault.connect(tmp_path)
    started = time.monotonic()
    with (
        pytest.raises(HomeError, match=rf"raw/dibao 2021-10.*一直被占用：raw/medical 2021-10，进程 {holder.pid}"),
        vault.attached(con, tmp_path, "raw/dibao 2021-10", told.append, timeout=0.3),
    ):
        pass
    assert time.monotonic() - started < 10
    assert told == [f"raw/dibao 2021-10 在等身份库：正被占用（raw/medical 2021-10，进程 {holder.pid}）"]
    holder.stdin.write("\n")
    holder.stdin.close()
    with vault.attached(con, tmp_path, "raw/dibao 2021-10", timeout=60):
        pass
    holder.wait()
    con.close()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom assets import vault\nhome = Path(sys.argv[1])\n"
        "con = vault.connect(home)\n"
        "with vault.attached(con, home, 'a run'):\n"
        "    con.execute(\"insert into vault.person values (1, 1, 'a', null)\")\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    assert query(tmp_path, "select count(*) from vault.person") == [(0,)]


def test_keys_are_dense_in_order_of_numbers_and_stay(tmp_path: Path) -> None:
    people = [d.id_number(n) for n in (30, 10, 20)]
    d.deliver_people(tmp_path, "2021-10", [d.person(p) for p in people])
    d.take_in_all(tmp_path, "2021-10", "household_list", "person_list")
    later = [d.id_number(n) for n in (5, 15, 20)]
    d.deliver_people(tmp_path, "2021-11", [d.person(p) for p in later])
    d.take_in_all(tmp_path, "2021-11", "household_list", "person_list")
    known = query(tmp_path, "select person_id, id_key from vault.person order by person_id")
    expected = [d.id_number(n) for n in (10, 20, 30, 5, 15)]
    assert known == [(i, identity.key(number)) for i, number in enumerate(expected, start=1)]
    households = query(tmp_path, "select household_id, household_no from vault.household order by household_id")
    assert households == list(enumerate(d.HOUSEHOLDS, start=1))


def test_the_number_of_a_key_is_the_same_in_sql(tmp_path: Path) -> None:
    number = "11010519491231002X"
    assert "s.person_key" in staging._ID_NUMBER
    sql = f"select {staging._ID_NUMBER} from (select {identity.key(number)} as person_key) as s"
    assert query(tmp_path, sql) == [(number,)]


@pytest.mark.parametrize("feed", FEEDS)
def test_written_empty_every_feed_has_the_contract_s_columns(tmp_path: Path, feed: str) -> None:
    contract, aside, path = FEEDS[feed], tmp_path / "aside", tmp_path / "empty.parquet"
    con = vault.connect(tmp_path)
    with parts.set_aside(contract, aside):
        staging.create(con, contract)
    with vault.attached(con, tmp_path, "test"):
        staging.number(con, contract)
    known = staging.ids(con, 0)
    parts.write_lake(contract, aside, known, "2021-10", "0" * 16, path)
    found = con.execute(f"describe select * from read_parquet('{path}')").fetchall()
    assert [(name, kind) for name, kind, *_ in found] == [(n, k) for n, k, _ in contract.lake_columns]
    con.close()
