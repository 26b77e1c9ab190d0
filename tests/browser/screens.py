"""Dagster's webserver and daemon over a home folder, and what a person does with its screens.

Everything goes through the pages in a real browser. Does not belong here: what is expected of a run.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Request, expect

from tests.conftest import CHECKOUT, versions

READY_SECONDS = 120
RUN_SECONDS = 1800
PAGE_MS = 90_000
JOB = "/locations/pipelines.definitions/jobs/month"
GRAPH = "/asset-groups"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dagster_over(home: Path) -> Iterator[str]:
    """The address of a webserver with its daemon over `home`, on 127.0.0.1; both stopped afterwards."""
    port = _free_port()
    (home / "dagster").mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "FANGPIN_HOME": str(home),
        "FANGPIN_DAGSTER": str(home / "dagster"),
        "DAGSTER_HOME": str(CHECKOUT),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with (home / "dagster.log").open("wb") as log:
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
            wait("the webserver answers", lambda: _answers(url), READY_SECONDS)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/server_info", timeout=2).read()
    except OSError:
        return False
    return True


def wait(what: str, happened: Callable[[], bool], seconds: float = RUN_SECONDS, every: float = 1) -> None:
    """Look again `every` second until it happened; fails naming what did not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(every)


@dataclass(frozen=True)
class Screens:
    """A browser page on a running Dagster, and the folder its pictures go to. refused: runs that are to fail."""

    page: Page
    url: str
    pictures: Path
    refused: int = 0

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}", timeout=PAGE_MS)

    def requests_outside(self) -> list[str]:
        """Addresses beyond this machine that the page asks for from now on; it grows."""
        found: list[str] = []

        def note(asked: Request) -> None:
            if not asked.url.startswith(("http://127.0.0.1", "data:", "blob:")):
                found.append(asked.url)

        self.page.on("request", note)
        return found

    def launch_all(self, *launches: tuple[str, str]) -> None:
        """From each page the months, one launch after the other."""
        for path, months in launches:
            self.open(path)
            self.launch(months)

    def see_refused(self, reason: str) -> None:
        """Wait for the one launch that is to fail, and read why on its page."""
        self.wait_launched("Failure", 1)
        self.only_failed()
        self.page.locator("a[href*='/runs/']").first.click()
        expect(self.page.get_by_text(reason).first).to_be_visible(timeout=PAGE_MS)
        self.picture("refused")

    def picture(self, name: str) -> None:
        self.page.wait_for_timeout(2500)
        self.page.screenshot(path=self.pictures / f"dagster-{name}.png")

    def filter(self, asset: str) -> None:
        """Leave one asset in the graph that is open."""
        self.page.locator(".CodeMirror").first.click()
        self.page.keyboard.type(f'key:"{asset}"')
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("Materialize…", exact=True)).to_be_visible(timeout=PAGE_MS)

    def wait(self, what: str, happened: Callable[[], bool], every: float) -> None:
        """Until it happened; not a moment longer when a run failed that was not to."""

        def looked() -> bool:
            assert self._failed_runs() <= self.refused, f"a run failed: {what}"
            return happened()

        wait(what, looked, every=every)

    def _failed_runs(self) -> int:
        query = "{runsOrError(filter: {statuses: [FAILURE]}) {... on Runs {count}}}"
        asked = urllib.request.Request(
            f"{self.url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=PAGE_MS / 1000) as answer:
            return int(json.load(answer)["data"]["runsOrError"]["count"])

    def wait_published(self, home: Path, month: str) -> None:
        """Leave the pages, which ask for news all the time, until the month is published in `home`."""
        self.page.goto("about:blank")
        self.wait(f"{month} is published", lambda: month in versions(home), every=2)

    def launch(self, months: str) -> None:
        """Press Materialize on the page that is open, name the months in the dialog, launch."""
        self.page.get_by_role("button", name=re.compile("Materialize")).first.click(timeout=PAGE_MS)
        box = self.page.get_by_placeholder(re.compile("^ex: "))
        box.fill(months)
        box.press("Enter")
        self.page.get_by_role("button", name=re.compile(r"Launch (backfill|1 run)")).click()
        expect(box).to_be_hidden(timeout=PAGE_MS)
        self.page.wait_for_timeout(2000)

    def launched(self, status: str) -> int:
        """How many launches the open list of runs shows with the status; a backfill is one, whatever its runs."""
        return self.page.get_by_text(re.compile(f"^{status}$")).count()

    def wait_launched(self, status: str, count: int) -> None:
        """Stay on the list of runs, pressing its button to renew it, until it shows the launches."""
        self.open("/runs")
        renew = self.page.get_by_role("button", name="refresh", exact=True)

        def shown() -> bool:
            renew.click(timeout=PAGE_MS)
            return self.launched(status) >= count

        self.wait(f"{count} launches {status}", shown, every=3)

    def only_failed(self) -> None:
        """On the open list of runs, leave those that failed."""
        self.page.get_by_role("tab", name="Failed").click()
        expect(self.page.get_by_text(re.compile("^(Queued|Starting|Started|Success)$"))).to_have_count(
            0, timeout=PAGE_MS
        )
