"""Debian's Chromium, for the tests that need a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ElementHandle, Page, expect, sync_playwright

# The pages look about once a second; a loaded machine takes its time.
PATIENCE_MS = 20_000

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
]


@contextmanager
def chromium(*hosts: str) -> Iterator[Browser]:
    """A browser for a while. Whatever it might want from elsewhere than these hosts, it cannot even find."""
    rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)])
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Raises, and so fails the tests, where there is no browser.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, f"--host-resolver-rules={rules}"]
        )
        yield browser
        browser.close()


def wait_until(page: Page, condition: str, element: ElementHandle | None = None) -> None:
    """Wait for a condition in JavaScript. Playwright's own `wait_for_function` needs eval(), which the pages forbid."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(condition, element):
        assert time.monotonic() < give_up, condition
        page.wait_for_timeout(20)
