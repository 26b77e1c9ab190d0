"""A department's database for the tests that fetch from one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import department, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    with postgres.started() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder whose sources know the password of the server's reader."""
    monkeypatch.setenv(department.VARIABLE, postgres.PASSWORD)
    return tmp_path
