"""Checks arguments against the contract before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

from vision_ai_generated.operation import Field, Operation
from vision_ai_generated.types import UNSET

from .._validation import describe, is_number
from ..errors import InvalidInputError

TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a finite number",
    "boolean": "True or False",
}


def check_arguments(operation: Operation[Any], arguments: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments by their names on the wire, without those that were left out.

    Raises:
        InvalidInputError: one of them is not possible.
    """
    values: dict[str, object] = {}
    for field in operation.fields:
        value = arguments.get(field.name, UNSET)
        if value is UNSET and not field.required:
            continue
        values[field.name] = _check_value(operation, field, value)
    for limit in operation.sums:
        total = sum(cast(float, values[name]) for name in limit.fields)
        if total > limit.maximum:
            terms = " + ".join(f"{name} {values[name]}" for name in limit.fields)
            raise InvalidInputError(
                f"{operation.name}: {terms} is {total}, at most {limit.maximum:g} is possible"
            )
    return values


def _check_value(operation: Operation[Any], field: Field, value: object) -> object:
    def refuse(wanted: str) -> InvalidInputError:
        return InvalidInputError(
            f"{operation.name}: {field.python_name} must be {wanted}, not {describe(value)}"
        )

    if isinstance(value, Enum):
        value = value.value
    if field.kind == "file":
        return value  # checked where it is opened
    if field.kind == "other":
        return _to_json(value)
    if not _has_kind(field.kind, value):
        raise refuse(TYPES[field.kind])
    if field.values is not None and value not in field.values:
        raise refuse("one of " + ", ".join(map(repr, field.values)))
    if isinstance(value, str):
        _check_text(field, value, refuse)
    elif is_number(value):
        number = cast(float, value)
        if (field.minimum is not None and number < field.minimum) or (
            field.maximum is not None and number > field.maximum
        ):
            raise refuse(f"{_format_bound(field.minimum, 'any')} to {_format_bound(field.maximum, 'any')}")
    return value


def _check_text(field: Field, value: str, refuse: Any) -> None:
    if field.min_length is not None and len(value) < field.min_length:
        raise refuse("not empty" if field.min_length == 1 else f"at least {field.min_length} characters")
    if field.max_length is not None and len(value) > field.max_length:
        raise refuse(f"at most {field.max_length} characters")
    if field.pattern is not None and not re.search(field.pattern, value):
        raise refuse(f"of the form {field.pattern}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise refuse("a text that can be written in UTF-8") from None


def _has_kind(kind: str, value: object) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return is_number(value)


def _format_bound(bound: float | None, without: str) -> str:
    return without if bound is None else f"{bound:g}"


def _to_json(value: Any) -> object:
    """Return models and lists of models as JSON has them."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_to_json(each) for each in cast("list[Any]", value)]
    return value
