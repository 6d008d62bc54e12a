"""Where connections go, where they come from, and which transport carries them."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from shared_socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import Caller, patient

from vision_ai._transports.direct import address as address_module
from vision_ai._transports.direct.address import Address
from vision_ai._transports.selection import open_direct
from vision_ai.transports import ConnectError, ConnectTimeout, Deadline

Targets = list[tuple[str, int]]


def send_peer_address(peer: Peer) -> None:
    """Respond with the address that the connection comes from."""
    while peer.read_request():
        peer.send(ok(str(peer.connection.getpeername()[0]).encode()))


@pytest.fixture(scope="module")
def has_ipv6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")


def test_an_ipv6_host(flavor: str, has_ipv6: None) -> None:
    listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    with serve(send_peer_address, listener=listener) as server, Caller(flavor, server.url) as caller:
        assert "[::1]" in server.url
        assert caller.call().body == b"::1"
        assert b"Host: [::1]:" in server.requests[0]
        assert "[::1]" in repr(caller.transport)


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Targets | Exception], None]:
    """Sets the addresses of the host scale.test."""
    original = socket.getaddrinfo
    addresses: list[Targets | Exception] = []

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "scale.test":
            return original(host, port, *args, **kwargs)
        if kwargs.get("flags"):
            raise socket.gaierror
        targets = addresses[-1]
        if isinstance(targets, Exception):
            raise targets
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, number),
            )
            for address, number in targets
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return addresses.append


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_a_name_is_tried_at_each_of_its_addresses(flavor: str, resolve: Callable[[Targets], None]) -> None:
    with serve(send_peer_address) as server:
        port = port_of(server.url)
        resolve([("127.0.0.1", 1), ("127.0.0.1", port)])
        with Caller(flavor, f"http://scale.test:{port}") as caller:
            assert caller.call().body == b"127.0.0.1"


def test_the_last_failure_of_a_name_is_raised(flavor: str, resolve: Callable[[Targets], None]) -> None:
    resolve([("127.0.0.1", 1), ("127.0.0.2", 1)])
    with Caller(flavor, "http://scale.test:1") as caller, pytest.raises(ConnectError, match=r"scale\.test:1"):
        caller.call()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port whose queue is full: connections to it wait."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield listener.getsockname()[1]


@pytest.mark.parametrize("limit", ["seconds", "stall"])
def test_an_address_that_is_silent_leaves_time_for_the_next_one(
    flavor: str, limit: str, silent_port: int, resolve: Callable[[Targets], None]
) -> None:
    deadline = Deadline(0.9) if limit == "seconds" else Deadline(None, stall=0.9)
    with serve(send_peer_address) as server:
        resolve([("127.0.0.1", silent_port), ("127.0.0.1", port_of(server.url))])
        with Caller(flavor, server.url.replace("127.0.0.1", "scale.test")) as caller:
            assert caller.call(deadline=deadline).body == b"127.0.0.1"
    assert deadline.elapsed < 0.9


def test_addresses_that_are_all_silent_end_in_time(
    flavor: str, silent_port: int, resolve: Callable[[Targets], None]
) -> None:
    resolve([("127.0.0.1", silent_port)] * 3)
    deadline = Deadline(0.2)
    with Caller(flavor, "http://scale.test") as caller, pytest.raises(ConnectTimeout):
        caller.call(deadline=deadline)
    assert 0.17 < deadline.elapsed < GUARD / 4


def test_a_name_of_which_no_address_fits_the_local_address(
    flavor: str, resolve: Callable[[Targets], None]
) -> None:
    resolve([("::1", 1)])
    with (
        Caller(flavor, "http://scale.test", local_address="127.0.0.1") as caller,
        pytest.raises(ConnectError, match="local address"),
    ):
        caller.call()


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "not known"), UnicodeError("label too long")], ids=repr
)
def test_a_name_that_is_not_found_is_a_connect_error(
    flavor: str, error: Exception, resolve: Callable[[Exception], None]
) -> None:
    resolve(error)
    with Caller(flavor, "http://scale.test") as caller, pytest.raises(ConnectError, match=r"scale\.test"):
        caller.call()


def test_a_name_that_is_not_found_in_time_is_a_connect_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    async def call() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
        await caller.send(deadline=Deadline(0.1))

    with Caller("async", "http://scale.test") as caller, pytest.raises(ConnectTimeout, match="name"):
        caller.run(call())


def test_a_local_address(flavor: str) -> None:
    with serve(send_peer_address) as server, Caller(flavor, server.url, local_address="127.0.0.2") as caller:
        assert caller.call().body == b"127.0.0.2"


@pytest.mark.parametrize("local", ["::1", "192.0.2.1"])
def test_a_local_address_that_is_not_possible(flavor: str, local: str) -> None:
    with (
        serve(send_peer_address) as server,
        Caller(flavor, server.url, local_address=local) as caller,
        pytest.raises(ConnectError, match=r"local address|192\.0\.2\.1"),
    ):
        caller.call()


def test_an_interface(flavor: str) -> None:
    with serve(send_peer_address) as server, Caller(flavor, server.url, interface="lo") as caller:
        try:
            assert caller.call().body == b"127.0.0.1"
        except ConnectError as error:
            assert os.geteuid() != 0
            assert "CAP_NET_RAW" in str(error)


class NoRightsSocket(socket.socket):
    """A socket of a program that may not choose an interface."""

    def setsockopt(self, *args: Any) -> None:
        if args[1] == socket.SO_BINDTODEVICE:
            raise PermissionError(1, "Operation not permitted")
        super().setsockopt(*args)


def test_an_interface_without_the_rights_for_it(flavor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(send_peer_address) as server, Caller(flavor, server.url, interface="lo") as caller:
        with monkeypatch.context() as patch:
            patch.setattr(address_module, "QuietSocket", NoRightsSocket)
            with pytest.raises(ConnectError, match="CAP_NET_RAW"):
                caller.call()
        assert server.connections == 0


def test_an_interface_that_does_not_exist(flavor: str) -> None:
    with serve(send_peer_address) as server, Caller(flavor, server.url, interface="nothere0") as caller:
        with pytest.raises(ConnectError, match="nothere0"):
            caller.call()
        assert server.connections == 0


def test_a_computer_without_free_sockets(flavor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    with Caller(flavor, "http://127.0.0.1:1") as caller:
        with pytest.raises(ConnectError, match="refused"):
            caller.call()  # and the event loop has its own sockets
        monkeypatch.setattr(address_module, "QuietSocket", refuse)
        with pytest.raises(ConnectError, match="Too many open files"):
            caller.call()
        monkeypatch.undo()


def test_a_unix_socket(flavor: str, tmp_path: Path) -> None:
    path = str(tmp_path / "module.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    with (
        serve(respond(ok()), listener=listener) as server,
        Caller(flavor, server.url, unix_socket=path) as caller,
    ):
        assert caller.call().body == b"hi"
        assert caller.call().body == b"hi"
        assert server.connections == 1
        assert f"unix:{path}" in repr(caller.transport)


@pytest.mark.parametrize("name", ["nothing-here.sock", "long" * 50])
def test_a_unix_socket_that_is_not_there(flavor: str, tmp_path: Path, name: str) -> None:
    with (
        Caller(flavor, "http://module", unix_socket=str(tmp_path / name)) as caller,
        pytest.raises(ConnectError),
    ):
        caller.call()


@pytest.mark.parametrize("address", ["https://127.0.0.1", "unix:/x", "127.0.0.1", "http://"])
def test_an_address_of_another_scheme_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        Address(address)


def test_a_local_address_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="not-an-address"):
        Address("http://127.0.0.1", local_address="not-an-address")


def test_under_trio_it_is_httpxs_own() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> None:
        address = Address(server.url, local_address="127.0.0.2")
        transport = open_direct(address, 1, asynchronous=True)
        assert "Direct" in repr(transport)
        for _ in range(2):
            response = await transport.send(caller.request(), patient())
            assert await response.read(100) == b"127.0.0.2"
            await response.close()
        assert "not asyncio" in repr(transport)
        await transport.close()
        with pytest.raises(ConnectError, match="closed"):
            await transport.send(caller.request(), patient())

    with serve(send_peer_address) as server, Caller("sync", server.url) as caller:
        trio.run(main)


def test_a_program_without_an_event_loop_does_not_load_one() -> None:
    with serve(respond(ok())) as server:
        program = (
            "import sys\n"
            "from vision_ai.transports import Deadline, Request, open_route, parse_url, run_sync\n"
            f"transport = open_route({server.url!r}).transport\n"
            f"request = Request('GET', parse_url({server.url!r}), [])\n"
            "response = run_sync(transport.send(request, Deadline(20)))\n"
            "assert run_sync(response.read(100)) == b'hi'\n"
            "run_sync(transport.close())\n"
            "heavy = {'asyncio', 'anyio', 'trio', 'httpx', 'httpcore', 'h11'} & set(sys.modules)\n"
            "sys.exit(', '.join(sorted(heavy)) or 0)"
        )
        done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
