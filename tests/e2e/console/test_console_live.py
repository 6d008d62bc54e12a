"""Polling the module: only while a tab shows it, once for all tabs, and again when it has been away."""

from __future__ import annotations

import os
import re
import time
from urllib.parse import urlsplit

import pytest
from console_page import CONNECTED, VIEWS, ConsolePage
from playwright.sync_api import Page, WebSocketRoute, expect
from shared_console import serve_console

from vision_ai_emulator import Fault


def hide(page: Page, hidden: bool = True) -> None:
    """Pretend that the tab is in the background; a headless browser shows all tabs."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def wait_until_idle(console: ConsolePage) -> int:
    """Wait until the module receives no more requests, and return their number."""
    before = -1
    while before != len(console.emulator.log):
        before = len(console.emulator.log)
        console.page.wait_for_timeout(700)  # longer than the pause between two live requests
    return before


def test_nothing_is_polled_while_no_tab_is_visible(console: ConsolePage) -> None:
    assert wait_until_idle(console) == 0
    page = console.open()
    expect(page.locator("#picture")).to_be_visible()
    hide(page)
    number = wait_until_idle(console)
    hide(page, False)
    console.wait_until(lambda: len(console.emulator.log) > number, "the module is polled again")
    page.goto("about:blank")
    wait_until_idle(console)


def test_a_tab_leaves_the_module_to_the_till(console: ConsolePage) -> None:
    """The module is fast; the page must not ask it as often as it can."""
    console.teach(apple="001")
    page = console.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    expect(page.locator("#load")).to_have_text(re.compile("about [2345]"))
    console.emulator.clear_log()
    started = time.monotonic()
    console.wait_until(
        lambda: sum(each.operation == "get_image" for each in console.emulator.log) >= 5, "5 pictures"
    )
    assert len(console.emulator.log) / (time.monotonic() - started) < 6


def test_the_live_view_can_be_paused(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    console.button("Pause").click()
    expect(page.locator("#veil")).to_have_text("Paused")
    expect(page.locator("#guesses button")).to_have_count(0)
    expect(page.locator("#load")).to_have_text(re.compile("less than 1|about 1"))
    console.emulator.clear_log()
    console.wait_until(lambda: len(console.emulator.log) > 0, "what seldom changes is still read")
    assert not {each.operation for each in console.emulator.log} & {"get_image", "get_result"}
    console.button("Continue").click()
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()


def test_only_the_visible_view_is_polled(console: ConsolePage) -> None:
    console.open("backup")
    operations = {each.operation for each in console.emulator.log}
    assert "get_image" not in operations
    assert "get_result" not in operations


def test_two_tabs_share_the_polling(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    other = console.open_tab()
    for each in (page, other):
        expect(each.locator("#picture")).to_be_visible()
        expect(each.get_by_role("button", name="Confirm Apple")).to_be_visible()
    assert console.emulator_server.connections <= 2, "one of the console, and one of the test"
    # A change in one tab appears in the other.
    other.goto(f"{console.server.url}#teach")
    other.get_by_role("textbox", name="Number", exact=True).fill("5")
    other.get_by_role("textbox", name="Name", exact=True).fill("Pear")
    other.get_by_role("button", name="Take picture 1 of 3").click()
    expect(page.locator("#pending-count")).to_have_text("1")


def test_module_that_goes_away_and_comes_back(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    plug_in = console.unplug()
    banner = page.get_by_role("alert").filter(has_text="The module does not respond")
    expect(banner).to_contain_text("Check the address and that the module or the emulator is running.")
    expect(banner).not_to_contain_text("USB")
    expect(page.locator("#state")).to_have_text("Module unreachable")
    expect(page.locator("#veil")).to_have_text("Module unreachable")
    # Nothing is left of what was recognized, and nothing can be pressed that the module would have to do.
    expect(page.locator("#guesses button")).to_have_count(0)
    expect(page.locator("#guesses-none")).to_have_text(
        "The module does not respond, so nothing can be done now."
    )
    for view, buttons in {
        "recognize": ["Choose another product…"],
        "area": ["Save to the module"],
        "teach": ["Take picture 1 of 3"],
        "backup": ["Make a backup"],
        "device": ["Restart the module…", "Factory reset…"],
    }.items():
        console.show_view(view)
        for name in buttons:
            expect(console.button(name)).to_be_disabled()
            expect(console.button(name)).to_have_attribute("title", re.compile("does not respond"))
        if view in ("area", "teach", "device"):
            expect(page.locator("[data-stale]:visible")).to_have_text(
                "There is no connection. This was read before."
            )
    expect(page.get_by_role("switch", name="Learning mode")).to_be_disabled()
    expect(console.button("Diagnose")).to_be_enabled()
    console.show_view("teach")
    page.get_by_role("textbox", name="Number", exact=True).fill("5")
    page.get_by_role("textbox", name="Name", exact=True).fill("Pear")

    plug_in()
    expect(page.locator("#state")).to_contain_text("Connected")
    expect(page.locator("#banner")).to_be_hidden()
    console.button("Take picture 1 of 3").click()
    expect(console.button("Take picture 2 of 3")).to_be_visible()
    assert console.emulator.acted["register_item"] == 2
    expect(page.locator("[data-stale]:visible")).to_have_count(0)


def test_module_that_appears_later(console: ConsolePage) -> None:
    fault = console.emulator.faults.add(Fault("refuse", times=None))
    page = console.page
    page.goto(console.server.url)
    expect(page.locator("#banner")).to_contain_text("The module does not respond")
    console.emulator.faults.remove(fault.id)
    expect(page.locator("#state")).to_have_text(CONNECTED)
    expect(page.locator("#picture")).to_be_visible()


def test_lost_response_is_not_a_lost_module(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    for operation in ("get_result", "get_image", "get_item_list"):
        console.emulator.faults.add(
            Fault("truncated_json" if operation != "get_image" else "truncated_picture", operation, times=2)
        )
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.locator("#banner")).to_be_hidden()


def test_page_continues_after_a_restart_of_the_console(console: ConsolePage) -> None:
    with serve_console(console.emulator_server.url, console.folder) as first:
        page = console.context.new_page()
        page.goto(f"{first.url}#area")
        expect(page.locator("#state")).to_contain_text("Connected")
        port = urlsplit(first.url).port or 0
    expect(page.locator("#banner")).to_contain_text("The console does not respond")
    with serve_console(console.emulator_server.url, console.folder, port):
        expect(page.locator("#state")).to_contain_text("Connected")
        expect(page.locator("#banner")).to_be_hidden()
        page.close()


def test_a_silent_console_is_shown_as_disconnected(console: ConsolePage) -> None:
    """A connection that ended without a word: the network is gone, or the computer of the console."""
    silent = True

    def relay(tab: WebSocketRoute) -> None:
        server = tab.connect_to_server()
        server.on_message(lambda message: None if silent else tab.send(message))

    page = console.page
    page.clock.install()
    page.route_web_socket("**/updates", relay)
    page.goto(console.server.url)
    expect(page.locator("#banner")).to_be_hidden()
    page.clock.run_for(20_000)
    expect(page.locator("#state")).to_have_text("Disconnected")
    expect(page.locator("#banner")).to_contain_text("The console does not respond")
    silent = False
    page.clock.run_for(2_000)
    expect(page.locator("#state")).to_have_text(CONNECTED)
    expect(page.locator("#banner")).to_be_hidden()


def test_a_file_name_that_is_not_utf8_does_not_stop_the_page(console: ConsolePage) -> None:
    (console.folder / os.fsdecode(b"caf\xe9.evo")).write_bytes(b"a backup")
    page = console.open("backup")
    expect(page.locator("#files")).to_contain_text("caf\\xe9.evo")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes() == b"a backup"
    console.emulator.device.teach("2", "Pear")
    console.show_view("teach")
    expect(page.locator("#known")).to_contain_text("Pear")


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "no-such-view", "recognize/"])
def test_an_unknown_view_in_the_address_shows_the_first(console: ConsolePage, name: str) -> None:
    page = console.open(name)
    expect(page.locator("body")).to_have_attribute("data-view", "recognize")
    expect(page.locator("#picture")).to_be_visible()


def test_page_loads_nothing_from_the_internet(console: ConsolePage) -> None:
    """Every test checks the URLs of all requests; this one shows all views."""
    console.teach(apple="001")
    page = console.open()
    for view in VIEWS:
        console.show_view(view)
        expect(page.locator(f"nav a[href='#{view}']")).to_have_attribute("aria-current", "page")
    assert console.foreign_urls == []
    assert page.evaluate("performance.getEntriesByType('resource').length") > 10
