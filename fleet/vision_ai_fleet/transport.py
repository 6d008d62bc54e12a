"""Carry the SDK's calls to a module through the center and the scale's agent."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections.abc import Mapping
from typing import Any, cast

from nats.errors import NoRespondersError

from vision_ai import transports
from vision_ai.transports import (
    BodyTooLargeError,
    ConnectError,
    Deadline,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    Request,
    Response,
    Transport,
    TransportError,
    UnsupportedProtocol,
)

from .calls import find_call
from .connection import NATS_ERRORS, Connection
from .errors import NotPermittedError
from .messages import decode, encode, seal
from .names import ScaleId, get_call_subject

LONGEST_CALL = 120.0
"""Seconds for a call that has no end of its own."""
LARGEST_BODY = 600_000
"""Bytes that a call carries: with base64 they stay below the engine's limit of a message. Jobs transfer files."""


class FleetTransport(Transport):
    """Carries calls to one scale's module: `AsyncVisionAI(transport.url, transport=transport)`.

    Args:
        connection: To the center.
        scale: Whose module.
        origin: What calls: `console` for the scale's console, which the agent's settings may restrict.
    """

    asynchronous = True
    url = "http://scale"

    def __init__(self, connection: Connection, scale: ScaleId, *, origin: str = "") -> None:
        self.scale = scale
        self._connection = connection
        self._origin = origin

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """Send a request through the agent.

        Raises:
            ConnectError: the scale or the center is offline; nothing was sent.
            TransportError: as the agent's own transport said.
            NotPermittedError: the credentials do not permit this operation.
            InvalidInputError: these credentials may not give orders to this scale.
        """
        path = request.url.target.decode("latin-1")
        operation = find_call(request.method, path)
        if operation is None:
            raise LocalProtocolError(f"the contract has no operation for {request.method} {path}")
        subject = get_call_subject(self.scale, operation.effect, operation.name)
        role = self._connection.credentials.role
        if operation.effect not in ("read", "set") and role != "operator":
            raise NotPermittedError(f"the role {role} does not permit {operation.name}")
        payload = _make_payload(request, path)
        if self._origin:
            payload["origin"] = self._origin
        if operation.effect == "read":
            data = encode(payload)
        else:
            data = seal(self._connection.credentials.get_scale_secret(self.scale), subject, payload)
        return _read_response(await self._request(subject, data, deadline))

    async def close(self) -> None:
        """Do nothing: the connection belongs to the fleet."""

    async def _request(self, subject: str, data: bytes, deadline: Deadline) -> dict[str, Any]:
        connection = self._connection
        if not connection.is_connected:
            raise ConnectError("the center does not respond")
        refusals = connection.refusals
        seconds = LONGEST_CALL if deadline.left is None else max(deadline.left, 0.001)
        try:
            return decode((await connection.client.request(subject, data, timeout=seconds)).data)
        except NoRespondersError as error:
            raise ConnectError(f"the scale {self.scale} is offline") from error
        except NATS_ERRORS as error:
            if connection.refusals > refusals:
                raise NotPermittedError(f"these credentials do not permit {subject}") from error
            if isinstance(error, asyncio.TimeoutError):
                raise ReadTimeout(f"the scale {self.scale} did not respond in time") from error
            raise ReadError(
                f"the connection to the center failed: {error or type(error).__name__}"
            ) from error


class _CarriedResponse(Response):
    def __init__(self, payload: Mapping[str, Any]) -> None:
        try:
            self.status = int(payload["status"])
            self.headers = [
                (str(name).encode("latin-1"), str(value).encode("latin-1"))
                for name, value in payload["headers"]
            ]
            self._body = memoryview(base64.b64decode(payload.get("body") or ""))
        except (KeyError, TypeError, ValueError):
            raise ReadError("the agent's reply cannot be read") from None
        self.length = len(self._body)

    async def read(self, limit: int) -> bytes:
        body, self._body = self._body, self._body[:0]
        if len(body) > limit:
            raise BodyTooLargeError(bytes(body[:1024]))
        return bytes(body)

    async def read_into(self, view: memoryview) -> int:
        count = min(len(view), len(self._body))
        view[:count] = self._body[:count]
        self._body = self._body[count:]
        return count

    async def close(self) -> None:
        self._body = self._body[:0]


def _make_payload(request: Request, path: str) -> dict[str, Any]:
    body = request.body
    size = len(body) if isinstance(body, bytes) else body.length
    if size > LARGEST_BODY:
        raise UnsupportedProtocol("a call through the fleet carries no files: `vision-ai fleet run` does")
    content = body if isinstance(body, bytes) else b"".join(body.chunks())
    return {
        "method": request.method,
        "path": path,
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers],
        "body": base64.b64encode(content).decode(),
        "id": secrets.token_hex(12),
        "created": time.time(),
    }


def _read_response(payload: Mapping[str, Any]) -> Response:
    failure: object = payload.get("error")
    if not isinstance(failure, dict):
        return _CarriedResponse(payload)
    given = cast("dict[str, Any]", failure)
    kind: object = getattr(transports, str(given.get("kind", "")), None)
    message = str(given.get("message", "the agent could not carry the call"))
    if isinstance(kind, type) and issubclass(kind, TransportError):
        try:
            raise kind(message)
        except TypeError:  # one that wants more than a message
            raise ReadError(message) from None
    raise ReadError(message)
