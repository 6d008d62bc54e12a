"""A response's bytes → the operation's result, or the error that it reports."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar, cast

from vision_ai_generated.error_codes import find_error
from vision_ai_generated.operation import Operation
from vision_ai_generated.types import ShapeError, check_int

from .._quirks.json_leniency import parse_json
from .._quirks.list_shapes import to_list
from ..errors import DeviceError, InvalidAnswerError
from ..image import JPEG, START, Image

T = TypeVar("T")

LONGEST_ERROR = 4096
"""Bytes; a longer download is a file and not an error's envelope."""
SHOWN = 60
"""Bytes of a response in the message that it is invalid."""


class Content(NamedTuple):
    """A response, read to its end."""

    status: int
    content_type: str
    body: bytes | bytearray


def decode_result(operation: Operation[T], content: Content) -> T:
    """Return the operation's result.

    Raises:
        DeviceError: the module returned an error.
        InvalidAnswerError: the response is not in the protocol.
    """
    if operation.response == "binary":
        return operation.decode(_decode_binary(operation, content))
    document = _decode_object(operation, content)
    _raise_for_code(operation, content, document)
    _raise_for_status(operation, content)
    data: Any = document if operation.response == "bare" else document.get("data")
    if operation.returns == "list":
        data = to_list(data)
    elif data is None and operation.returns == "one":
        raise _invalid(operation, content, "it reports success, without the data that belong to it")
    try:
        return operation.decode(data)
    except (ShapeError, RecursionError) as error:  # the second from showing what is nested too deeply
        raise _invalid(operation, content, str(error)) from error


def raise_for_error(operation: Operation[Any], content: Content) -> None:
    """Raise the error that a response reports where a file was expected."""
    try:
        document = _decode_object(operation, content)
        code = check_int(document.get("code"), "code")
    except (InvalidAnswerError, ShapeError):
        _raise_for_status(operation, content)
        return
    # Other files may be JSON; one with a code of the catalog is an error, whatever else stands beside the code.
    is_envelope = document.keys() <= {"code", "data", "msg"}
    if operation.media_type == JPEG or is_envelope or find_error(code) is not None:
        _raise_for_code(operation, content, document)
    _raise_for_status(operation, content)
    if is_envelope:
        raise _invalid(operation, content, "it reports success, without the file that belongs to it")


def _decode_binary(operation: Operation[Any], content: Content) -> bytes:
    body = content.body
    if operation.media_type != JPEG:
        if len(body) <= LONGEST_ERROR or not 200 <= content.status < 300:
            raise_for_error(operation, content)
        return bytes(body)
    if not body.startswith(START):  # by the bytes, not by the header (A10)
        raise_for_error(operation, content)
        raise _invalid(operation, content, "it is neither a JPEG nor an error in the module's format")
    _raise_for_status(operation, content)
    try:
        return Image(body)
    except ValueError as error:
        raise _invalid(operation, content, str(error)) from error


def _raise_for_code(operation: Operation[Any], content: Content, document: dict[str, Any]) -> None:
    try:
        code = check_int(document.get("code"), "code")
    except ShapeError as error:
        raise _invalid(operation, content, str(error)) from error
    if code != 0:
        raise DeviceError.of(code, operation=operation.name, answer=document)


def _raise_for_status(operation: Operation[Any], content: Content) -> None:
    if not 200 <= content.status < 300:
        raise _invalid(operation, content, f"it has HTTP status {content.status}")


def _decode_object(operation: Operation[Any], content: Content) -> dict[str, Any]:
    try:
        document = parse_json(content.body, content.content_type)
    except (ValueError, RecursionError) as error:
        _raise_for_status(operation, content)
        raise _invalid(operation, content, "it is not JSON") from error
    if not isinstance(document, dict):
        raise _invalid(operation, content, "it is JSON, but not an object")
    return cast("dict[str, Any]", document)


def _invalid(operation: Operation[Any], content: Content, reason: str) -> InvalidAnswerError:
    start = bytes(content.body[:SHOWN])
    shown = f"{start.decode(errors='replace')!r}{'…' if len(content.body) > SHOWN else ''}"
    return InvalidAnswerError(
        f"{operation.name}: the response is not in the protocol: {reason}. It begins {shown}.",
        content=bytes(content.body),
        status=content.status,
    )
