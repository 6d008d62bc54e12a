"""The emulator over a socket, with uvicorn's connections on two ports.

A port cannot refuse some connections and accept others. Therefore the device's port is closed while the
device restarts, is unplugged, or a fault refuses connections, and the control interface has a port of its own, which is
always open. The device's port also accepts control calls while it is open.

A client must receive the response to `reboot`, and then find the port closed. Therefore the server closes the
listener after the operation and before the response.
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

from vision_ai_emulator.control.access import AccessPolicy, is_loopback
from vision_ai_emulator.control.interface import PREFIX
from vision_ai_emulator.emulator import Emulator, ServerInfo
from vision_ai_emulator.serving.asgi_app import AsgiApp
from vision_ai_emulator.serving.connection import Connection
from vision_ai_emulator.serving.descriptors import EXHAUSTED, ReserveDescriptor, get_connection_limits

DEFAULT_PORT = 8172

_BACKLOG = 128
# On Windows, SO_REUSEADDR would let two programs listen on one port.
_EXCLUSIVE_ADDRESS: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
# Seconds of real time between the checks whether the device is reachable again, or restarts by itself.
_CHECK_INTERVAL = 0.02
# Seconds after which a transfer ends that is still running when the port was closed.
_GRACE_PERIOD = 1


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
        control_port: The port of the control interface, which stays open while the device is unreachable;
            None selects a free one. The device's port accepts control calls too.
        token: The token that every control call must send.

    Raises:
        OSError: A port is in use.
        ValueError: A token is missing or not printable ASCII.
    """
    with EmulatorServer(emulator, host, port, control_port=control_port, token=token) as server:
        yield server.url


class EmulatorServer:
    """Serves an emulator from a background thread between `start` and `stop`, or as a context manager."""

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
        """Raises ValueError if other computers could use the control interface without a token."""
        if token is None and not is_loopback(host):
            raise ValueError(
                f"other computers can reach {host}: give a token, which the control interface then requires"
            )
        if token is not None and not (token and token.isascii() and token.isprintable()):
            raise ValueError("the token must consist of one or more printable ASCII characters")
        self._emulator = emulator
        self._host = host
        self._port = port
        self._is_any_port = port == 0
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
        """The device's base URL, without a final slash. The port is known after `start`."""
        return self._make_url(self._port)

    @property
    def control_url(self) -> str:
        """The control interface's URL on its own port, which is known after `start`."""
        return f"{self._make_url(self._control_port or 0)}{PREFIX}/"

    @property
    def connections(self) -> int:
        """The current number of connections on both ports."""
        return sum(len(port.connections) for port in self._ports)

    def start(self) -> None:
        """Open the ports and serve. Raises OSError if a port is in use."""
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
        self._emulator.server_info = ServerInfo(
            url=self.url, control_url=self.control_url, state_file=self._state_file
        )
        self._emulator.device.on_reboot.append(self._wake_up)
        self._emulator.faults.on_change.append(self._wake_up)
        # Something may have changed since the loop started.
        self._wake_up()

    def stop(self) -> None:
        """Close the ports and all connections, and wait until they are closed."""
        self._stopping = True
        self._wake_up()
        self._thread.join()
        self._emulator.device.on_reboot.remove(self._wake_up)
        self._emulator.faults.on_change.remove(self._wake_up)
        self._emulator.server_info = ServerInfo()

    def __enter__(self) -> EmulatorServer:
        self.start()
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _make_url(self, port: int) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{port}"

    def _listen(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio disables Nagle's algorithm only for an explicit TCP socket. It would add 44 ms to a call.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, _EXCLUSIVE_ADDRESS, 1)
            listener.bind((self._host, port))
            # From now on connections wait for the loop, so a URL works as soon as it is known.
            listener.listen(_BACKLOG)
        except (OSError, OverflowError):
            listener.close()
            raise
        return listener

    def _listen_for_control(self) -> socket.socket:
        if self._control_port is not None:
            return self._listen(self._control_port)
        # The next port is easy to find, but another program may use it.
        with suppress(OSError, OverflowError):
            if not self._is_any_port:
                return self._listen(self._port + 1)
        return self._listen(0)

    def _wake_up(self) -> None:
        """Make the loop check the state of the device. Thread-safe."""
        # A closed loop raises RuntimeError; it has nothing to check.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._changed.set)

    def _is_reachable(self) -> bool:
        return not self._stopping and self._emulator.device.up and not self._emulator.faults.closes_port

    # The methods below run in the thread of the loop

    def _run(self) -> None:
        try:
            # Explicitly: Windows' own event loop cannot watch a listener, nor can those of other libraries.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        finally:
            if not self._ready.done():
                self._ready.set_exception(RuntimeError("the emulator's server could not start"))

    async def _serve(self) -> None:
        self._changed = asyncio.Event()
        access = AccessPolicy(self._host, self._token, frozenset({self._port, self._control_port or 0}))
        reserve = ReserveDescriptor()
        limit, control_limit = get_connection_limits()
        device = _Port(AsgiApp(self._emulator, access, self._update_ports), self._verbose, limit)
        control = _Port(
            AsgiApp(self._emulator, access, self._update_ports, self.url), self._verbose, control_limit
        )
        device.reserve = control.reserve = reserve
        control.is_essential = True
        self._device_port = device
        self._ports = (device, control)
        control.open(self._control_listener)
        if self._is_reachable() and self._listener is not None:
            device.open(self._listener)
        elif self._listener is not None:
            self._listener.close()
        self._listener = None
        self._ready.set_result(asyncio.get_running_loop())
        while not self._stopping:
            self._changed.clear()
            self._update_ports()
            if self._is_reachable() and not device.is_open:
                # Another program may use the port meanwhile, and release it later.
                with suppress(OSError):
                    device.open(self._listen(self._port))
            is_stable = device.is_open and not self._emulator.device.will_restart
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if is_stable else _CHECK_INTERVAL)
        device.close()
        control.close()
        await asyncio.gather(device.wait_until_empty(), control.wait_until_empty())
        reserve.release()

    def _update_ports(self) -> None:
        """Close the device's port if the device is unreachable."""
        if self._device_port.is_open and not self._is_reachable():
            self._device_port.close()


class _Port:
    """A port that can be opened and closed repeatedly, and its connections.

    It accepts connections itself: asyncio's server loses a connection that arrives while it is being closed.
    At its limit the oldest idle connection gives way to a new one.
    """

    reserve: ReserveDescriptor
    is_essential = False
    """Whether it uses the reserve to serve a connection, rather than only to refuse it."""

    def __init__(self, app: AsgiApp, verbose: bool, limit: int) -> None:
        self._limit = limit
        self._opened: dict[Connection, None] = {}
        self._config = uvicorn.Config(
            app,
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
        self._app = app
        self._loop = asyncio.get_running_loop()
        self._state = ServerState()
        self._listener: socket.socket | None = None
        self._setups: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        """Whether the port accepts connections."""
        return self._listener is not None

    @property
    def connections(self) -> list[Connection]:
        """The current connections."""
        return [each for each in self._state.connections.copy() if isinstance(each, Connection)]

    def open(self, listener: socket.socket) -> None:
        """Accept connections."""
        self._app.is_closing = False
        self._listener = listener
        listener.setblocking(False)
        self._loop.add_reader(listener, self._accept)

    def close(self) -> None:
        """Refuse connections, end idle ones now, and end busy ones after their response."""
        if self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        self._app.is_closing = True
        connections = self.connections
        for connection in connections:
            connection.shutdown()
        self._loop.call_later(_GRACE_PERIOD, _abort, connections)

    async def wait_until_empty(self) -> None:
        """Wait until all connections have ended."""
        while self._state.connections or self._state.tasks or self._setups:
            await asyncio.sleep(0.005)

    def _accept(self) -> None:
        if self._listener is None:
            return
        self.reserve.acquire()
        try:
            client, _ = self._listener.accept()
        except OSError as error:
            # The client may have disconnected, or the process may have no free file descriptor.
            if error.errno not in EXHAUSTED:
                return
            reserved = self._accept_with_reserve(self._listener)
            if reserved is None:
                return
            client = reserved
        if not self._make_room():
            client.close()
            return
        setup = self._loop.create_task(self._set_up(client))
        self._setups.add(setup)
        setup.add_done_callback(self._setups.discard)

    def _accept_with_reserve(self, listener: socket.socket) -> socket.socket | None:
        """Accept a connection without a free descriptor; return it if it is to be served."""
        if not self.reserve.release():
            # The listener stays readable: without a pause the loop would do nothing else.
            self._loop.remove_reader(listener)
            self._loop.call_later(_CHECK_INTERVAL, self._resume, listener)
            return None
        try:
            client, _ = listener.accept()
        except OSError:
            self.reserve.acquire()
            return None
        if self.is_essential:
            return client
        client.close()
        self.reserve.acquire()
        return None

    def _resume(self, listener: socket.socket) -> None:
        if self._listener is listener:
            self._loop.add_reader(listener, self._accept)

    def _make_room(self) -> bool:
        """End the oldest idle connection if there are too many; False if all are busy."""
        self._opened = {each: None for each in self._opened if not each.is_closed}
        if len(self._opened) + len(self._setups) < self._limit:
            return True
        for each in self._opened:
            if each.is_idle:
                each.transport.abort()
                return True
        return False

    async def _set_up(self, client: socket.socket) -> None:
        client.setblocking(False)
        await self._loop.connect_accepted_socket(self._make_connection, client)

    def _make_connection(self) -> Connection:
        connection = Connection(self._config, self._state, lambda: self.is_open)
        self._opened[connection] = None
        return connection


def _abort(connections: list[Connection]) -> None:
    for connection in connections:
        connection.transport.abort()
