"""The Dagster screens in a real browser: a month, a backfill, one asset, from the graph and from the job page."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import CHECKOUT, MONTHS, table_hashes

READY_SECONDS = 90
RUN_SECONDS = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def dagster(taken_in: Path) -> Iterator[str]:
    """Webserver and daemon on 127.0.0.1 over a fresh home with the three months' inbox; stopped afterwards."""
    port = free_port()
    storage = taken_in / "dagster"
    storage.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "FANGPIN_HOME": str(taken_in),
        "FANGPIN_DAGSTER": str(storage),
        "DAGSTER_HOME": str(CHECKOUT),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with (taken_in / "dagster.log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "dagster"),
                *("dev", "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(port)),
            ],
            cwd=CHECKOUT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + READY_SECONDS
            while True:
                try:
                    urllib.request.urlopen(f"{url}/server_info", timeout=2).read()
                    break
                except OSError:
                    assert time.monotonic() < deadline, "the webserver did not start"
                    time.sleep(1)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


def launch(page: Page, months: str) -> None:
    """Fill the partition dialog and launch."""
    page.get_by_role("button", name=re.compile("Materialize")).first.click(timeout=60_000)
    box = page.get_by_placeholder(re.compile("^ex: "))
    box.fill(months)
    box.press("Enter")
    page.get_by_role("button", name=re.compile(r"Launch (backfill|1 run)")).click()
    expect(box).to_be_hidden(timeout=60_000)
    page.wait_for_timeout(2000)


def wait_published(home: Path, month: str) -> None:
    deadline = time.monotonic() + RUN_SECONDS
    while not (home / "published" / month / "CURRENT").is_file():
        assert time.monotonic() < deadline, f"{month} was not published"
        time.sleep(1)


def wait_run(page: Page, url: str, status: str, count: int) -> None:
    """Reload the list of runs until `count` rows carry the status."""
    deadline = time.monotonic() + RUN_SECONDS
    while True:
        page.goto(f"{url}/runs", wait_until="networkidle")
        if page.get_by_text(re.compile(f"^{status}$")).count() >= count:
            return
        assert time.monotonic() < deadline, f"no {count} runs with status {status}"
        page.wait_for_timeout(2000)


def test_months_from_the_screens(dagster: str, taken_in: Path, province: Path, page: Page, pictures: Path) -> None:
    outside: list[str] = []
    page.on(
        "request",
        lambda r: outside.append(r.url) if not r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else None,
    )

    # December before November is published: refused, saying so.
    page.goto(f"{dagster}/locations/pipelines.definitions/jobs/month", wait_until="networkidle")
    launch(page, "2021-12")
    wait_run(page, dagster, "Failure", 1)
    page.screenshot(path=pictures / "runs-refused.png")
    page.locator("a[href*='/runs/']").first.click()
    page.wait_for_timeout(3000)
    page.screenshot(path=pictures / "run-refused.png")
    expect(page.get_by_text("还没有发布的版本").first).to_be_visible(timeout=20_000)
    assert not (taken_in / "published").exists() or not (taken_in / "published/2021-12/CURRENT").exists()

    # One month from the job page.
    page.goto(f"{dagster}/locations/pipelines.definitions/jobs/month", wait_until="networkidle")
    launch(page, "2021-10")
    wait_published(taken_in, "2021-10")
    wait_run(page, dagster, "Success", 1)
    page.screenshot(path=pictures / "runs.png")

    # The asset graph, then a backfill of three months from it.
    page.goto(f"{dagster}/asset-groups", wait_until="networkidle")
    page.wait_for_timeout(3000)
    page.screenshot(path=pictures / "lineage.png")
    launch(page, "[2021-10...2021-12]")
    wait_published(taken_in, "2021-12")

    # One asset alone.
    page.goto(f"{dagster}/assets/mart/county_ranking", wait_until="networkidle")
    page.wait_for_timeout(2000)
    page.screenshot(path=pictures / "asset.png")
    launch(page, "2021-12")
    wait_run(page, dagster, "Success", 2)
    page.goto(f"{dagster}/assets/mart/county_ranking?view=checks", wait_until="networkidle")
    page.wait_for_timeout(2000)
    page.screenshot(path=pictures / "checks.png")
    assert outside == []

    # Built from the lake in a fresh warehouse, started from the screens: the same tables as from the command line.
    for month in MONTHS:
        assert table_hashes(taken_in, month) == table_hashes(province, month)
