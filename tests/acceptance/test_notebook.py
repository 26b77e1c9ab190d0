"""The notebook runs on the published copy of the sample, every cell of it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


def test_province_month(province: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGPIN_HOME", str(province))
    notebook = nbformat.read(checkout / "notebooks" / "01-province-month.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(checkout)}}).execute()
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.outputs for c in code)
    places = str(code[1].outputs)
    assert 0 < places.index("河南省") < places.index("山西省")  # the own province first
    drawn = code[-1].outputs[0]["data"]["text/plain"]
    assert "正选" in drawn
    assert not any(word in drawn for word in ("primary", "reserve", "count", "ratio"))
