"""A relay between a till and a module that records everything that passes.

Bodies pass unchanged in both directions. What happens to the connection to the module also happens to the
till's: when the module refuses or loses a connection, the relay closes the till's without a response.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any, cast

import httpx

from vision_ai import DEFAULT_URL
from vision_ai._har.recording import RecordingTransport

from .failures import Failure, usage_failure
from .options import Run

HOST = "127.0.0.1"
CHUNK = 64 * 1024
"""Bytes."""
CONNECT_TIMEOUT = 5.0
"""Seconds."""
TRANSFER_TIMEOUT = 600.0
"""Seconds without a byte. The till has its own, shorter timeout."""
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host"}
)
"""Headers that belong to one connection and are not relayed."""


def run_relay(run: Run, file: Path, port: int, *, keep_secrets: bool) -> None:
    """Relay and record until Ctrl-C or SIGTERM."""
    module = (run.url or os.environ.get("VISION_AI_URL") or DEFAULT_URL).rstrip("/")
    if not module.startswith(("http://", "https://")):
        raise usage_failure(
            f"a relay needs an http address of a module, not {module!r}", "Give one: --url http://…"
        )
    transport = RecordingTransport(httpx.HTTPTransport(), file, secrets=keep_secrets)
    with transport, _listen(port, module, transport, run) as server:
        _serve_until_stopped(server, run, file)
    counted = f"{server.calls} call{'' if server.calls == 1 else 's'}"
    run.emit({"file": str(file), "calls": server.calls}, f"{file}  {counted}")


def _listen(port: int, module: str, transport: RecordingTransport, run: Run) -> _Server:
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
        f"{url} relays to {server.module} and records in {file}. Press Ctrl-C to stop.",
    )
    stop = threading.Event()

    def stop_serving(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_serving)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stop.wait()
    server.shutdown()
    thread.join()


class _Server(ThreadingHTTPServer):
    """Serves each connection of the till in a thread of its own."""

    daemon_threads = True
    block_on_close = False  # a till keeps its connection open

    def __init__(
        self, address: tuple[str, int], module: str, transport: RecordingTransport, run: Run
    ) -> None:
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
            self.send_error(411, explain="the relay needs a Content-Length")
            self.close_connection = True
            return
        try:
            request = self._make_request()
        except (ValueError, httpx.InvalidURL) as error:
            self.send_error(400, explain=str(error))
            self.close_connection = True
            return
        self._server.count_call()
        try:
            response = self._server.transport.handle_request(request)
        except (httpx.HTTPError, OSError) as error:
            self._close_after(error)
            return
        try:
            self._send_response(response)
        except (httpx.HTTPError, OSError) as error:
            self._close_after(error)
        finally:
            response.close()

    def _make_request(self) -> httpx.Request:
        length = int(self.headers.get("Content-Length") or 0)
        return httpx.Request(
            self.command,
            self._server.module + self.path,
            headers=[pair for pair in self.headers.items() if pair[0].lower() not in HOP_BY_HOP],
            content=self._read_body(length) if length else None,
            extensions={
                "timeout": {
                    "connect": CONNECT_TIMEOUT,
                    "read": TRANSFER_TIMEOUT,
                    "write": TRANSFER_TIMEOUT,
                    "pool": TRANSFER_TIMEOUT,
                }
            },
        )

    def _read_body(self, length: int) -> Iterator[bytes]:
        while length:
            chunk = self.rfile.read(min(length, CHUNK))
            if not chunk:
                raise httpx.ReadError("the till closed the connection in the middle of its request")
            length -= len(chunk)
            yield chunk

    def _send_response(self, response: httpx.Response) -> None:
        self.send_response_only(response.status_code, response.reason_phrase)
        for name, value in response.headers.raw:
            if name.decode("ascii").lower() not in HOP_BY_HOP:
                self.send_header(name.decode("ascii"), value.decode("latin-1"))
        if "content-length" not in response.headers:
            self.send_header("Connection", "close")  # the end of the connection ends the body
        self.end_headers()
        for chunk in cast(httpx.SyncByteStream, response.stream):
            self.wfile.write(chunk)
            self.wfile.flush()

    def _close_after(self, error: Exception) -> None:
        self.close_connection = True
        self._server.run.note(f"{self.command} {self.path}: {error}")

    def log_message(self, format: str, *args: Any) -> None:
        if self._server.run.options.verbose:
            self._server.run.note(format % args)
