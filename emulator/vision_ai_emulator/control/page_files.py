"""The files of the control page, in the folder `page`, as HTTP responses."""

from __future__ import annotations

import re
from importlib.resources import files

from vision_ai_emulator.http.response import Response, make_response

_CONTENT_TYPES = {
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
# Only files of this server; no other page may frame this one to redirect clicks.
_CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'"
# No path separators.
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.([a-z0-9]+)")


def load_file(name: str) -> Response | None:
    """Return a file of the page; None if there is no such file or its type is unknown."""
    match = _FILE_NAME.fullmatch(name)
    content_type = _CONTENT_TYPES.get(match[2]) if match else None
    path = files("vision_ai_emulator") / "page" / name
    if content_type is None or not path.is_file():
        return None
    response = make_response(path.read_bytes(), content_type).with_header("Cache-Control", "no-cache")
    response = response.with_header("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
    return response.with_header("X-Content-Type-Options", "nosniff")
