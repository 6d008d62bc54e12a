"""The emulator over a socket: uvicorn's connections around `wire` and `control`, on two ports.

A port cannot refuse some connections and take others. So the device has a port that is really closed while it
restarts, or refuses connections on purpose, and the control interface has another that stays open all the
time. While the device's port is open it answers control calls too.

The answer to `reboot` must come through, and whoever has it must find the port closed: the listener is shut
between doing what was asked and answering.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from types import TracebackType

import uvicorn
from uvicorn.config import LOGGING_CONFIG
from uvicorn.server import ServerState

from vision_ai_emulator.control.access import Guard, is_loopback
from vision_ai_emulator.control.request import Served
from vision_ai_emulator.control.routing import PREFIX
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.serving.asgi_app import Handler
from vision_ai_emulator.serving.connection import Connection

DEFAULT_PORT = 8172

_BACKLOG = 128
# How often it is looked whether the device is back, in seconds of real time.
_LOOK_EVERY = 0.02
# What is still being transferred when the device goes down is cut off after this many seconds.
_GRACE = 1


@contextmanager
def serve(
    emulator: Emulator,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    control_port: int | None = None,
    token: str | None = None,
) -> Generator[str]:
    """Serve an emulator over HTTP from a background thread and yield its base URL, without a final slash.

    Args:
        emulator: The device to serve.
        host: The address to listen on. Any address but a loopback address requires a `token`.
        port: The device's port; 0 selects a free one.
        control_port: The port of the control interface, which stays open while the device is down;
            None selects a free one. The device's port answers control calls too.
        token: The token that every control call must send.

    Raises:
        OSError: A port is in use.
        ValueError: A token is missing or not printable ASCII.
    """
    with EmulatorServer(emulator, host, port, control_port=control_port, token=token) as server:
        yield server.url


class EmulatorServer:
    """Serves one device from a background thread between `start` and `stop`, or as a context manager."""

    def __init__(
        self,
        emulator: Emulator,
        host: str,
        port: int,
        *,
        control_port: int | None = None,
        token: str | None = None,
        state_file: str | None = None,
        verbose: bool = False,
    ) -> None:
        """Raises ValueError where others than this machine could reach the control without a token."""
        if token is None and not is_loopback(host):
            raise ValueError(
                f"{host} can be reached by others: give a token, which they need to use the control interface"
            )
        if token is not None and not (token and token.isascii() and token.isprintable()):
            raise ValueError("the token must be of printable ASCII characters, one at least")
        self._emulator = emulator
        self._host = host
        self._port = port
        self._any_port = port == 0
        self._control_port = control_port
        self._token = token
        self._state_file = state_file
        self._verbose = verbose
        self._stopping = False
        self._ports: tuple[_Port, ...] = ()
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._run, name="vision-ai-emulator", daemon=True)

    @property
    def url(self) -> str:
        """The device's base URL, without a final slash; the port is known once started."""
        return self._url(self._port)

    @property
    def control_url(self) -> str:
        """The control interface's URL, on the port where it is always open; known once started."""
        return f"{self._url(self._control_port or 0)}{PREFIX}/"

    @property
    def connections(self) -> int:
        """How many connections there are now, on both ports; 0 unless it serves."""
        return sum(len(port.connections) for port in self._ports)

    def start(self) -> None:
        """Open the ports and serve. Raises OSError where one is taken."""
        self._listener: socket.socket | None = self._listen(self._port)
        self._port = self._listener.getsockname()[1]
        try:
            self._control_listener = self._listen_for_control()
        except (OSError, OverflowError):
            self._listener.close()
            raise
        self._control_port = self._control_listener.getsockname()[1]
        self._thread.start()
        self._loop = self._ready.result()
        self._emulator.control.served = Served(
            url=self.url, control_url=self.control_url, state_file=self._state_file
        )
        self._emulator.device.on_reboot.append(self._look_again)
        self._emulator.faults.on_change.append(self._look_again)
        # Something may have changed since the loop began.
        self._look_again()

    def stop(self) -> None:
        """Close the ports and all connections, and wait until that is done."""
        self._stopping = True
        self._look_again()
        self._thread.join()
        self._emulator.device.on_reboot.remove(self._look_again)
        self._emulator.faults.on_change.remove(self._look_again)
        self._emulator.control.served = Served()

    def __enter__(self) -> EmulatorServer:
        self.start()
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _url(self, port: int) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{port}"

    def _listen(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio turns Nagle's algorithm off only for a socket that says it is TCP: 44 ms a call otherwise.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, port))
            # Connections made from now on wait for the loop, so a URL that was handed out always works.
            listener.listen(_BACKLOG)
        except (OSError, OverflowError):
            listener.close()
            raise
        return listener

    def _listen_for_control(self) -> socket.socket:
        if self._control_port is not None:
            return self._listen(self._control_port)
        # Easy to find, unless the device's port was to be any, or the next one is somebody else's.
        with suppress(OSError, OverflowError):
            if not self._any_port:
                return self._listen(self._port + 1)
        return self._listen(0)

    def _look_again(self) -> None:
        """Have the loop look how things are now. From any thread."""
        # A loop that is closed has nothing left to look at.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._changed.set)

    def _reachable(self) -> bool:
        return not self._stopping and self._emulator.device.up and not self._emulator.faults.port_closed

    # All that follows runs in the thread of the loop

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            if not self._ready.done():
                self._ready.set_exception(RuntimeError("the emulator's server could not be started"))

    async def _serve(self) -> None:
        self._changed = asyncio.Event()
        guard = Guard(self._host, self._token, frozenset({self._port, self._control_port or 0}))
        device = _Port(Handler(self._emulator, guard, self._follow), self._verbose)
        control = _Port(Handler(self._emulator, guard, self._follow, elsewhere=self.url), self._verbose)
        self._device = device
        self._ports = (device, control)
        control.open(self._control_listener)
        if self._reachable() and self._listener is not None:
            device.open(self._listener)
        elif self._listener is not None:
            self._listener.close()
        self._listener = None
        self._ready.set_result(asyncio.get_running_loop())
        while not self._stopping:
            self._changed.clear()
            self._follow()
            if self._reachable() and not device.is_open:
                # Somebody else may have taken the port meanwhile; it may become free again.
                with suppress(OSError):
                    device.open(self._listen(self._port))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if device.is_open else _LOOK_EVERY)
        device.close()
        control.close()
        await asyncio.gather(device.emptied(), control.emptied())

    def _follow(self) -> None:
        """Close the device's port if it is to be closed now."""
        if self._device.is_open and not self._reachable():
            self._device.close()


class _Port:
    """A port that can be opened and closed again, and the connections made to it.

    It accepts connections by itself: asyncio's server forgets one that comes in the moment it is closed.
    """

    def __init__(self, handler: Handler, verbose: bool) -> None:
        self._config = uvicorn.Config(
            handler,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=LOGGING_CONFIG if verbose else None,
            log_level="info" if verbose else "critical",
            access_log=verbose,
            proxy_headers=False,
            server_header=False,
            interface="asgi3",
        )
        self._config.load()
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._state = ServerState()
        self._listener: socket.socket | None = None
        self._admissions: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        """Whether connections can be made."""
        return self._listener is not None

    @property
    def connections(self) -> list[Connection]:
        """The connections there are now."""
        return [each for each in self._state.connections.copy() if isinstance(each, Connection)]

    def open(self, listener: socket.socket) -> None:
        """Take connections."""
        self._handler.closing = False
        self._listener = listener
        listener.setblocking(False)
        self._loop.add_reader(listener, self._accept)

    def close(self) -> None:
        """Refuse connections, and end those there are: idle ones now, busy ones with their answer."""
        if self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        self._handler.closing = True
        connections = self.connections
        for connection in connections:
            connection.shutdown()
        self._loop.call_later(_GRACE, _cut, connections)

    async def emptied(self) -> None:
        """Wait until all connections have ended."""
        while self._state.connections or self._state.tasks or self._admissions:
            await asyncio.sleep(0.005)

    def _accept(self) -> None:
        # Whoever came may be gone again, or the process may have no file descriptors left for the moment.
        with suppress(OSError):
            if self._listener is not None:
                connected, _ = self._listener.accept()
                admission = self._loop.create_task(self._admit(connected))
                self._admissions.add(admission)
                admission.add_done_callback(self._admissions.discard)

    async def _admit(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        await self._loop.connect_accepted_socket(self._connection, connected)

    def _connection(self) -> Connection:
        connection = Connection(self._config, self._state, {})
        connection.welcome = lambda: self.is_open
        return connection


def _cut(connections: list[Connection]) -> None:
    for connection in connections:
        connection.transport.abort()
