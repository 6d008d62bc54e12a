"""The pages of the built documentation site, and a browser tab that notes what a page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request
from shared_axe import find_violations

SITE = Path(__file__).parents[3] / "dist" / "site"
PAGES = (
    "index.html",
    "docs/build-a-till.html",
    "docs/connection.html",
    "docs/compared.html",
    "reference/client.html",
    "reference/error-codes.html",
    "reference/contract-v1.html",
)
"""One page of each kind."""
SMALL_PAGES = ("index.html", "docs/compared.html", "reference/error-codes.html", "reference/contract-v1.html")
"""Those that axe reads in seconds: it measures the contrast of each word of code."""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def serve_site() -> Iterator[str]:
    """Serve the site on a free port, and yield its URL."""
    handler = partial(QuietHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Tab:
    """A browser tab with the site, opened as files or from a server. The browser finds no other server.

    Args:
        context: The browser profile.
        base: The URL of the site.
    """

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.page: Page = context.new_page()
        self.foreign: list[str] = []
        """Requests to anything but the site."""
        self.messages: list[str] = []
        """What the browser's console shows."""
        self.page.on("request", self._note_request)
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("requestfailed", self._note_failure)

    def open(self, address: str) -> Page:
        self.page.goto(f"{self.base}/{address}")
        return self.page

    def set_up(self, width: int, scheme: Any) -> None:
        self.page.set_viewport_size({"width": width, "height": 844})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def expect_silence(self) -> None:
        """Fail if a page asked for anything but the site, or complained."""
        assert (self.foreign, self.messages) == ([], [])

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.foreign.append(request.url)

    def _note_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page was left while it loaded
            self.messages.append(f"{request.url}: {request.failure}")


class LinkReader(HTMLParser):
    """What a page links, what it loads, and the names that it gives to its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.loads.append(values["href"])
        elif "src" in values:
            self.loads.append(values["src"])


def read_links(file: Path) -> LinkReader:
    """Return what a built page links and loads."""
    reader = LinkReader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader


def find_own_violations(page: Page) -> list[str]:
    """Return the findings of axe, without those about what the theme's script adds to each block of code."""
    return [each for each in find_violations(page) if "md-code__nav" not in each]
