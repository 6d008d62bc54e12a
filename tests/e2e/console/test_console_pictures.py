"""How it looks, for people to judge and for the documentation; and that all of it fits the screens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from console_bench import VIEWS, Bench
from playwright.sync_api import Page, expect

WRITE = "VISION_AI_PICTURES"
DOCS = Path(__file__).parents[3] / "docs" / "pictures"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: into the documentation when asked for, so that tests leave no trace."""
    if not os.environ.get(WRITE):
        return tmp_path
    DOCS.mkdir(parents=True, exist_ok=True)
    return DOCS


def a_day_at_work(bench: Bench) -> None:
    """A module that knows some products, two of which look alike, and has a third in hand."""
    bench.teach(banana="002", lemon="003", pear="004", orange="005", tomato="006", apple="001")
    bench.emulator.put("apple")
    bench.module.learn(id="011", name="Apple, organic", pictures=2)
    bench.module.backup(bench.folder, poll=0.1)


def shoot(page: Page, folder: Path, name: str) -> None:
    file = folder / f"console-{name}.png"
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def sticks_out(page: Page) -> list[str]:
    """What is cut off at the side, of all that is shown."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(one => one.checkVisibility() && !one.closest(".region, .sr, .skip, option"))
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 120))"""
    )


def test_screenshots(bench: Bench, pictures: Path) -> None:
    a_day_at_work(bench)
    page = bench.open()
    expect(page.locator("#guesses button")).to_have_count(2)
    expect(page.locator("#picture")).to_be_visible()
    shoot(page, pictures, "recognise")

    bench.go("area")
    page.get_by_label("Left", exact=True).fill("430")
    page.get_by_label("Width", exact=True).fill("372")
    shoot(page, pictures, "area")
    bench.button("Undo").click()

    bench.go("teach")
    bench.emulator.put("aubergine")
    page.get_by_role("textbox", name="Number", exact=True).fill("012")
    page.get_by_role("textbox", name="Name", exact=True).fill("Aubergine")
    bench.button("Take picture 1 of 3").click()
    bench.emulator.put("aubergine")
    bench.button("Take picture 2 of 3").click()
    for number in (1, 2):
        picture = page.get_by_role("img", name=f"Picture {number} of Aubergine")
        expect(picture).to_be_visible()
        page.wait_for_function("image => image.complete", arg=picture.element_handle())
    bench.ready("Take picture 3 of 3")
    shoot(page, pictures, "teach")

    bench.go("backup")
    bench.button("Make a backup").click()
    expect(page.locator("#job-title")).to_contain_text("Backup made")
    bench.ready("Make a backup")
    page.locator("#backup-folder").evaluate(
        "p => { p.textContent = 'Kept in ~/.local/share/vision-ai/backups' }"
    )
    shoot(page, pictures, "backup")
    bench.button("Dismiss").click()

    bench.go("device")
    bench.button("Examine the connection").click()
    expect(page.locator("#findings li").first).to_be_visible()
    expect(page.locator("#job-title")).to_have_text("Examination done")
    bench.button("Dismiss").click()
    bench.ready("Examine the connection")
    shoot(page, pictures, "device")
    bench.button("Factory reset…").click()
    shoot(page, pictures, "reset")
    page.keyboard.press("Escape")

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    bench.emulator.put("apple")
    bench.go("recognise")
    bench.button("切换到中文").click()
    expect(page.locator("#guesses button").first).to_be_visible()
    shoot(page, pictures, "chinese-dark")


def test_everything_fits_the_screen(bench: Bench) -> None:
    a_day_at_work(bench)
    bench.module.register_item(id="0123456789012345", name="Ein sehr langer Name " * 4)
    page = bench.open()
    expect(page.locator("#guesses button")).to_have_count(2)
    for width, height in ((1024, 600), (1440, 900), (800, 480), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for view in VIEWS:
            bench.go(view)
            assert sticks_out(page) == [], (width, view)
        if width >= 1024:
            for view, last in {"recognise": "#other", "area": "#area-module", "device": "#restart"}.items():
                bench.go(view)
                box = page.locator(last).bounding_box()
                assert box
                assert box["y"] + box["height"] <= height, (width, last)


def test_what_is_pressed_is_large_enough_for_a_finger_and_has_a_name(bench: Bench) -> None:
    a_day_at_work(bench)
    bench.module.register_item(id="9", name="Fig")
    page = bench.open()
    for view in VIEWS:
        bench.go(view)
        if view == "area":
            expect(page.locator("#region")).to_be_visible()
        # In one go: between a question for what is visible and one for its size, the page may change.
        controls = page.locator("button, a, input, .handle").evaluate_all(
            """all => all.filter(one => one.checkVisibility() && !one.closest(".skip, .sr")).map(one => {
                const box = one.getBoundingClientRect();
                const label = document.getElementById(one.getAttribute("aria-labelledby")) ?? one.labels?.[0];
                const name = one.ariaLabel ?? (label ?? one).textContent;
                return [one.outerHTML, name.trim(), one.matches(".handle"), box.width, box.height];
            })"""
        )
        assert len(controls) > 5
        for what, name, is_handle, width, height in controls:
            assert name or is_handle, what
            assert min(width, height) >= 43.5 or "sr" in what, (what, width, height)


def test_the_keyboard_comes_everywhere(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    reached = set[str]()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()")
        )
        outlined = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outlined != "none" or page.evaluate("document.activeElement === document.body")
    assert {"Recognise", "Area", "Backup", "Device", "切换到中文", "It is another product…"} <= reached
    assert any(name.startswith("Confirm Apple") for name in reached)
    page.get_by_role("button", name="Confirm Apple").focus()
    page.keyboard.press("Enter")
    bench.told("Told the module: Apple (001)")
