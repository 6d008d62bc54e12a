"""Where the center's web page is, in a file of its folder: other commands lead scales to it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

FILE = "page.url"


def read_page_url(folder: Path) -> str | None:
    """Return the URL of the page; None while it does not run."""
    try:
        return (folder / FILE).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


@contextmanager
def publish_page_url(folder: Path, url: str) -> Generator[None]:
    """Keep the URL, without tokens, in the folder while the page runs."""
    (folder / FILE).write_text(f"{url}\n", encoding="utf-8")
    try:
        yield
    finally:
        (folder / FILE).unlink(missing_ok=True)
