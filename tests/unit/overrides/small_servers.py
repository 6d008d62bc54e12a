"""Servers that behave badly on purpose, on this computer only."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Behaviour = Callable[["Visit"], None]


class Visit:
    """One connection, and what a behaviour can do with it."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self.connection = connection
        self.stopping = stopping

    def read_request(self) -> bytes:
        """The head of the next request, and as much of its body as came along; empty at the end."""
        received = b""
        while b"\r\n\r\n" not in received:
            piece = self.connection.recv(65536)
            if not piece:
                return b""
            received += piece
        return received

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def stall(self) -> None:
        """Does nothing until the server ends."""
        self.stopping.wait(30)

    def dribble(self, data: bytes, times: int = 10**6, pause: float = 0.02) -> None:
        """Sends the same again and again, a little at a time; ends with the server, or after a while."""
        ends = time.monotonic() + 3
        for _ in range(times):
            if self.stopping.wait(pause) or time.monotonic() > ends:
                return
            self.send(data)


class SmallServer:
    """Gives each connection to the next behaviour; the last one has all that follow."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.visits = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            behaviour = self.behaviours[min(self.visits, len(self.behaviours) - 1)]
            self.visits += 1
            thread = threading.Thread(target=self._visit, args=(connection, behaviour))
            self._threads.append(thread)
            thread.start()

    def _visit(self, connection: socket.socket, behaviour: Behaviour) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            behaviour(Visit(connection, self._stopping))

    def stop(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError), socket.create_connection(self._listener.getsockname()):
            pass
        self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()


@contextlib.contextmanager
def serving(*behaviours: Behaviour) -> Iterator[SmallServer]:
    """A small server for the length of a `with`. Clients should be closed, or give up, before its end."""
    server = SmallServer(*behaviours)
    try:
        yield server
    finally:
        server.stop()


def head(length: int | None = None, more: str = "") -> bytes:
    """The head of an answer."""
    said = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 200 OK\r\n{said}{more}\r\n".encode()


def answering(body: bytes) -> Behaviour:
    """A good server: answers every request with this body."""

    def behave(visit: Visit) -> None:
        while visit.read_request():
            visit.send(head(len(body)) + body)

    return behave
