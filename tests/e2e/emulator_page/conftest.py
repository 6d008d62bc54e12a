from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_support import PageDriver, create_driver
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A new browser profile."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def driver(context: BrowserContext) -> Iterator[PageDriver]:
    """A new emulator with an apple on its pan, and its page, which is not open yet."""
    with create_driver(context) as driver:
        yield driver
