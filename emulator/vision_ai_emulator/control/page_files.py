"""The page that people see: the files in the folder `page`, as HTTP answers."""

from __future__ import annotations

import re
from importlib.resources import files

from vision_ai_emulator.http.response import Answer, plain

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
}
# Its own files only; and nobody may frame the page and let people press its buttons unawares.
_POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'"
# Nothing that could mean another folder.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.([a-z0-9]+)")


def file(name: str) -> Answer | None:
    """A file of the page; None where there is none of that name, or of no type that a page has."""
    match = _PLAIN_NAME.fullmatch(name)
    content_type = _TYPES.get(match[2]) if match else None
    path = files("vision_ai_emulator") / "page" / name
    if content_type is None or not path.is_file():
        return None
    answer = plain(path.read_bytes(), content_type).with_header("Cache-Control", "no-cache")
    answer = answer.with_header("Content-Security-Policy", _POLICY)
    return answer.with_header("X-Content-Type-Options", "nosniff")
