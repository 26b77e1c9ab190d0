"""The published site in a real browser, opened from its folder: no network, and readable without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from fangpin.reports import site
from fangpin.reports.edition import GateResult
from fangpin.reports.workbooks import workbooks
from tests.made_up_edition import WARNING, edition

LEFT = "net::ERR_ABORTED"
"""What a request comes to when the reader clicks on before the page has loaded."""
PAGES = (
    "index.html",
    "county-count-households.html",
    "county-ratio-households.html",
    "county-oe-persons.html",
    "township-ratio-persons.html",
    "village-count-households.html",
    "village-oe-persons.html",
    "sample.html",
    "anomalies.html",
    "topics.html",
    "topic/public_post.html",
    "topic/elimination.html",
    "line.html",
    "criterion.html",
    "coverage.html",
    "assets.html",
    "elimination.html",
    "quality.html",
    "policy.html",
    "lineage.html",
    "gate.html",
    "county/410102.html",
    "county/141123208.html",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version's workbooks and site, written as they are published."""
    made = edition(cities=3, counties=3, townships=2, villages=2)
    root = tmp_path_factory.mktemp("v001")
    gate = [GateResult("发布预期", "totals", "各级农户数之和等于全省", "4行中0行不符", "通过")]
    files = {f"site/{path}": content for path, content in site.site(made)}
    files["site/gate.html"] = site.gate_page(made, gate)
    files |= {f"workbooks/{name}": content for name, content in workbooks(made).items()}
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root / "site"


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and everything that goes wrong on it: requests beyond the folder, errors, refusals of the policy."""
    wrong: list[str] = []
    page = context.new_page()
    page.on("request", lambda r: None if r.url.startswith(("file://", "data:")) else wrong.append(f"request {r.url}"))
    page.on("requestfailed", lambda r: None if r.failure == LEFT else wrong.append(f"failed {r.url} {r.failure}"))
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on("console", lambda m: wrong.append(f"console {m.text}") if m.type in {"error", "warning"} else None)
    return page, wrong


def test_every_page_loads_from_its_folder_and_asks_nothing_of_any_network(
    context: BrowserContext, folder: Path, pictures: Path
) -> None:
    page, wrong = watched(context)
    for name in PAGES:
        page.goto((folder / name).as_uri())
        for chart in page.locator(".plot").all():
            chart.locator("svg.main-svg").first.wait_for()
        page.screenshot(path=pictures / f"site-{name.replace('/', '-').removesuffix('.html')}.png", full_page=True)
        assert wrong == [], name


def test_charts_show_what_the_table_says(context: BrowserContext, folder: Path) -> None:
    page, _ = watched(context)
    page.goto((folder / "index.html").as_uri())
    names = page.locator("#chart-status .ytick text")
    names.first.wait_for()
    table = page.locator("#cities tbody tr:not(.total) td:first-child")
    assert sorted(names.all_text_contents()) == sorted(table.all_inner_texts())


def test_readable_without_javascript(browser: Browser, folder: Path, pictures: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 900})
    page, wrong = watched(context)
    for name in PAGES:
        page.goto((folder / name).as_uri())
        assert page.locator("h1").is_visible()
        assert page.get_by_text(WARNING).count() == (0 if name == "county/141123208.html" else 1)
        assert page.locator("main section").count() > 0
        assert all(not chart.is_visible() for chart in page.locator("figure.chart").all())
        assert all(table.is_visible() for table in page.locator("table").all())
        assert wrong == [], name
    page.goto((folder / "county-count-households.html").as_uri())
    page.screenshot(path=pictures / "site-county-count-without-javascript.png", full_page=True)
    context.close()


def test_an_official_finds_the_way_by_clicking(context: BrowserContext, folder: Path) -> None:
    """Index, ranking, other order, county, neighbour, index, other places, township: by links alone."""
    page, wrong = watched(context)
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("link", name="县排名").click()
    page.get_by_role("link", name="按消除率（户）").click()
    assert page.locator("h1").inner_text() == "2021年12月县排名（按消除率（户））"
    first = page.locator("#ranking tbody tr").first
    name = first.locator("a").inner_text()
    first.locator("a").click()
    assert name.endswith(page.locator("h1").inner_text().removesuffix("2021年12月监测情况"))
    page.locator(".orders").get_by_role("link", name="一个县：").first.click()
    page.locator(".trail").get_by_role("link", name="首页").click()
    page.get_by_role("link", name="山西省吕梁市兴县赵家坪乡").click()
    assert "45户131人" in page.locator("main").inner_text()
    page.locator(".trail").get_by_role("link", name="其他地区").click()
    assert page.url.endswith("index.html#elsewhere")
    assert wrong == []


def test_from_a_column_to_the_feed(context: BrowserContext, folder: Path) -> None:
    page, wrong = watched(context)
    page.goto((folder / "lineage.html").as_uri())
    page.locator("#t-mart-alert-evidence").get_by_role("link", name="合规自付").click()
    assert page.url.endswith("#t-raw-medical-self_paid_fen")
    assert page.locator("#t-raw-medical-self_paid_fen").is_visible()
    assert wrong == []


def test_workbooks_are_where_the_links_say(context: BrowserContext, folder: Path) -> None:
    page, _ = watched(context)
    page.goto((folder / "index.html").as_uri())
    links = page.locator("#downloads a").all()
    assert [link.inner_text() for link in links] == [
        "监测对象汇总表.xlsx",
        "县村排名.xlsx",
        "调研抽样名单.xlsx",
        "部门数据质量评分.xlsx",
        "专题调研数据包.xlsx",
        "监测标准测算.xlsx",
        "刚性支出口径比较.xlsx",
        "监测对象范围测算.xlsx",
        "家庭资产清单测算.xlsx",
        "风险消除口径比较.xlsx",
        "实地核查建议名单.xlsx",
    ]
    for link in links:
        assert (folder / str(link.get_attribute("href"))).resolve().is_file()


def test_numbers_stand_to_the_right_and_headers_stay(context: BrowserContext, folder: Path) -> None:
    page, _ = watched(context)
    page.goto((folder / "village-count-households.html").as_uri())
    cell = page.locator("td.count").first
    assert cell.evaluate("e => getComputedStyle(e).textAlign") == "right"
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).position") == "sticky"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_narrow_screens_scroll_tables_not_pages(browser: Browser, folder: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page, _ = watched(context)
    for name in ("index.html", "county-count-households.html", "county/410102.html", "policy.html"):
        page.goto((folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    context.close()


def test_a_table_wider_than_the_window_says_so(browser: Browser, folder: Path, pictures: Path) -> None:
    for width, told in ((800, True), (1366, False)):
        context = browser.new_context(viewport={"width": width, "height": 900})
        page, _ = watched(context)
        page.goto((folder / "county-ratio-households.html").as_uri())
        assert page.locator(".hint").first.is_visible() == told
        assert page.locator(".table").first.evaluate("e => e.scrollWidth > e.clientWidth") == told
        page.screenshot(path=pictures / f"site-county-ratio-{width}.png", full_page=True)
        context.close()


def test_the_menu_shows_where_a_ranking_belongs(context: BrowserContext, folder: Path) -> None:
    page, _ = watched(context)
    page.goto((folder / "county-oe-persons.html").as_uri())
    assert page.locator(".masthead a[aria-current]").all_inner_texts() == ["县排名"]


def column(page: Page, number: int) -> list[str]:
    cells = page.locator(f"#ranking tbody tr td:nth-child({number})").all_inner_texts()
    return [text.split("\n")[0].strip() for text in cells]


def test_a_heading_puts_the_rows_in_its_order(context: BrowserContext, folder: Path) -> None:
    """By a click and by the keyboard; the largest first, then the smallest; ranks and names the other way round."""
    page, wrong = watched(context)
    page.goto((folder / "county-oe-persons.html").as_uri())
    heading = page.locator("#ranking thead").get_by_text("应有", exact=True)

    def due() -> list[float]:
        return [float(text.replace(",", "")) for text in column(page, 7)]

    before = due()
    heading.click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert due() == sorted(before, reverse=True) != before
    heading.press("Enter")
    assert due() == sorted(before)
    page.locator("#ranking thead").get_by_text("本月", exact=True).click()
    assert column(page, 1) == [str(n) for n in range(1, len(before) + 1)]
    assert page.locator("#ranking th[aria-sort]").count() == 1
    assert wrong == []


def test_from_a_county_to_its_townships_and_villages_and_back(context: BrowserContext, folder: Path) -> None:
    page, wrong = watched(context)
    page.goto((folder / "township-ratio-persons.html").as_uri())
    page.locator("#ranking tbody a").first.click()
    township = page.locator("#townships tbody tr:target")
    township.wait_for()
    name = township.locator("a").inner_text()
    township.locator("a").click()
    village = page.locator("#villages tbody tr:target")
    village.wait_for()
    assert village.locator("td").nth(1).inner_text() == name
    village.locator("a").click()
    assert page.locator("#townships tbody tr:target a").inner_text() == name
    assert wrong == []


def test_the_county_map_leads_to_counties_without_javascript(browser: Browser, folder: Path, pictures: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 900})
    page, wrong = watched(context)
    page.goto((folder / "county-ratio-households.html").as_uri())
    assert page.locator("#map svg a").count() == 9
    name = page.locator("#map svg a title").first.text_content()
    page.locator("#map").screenshot(path=pictures / "site-county-map.png")
    page.locator("#map svg a").first.click()
    assert str(name).endswith(page.locator("h1").inner_text().removesuffix("2021年12月监测情况"))
    assert wrong == []
    context.close()


def test_printed_pages_repeat_headers_and_leave_out_navigation(context: BrowserContext, folder: Path) -> None:
    page, _ = watched(context)
    page.goto((folder / "county-count-households.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator(".masthead nav").is_visible()
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert len(page.pdf(format="A4", landscape=True)) > 10_000
