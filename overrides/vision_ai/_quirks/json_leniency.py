"""JSON as this module may send it: with trailing commas (A6), padding, and without a charset (A15, A16)."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
"""A string, to be skipped, or a comma with nothing behind it. A string without an end is skipped too, and nothing
is tried twice: the time stays linear."""
PADDING = "\ufeff\0 \t\r\n"
"""What may stand around JSON without being part of it."""
CHARSETS = ("utf-8", "gb18030")
"""Tried in turn; the second is what Chinese firmware writes when it does not write UTF-8."""
KNOWN_CHARSETS = frozenset(
    {
        *CHARSETS,
        "utf8",
        "gbk",
        "gb2312",
        "big5",
        "us-ascii",
        "iso-8859-1",
        "latin1",
        "utf-16",
        "utf-32",
    }
)
"""Used when a header names one. Python knows more under such names than charsets."""


def parse_json(content: bytes | bytearray, content_type: str) -> Any:
    """Return the value of a JSON text, whatever its header says.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    text = decode_text(content, content_type).strip(PADDING)
    try:
        return _parse(text)
    except json.JSONDecodeError:
        return _parse(TRAILING_COMMA.sub(r"\1", text))


def decode_text(content: bytes | bytearray, content_type: str) -> str:
    """Decode by the header's charset, else as UTF-8, else as GB 18030; bytes that fit none are marked."""
    for charset in (_declared_charset(content_type), *CHARSETS):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", errors="replace")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_parse = json.JSONDecoder(parse_constant=_refuse_constant).decode


@lru_cache(maxsize=16)
def _declared_charset(content_type: str) -> str:
    if "charset" not in content_type.lower():
        return CHARSETS[0]
    from email.message import Message  # seldom needed

    header = Message()
    header["Content-Type"] = content_type
    declared = header.get_content_charset(CHARSETS[0])
    return declared if declared in KNOWN_CHARSETS else CHARSETS[0]
