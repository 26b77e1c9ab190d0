"""One real Chromium for the browser tests; where there is none they fail, saying what to install."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
STILL = """
const still = new CSSStyleSheet();
still.replaceSync("* {animation: none !important; transition: none !important}");
document.adoptedStyleSheets = [still];
"""
"""Without a graphics card every turning wheel is painted by the processor, which the runs need."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.is_file():
        pytest.fail("没有浏览器，无法检查页面：请先运行 apt-get install chromium fonts-noto-cjk", pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1366, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, pictures: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; what it showed last lies with the pictures."""
    opened = context.new_page()
    opened.add_init_script(STILL)
    yield opened
    opened.screenshot(path=pictures / f"{request.node.name}-last.png")
