"""No button, tab or badge of the console cuts its text, in each language, on a phone and on a large screen."""

from __future__ import annotations

import pytest
from console_page import VIEWS, ConsolePage
from playwright.sync_api import expect
from shared_browser import wait_until
from shared_button_width import find_narrow_controls

DIALOGS = {
    "device": ["#restart", "#reset"],
    "backup": ["#files button >> nth=0", "#files button >> nth=1"],
    "recognize": ["#other"],
}
"""The buttons of each view that open a dialog."""


@pytest.fixture
def filled_console(console: ConsolePage) -> ConsolePage:
    """A console with products, a picture to commit, and a backup."""
    console.teach(banana="002", apple="001")
    console.module.register_item(id="9", name="Fig")
    console.module.backup(console.folder, poll=0.1)
    console.open()
    return console


def find_in_all_views(console: ConsolePage, state: str) -> list[str]:
    found = list[str]()
    for view in VIEWS:
        console.show_view(view)
        found += [f"{state}, {view}: {each}" for each in find_narrow_controls(console.page)]
    return found


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("ru", 390), ("zh", 390), ("ru", 1280)])
def test_every_control_of_the_console_is_wide_enough(
    filled_console: ConsolePage, language: str, width: int
) -> None:
    page = filled_console.page
    page.set_viewport_size({"width": width, "height": 844})
    filled_console.set_language(language)
    expect(page.locator("#guesses button").first).to_be_visible()
    found = find_in_all_views(filled_console, "connected")
    for view, buttons in DIALOGS.items():
        filled_console.show_view(view)
        for button in buttons:
            page.locator(button).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found += [f"{button}: {each}" for each in find_narrow_controls(page)]
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_be_hidden()
            wait_until(page, "!history.state?.dialog")
    filled_console.show_view("area")
    page.locator("[name=left]").fill("1")
    filled_console.show_view("recognize")
    page.locator("#pause").click()
    found += find_in_all_views(filled_console, "changed and paused")
    filled_console.show_view("device")
    page.locator("#doctor").click()
    expect(page.locator("#job-dismiss")).to_be_visible()
    found += find_in_all_views(filled_console, "after a job")
    plug_in = filled_console.unplug()
    expect(page.locator("#banner")).to_be_visible()
    found += find_in_all_views(filled_console, "unreachable")
    plug_in()
    expect(page.locator("#banner")).to_be_hidden()
    assert found == []
