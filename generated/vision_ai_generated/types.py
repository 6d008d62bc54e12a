"""What the models have in common, and the checks for every value of a response."""

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, ClassVar, Literal, TypeVar, cast


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


class ShapeError(ValueError):
    """A value of a response is missing, or not of the type in the contract."""


def shape_error(value: object, where: str, expected: str) -> ShapeError:
    if value is UNSET:
        return ShapeError(f"{where} is missing, it must be {expected}")
    shown = repr(value)
    return ShapeError(f"{where} must be {expected}, not {shown if len(shown) <= 60 else shown[:57] + '...'}")


def check_str(value: object, where: str) -> str:
    if isinstance(value, str):
        return value
    raise shape_error(value, where, "a string")


def check_int(value: object, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():  # JSON has one type of numbers: 41.0 is 41
        return int(value)
    raise shape_error(value, where, "an integer")


def check_float(value: object, where: str) -> float:
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise shape_error(value, where, "a finite number")


def check_bool(value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    raise shape_error(value, where, "true or false")


def check_none(value: object, where: str) -> None:
    if value is not None:
        raise shape_error(value, where, "null")


def check_object(value: object, where: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    raise shape_error(value, where, "an object")


def check_list(value: object, where: str) -> list[Any]:
    if isinstance(value, list):
        return cast("list[Any]", value)
    raise shape_error(value, where, "a list")


def check_const(value: object, where: str, constant: object) -> Any:
    if type(value) is type(constant) and value == constant:
        return value
    raise shape_error(value, where, repr(constant))


P = TypeVar("P")


def check_parsed(value: object, where: str, parse: Callable[[str], P]) -> P:
    try:
        return parse(check_str(value, where))
    except ShapeError:
        raise
    except ValueError:
        raise shape_error(value, where, "in the documented format") from None


def check_union(value: object, where: str, decoders: tuple[Callable[[object, str], Any], ...]) -> Any:
    for decode in decoders:
        try:
            return decode(value, where)
        except ShapeError:
            continue
    raise shape_error(value, where, "one of the documented types")


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

    __match_args__: ClassVar[tuple[str, ...]] = ()

    additional_properties: dict[str, Any]
    """The fields of a response that are not in the contract."""

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name)
            for name in (*self.__match_args__, "additional_properties")
        )

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
