"""The path is the name: SQL file, contract, asset and test of a table are the same path in five places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checks.catalogue import contracts
from checks.raw import FEEDS
from pipelines.definitions import defs
from pipelines.models import load_models

CHECKOUT = Path(__file__).resolve().parents[2]
MODELS = {m.name for m in load_models(CHECKOUT / "sql")}
CONTRACTS = contracts()


def names_under(folder: str, suffix: str) -> set[str]:
    return {
        f"{p.parent.name}.{p.stem}"
        for p in (CHECKOUT / folder).glob(f"*/*{suffix}")
        if not p.stem.startswith(("_", "test_"))
    }


def asset_names() -> set[str]:
    return {".".join(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys()}


def test_every_sql_file_has_contract_test_and_asset() -> None:
    assert MODELS, "no models found"
    tests = names_under("tests/sql", ".yaml")
    assert MODELS - set(CONTRACTS) == set()
    assert MODELS - tests == set()
    assert tests - MODELS == set()
    assert MODELS - asset_names() == set()


def test_every_contract_is_built_in_exactly_one_way() -> None:
    in_python = {n for n in names_under("assets", ".py") if n.split(".")[0] in {"ref", "core", "mart"}}
    assert in_python & MODELS == set()
    assert in_python | MODELS == set(CONTRACTS)


def test_every_feed_has_module_and_asset() -> None:
    modules = {p.stem for p in (CHECKOUT / "checks/raw").glob("*.py") if p.stem != "__init__"}
    assert modules == set(FEEDS)
    assert {f"raw.{name}" for name in FEEDS} <= asset_names()


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("folder", ["fangpin", "pipelines", "assets", "checks", "tests"])
def test_modules_stay_short(folder: str) -> None:
    long = {
        str(p.relative_to(CHECKOUT)): n
        for p in (CHECKOUT / folder).rglob("*.py")
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_importing_the_code_location_is_light() -> None:
    """Nothing heavy is imported until its step runs."""
    heavy = ("great_expectations", "plotly", "xlsxwriter", "docxtpl", "pyxform", "pyzipper")
    code = f"import sys, pipelines.definitions; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
