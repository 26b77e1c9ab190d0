"""A month, one refused and one asset, started by clicking in Dagster's screens; nothing leaves the machine.

The deliveries are taken in already. From the files on, three months at once, and what is not started here, in the long
tests beside this one.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.screens import GRAPH, JOB, PAGE_MS, Screens, dagster_over
from tests.conftest import table_hashes, taken_in_from, versions

STARTED = "2021-10"


def test_the_screens_start_what_is_clicked(province: Path, tmp_path: Path, page: Page, pictures: Path) -> None:
    home = taken_in_from(province, tmp_path)
    with dagster_over(home) as url:
        screens = Screens(page, url, pictures, refused=1)
        outside = screens.requests_outside()

        # The job page: December before November is published, refused. The graph: the first month.
        screens.launch_all((JOB, "2021-12"), (GRAPH, STARTED))
        screens.see_refused("2021-12 不能运行：上一月 2021-11 还没有发布的版本")

        # The same tables as those of the command line.
        screens.wait_published(home, STARTED)
        assert versions(home) == {STARTED: "v001"}
        assert table_hashes(home, STARTED) == table_hashes(province, STARTED)

        # One asset from its own page: the same content is no new version.
        screens.open("/assets/mart/county_ranking")
        expect(page.get_by_text("县排名。每行一个：地区代码 × 排名依据。").first).to_be_visible(timeout=PAGE_MS)
        screens.launch(STARTED)
        screens.wait_launched("Success", 2)
        assert screens.launched("Failure") == 1
        assert versions(home) == {STARTED: "v001"}
        screens.open("/assets/mart/county_ranking?view=checks")
        expect(page.get_by_text("主键唯一、必填不空").first).to_be_visible(timeout=PAGE_MS)
        screens.picture("checks")
    assert outside == []
