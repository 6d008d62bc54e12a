"""Large bodies in constant memory, files sent by the kernel, and nothing left for the garbage collector."""

from __future__ import annotations

import asyncio
import errno
import gc
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from shared_socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import LIMIT, READERS, Caller, Stream, read_body

from vision_ai._transports.file_region import FileRegion
from vision_ai.transports import (
    BodyTooLargeError,
    ConnectError,
    Deadline,
    ReadError,
    RemoteProtocolError,
    TransportError,
    WriteError,
    WriteTimeout,
    run_sync,
)

LARGE = 24 * 1024 * 1024
BLOCK = b"0123456789abcdef" * 4096
MOST_IN_MEMORY = 3 * 1024 * 1024
"""Bytes that may be in memory at once, of the client and the server together."""
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def send_known_length(peer: Peer) -> None:
    while peer.read_request():
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        for _ in range(LARGE // len(BLOCK)):
            peer.send(BLOCK)


def send_chunks(peer: Peer) -> None:
    while peer.read_request():
        peer.send(CHUNKED)
        chunk = b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK)
        for _ in range(LARGE // len(BLOCK)):
            peer.send(chunk)
        peer.send(b"0\r\n\r\n")


def receive_body(peer: Peer) -> None:
    """Respond with the number of bytes of the request's body, and their SHA-256."""
    head, _, rest = peer.read_head().partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    digest, buffer, size = hashlib.sha256(rest), bytearray(65536), len(rest)
    while size < length:
        count = peer.connection.recv_into(buffer)
        if not count:
            return
        digest.update(memoryview(buffer)[:count])
        size += count
    peer.send(ok(b"%d %b" % (size, digest.hexdigest().encode())))


def summary(data: bytes) -> bytes:
    """Return what `receive_body` responds to it."""
    return b"%d %b" % (len(data), hashlib.sha256(data).hexdigest().encode())


def peak(work: Callable[[], object]) -> int:
    """Return the most bytes in memory at once while `work` runs."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("handler", [send_known_length, send_chunks])
def test_a_large_response_is_never_in_memory(flavor: str, handler: Callable[[Peer], None]) -> None:
    digest = hashlib.sha256()

    async def read() -> None:
        response = await caller.send()
        view = memoryview(bytearray(65536))
        while count := await response.read_into(view):
            digest.update(view[:count])

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        assert peak(lambda: caller.run(read())) < MOST_IN_MEMORY
        assert "1 idle" in repr(caller.transport)
    assert digest.digest() == hashlib.sha256(BLOCK * (LARGE // len(BLOCK))).digest()


@pytest.mark.parametrize("handler", [send_known_length, send_chunks])
def test_a_response_that_nobody_reads_does_not_fill_the_memory(handler: Callable[[Peer], None]) -> None:
    async def wait() -> None:
        response = await caller.send()
        await asyncio.sleep(0.2)
        await response.close()

    with serve(handler) as server, Caller("async", server.url) as caller:
        assert peak(lambda: caller.run(wait())) < MOST_IN_MEMORY


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("handler", [send_known_length, send_chunks])
def test_a_response_that_nobody_reads_at_first_is_complete(
    handler: Callable[[Peer], None], reader: str
) -> None:
    async def read() -> bytes:
        response = await caller.send()
        for _ in range(3):
            await asyncio.sleep(0.02)
            assert await response.read_into(first) == len(first)
            assert first == BLOCK[: len(first)]
        return await read_body(response, reader, 1 << 20)

    first = memoryview(bytearray(16))
    with serve(handler) as server, Caller("async", server.url) as caller:
        body = caller.run(read())
    assert len(body) == LARGE - 48
    assert (
        hashlib.sha256(BLOCK[:16] * 3 + body).digest()
        == hashlib.sha256(BLOCK * (LARGE // len(BLOCK))).digest()
    )


def test_a_piece_is_returned_before_the_next_one_comes(flavor: str) -> None:
    """Also where an event loop received it before anybody asked."""
    release = threading.Event()

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(CHUNKED)
        peer.send(b"5\r\nfirst\r\n")
        release.wait(GUARD)
        peer.send(b"6\r\nsecond\r\n0\r\n\r\n")

    async def read() -> None:
        response = await caller.send(deadline=Deadline(GUARD))
        assert await response.read_into(memoryview(bytearray(2))) == 2
        if flavor == "async":
            await asyncio.sleep(0.05)
        rest = memoryview(bytearray(100))
        count = await response.read_into(rest)
        assert rest[:count] == b"rst"
        release.set()
        assert await read_body(response, "read_into") == b"second"

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        caller.run(read())


BODY = bytes(range(256)) * 2000
FORMS: dict[str, tuple[bytes, ...]] = {
    "with the head": (ok(BODY),),
    "after the head": (ok(BODY)[: -len(BODY)], BODY),
    "in pieces": (ok(BODY)[:-400_000], BODY[-400_000:-100_000], BODY[-100_000:-1], BODY[-1:]),
    "in chunks": (CHUNKED + b"%x\r\n%b\r\n" % (len(BODY), BODY), b"0\r\n\r\n"),
    "in small chunks": (
        CHUNKED,
        b"".join(b"100;x=y\r\n%b\r\n" % BODY[:256] for _ in range(2000)) + b"0\r\nX: y\r\n\r\n",
    ),
    "until close": (b"HTTP/1.1 200 OK\r\n\r\n", BODY),
}


@pytest.mark.parametrize("exact", [False, True], ids=["", "exact length"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "sizes", [(1,), (10, 100_000), (256, 1, 65536), (200_000, 200_000, 200_000)], ids=str
)
def test_read_after_read_into_returns_the_rest(
    flavor: str, form: str, sizes: tuple[int, ...], exact: bool
) -> None:
    async def read() -> bytes:
        response = await caller.send(caller.request(exact_length=exact))
        assert await response.read_into(memoryview(b"")) == 0
        body = bytearray()
        for size in sizes:
            buffer = memoryview(bytearray(size))
            body += buffer[: await response.read_into(buffer)]
        assert body
        rest = await response.read(len(BODY) - len(body))
        assert len(rest) == len(BODY) - len(body)
        assert await response.read(0) == b""
        assert await response.read_into(memoryview(bytearray(10))) == 0
        await response.close()
        return bytes(body + rest)

    end = "close" if form == "until close" else "keep"
    with serve(respond(*FORMS[form], end=end)) as server, Caller(flavor, server.url) as caller:
        assert caller.run(read()) == BODY
        assert ("0 idle" if end == "close" else "1 idle") in repr(caller.transport)


@pytest.mark.parametrize("form", FORMS)
def test_a_rest_beyond_the_limit_is_refused(flavor: str, form: str) -> None:
    async def read() -> None:
        response = await caller.send()
        assert await response.read_into(memoryview(bytearray(1))) == 1
        with pytest.raises(BodyTooLargeError) as caught:
            await response.read(len(BODY) - 2)
        assert BODY[1:].startswith(caught.value.start[:100])
        assert caught.value.start
        with pytest.raises(ReadError):
            await response.read(LIMIT)
        with pytest.raises(ReadError):
            await response.read_into(memoryview(bytearray(1)))

    with serve(respond(*FORMS[form], end="close")) as server, Caller(flavor, server.url) as caller:
        caller.run(read())


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_empty_body_is_read_as_often_as_one_likes(flavor: str, reader: str, method: str) -> None:
    async def read() -> None:
        response = await caller.send(caller.request(method))
        for _ in range(3):
            assert await read_body(response, reader) == b""
        await response.close()

    length = 500 if method == "HEAD" else 0
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length
    with serve(respond(head)) as server, Caller(flavor, server.url) as caller:
        caller.run(read())
        caller.run(read())
        assert server.connections == 1


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("end", ["close", "reset"])
@pytest.mark.parametrize("form", ["known length", "chunks"])
def test_a_body_that_breaks_off_is_an_error_each_time_it_is_read(
    flavor: str, reader: str, end: str, form: str
) -> None:
    async def read() -> None:
        response = await caller.send()
        assert await response.read_into(memoryview(bytearray(1))) == 1
        with pytest.raises((ReadError, RemoteProtocolError)):
            await read_body(response, reader)
        for again in READERS:
            with pytest.raises(ReadError):
                await read_body(response, again)
        await response.close()

    start = CHUNKED + b"100\r\nhi" if form == "chunks" else ok(b"x" * 100)[:-50]
    with serve(respond(start, end=end)) as server, Caller(flavor, server.url) as caller:
        caller.run(read())


def test_a_large_request_is_never_in_memory(flavor: str) -> None:
    def blocks() -> Iterator[bytes]:
        for _ in range(LARGE // len(BLOCK)):
            yield BLOCK

    outcomes: list[Any] = []
    with serve(receive_body) as server, Caller(flavor, server.url) as caller:
        assert peak(lambda: outcomes.append(caller.call("PUT", body=Stream(blocks, LARGE)))) < MOST_IN_MEMORY
    assert outcomes[0].body == summary(BLOCK * (LARGE // len(BLOCK)))


class Form(Stream):
    """Bytes, a region of a file, and bytes."""

    def __init__(self, region: FileRegion) -> None:
        super().__init__(lambda: iter(()), len(b"before") + region.length + len(b"after"))
        self.region = region

    def segments(self) -> Iterator[bytes | FileRegion]:
        yield b"before"
        yield self.region
        yield b"after"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "backup.evo"
    path.write_bytes(BLOCK * 100)
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def sendfile_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "sendfile", refuse)


@pytest.fixture
def sigpipe_ends_the_program() -> Iterator[None]:
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGPIPE, before)


@pytest.mark.parametrize("situation", ["", "sendfile_is_not_supported", "sigpipe_ends_the_program"])
def test_a_region_of_a_file_is_sent(
    flavor: str, file: int, situation: str, request: pytest.FixtureRequest
) -> None:
    if situation:
        request.getfixturevalue(situation)
    reports: list[int] = []
    content = (BLOCK * 100)[10 : 10 + 5_000_000]
    form = Form(FileRegion(file, 10, len(content), reports.append))
    with serve(receive_body) as server, Caller(flavor, server.url) as caller:
        outcome = caller.call("PUT", body=form)
    assert outcome.body == summary(b"before" + content + b"after")
    assert sum(reports) == len(content)
    assert form.region.left == 0
    assert form.region.failure is None


def test_a_stream_may_consist_of_regions(flavor: str, file: int) -> None:
    class Regions(Form):
        def segments(self) -> Iterator[bytes | FileRegion]:
            yield b""
            yield FileRegion(file, 0, 0)
            yield FileRegion(file, 16, 16)
            yield FileRegion(file, 1, 3)
            yield b""

    form = Regions(FileRegion(file, 0, 8))
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        caller.call("PUT", body=form)
        assert server.requests[0].endswith(b"\r\n\r\n0123456789abcdef123")


def test_an_error_of_the_file_comes_through_unchanged(flavor: str, tmp_path: Path) -> None:
    """The head goes out with the first bytes of the body: here nothing is sent."""

    class FileFirst(Form):
        def segments(self) -> Iterator[bytes | FileRegion]:
            yield self.region

    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        region = FileRegion(descriptor, 0, 10)
        with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
            with pytest.raises(IsADirectoryError):
                caller.call("PUT", body=FileFirst(region))
            assert isinstance(region.failure, IsADirectoryError)
            assert caller.call().body == b"hi"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("situation", ["", "sendfile_is_not_supported", "sigpipe_ends_the_program"])
def test_a_file_that_became_shorter_is_an_error_of_the_file(
    flavor: str, file: int, situation: str, request: pytest.FixtureRequest
) -> None:
    if situation:
        request.getfixturevalue(situation)
    region = FileRegion(file, 0, 100 * len(BLOCK) + 1)
    with (
        serve(receive_body) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(OSError, match="shorter"),
    ):
        caller.call("PUT", body=Form(region))
    assert region.failure is not None


@pytest.mark.parametrize("situation", ["", "sendfile_is_not_supported", "sigpipe_ends_the_program"])
def test_a_connection_that_breaks_within_a_region_is_no_error_of_the_file(
    flavor: str, tmp_path: Path, situation: str, request: pytest.FixtureRequest
) -> None:
    if situation:
        request.getfixturevalue(situation)

    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.reset()

    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)
    with path.open("rb") as file, serve(handler) as server, Caller(flavor, server.url) as caller:
        region = FileRegion(file.fileno(), 0, LARGE)
        with pytest.raises(WriteError):
            caller.call("PUT", body=Form(region))
    assert region.failure is None


def receive_slowly(peer: Peer) -> None:
    while peer.connection.recv(20_000):
        time.sleep(0.005)


@pytest.mark.parametrize("handler", [receive_slowly, Peer.stall], ids=["slow", "silent"])
def test_a_file_that_is_not_accepted_in_time_is_a_write_timeout(
    flavor: str, tmp_path: Path, handler: Callable[[Peer], None]
) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)
    with path.open("rb") as file, serve(handler) as server, Caller(flavor, server.url) as caller:
        region = FileRegion(file.fileno(), 0, LARGE)
        with pytest.raises(WriteTimeout):
            caller.call("PUT", body=Form(region), deadline=Deadline(0.2))
        assert region.failure is None
        assert 0 < region.left < LARGE


def test_closing_the_transport_ends_the_sending_of_a_file(flavor: str, tmp_path: Path) -> None:
    """Here from its own progress callback; the request may have arrived in part."""
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)

    def close(_: int) -> None:
        transport: Any = getattr(caller.transport, "_direct", caller.transport)
        run_sync(transport.close())

    with path.open("rb") as file, serve(receive_body) as server, Caller(flavor, server.url) as caller:
        region = FileRegion(file.fileno(), 0, LARGE, close)
        with pytest.raises(WriteError, match="closed"):
            caller.call("PUT", body=Form(region))
        assert region.failure is None


def test_a_refusal_while_a_file_is_sent_is_read(flavor: str, tmp_path: Path) -> None:
    stop = threading.Event()

    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        stop.wait(GUARD)

    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)
    with path.open("rb") as file, serve(handler) as server, Caller(flavor, server.url) as caller:
        try:
            outcome = caller.call("PUT", body=Form(FileRegion(file.fileno(), 0, LARGE)))
        finally:
            stop.set()
        assert (outcome.status, outcome.body) == (413, b"too large")
        assert "0 idle" in repr(caller.transport)


@pytest.mark.parametrize("source", ["bytes", "stream", "file"])
def test_a_broken_connection_does_not_end_a_program_that_sigpipe_ends(tmp_path: Path, source: str) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.reset()

    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(LARGE)
    program = f"""
import signal
from vision_ai._transports.file_region import FileRegion
from vision_ai.transports import *

signal.signal(signal.SIGPIPE, signal.SIG_DFL)

class Body:
    content_type, length = "", {LARGE}
    def segments(self):
        if {source!r} == "file":
            yield FileRegion(file.fileno(), 0, {LARGE})
        for _ in range({LARGE} // 1024 if {source!r} == "stream" else 0):
            yield b"x" * 1024

file = open({str(path)!r}, "rb")
body = bytes({LARGE}) if {source!r} == "bytes" else Body()
headers = [(b"Content-Length", b"{LARGE}")]
for _ in range(3):
    route = open_route(URL)
    try:
        run_sync(route.transport.send(Request("PUT", parse_url(URL), headers, body), Deadline(10)))
    except WriteError:
        print("broken")
    run_sync(route.transport.close())
"""
    with serve(handler) as server:
        program = f"URL = {server.url!r}\n{program}"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [b"broken"] * 3, b"")


def test_an_exception_of_the_progress_callback_ends_the_call(flavor: str, file: int) -> None:
    class EnoughError(Exception):
        pass

    def stop(_: int) -> None:
        raise EnoughError

    region = FileRegion(file, 0, 1000, stop)
    with serve(receive_body) as server, Caller(flavor, server.url) as caller, pytest.raises(EnoughError):
        caller.call("PUT", body=Form(region))
    assert isinstance(region.failure, EnoughError)


@pytest.fixture
def no_automatic_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


RESPONSES = {
    "short": respond(ok(b"x" * 100)),
    "large": respond(ok(b"x" * 1_000_000)),
    "until close": respond(b"HTTP/1.1 200 OK\r\n\r\nhi", end="close"),
    "garbage": respond(b"garbage", end="close"),
    "half": respond(ok(b"12345")[:-1], end="close"),
    "reset": respond(end="reset"),
    "silence": respond(b"", end="hold"),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_nothing_is_left_for_the_garbage_collector(
    flavor: str, name: str, no_automatic_collection: None
) -> None:
    async def call() -> None:
        try:
            response = await caller.send(deadline=Deadline(None, stall=0.05))
            await response.read(LIMIT)
        except TransportError:
            pass

    async def calls() -> int:
        await call()
        gc.collect()
        for _ in range(5):
            await call()
        return gc.collect()

    with serve(RESPONSES[name]) as server, Caller(flavor, server.url) as caller:
        assert caller.run(calls()) == 0


EXACT: dict[str, tuple[bytes, ...]] = {
    "with the head": (ok(b"half") + b" and more",),
    "a little later": (ok(b"half"), b" and more"),
    "with the body": (ok(b"half")[:-4], b"half and more"),
    "after the body": (ok(b"half")[:-4], b"half", b" and more"),
    "after chunks": (CHUNKED + b"4\r\nhalf\r\n0\r\n\r\n", b" and more"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", EXACT)
def test_a_file_that_is_longer_than_its_announced_length_is_refused(
    flavor: str, name: str, reader: str
) -> None:
    def handler(peer: Peer) -> None:
        while peer.read_request():
            for number, piece in enumerate(EXACT[name]):
                if number:
                    time.sleep(0.01)
                peer.send(piece)

    with serve(handler) as server:
        with Caller(flavor, server.url) as caller:
            assert caller.call(reader=reader).body == b"half"  # as HTTP has it
        with Caller(flavor, server.url) as caller:
            with pytest.raises(RemoteProtocolError, match="more came"):
                caller.call(reader=reader, exact_length=True)
            assert "0 idle" in repr(caller.transport)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("end", ["keep", "close"])
def test_a_file_of_its_announced_length_is_read(flavor: str, reader: str, end: str) -> None:
    with serve(respond(ok(b"whole")[:-5], b"whole", end=end)) as server, Caller(flavor, server.url) as caller:
        for _ in range(2):
            assert caller.call(reader=reader, exact_length=True).body == b"whole"
        assert server.connections == (1 if end == "keep" else 2)


def test_a_deadline_that_passes_while_a_file_is_checked_does_not_lose_it(flavor: str) -> None:
    async def read() -> bytes:
        response = await caller.send(caller.request(exact_length=True), Deadline(0.3))
        view = memoryview(bytearray(10))
        count = await response.read_into(view)
        time.sleep(0.35)
        assert await response.read_into(view) == 0
        return bytes(view[:count])

    with serve(respond(ok(b"whole")[:-5], b"whole")) as server, Caller(flavor, server.url) as caller:
        assert caller.run(read()) == b"whole"


def test_bytes_that_are_no_response_before_the_connection_breaks_are_a_transport_error(flavor: str) -> None:
    broken = threading.Event()

    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
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
        pytest.raises(TransportError) as caught,
    ):
        caller.call("PUT", body=Stream(pieces, 3001))
    assert not isinstance(caught.value, ConnectError)
