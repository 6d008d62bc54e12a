"""Every view, light and dark, in each language: no finding of axe, and no text that its place cuts or breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_page import VIEWS, ConsolePage, open_console
from journal_rows import add_weighings
from playwright.sync_api import BrowserContext, expect
from shared_axe import find_violations
from shared_layout import find_bad_texts

LANGUAGES = ("en", "ru", "zh")


@pytest.fixture
def filled_console(context: BrowserContext, tmp_path: Path) -> Iterator[ConsolePage]:
    """A console with something to show in every view."""
    journal = tmp_path / "recognitions.db"
    add_weighings(journal, "001", ["001"], 1, 40, days_ago=1)
    add_weighings(journal, "002", ["001", "002"], 2, 10)
    with open_console(context, tmp_path, journal=journal) as console:
        fill(console)
        yield console


def fill(console: ConsolePage) -> None:
    console.teach(banana="002", pear="004", apple="001")
    console.module.register_item(id="9", name="Fig")
    console.module.backup(console.folder, poll=0.1)
    (console.folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"x" * 9000)
    page = console.open("device")
    console.button("Diagnose").click()
    expect(page.locator("#job-title")).to_have_text("Diagnosis complete")
    console.button("Dismiss").click()


def show_all(console: ConsolePage, schemes: tuple[str, ...] = ("light",)) -> Iterator[tuple[str, str, str]]:
    """Show each view in each language and color scheme."""
    for scheme in schemes:
        console.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for language in LANGUAGES:
            console.set_language(language)
            for view in VIEWS:
                console.show_view(view)
                if view == "recognize":
                    expect(console.page.locator("#guesses button").first).to_be_visible()
                if view == "quality":
                    expect(console.page.locator("#quality-days tr")).to_have_count(2)
                yield scheme, language, view


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(filled_console: ConsolePage, width: int) -> None:
    page = filled_console.page
    page.set_viewport_size({"width": width, "height": 800})
    for state in show_all(filled_console, ("light", "dark")):
        assert find_violations(page) == [], state


def test_axe_finds_nothing_in_dialogs_and_failures(filled_console: ConsolePage) -> None:
    page = filled_console.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for view, button in {
            "device": "Restart the module…",
            "backup": "Delete holiday.jpg",
            "recognize": "Choose another product…",
        }.items():
            filled_console.show_view(view)
            filled_console.button(button).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            assert find_violations(page) == [], (scheme, button)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_be_hidden()
        filled_console.show_view("teach")
        filled_console.button("Take picture 1 of 3").click()
        expect(page.locator("#teach-wrong")).to_be_visible()
        plug_in = filled_console.unplug()
        expect(page.locator("#banner")).to_be_visible()
        for view in VIEWS:
            filled_console.show_view(view)
            assert find_violations(page) == [], (scheme, view)
        plug_in()
        expect(page.locator("#banner")).to_be_hidden()


def test_no_text_is_cut_or_broken(filled_console: ConsolePage) -> None:
    """On a phone, and at the smallest widths of the two layouts for larger screens."""
    page = filled_console.page
    for width in (1261, 1001, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for state in show_all(filled_console):
            assert find_bad_texts(page) == [], (width, state)
    filled_console.set_language("ru")
    filled_console.show_view("device")
    for button in ("#restart", "#reset"):
        page.locator(button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert find_bad_texts(page) == [], button
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_what_can_be_done_stands_beside_what_it_is_about(
    filled_console: ConsolePage, width: int, height: int
) -> None:
    """On a large screen, the picture fills the width, and the button for another product follows the list."""
    page = filled_console.page
    page.set_viewport_size({"width": width, "height": height})
    filled_console.show_view("recognize")
    expect(page.locator("#guesses button").first).to_be_visible()
    boxes = [page.locator(each).bounding_box() for each in ("#frame", "#guesses", "#other", "main")]
    frame, guesses, other, main = (each for each in boxes if each)
    assert other["y"] - (guesses["y"] + guesses["height"]) < 40
    assert frame["width"] > 0.68 * main["width"]
    assert main["y"] + main["height"] - (frame["y"] + frame["height"]) < 0.3 * main["height"]
