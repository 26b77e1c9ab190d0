"""The notebooks run on the published copy of the sample, every cell of them."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


def executed(name: str, home: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[nbformat.NotebookNode]:
    """The cells of code of a notebook, with what they show."""
    monkeypatch.setenv("FANGPIN_HOME", str(home))
    notebook = nbformat.read(checkout / "notebooks" / name, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(checkout)}}).execute()
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.outputs for c in code)
    return code


def test_province_month(province: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = executed("01-province-month.ipynb", province, checkout, monkeypatch)
    places = str(code[1].outputs)
    assert 0 < places.index("河南省") < places.index("山西省")  # the own province first
    drawn = code[-1].outputs[0]["data"]["text/plain"]
    assert "正选" in drawn
    assert not any(word in drawn for word in ("primary", "reserve", "count", "ratio"))


def test_choosing_places(province: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twelve random villages of the list, one in each county, come out of the SELECT again."""
    code = executed("02-choosing-places.ipynb", province, checkout, monkeypatch)
    replayed = next(c.outputs[0]["data"]["text/plain"] for c in code if "重算也抽中" in c.source)
    assert re.findall(r"│ (\d+) +┆ (\d+) +│", replayed) == [("12", "12")]
