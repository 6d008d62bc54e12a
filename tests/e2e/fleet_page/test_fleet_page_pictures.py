"""Screenshots for the documentation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_page import FleetTab, open_fleet_page
from playwright.sync_api import BrowserContext, expect
from shared_fleet_page import GeneratedFleet

WRITE = "VISION_AI_PICTURES"
DOCS = Path(__file__).parents[3] / "docs" / "pictures"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder for screenshots: that of the documentation only if a variable says so."""
    if not os.environ.get(WRITE):
        return tmp_path
    DOCS.mkdir(parents=True, exist_ok=True)
    return DOCS


@pytest.fixture
def chain(context: BrowserContext) -> Iterator[FleetTab]:
    """A whole chain where the pictures are for the documentation."""
    with open_fleet_page(context, GeneratedFleet(500 if os.environ.get(WRITE) else 45, 60)) as tab:
        yield tab


def take_screenshot(tab: FleetTab, folder: Path, name: str) -> None:
    file = folder / f"fleet-{name}.png"
    tab.page.mouse.move(0, 0)
    tab.page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_screenshots_of_the_fleet(chain: FleetTab, pictures: Path) -> None:
    page = chain.page
    page.set_viewport_size({"width": 1280, "height": 800})
    chain.open()
    expect(page.locator("#versions tbody tr").first).to_be_visible()
    take_screenshot(chain, pictures, "overview")
    for view, name in {"job/learn-mode-0412": "job", "quality": "quality"}.items():
        chain.show(view)
        take_screenshot(chain, pictures, name)
    page.evaluate("location.hash = '#scales?where=store%3D0042&sort=status'")
    expect(page.locator("#list-title")).to_have_text("Scales: 60")
    take_screenshot(chain, pictures, "scales")
    page.locator("#start").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    take_screenshot(chain, pictures, "start")
    page.keyboard.press("Escape")
    page.emulate_media(color_scheme="dark")
    chain.set_language("zh")
    chain.show("overview")
    take_screenshot(chain, pictures, "chinese-dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light")
    chain.set_language("en")
    take_screenshot(chain, pictures, "phone")
