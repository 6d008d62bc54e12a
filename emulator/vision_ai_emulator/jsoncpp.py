"""JSON as the vendor's examples show it, which is how the C++ library jsoncpp writes it.

Keys come sorted, floats with 17 significant digits (`0.55000000000000004`), Chinese text as plain UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


def write(value: Json) -> bytes:
    """`value` as compact UTF-8 JSON."""
    return _text(value).encode()


def read(data: bytes) -> Json:
    """The value in `data`, strictly JSON in UTF-8.

    Raises ValueError for anything else: another encoding, a byte order mark, NaN and Infinity, half a
    surrogate pair, something after the value, or nesting without end.
    """
    text = data.decode("utf-8")
    try:
        value: Json = json.loads(text, parse_int=_integer, parse_constant=_refuse_constant)
        if "\\u" in text:
            # Python accepts half a surrogate pair, jsoncpp does not, and it could never be written out again.
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _integer(digits: str) -> int | float:
    # Python refuses to read integers of thousands of digits, which are JSON nevertheless.
    return int(digits) if len(digits) < 1000 else float(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _text(value: Json) -> str:
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = (f"{_text(key)}:{_text(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(_text(each) for each in value) + "]"
    return json.dumps(value)


def _float(value: float) -> str:
    digits = format(value, ".17g")
    return digits if any(mark in digits for mark in ".en") else digits + ".0"
