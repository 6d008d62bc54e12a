from __future__ import annotations

from collections.abc import Iterator

import pytest
from fleet_page import FleetTab, open_fleet_page
from playwright.sync_api import Browser, BrowserContext
from shared_fleet_page import GeneratedFleet


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile for one test, with the screen of a desk."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def fleet() -> GeneratedFleet:
    """12 stores with 20 scales each."""
    return GeneratedFleet(stores=12, scales=20)


@pytest.fixture
def tab(context: BrowserContext, fleet: GeneratedFleet) -> Iterator[FleetTab]:
    """The page of a generated fleet, and a tab that has not opened it yet."""
    with open_fleet_page(context, fleet) as tab:
        yield tab
