"""What the client has to know of an operation, as plain data. `operations` holds one `Operation` for each."""

from collections.abc import Callable
from os import PathLike
from typing import IO, Any, Generic, Literal, TypeAlias, TypeVar

from attrs import frozen

from .types import UNSET, Unset

T_co = TypeVar("T_co", covariant=True)

Effect = Literal["read", "set", "act", "destructive"]
Upload: TypeAlias = str | PathLike[str] | IO[bytes]
"""A file to send: its path, or a seekable binary file object."""


@frozen
class Field:
    """One parameter of an operation: its name on the wire and in Python, and what the contract allows."""

    name: str
    python_name: str
    kind: Literal["string", "integer", "number", "boolean", "file", "other"]
    place: Literal["body", "path"] = "body"
    required: bool = True
    twin: str | None = None
    """The deprecated second name of the same field (`x-replaced-by` in the contract)."""
    values: tuple[str | int, ...] | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@frozen
class SumLimit:
    """Fields whose sum is limited (`x-sum-maximum` in the contract): left and width, top and height."""

    fields: tuple[str, ...]
    maximum: float


@frozen
class Operation(Generic[T_co]):
    """One operation of the contract."""

    name: str
    method: str
    path: str
    effect: Effect
    decode: Callable[[Any], T_co]
    """From `data` (envelope), the whole answer (bare) or the body's bytes (binary) to the result.

    Raises `ShapeError` where a value is not of the documented type."""
    answer: Literal["envelope", "bare", "binary"]
    returns: Literal["nothing", "list", "one"]
    body: Literal["json", "multipart"] | None = None
    media_type: str = "application/json"
    """Of the answer."""
    fields: tuple[Field, ...] = ()
    sums: tuple[SumLimit, ...] = ()
    error_codes: tuple[int, ...] = ()
    deprecated: bool = False
    second_path: str | None = None
    """The path of the deprecated operation that this one replaces."""


__all__ = ["UNSET", "Effect", "Field", "Operation", "SumLimit", "Unset", "Upload"]
