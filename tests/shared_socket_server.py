"""Servers on this computer that do with each connection what a test needs, good or bad."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

GUARD = 20.0
"""Seconds after which a test that hangs fails."""

Handler = Callable[["Peer"], None]


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket, number: int, server: SocketServer) -> None:
        self.connection = connection
        self.number = number
        """Counted from 0."""
        self.server = server

    def read_request(self) -> bytes:
        """Read a whole request and count it. Returns nothing when the client has closed the connection."""
        data = self.read_head()
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

    def read_head(self) -> bytes:
        """Read a request's head, and what came with it."""
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

    def trickle(self, data: bytes, times: int = 10**6, pause: float = 0.01) -> None:
        """Send the same bytes again and again, until the client goes or the server stops."""
        for _ in range(times):
            if self.server.stopping.wait(pause):
                return
            self.send(data)

    def stall(self) -> None:
        """Do nothing until the server stops."""
        self.server.stopping.wait(GUARD)

    def hold(self) -> None:
        """Keep the connection open until the client closes it, or the server stops."""
        while self.connection.recv(65536):
            pass

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class SocketServer:
    """Gives each connection to the next handler, in its own thread; the last one gets all that follow."""

    def __init__(self, *handlers: Handler, listener: socket.socket | None = None) -> None:
        self.requests: list[bytes] = []
        """Whole requests, in the order in which they came."""
        self.connections = 0
        self.stopping = threading.Event()
        self._handlers = handlers
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.url = _url_of(self._listener)
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if connection.family != socket.AF_UNIX:
                # Without it, the kernel holds back what a handler sends while the client looks for it.
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            handler = self._handlers[min(self.connections, len(self._handlers) - 1)]
            peer = Peer(connection, self.connections, self)
            self.connections += 1
            thread = threading.Thread(target=self._handle, args=(peer, handler))
            self._open.append(connection)
            self._threads.append(thread)
            thread.start()

    def _handle(self, peer: Peer, handler: Handler) -> None:
        with peer.connection, contextlib.suppress(OSError):
            handler(peer)

    def stop(self) -> None:
        self.stopping.set()
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


def _url_of(listener: socket.socket) -> str:
    if listener.family == socket.AF_UNIX:
        return "http://module"
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def serve(*handlers: Handler, listener: socket.socket | None = None) -> Iterator[SocketServer]:
    """Run a server for the length of a `with` block."""
    server = SocketServer(*handlers, listener=listener)
    try:
        yield server
    finally:
        server.stop()


def respond(*pieces: bytes, end: str = "keep") -> Handler:
    """Send these bytes to every request; then keep, close, reset or hold the connection."""

    def handler(peer: Peer) -> None:
        while peer.read_request():
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(0.002)  # so that they arrive one by one
                peer.send(piece)
            if end == "reset":
                time.sleep(0.02)  # so that the response is not lost with the connection
                peer.reset()
            if end == "hold":
                peer.hold()
            if end != "keep":
                return

    return handler


def head(length: int | None = None, more: str = "") -> bytes:
    """The head of a successful response."""
    announced = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 200 OK\r\n{announced}{more}\r\n".encode()


def ok(body: bytes = b"hi", *, more: bytes = b"") -> bytes:
    """A successful response."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), more, body)
