"""The calibration area: framed by hand on the picture, in the picture's pixels, and saved in the module."""

from __future__ import annotations

import json
import re

import pytest
from console_bench import Bench
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

FACTORY = (444, 39, 348, 482)
SIDES = ("Left", "Top", "Width", "Height")


def fields(page: Page) -> tuple[int, ...]:
    """What the four number fields say."""
    return tuple(
        int(page.get_by_label(side, exact=True).input_value()) for side in ("Left", "Top", "Width", "Height")
    )


def framed(bench: Bench) -> Page:
    page = bench.open("area")
    expect(page.get_by_label("Left", exact=True)).to_have_value("444")
    unveiled(page)
    return page


def unveiled(page: Page) -> None:
    """Wait for the picture: until then, what lies over its place takes what is meant for the frame."""
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#veil")).to_be_hidden()


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the module's picture is on the screen."""
    frame = page.locator("#frame").bounding_box()
    assert frame
    return frame["x"] + x * frame["width"] / 1280, frame["y"] + y * frame["height"] / 720


def drag(page: Page, start: tuple[int, int], by: tuple[int, int]) -> None:
    """With the mouse, in pixels of the module's picture."""
    page.mouse.move(*on_screen(page, *start))
    page.mouse.down()
    page.mouse.move(*on_screen(page, start[0] + by[0] / 2, start[1] + by[1] / 2))
    page.mouse.move(*on_screen(page, start[0] + by[0], start[1] + by[1]))
    page.mouse.up()


def save(bench: Bench) -> tuple[int, int, int, int]:
    bench.button("Save in the module").click()
    bench.told("read back from the module")
    return bench.area()


def test_a_drag_changes_what_the_module_answers(bench: Bench) -> None:
    page = framed(bench)
    drag(page, (618, 280), (-200, 60))
    expect(page.locator("#area-badge")).to_have_text("Not saved yet")
    assert bench.area() == FACTORY
    left, top, width, height = save(bench)
    assert (width, height) == FACTORY[2:]
    assert (left, top) == pytest.approx((244, 99), abs=2)
    assert fields(page) == (left, top, width, height)
    expect(page.locator("#area-badge")).to_have_text("As saved")
    expect(page.locator("#area-module")).to_have_text(f"left {left}, top {top}, 348 × 482")


def test_pixels_are_the_pictures_whatever_the_size_of_the_screen(bench: Bench) -> None:
    page = framed(bench)
    for width, height in ((1024, 600), (1440, 900), (600, 900)):
        page.set_viewport_size({"width": width, "height": height})
        drag(page, (618, 280), (-200, 60))
        assert fields(page) == pytest.approx((244, 99, 348, 482), abs=2), width
        bench.button("Undo").click()


def test_every_corner_and_edge_can_be_dragged(bench: Bench) -> None:
    page = framed(bench)
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
        assert fields(page) == pytest.approx(expected, abs=2), start
        bench.button("Undo").click()
        assert fields(page) == FACTORY


def test_the_frame_stays_inside_the_picture(bench: Bench) -> None:
    page = framed(bench)
    drag(page, (618, 280), (2000, 2000))
    assert fields(page) == (1280 - 348, 720 - 482, 348, 482)
    drag(page, (932 + 174, 238 + 241), (-3000, -3000))
    assert fields(page) == (0, 0, 348, 482)
    assert save(bench) == (0, 0, 348, 482)


def test_the_keyboard_does_it_too(bench: Bench) -> None:
    page = framed(bench)
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
        assert fields(page) == expected, key
    page.get_by_role("button", name="Save in the module").focus()
    page.keyboard.press("Enter")
    bench.told("read back from the module: left 435, top 30, 348 × 491")
    assert bench.area() == (435, 30, 348, 491)


def test_a_finger_does_it_too(bench: Bench) -> None:
    browser = bench.context.browser
    assert browser
    context = browser.new_context(viewport={"width": 1024, "height": 600}, has_touch=True, locale="en-GB")
    page = bench.watch(context.new_page())
    page.goto(f"{bench.console.url}#area")
    expect(page.locator("#state")).to_have_text("Connected · 12345678")
    expect(page.get_by_label("Left", exact=True)).to_have_value("444")
    unveiled(page)
    touch(context, page, (618, 280), (100, -30))
    touch(context, page, (892, 491), (60, 40))
    left, top, width, height = fields(page)
    assert (left, top, width, height) == pytest.approx((544, 9, 408, 522), abs=3)
    page.get_by_role("button", name="Save in the module").click()
    expect(page.locator("#area-module")).to_have_text(f"left {left}, top {top}, {width} × {height}")
    assert bench.area() == (left, top, width, height)
    context.close()


def touch(context: BrowserContext, page: Page, start: tuple[int, int], by: tuple[int, int]) -> None:
    """A finger that is put down, drawn and lifted; Playwright itself can only tap."""
    browser = context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [dict(zip("xy", on_screen(page, *point), strict=True)) for point in points]
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", start)
    send("touchMove", (start[0] + by[0] / 2, start[1] + by[1] / 2))
    send("touchMove", (start[0] + by[0], start[1] + by[1]))
    send("touchEnd")
    browser.detach()


def test_numbers_can_be_typed(bench: Bench) -> None:
    page = framed(bench)
    for side, value in {"Left": 300, "Top": 0, "Width": 980, "Height": 720}.items():
        page.get_by_label(side, exact=True).fill(str(value))
    region = page.locator("#region").bounding_box()
    frame = page.locator("#frame").bounding_box()
    assert region
    assert frame
    assert region["width"] / frame["width"] == pytest.approx(980 / 1280, abs=0.01)
    page.get_by_label("Height", exact=True).press("Enter")
    bench.told("left 300, top 0, 980 × 720")
    assert bench.area() == (300, 0, 980, 720)


def test_what_the_module_could_not_take_is_told_and_not_sent(bench: Bench) -> None:
    page = framed(bench)
    for side, typed in {"Width": "1000", "Left": "-1", "Height": "", "Top": "3.5"}.items():
        page.get_by_label(side, exact=True).fill(typed)
        expect(page.get_by_text("left + width at most 1280")).to_be_visible()
        expect(bench.button("Save in the module")).to_be_disabled()
        page.get_by_label(side, exact=True).press("Enter")
        bench.button("Undo").click()
        assert fields(page) == FACTORY
        expect(page.get_by_text("left + width at most 1280")).to_be_hidden()
    assert bench.bodies("set_calib") == []


def test_another_program_sets_the_area(bench: Bench) -> None:
    page = framed(bench)
    bench.module.set_calib(left=100, top=100, width=200, height=300)
    expect(page.locator("#area-module")).to_have_text("left 100, top 100, 200 × 300")
    assert fields(page) == (100, 100, 200, 300)

    # What somebody is just framing stays.
    page.get_by_label("Left", exact=True).fill("120")
    bench.module.set_calib(left=10, top=10, width=20, height=30)
    expect(page.locator("#area-module")).to_have_text("left 10, top 10, 20 × 30")
    assert fields(page) == (120, 100, 200, 300)


def test_a_module_without_an_area_is_given_one_to_begin_with(bench: Bench) -> None:
    """The emulator always has one, so here it is taken away on the way to the page."""
    without = json.dumps({"left": 0, "top": 0, "width": 0, "height": 0})

    def take_away(tab: WebSocketRoute) -> None:
        console = tab.connect_to_server()
        console.on_message(
            lambda message: tab.send(
                re.sub(r'(?<="calib": ){.*?}', without, message) if isinstance(message, str) else message
            )
        )

    bench.page.route_web_socket("**/tab", take_away)
    page = bench.open("area")
    expect(page.locator("#area-module")).to_have_text("left 0, top 0, 0 × 0")
    expect(page.locator("#area-badge")).to_have_text("Not saved yet")
    unveiled(page)
    drag(page, (640, 360), (-100, 0))
    bench.button("Save in the module").click()
    bench.told("read back from the module")
    assert bench.area() == pytest.approx((220, 60, 640, 600), abs=2)


def test_what_the_module_refuses_is_one_line_with_what_to_do(bench: Bench) -> None:
    page = framed(bench)
    page.get_by_label("Left", exact=True).fill("400")
    bench.emulator.fail_next(-6213, "set_calib")
    bench.button("Save in the module").click()
    bench.told(
        "That did not work. A parameter is missing or has a wrong value (-6213). Check what was entered."
    )
    expect(page.locator("#area-badge")).to_have_text("Not saved yet")
    assert save(bench) == (400, 39, 348, 482)


def test_an_area_that_cannot_be_read_back_is_told_as_saved(bench: Bench) -> None:
    page = framed(bench)
    page.get_by_label("Left", exact=True).fill("400")
    bench.emulator.fail_next(-6210, "get_calib", times=1000)
    bench.button("Save in the module").click()
    bench.told("The area was saved, but could not be read back.")
    bench.emulator.faults.clear()
    assert bench.area() == (400, 39, 348, 482)
    expect(page.locator("#area-badge")).to_have_text("As saved")
