from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_bench import PATIENCE_MS, Bench, bench_in
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # Whatever it might want from elsewhere, it cannot even find.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests: Playwright's event loop must be gone before other tests use theirs."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Raises, and so fails the tests, where there is no browser.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


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
