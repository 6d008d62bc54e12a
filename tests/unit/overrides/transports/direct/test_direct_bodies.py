"""Large bodies in constant memory, files sent by the kernel, and nothing left for the garbage collector."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import signal
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import Caller, Stream

from vision_ai._direct import FileRegion, http_transport

LARGE = 32 * 1024 * 1024
BLOCK = b"0123456789abcdef" * 4096
MEMORY_LIMIT = 3 * 1024 * 1024
"""Bytes that the client and the server together may hold in memory."""


def send_large(peer: Peer) -> None:
    while peer.read_request():
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        for _ in range(LARGE // len(BLOCK)):
            peer.send(BLOCK)


def send_large_in_chunks(peer: Peer) -> None:
    while peer.read_request():
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK)
        for _ in range(LARGE // len(BLOCK)):
            peer.send(chunk)
        peer.send(b"0\r\n\r\n")


def read_all(peer: Peer) -> None:
    """Read a request; respond with the length and the SHA-256 of its body."""
    head, _, rest = peer.read_head().partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    digest, buffer, received_bytes = hashlib.sha256(rest), bytearray(65536), len(rest)
    while received_bytes < length:
        count = peer.connection.recv_into(buffer)
        if not count:
            return
        digest.update(memoryview(buffer)[:count])
        received_bytes += count
    peer.send(ok(b"%d %b" % (received_bytes, digest.hexdigest().encode())))


def receipt_of(data: bytes) -> bytes:
    return b"%d %b" % (len(data), hashlib.sha256(data).hexdigest().encode())


def peak(work: Callable[[], None]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("handler", [send_large, send_large_in_chunks])
def test_a_large_response_is_never_held_in_memory(flavor: str, handler: Callable[[Peer], None]) -> None:
    digest = hashlib.sha256()

    def read() -> None:
        if flavor == "sync":
            response = caller.transport.handle_request(caller.request())
            for piece in response.iter_bytes():
                digest.update(piece)
            return

        async def reading() -> None:
            response = await caller.transport.handle_async_request(caller.request())
            async for piece in response.aiter_bytes():
                digest.update(piece)

        caller.run(reading())

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        assert peak(read) < MEMORY_LIMIT
        assert "1 idle" in repr(caller.transport)
    assert digest.digest() == hashlib.sha256(BLOCK * (LARGE // len(BLOCK))).digest()


def test_an_unread_response_does_not_fill_the_memory() -> None:
    import asyncio

    def send() -> None:
        async def send_without_reading() -> None:
            response = await caller.transport.handle_async_request(caller.request())
            await asyncio.sleep(0.2)
            await response.aclose()

        caller.run(send_without_reading())

    with serve(send_large) as server, Caller("async", server.url) as caller:
        assert peak(send) < MEMORY_LIMIT


def test_a_large_request_is_never_held_in_memory(flavor: str) -> None:
    def blocks() -> Iterator[bytes]:
        for _ in range(LARGE // len(BLOCK)):
            yield BLOCK

    def send() -> None:
        outcome.append(caller.call("PUT", stream=Stream(blocks), headers={"Content-Length": str(LARGE)}))

    outcome: list[Any] = []
    with serve(read_all) as server, Caller(flavor, server.url) as caller:
        assert peak(send) < MEMORY_LIMIT
    assert outcome[0].body == receipt_of(BLOCK * (LARGE // len(BLOCK)))


class Form(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Bytes, a region of a file, and bytes."""

    def __init__(self, region: FileRegion) -> None:
        self.region = region
        self.length = len(b"before") + region.length + len(b"after")

    def segments(self) -> Iterator[bytes | FileRegion]:
        yield b"before"
        yield self.region
        yield b"after"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "backup.evo"
    path.write_bytes(BLOCK * 100)
    opened = os.open(path, os.O_RDONLY)
    yield opened
    os.close(opened)


@pytest.fixture
def no_sendfile(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> int:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "sendfile", fail)


@pytest.fixture
def ended_by_sigpipe() -> Iterator[None]:
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGPIPE, before)


@pytest.mark.parametrize("condition", [None, "no_sendfile", "ended_by_sigpipe"])
def test_a_region_of_a_file_is_sent(
    flavor: str, file: int, condition: str | None, request: pytest.FixtureRequest
) -> None:
    if condition is not None:
        request.getfixturevalue(condition)
    progress: list[int] = []
    content = (BLOCK * 100)[10 : 10 + 5_000_000]
    form = Form(FileRegion(file, 10, len(content), progress.append))
    with serve(read_all) as server, Caller(flavor, server.url) as caller:
        outcome = caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)})
    assert outcome.body == receipt_of(b"before" + content + b"after")
    assert sum(progress) == len(content)
    assert form.region.left == 0
    assert form.region.failure is None


def test_a_region_without_a_length_is_sent_as_one_chunk(flavor: str, file: int) -> None:
    received_bytes: list[bytes] = []

    def handler(peer: Peer) -> None:
        data = peer.read_head()
        while not data.endswith(b"0\r\n\r\n"):
            data += peer.connection.recv(65536)
        received_bytes.append(data.partition(b"\r\n\r\n")[2])
        peer.send(ok())

    form = Form(FileRegion(file, 0, 16))
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        caller.call("PUT", stream=form, headers={"Transfer-Encoding": "chunked"})
    assert received_bytes == [b"6\r\nbefore\r\n10\r\n0123456789abcdef\r\n5\r\nafter\r\n0\r\n\r\n"]


def test_a_file_that_became_shorter_is_a_file_error(flavor: str, file: int) -> None:
    region = FileRegion(file, 0, 100 * len(BLOCK) + 1)
    form = Form(region)
    with (
        serve(read_all) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(OSError, match="shorter"),
    ):
        caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)})
    assert region.failure is not None


def sparse_file(folder: Path) -> Path:
    """Make a large file that needs no disk."""
    path = folder / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)
    return path


def test_a_connection_lost_in_a_region_is_not_a_file_error(flavor: str, tmp_path: Path) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.reset()

    path = sparse_file(tmp_path)
    with path.open("rb") as opened, serve(handler) as server, Caller(flavor, server.url) as caller:
        region = FileRegion(opened.fileno(), 0, LARGE)
        form = Form(region)
        with pytest.raises(httpx.WriteError):
            caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)})
    assert region.failure is None


def test_an_early_error_response_is_read_though_the_region_was_not_sent(flavor: str, tmp_path: Path) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        time.sleep(0.05)  # so that the client waits until it can send more
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        peer.stall()

    path = sparse_file(tmp_path)
    with path.open("rb") as opened, serve(handler) as server, Caller(flavor, server.url) as caller:
        form = Form(FileRegion(opened.fileno(), 0, LARGE))
        outcome = caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)})
    assert (outcome.status, outcome.body) == (413, b"too large")


def test_a_region_that_the_server_does_not_read_ends_at_the_write_timeout(
    flavor: str, tmp_path: Path
) -> None:
    path = sparse_file(tmp_path)
    with (
        path.open("rb") as opened,
        serve(lambda peer: peer.stall()) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(httpx.WriteTimeout),
    ):
        form = Form(FileRegion(opened.fileno(), 0, LARGE))
        caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)}, write=0.05)


def test_a_progress_callback_may_raise(flavor: str, file: int) -> None:
    class Enough(Exception):
        pass

    def raise_enough(_: int) -> None:
        raise Enough

    region = FileRegion(file, 0, 1000, raise_enough)
    form = Form(region)
    with serve(read_all) as server, Caller(flavor, server.url) as caller, pytest.raises(Enough):
        caller.call("PUT", stream=form, headers={"Content-Length": str(form.length)})
    assert isinstance(region.failure, Enough)


@pytest.fixture
def collection_by_hand() -> Iterator[None]:
    gc.collect()
    gc.disable()
    gc.freeze()  # what exists now is not searched again
    yield
    gc.unfreeze()
    gc.enable()


RESPONSES = {
    "whole": respond(ok(b"x" * 100)),
    "great": respond(ok(b"x" * 1_000_000)),
    "until close": respond(b"HTTP/1.1 200 OK\r\n\r\nhi", end="close"),
    "garbage": respond(b"garbage", end="close"),
    "half": respond(ok(b"12345")[:-1], end="close"),
    "reset": respond(end="reset"),
    "silence": respond(b"", end="hold"),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_nothing_is_left_for_the_garbage_collector(flavor: str, name: str, collection_by_hand: None) -> None:
    def call() -> None:
        request = caller.request(read=0.05)
        try:
            response = caller.transport.handle_request(request)
            response.read()
        except httpx.HTTPError:
            pass

    async def call_async() -> None:
        request = caller.request(read=0.05)
        try:
            response = await caller.transport.handle_async_request(request)
            await response.aread()
        except httpx.HTTPError:
            pass

    async def calls() -> int:
        await call_async()
        gc.collect()
        for _ in range(5):
            await call_async()
        return gc.collect()

    with serve(RESPONSES[name]) as server, Caller(flavor, server.url) as caller:
        if flavor == "async":
            left = caller.run(calls())
        else:
            call()
            gc.collect()
            for _ in range(5):
                call()
            left = gc.collect()
        assert left == 0


@pytest.mark.parametrize("late", [False, True], ids=["at once", "a little later"])
@pytest.mark.parametrize("flavor", ["sync", "async"])
def test_bytes_after_the_announced_length_make_a_file_invalid(flavor: str, late: bool) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + (b"half" if late else b"half and more")
        )
        if late:
            time.sleep(0.01)
            connection.sendall(b" and more")
        connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            for _ in range(2):
                opened, _ = listener.accept()
                with opened:
                    serve(opened)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        assert read(flavor, url, {}) == b"half"  # as HTTP allows
        with pytest.raises(httpx.RemoteProtocolError, match="more came"):
            read(flavor, url, {"strict_end": True})
        thread.join()


def read(flavor: str, url: str, extensions: dict[str, Any]) -> bytes:
    request = httpx.Request("GET", url, extensions={"timeout": {"read": 10.0}, **extensions})
    if flavor == "sync":
        with http_transport(url, asynchronous=False) as transport:
            return transport.handle_request(request).read()

    async def main() -> bytes:
        async with http_transport(url, asynchronous=True) as transport:
            return await (await transport.handle_async_request(request)).aread()

    return asyncio.run(main())


def test_an_invalid_response_before_the_connection_breaks_is_an_httpx_error(flavor: str) -> None:
    broken = threading.Event()

    def handler(peer: Peer) -> None:
        peer.send(b"HELLO\r\n\r\n")
        peer.reset()
        broken.set()

    def pieces() -> Iterator[bytes]:
        yield b"a"
        assert broken.wait(GUARD)
        for _ in range(3):
            yield b"a" * 1000

    with (
        serve(handler) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(httpx.TransportError),
    ):
        caller.call("PUT", stream=Stream(pieces), headers={"Content-Length": "3001"})
