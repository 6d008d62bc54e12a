"""Servers that do with each connection what a test says, and both transports behind one face."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

import httpx
from attrs import field, frozen

from vision_ai._direct import http_transport

GUARD = 20.0
"""Seconds after which a test that hangs fails."""

Handler = Callable[["Peer"], None]


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket, number: int, server: Server) -> None:
        self.connection = connection
        self.number = number
        """Counted from 0."""
        self.server = server

    def request(self) -> bytes:
        """One request, whole, counted; nothing when the client closed the connection."""
        data = self.head()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")),
            0,
        )
        while data and len(body) < length:
            more = self.connection.recv(65536)
            if not more:
                return b""
            body += more
        if data:
            self.server.requests.append(head + b"\r\n\r\n" + body)
        return head + b"\r\n\r\n" + body if data else b""

    def head(self) -> bytes:
        """A request's head, and what came with it."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.connection.recv(65536)
            if not more:
                return b""
            data += more
        return data

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def reset(self) -> None:
        """Ends the connection with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def hold(self) -> None:
        """Keeps the connection open until the client closes it, or the test is over."""
        while self.connection.recv(65536):
            pass


class Server:
    """One thread for each connection."""

    def __init__(self, handler: Handler, listener: socket.socket) -> None:
        self.requests: list[bytes] = []
        """As they came in whole, in that order."""
        self.connections = 0
        self._handler = handler
        self._listener = listener
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def url(self) -> str:
        if self._listener.family == socket.AF_UNIX:
            return "http://module"
        host, port = self._listener.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if connection.family != socket.AF_UNIX:
                # Else what was sent may still be here, while the client has looked for it in vain.
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = Peer(connection, self.connections, self)
            self.connections += 1
            thread = threading.Thread(target=self._handle, args=(peer,))
            self._open.append(connection)
            self._threads.append(thread)
            thread.start()

    def _handle(self, peer: Peer) -> None:
        with peer.connection, contextlib.suppress(OSError):
            self._handler(peer)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(GUARD)
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(GUARD)
            assert not thread.is_alive()


@contextlib.contextmanager
def serving(handler: Handler, listener: socket.socket | None = None) -> Iterator[Server]:
    server = Server(handler, listener or socket.create_server(("127.0.0.1", 0)))
    try:
        yield server
    finally:
        server.close()


def answering(*pieces: bytes, end: str = "keep") -> Handler:
    """Answers every request with these bytes; then keeps the connection, closes, resets or holds it."""

    def handler(peer: Peer) -> None:
        while peer.request():
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(0.005)  # so that they arrive one by one
                peer.send(piece)
            if end == "reset":
                time.sleep(0.02)  # so that the answer is not lost with it
                peer.reset()
            if end == "hold":
                peer.hold()
            if end != "keep":
                return

    return handler


def ok(body: bytes = b"hi", *, more: bytes = b"") -> bytes:
    """A good answer."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), more, body)


@frozen
class Outcome:
    """What became of a request."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    extensions: dict[str, Any] = field(factory=dict, eq=False)


class Caller:
    """A transport, synchronous or not, driven from ordinary code."""

    def __init__(self, flavour: str, url: str, *, stock: bool = False, **options: Any) -> None:
        self.url = url
        self.flavour = flavour
        self.runner = asyncio.Runner() if flavour == "async" else None
        if stock:
            kind = httpx.HTTPTransport if flavour == "sync" else httpx.AsyncHTTPTransport
            self.transport: Any = kind(verify=False, **options)
        else:
            self.transport = http_transport(url, asynchronous=flavour == "async", **options)

    def request(
        self,
        method: str = "GET",
        path: str = "/",
        *,
        content: bytes | Iterable[bytes] | AsyncIterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
        stream: Any = None,
        deadline: float | None = None,
        **timeout: float,
    ) -> httpx.Request:
        seconds = {"connect": GUARD, "read": GUARD, "write": GUARD, "pool": GUARD} | timeout
        extensions: dict[str, Any] = {"timeout": seconds}
        if deadline is not None:
            extensions["deadline"] = time.monotonic() + deadline
        made = httpx.Request(method, self.url + path, content=content, headers=headers, extensions=extensions)
        if stream is not None:
            made.stream = stream
        return made

    def call(self, method: str = "GET", path: str = "/", **options: Any) -> Outcome:
        """A request and its whole answer."""
        return self.send(self.request(method, path, **options))

    def send(self, request: httpx.Request) -> Outcome:
        if self.runner is None:
            response = self.transport.handle_request(request)
            try:
                body = response.read()
            finally:
                response.close()
        else:
            response, body = self.run(self._answered(request))
        return Outcome(response.status_code, response.headers.raw, body, response.extensions)

    async def _answered(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        async with asyncio.timeout(GUARD * 2):
            response = await self.transport.handle_async_request(request)
            try:
                return response, await response.aread()
            finally:
                await response.aclose()

    def run(self, awaitable: Awaitable[Any]) -> Any:
        """On the loop of the asynchronous flavour."""
        assert self.runner is not None

        async def main() -> Any:
            return await awaitable

        return self.runner.run(main())

    def close(self) -> None:
        if self.runner is None:
            self.transport.close()
        else:
            self.run(self.transport.aclose())
            self.runner.close()

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request's body, made as it is sent."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces():
            yield piece
