"""Compare JSON values and requests. A difference is a message; an empty message means equality."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from typing import Any

from vector_playback import Request

from vectors import body_of

RANGE = range(-6599, -6499)


def find_difference(expected: Any, got: Any, where: str = "$", *, extra_members: bool = False) -> str:
    """Compare two JSON values.

    With `extra_members`, objects may have members that are not expected, and a member that is null may be absent.
    """
    if isinstance(expected, dict) and "$any" in expected:
        return "" if _is_any(expected["$any"], got) else f"{where}: {got!r} is not any {expected['$any']}"
    if isinstance(expected, dict) and "$in" in expected:
        return "" if got in expected["$in"] else f"{where}: {got!r} is none of {expected['$in']}"
    if isinstance(expected, dict) and isinstance(got, dict):
        if extra_members:
            got = dict.fromkeys(key for key, each in expected.items() if each is None) | got
        if not expected.keys() <= got.keys() or (not extra_members and expected.keys() != got.keys()):
            return f"{where}: the members are {sorted(got)}, not {sorted(expected)}"
        inner = [(expected[key], got[key], f"{where}.{key}") for key in expected]
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return f"{where}: {len(got)} items, not {len(expected)}"
        inner = [(each, got[number], f"{where}[{number}]") for number, each in enumerate(expected)]
    else:
        same = expected == got and _kind(expected) == _kind(got)
        return "" if same else f"{where}: {got!r}, not {expected!r}"
    differences = (find_difference(*each, extra_members=extra_members) for each in inner)
    return next((each for each in differences if each), "")


def _kind(value: Any) -> str:
    """Return the JSON type of a value. All numbers have one type, and true is not a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _is_any(kind: str, value: Any) -> bool:
    if kind == "algorithm-error":
        return value in RANGE
    if kind == "base64-jpeg":
        return isinstance(value, str) and value.startswith("/9j/")
    return {"string": "str", "number": "number"}[kind] == _kind(value)


def find_request_difference(expected: dict[str, Any], got: Request) -> str:
    """Compare a request of a client with that of a vector."""
    if (got.method, got.target) != (expected["method"], expected["target"]):
        return f"{got.method} {got.target}, not {expected['method']} {expected['target']}"
    multipart = expected.get("multipart")
    for name, value in expected.get("headers", {}).items():
        actual = got.headers.get(name.lower(), "")
        if name == "Content-Type":
            value, actual = value.partition(";")[0], actual.partition(";")[0]
        if actual != value:
            return f"{name}: {actual!r}, not {value!r}"
    if multipart:
        return _find_form_difference(expected, got)
    if expected.get("headers", {}).get("Content-Type") == "application/json":
        return find_difference(json.loads(body_of(expected)), json.loads(got.body))
    return "" if got.body == body_of(expected) else f"the body {got.body!r}, not {body_of(expected)!r}"


def _find_form_difference(expected: dict[str, Any], got: Request) -> str:
    """Compare forms of one part. The boundary may differ, and so may all headers but the disposition."""
    expected_head, expected_content = _only_part(expected["headers"]["Content-Type"], body_of(expected))
    head, content = _only_part(got.headers["content-type"], got.body)
    if _parameters(head) != _parameters(expected_head):
        return f"the part has {_parameters(head)}, not {_parameters(expected_head)}"
    return "" if content == expected_content else f"the part contains {content!r}, not {expected_content!r}"


def _only_part(content_type: str, body: bytes) -> tuple[bytes, bytes]:
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    start, end = b"--" + boundary + b"\r\n", b"\r\n--" + boundary + b"--"
    assert boundary and body.startswith(start) and body.rstrip(b"\r\n").endswith(end), body
    head, _, content = body.rstrip(b"\r\n")[len(start) : -len(end)].partition(b"\r\n\r\n")
    assert start not in content, "more than one part"
    return head, content


def _parameters(part_head: bytes) -> dict[str, str]:
    message = email.message_from_bytes(part_head + b"\r\n\r\n", policy=email.policy.HTTP)
    assert isinstance(message, EmailMessage)
    return {"": message.get_content_disposition() or "", **message["content-disposition"].params}
