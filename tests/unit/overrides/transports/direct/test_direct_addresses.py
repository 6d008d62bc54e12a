"""Where connections go, where they come from, and which transport carries them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from socket_server import Peer, ok, respond, serve
from transport_caller import Caller

from vision_ai._direct import http_transport


def respond_with_origin(peer: Peer) -> None:
    """Respond with the address that the connection comes from."""
    while peer.read_request():
        peer.send(ok(str(peer.connection.getpeername()[0]).encode()))


@pytest.fixture(scope="module")
def has_ipv6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")


def test_an_ipv6_host_is_reached(flavor: str, has_ipv6: None) -> None:
    listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    with serve(respond_with_origin, listener=listener) as server, Caller(flavor, server.url) as caller:
        assert "[::1]" in server.url
        assert caller.call().body == b"::1"
        assert b"Host: [::1]:" in server.requests[0]


def test_a_name_is_tried_at_each_of_its_addresses(flavor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def two(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "scale.test":
            return real(host, port, *args, **kwargs)
        if kwargs.get("flags"):
            raise socket.gaierror
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with serve(respond_with_origin) as server:
        url = server.url.replace("127.0.0.1", "scale.test")
        with Caller(flavor, url) as caller:
            assert caller.call().body == b"127.0.0.1"


def test_a_local_address_is_used(flavor: str) -> None:
    with (
        serve(respond_with_origin) as server,
        Caller(flavor, server.url, local_address="127.0.0.2") as caller,
    ):
        assert caller.call().body == b"127.0.0.2"


@pytest.mark.parametrize("local", ["::1", "192.0.2.1"])
def test_an_unusable_local_address_is_a_connect_error(flavor: str, local: str) -> None:
    with (
        serve(respond_with_origin) as server,
        Caller(flavor, server.url, local_address=local) as caller,
        pytest.raises(httpx.ConnectError, match=r"local address|192\.0\.2\.1"),
    ):
        caller.call()


def test_an_interface_is_used(flavor: str) -> None:
    with serve(respond_with_origin) as server, Caller(flavor, server.url, interface="lo") as caller:
        try:
            assert caller.call().body == b"127.0.0.1"
        except httpx.ConnectError as error:
            assert os.geteuid() != 0
            assert "CAP_NET_RAW" in str(error)


def test_a_missing_interface_is_a_connect_error(flavor: str) -> None:
    with serve(respond_with_origin) as server, Caller(flavor, server.url, interface="nothere0") as caller:
        with pytest.raises(httpx.ConnectError, match="nothere0"):
            caller.call()
        assert server.connections == 0


def test_a_unix_socket_is_reached(flavor: str, tmp_path: Path) -> None:
    path = str(tmp_path / "module.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    with serve(respond(ok()), listener=listener) as server, Caller(flavor, server.url, uds=path) as caller:
        assert caller.call().body == b"hi"
        assert caller.call().body == b"hi"
        assert server.connections == 1
        assert f"unix:{path}" in repr(caller.transport)


@pytest.mark.parametrize("name", ["nothing-here.sock", "long" * 50])
def test_a_missing_unix_socket_is_a_connect_error(flavor: str, tmp_path: Path, name: str) -> None:
    with (
        Caller(flavor, "http://module", uds=str(tmp_path / name)) as caller,
        pytest.raises(httpx.ConnectError),
    ):
        caller.call()


@pytest.mark.parametrize("address", ["https://127.0.0.1", "unix:/x", "127.0.0.1", "http://"])
def test_a_url_of_another_kind_is_rejected(flavor: str, address: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        http_transport(address, asynchronous=flavor == "async")


def test_an_invalid_local_address_is_rejected() -> None:
    with pytest.raises(ValueError, match="not-an-address"):
        http_transport("http://127.0.0.1", asynchronous=False, local_address="not-an-address")


def test_without_httptools_httpx_carries_calls(flavor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httptools", None)
    with (
        serve(respond_with_origin) as server,
        Caller(flavor, server.url, local_address="127.0.0.2") as caller,
    ):
        assert "httptools is not installed" in repr(caller.transport)
        assert isinstance(caller.transport, (httpx.HTTPTransport, httpx.AsyncHTTPTransport))
        assert caller.call().body == b"127.0.0.2"


def test_with_trio_httpx_carries_calls() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> None:
        async with http_transport(server.url, asynchronous=True) as transport:
            assert "Direct" in repr(transport)
            request = httpx.Request("GET", server.url, extensions={"timeout": {"connect": 5, "read": 5}})
            response = await transport.handle_async_request(request)
            assert await response.aread() == b"127.0.0.1"
            await response.aclose()
            assert "not asyncio" in repr(transport)

    with serve(respond_with_origin) as server:
        trio.run(main)


def test_a_program_without_an_event_loop_does_not_load_one() -> None:
    with serve(respond(ok())) as server:
        program = (
            "import sys, httpx\n"
            "from vision_ai._direct import http_transport\n"
            f"with http_transport({server.url!r}, asynchronous=False) as transport:\n"
            f"    assert transport.handle_request(httpx.Request('GET', {server.url!r})).read() == b'hi'\n"
            "heavy = {'asyncio', 'anyio', 'trio', 'httpcore', 'h11'} & set(sys.modules)\n"
            "sys.exit(', '.join(sorted(heavy)) or 0)"
        )
        done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
