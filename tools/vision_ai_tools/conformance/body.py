"""Read a response's bytes independently of the SDK: a check must not share the SDK's tolerance."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

JPEG_START = b"\xff\xd8\xff"

# A string, to be skipped, or a comma with nothing after it (A6).
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)

_PADDING = "\ufeff\0"


@frozen
class ParsedJson:
    """The JSON in a body, and how it is written."""

    value: Any
    charset: str | None
    """"utf-8", "gb18030", "unknown", or None where all bytes are ASCII (A15)."""
    trailing_commas: bool
    """Whether a comma follows a last member (A6)."""
    padded: bool
    """Whether a byte order mark precedes it, or zero bytes follow it."""
    control_characters: bool = False
    """Whether a string contains them without an escape."""
    constants: tuple[str, ...] = ()
    """`NaN` and `Infinity`, which JSON does not have."""


def parse_json(body: bytes) -> ParsedJson | None:
    """Return the JSON in a body; None where there is none."""
    text, charset = _decode(body)
    bare = text.strip(_PADDING)
    # From exact JSON to what can only just be read.
    candidates = [(bare, False)]
    if bare.lstrip().startswith(("{", "[")):  # no picture, for example
        candidates.append((_TRAILING_COMMA.sub(r"\1", bare), True))
    for candidate, trailing_commas in candidates:
        for exact in (True, False):
            constants: list[str] = []
            try:
                value = json.loads(candidate, strict=exact, parse_constant=constants.append)
            except (ValueError, RecursionError):
                continue
            return ParsedJson(
                value, charset, trailing_commas, bare != text, not exact, tuple(dict.fromkeys(constants))
            )
    return None


def _decode(body: bytes) -> tuple[str, str | None]:
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


def to_text(body: bytes) -> str:
    """Make bytes readable: UTF-8 as it is, anything else as ASCII with \\xNN for each other byte."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("ascii", "backslashreplace")


def shorten(text: str, limit: int) -> str:
    """Return the start and the end of a long text."""
    if len(text) <= limit:
        return text
    end = limit // 4
    return f"{text[: limit - end - 1]}…{text[-end:]}"
