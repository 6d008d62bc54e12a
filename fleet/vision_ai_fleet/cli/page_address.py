"""Where the center's web page is, in a file of its folder: other commands lead scales to it."""

from __future__ import annotations

from pathlib import Path

FILE = "page.url"


def read_page_url(folder: Path) -> str | None:
    """Return the URL of the page; None while it does not run."""
    try:
        return (folder / FILE).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def write_page_url(folder: Path, url: str) -> None:
    """Keep the URL, without tokens, while the page runs."""
    (folder / FILE).write_text(f"{url}\n", encoding="utf-8")


def remove_page_url(folder: Path) -> None:
    """Forget the URL: the page ended."""
    (folder / FILE).unlink(missing_ok=True)
