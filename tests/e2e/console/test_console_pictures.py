"""Screenshots for the documentation, and whether the page fits the screens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from console_page import VIEWS, ConsolePage, open_console
from journal_rows import add_weighings
from playwright.sync_api import BrowserContext, Page, expect
from shared_browser import wait_until

WRITE = "VISION_AI_PICTURES"
DOCS = Path(__file__).parents[3] / "docs" / "pictures"

PRODUCTS = {"002": "banana", "003": "lemon", "004": "pear", "005": "orange", "006": "tomato", "001": "apple"}
"""The last one remains on the pan."""
NAMES = {
    "ru": {
        "banana": "Банан",
        "lemon": "Лимон",
        "pear": "Груша",
        "orange": "Апельсин",
        "tomato": "Помидор",
        "apple": "Яблоко",
        "organic apple": "Яблоко, фермерское",
        "aubergine": "Баклажан",
    },
    "zh": {
        "banana": "香蕉",
        "lemon": "柠檬",
        "pear": "梨",
        "orange": "橙子",
        "tomato": "番茄",
        "apple": "苹果",
        "organic apple": "有机苹果",
        "aubergine": "茄子",
    },
}
"""Names of products in the other languages."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder for screenshots: that of the documentation only if a variable says so."""
    if not os.environ.get(WRITE):
        return tmp_path
    DOCS.mkdir(parents=True, exist_ok=True)
    return DOCS


def prepare_module(console: ConsolePage) -> None:
    """Teach the module some products, two of which look alike, and make a backup."""
    console.teach(**{kind: id for id, kind in PRODUCTS.items()})
    console.emulator.put("apple")
    console.module.learn(id="011", name="Apple, organic", pictures=2)
    console.module.backup(console.folder, poll=0.1)


def take_screenshot(page: Page, folder: Path, name: str) -> None:
    file = folder / f"console-{name}.png"
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def find_cut_off_elements(page: Page) -> list[str]:
    """Visible elements that extend beyond the right edge."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(one => one.checkVisibility() && !one.closest(".region, .sr, .skip, option"))
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 120))"""
    )


def test_screenshots(console: ConsolePage, pictures: Path) -> None:
    prepare_module(console)
    page = console.open()
    expect(page.locator("#guesses button")).to_have_count(2)
    expect(page.locator("#picture")).to_be_visible()
    take_screenshot(page, pictures, "recognize")

    console.show_view("area")
    page.get_by_label("Left", exact=True).fill("430")
    page.get_by_label("Width", exact=True).fill("372")
    take_screenshot(page, pictures, "area")
    console.button("Undo").click()

    console.show_view("teach")
    console.emulator.put("aubergine")
    page.get_by_role("textbox", name="Number", exact=True).fill("012")
    page.get_by_role("textbox", name="Name", exact=True).fill("Eggplant")
    console.button("Take picture 1 of 3").click()
    console.emulator.put("aubergine")
    console.button("Take picture 2 of 3").click()
    for number in (1, 2):
        picture = page.get_by_role("img", name=f"Picture {number} of Eggplant")
        expect(picture).to_be_visible()
        wait_until(page, "image => image.complete", picture.element_handle())
    console.wait_until_enabled("Take picture 3 of 3")
    take_screenshot(page, pictures, "teach")

    console.show_view("backup")
    console.button("Make a backup").click()
    expect(page.locator("#job-title")).to_contain_text("Backup complete")
    console.wait_until_enabled("Make a backup")
    page.locator("#backup-folder").evaluate(
        "p => { p.textContent = 'Folder: ~/.local/share/vision-ai/backups' }"
    )
    take_screenshot(page, pictures, "backup")
    console.button("Dismiss").click()

    console.show_view("device")
    console.button("Diagnose").click()
    expect(page.locator("#findings li").first).to_be_visible()
    expect(page.locator("#job-title")).to_have_text("Diagnosis complete")
    console.button("Dismiss").click()
    console.wait_until_enabled("Diagnose")
    take_screenshot(page, pictures, "device")
    console.button("Factory reset…").click()
    take_screenshot(page, pictures, "reset")
    page.keyboard.press("Escape")

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    console.emulator.put("apple")
    console.show_view("recognize")
    console.set_language("zh")
    expect(page.locator("#guesses button").first).to_be_visible()
    take_screenshot(page, pictures, "chinese-dark")


@pytest.mark.parametrize("language", NAMES)
def test_screenshots_in_other_languages(console: ConsolePage, pictures: Path, language: str) -> None:
    names = NAMES[language]
    for id, kind in PRODUCTS.items():
        console.emulator.put(kind)
        console.module.learn(id=id, name=names[kind], pictures=1)
    console.module.learn(id="011", name=names["organic apple"], pictures=2)
    page = console.open()
    console.set_language(language)
    expect(page.locator("#guesses button")).to_have_count(2)
    expect(page.locator("#picture")).to_be_visible()
    take_screenshot(page, pictures, f"recognize-{language}")

    console.show_view("area")
    page.locator("#area-form [name=left]").fill("430")
    page.locator("#area-form [name=width]").fill("372")
    take_screenshot(page, pictures, f"area-{language}")
    page.locator("#area-revert").click()

    console.show_view("teach")
    console.emulator.put("aubergine")
    page.locator("#teach-form [name=id]").fill("012")
    page.locator("#teach-form [name=name]").fill(names["aubergine"])
    for number in (1, 2):
        expect(page.locator("#teach-take")).to_be_enabled()
        page.locator("#teach-take").click()
        picture = page.locator("#pending img").nth(number - 1)
        expect(picture).to_be_visible()
        wait_until(page, "image => image.complete", picture.element_handle())
        console.emulator.put("aubergine")
    expect(page.locator("#teach-take")).to_be_enabled()
    take_screenshot(page, pictures, f"teach-{language}")

    console.show_view("device")
    page.locator("#reset").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    take_screenshot(page, pictures, f"reset-{language}")
    assert find_cut_off_elements(page) == []
    page.keyboard.press("Escape")


def test_screenshot_of_the_quality(context: BrowserContext, tmp_path: Path, pictures: Path) -> None:
    journal = tmp_path / "recognitions.db"
    add_weighings(journal, "001", ["001", "002"], 1, 180)
    add_weighings(journal, "002", ["001", "002"], 2, 14)
    add_weighings(journal, "002", ["002", "001"], 1, 40)
    add_weighings(journal, "003", ["001", "002"], 0, 9, days_ago=2)
    add_weighings(journal, "003", ["003", "002"], 1, 60, days_ago=1)
    with open_console(context, tmp_path, journal=journal) as console:
        page = console.open("quality")
        expect(page.locator("#quality-days tr")).to_have_count(3)
        take_screenshot(page, pictures, "quality")


def test_every_view_fits_the_screen(console: ConsolePage) -> None:
    prepare_module(console)
    console.module.register_item(id="0123456789012345", name="Ein sehr langer Name " * 4)
    page = console.open()
    expect(page.locator("#guesses button")).to_have_count(2)
    for width, height in ((1024, 600), (1440, 900), (800, 480), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for view in VIEWS:
            console.show_view(view)
            assert find_cut_off_elements(page) == [], (width, view)
        if width >= 1024:
            for view, last in {"recognize": "#other", "area": "#area-module", "device": "#restart"}.items():
                console.show_view(view)
                box = page.locator(last).bounding_box()
                assert box
                assert box["y"] + box["height"] <= height, (width, last)


def test_controls_are_large_enough_for_a_finger_and_have_names(console: ConsolePage) -> None:
    prepare_module(console)
    console.module.register_item(id="9", name="Fig")
    page = console.open()
    for view in VIEWS:
        console.show_view(view)
        if view == "area":
            expect(page.locator("#region")).to_be_visible()
        # One evaluation, because the page may change between two.
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


def test_keyboard_reaches_every_control(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
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
    assert {"Recognize", "Calibrate", "Backup", "Device", "Language", "Choose another product…"} <= reached
    assert any(name.startswith("Confirm Apple") for name in reached)
    page.get_by_role("button", name="Confirm Apple").focus()
    page.keyboard.press("Enter")
    console.expect_notice("Confirmed: Apple (001)")
