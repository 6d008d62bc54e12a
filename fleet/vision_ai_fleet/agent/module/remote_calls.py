"""Calls of people: requests of an SDK elsewhere, as they are."""

from __future__ import annotations

import base64
import binascii
from typing import Any, cast

from vision_ai import InvalidInputError
from vision_ai.transports import (
    BodyTooLargeError,
    Deadline,
    LocalProtocolError,
    Request,
    Response,
    Transport,
    TransportError,
    parse_url,
    run_sync,
)

TIMEOUT = 15.0
"""Seconds of a call that names no other time."""
LONGEST_TIMEOUT = 60.0
LONGEST_RESPONSE = 16 * 1024 * 1024
"""Bytes. Files are transferred by jobs."""
LEFT_OUT = frozenset({b"host", b"connection", b"transfer-encoding", b"content-length", b"accept-encoding"})
"""Headers that are this computer's business."""


def send_call(transport: Transport, base_url: str, call: dict[str, Any]) -> dict[str, Any]:
    """Send the request of a call and return its response, or why there is none.

    Args:
        transport: Carries it.
        base_url: The module's.
        call: `method`, `path`, `headers` (pairs of texts), `body` (base64), and `timeout` (seconds) if wanted.

    Returns:
        `status`, `headers` and `body`, or `error` with `kind` (the name of a `TransportError`) and `message`.

    Raises:
        InvalidInputError: it is not a call.
    """
    request = _read_request(base_url, call)
    timeout = call.get("timeout")
    seconds = min(float(timeout), LONGEST_TIMEOUT) if isinstance(timeout, int | float) else TIMEOUT
    try:
        response, body = run_sync(_send(transport, request, Deadline(max(seconds, 0.1))))
    except TransportError as error:
        return _make_error(type(error).__name__, str(error))
    except BodyTooLargeError:
        return _make_error("RemoteProtocolError", "the response is too large for a call")
    return {
        "status": response.status,
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in response.headers],
        "body": base64.b64encode(body).decode(),
    }


async def _send(
    transport: Transport, request: Request, deadline: Deadline
) -> tuple[Response, bytes | bytearray]:
    response = await transport.send(request, deadline)
    try:
        return response, await response.read(LONGEST_RESPONSE)
    finally:
        await response.close()


def _read_request(base_url: str, call: dict[str, Any]) -> Request:
    method, path, body = call.get("method"), call.get("path"), call.get("body") or ""
    pairs: object = call.get("headers") or []
    try:
        if method not in ("GET", "POST") or not isinstance(path, str) or not path.startswith("/"):
            raise ValueError
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in cast("list[tuple[str, str]]", pairs)
            if name.lower().encode("latin-1") not in LEFT_OUT
        ]
        content = base64.b64decode(body, validate=True)
        url = parse_url(base_url + path)
    except (ValueError, TypeError, AttributeError, binascii.Error, LocalProtocolError):
        raise InvalidInputError("a call is not a request of the SDK") from None
    if method == "POST":
        headers.append((b"Content-Length", str(len(content)).encode()))
    return Request(cast(str, method), url, headers, content)


def _make_error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"kind": kind, "message": message}}
