"""Arguments → what is sent, checked against the contract before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

from vision_ai_generated.operation import Field, Operation
from vision_ai_generated.types import UNSET

from ._settings import is_number, shown
from .errors import InvalidInputError

TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a finite number",
    "boolean": "True or False",
}


def checked(operation: Operation[Any], arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments by their names on the wire; those left out are not in it."""
    values: dict[str, object] = {}
    for field in operation.fields:
        value = arguments.get(field.name, UNSET)
        if value is UNSET and not field.required:
            continue
        values[field.name] = _value(operation, field, value)
    for limit in operation.sums:
        total = sum(cast(float, values[name]) for name in limit.fields)
        if total > limit.maximum:
            terms = " + ".join(f"{name} {values[name]}" for name in limit.fields)
            raise InvalidInputError(
                f"{operation.name}: {terms} is {total}, at most {limit.maximum:g} is possible"
            )
    return values


def _value(operation: Operation[Any], field: Field, value: object) -> object:
    def wrong(wanted: str) -> InvalidInputError:
        return InvalidInputError(
            f"{operation.name}: {field.python_name} must be {wanted}, not {shown(value)}"
        )

    if isinstance(value, Enum):
        value = value.value
    if field.kind == "file":
        return value  # looked at where it is opened
    if field.kind == "other":
        return _plain(value)
    if not _is_of(field.kind, value):
        raise wrong(TYPES[field.kind])
    if field.values is not None and value not in field.values:
        raise wrong("one of " + ", ".join(map(repr, field.values)))
    if isinstance(value, str):
        _check_text(field, value, wrong)
    elif is_number(value):
        number = cast(float, value)
        if (field.minimum is not None and number < field.minimum) or (
            field.maximum is not None and number > field.maximum
        ):
            raise wrong(f"{_bound(field.minimum, 'any')} to {_bound(field.maximum, 'any')}")
    return value


def _check_text(field: Field, value: str, wrong: Any) -> None:
    if field.min_length is not None and len(value) < field.min_length:
        raise wrong("not empty" if field.min_length == 1 else f"at least {field.min_length} characters")
    if field.max_length is not None and len(value) > field.max_length:
        raise wrong(f"at most {field.max_length} characters")
    if field.pattern is not None and not re.search(field.pattern, value):
        raise wrong(f"of the form {field.pattern}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong("a text that can be written in UTF-8") from None


def _is_of(kind: str, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return is_number(value)


def _bound(bound: float | None, without: str) -> str:
    return without if bound is None else f"{bound:g}"


def _plain(value: Any) -> object:
    """Models and lists of models, as JSON has them."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("list[Any]", value)]
    return value
