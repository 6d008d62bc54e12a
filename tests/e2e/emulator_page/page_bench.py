"""What the page's tests share: an emulator on sockets of its own, and programs that talk to it besides."""

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
class Bench:
    """A served emulator, and the page that shows it."""

    emulator: Emulator
    server: EmulatorServer
    client: httpx.Client
    page: Page
    opened: bool = False
    foreign: list[str] = field(factory=list[str])
    """Requests of the page that left this machine's own address."""
    complaints: list[str] = field(factory=list[str])
    """What the browser wrote to its console as an error or a warning, and exceptions of the page."""

    def watch(self) -> None:
        """Note what no page may do."""
        # Not the methods as such: Playwright would write attributes of its own into this object.
        self.page.on("request", lambda request: self._note_request(request))
        self.page.on("console", lambda message: self._note_console(message))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def forgive(self, pattern: str) -> None:
        """Expect complaints that match, at least one: the browser reports every refused call."""
        left = [text for text in self.complaints if not re.search(pattern, text)]
        assert left != self.complaints, f"nothing like {pattern!r} among {self.complaints}"
        self.complaints[:] = left

    def open(self, url: str | None = None) -> Page:
        """Show the page, of this emulator or of another, and wait until it is complete."""
        self.page.goto(url or self.server.control_url)
        self.running()
        expect(self.page.locator("#kinds button")).to_have_count(len(Emulator.kinds))
        expect(self.page.locator("#picture")).to_be_visible()
        self.opened = url is None
        return self.page

    def running(self) -> None:
        """Wait until the page says that the module is there."""
        expect(self.page.get_by_text("Running", exact=True)).to_be_visible()

    def post(self, operation: str, json: Any = None) -> httpx.Response:
        """What a till's program does: a call of the module."""
        options = {} if json is None else {"json": json}
        response = self.client.post(f"{self.server.url}/api/{operation}", **options)
        self._come_back()
        return response

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """What a script does: a call of the control interface."""
        response = self.client.request(method, self.server.control_url + path, json=json)
        assert response.status_code == 200, response.text
        self._come_back()
        return response.json()

    def _come_back(self) -> None:
        """As if the person had looked at another window meanwhile: the page then looks at once. It would in a
        second anyway, and over all tests those seconds add up."""
        if self.opened:
            self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def teach(self, **products: str) -> None:
        """Teach `kind=id` for each, and leave the last on the pan."""
        for kind, id in products.items():
            self.control("PUT", "pan", {"kind": kind})
            self.control("POST", "catalogue", {"id": id, "name": kind.capitalize()})

    def guesses(self) -> list[str]:
        """The names that the page shows, best first."""
        return self.page.locator("#guess-list .guess-name").all_inner_texts()


@contextmanager
def bench_in(context: BrowserContext, emulator: Emulator | None = None, **options: Any) -> Iterator[Bench]:
    """A bench of its own; at its end nothing may have gone wrong that the test has not forgiven."""
    emulator = emulator or Emulator()
    context.set_default_timeout(PATIENCE_MS)
    server = EmulatorServer(emulator, "127.0.0.1", 0, **options)
    with server, httpx.Client(trust_env=False) as client:
        bench = Bench(emulator, server, client, context.new_page())
        bench.watch()
        yield bench
        bench.opened = False
        # First: a page whose emulator goes away complains, and rightly.
        bench.page.close()
    assert bench.foreign == []
    assert bench.complaints == []
