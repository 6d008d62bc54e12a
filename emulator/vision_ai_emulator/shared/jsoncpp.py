"""JSON as the vendor's examples show it, which is how the C++ library jsoncpp writes it.

Keys come sorted, floats with 17 significant digits (`0.55000000000000004`), Chinese text as plain UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


def write(value: Json, *, trailing_commas: bool = False, charset: str = "utf-8") -> bytes:
    """`value` as compact JSON; what a charset does not have becomes a question mark."""
    return _text(value, "," if trailing_commas else "").encode(charset, "replace")


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


def an_object(value: Json) -> Mapping[str, Json]:
    """`value`, which must be an object. This and the next raise ValueError for anything else."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{_shown(value)} is no object")
    return value


def a_list(value: Json) -> Sequence[Json]:
    """`value`, which must be a list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError(f"{_shown(value)} is no list")
    return value


def a_text(value: Json) -> str:
    """`value`, which must be a string."""
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is no string")
    return value


def a_number(value: Json) -> float:
    """`value`, which must be a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{_shown(value)} is no number")
    return float(value)


def an_integer(value: Json) -> int:
    """`value`, which must be a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{_shown(value)} is no whole number")
    return value


def a_truth(value: Json) -> bool:
    """`value`, which must be true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{_shown(value)} is neither true nor false")
    return value


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _text(value: Json, last: str) -> str:
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = (f"{_text(key, last)}:{_text(value[key], last)}" for key in sorted(value))
        return "{" + ",".join(pairs) + (last if value else "") + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(_text(each, last) for each in value) + (last if value else "") + "]"
    return json.dumps(value)


def _float(value: float) -> str:
    digits = format(value, ".17g")
    return digits if any(mark in digits for mark in ".en") else digits + ".0"
