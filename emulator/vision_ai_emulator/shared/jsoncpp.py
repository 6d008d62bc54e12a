"""JSON in the form of the vendor's examples, which is the output format of the C++ library jsoncpp.

Keys are sorted, floats have 17 significant digits (`0.55000000000000004`), Chinese text is plain UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn

from vision_ai_emulator.shared.json_values import Json


def write(value: Json, *, trailing_commas: bool = False, charset: str = "utf-8") -> bytes:
    """Encode `value` as compact JSON. A character that the charset lacks becomes a question mark."""
    return _encode(value, "," if trailing_commas else "").encode(charset, "replace")


def read(data: bytes) -> Json:
    """Decode `data`, which must be strict JSON in UTF-8.

    Raises ValueError for anything else: another encoding, a byte order mark, NaN or Infinity, an unpaired
    surrogate, text after the value, or nesting that is too deep.
    """
    text = data.decode("utf-8")
    try:
        value: Json = json.loads(text, parse_int=_parse_integer, parse_constant=_reject_constant)
        if "\\u" in text:
            # Python accepts an unpaired surrogate; jsoncpp does not, and it cannot be encoded again.
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _parse_integer(digits: str) -> int | float:
    # Python refuses to convert thousands of digits, which JSON allows.
    return int(digits) if len(digits) < 1000 else float(digits)


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _encode(value: Json, trailing_comma: str) -> str:
    if isinstance(value, float):
        return _encode_float(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        members = (
            f"{_encode(key, trailing_comma)}:{_encode(value[key], trailing_comma)}" for key in sorted(value)
        )
        return "{" + ",".join(members) + (trailing_comma if value else "") + "}"
    if isinstance(value, Sequence):
        elements = (_encode(each, trailing_comma) for each in value)
        return "[" + ",".join(elements) + (trailing_comma if value else "") + "]"
    return json.dumps(value)


def _encode_float(value: float) -> str:
    digits = format(value, ".17g")
    return digits if any(mark in digits for mark in ".en") else digits + ".0"
