"""A month, three months and one asset, started from the page of the monthly job in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.screens import JOB, Screens, dagster_over
from tests.conftest import MONTHS, home_of, versions


@pytest.mark.long
def test_months_from_the_job_page(written_inbox: Path, tmp_path: Path, page: Page, pictures: Path) -> None:
    home = home_of(written_inbox, tmp_path)
    with dagster_over(home) as url:
        screens = Screens(page, url, pictures, refused=1)

        # December before November is published, refused; one month, and three months: one after the other, as launched.
        screens.launch_all((JOB, "2021-12"), (JOB, "2021-10"), (JOB, "[2021-10...2021-12]"))
        screens.see_refused("2021-12 不能运行：上一月 2021-11 还没有发布的版本")

        # One asset of December, once it is published.
        screens.wait_published(home, "2021-12")
        screens.open(JOB)
        screens.filter("mart/county_ranking")
        screens.picture("job")
        screens.launch("2021-12")
        screens.wait_launched("Success", 3)
        screens.picture("runs")
        assert screens.launched("Failure") == 1

    # October, run twice with one content, is one version.
    assert versions(home) == dict.fromkeys(MONTHS, "v001")
