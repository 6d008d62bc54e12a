"""The page as such: its token, its security policy, the keyboard, its layout, and how it looks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_bench import Bench, bench_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

SCREENSHOTS = "VISION_AI_SCREENSHOTS"
"""The environment variable with the folder for the screenshots; without it they go to a temporary one."""


def test_the_token_is_asked_for_once(context: BrowserContext) -> None:
    with bench_in(context, token="open sesame") as bench:
        page = bench.page
        page.goto(bench.server.control_url)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("asks for a token")
        page.keyboard.press("Escape")
        dialog.get_by_label("Token").fill("wrong")
        dialog.get_by_label("Token").press("Enter")
        expect(dialog).to_contain_text("That was not it.")
        dialog.get_by_label("Token").fill("open sesame")
        dialog.get_by_role("button", name="Continue").click()
        bench.running()
        expect(dialog).to_be_hidden()
        # The picture comes with the token too.
        expect(page.locator("#picture")).to_be_visible()
        assert (page.locator("#picture").get_attribute("src") or "").startswith("blob:")
        page.get_by_role("button", name="Lemon").click()
        expect(page.get_by_role("button", name="Lemon", pressed=True)).to_be_visible()

        page.reload()
        bench.running()
        expect(dialog).to_be_hidden()
        bench.forgive("401")


def test_the_page_gets_by_with_a_strict_security_policy(bench: Bench) -> None:
    bench.teach(apple="001")
    policy = bench.client.get(bench.server.control_url).headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; img-src 'self' blob:")
    assert "unsafe" not in policy
    page = bench.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert page.evaluate("typeof ran") == "undefined", "the policy is not in force"
    bench.forgive("Content Security Policy")
    expect(page.locator("#guess-list li")).to_have_count(1)
    bar = page.locator("#guess-list .bar span").bounding_box()
    assert bar
    assert bar["width"] > 100
    with page.expect_download():
        page.get_by_role("button", name="Download").click()


def test_everything_can_be_done_with_the_keyboard(bench: Bench) -> None:
    page = bench.open()
    expect(page.locator("#guess-none")).to_contain_text("like nothing that was taught")

    def go_to(name: str) -> None:
        """Tab on until the button of that name has the focus."""
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", f"nobody sees that {name} has the focus"
                return
        raise AssertionError(f"the Tab key never comes to {name}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the pan"
    page.keyboard.press("Enter")
    go_to("Banana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Banana", pressed=True)).to_be_focused()
    go_to("Add the fault")
    page.keyboard.press("Enter")
    expect(page.locator("#faults-list li")).to_have_count(1)
    expect(page.get_by_role("button", name="Add the fault")).to_be_focused()
    page.get_by_role("button", name="Remove all").focus()
    go_to("Remove")
    page.keyboard.press("Enter")
    expect(page.locator("#faults-list li")).to_have_count(0)
    expect(page.locator("#fault-form [name=kind]")).to_be_focused()
    go_to("Teach")
    page.keyboard.press("Space")
    expect(page.locator("#products tr")).to_have_count(1)
    # Into the radio buttons and along them.
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "timed":
            break
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("At once")).to_be_checked()
    expect(page.get_by_label("At once")).to_be_focused()
    go_to("Reset…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Reset…")).to_be_focused()
    bench.post("set_learnmode", {"mode": 1})
    expect(page.locator("#log li")).to_have_count(1)
    entry = page.locator("#log button").first
    entry.focus()
    page.keyboard.press("Enter")
    expect(entry).to_have_attribute("aria-expanded", "true")


def test_what_can_be_used_has_a_name(bench: Bench) -> None:
    page = bench.open()
    page.locator("summary").evaluate_all("all => all.forEach(one => (one.parentElement.open = true))")
    nameless = page.locator("button, input, select, a").evaluate_all(
        """all => all.filter(one => !one.textContent.trim() && !one.labels?.length
            && !one.getAttribute("aria-label")).map(one => one.outerHTML)"""
    )
    assert nameless == []


def test_nothing_sticks_out(bench: Bench) -> None:
    bench.teach(apple="001")
    bench.post("get_registered_item_list")
    page = bench.open()
    expect(page.locator("#guess-list li")).to_have_count(1)
    for width in (360, 390, 768, 1024, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_one_screen_shows_what_matters(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    expect(page.locator("#guess-list li")).to_have_count(1)
    for part in ("#picture", "#guess-list li", "#kinds", "#clear-pan", "#teach", "#requests"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, part


def test_nothing_jumps(bench: Bench) -> None:
    page = bench.open()
    expect(page.locator("#guess-none")).to_be_visible()

    def places() -> dict[str, float]:
        return page.locator("h2").evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.id, one.getBoundingClientRect().top]))"
        )

    before = places()
    bench.teach(apple="001", pear="002", lemon="003")
    bench.post("start_backup")
    expect(page.locator("#products tr")).to_have_count(3)
    expect(page.locator("[data-job=backup] .badge")).to_have_text("3")
    page.get_by_role("button", name="Unplug the camera").click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_visible()
    assert places() == before


# How it looks, for people to judge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = Path(os.environ.get(SCREENSHOTS) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(params=["light", "dark", "narrow"])
def view(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Bench]]:
    """A bench with something to see, on screens of three kinds."""
    narrow = request.param == "narrow"
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if narrow else {"width": 1440, "height": 900},
        color_scheme="dark" if request.param == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=2 if narrow else 1,
    )
    with bench_in(context) as bench:
        bench.teach(banana="002", lemon="003", pear="004", orange="005", tomato="006", apple="001")
        bench.emulator.put("apple")
        for operation in ("get_device_info", "get_image", "get_item_list", "get_result"):
            bench.post(operation)
        bench.open()
        expect(bench.page.locator("#log li")).to_have_count(4)
        expect(bench.page.locator("#guess-list li").first).to_be_visible()
        yield request.param, bench
    context.close()


def take(page: Page, folder: Path, name: str) -> None:
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_screenshots(view: tuple[str, Bench], folder: Path) -> None:
    name, bench = view
    page = bench.page
    take(page, folder, f"page-{name}")

    bench.control(
        "POST", "faults", {"kind": "error_code", "operation": "get_result", "code": -6209, "times": 3}
    )
    bench.control("POST", "faults", {"kind": "slow_first_byte", "seconds": 0.1, "times": None})
    bench.control("PUT", "dialect", {"restore_path": "restore"})
    bench.post("get_result")
    bench.post("register_item", {"id": "001", "name": "Apple"})
    expect(page.locator("#faults-list")).to_contain_text("2 taken")
    page.get_by_role("link", name="Faults").click()
    if name != "narrow":  # where the log is on another screen
        page.locator("#log button").first.click()
    take(page, folder, f"page-{name}-faults")

    bench.control("DELETE", "faults")
    page.get_by_role("link", name="Pan", exact=True).click()
    bench.control("PUT", "clock", {"mode": "frozen"})
    bench.control("POST", "reboot")
    expect(page.get_by_text("The module is gone", exact=True)).to_be_visible()
    take(page, folder, f"page-{name}-restart")
    bench.control("POST", "clock/step", {"seconds": 10})
    bench.running()

    page.get_by_role("button", name="Save state").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Pan", exact=True).click()
    take(page, folder, f"page-{name}-error")
    bench.forgive("400")
