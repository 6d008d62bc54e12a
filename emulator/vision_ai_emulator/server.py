"""The emulator over a socket: uvicorn and a little Starlette around `wire`.

One thing takes care: a restart of the device. The answer to `reboot` must come through, and whoever has it
must find the port closed. So the answer waits until the listener is shut; the supervising thread opens the
port again when the device is back.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send
from uvicorn.config import LOGGING_CONFIG

from vision_ai_emulator.answer import Answer
from vision_ai_emulator.emulator import Emulator

DEFAULT_PORT = 8172

_BACKLOG = 128
# How often the supervisor looks whether the device is back, in seconds of real time.
_LOOK_EVERY = 0.02
# What is still being transferred when the device goes down is cut off after this many seconds.
_GRACE = 1


class EmulatorServer:
    """Serves one device from a background thread between `start` and `stop`, or as a context manager."""

    def __init__(self, emulator: Emulator, host: str, port: int, *, verbose: bool = False) -> None:
        self._emulator = emulator
        self._host = host
        self._port = port
        self._verbose = verbose
        self._stopping = threading.Event()
        self._listener: socket.socket | None = None
        self._uvicorn: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._supervise, name="vision-ai-emulator", daemon=True)

    @property
    def url(self) -> str:
        """The base URL, without a final slash; the port is known once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Open the port and serve. Raises OSError where the port is taken."""
        self._listener = self._listen()
        self._port = self._listener.getsockname()[1]
        self._emulator.device.on_reboot.append(self._close)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and all connections, and wait until that is done."""
        self._stopping.set()
        self._close()
        self._thread.join()
        self._emulator.device.on_reboot.remove(self._close)

    def __enter__(self) -> EmulatorServer:
        self.start()
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio turns Nagle's algorithm off only for a socket that says it is TCP: 44 ms a call otherwise.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            # Connections made from now on wait for uvicorn, so a URL that was handed out always works.
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        return listener

    def _close(self) -> None:
        server = self._uvicorn
        if server:
            server.should_exit = True

    def _supervise(self) -> None:
        """Serve until stopped, once for every time that the device is up."""
        while not self._stopping.is_set():
            if not self._emulator.device.up:
                self._stopping.wait(_LOOK_EVERY)
                continue
            if self._listener is None:
                try:
                    self._listener = self._listen()
                except OSError:  # somebody else has taken the port meanwhile; it may become free again
                    self._stopping.wait(_LOOK_EVERY)
                    continue
            self._serve(self._listener)
            self._listener = None
        if self._listener is not None:
            self._listener.close()

    def _serve(self, listener: socket.socket) -> None:
        """Serve until the device goes down or the server is stopped. Closes the listener."""
        handler = _Handler(self._emulator, listener)
        config = uvicorn.Config(
            Starlette(routes=[Mount("/", app=handler)]),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=LOGGING_CONFIG if self._verbose else None,
            log_level="info" if self._verbose else "critical",
            access_log=self._verbose,
            proxy_headers=False,
            server_header=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=_GRACE,
        )
        self._uvicorn = uvicorn.Server(config)
        # A stop or restart that came before there was a server to tell.
        if self._stopping.is_set() or not self._emulator.device.up:
            listener.close()
            return
        self._uvicorn.run(sockets=[listener])


class _Handler:
    """The ASGI application: every path goes to the wire, which answers unknown ones too."""

    def __init__(self, emulator: Emulator, listener: socket.socket) -> None:
        self._emulator = emulator
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        # The path as it came: decoded only where the wire means to.
        target = scope["raw_path"].decode("latin-1")
        exchange = self._emulator.wire.begin(request.method, target, request.headers)
        try:
            async for chunk in request.stream():
                exchange.feed(chunk)
            answer = exchange.finish()
        except ClientDisconnect:
            return
        finally:
            exchange.close()
        if not self._emulator.device.up:
            await self._until_closed()
        await _send(answer, send)

    async def _until_closed(self) -> None:
        # uvicorn closes the listener first when it is told to exit; a closed socket has no file descriptor.
        while self._listener.fileno() != -1:
            await asyncio.sleep(_LOOK_EVERY)


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.streamed:
        for piece in answer.pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": answer.body})
