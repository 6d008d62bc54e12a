"""Options given by name, as text (in a URL, on the command line) or as JSON, read by the types they have."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from attrs import Attribute

from vision_ai_emulator.shared.jsoncpp import Json

_Number = TypeVar("_Number", int, float)


def one_of(*values: object) -> Callable[[object, Attribute[Any], object], None]:
    """A validator for attrs: one of some values."""

    def check(instance: object, attribute: Attribute[Any], value: object) -> None:
        if value not in values:
            raise ValueError(f"{attribute.name!r} is one of {', '.join(map(str, values))}, not {value!r}")

    return check


def from_text(name: str, text: str, type: object) -> Any:
    """The value of an option given as text. Raises ValueError where it is no such value."""
    if get_origin(type) is Literal:
        if text not in get_args(type):
            raise ValueError(f"the option {name!r} is one of {', '.join(get_args(type))}, not {text!r}")
        return text
    if type is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError(f"the option {name!r} is true or false, not {text!r}")
        return text.lower() in ("true", "1")
    if type is int:
        return number(name, text, int)
    if type is float:
        return number(name, text, float)
    return text


def number(name: str, text: str, type: Callable[[str], _Number]) -> _Number:
    """A number given as text. Raises ValueError where it is none."""
    try:
        value = type(text)
    except ValueError:
        raise ValueError(f"the option {name!r} is a number, not {text!r}") from None
    if not math.isfinite(value):
        raise ValueError(f"the option {name!r} is a finite number, not {text!r}")
    return value


def from_json(values: Mapping[str, Json], types: Mapping[str, object], owner: str) -> dict[str, Any]:
    """Options of `owner` given as JSON. Raises ValueError for an unknown name or a value of another type."""
    return {name: _checked(name, value, type_of(name, types, owner)) for name, value in values.items()}


def type_of(name: str, types: Mapping[str, object], owner: str) -> object:
    """The type of an option. Raises ValueError, which names those there are, for an unknown one."""
    if name not in types:
        raise ValueError(f"{owner} has no option {name!r}: it is one of {', '.join(sorted(types))}")
    return types[name]


def _checked(name: str, value: Json, type: object) -> Any:
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
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            if accepted is int and isinstance(value, int):
                return value
            if accepted is float:
                return float(value)
    wanted = " or ".join(_described(each) for each in _alternatives(type))
    raise ValueError(f"{name!r} is {wanted}, not {value!r}")


def _alternatives(type: object) -> tuple[object, ...]:
    return get_args(type) if get_origin(type) in (Union, UnionType) else (type,)


def _described(type: object) -> str:
    if get_origin(type) is Literal:
        return f"one of {', '.join(get_args(type))}"
    names: dict[object, str] = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text",
        dict: "an object",
        NoneType: "null",
    }
    return names[type]
