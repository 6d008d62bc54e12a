"""The console for a module that speaks V2: what works, and what is disabled with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_page import ConsolePage, open_console
from playwright.sync_api import BrowserContext, expect


@pytest.fixture
def console(context: BrowserContext, tmp_path: Path) -> Iterator[ConsolePage]:
    """A console for a module that speaks V2."""
    with open_console(context, tmp_path) as console:
        console.emulator.reset(api="v2")
        yield console


def open_page(console: ConsolePage, view: str) -> None:
    console.page.goto(f"{console.server.url}#{view}")
    expect(console.page.locator("#state")).to_have_text("Connected · 12345678 · V2")


def test_templates_are_added_shown_and_deleted(console: ConsolePage) -> None:
    page = console.page
    open_page(console, "teach")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_hidden()
    page.get_by_role("textbox", name="Number", exact=True).fill("007")
    for number in (1, 2, 3):
        console.button(f"Take picture {number} of 3").click()
    expect(page.locator("#known")).to_contain_text("007 Templates: 3")
    expect(page.get_by_role("img", name="Template 3 of 007")).to_be_visible()
    assert console.request_bodies("add_item_template") == [{"id": "007"}] * 3
    console.button("Delete template 2 of 007").click()
    console.expect_notice("Deleted: a template of 007")
    expect(page.locator("#known")).to_contain_text("007 Templates: 2")
    expect(page.locator("#template-list li")).to_have_count(2)

    console.show_view("recognize")
    guess = page.get_by_role("button", name="Recognized: Product 007")
    expect(guess).to_be_disabled()
    expect(page.locator("#recognize-hint")).to_contain_text("How products are confirmed there is not known")
    expect(page.locator("#other")).to_be_hidden()
    expect(page.locator("#picture")).to_be_visible()


def test_templates_of_other_programs_are_listed(console: ConsolePage) -> None:
    console.module.learn(id="5", name="-", pictures=2)
    open_page(console, "teach")
    console.page.locator("#known button").click()
    expect(console.page.get_by_text("No preview")).to_have_count(2)
    expect(console.page.locator("#templates-title")).to_have_text("Templates of 5")


def test_what_v2_lacks_is_disabled_with_the_reason(console: ConsolePage) -> None:
    page = console.page
    console.folder.mkdir(exist_ok=True)
    (console.folder / "old.evo").write_bytes(b"\0" * 100)
    open_page(console, "device")
    facts = page.locator("#facts")
    for line in ("Version of the APIV2", "Board1109", "Recognition speedfast", "Shares what it learnedyes"):
        expect(facts.locator("div").filter(has_text=line)).to_have_count(1)
    for name in ("Restart the module…", "Factory reset…"):
        expect(console.button(name)).to_be_disabled()
    expect(page.get_by_role("switch", name="Learning mode")).to_be_disabled()
    expect(page.locator("#learn-text")).to_have_text(
        "The module speaks V2 of its API. How the learning mode is switched there is not known. "
        "The module reports: 1"
    )
    expect(page.get_by_text("How it is restarted there is not known")).to_be_visible()
    console.show_view("backup")
    expect(console.button("Make a backup")).to_be_disabled()
    expect(console.button("Restore old.evo")).to_be_disabled()
    expect(page.get_by_text("How backups are made and restored there is not known.")).to_be_visible()
    console.set_language("zh")
    expect(page.get_by_text("其创建和恢复备份的方法未知")).to_be_visible()
    asked = {path for _, path in console.emulator.requests}
    assert not asked & {"/api/get_calib", "/api/get_learnmode", "/api/get_registered_item_list"}


def test_the_area_is_saved_though_it_cannot_be_read(console: ConsolePage) -> None:
    page = console.page
    open_page(console, "area")
    expect(page.get_by_text("Its area cannot be read there")).to_be_visible()
    page.get_by_label("Left", exact=True).fill("300")
    console.button("Save to the module").click()
    console.expect_notice("Saved. The module now has: left 300")
    assert console.request_bodies("set_calib")[-1]["left"] == 300


def test_an_empty_pan_is_explained(console: ConsolePage) -> None:
    console.emulator.clear_pan()
    open_page(console, "teach")
    console.page.get_by_role("textbox", name="Number", exact=True).fill("007")
    console.button("Take picture 1 of 3").click()
    console.expect_notice("(-6500). Put one product on the pan, inside the calibration area, and try again.")
    expect(console.page.locator("#notices")).not_to_contain_text("estart")


def test_an_upgrade_while_the_page_is_open(console: ConsolePage) -> None:
    console.emulator.reset(api="v1")
    page = console.open("device")
    expect(console.button("Restart the module…")).to_be_enabled()
    console.emulator.reset(api="v2")
    expect(page.locator("#state")).to_have_text("Connected · 12345678 · V2")
    expect(console.button("Restart the module…")).to_be_disabled()
    expect(page.get_by_role("switch", name="Learning mode")).to_be_disabled()
