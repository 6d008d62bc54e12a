"""The page's token, security policy, keyboard operation, layout, and screenshots."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from page_support import PageDriver, create_driver
from playwright.sync_api import Browser, BrowserContext, Page, expect
from shared_axe import find_violations

SCREENSHOTS = "VISION_AI_SCREENSHOTS"
"""The environment variable with the folder for the screenshots; without it they go to a temporary one."""


def test_the_page_asks_for_the_token_once(context: BrowserContext) -> None:
    with create_driver(context, token="open sesame") as driver:
        page = driver.page
        page.goto(driver.server.control_url)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("requires a token")
        page.keyboard.press("Escape")
        dialog.get_by_label("Token").fill("wrong")
        dialog.get_by_label("Token").press("Enter")
        expect(dialog).to_contain_text("The token is wrong.")
        dialog.get_by_label("Token").fill("open sesame")
        dialog.get_by_role("button", name="Continue").click()
        driver.wait_until_running()
        expect(dialog).to_be_hidden()
        # the picture needs the token too
        expect(page.locator("#picture")).to_be_visible()
        assert (page.locator("#picture").get_attribute("src") or "").startswith("blob:")
        page.get_by_role("button", name="Lemon").click()
        expect(page.get_by_role("button", name="Lemon", pressed=True)).to_be_visible()

        page.reload()
        driver.wait_until_running()
        expect(dialog).to_be_hidden()
        driver.expect_complaints("401")


def test_the_page_works_with_a_strict_security_policy(driver: PageDriver) -> None:
    driver.teach(apple="001")
    policy = driver.client.get(driver.server.control_url).headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; img-src 'self' blob:")
    assert "unsafe" not in policy
    page = driver.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert page.evaluate("typeof ran") == "undefined", "the policy is not in force"
    driver.expect_complaints("Content Security Policy")
    expect(page.locator("#guess-list li")).to_have_count(1)
    bar = page.locator("#guess-list .bar span").bounding_box()
    assert bar
    assert bar["width"] > 100
    with page.expect_download():
        page.get_by_role("button", name="Download").click()


def test_the_page_can_be_used_with_the_keyboard(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.locator("#guess-none")).to_contain_text("does not know this item")

    def focus(name: str) -> None:
        """Press Tab until the button with that name has the focus."""
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", f"the focus on {name} is not visible"
                return
        raise AssertionError(f"the Tab key does not reach {name}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the pan"
    page.keyboard.press("Enter")
    focus("Banana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Banana", pressed=True)).to_be_focused()
    focus("Add fault")
    page.keyboard.press("Enter")
    expect(page.locator("#faults-list li")).to_have_count(1)
    expect(page.get_by_role("button", name="Add fault")).to_be_focused()
    page.get_by_role("button", name="Remove all").focus()
    focus("Remove")
    page.keyboard.press("Enter")
    expect(page.locator("#faults-list li")).to_have_count(0)
    expect(page.locator("#fault-form [name=kind]")).to_be_focused()
    focus("Teach")
    page.keyboard.press("Space")
    expect(page.locator("#products tr")).to_have_count(1)
    # into the radio buttons, and to the next one
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "timed":
            break
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Immediate")).to_be_checked()
    expect(page.get_by_label("Immediate")).to_be_focused()
    focus("Reset…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Reset…")).to_be_focused()
    driver.post("set_learnmode", {"mode": 1})
    expect(page.locator("#log li")).to_have_count(1)
    entry = page.locator("#log button").first
    entry.focus()
    page.keyboard.press("Enter")
    expect(entry).to_have_attribute("aria-expanded", "true")


def test_every_control_has_a_name(driver: PageDriver) -> None:
    page = driver.open()
    page.locator("summary").evaluate_all("all => all.forEach(one => (one.parentElement.open = true))")
    unnamed = page.locator("button, input, select, a").evaluate_all(
        """all => all.filter(one => !one.hidden && !one.textContent.trim() && !one.labels?.length
            && !one.getAttribute("aria-label")).map(one => one.outerHTML)"""
    )
    assert unnamed == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_finding(browser: Browser, scheme: Literal["light", "dark"], width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )

    with create_driver(context) as driver:
        driver.teach(apple="001", pear="002")
        driver.post("get_result")
        page = driver.open()
        expect(page.locator("#guess-list li").first).to_be_visible()
        page.locator("summary").evaluate_all("all => all.forEach(one => (one.parentElement.open = true))")
        assert find_violations(page) == []
        driver.control("POST", "faults", {"kind": "error_code", "times": None})
        driver.control("PUT", "dialect", {"restore_path": "restore"})
        driver.emulator.unplug()
        expect(page.get_by_text("The module is unplugged", exact=True)).to_be_visible()
        expect(page.locator("#faults-list li")).to_be_visible()
        assert find_violations(page) == []
        page.get_by_role("button", name="Reset…").click()
        assert find_violations(page) == []
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Save state").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert find_violations(page) == []
        driver.expect_complaints("400")
    context.close()


def test_the_page_does_not_scroll_sideways(driver: PageDriver) -> None:
    driver.teach(apple="001")
    driver.post("get_registered_item_list")
    page = driver.open()
    expect(page.locator("#guess-list li")).to_have_count(1)
    for width in (360, 390, 768, 1024, 1280, 1440, 1920, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_the_first_screen_shows_the_main_parts(driver: PageDriver) -> None:
    driver.teach(apple="001")
    page = driver.open()
    expect(page.locator("#guess-list li")).to_have_count(1)
    for part in ("#picture", "#guess-list li", "#kinds", "#clear-pan", "#teach", "#requests"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, part


def test_updates_do_not_move_the_layout(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.locator("#guess-none")).to_be_visible()

    def get_positions() -> dict[str, float]:
        return page.locator("h2").evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.id, one.getBoundingClientRect().top]))"
        )

    before = get_positions()
    driver.teach(apple="001", pear="002", lemon="003")
    driver.post("start_backup")
    expect(page.locator("#products tr")).to_have_count(3)
    expect(page.locator("[data-job=backup] .badge")).to_have_text("3")
    page.get_by_role("switch", name="Camera").click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_visible()
    assert get_positions() == before


# Screenshots, for people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = Path(os.environ.get(SCREENSHOTS) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(params=["light", "dark", "narrow"])
def view(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, PageDriver]]:
    """A driver with content, on three kinds of screens."""
    narrow = request.param == "narrow"
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if narrow else {"width": 1440, "height": 900},
        color_scheme="dark" if request.param == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=2 if narrow else 1,
    )
    with create_driver(context) as driver:
        driver.teach(banana="002", lemon="003", pear="004", orange="005", tomato="006", apple="001")
        driver.emulator.put("apple")
        for operation in ("get_device_info", "get_image", "get_item_list", "get_result"):
            driver.post(operation)
        driver.open()
        expect(driver.page.locator("#log li")).to_have_count(4)
        expect(driver.page.locator("#guess-list li").first).to_be_visible()
        yield request.param, driver
    context.close()


def take_screenshot(page: Page, folder: Path, name: str) -> None:
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_screenshots(view: tuple[str, PageDriver], folder: Path) -> None:
    name, driver = view
    page = driver.page
    take_screenshot(page, folder, f"page-{name}")

    driver.control(
        "POST", "faults", {"kind": "error_code", "operation": "get_result", "code": -6209, "times": 3}
    )
    driver.control("POST", "faults", {"kind": "slow_first_byte", "seconds": 0.1, "times": None})
    driver.control("PUT", "dialect", {"restore_path": "restore"})
    driver.post("get_result")
    driver.post("register_item", {"id": "001", "name": "Apple"})
    expect(page.locator("#faults-list")).to_contain_text("2 affected")
    page.get_by_role("link", name="Faults").click()
    if name != "narrow":  # the log is on another screen there
        page.locator("#log button").first.click()
    take_screenshot(page, folder, f"page-{name}-faults")

    driver.control("DELETE", "faults")
    page.get_by_role("link", name="Pan", exact=True).click()
    driver.control("PUT", "clock", {"mode": "frozen"})
    driver.control("POST", "reboot")
    expect(page.get_by_text("The module is restarting", exact=True)).to_be_visible()
    take_screenshot(page, folder, f"page-{name}-restart")
    driver.control("POST", "clock/step", {"seconds": 10})
    driver.wait_until_running()

    page.get_by_role("button", name="Save state").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Pan", exact=True).click()
    take_screenshot(page, folder, f"page-{name}-error")
    driver.expect_complaints("400")
