"""One connection of the till: its requests go to the module, the module's responses come back."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import Any, Protocol, cast

from vision_ai.transports import (
    Deadline,
    Request,
    Response,
    Transport,
    TransportError,
    parse_url,
    run_sync,
)
from vision_ai_translations import Message

CHUNK = 64 * 1024
"""Bytes."""
STALL_TIMEOUT = 60.0
"""Seconds without a byte from the module. The till has its own, shorter timeout."""
NOT_RELAYED = frozenset(
    {
        *(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
        ),
        "accept-encoding",  # some transports decode bodies
    }
)
"""Headers that belong to one connection, and one that would change the body."""


class RelayTarget(Protocol):
    """What a handler needs of its relay."""

    transport: Transport
    module_url: str

    def report_call(self, method: str, path: str) -> None: ...

    def report_error(self, method: str, path: str, error: Exception) -> None: ...


class RelayServer(Protocol):
    """What a handler needs of its server."""

    relay: RelayTarget


class RelayHandler(BaseHTTPRequestHandler):
    """Relays the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the till to acknowledge the head

    @property
    def _relay(self) -> RelayTarget:
        return cast(RelayServer, self.server).relay

    def do_GET(self) -> None:
        self._forward()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET

    def _forward(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self._refuse(411, ValueError(Message("the relay needs a Content-Length")))
            return
        try:
            request = self._make_request()
        except ValueError as error:
            self._refuse(400, error)
            return
        self._relay.report_call(self.command, self.path)
        try:
            run_sync(self._exchange(request))
        except (TransportError, OSError) as error:
            self.close_connection = True
            self._relay.report_error(self.command, self.path, error)

    def _refuse(self, status: int, error: ValueError) -> None:
        self.close_connection = True
        self._relay.report_error(self.command, self.path, error)
        self.send_error(status, explain=str(error))

    def _make_request(self) -> Request:
        headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in self.headers.items()
            if name.lower() not in NOT_RELAYED
        ]
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError(Message("Content-Length must not be {length}", length=length))
        body = _RelayedBody(self.rfile, length)
        url = parse_url(self._relay.module_url + self.path)
        # The transport can send a small body again where the module has closed an idle connection.
        return Request(self.command, url, headers, b"".join(body.chunks()) if length <= CHUNK else body)

    async def _exchange(self, request: Request) -> None:
        response = await self._relay.transport.send(request, Deadline(None, STALL_TIMEOUT))
        try:
            self._send_head(response)
            view = memoryview(bytearray(CHUNK))
            while count := await response.read_into(view):
                self.wfile.write(view[:count])
                self.wfile.flush()
        finally:
            await response.close()

    def _send_head(self, response: Response) -> None:
        self.send_response_only(response.status, response.reason.decode("latin-1"))
        for name, value in response.headers:
            if name.decode("ascii").lower() not in NOT_RELAYED:
                self.send_header(name.decode("ascii"), value.decode("latin-1"))
        if response.length is None:
            self.send_header("Connection", "close")  # the end of the connection ends the body
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the relay reports errors."""


class _RelayedBody:
    """The body of a till's request, on its way. It can be sent once."""

    content_type = ""

    def __init__(self, stream: BufferedIOBase, length: int) -> None:
        self.length = length
        self._stream = stream

    def chunks(self) -> Iterator[bytes]:
        left = self.length
        while left:
            chunk = self._stream.read(min(left, CHUNK))
            if not chunk:
                raise ConnectionError(Message("the till closed the connection in the middle of its request"))
            left -= len(chunk)
            yield chunk

    def segments(self) -> Iterator[bytes]:
        return self.chunks()
