"""An answer's bytes → the operation's result, or the error that it tells of.

Here are the oddities of the envelope: answers without one, `data` left out (A5), trailing commas (A6), any
content type (A16) and charset (A15).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from vision_ai_generated.error_codes import find_error
from vision_ai_generated.operation import Operation
from vision_ai_generated.types import ShapeError, check_int

from ._lists import as_list
from ._picture import JPEG, START, Image
from .errors import DeviceError, InvalidAnswerError

T = TypeVar("T")

TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
"""A string, to be passed over, or a comma with nothing behind it (A6). A string without an end is passed over
too, and nothing is tried twice: the time stays linear."""
LARGEST_ERROR = 4096
"""Bytes; a download that is longer is a file and not an error's envelope."""
SHOWN = 60
"""Bytes of an answer in the message that it is none."""
PADDING = "\ufeff\0 \t\r\n"
"""What may stand around JSON without being part of it."""
FURTHER_CHARSETS = ("utf-8", "gb18030")
"""Tried in turn; the second is what Chinese firmware writes when it does not write UTF-8 (A15)."""
DECLARED_CHARSETS = frozenset(
    {
        *FURTHER_CHARSETS,
        "utf8",
        "gbk",
        "gb2312",
        "big5",
        "us-ascii",
        "iso-8859-1",
        "latin1",
        "utf-16",
        "utf-32",
    }
)
"""Believed when a header names one. Python knows more under such names than charsets."""


class Answer(NamedTuple):
    """What came back, read whole."""

    status: int
    content_type: str
    content: bytes


def result_of(operation: Operation[T], answer: Answer) -> T:
    """The result; raises DeviceError where the module says no and InvalidAnswerError for anything else."""
    if operation.response == "binary":
        return operation.decode(_binary(operation, answer))
    whole = _json_object(operation, answer)
    _raise_for_code(operation, answer, whole)
    _raise_for_status(operation, answer)
    data: Any = whole if operation.response == "bare" else whole.get("data")
    if operation.returns == "list":
        data = as_list(data)
    elif data is None and operation.returns == "one":
        raise _invalid(operation, answer, "it says success, without the data that belong to it")
    try:
        return operation.decode(data)
    except (ShapeError, RecursionError) as error:  # the second from showing what is nested too deeply
        raise _invalid(operation, answer, str(error)) from error


def raise_for_error(operation: Operation[Any], answer: Answer) -> None:
    """For an answer that is a file: raises where it is none but tells of an error."""
    try:
        whole = _json_object(operation, answer)
        code = check_int(whole.get("code"), "code")
    except (InvalidAnswerError, ShapeError):
        _raise_for_status(operation, answer)
        return
    # Other files may be JSON; what has a code of the catalogue is none, whatever else stands beside it.
    is_envelope = whole.keys() <= {"code", "data", "msg"}
    if operation.media_type == JPEG or is_envelope or find_error(code) is not None:
        _raise_for_code(operation, answer, whole)
    _raise_for_status(operation, answer)
    if is_envelope:
        raise _invalid(operation, answer, "it says success, without the file that belongs to it")


def _binary(operation: Operation[Any], answer: Answer) -> bytes:
    if operation.media_type != JPEG:
        if len(answer.content) <= LARGEST_ERROR or not 200 <= answer.status < 300:
            raise_for_error(operation, answer)
        return answer.content
    if not answer.content.startswith(START):  # by the bytes, not by the header (A10)
        raise_for_error(operation, answer)
        raise _invalid(operation, answer, "it is neither a JPEG nor an error in the module's format")
    _raise_for_status(operation, answer)
    try:
        return Image(answer.content)
    except ValueError as error:
        raise _invalid(operation, answer, str(error)) from error


def _raise_for_code(operation: Operation[Any], answer: Answer, whole: dict[str, Any]) -> None:
    try:
        code = check_int(whole.get("code"), "code")
    except ShapeError as error:
        raise _invalid(operation, answer, str(error)) from error
    if code != 0:
        raise DeviceError.of(code, operation=operation.name, answer=whole)


def _raise_for_status(operation: Operation[Any], answer: Answer) -> None:
    if not 200 <= answer.status < 300:
        raise _invalid(operation, answer, f"it has HTTP status {answer.status}")


def _json_object(operation: Operation[Any], answer: Answer) -> dict[str, Any]:
    text = decoded(answer.content, answer.content_type).strip(PADDING)
    try:
        whole = _loads(text)
    except (ValueError, RecursionError) as error:
        _raise_for_status(operation, answer)
        raise _invalid(operation, answer, "it is not JSON") from error
    if not isinstance(whole, dict):
        raise _invalid(operation, answer, "it is JSON, but not an object")
    return cast("dict[str, Any]", whole)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_as_json = json.JSONDecoder(parse_constant=_no_number).decode


def _loads(text: str) -> Any:
    try:
        return _as_json(text)
    except json.JSONDecodeError:
        return _as_json(TRAILING_COMMA.sub(r"\1", text))


def decoded(content: bytes, content_type: str) -> str:
    """Text in the charset it says, else UTF-8, else GB 18030; what fits none of them is marked, not lost."""
    for charset in (_declared_charset(content_type), *FURTHER_CHARSETS):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", errors="replace")


@lru_cache(maxsize=16)
def _declared_charset(content_type: str) -> str:
    if "charset" not in content_type.lower():
        return FURTHER_CHARSETS[0]
    from email.message import Message  # seldom needed

    header = Message()
    header["Content-Type"] = content_type
    declared = header.get_content_charset(FURTHER_CHARSETS[0])
    return declared if declared in DECLARED_CHARSETS else FURTHER_CHARSETS[0]


def _invalid(operation: Operation[Any], answer: Answer, reason: str) -> InvalidAnswerError:
    start = bytes(answer.content[:SHOWN])
    shown = f"{start.decode(errors='replace')!r}{'…' if len(answer.content) > SHOWN else ''}"
    return InvalidAnswerError(
        f"{operation.name}: the answer is not in the protocol: {reason}. It begins {shown}.",
        content=bytes(answer.content),
        status=answer.status,
    )
