"""An exchange → an entry of a HAR file, as Chrome writes it.

What HAR 1.2 has no field for: `response._error` says how a call failed (its status is then 0, where no answer
came), and `postData.encoding` is `base64` where the request's body is no text, as in the draft of HAR 1.3.
"""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from attrs import define

from .._http import Headers, Request, Response
from .._redaction import Redaction
from .body import IN_MEMORY, Body, Passing
from .left_out import LONGEST_ERROR, Digest, FormDigest

NO_TYPE = "x-unknown"
AT_ONCE = 3 * 256 * 1024
"""Bytes encoded at a time: a multiple of three."""
JPEG = b"\xff\xd8\xff"

_is_envelope = re.compile(rb'\s*\{[^{}]*"code"\s*:').match


@define
class Entry:
    """What is known of a call."""

    started: datetime
    request: Request
    asked: Passing
    answered: Passing
    received: int = 0
    """Bytes of the answer's body on its way, compressed or not."""
    response: Response | None = None
    server: str | None = None
    """The address that the answer came from, where the transport says so."""
    failure: str | None = None
    seconds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Until the request had left, from then until the answer began, and from then until it was whole."""

    def close(self) -> None:
        self.asked.close()
        self.answered.close()


def encoded(entry: Entry, redaction: Redaction | None) -> Iterator[bytes]:
    """The entry's JSON on one line, in pieces."""
    binary: dict[str, bytes | Body] = {}

    def marked(content: object) -> str:
        mark = secrets.token_hex(16)
        binary[mark] = cast("bytes | Body", content)
        return mark

    text = json.dumps(_told(entry, redaction), ensure_ascii=False, separators=(",", ":"), default=marked)
    for piece in re.split(f"({'|'.join(binary)})", text) if binary else [text]:
        if piece in binary:
            yield from _base64(binary[piece])
        else:
            # Names of files may be no Unicode; a lone surrogate's escape is JSON's as well as Python's.
            yield piece.encode(errors="backslashreplace")


def _base64(content: bytes | Body) -> Iterator[bytes]:
    if isinstance(content, Body):
        yield from map(b64encode, content.pieces(AT_ONCE))
    else:
        yield b64encode(content)


def _told(entry: Entry, redaction: Redaction | None) -> dict[str, Any]:
    response = entry.response
    told: dict[str, Any] = {
        "startedDateTime": entry.started.isoformat(timespec="milliseconds"),
        "time": _milliseconds(sum(entry.seconds)),
        "request": _request(entry, redaction),
        "response": _no_response() if response is None else _response(entry, response, redaction),
        "cache": {},
        "timings": dict(zip(("send", "wait", "receive"), map(_milliseconds, entry.seconds), strict=True)),
    }
    if entry.failure is not None:
        told["response"]["_error"] = redaction.text(entry.failure) if redaction else entry.failure
    server = _server(entry)
    if server is not None:
        told["serverIPAddress"] = server
    return told


def _request(entry: Entry, redaction: Redaction | None) -> dict[str, Any]:
    request, url = entry.request, str(entry.request.url)
    content = _asked(entry.asked, redaction)
    told: dict[str, Any] = {
        "method": request.method,
        "url": redaction.text(url) if redaction else url,
        "httpVersion": _version(entry.response) or "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers, entry.asked, content, redaction),
        "queryString": [{"name": name, "value": value} for name, value in request.url.params.multi_items()],
        "headersSize": -1,
        "bodySize": entry.asked.size,
    }
    if entry.asked.size:
        told["postData"] = {"mimeType": request.headers.get("content-type", ""), **_text(content)}
    return told


def _response(entry: Entry, response: Response, redaction: Redaction | None) -> dict[str, Any]:
    content = _answered(entry.answered, response, redaction)
    return {
        "status": response.status_code,
        "statusText": response.reason_phrase,
        "httpVersion": _version(response),
        "cookies": [],
        "headers": _headers(response.headers, entry.answered, content, redaction),
        "content": {
            "size": _size(content),
            "mimeType": response.headers.get("content-type", NO_TYPE),
            **_text(content),
        },
        "redirectURL": response.headers.get("location", ""),
        "headersSize": -1,
        "bodySize": entry.received,
    }


def _no_response() -> dict[str, Any]:
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": NO_TYPE},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }


def _asked(body: Passing, redaction: Redaction | None) -> bytes | Body:
    if isinstance(body, FormDigest):
        body.finish()
        content = body.text()
        return redaction.body(content) if redaction else content
    return _kept(cast(Body, body), redaction)


def _answered(body: Passing, response: Response, redaction: Redaction | None) -> bytes | Body:
    if not isinstance(body, Digest):
        return _kept(cast(Body, body), redaction)
    short = body.size <= LONGEST_ERROR
    if redaction and short and (response.status_code != 200 or _is_envelope(body.first)):
        return redaction.body(body.first)
    return body.line()


def _kept(body: Body, redaction: Redaction | None) -> bytes | Body:
    if redaction is None:
        return body if body.size > IN_MEMORY else body.read()
    content = body.read()
    return content if content.startswith(JPEG) else redaction.body(content)


def _text(content: bytes | Body) -> dict[str, Any]:
    """A content as HAR has it; what is no text is encoded on its way into the file."""
    if isinstance(content, bytes):
        with suppress(UnicodeDecodeError):
            return {"text": content.decode()}
    return {"text": content, "encoding": "base64"}


def _size(content: bytes | Body) -> int:
    return content.size if isinstance(content, Body) else len(content)


def _headers(
    headers: Headers, body: Passing, content: bytes | Body, redaction: Redaction | None
) -> list[dict[str, str]]:
    given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]
    shown = redaction.headers(given) if redaction else given
    length = _size(content)
    if length != body.size:  # readers of the file go by what is in it
        shown = [(name, str(length) if name.lower() == "content-length" else value) for name, value in shown]
    return [{"name": name, "value": value} for name, value in shown]


def _version(response: Response | None) -> str:
    return response.http_version if response is not None else ""


def _server(entry: Entry) -> str | None:
    if entry.server is not None:
        return entry.server
    with suppress(ValueError):
        return str(ipaddress.ip_address(entry.request.url.host))
    return None


def _milliseconds(seconds: float) -> float:
    return round(max(seconds, 0.0) * 1000, 3)
