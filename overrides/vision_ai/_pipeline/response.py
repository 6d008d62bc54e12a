"""A response's bytes → the operation's result, or the error that it reports."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar, cast

from vision_ai_generated.error_codes import find_error
from vision_ai_generated.operation import Operation, Version
from vision_ai_generated.types import (
    STRICT,
    UNSET,
    ShapeError,
    check_required,
    read_int,
    refuse_if_strict,
    replace_infinities,
)

from .._quirks.json_leniency import parse_json
from .._quirks.list_shapes import to_list
from ..errors import DeviceError, InvalidAnswerError
from ..image import JPEG, START, Image

T = TypeVar("T")

LONGEST_JSON = 1024 * 1024
"""Bytes of a response in JSON, where no picture is inside."""
LONGEST_PICTURE = 16 * 1024 * 1024
"""Bytes of a picture, or of a response in JSON with a picture inside; far more than any has."""
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a download that is kept in memory."""
LONGEST_ERROR = 4096
"""Bytes; a longer download is a file and not an error's envelope."""
SHOWN = 60
"""Bytes of a response in the message that it is invalid."""


class Content(NamedTuple):
    """A response, read to its end."""

    status: int
    content_type: str
    body: bytes | bytearray
    api_version: Version | None = None
    """The version of the API that the module seems to speak."""


def longest_response(operation: Operation[Any]) -> int:
    """Return how many bytes a response may have."""
    if operation.response != "binary":
        return longest_json(operation)
    return LONGEST_PICTURE if operation.media_type == JPEG else LARGEST_FILE


def longest_json(operation: Operation[Any]) -> int:
    """Return how many bytes a response may have if it is JSON."""
    return LONGEST_PICTURE if operation.contains_bytes else LONGEST_JSON


def decode_result(operation: Operation[T], content: Content, *, strict: bool = False) -> T:
    """Return the operation's result.

    Args:
        operation: What was called.
        content: What came.
        strict: Whether to refuse a response that departs from the contract, also where it can be read.

    Raises:
        DeviceError: the module returned an error.
        InvalidAnswerError: the response is not in the protocol.
    """
    if not strict:
        return _decode(operation, content)
    token = STRICT.set(True)
    try:
        result = _decode(operation, content)
        check_required(result, operation.versions[0])
    except ShapeError as error:
        raise _invalid(operation, content, str(error)) from error
    finally:
        STRICT.reset(token)
    return result


def _decode(operation: Operation[T], content: Content) -> T:
    if operation.response == "binary":
        return operation.decode(_decode_binary(operation, content))
    document = _decode_object(operation, content)
    _raise_for_code(operation, content, document)
    _raise_for_status(operation, content)
    data: Any = document if operation.response == "bare" else document.get("data")
    if data is None and operation.returns == "one":
        if not operation.null_result:
            raise _invalid(operation, content, "it reports success, without the data that belong to it")
        data = dict(operation.null_result)
    try:
        if operation.returns == "list":
            data = to_list(data)
        elif operation.returns == "nothing" and not isinstance(data, dict | None):
            refuse_if_strict(cast(object, data), "data", "null")
        return operation.decode(data)
    except (ShapeError, RecursionError) as error:  # the second from showing what is nested too deeply
        raise _invalid(operation, content, str(error)) from error


def raise_for_error(operation: Operation[Any], content: Content) -> None:
    """Raise the error that a response reports where a file was expected."""
    try:
        document = _decode_object(operation, content)
        code = _read_code(document)
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
        code = _read_code(document)
        answer = replace_infinities(document) if code != 0 else None
    except (ShapeError, RecursionError) as error:
        raise _invalid(operation, content, str(error)) from error
    if code != 0:
        version = content.api_version or (operation.versions[0] if len(operation.versions) == 1 else None)
        raise DeviceError.of(code, operation=operation.name, answer=answer, api_version=version)


def _read_code(document: dict[str, Any]) -> int:
    return read_int(document.get("code", UNSET), "code")


def _raise_for_status(operation: Operation[Any], content: Content) -> None:
    if not 200 <= content.status < 300:
        raise _invalid(operation, content, f"it has HTTP status {content.status}")


def _decode_object(operation: Operation[Any], content: Content) -> dict[str, Any]:
    if len(content.body) > longest_json(operation):
        _raise_for_status(operation, content)
        raise _invalid(operation, content, f"it is no file, and has more than {LONGEST_JSON:,} bytes")
    try:
        document = parse_json(content.body, content.content_type)
    except ShapeError as error:
        raise _invalid(operation, content, str(error)) from error
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
