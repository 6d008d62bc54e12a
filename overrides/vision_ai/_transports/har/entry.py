"""An exchange → an entry of a HAR file, as Chrome writes it.

HAR 1.2 has no field for two things: `response._error` says how a call failed (the status is 0 where no response came),
and `postData.encoding` is `base64` where the request's body is not text, as in the draft of HAR 1.3.
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
from urllib.parse import parse_qsl, urlsplit

from attrs import define

from ..._redaction import Redaction
from ..base import Headers, Request, Response, find_header
from .body import IN_MEMORY, BodySink, StoredBody
from .digest import LONGEST_ERROR, Digest, FormDigest

NO_TYPE = "x-unknown"
ENCODED_PIECE = 3 * 256 * 1024
"""Bytes encoded at a time: a multiple of three."""

_is_envelope = re.compile(rb'\s*\{[^{}]*"code"\s*:').match


@define
class Entry:
    """What is known of a call."""

    started: datetime
    request: Request
    request_body: BodySink
    response_body: BodySink
    response: Response | None = None
    failure: str | None = None
    seconds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Until the request was sent, from then until the response began, and from then until it was complete."""

    def close(self) -> None:
        """Drop the bodies."""
        self.request_body.close()
        self.response_body.close()


def encode_entry(entry: Entry, redaction: Redaction | None) -> Iterator[bytes]:
    """Return the entry's JSON on one line, in pieces."""
    binary: dict[str, bytes | StoredBody] = {}

    def insert_mark(content: object) -> str:
        mark = secrets.token_hex(16)
        binary[mark] = cast("bytes | StoredBody", content)
        return mark

    if isinstance(entry.request_body, FormDigest):
        entry.request_body.finish()
    known = redaction.count if redaction else 0
    document = _make_entry(entry, redaction)
    if redaction and redaction.count > known:  # what its end revealed may stand in its beginning too
        document = _make_entry(entry, redaction)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=insert_mark)
    for piece in re.split(f"({'|'.join(binary)})", text) if binary else [text]:
        if piece in binary:
            yield from _encode_base64(binary[piece])
        else:
            # File names may not be Unicode; a lone surrogate's escape is the same in JSON and Python.
            yield piece.encode(errors="backslashreplace")


def _encode_base64(content: bytes | StoredBody) -> Iterator[bytes]:
    if isinstance(content, StoredBody):
        yield from map(b64encode, content.pieces(ENCODED_PIECE))
    else:
        yield b64encode(content)


def _make_entry(entry: Entry, redaction: Redaction | None) -> dict[str, Any]:
    document = _make_document(entry, redaction)
    return _redact_fields(document, redaction) if redaction else document


def _redact_fields(value: Any, redaction: Redaction) -> Any:
    """Redact every text of an entry but the contents, which are redacted as bytes."""
    if isinstance(value, list):
        return [_redact_fields(each, redaction) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return redaction.redact_text(value) if isinstance(value, str) else value
    fields = cast("dict[str, Any]", value)
    if fields.keys() == {"name", "value"}:
        return {
            "name": redaction.redact_text(fields["name"]),
            "value": redaction.redact_named(fields["name"], fields["value"]),
        }
    return {
        name: inner if name == "text" else _redact_fields(inner, redaction) for name, inner in fields.items()
    }


def _make_document(entry: Entry, redaction: Redaction | None) -> dict[str, Any]:
    response = entry.response
    document: dict[str, Any] = {
        "startedDateTime": entry.started.isoformat(timespec="milliseconds"),
        "time": _to_milliseconds(sum(entry.seconds)),
        "request": _make_request(entry, redaction),
        "response": _no_response() if response is None else _make_response(entry, response, redaction),
        "cache": {},
        "timings": dict(zip(("send", "wait", "receive"), map(_to_milliseconds, entry.seconds), strict=True)),
    }
    if entry.failure is not None:
        document["response"]["_error"] = entry.failure
    address = _server_address(entry)
    if address is not None:
        document["serverIPAddress"] = address
    return document


def _make_request(entry: Entry, redaction: Redaction | None) -> dict[str, Any]:
    request, url = entry.request, entry.request.url.text
    content_type = find_header(request.headers, b"content-type")
    content = _request_content(entry.request_body, content_type, redaction)
    host = (b"Host", request.url.netloc)
    document: dict[str, Any] = {
        "method": request.method,
        "url": url,
        "httpVersion": entry.response.http_version if entry.response else "HTTP/1.1",
        "cookies": [],
        "headers": _make_headers([host, *request.headers], entry.request_body, content),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": entry.request_body.size,
    }
    if entry.request_body.size:
        document["postData"] = {
            "mimeType": content_type,
            **_make_text(content),
        }
    return document


def _make_response(entry: Entry, response: Response, redaction: Redaction | None) -> dict[str, Any]:
    content = _response_content(entry.response_body, response, redaction)
    return {
        "status": response.status,
        "statusText": response.reason.decode("latin-1"),
        "httpVersion": response.http_version,
        "cookies": [],
        "headers": _make_headers(response.headers, entry.response_body, content),
        "content": {
            "size": _size(content),
            "mimeType": response.content_type or NO_TYPE,
            **_make_text(content),
        },
        "redirectURL": response.header(b"location"),
        "headersSize": -1,
        "bodySize": entry.response_body.size if response.coded_size is None else response.coded_size,
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


def _request_content(body: BodySink, content_type: str, redaction: Redaction | None) -> bytes | StoredBody:
    if isinstance(body, FormDigest):
        content = body.make_text()
        return redaction.redact_body(content) if redaction else content
    return _stored_content(cast(StoredBody, body), content_type, redaction)


def _response_content(body: BodySink, response: Response, redaction: Redaction | None) -> bytes | StoredBody:
    if not isinstance(body, Digest):
        return _stored_content(cast(StoredBody, body), response.content_type, redaction)
    short = body.size <= LONGEST_ERROR
    if redaction and short and (response.status != 200 or _is_envelope(body.first)):
        return redaction.redact_body(body.first, response.content_type)
    return body.make_line()


def _stored_content(body: StoredBody, content_type: str, redaction: Redaction | None) -> bytes | StoredBody:
    if redaction is None:
        return body if body.size > IN_MEMORY else body.read()
    return redaction.redact_body(body.read(), content_type)


def _make_text(content: bytes | StoredBody) -> dict[str, Any]:
    """Return a content as HAR has it; what is not text is encoded on its way into the file."""
    if isinstance(content, bytes):
        with suppress(UnicodeDecodeError):
            return {"text": content.decode()}
    return {"text": content, "encoding": "base64"}


def _size(content: bytes | StoredBody) -> int:
    return content.size if isinstance(content, StoredBody) else len(content)


def _make_headers(headers: Headers, body: BodySink, content: bytes | StoredBody) -> list[dict[str, str]]:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    length = _size(content)
    if length != body.size:  # readers of the file expect the length of what is in it
        pairs = [(name, str(length) if name.lower() == "content-length" else value) for name, value in pairs]
    return [{"name": name, "value": value} for name, value in pairs]


def _server_address(entry: Entry) -> str | None:
    if entry.response is not None and entry.response.server_address is not None:
        return entry.response.server_address
    with suppress(ValueError):
        return str(ipaddress.ip_address(entry.request.url.host))
    return None


def _to_milliseconds(seconds: float) -> float:
    return round(max(seconds, 0.0) * 1000, 3)
