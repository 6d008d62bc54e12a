"""The description of an operation of the contract, as plain data."""

from collections.abc import Callable
from os import PathLike
from typing import IO, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)

Version = Literal["v1", "v2"]
Effect = Literal["read", "set", "act", "destructive"]
Upload: TypeAlias = str | PathLike[str] | IO[bytes]
"""A file to send: its path, or a seekable file object that is open in binary mode."""

# Named tuples: an attrs class takes five times as long to create, which slow boards notice at each start.


class Field(NamedTuple):
    """One parameter of an operation: its names and the values that the contract allows."""

    name: str
    """The name in the request."""
    python_name: str
    kind: Literal["string", "integer", "number", "boolean", "file", "other"]
    location: Literal["body", "path"] = "body"
    required: bool = True
    alias: str | None = None
    """The deprecated second name of the field in the request (`x-replaced-by` in the contract)."""
    values: tuple[str | int, ...] | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


class SumLimit(NamedTuple):
    """Fields with a limited sum, such as left and width (`x-sum-maximum` in the contract)."""

    fields: tuple[str, ...]
    maximum: float


class Operation(NamedTuple, Generic[T_co]):
    """One operation of the contract."""

    name: str
    method: str
    path: str
    effect: Effect
    decode: Callable[[Any], T_co]
    """Converts `data` (envelope), the whole JSON (bare) or the bytes (binary) of a response to the result.

    Raises `ShapeError` for a value that is not of the documented type."""
    response: Literal["envelope", "bare", "binary"]
    returns: Literal["nothing", "list", "one"]
    body: Literal["json", "multipart"] | None = None
    media_type: str = "application/json"
    """The media type of the response."""
    contains_bytes: bool = False
    """Whether a response in JSON has bytes inside, in base64 (`format: byte` in the contract)."""
    fields: tuple[Field, ...] = ()
    sums: tuple[SumLimit, ...] = ()
    error_codes: tuple[int, ...] = ()
    deprecated: bool = False
    null_result: tuple[tuple[str, Any], ...] = ()
    """The fields of the result for which null stands (`x-null-result` in the contract); empty for most operations."""
    alternative_path: str | None = None
    """The path of the deprecated operation that this one replaces."""
    versions: tuple[Version, ...] = ("v1",)
    """The versions of the module's API that have the operation in this form."""
    title_in_v2: str | None = None
    """The title of what V2 has in its place, if nothing else is known of it."""
