"""Operation and arguments → request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from vision_ai_generated.operation import Operation

from .._quirks.field_aliases import add_aliases
from .._transports.base import Headers, Request, StreamedBody
from .._transports.urls import Url, parse_url
from .._version import __version__
from ..errors import InvalidInputError
from ..options import FieldNames

FILE = "application/octet-stream"

COMMON: tuple[tuple[bytes, bytes], ...] = (
    (b"User-Agent", f"vision-ai-module/{__version__}".encode()),
    (b"Accept", b"*/*"),
)
EMPTY_POST = (*COMMON, (b"Content-Length", b"0"))


CLOSE = (b"Connection", b"close")


def build_request(
    operation: Operation[Any],
    values: Mapping[str, object],
    base_url: str,
    field_names: FieldNames,
    *,
    keep_alive: bool = True,
) -> Request:
    """Return the request of an operation that sends no file; `values` are checked arguments."""
    path, body = _split_values(operation, values, field_names)
    exact_length = operation.media_type == FILE
    url = _resolve(base_url, path)
    if body is not None:
        headers: Headers = _body_headers("application/json", len(body))
    else:
        headers = EMPTY_POST if operation.method == "POST" else COMMON
    if not keep_alive:
        headers = (*headers, CLOSE)
    return Request(operation.method, url, headers, body or b"", exact_length=exact_length)


def build_upload(
    operation: Operation[Any], path: str, base_url: str, body: StreamedBody, *, keep_alive: bool = True
) -> Request:
    """Return the request of an operation that sends a file."""
    headers = _body_headers(body.content_type, body.length)
    if not keep_alive:
        headers = (*headers, CLOSE)
    return Request(operation.method, _resolve(base_url, path), headers, body)


def _split_values(
    operation: Operation[Any], values: Mapping[str, object], field_names: FieldNames
) -> tuple[str, bytes | None]:
    """Return the path with its parameters, and the JSON of the others."""
    path = operation.path
    body: dict[str, object] = {}
    for field in operation.fields:
        if field.location == "path":
            value = quote(str(values[field.name]), safe="")
            if value in (".", ".."):
                value = value.replace(".", "%2E")  # otherwise a URL takes it for a step in the path
            path = path.replace(f"{{{field.name}}}", value)
        elif field.name in values:
            body[field.name] = values[field.name]
    if operation.body != "json":
        return path, None
    document = add_aliases(body, operation.fields, field_names)
    return path, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _resolve(base_url: str, path: str) -> Url:
    """Return a path's URL; the base URL is known to be valid."""
    try:
        return parse_url(base_url + path)
    except ValueError as error:
        raise InvalidInputError(f"{path[:60]!r}… cannot be requested: {error}") from None


@lru_cache(maxsize=64)
def _body_headers(content_type: str, length: int) -> tuple[tuple[bytes, bytes], ...]:
    return (*COMMON, (b"Content-Type", content_type.encode()), (b"Content-Length", b"%d" % length))
