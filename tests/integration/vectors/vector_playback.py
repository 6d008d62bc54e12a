"""A server that sends the responses of a vector, byte for byte."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from attrs import field, frozen

from vectors import raw_response

TIMEOUT = 10.0
"""Seconds without data until a connection is closed."""
CLOSED = {"then": "close"}


@frozen
class Request:
    """A request of a client."""

    method: str
    target: str
    headers: dict[str, str]
    """Names are in lower case."""
    body: bytes = field(repr=lambda body: repr(body[:200]))


class Playback:
    """Responds to the requests in the order of the exchanges, and keeps the requests in `requests`.

    Each connection has a thread, so that the server also receives requests that are not expected.
    """

    def __init__(self, exchanges: list[dict[str, Any]]) -> None:
        self.requests: list[Request] = []
        responses = iter([exchange["response"] for exchange in exchanges])

        class Connection(socketserver.StreamRequestHandler):
            timeout = TIMEOUT

            def handle(connection) -> None:
                with contextlib.suppress(OSError):
                    for request in _read_requests(connection.rfile):
                        self.requests.append(request)
                        response = next(responses, CLOSED)
                        connection.wfile.write(raw_response(response))
                        if response.get("then") == "close":
                            return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Playback:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop after the client closed its connections."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _read_requests(stream: BinaryIO) -> Iterator[Request]:
    while line := stream.readline():
        method, target, _ = line.decode("latin-1").split(" ")
        headers: dict[str, str] = {}
        while (line := stream.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        yield Request(method, target, headers, stream.read(int(headers.get("content-length", 0))))
