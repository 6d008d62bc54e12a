"""Every view, light and dark, in each language: no finding of axe, and no text that its place cuts or breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fleet_page import LANGUAGES, VIEWS, FleetTab
from playwright.sync_api import expect
from shared_axe import find_violations
from shared_browser import wait_until
from shared_layout import find_bad_texts


def show_all(tab: FleetTab, languages: tuple[str, ...] = LANGUAGES) -> Iterator[tuple[str, str]]:
    for language in languages:
        tab.set_language(language)
        for view in VIEWS:
            tab.show(view)
            yield language, view


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(tab: FleetTab, width: int, scheme: str) -> None:
    page = tab.page
    page.set_viewport_size({"width": width, "height": 844})
    tab.set_scheme(scheme)
    tab.open()
    for state in show_all(tab, ("en",)):  # colors and roles do not depend on the language
        assert find_violations(page) == [], state


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs_and_failures(tab: FleetTab, scheme: str) -> None:
    page = tab.page
    tab.set_scheme(scheme)
    tab.open("scales")
    page.locator("#start").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert find_violations(page) == []
    page.keyboard.press("Escape")
    wait_until(page, "!history.state?.dialog")
    page.locator("#filter [name=where]").fill("nonsense")
    tab.button("Add").click()
    expect(page.locator("#filter-wrong")).to_be_visible()
    assert find_violations(page) == []
    tab.expect_complaint("400")
    page.evaluate("location.hash = '#job/learn-mode-0412'")
    tab.button("Cancel the job").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert find_violations(page) == []
    page.keyboard.press("Escape")
    wait_until(page, "!history.state?.dialog")  # a closed dialog leaves the history a moment later
    page.evaluate("location.hash = '#scale/0001/99'")
    expect(page.locator("#scale-failure")).to_be_visible()
    assert find_violations(page) == []
    tab.expect_complaint("404")


@pytest.mark.parametrize("width", [1261, 1001, 390])
def test_no_text_is_cut_or_broken(tab: FleetTab, width: int) -> None:
    """On a phone, and at the smallest widths of the layouts for larger screens."""
    tab.page.set_viewport_size({"width": width, "height": 844})
    tab.open()
    for state in show_all(tab, LANGUAGES if width == 390 else ("ru",)):  # Russian words are the longest
        assert find_bad_texts(tab.page) == [], state


def test_controls_are_large_enough_for_a_finger_and_have_names(tab: FleetTab) -> None:
    page = tab.page
    page.set_viewport_size({"width": 390, "height": 844})
    tab.open()
    for view in VIEWS:
        tab.show(view)
        controls = page.locator("button, a.button, nav a, input, select, .legend a, .lines a").evaluate_all(
            """all => all.filter(one => one.checkVisibility() && !one.closest(".skip, .sr")).map(one => {
                const box = one.getBoundingClientRect();
                const name = one.ariaLabel ?? (one.labels?.[0] ?? one).textContent;
                return [one.outerHTML.slice(0, 120), name.trim(), box.height];
            })"""
        )
        assert len(controls) > 5
        for what, name, height in controls:
            assert name, what
            assert height >= 43.5, (what, height)


def test_keyboard_reaches_list_and_details(tab: FleetTab) -> None:
    page = tab.open("scales")
    expect(page.locator("#scale-rows tr").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    reached = list[str]()
    for _ in range(18):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name")
        )
    assert {"Start a job on 240…", "search", "where", "Add", "Status", "0001/01"} <= set(reached), reached
    page.locator("#scale-rows a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#scale-title")).to_have_text("0001/01")
    expect(page.get_by_role("link", name="Open console")).to_be_visible()
