"""Shared by the page's tests: a served emulator, the page in a browser, and calls beside the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from attrs import define, field
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from shared_browser import PATIENCE_MS

from vision_ai_emulator import Emulator
from vision_ai_emulator.serving.server import EmulatorServer


@define
class PageDriver:
    """A served emulator and its page in a browser."""

    emulator: Emulator
    server: EmulatorServer
    client: httpx.Client
    page: Page
    opened: bool = False
    foreign: list[str] = field(factory=list[str])
    """Requests of the page to other hosts."""
    complaints: list[str] = field(factory=list[str])
    """Errors and warnings in the browser's console, and exceptions of the page."""

    def observe(self) -> None:
        """Record what the page must not do."""
        # Lambdas, because Playwright would set attributes on this object for bound methods.
        self.page.on("request", lambda request: self._record_request(request))
        self.page.on("console", lambda message: self._record_console(message))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _record_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _record_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def expect_complaints(self, pattern: str) -> None:
        """Require and accept complaints that match: the browser reports every failed call."""
        others = [text for text in self.complaints if not re.search(pattern, text)]
        assert others != self.complaints, f"nothing like {pattern!r} among {self.complaints}"
        self.complaints[:] = others

    def open(self, url: str | None = None) -> Page:
        """Open the page of this emulator or of another URL, and wait until it is complete."""
        self.page.goto(url or self.server.control_url)
        self.wait_until_running()
        expect(self.page.locator("#kinds button")).to_have_count(len(Emulator.kinds))
        expect(self.page.locator("#picture")).to_be_visible()
        self.opened = url is None
        return self.page

    def wait_until_running(self) -> None:
        """Wait until the page shows that the module is running."""
        expect(self.page.get_by_text("Running", exact=True)).to_be_visible()

    def post(self, operation: str, json: Any = None) -> httpx.Response:
        """Call the module, like a till program."""
        return self._call("POST", operation, json)

    def get(self, operation: str) -> httpx.Response:
        """Read from a V2 module."""
        return self._call("GET", operation)

    def _call(self, method: str, operation: str, json: Any = None) -> httpx.Response:
        options = {} if json is None else {"json": json}
        response = self.client.request(method, f"{self.server.url}/api/{operation}", **options)
        self._make_page_poll()
        return response

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Call the control interface, like a script."""
        response = self.client.request(method, self.server.control_url + path, json=json)
        assert response.status_code == 200, response.text
        self._make_page_poll()
        return response.json()

    def _make_page_poll(self) -> None:
        """Make the page poll at once, as after a change of tabs, to save the test up to a second."""
        if self.opened:
            self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def teach(self, **products: str) -> None:
        """Teach products, given as `kind=id`; the last one stays on the pan."""
        for kind, id in products.items():
            self.control("PUT", "pan", {"kind": kind})
            self.control("POST", "catalog", {"id": id, "name": kind.capitalize()})

    def read_guesses(self) -> list[str]:
        """Return the names of the guesses on the page, best first."""
        return self.page.locator("#guess-list .guess-name").all_inner_texts()


@contextmanager
def create_driver(
    context: BrowserContext, emulator: Emulator | None = None, **options: Any
) -> Iterator[PageDriver]:
    """Yield a driver. At the end the page must have made no foreign requests and no unexpected complaints."""
    emulator = emulator or Emulator()
    context.set_default_timeout(PATIENCE_MS)
    server = EmulatorServer(emulator, "127.0.0.1", 0, **options)
    with server, httpx.Client(trust_env=False) as client:
        driver = PageDriver(emulator, server, client, context.new_page())
        driver.observe()
        yield driver
        driver.opened = False
        # Before the server stops: the page would complain about the lost emulator.
        driver.page.close()
    assert driver.foreign == []
    assert driver.complaints == []
