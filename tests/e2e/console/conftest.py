from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_bench import Bench, bench_in
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own for each test, on the screen of a weighing terminal."""
    context = browser.new_context(
        viewport={"width": 1024, "height": 600}, reduced_motion="reduce", locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def bench(context: BrowserContext, tmp_path: Path) -> Iterator[Bench]:
    """A fresh emulator, an apple on its pan, a console for it, and a tab, not opened yet."""
    with bench_in(context, tmp_path) as bench:
        yield bench
