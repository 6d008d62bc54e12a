"""The calibration area: framed on the picture, in the picture's pixels, and saved to the module."""

from __future__ import annotations

import json
import re

import pytest
from console_page import CONNECTED, ConsolePage
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

FACTORY = (444, 39, 348, 482)
SIDES = ("Left", "Top", "Width", "Height")


def read_fields(page: Page) -> tuple[int, ...]:
    """The values of the four number fields."""
    return tuple(
        int(page.get_by_label(side, exact=True).input_value()) for side in ("Left", "Top", "Width", "Height")
    )


def read_region(page: Page) -> tuple[float, ...]:
    """The frame on the screen, in pixels of the module's picture."""
    region, frame = page.locator("#region").bounding_box(), page.locator("#frame").bounding_box()
    assert region and frame
    scale = 1280 / frame["width"]
    left, top = (region["x"] - frame["x"]) * scale, (region["y"] - frame["y"]) * scale
    return left, top, region["width"] * scale, region["height"] * scale


def open_area(console: ConsolePage) -> Page:
    page = console.open("area")
    expect(page.get_by_label("Left", exact=True)).to_have_value("444")
    wait_for_picture(page)
    return page


def wait_for_picture(page: Page) -> None:
    """Wait until nothing covers the picture and the frame."""
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#veil")).to_be_hidden()


def to_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Convert a position from the module's picture to the screen."""
    frame = page.locator("#frame").bounding_box()
    assert frame
    return frame["x"] + x * frame["width"] / 1280, frame["y"] + y * frame["height"] / 720


def drag(page: Page, start: tuple[int, int], by: tuple[int, int]) -> None:
    """Drag with the mouse, in pixels of the module's picture."""
    page.mouse.move(*to_screen(page, *start))
    page.mouse.down()
    page.mouse.move(*to_screen(page, start[0] + by[0] / 2, start[1] + by[1] / 2))
    page.mouse.move(*to_screen(page, start[0] + by[0], start[1] + by[1]))
    page.mouse.up()


def save(console: ConsolePage) -> tuple[int, int, int, int]:
    console.button("Save to the module").click()
    console.expect_notice("The module now has")
    return console.read_area()


def test_drag_and_save_change_the_modules_area(console: ConsolePage) -> None:
    page = open_area(console)
    drag(page, (618, 280), (-200, 60))
    expect(page.locator("#area-badge")).to_have_text("Not saved")
    assert console.read_area() == FACTORY
    left, top, width, height = save(console)
    assert (width, height) == FACTORY[2:]
    assert (left, top) == pytest.approx((244, 99), abs=2)
    assert read_fields(page) == (left, top, width, height)
    expect(page.locator("#area-badge")).to_have_text("Saved")
    expect(page.locator("#area-module")).to_have_text(f"left {left}, top {top}, 348 × 482")


def test_pixels_are_independent_of_the_screen_size(console: ConsolePage) -> None:
    page = open_area(console)
    for width, height in ((1024, 600), (1440, 900), (600, 900)):
        page.set_viewport_size({"width": width, "height": height})
        drag(page, (618, 280), (-200, 60))
        assert read_fields(page) == pytest.approx((244, 99, 348, 482), abs=2), width
        console.button("Undo").click()


def test_every_corner_and_edge_can_be_dragged(console: ConsolePage) -> None:
    page = open_area(console)
    for start, by, expected in (
        ((444, 39), (-40, 20), (404, 59, 388, 462)),
        ((792, 39), (50, -20), (444, 19, 398, 502)),
        ((444, 521), (30, 40), (474, 39, 318, 522)),
        ((792, 521), (-100, -90), (444, 39, 248, 392)),
        ((618, 521), (70, 60), (444, 39, 348, 542)),
        ((444, 280), (-60, 90), (384, 39, 408, 482)),
        ((618, 39), (0, 30), (444, 69, 348, 452)),
        ((792, 280), (80, 0), (444, 39, 428, 482)),
    ):
        drag(page, start, by)
        assert read_fields(page) == pytest.approx(expected, abs=2), start
        console.button("Undo").click()
        assert read_fields(page) == FACTORY


def test_frame_stays_inside_the_picture(console: ConsolePage) -> None:
    page = open_area(console)
    drag(page, (618, 280), (2000, 2000))
    assert read_fields(page) == (1280 - 348, 720 - 482, 348, 482)
    drag(page, (932 + 174, 238 + 241), (-3000, -3000))
    assert read_fields(page) == (0, 0, 348, 482)
    assert save(console) == (0, 0, 348, 482)


def test_area_can_be_set_with_the_keyboard(console: ConsolePage) -> None:
    page = open_area(console)
    page.get_by_role("application", name="Calibration area").focus()
    for key, expected in (
        ("ArrowRight", (445, 39, 348, 482)),
        ("ArrowDown", (445, 40, 348, 482)),
        ("Shift+ArrowLeft", (435, 40, 348, 482)),
        ("Shift+ArrowUp", (435, 30, 348, 482)),
        ("Alt+ArrowRight", (435, 30, 349, 482)),
        ("Alt+ArrowLeft", (435, 30, 348, 482)),
        ("Control+ArrowUp", (435, 30, 348, 481)),
        ("Control+Shift+ArrowDown", (435, 30, 348, 491)),
    ):
        page.keyboard.press(key)
        assert read_fields(page) == expected, key
    page.get_by_role("button", name="Save to the module").focus()
    page.keyboard.press("Enter")
    console.expect_notice("The module now has: left 435, top 30, 348 × 491")
    assert console.read_area() == (435, 30, 348, 491)


def test_area_can_be_set_by_touch(console: ConsolePage) -> None:
    browser = console.context.browser
    assert browser
    context = browser.new_context(viewport={"width": 1024, "height": 600}, has_touch=True, locale="en-GB")
    page = console.open_tab("area", context)
    expect(page.locator("#state")).to_have_text(CONNECTED)
    expect(page.get_by_label("Left", exact=True)).to_have_value("444")
    wait_for_picture(page)
    touch(context, page, (618, 280), (100, -30))
    touch(context, page, (892, 491), (60, 40))
    left, top, width, height = read_fields(page)
    assert (left, top, width, height) == pytest.approx((544, 9, 408, 522), abs=3)
    page.get_by_role("button", name="Save to the module").click()
    expect(page.locator("#area-module")).to_have_text(f"left {left}, top {top}, {width} × {height}")
    assert console.read_area() == (left, top, width, height)
    context.close()


def touch(context: BrowserContext, page: Page, start: tuple[int, int], by: tuple[int, int]) -> None:
    """Drag with a finger; Playwright itself can only tap."""
    browser = context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [dict(zip("xy", to_screen(page, *point), strict=True)) for point in points]
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", start)
    send("touchMove", (start[0] + by[0] / 2, start[1] + by[1] / 2))
    send("touchMove", (start[0] + by[0], start[1] + by[1]))
    send("touchEnd")
    browser.detach()


def test_area_can_be_typed(console: ConsolePage) -> None:
    page = open_area(console)
    for side, value in {"Left": 300, "Top": 0, "Width": 980, "Height": 720}.items():
        page.get_by_label(side, exact=True).fill(str(value))
    region = page.locator("#region").bounding_box()
    frame = page.locator("#frame").bounding_box()
    assert region
    assert frame
    assert region["width"] / frame["width"] == pytest.approx(980 / 1280, abs=0.01)
    page.get_by_label("Height", exact=True).press("Enter")
    console.expect_notice("left 300, top 0, 980 × 720")
    assert console.read_area() == (300, 0, 980, 720)


def test_invalid_area_is_explained_and_not_sent(console: ConsolePage) -> None:
    page = open_area(console)
    ranges = {
        "Left": "Left: enter a whole number from 0 to 932.",
        "Top": "Top: enter a whole number from 0 to 238.",
        "Width": "Width: enter a whole number from 1 to 836.",
        "Height": "Height: enter a whole number from 1 to 681.",
    }
    for side, typed in {"Width": "1000", "Left": "-1", "Height": "", "Top": "3.5"}.items():
        page.get_by_label(side, exact=True).fill(typed)
        expect(page.get_by_role("alert").filter(has_text=ranges[side])).to_be_visible()
        expect(page.get_by_label(side, exact=True)).to_have_attribute("aria-invalid", "true")
        expect(page.locator("[aria-invalid=true]")).to_have_count(1)
        # The frame stays where it was, and can be dragged from there.
        assert read_region(page) == pytest.approx(FACTORY, abs=2)
        expect(console.button("Save to the module")).to_be_disabled()
        page.get_by_label(side, exact=True).press("Enter")
        console.button("Undo").click()
        assert read_fields(page) == FACTORY
        expect(page.locator("#area-wrong")).to_be_hidden()
    assert console.request_bodies("set_calib") == []


def test_area_that_another_program_sets_is_shown(console: ConsolePage) -> None:
    page = open_area(console)
    console.module.set_calib(left=100, top=100, width=200, height=300)
    expect(page.locator("#area-module")).to_have_text("left 100, top 100, 200 × 300")
    assert read_fields(page) == (100, 100, 200, 300)

    # A draft stays.
    page.get_by_label("Left", exact=True).fill("120")
    console.module.set_calib(left=10, top=10, width=20, height=30)
    expect(page.locator("#area-module")).to_have_text("left 10, top 10, 20 × 30")
    assert read_fields(page) == (120, 100, 200, 300)


def test_module_without_an_area_gets_a_default(console: ConsolePage) -> None:
    """The emulator always has an area, so the test replaces it on the way to the page."""
    without = json.dumps({"left": 0, "top": 0, "width": 0, "height": 0})

    def replace_area(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(
            lambda message: socket.send(
                re.sub(r'(?<="calib": ){.*?}', without, message) if isinstance(message, str) else message
            )
        )

    console.page.route_web_socket("**/updates", replace_area)
    page = console.open("area")
    expect(page.locator("#area-module")).to_have_text("left 0, top 0, 0 × 0")
    expect(page.locator("#area-badge")).to_have_text("Not saved")
    wait_for_picture(page)
    drag(page, (640, 360), (-100, 0))
    console.button("Save to the module").click()
    console.expect_notice("The module now has")
    assert console.read_area() == pytest.approx((220, 60, 640, 600), abs=2)


def test_error_of_the_module_is_one_line_with_advice(console: ConsolePage) -> None:
    page = open_area(console)
    page.get_by_label("Left", exact=True).fill("400")
    console.emulator.fail_next(-6213, "set_calib")
    console.button("Save to the module").click()
    console.expect_notice(
        "The action failed. A parameter is missing or invalid (-6213). The area must lie inside"
    )
    expect(page.locator("#area-badge")).to_have_text("Not saved")
    assert save(console) == (400, 39, 348, 482)


def test_area_that_cannot_be_read_back_is_reported_as_saved(console: ConsolePage) -> None:
    page = open_area(console)
    page.get_by_label("Left", exact=True).fill("400")
    console.emulator.fail_next(-6210, "get_calib", times=1000)
    console.button("Save to the module").click()
    console.expect_notice("The area was saved, but it could not be read back.")
    console.emulator.faults.clear()
    assert console.read_area() == (400, 39, 348, 482)
    expect(page.locator("#area-badge")).to_have_text("Saved")
