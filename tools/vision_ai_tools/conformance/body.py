"""What an answer's bytes are, read on its own account: an examination must not share the SDK's tolerance."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

JPEG_START = b"\xff\xd8\xff"

# A string, to be passed over, or a comma with nothing behind it (A6).
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)

_PADDING = "\ufeff\0"


@frozen
class Json:
    """JSON, as it was found in a body."""

    value: Any
    charset: str | None
    """"utf-8", "gb18030", "unknown", or None where the bytes are ASCII and tell nothing (A15)."""
    last_commas: bool
    """Whether there are commas behind a last member (A6)."""
    padded: bool
    """Whether there is a byte order mark before it, or zero bytes behind it."""


def read_json(body: bytes) -> Json | None:
    """The JSON in a body; None where there is none."""
    text, charset = _decoded(body)
    bare = text.strip(_PADDING)
    for last_commas, candidate in ((False, bare), (True, _LAST_COMMA.sub(r"\1", bare))):
        try:
            return Json(json.loads(candidate), charset, last_commas, padded=bare != text)
        except (ValueError, RecursionError):
            continue
    return None


def _decoded(body: bytes) -> tuple[str, str | None]:
    if body.isascii():
        return body.decode("ascii"), None
    for charset in ("utf-8", "gb18030"):
        try:
            return body.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace"), "unknown"


def is_jpeg(body: bytes) -> bool:
    return body.startswith(JPEG_START)


def as_text(body: bytes) -> str:
    """Bytes for people: as UTF-8 where they are, else ASCII with \\xNN for all that is not."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("ascii", "backslashreplace")


def shortened(text: str, most: int) -> str:
    """Of a long text its start and its end."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end - 1]}…{text[-end:]}"
