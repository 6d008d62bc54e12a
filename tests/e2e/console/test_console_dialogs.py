"""Dialogs and the browser's Back."""

from __future__ import annotations

from console_page import ConsolePage
from playwright.sync_api import expect
from shared_browser import wait_until


def test_back_closes_the_dialog_and_stays_on_its_page(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    console.show_view("device")
    for button, title in (
        ("Factory reset…", "Reset to factory settings?"),
        ("Restart the module…", "Restart the"),
    ):
        console.button(button).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        page.go_back()
        expect(dialog).to_be_hidden()
        expect(page.locator("body")).to_have_attribute("data-view", "device")
    page.go_back()
    expect(page.locator("body")).to_have_attribute("data-view", "recognize")
    assert not console.emulator.acted.keys() & {"reboot", "reset_device"}


def test_back_after_a_dialog_leaves_its_page(console: ConsolePage) -> None:
    """A dialog that was closed leaves nothing in the history."""
    page = console.open()
    console.show_view("device")
    console.button("Factory reset…").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    wait_until(page, "history.state === null")
    page.go_back()
    expect(page.locator("body")).to_have_attribute("data-view", "recognize")


def test_dialog_does_not_stay_open_over_another_page(console: ConsolePage) -> None:
    page = console.open("device")
    console.button("Factory reset…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("location.hash = 'teach'")
    expect(page.locator("body")).to_have_attribute("data-view", "teach")
    expect(page.get_by_role("dialog")).to_be_hidden()
