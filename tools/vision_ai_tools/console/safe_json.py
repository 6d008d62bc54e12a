"""JSON for the page and from it. What the console sends is always valid JSON of valid Unicode.

Texts of the module and file names can contain what JSON for a browser cannot: lone surrogates, numbers that are
not finite, nesting without end. One of them must not take the whole state from the page.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, cast

from starlette.responses import JSONResponse

MAX_DEPTH = 32
"""Levels of lists and objects. The page needs fewer than ten."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_ESCAPED_BYTE, _LAST_ESCAPED_BYTE = 0xDC80, 0xDCFF
"""How Python represents the bytes of a file name that is not UTF-8."""


def make_safe_text(text: str) -> str:
    r"""Escape the bytes of a file name that are not UTF-8 as `\xNN`, and replace other lone surrogates."""
    return _SURROGATE.sub(_replace_surrogate, text)


def encode_json(value: object) -> str:
    """Encode a value that may contain anything."""
    return json.dumps(_make_safe(value), ensure_ascii=False, allow_nan=False)


class SafeJSONResponse(JSONResponse):
    """A response with a value that may contain anything."""

    def render(self, content: Any) -> bytes:
        return encode_json(content).encode()


def decode_object(data: str | bytes) -> dict[str, Any] | None:
    """Decode a JSON object of the page; None for anything else, and for one that is nested too deeply."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or _is_deep(cast("dict[str, Any]", value)):
        return None
    return cast("dict[str, Any]", value)


def _replace_surrogate(match: re.Match[str]) -> str:
    code = ord(match[0])
    if _FIRST_ESCAPED_BYTE <= code <= _LAST_ESCAPED_BYTE:
        return f"\\x{code - 0xDC00:02x}"
    return "\ufffd"


def _make_safe(value: object, depth: int = 0) -> object:
    if isinstance(value, str):
        return make_safe_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping | list | tuple) and depth == MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return {make_safe_text(str(name)): _make_safe(each, depth + 1) for name, each in fields.items()}
    if isinstance(value, list | tuple):
        return [_make_safe(each, depth + 1) for each in cast("list[object]", value)]
    return value


def _is_deep(value: dict[str, Any]) -> bool:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        values = [
            each
            for one in level
            for each in cast("list[Any]", one.values() if isinstance(one, dict) else one)
        ]
        level = [each for each in values if isinstance(each, dict | list)]
    return bool(level)
