"""What the console's tests share: an emulated module on a socket, a console for it, and a browser's tab."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from shared_browser import PATIENCE_MS

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai_emulator import Emulator
from vision_ai_emulator.serving.server import EmulatorServer
from vision_ai_tools.console.server import ConsoleServer
from vision_ai_tools.console.shelf import Shelf

VIEWS = ("recognise", "area", "teach", "backup", "device")


@contextmanager
def console_for(module_url: str, folder: Path, port: int = 0, **options: Any) -> Iterator[ConsoleServer]:
    """A console that serves from a thread of its own."""
    server = ConsoleServer(AsyncVisionAI(module_url), module_url, "127.0.0.1", port, Shelf(folder), **options)
    thread = threading.Thread(target=server.run, name="console")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


@define
class Bench:
    """A served emulator, a console, and one tab."""

    emulator: Emulator
    module: VisionAI
    """What a till does meanwhile."""
    server: EmulatorServer
    console: ConsoleServer
    folder: Path
    context: BrowserContext
    page: Page
    foreign: list[str] = field(factory=list[str])
    """Requests that did not go to the console."""
    complaints: list[str] = field(factory=list[str])
    """What the browser wrote to its console as an error or a warning, and exceptions of the page."""

    def watch(self, page: Page) -> Page:
        """Note what no page may do."""
        # Not the methods as such: Playwright would write attributes of its own into this object.
        page.on("request", lambda request: self._note_request(request))
        page.on("websocket", lambda socket: self._note_url(socket.url))
        page.on("console", lambda message: self._note_console(message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note_request(self, request: Request) -> None:
        self._note_url(request.url)

    def _note_url(self, url: str) -> None:
        own = urlsplit(self.console.url).netloc
        if not url.startswith((f"http://{own}/", f"ws://{own}/", f"blob:http://{own}/")):
            self.foreign.append(url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def forgive(self, pattern: str) -> None:
        """Expect complaints that match, at least one."""
        left = [text for text in self.complaints if not re.search(pattern, text)]
        assert left != self.complaints, f"nothing like {pattern!r} among {self.complaints}"
        self.complaints[:] = left

    def open(self, view: str = "recognise") -> Page:
        """Show the page and wait until the module is there."""
        self.page.goto(f"{self.console.url}#{view}")
        expect(self.page.locator("#state")).to_have_text("Connected · 12345678")
        return self.page

    def go(self, view: str) -> None:
        """Another view, by the navigation; it is shown a moment after the click."""
        self.page.locator(f"nav a[href='#{view}']").click()
        expect(self.page.locator("body")).to_have_attribute("data-view", view)

    def button(self, name: str) -> Locator:
        """The button of exactly that name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def ready(self, name: str) -> None:
        """Wait until that button has had its rest after a press."""
        expect(self.button(name)).to_be_enabled()

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something that the page does not show."""
        for _ in range(PATIENCE_MS // 50):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"it never came: {what}")

    def told(self, text: str) -> None:
        """Wait until a notice says that."""
        expect(self.page.locator("#notices")).to_contain_text(text)

    def teach(self, **products: str) -> None:
        """Teach the module `kind=id` for each, and leave the last on the pan."""
        for kind, id in products.items():
            self.emulator.put(kind)
            self.module.learn(id=id, name=kind.capitalize(), pictures=1)

    def bodies(self, operation: str) -> list[dict[str, Any]]:
        """What was sent to the module with all calls of an operation."""
        return [json.loads(each.body or "{}") for each in self.emulator.log if each.operation == operation]

    def area(self) -> tuple[int, int, int, int]:
        """The calibration area as the module has it: left, top, width, height."""
        area = self.module.get_calib()
        return area.left, area.top, area.width, area.height


@contextmanager
def bench_in(context: BrowserContext, tmp_path: Path, **console_options: Any) -> Iterator[Bench]:
    """A bench of its own; at its end nothing may have gone wrong that the test has not forgiven."""
    emulator = Emulator(reboot_seconds=0.5)
    context.set_default_timeout(PATIENCE_MS)
    folder = tmp_path / "backups"
    with (
        EmulatorServer(emulator, "127.0.0.1", 0) as server,
        VisionAI(server.url) as module,
        console_for(server.url, folder, **console_options) as console,
    ):
        bench = Bench(emulator, module, server, console, folder, context, context.new_page())
        bench.watch(bench.page)
        yield bench
        # First: a page whose console goes away complains, and rightly.
        for page in context.pages:
            page.close()
    assert bench.foreign == []
    assert bench.complaints == []
