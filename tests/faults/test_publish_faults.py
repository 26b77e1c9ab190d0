"""Publication killed or out of disk at any point: readers see the old or the new version, and the next run succeeds."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assets.publish import history, release
from fangpin.errors import HomeError
from tests import made_up_home
from tests.made_up_home import fill, fill_and_publish, frames, publish, seen, with_few_tables, with_settled_code

MONTH = "2021-10"
CHECKOUT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """Stands for the process ending: nothing in the product catches it."""


@pytest.fixture(scope="module", autouse=True)
def settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        with_settled_code(patch)
        with_few_tables(patch)
        yield


@pytest.fixture(scope="module")
def waiting(settled: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """v001 published, other content in the warehouse. Read only: `home` is a copy of it."""
    home = tmp_path_factory.mktemp("waiting")
    fill_and_publish(home, MONTH)
    fill(home, MONTH, frames(MONTH, 2))
    return home


@pytest.fixture
def home(waiting: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(waiting, tmp_path / "home"))


@contextmanager
def killed_at(call: int, names: tuple[tuple[Any, str], ...]) -> Iterator[list[str]]:
    """Raise Killed instead of the n-th of these calls; yields the calls that were made."""
    made: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in names:
            patch.setattr(owner, name, counting(getattr(owner, name), f"{owner.__name__}.{name}", made, call))
        yield made


def counting(real: Callable[..., Any], name: str, made: list[str], call: int) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        made.append(name)
        if len(made) == call:
            raise Killed(name)
        return real(*args, **kwargs)

    return wrapped


POINTS = ((Path, "rename"), (Path, "replace"), (history, "record"), (Path, "write_text"))


def test_killed_at_every_point_of_a_release(waiting: Path, tmp_path: Path) -> None:
    """Kill at the first point, the second, and so on until a release gets through."""
    versions, call = set(), 0
    while True:
        call += 1
        home = Path(shutil.copytree(waiting, tmp_path / str(call)))
        before = seen(home)
        try:
            with killed_at(call, POINTS):
                publish(home, MONTH)
            break
        except Killed as killed:
            after = seen(home)
            version = history.in_force(home, MONTH)
            versions.add(version)
            assert (after == before) == (version == "v001"), killed
            done = publish(home, MONTH)
            assert history.in_force(home, MONTH) == done.version, killed
            assert history.reference(home, MONTH) == (home / "published" / "CURRENT").read_text().strip(), killed
            assert seen(home) != before, killed
            assert not list((home / "published" / MONTH).glob(".*")), killed
            shutil.rmtree(home)
    assert call == 9  # bundle, workbooks, site, manifest, final name, ledger, two pointers; then none is left
    assert versions == {"v001", "v002"}


def test_killed_at_every_point_of_a_rollback(waiting: Path, tmp_path: Path) -> None:
    two = Path(shutil.copytree(waiting, tmp_path / "two"))
    publish(two, MONTH)
    call = 0
    while True:
        call += 1
        home = Path(shutil.copytree(two, tmp_path / str(call)))
        try:
            with killed_at(call, POINTS):
                release.rollback(home, MONTH, "有误")
            break
        except Killed as killed:
            assert history.in_force(home, MONTH) in {"v001", "v002"}, killed
            if (home / "published" / "CURRENT").read_text().strip() != "2021-10/v001":  # not completed: do it again
                release.rollback(home, MONTH, "有误")
            assert history.in_force(home, MONTH) == "v001", killed
            assert (home / "published" / "CURRENT").read_text().strip() == "2021-10/v001", killed
            shutil.rmtree(home)
    assert call == 4  # ledger, two pointers; then none is left


SCRIPT = """
import os, signal, sys
from pathlib import Path
import pytest
from tests.made_up_home import publish, with_few_tables, with_settled_code
patch = pytest.MonkeyPatch()
with_settled_code(patch)
with_few_tables(patch)
real, calls = {point}, []
def die(*args, **kwargs):
    calls.append(1)
    if len(calls) == {nth}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)
patch.setattr("{target}", die)
publish(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize(
    ("target", "nth", "version"),
    [
        ("assets.publish.bundle._copy", 7, "v001"),  # half of the tables copied
        ("assets.publish.history._point", 1, "v001"),  # renamed and recorded, not yet pointed to
        ("assets.publish.history._point", 2, "v002"),  # the month points to it, the newest month's pointer does not
    ],
)
def test_a_real_sigkill(home: Path, target: str, nth: int, version: str) -> None:
    module, name = target.rsplit(".", 1)
    script = SCRIPT.format(point=f"__import__('{module}', fromlist=['{name}']).{name}", nth=nth, target=target)
    before = seen(home)
    done = subprocess.run(
        [sys.executable, "-c", script, str(home), MONTH], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert history.in_force(home, MONTH) == version
    if version == "v001":
        assert seen(home) == before
    publish(home, MONTH)
    assert history.in_force(home, MONTH) == "v002"
    assert (home / "published" / "CURRENT").read_text().strip() == "2021-10/v002"


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Every write beyond `size` bytes of a file fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 20_000, 200_000])
def test_a_full_disk_is_named_and_leaves_the_published_version(home: Path, size: int) -> None:
    before = seen(home)
    with (
        made_up_home.opened(home, MONTH) as build,
        files_no_larger_than(size),
        pytest.raises(HomeError, match="磁盘空间"),
    ):
        release.release(build, dict)
    assert seen(home) == before
    assert publish(home, MONTH).version == "v002"


@pytest.mark.parametrize("name", ["workbooks", "site"])
def test_a_disk_full_while_reports_are_written(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if f"/.{name}/" in path.as_posix():
            raise OSError(28, "No space left on device")
        return real(path, content)

    before = seen(home)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(HomeError, match="没有写完"):
            publish(home, MONTH)
    assert seen(home) == before
    assert publish(home, MONTH).created


def test_a_reader_never_sees_half_a_pointer(home: Path) -> None:
    """The pointer is replaced, not rewritten: a reader that has it open reads one of the two texts whole."""
    pointer = home / "published" / MONTH / "CURRENT"
    before = pointer.stat().st_ino
    with pointer.open() as reader:
        publish(home, MONTH)
        assert reader.read().strip() == "v001"
    assert pointer.stat().st_ino != before
    assert pointer.read_text().strip() == "v002"
