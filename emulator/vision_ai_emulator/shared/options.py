"""Named options as text (in a URL or on the command line) or as JSON, parsed according to their types."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from attrs import Attribute

from vision_ai_emulator.shared.json_values import Json

_Number = TypeVar("_Number", int, float)
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**63 - 1


def one_of(*values: object) -> Callable[[object, Attribute[Any], object], None]:
    """Return an attrs validator that accepts only `values`."""

    def validate(instance: object, attribute: Attribute[Any], value: object) -> None:
        if value not in values:
            raise ValueError(f"{attribute.name!r} is one of {', '.join(map(str, values))}, not {value!r}")

    return validate


def parse_text(name: str, text: str, type: object) -> Any:
    """Parse the text of the option `name`. Raises ValueError if it is not a value of `type`."""
    if get_origin(type) is Literal:
        if text not in get_args(type):
            raise ValueError(f"the option {name!r} is one of {', '.join(get_args(type))}, not {text!r}")
        return text
    if type is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError(f"the option {name!r} is true or false, not {text!r}")
        return text.lower() in ("true", "1")
    if type is int:
        return _parse_number(name, text, int)
    if type is float:
        return _parse_number(name, text, float)
    return text


def parse_json(values: Mapping[str, Json], types: Mapping[str, object], owner: str) -> dict[str, Any]:
    """Check the options of `owner`. Raises ValueError for an unknown name or a value of another type."""
    return {name: _check(name, value, find_type(name, types, owner)) for name, value in values.items()}


def find_type(name: str, types: Mapping[str, object], owner: str) -> object:
    """Return the type of an option. Raises ValueError, with the known names, if `owner` does not have it."""
    if name not in types:
        raise ValueError(f"{owner} has no option {name!r}: it is one of {', '.join(sorted(types))}")
    return types[name]


def _parse_number(name: str, text: str, type: Callable[[str], _Number]) -> _Number:
    try:
        value = type(text)
    except ValueError:
        raise ValueError(f"the option {name!r} is a number, not {text!r}") from None
    if isinstance(value, int):
        check_integer(name, value)
    elif not math.isfinite(value):
        raise ValueError(f"the option {name!r} is a finite number, not {text!r}")
    return value


def check_integer(name: str, value: int) -> int:
    """Return an integer that computers and JSON can handle everywhere: one of 64 bits. Else raise ValueError."""
    if not _MIN_INTEGER <= value <= _MAX_INTEGER:
        raise ValueError(f"{name!r} is an integer of 64 bits: {_MIN_INTEGER} to {_MAX_INTEGER}")
    return value


def _check(name: str, value: Json, type: object) -> Any:
    for accepted in _alternatives(type):
        if accepted is NoneType and value is None:
            return value
        if accepted is bool and isinstance(value, bool):
            return value
        if accepted is str and isinstance(value, str):
            return value
        if accepted is dict and isinstance(value, dict):
            return value
        if get_origin(accepted) is Literal and value in get_args(accepted):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and accepted in (int, float):
            return float(check_integer(name, value)) if accepted is float else check_integer(name, value)
        if accepted is float and isinstance(value, float) and math.isfinite(value):
            return value
    expected = " or ".join(_describe(each) for each in _alternatives(type))
    raise ValueError(f"{name!r} is {expected}, not {value!r}")


def _alternatives(type: object) -> tuple[object, ...]:
    return get_args(type) if get_origin(type) in (Union, UnionType) else (type,)


def _describe(type: object) -> str:
    if get_origin(type) is Literal:
        return f"one of {', '.join(get_args(type))}"
    names: dict[object, str] = {
        bool: "true or false",
        int: "an integer",
        float: "a number",
        str: "a string",
        dict: "an object",
        NoneType: "null",
    }
    return names[type]
