"""What the tests of the console share: an emulated module, a console for it, and a browser tab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from shared_browser import PATIENCE_MS
from shared_console import serve_console

from vision_ai import VisionAI
from vision_ai_emulator import Emulator, Fault
from vision_ai_emulator.serving.server import EmulatorServer
from vision_ai_tools.console.server import ConsoleServer

VIEWS = ("recognize", "area", "teach", "quality", "backup", "device")
CONNECTED = "Connected · 12345678"


@define
class ConsolePage:
    """A served emulator, a console, and one tab."""

    emulator: Emulator
    emulator_server: EmulatorServer
    module: VisionAI
    """Another client of the module, like a till."""
    server: ConsoleServer
    folder: Path
    """The folder with backups."""
    context: BrowserContext
    page: Page
    foreign_urls: list[str] = field(factory=list[str])
    """Requests that were not sent to the console."""
    complaints: list[str] = field(factory=list[str])
    """Errors and warnings in the browser's console, and uncaught exceptions of the page."""

    def watch(self, page: Page) -> Page:
        """Record what no page may do."""
        # Lambdas, because Playwright adds attributes to the callable that it gets.
        page.on("request", lambda request: self._record_request(request))
        page.on("websocket", lambda socket: self._record_url(socket.url))
        page.on("console", lambda message: self._record_message(message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _record_request(self, request: Request) -> None:
        self._record_url(request.url)

    def _record_url(self, url: str) -> None:
        own = urlsplit(self.server.url).netloc
        if not url.startswith((f"http://{own}/", f"ws://{own}/", f"blob:http://{own}/")):
            self.foreign_urls.append(url)

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def expect_complaint(self, pattern: str) -> None:
        """Remove the complaints that match; there must be at least one."""
        others = [text for text in self.complaints if not re.search(pattern, text)]
        assert others != self.complaints, f"nothing like {pattern!r} among {self.complaints}"
        self.complaints[:] = others

    def open(self, view: str = "recognize") -> Page:
        """Open the page and wait until the module is connected."""
        self.page.goto(f"{self.server.url}#{view}")
        expect(self.page.locator("#state")).to_have_text(CONNECTED)
        return self.page

    def open_tab(self, view: str = "recognize", context: BrowserContext | None = None) -> Page:
        """Open the page in another tab, of another browser profile where one is given."""
        page = self.watch((context or self.context).new_page())
        page.goto(f"{self.server.url}#{view}")
        return page

    def show_view(self, view: str) -> None:
        """Switch to a view with the navigation."""
        self.page.locator(f"nav a[href='#{view}']").click()
        expect(self.page.locator("body")).to_have_attribute("data-view", view)

    def set_language(self, language: str) -> None:
        """Select the page's language: "en", "ru" or "zh"."""
        self.page.locator("#language").select_option(language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def restart_module(self) -> None:
        """Restart the module, with the page's confirmation."""
        self.button("Restart the module…").click()
        self.button("Restart now").click()

    def unplug(self) -> Callable[[], None]:
        """Make the module unreachable, until the function is called that this returns."""
        fault = self.emulator.faults.add(Fault("refuse", times=None))
        return lambda: self.emulator.faults.remove(fault.id)

    def button(self, name: str) -> Locator:
        """The button with exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def wait_until_enabled(self, name: str) -> None:
        """Wait until the button can be pressed again."""
        expect(self.button(name)).to_be_enabled()

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something that the page does not show."""
        for _ in range(PATIENCE_MS // 50):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"this did not happen: {what}")

    def expect_notice(self, text: str) -> None:
        expect(self.page.locator("#notices")).to_contain_text(text)

    def teach(self, **products: str) -> None:
        """Teach the module `kind=id` for each, and leave the last one on the pan."""
        for kind, id in products.items():
            self.emulator.put(kind)
            self.module.learn(id=id, name=kind.capitalize(), pictures=1)

    def request_bodies(self, operation: str) -> list[dict[str, Any]]:
        """The bodies of all requests for an operation."""
        return [json.loads(each.body or "{}") for each in self.emulator.log if each.operation == operation]

    def read_area(self) -> tuple[int, int, int, int]:
        """The module's calibration area: left, top, width, height."""
        area = self.module.get_calib()
        return area.left, area.top, area.width, area.height


@contextmanager
def open_console(context: BrowserContext, tmp_path: Path, **options: Any) -> Iterator[ConsolePage]:
    """Serve an emulator and a console. At the end, check that the page did nothing that it must not do."""
    emulator = Emulator(reboot_seconds=0.5, backup_seconds=0, restore_seconds=0)
    context.set_default_timeout(PATIENCE_MS)
    folder = tmp_path / "backups"
    with (
        EmulatorServer(emulator, "127.0.0.1", 0) as emulator_server,
        VisionAI(emulator_server.url) as module,
        serve_console(emulator_server.url, folder, **options) as server,
    ):
        page = context.new_page()
        console = ConsolePage(emulator, emulator_server, module, server, folder, context, page)
        console.watch(page)
        yield console
        # Close the pages first: they complain when their console stops.
        for page in context.pages:
            page.close()
    assert console.foreign_urls == []
    assert console.complaints == []
