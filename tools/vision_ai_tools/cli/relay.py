"""A relay between a till and a module that records everything that passes.

Bodies pass unchanged in both directions. What happens to the connection to the module also happens to the
till's: when the module refuses or loses a connection, the relay closes the till's without a response.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from types import FrameType
from typing import Any, cast

from vision_ai.recording import Recorder
from vision_ai.transports import (
    Deadline,
    Request,
    Response,
    Transport,
    TransportError,
    open_route,
    parse_url,
    resolve_url,
    run_sync,
)

from .failures import Failure, usage_failure
from .options import Run

HOST = "127.0.0.1"
CHUNK = 64 * 1024
"""Bytes."""
CHECK_INTERVAL = 0.1
"""Seconds between the checks whether a signal arrived."""
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


def run_relay(run: Run, file: Path, port: int, *, keep_secrets: bool) -> None:
    """Relay and record until Ctrl-C or SIGTERM."""
    module = resolve_url(run.url).rstrip("/")
    if not module.startswith(("http://", "https://")):
        raise usage_failure(
            f"a relay needs an http address of a module, not {module!r}", "Give one: --url http://…"
        )
    recorder = Recorder(open_route(module).transport, file, secrets=keep_secrets)
    try:
        with _listen(port, module, recorder, run) as server:
            _serve_until_stopped(server, run, file)
    finally:
        run_sync(recorder.close())
    counted = f"{server.calls} call{'' if server.calls == 1 else 's'}"
    run.emit({"file": str(file), "calls": server.calls}, (file, f"  {counted}"))


def _listen(port: int, module: str, transport: Transport, run: Run) -> _Server:
    try:
        return _Server((HOST, port), module, transport, run)
    except OSError as error:
        message = f"cannot listen on {HOST}, port {port}: {error.strerror}"
        raise Failure(
            message, "Choose another port: --listen PORT (0 for a free one).", kind="port"
        ) from None


def _serve_until_stopped(server: _Server, run: Run, file: Path) -> None:
    url = f"http://{HOST}:{server.server_port}"
    run.emit(
        {"url": url, "module": server.module, "file": str(file)},
        (f"{url} relays to {server.module} and records in ", file, ". Press Ctrl-C to stop."),
    )
    stopped = False

    def stop_serving(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_serving)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    while not stopped:  # no lock: on Windows, a signal does not end the wait for one
        time.sleep(CHECK_INTERVAL)
    server.shutdown()
    thread.join()


class _Server(ThreadingHTTPServer):
    """Serves each connection of the till in a thread of its own."""

    allow_reuse_address = os.name == "posix"  # on Windows, two programs could then listen on one port
    daemon_threads = True
    block_on_close = False  # a till keeps its connection open

    def __init__(self, address: tuple[str, int], module: str, transport: Transport, run: Run) -> None:
        super().__init__(address, _Handler)
        self.module = module
        self.transport = transport
        self.run = run
        self.calls = 0
        self._counter_lock = threading.Lock()

    def count_call(self) -> None:
        with self._counter_lock:
            self.calls += 1

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a till that closes its connection between two calls."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._relay()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET

    @property
    def _server(self) -> _Server:
        return cast(_Server, self.server)

    def _relay(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self._refuse(411, "the relay needs a Content-Length")
            return
        try:
            request = self._make_request()
        except ValueError as error:
            self._refuse(400, str(error))
            return
        self._server.count_call()
        try:
            run_sync(self._exchange(request))
        except (TransportError, OSError) as error:
            self.close_connection = True
            self._server.run.note(f"{self.command} {self.path}: {error}")

    def _refuse(self, status: int, reason: str) -> None:
        self.send_error(status, explain=reason)
        self.close_connection = True

    def _make_request(self) -> Request:
        headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in self.headers.items()
            if name.lower() not in NOT_RELAYED
        ]
        length = int(self.headers.get("Content-Length") or 0)
        body = _RelayedBody(self.rfile, length)
        url = parse_url(self._server.module + self.path)
        # The transport can send a small body again where the module has closed an idle connection.
        return Request(self.command, url, headers, b"".join(body.chunks()) if length <= CHUNK else body)

    async def _exchange(self, request: Request) -> None:
        response = await self._server.transport.send(request, Deadline(None, STALL_TIMEOUT))
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
        if self._server.run.options.verbose:
            self._server.run.note(format % args)


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
                raise ConnectionError("the till closed the connection in the middle of its request")
            left -= len(chunk)
            yield chunk

    def segments(self) -> Iterator[bytes]:
        return self.chunks()
