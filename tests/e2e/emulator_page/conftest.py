from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_bench import Bench, bench_in
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own for each test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def bench(context: BrowserContext) -> Iterator[Bench]:
    """A fresh emulator, an apple on its pan, and the page, not opened yet."""
    with bench_in(context) as bench:
        yield bench
