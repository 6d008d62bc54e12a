from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_page import ConsolePage, open_console
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile for one test, with the screen of a weighing terminal."""
    context = browser.new_context(
        viewport={"width": 1024, "height": 600}, reduced_motion="reduce", locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def console(context: BrowserContext, tmp_path: Path) -> Iterator[ConsolePage]:
    """A new emulator with an apple on its pan, a console for it, and a tab that has not opened it yet."""
    with open_console(context, tmp_path) as console:
        yield console
