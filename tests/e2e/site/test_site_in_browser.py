"""The site in Chromium: it asks nobody, it can be searched without a net, it fits phones, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from site_pages import PAGES, SITE, SMALL_PAGES, Tab, find_own_violations, serve_site


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with serve_site() as url:
        yield url


@pytest.fixture(params=["file", "server"])
def tab(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Tab]:
    """The site as files, and from a server."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Tab(context, SITE.as_uri() if request.param == "file" else served)
    context.close()


@pytest.fixture
def page_tab(browser: Browser, served: str) -> Iterator[Tab]:
    context = browser.new_context()
    yield Tab(context, served)
    context.close()


def test_pages_ask_for_nothing_but_the_site(tab: Tab) -> None:
    for address in PAGES:
        page = tab.open(address)
        expect(page.locator("h1").first).to_be_visible()
        tab.expect_silence()


def test_the_search_works_without_a_net(tab: Tab) -> None:
    page = tab.open("docs/journal.html")
    page.get_by_role("textbox", name="Search").fill("calibration area")
    result = page.locator(".md-search-result__link").first
    expect(result).to_be_visible()
    result.click()
    page.wait_for_url(lambda url: "journal" not in url)
    expect(page.locator("h1").first).to_be_visible()
    assert page.url.startswith(tab.base)
    tab.expect_silence()


def test_an_address_that_does_not_exist_leads_on(page_tab: Tab) -> None:
    page = page_tab.open("404.html")  # what a web server shows there
    expect(page.locator("h1")).to_contain_text("404")
    page.get_by_role("link", name="Reference", exact=True).first.click()
    expect(page.locator("h1").first).to_contain_text("Client")
    page_tab.expect_silence()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing(page_tab: Tab, width: int, scheme: Any) -> None:
    page_tab.set_up(width, scheme)
    for address in SMALL_PAGES:
        assert find_own_violations(page_tab.open(address)) == [], address


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen(page_tab: Tab, width: int) -> None:
    page_tab.set_up(width, "light")
    for address in PAGES:
        page = page_tab.open(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_menu_of_a_phone_leads_to_every_part(page_tab: Tab) -> None:
    page_tab.set_up(390, "light")
    page = page_tab.open("index.html")
    page.locator("header label[for=__drawer]").click()
    menu = page.locator(".md-nav--primary").first
    for part in ("Tutorial", "How to", "Explanation", "Reference", "Project"):
        expect(menu.get_by_text(part, exact=True).first).to_be_visible()
