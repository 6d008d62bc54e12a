"""The Russian and Chinese pages of the site in Chromium: the links between languages, the menu, and the search."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from site_pages import SITE, Tab, find_own_violations

NAMES = {"en": "English", "ru": "Русский", "zh": "中文"}
FOLDERS = {"en": "", "ru": "ru/", "zh": "zh/"}
TRANSLATED = (
    "docs/{}connection.html",
    "docs/{}console.html",
    "docs/{}build-a-till.html",
    "reference/{}error-codes.html",
)
WORDS = {
    "ru": ("калибровка", "проброс портов", "резервной копии"),
    "zh": ("序列号", "端口转发", "识别区域"),
}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """The site as files: what works there works from a server too."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Tab(context, SITE.as_uri())
    context.close()


@pytest.mark.parametrize("page_name", TRANSLATED)
def test_a_page_leads_to_itself_in_the_other_languages(tab: Tab, page_name: str) -> None:
    for language in NAMES:
        for other, name in NAMES.items():
            page = tab.open(page_name.format(FOLDERS[language]))
            expect(page.locator("html")).to_have_attribute("lang", language)
            page.locator(".md-select button").hover()
            page.locator(".md-select__link", has_text=name).click()
            assert page.url == f"{tab.base}/{page_name.format(FOLDERS[other])}"
    tab.expect_silence()


def test_a_page_without_a_translation_leads_to_the_first_page(tab: Tab) -> None:
    page = tab.open("docs/watch.html")
    for language in ("ru", "zh"):
        link = page.locator(f".md-select a[hreflang={language}]")
        assert link.evaluate("a => a.href") == f"{tab.base}/docs/{language}/index.html"
    page = tab.open("docs/ru/install.html")
    assert page.locator(".md-select a[hreflang=en]").evaluate("a => a.href") == f"{tab.base}/index.html"


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_menu_has_the_pages_of_the_language_alone(tab: Tab, language: str) -> None:
    page = tab.open(f"docs/{language}/index.html")
    links = page.locator(".md-nav--primary a.md-nav__link, .md-footer__link").evaluate_all(
        "all => all.map(a => a.href)"
    )
    assert len(links) >= 6
    assert all(f"/{language}/" in link for link in links)
    page = tab.open("docs/connection.html")
    english = page.locator(".md-tabs a, .md-nav--primary a").evaluate_all("all => all.map(a => a.pathname)")
    assert not [link for link in english if "/ru/" in link or "/zh/" in link]


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_search_finds_words_of_the_language(tab: Tab, language: str) -> None:
    page = tab.open(f"docs/{language}/index.html")
    field = page.locator(".md-search__input")
    for words in WORDS[language]:
        field.fill("")
        field.press_sequentially(words)
        field.press("End")  # the search listens to keys
        result = page.locator(".md-search-result__link").first
        expect(result).to_have_attribute("href", re.compile(f"(^|/){language}/"))
        expect(page.locator(".md-search-result__list mark").first).to_be_visible()
    tab.expect_silence()


@pytest.mark.parametrize(("language", "width", "scheme"), [("ru", 390, "dark"), ("zh", 1280, "light")])
def test_translated_pages_fit_the_screen_and_axe_finds_nothing(
    tab: Tab, language: str, width: int, scheme: str
) -> None:
    tab.set_up(width, scheme)
    for page_name in (*TRANSLATED, "docs/{}index.html", "docs/{}install.html"):
        page = tab.open(page_name.format(FOLDERS[language]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        if "connection" not in page_name:  # it has what the others have, and takes long
            assert find_own_violations(page) == [], page.url
