"""What the tests of the fleet's page share: a generated fleet, its page, and a browser tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect
from shared_browser import PATIENCE_MS
from shared_fleet_page import NOW, GeneratedFleet, serve_fleet_page

from vision_ai_fleet.page.server import PageAddress, PageSettings

VIEWS = {
    "overview": "#versions tbody tr",
    "scales": "#scale-rows tr",
    "scales?where=online%3Dtrue&where=module!%3Dready": "#filters li",
    "stores": "#store-rows li",
    "scale/0001/01": "#scale-device > div",
    "jobs": "#job-rows > li",
    "job/learn-mode-0412": "#executions li",
    "backups": "#backup-rows li",
    "quality": "#quality-places tr",
    "alerts": "#alert-rows li",
}
"""Views, and what each of them shows when it is complete."""
LANGUAGES = ("en", "ru", "zh")


@dataclass
class FleetTab:
    """A served page, and one tab."""

    fleet: GeneratedFleet
    address: PageAddress
    call: Callable[[Callable[[], None]], None]
    """Run a function in the page's event loop, for changes of the fleet."""
    page: Page
    foreign_urls: list[str] = field(default_factory=list[str])
    """Requests that were not sent to the page."""
    complaints: list[str] = field(default_factory=list[str])
    """Errors and warnings in the browser's console, and uncaught exceptions of the page."""

    def watch(self, page: Page) -> Page:
        """Record what no page may do."""
        page.on("request", lambda request: self._record_url(request.url))
        page.on("websocket", lambda socket: self._record_url(socket.url))
        page.on("console", lambda message: self._record_message(message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _record_url(self, url: str) -> None:
        own = self.address.base.partition("://")[2]
        if not re.match(rf"(blob:)?(https?|wss?)://{re.escape(own)}", url):
            self.foreign_urls.append(url)

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def expect_complaint(self, pattern: str) -> None:
        """Remove the complaints that match; there must be at least one."""
        others = [text for text in self.complaints if not re.search(pattern, text)]
        assert others != self.complaints, f"nothing like {pattern!r} among {self.complaints}"
        self.complaints[:] = others

    def open(self, view: str = "overview", url: str | None = None) -> Page:
        """Open the page and wait until the center is connected."""
        self.page.goto(f"{url or self.address.base}#{view}")
        expect(self.page.locator("#state")).to_have_attribute("data-state", "connected")
        return self.page

    def show(self, view: str) -> None:
        """Show a view, and wait until it is complete."""
        self.page.evaluate("hash => { location.hash = hash; }", f"#{view}")
        expect(self.page.locator(VIEWS[view]).first).to_be_visible()

    def set_language(self, language: str) -> None:
        """Select the page's language: "en", "ru" or "zh"."""
        self.page.locator("#language").select_option(language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def set_scheme(self, scheme: str) -> None:
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def button(self, name: str) -> Locator:
        """The button with exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def list_scales(self) -> list[str]:
        """The names of the scales in the list."""
        return self.page.locator("#scale-rows th a").all_text_contents()


@contextmanager
def open_fleet_page(
    context: BrowserContext, fleet: GeneratedFleet, settings: PageSettings | None = None, **options: Any
) -> Iterator[FleetTab]:
    """Serve a page. At the end, check that it did nothing that it must not do."""
    context.set_default_timeout(PATIENCE_MS)
    with serve_fleet_page(fleet, settings, **options) as (address, call):
        page = context.new_page()
        page.clock.set_fixed_time(NOW + 100)
        tab = FleetTab(fleet, address, call, page)
        tab.watch(page)
        yield tab
        # Close the pages first: they complain when their center stops.
        for each in context.pages:
            each.close()
    assert not tab.foreign_urls, tab.foreign_urls
    assert not tab.complaints, tab.complaints
