"""How two JSON values, and two requests, are compared. What differs is told in words; nothing is equality."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from typing import Any

from vector_playback import Request

from vectors import body_of

RANGE = range(-6599, -6499)


def difference(wanted: Any, got: Any, where: str = "$", *, further_members: bool = False) -> str:
    """Why `got` is not like `wanted`; empty if it is. `further_members` may stand in objects."""
    if isinstance(wanted, dict) and "$any" in wanted:
        return "" if _is_any(wanted["$any"], got) else f"{where}: {got!r} is not any {wanted['$any']}"
    if isinstance(wanted, dict) and "$in" in wanted:
        return "" if got in wanted["$in"] else f"{where}: {got!r} is none of {wanted['$in']}"
    if isinstance(wanted, dict) and isinstance(got, dict):
        if not wanted.keys() <= got.keys() or (not further_members and wanted.keys() != got.keys()):
            return f"{where}: the members are {sorted(got)}, not {sorted(wanted)}"
        inner = [(wanted[key], got[key], f"{where}.{key}") for key in wanted]
    elif isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            return f"{where}: {len(got)} entries, not {len(wanted)}"
        inner = [(each, got[number], f"{where}[{number}]") for number, each in enumerate(wanted)]
    else:
        same = wanted == got and _kind(wanted) == _kind(got)
        return "" if same else f"{where}: {got!r}, not {wanted!r}"
    found = (difference(*each, further_members=further_members) for each in inner)
    return next((each for each in found if each), "")


def _kind(value: Any) -> str:
    """JSON's types: there is one kind of number, and true is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _is_any(kind: str, value: Any) -> bool:
    if kind == "algorithm-error":
        return value in RANGE
    if kind == "base64-jpeg":
        return isinstance(value, str) and value.startswith("/9j/")
    return {"string": "str", "number": "number"}[kind] == _kind(value)


def request_difference(wanted: dict[str, Any], got: Request) -> str:
    """Why a client's request is not the vector's; empty if it is."""
    if (got.method, got.target) != (wanted["method"], wanted["target"]):
        return f"{got.method} {got.target}, not {wanted['method']} {wanted['target']}"
    multipart = wanted.get("multipart")
    for name, value in wanted.get("headers", {}).items():
        there = got.headers.get(name.lower(), "")
        if name == "Content-Type":
            value, there = value.partition(";")[0], there.partition(";")[0]
        if there != value:
            return f"{name}: {there!r}, not {value!r}"
    if multipart:
        return _form_difference(wanted, got)
    if wanted.get("headers", {}).get("Content-Type") == "application/json":
        return difference(json.loads(body_of(wanted)), json.loads(got.body))
    return "" if got.body == body_of(wanted) else f"the body {got.body!r}, not {body_of(wanted)!r}"


def _form_difference(wanted: dict[str, Any], got: Request) -> str:
    """A form of one part: its boundary is free, and so are headers of the part beyond its disposition."""
    asked_head, asked_content = _only_part(wanted["headers"]["Content-Type"], body_of(wanted))
    head, content = _only_part(got.headers["content-type"], got.body)
    if _parameters(head) != _parameters(asked_head):
        return f"the part says {_parameters(head)}, not {_parameters(asked_head)}"
    return "" if content == asked_content else f"the part holds {content!r}, not {asked_content!r}"


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
