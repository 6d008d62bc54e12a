"""A response that came before the whole request was sent, over the transports of httpx: https, proxies, trio."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
import trustme
from shared_socket_server import GUARD, Handler, Peer, ok, serve

from vision_ai._transports.direct.address import Address
from vision_ai._transports.fallback import open_fallback
from vision_ai._transports.selection import open_route
from vision_ai.transports import (
    Deadline,
    Request,
    Response,
    Transport,
    WriteTimeout,
    parse_url,
    run_sync,
)

T = TypeVar("T")

REFUSED = b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large"
LARGE = 16_000_000
"""Bytes, more than the kernel's buffers hold."""
STALL = 0.2
"""Seconds."""
ROUTES = (
    "https",
    "fallback",
    *(
        pytest.param(route, marks=pytest.mark.slow)
        for route in ("proxy", "https over a proxy", "http_client")
    ),
)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def flavor(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def server_tls(certificate_authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate_authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(autouse=True)
def trusted(certificate_authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = tmp_path / "authority.pem"
    certificate_authority.cert_pem.write_to_path(str(certificates))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates))


class Line:
    """The way from one kind of client to a server."""

    def __init__(self, route: str, flavor: str, tls: ssl.SSLContext) -> None:
        self._route = route
        self._flavor = flavor
        self._tls = tls

    @property
    def reads_after_stall(self) -> bool:
        """Whether the connection is still good after a write that stalled: asynchronous TLS is not."""
        return self._flavor == "sync" or not self._route.startswith("https")

    def wrap(self, handler: Handler) -> Handler:
        """Add what comes before the first request: a proxy's CONNECT, the TLS handshake."""

        def wrapped(peer: Peer) -> None:
            if self._route == "https over a proxy":
                peer.read_head()
                peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            if self._route.startswith("https"):
                peer.connection = self._tls.wrap_socket(peer.connection, server_side=True)
            with peer.connection:
                handler(peer)

        return wrapped

    def run(self, server_url: str, use: Callable[[Transport, str], Awaitable[T]]) -> T:
        url = server_url.replace("http:", "https:") if self._route.startswith("https") else server_url

        async def main() -> T:
            async with httpx.AsyncClient() as client:
                transport = self._open(url, server_url, client)
                try:
                    return await use(transport, url)
                finally:
                    await transport.close()

        async def main_of_threads() -> T:
            with httpx.Client() as client:
                transport = self._open(url, server_url, client)
                try:
                    return await use(transport, url)
                finally:
                    await transport.close()

        if self._flavor == "sync":
            return run_sync(main_of_threads())
        return anyio.run(main, backend=self._flavor)

    def _open(self, url: str, server_url: str, client: Any) -> Transport:
        asynchronous = self._flavor != "sync"
        if self._route == "fallback":
            return open_fallback(Address(url), "a test", asynchronous=asynchronous)
        options: dict[str, Any] = {}
        if self._route == "http_client":
            options["http_client"] = client
        if "proxy" in self._route:
            options["proxy"] = server_url
        return open_route(url, asynchronous=asynchronous, **options).transport


@pytest.fixture(params=ROUTES)
def line(request: pytest.FixtureRequest, flavor: str, server_tls: ssl.SSLContext) -> Line:
    return Line(request.param, flavor, server_tls)


class Body:
    content_type = "application/octet-stream"

    def __init__(self, length: int) -> None:
        self.length = length

    def chunks(self) -> Iterator[bytes]:
        for _ in range(self.length // 100_000):
            yield b"x" * 100_000

    segments = chunks


def make_upload(url: str, length: int = LARGE, *, streamed: bool = True) -> Request:
    body: Any = Body(length) if streamed else b"x" * length
    return Request("POST", parse_url(url + "/"), [(b"Content-Length", b"%d" % length)], body)


async def read(response: Response) -> tuple[int, bytes, bool]:
    try:
        return response.status, bytes(await response.read(1000)), response.request_sent
    finally:
        await response.close()


def refuse(end: str) -> Handler:
    """Respond to the head of a request, and receive no more."""

    def handler(peer: Peer) -> None:
        peer.read_head()
        peer.send(REFUSED)
        if end == "hold":
            peer.stall()
        peer.server.stopping.wait(0.05)  # so that the response is not lost with the connection
        if end == "reset":
            peer.reset()

    return handler


async def upload(transport: Transport, url: str) -> tuple[int, bytes, bool]:
    return await read(await transport.send(make_upload(url), Deadline(GUARD, stall=STALL)))


def test_a_refusal_is_read_although_the_body_was_not_received(line: Line) -> None:
    with serve(line.wrap(refuse("hold"))) as server:
        if line.reads_after_stall:
            assert line.run(server.url, upload) == (413, b"too large", False)
        else:
            with pytest.raises(WriteTimeout, match=r"not accepted in time; a response .* cannot be read"):
                line.run(server.url, upload)


def test_a_refusal_on_a_connection_that_was_kept_is_read(line: Line) -> None:
    def handler(peer: Peer) -> None:
        peer.read_head()
        peer.send(ok())
        refuse("hold")(peer)

    async def call_and_upload(transport: Transport, url: str) -> list[tuple[int, bytes, bool]]:
        call = Request("GET", parse_url(url + "/"), [])
        return [await read(await transport.send(call, Deadline(GUARD))), await upload(transport, url)]

    if line.reads_after_stall:
        with serve(line.wrap(handler), line.wrap(refuse("hold"))) as server:
            assert line.run(server.url, call_and_upload) == [(200, b"hi", True), (413, b"too large", False)]


@pytest.mark.parametrize("line", ROUTES, indirect=True)
@pytest.mark.parametrize("flavor", ["sync"], indirect=True)
@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_a_refusal_is_read_when_the_deadline_ends_the_sending(line: Line, streamed: bool) -> None:
    async def upload_in_time(transport: Transport, url: str) -> tuple[int, bytes, bool]:
        return await read(await transport.send(make_upload(url, streamed=streamed), Deadline(STALL)))

    with serve(line.wrap(refuse("hold"))) as server:
        assert line.run(server.url, upload_in_time) == (413, b"too large", False)


@pytest.mark.parametrize("line", ROUTES, indirect=True)
@pytest.mark.parametrize("flavor", ["sync"], indirect=True)
@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_refusal_before_the_end_of_the_connection_is_read(line: Line, end: str) -> None:
    with serve(line.wrap(refuse(end))) as server:
        assert line.run(server.url, upload) == (413, b"too large", False)


def test_a_stall_without_a_whole_head_is_a_timeout(line: Line) -> None:
    def handler(peer: Peer) -> None:
        peer.read_head()
        peer.send(b"HTTP/1.1 413 Too")
        peer.stall()

    with serve(line.wrap(handler)) as server, pytest.raises(WriteTimeout, match="not accepted in time"):
        line.run(server.url, upload)


def test_an_early_success_is_no_end_of_the_sending(line: Line) -> None:
    length = 1_000_000

    def handler(peer: Peer) -> None:
        count = len(peer.read_head().partition(b"\r\n\r\n")[2])
        peer.send(ok())
        while count < length:
            count += len(peer.connection.recv(1 << 20))

    async def upload_little(transport: Transport, url: str) -> tuple[int, bytes, bool]:
        return await read(await transport.send(make_upload(url, length), Deadline(GUARD)))

    with serve(line.wrap(handler)) as server:
        assert line.run(server.url, upload_little) == (200, b"hi", True)
