"""A month, three months and one asset, started from the page of the monthly job in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.screens import JOB, Screens, dagster_over
from tests.conftest import MONTHS, home_of, versions


def test_months_from_the_job_page(written_inbox: Path, tmp_path: Path, page: Page, pictures: Path) -> None:
    home = home_of(written_inbox, tmp_path)
    with dagster_over(home) as url:
        screens = Screens(page, url, pictures)

        # December before November is published: refused, saying so on the run's page.
        screens.open(JOB)
        screens.launch("2021-12")
        screens.wait_launched("Failure", 1)
        page.locator("a[href*='/runs/']").first.click()
        expect(page.get_by_text("2021-12 不能运行：上一月 2021-11 还没有发布的版本").first).to_be_visible(
            timeout=60_000
        )
        screens.picture("refused")
        assert not (home / "published" / "CURRENT").exists()

        # One month.
        screens.open(JOB)
        screens.launch("2021-10")
        screens.wait_launched("Success", 1)
        assert versions(home) == {"2021-10": "v001"}

        # Three months: each once, in order; the one already there comes out the same and is no new version.
        screens.open(JOB)
        screens.launch("[2021-10...2021-12]")
        screens.wait_launched("Success", 2)
        screens.picture("runs")
        assert versions(home) == dict.fromkeys(MONTHS, "v001")

        # One asset.
        screens.open(JOB)
        screens.filter("mart/county_ranking")
        screens.picture("job")
        screens.launch("2021-12")
        screens.wait_launched("Success", 3)
        assert screens.launched("Failure") == 1
