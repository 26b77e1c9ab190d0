"""Three months, a month and one asset, started from the asset graph in a real browser; nothing leaves the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens import GRAPH, PAGE_MS, Screens, dagster_over
from tests.conftest import MONTHS, home_of, table_hashes, versions


@pytest.mark.long
def test_months_from_the_asset_graph(
    written_inbox: Path, tmp_path: Path, page: Page, pictures: Path, request: pytest.FixtureRequest
) -> None:
    home = home_of(written_inbox, tmp_path)
    with dagster_over(home) as url:
        screens = Screens(page, url, pictures)
        outside = screens.requests_outside()

        # Three months at once: one run a month, in order.
        screens.open(GRAPH)
        screens.launch("[2021-10...2021-12]")
        screens.wait_published(home, "2021-12")
        assert versions(home) == dict.fromkeys(MONTHS, "v001")

        # Started from the screens in a fresh home: the tables of the command line, which another worker runs meanwhile.
        province = request.getfixturevalue("province")
        for month in MONTHS:
            assert table_hashes(home, month) == table_hashes(province, month)

        # One month again, and one asset of it from its own page: the same content is no new version.
        screens.open(GRAPH)
        screens.launch("2021-12")
        screens.open("/assets/mart/county_ranking")
        expect(page.get_by_text("县排名。每行一个：地区代码 × 排名依据。").first).to_be_visible(timeout=PAGE_MS)
        screens.picture("asset")
        screens.launch("2021-12")
        screens.wait_launched("Success", 3)
        assert screens.launched("Failure") == 0
        assert versions(home) == dict.fromkeys(MONTHS, "v001")
        screens.open("/assets/mart/county_ranking?view=checks")
        expect(page.get_by_text("主键唯一、必填不空").first).to_be_visible(timeout=PAGE_MS)
        screens.picture("checks")
        screens.open("/assets/mart/county_ranking?view=lineage")
        screens.picture("lineage")
    assert outside == []
