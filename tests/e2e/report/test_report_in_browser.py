"""The report in Chromium: no finding of axe, nothing wider than the screen, and it prints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from shared_axe import find_violations
from shared_button_width import find_narrow_controls
from shared_journal import SimulatedTill

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figures import make_figures
from vision_ai_tools.report.page import render_page
from vision_ai_translations import Language

LANGUAGES: tuple[Language, ...] = ("en", "ru", "zh")
DOCS = Path(__file__).parents[3] / "docs" / "pictures"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of two tills and a file that cannot be read, in each language."""
    folder = tmp_path_factory.mktemp("report")
    journals = [folder / "till1.db", folder / "till2.db"]
    for seed, journal in enumerate(journals, start=1):
        SimulatedTill(seed=seed).write(journal)
    broken = folder / "notes.db"
    broken.write_text("this is no journal")
    figures = make_figures(aggregate([*journals, broken]))
    result: dict[str, Path] = {}
    for language in LANGUAGES:
        result[language] = folder / f"{language}.html"
        result[language].write_text(render_page(figures, language), encoding="utf-8")
    return result


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: messages.append(request.url))
    yield page
    assert [each for each in messages if not each.startswith("file:")] == []
    page.close()


def find_cut_off_elements(page: Page) -> list[str]:
    """Elements beyond the right edge that cannot be scrolled to, and charts and cards that are cut."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(one => one.checkVisibility() && !one.closest(".scroll > *, svg *"))
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1
                || (one.matches("h1, h2, h3, dt, dd, p, li, a") && one.scrollWidth > one.clientWidth + 1
                    && getComputedStyle(one).display !== "inline"))
            .map(one => one.outerHTML.slice(0, 150))"""
    )


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        *(("en", scheme, width) for scheme in ("light", "dark") for width in (390, 768, 1280, 1920)),
        *((language, "light", width) for language in ("ru", "zh") for width in (390, 1280)),
    ],
)
def test_it_is_accessible_and_fits_the_screen(
    page: Page, pages: dict[str, Path], language: str, scheme: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(pages[language].as_uri())
    assert find_cut_off_elements(page) == []
    assert find_narrow_controls(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert find_violations(page) == []


def test_charts_follow_the_color_scheme(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["en"].as_uri())
    colors: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        colors.append(page.evaluate("getComputedStyle(document.querySelector('svg.chart text')).fill"))
    assert colors[0] != colors[1]


def test_it_prints_without_scroll_boxes(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["en"].as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 with the margins of a browser
    hidden = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.evaluate(hidden) == 0
    wide = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(wide) == 0
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_picture_for_the_documentation(page: Page, pages: dict[str, Path], tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(pages["en"].as_uri())
    page.add_style_tag(content=".problems { display: none }")
    folder = DOCS if os.environ.get("VISION_AI_PICTURES") else tmp_path
    page.screenshot(path=folder / "report.png")
    assert (folder / "report.png").stat().st_size > 10_000
