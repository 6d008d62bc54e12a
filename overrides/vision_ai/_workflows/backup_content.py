"""What cannot be a whole backup. The vendor does not describe the format, so only what is plainly something else."""

from __future__ import annotations

import json
import re
from io import SEEK_END
from typing import IO

from .._transports.left_out import LEFT_OUT

EMPTY = "it is empty"
BEGINNING = 1024
"""Bytes by which a kind of file is recognized."""
LONGEST_TEXT = 4096
"""Bytes; a longer file of text or JSON may be a format of a firmware that nobody has seen."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"HTTP/1.", "an HTTP response"),
)
_IS_MARKUP = re.compile(
    rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|h1|title|\?xml|!--)", re.IGNORECASE
).match
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]").search


def describe_wrong_content(start: bytes, size: int) -> str | None:
    """Return why a file cannot be a whole backup; None where it may be one.

    Args:
        start: Its beginning: all of it, or at least `LONGEST_TEXT` bytes.
        size: Its length in bytes.
    """
    if size == 0:
        return EMPTY
    for signature, kind in SIGNATURES:
        if start.startswith(signature):
            return f"it is {kind}"
    if _IS_MARKUP(start[:BEGINNING]):
        return "it is an HTML or XML page"
    if size > LONGEST_TEXT:
        return None
    text = _decode(start[:size])
    if text is None or text.startswith(LEFT_OUT):
        return None
    try:
        json.loads(text.strip("\ufeff \0\t\r\n"))
    except (ValueError, RecursionError):
        return None if _CONTROL(text) else "it is a short text"
    return "it is a short JSON document"


def describe_wrong_file(file: IO[bytes], start: int) -> str | None:
    """Return why an open file cannot be a whole backup from a position on; leave it at that position."""
    size = file.seek(0, SEEK_END) - start
    file.seek(start)
    try:
        return describe_wrong_content(file.read(LONGEST_TEXT), size)
    finally:
        file.seek(start)


def _decode(data: bytes) -> str | None:
    """Return a text in UTF-8; None for other bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
