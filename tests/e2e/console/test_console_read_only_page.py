"""The page of a read-only console, and of one that another application shows under a prefix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_page import ConsolePage, open_console
from playwright.sync_api import BrowserContext, expect
from shared_console import serve_mounted_console

from vision_ai import VisionAI
from vision_ai_emulator import Emulator
from vision_ai_emulator.serving.server import EmulatorServer


@pytest.fixture
def console(context: BrowserContext, tmp_path: Path) -> Iterator[ConsolePage]:
    """A read-only console with one backup."""
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "old.evo").write_bytes(b"\0" * 100)
    with open_console(context, tmp_path, read_only=True) as console:
        yield console


def test_every_action_is_disabled_and_says_why(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    expect(page.locator("#read-only")).to_have_text("Read-only")
    expect(page.get_by_role("button", name="Recognized: Apple")).to_be_disabled()
    expect(page.locator("#recognize-hint")).to_have_text(
        "This console is read-only: it shows the module and changes nothing."
    )
    expect(page.locator("#picture")).to_be_visible()
    for view in ("area", "teach", "backup", "device"):
        console.show_view(view)
        controls = page.locator(f"[data-views~={view}] [data-needs]:visible")
        expect(controls.first).to_be_disabled()
        for control in controls.all():
            expect(control).to_be_disabled()
            expect(control).to_have_attribute("title", "This console is read-only.")
    console.show_view("backup")
    expect(page.locator("#files")).to_contain_text("old.evo")
    expect(page.locator("#backup-upload")).to_be_hidden()
    console.set_language("zh")
    expect(page.locator("#read-only")).to_have_text("只读")


def test_the_refusal_of_the_server_is_shown(console: ConsolePage) -> None:
    page = console.open("device")
    # As a page would that was opened before the console became read-only.
    page.evaluate("async () => { await (await import('./page/actions.js')).runAction('restart'); }")
    console.expect_notice("This console is read-only. Nothing was done.")
    console.expect_complaint("403")
    assert "reboot" not in console.emulator.acted


def test_a_mounted_console(context: BrowserContext) -> None:
    emulator = Emulator()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with (
        EmulatorServer(emulator, "127.0.0.1", 0) as server,
        VisionAI(server.url) as module,
        serve_mounted_console(server.url, "/scales/0042/07/console") as outer,
    ):
        page.goto(f"{outer.url}#backup")  # a view that it does not have
        expect(page.locator("#state")).to_have_text("Connected · 12345678")
        expect(page.locator("body")).to_have_attribute("data-view", "recognize")
        expect(page.locator("#picture")).to_be_visible()
        expect(page.locator("#read-only")).to_be_hidden()
        for view in ("quality", "backup"):
            expect(page.locator(f"nav a[href='#{view}']")).to_be_hidden()
        page.locator("nav a[href='#device']").click()
        expect(page.locator("#doctor")).to_be_hidden()
        page.get_by_role("switch").click()
        expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
        assert module.get_learnmode().mode == 0
        assert complaints == []
        page.close()
