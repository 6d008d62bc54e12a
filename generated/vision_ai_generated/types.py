"""What the models have in common, and the readers for every value of a response."""

import math
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, cast, overload

INF = math.inf
NOT_FINITE = (INF, -INF)
SURE_DIGITS = 15
"""Digits of a number that a float keeps."""
LONGEST_NUMBER = 4000
"""Characters of a number that is read from a string; `int` refuses more than 4,300."""
_is_number = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?\s*", re.ASCII).fullmatch


class Unset:
    """The type of `UNSET`, the value of a field that is not present. It is one object, also after `copy` and `pickle`."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


DOCUMENTED_FIELDS = frozenset(
    (
        "app",
        "board",
        "clientID",
        "clientName",
        "code",
        "count",
        "download",
        "engine",
        "filename",
        "firmware",
        "height",
        "id",
        "image",
        "image_id",
        "item_count",
        "items",
        "learnMode",
        "left",
        "masterIP",
        "masterSN",
        "mastersyncPort",
        "max_result_num",
        "mode",
        "msg",
        "name",
        "predict_speed",
        "score",
        "sdk",
        "sid",
        "sn",
        "soldOutLimit",
        "status",
        "sync",
        "syncMode",
        "sync_limit",
        "top",
        "upload",
        "width",
    )
)
"""The names of all fields of all models, as responses have them."""

STRICT: ContextVar[bool] = ContextVar("STRICT", default=False)
"""Whether a response that departs from the contract is refused, also where it can be read."""


class ShapeError(ValueError):
    """A value of a response cannot be read, or departs from the contract while `STRICT` is set."""


def shape_error(value: object, where: str, expected: str) -> ShapeError:
    if value is UNSET:
        return ShapeError(f"{where} is missing, it must be {expected}")
    shown = repr(value)
    return ShapeError(f"{where} must be {expected}, not {shown if len(shown) <= 60 else shown[:57] + '...'}")


def refuse_if_strict(value: object, where: str, expected: str) -> None:
    """Raise `ShapeError` for a value that can be read although it departs from the contract, while `STRICT` is set."""
    if STRICT.get():
        raise shape_error(value, where, expected)


# The readers of values. `rest` has the fields of the object that are not decoded; None for a value that the object is
# useless without. A value that is missing, null, empty or of another kind is read as None, and stays in `rest`, so
# that it is not lost. A list or an object in place of another value is an error.

Rest = dict[str, Any] | None


def take_renamed(fields: dict[str, Any], name: str, alternative: str) -> Any:
    """Take the value of a field that firmware may give another name, which departs from the contract."""
    if name in fields or alternative not in fields or STRICT.get():
        return fields.pop(name, UNSET)
    return fields.pop(alternative)


def _read_none(value: object, where: str, expected: str, rest: Rest) -> None:
    if rest is None or STRICT.get() or isinstance(value, list | dict):
        raise shape_error(value, where, expected)
    if value is not UNSET and value is not None:
        rest[where.rpartition(".")[2]] = value


@overload
def read_str(value: object, where: str) -> str: ...
@overload
def read_str(value: object, where: str, rest: Rest) -> str | None: ...
def read_str(value: object, where: str, rest: Rest = None) -> str | None:
    """Read a string. A number is read as its digits, if they are all known."""
    if isinstance(value, str):
        return value
    text = _write_number(value)
    if text is None:
        return _read_none(value, where, "a string", rest)
    refuse_if_strict(value, where, "a string")
    return text


def _write_number(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if (
        isinstance(value, float)
        and float(f"{value:.{SURE_DIGITS}g}") == value
        and abs(value) < 10**SURE_DIGITS
    ):
        return repr(value)
    return None


@overload
def read_int(value: object, where: str) -> int: ...
@overload
def read_int(value: object, where: str, rest: Rest) -> int | None: ...
def read_int(value: object, where: str, rest: Rest = None) -> int | None:
    """Read an integer, also as 41.0 (JSON has one type of numbers) or as a string."""
    number = _parse_number(value)
    if isinstance(number, float):
        number = int(number) if number.is_integer() else None
    if number is None:
        return _read_none(value, where, "an integer", rest)
    if isinstance(value, str):
        refuse_if_strict(value, where, "an integer")
    return number


@overload
def read_float(value: object, where: str) -> float: ...
@overload
def read_float(value: object, where: str, rest: Rest) -> float | None: ...
def read_float(value: object, where: str, rest: Rest = None) -> float | None:
    """Read a finite number, also as a string."""
    number = _parse_number(value)
    try:
        number = None if number is None else float(number)
    except OverflowError:
        number = None
    if number is None:
        return _read_none(value, where, "a finite number", rest)
    if isinstance(value, str):
        refuse_if_strict(value, where, "a finite number")
    return number


def _parse_number(value: object) -> int | float | None:
    """Return a finite number that is one, or that a string has in the notation of JSON; None for other values."""
    if isinstance(value, str):
        if len(value) > LONGEST_NUMBER or not _is_number(value):
            return None
        value = int(value) if value.strip().lstrip("+-").isdecimal() else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value in NOT_FINITE or value != value:
        return None
    return value


def read_bool(value: object, where: str, rest: Rest = None) -> Any:
    return value if isinstance(value, bool) else _read_none(value, where, "true or false", rest)


def check_none(value: object, where: str) -> None:
    if value is not None:
        raise shape_error(value, where, "null")


@overload
def read_object(value: object, where: str) -> dict[str, Any]: ...
@overload
def read_object(value: object, where: str, rest: Rest) -> dict[str, Any] | None: ...
def read_object(value: object, where: str, rest: Rest = None) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    return _read_none(value, where, "an object", rest)


def read_list(value: object, where: str, rest: Rest = None) -> list[Any]:
    """Read a list. One that is missing, null, or an empty object or string is empty; one object is its only item."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    if rest is None or not (isinstance(value, dict) or value in (UNSET, None, "")):
        raise shape_error(value, where, "a list")
    refuse_if_strict(value, where, "a list")
    return [value] if value else []


def read_const(value: object, where: str, constant: object, rest: Rest = None) -> Any:
    if type(value) is type(constant) and value == constant:
        return value
    return _read_none(value, where, repr(constant), rest)


P = TypeVar("P")


def read_parsed(value: object, where: str, parse: Callable[[str], P], rest: Rest = None) -> Any:
    try:
        return parse(read_str(value, where))
    except ValueError:
        return _read_none(value, where, "a string in the documented format", rest)


def read_union(
    value: object, where: str, decoders: tuple[Callable[[object, str], Any], ...], rest: Rest = None
) -> Any:
    """Read a value as the first type that it has exactly, or else as the first type that it can be read as."""
    for strict in (True, False) if not STRICT.get() else (True,):
        token = STRICT.set(strict)
        try:
            for decode in decoders:
                try:
                    return decode(value, where)
                except ShapeError:
                    continue
        finally:
            STRICT.reset(token)
    return _read_none(value, where, "one of the documented types", rest)


def check_origin(fields: Mapping[str, Any], where: str, names: tuple[str, ...]) -> None:
    """Refuse an object that belongs to the response of another operation.

    An object may lack fields, but it has more of its own than of those that are documented only for others.
    """
    own = sum(name in fields for name in names)
    others = sum(name in DOCUMENTED_FIELDS for name in fields) - own
    if own <= others:
        found = ", ".join(list(fields)[:6]) or "none"
        raise ShapeError(f"{where} must have the fields {', '.join(names)}; its fields are: {found}")


def replace_infinities(value: Any) -> Any:
    """Return a value of JSON with null for each number that is infinite or not a number: no JSON can have it."""
    if isinstance(value, float):
        return value if -math.inf < value < math.inf else None
    if isinstance(value, dict):
        return {name: replace_infinities(each) for name, each in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [replace_infinities(each) for each in cast("list[Any]", value)]
    return value


E_ = TypeVar("E_", bound=Enum)


def unknown_member(cls: type[E_], kind: type, value: object) -> E_ | None:
    """Return a member for a value that is not in the contract, so that values of newer firmware are accepted.

    The member compares and hashes like the raw value. Its name is `UNKNOWN`, and iteration does not include it.
    """
    if not isinstance(value, kind) or isinstance(value, bool):
        return None
    member = cast(Any, kind).__new__(cls, value)
    member._name_ = "UNKNOWN"
    member._value_ = value
    return cast(E_, member)


class Model:
    """The base of all models.

    The methods of the models are written out in their classes. attrs or dataclasses would compile them at each
    start, and importing one of them takes longer than everything else that a first call needs.
    """

    if not TYPE_CHECKING:  # type checkers have it as a tuple of literals, from each class
        __match_args__ = ()
    REQUIRED: ClassVar[dict[str, tuple[tuple[str, str], ...]]] = {}
    """The required fields by version of the API, if they are not the same in all: name, and where it is in messages."""

    additional_properties: dict[str, Any]
    """The fields of a response that are not in the contract."""

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._field_names)
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name)
            for name in (*self._field_names, "additional_properties")
        )

    @property
    def _field_names(self) -> tuple[str, ...]:
        return getattr(self, "__match_args__", ())

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


def check_required(value: Any, version: str) -> None:
    """Raise `ShapeError` where a model, or one inside it, lacks a field that this version of the API must have."""
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            check_required(each, version)
    if not isinstance(value, Model):
        return
    for name, where in value.REQUIRED.get(version, ()):
        if getattr(value, name) is None:
            raise ShapeError(f"{where} is missing")
    for name in value._field_names:
        check_required(getattr(value, name), version)
