"""A relay between a till and a module, which records what passes.

Bodies are handed on as they come, in both directions. What happens to the module's end of a call happens to
the till's: a connection that the module refuses or loses is closed here without an answer.
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
PIECE = 64 * 1024
"""Bytes."""
CONNECT = 5.0
"""Seconds."""
PATIENCE = 600.0
"""Seconds that nothing may move; a till has its own, shorter patience."""
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host"}
)
"""Headers that belong to one connection and not to what passes over it."""


def relay(run: Run, file: Path, port: int, *, keep_secrets: bool) -> None:
    """Listens until Ctrl-C or SIGTERM."""
    module = (run.url or os.environ.get("VISION_AI_URL") or DEFAULT_URL).rstrip("/")
    if not module.startswith(("http://", "https://")):
        raise usage_failure(f"a till cannot be relayed to {module!r}", "Give the module's --url http://…")
    transport = RecordingTransport(httpx.HTTPTransport(), file, secrets=keep_secrets)
    with transport, _listening(port, module, transport, run) as server:
        _until_stopped(server, run, file)
    counted = f"{server.passed} call{'' if server.passed == 1 else 's'}"
    run.emit({"file": str(file), "calls": server.passed}, f"{file}  {counted}")


def _listening(port: int, module: str, transport: RecordingTransport, run: Run) -> _Server:
    try:
        return _Server((HOST, port), module, transport, run)
    except OSError as error:
        what = f"cannot listen on {HOST}, port {port}: {error.strerror}"
        raise Failure(what, "Choose another --listen PORT; 0 takes a free one.", kind="port") from None


def _until_stopped(server: _Server, run: Run, file: Path) -> None:
    url = f"http://{HOST}:{server.server_port}"
    run.emit(
        {"url": url, "module": server.module, "file": str(file)},
        f"{url} leads to {server.module}; what passes is written to {file}. Ctrl-C ends it.",
    )
    stop = threading.Event()

    def stopped(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    stop.wait()
    server.shutdown()
    listening.join()


class _Server(ThreadingHTTPServer):
    """One thread for each of the till's connections."""

    daemon_threads = True
    block_on_close = False  # a till keeps its connection open

    def __init__(
        self, address: tuple[str, int], module: str, transport: RecordingTransport, run: Run
    ) -> None:
        super().__init__(address, _Handler)
        self.module = module
        self.transport = transport
        self.run = run
        self.passed = 0
        self._counting = threading.Lock()

    def count(self) -> None:
        with self._counting:
            self.passed += 1

    def handle_error(self, request: object, client_address: object) -> None:
        """A till that goes away between two calls."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET

    @property
    def _relay(self) -> _Server:
        return cast(_Server, self.server)

    def _pass_on(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            self.send_error(411, explain="the relay takes bodies with a Content-Length only")
            self.close_connection = True
            return
        try:
            request = self._request()
        except (ValueError, httpx.InvalidURL) as error:
            self.send_error(400, explain=str(error))
            self.close_connection = True
            return
        self._relay.count()
        try:
            response = self._relay.transport.handle_request(request)
        except (httpx.HTTPError, OSError) as error:
            self._lost(error)
            return
        try:
            self._answer(response)
        except (httpx.HTTPError, OSError) as error:
            self._lost(error)
        finally:
            response.close()

    def _request(self) -> httpx.Request:
        length = int(self.headers.get("Content-Length") or 0)
        return httpx.Request(
            self.command,
            self._relay.module + self.path,
            headers=[pair for pair in self.headers.items() if pair[0].lower() not in HOP_BY_HOP],
            content=self._body(length) if length else None,
            extensions={
                "timeout": {"connect": CONNECT, "read": PATIENCE, "write": PATIENCE, "pool": PATIENCE}
            },
        )

    def _body(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self.rfile.read(min(length, PIECE))
            if not piece:
                raise httpx.ReadError("the till has gone in the middle of its request")
            length -= len(piece)
            yield piece

    def _answer(self, response: httpx.Response) -> None:
        self.send_response_only(response.status_code, response.reason_phrase)
        for name, value in response.headers.raw:
            if name.decode("ascii").lower() not in HOP_BY_HOP:
                self.send_header(name.decode("ascii"), value.decode("latin-1"))
        if "content-length" not in response.headers:
            self.send_header("Connection", "close")  # its end is the body's end
        self.end_headers()
        for piece in cast(httpx.SyncByteStream, response.stream):
            self.wfile.write(piece)
            self.wfile.flush()

    def _lost(self, error: Exception) -> None:
        self.close_connection = True
        self._relay.run.note(f"{self.command} {self.path}: {error}")

    def log_message(self, format: str, *args: Any) -> None:
        if self._relay.run.options.verbose:
            self._relay.run.note(format % args)
