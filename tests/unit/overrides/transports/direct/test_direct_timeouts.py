"""Every wait ends: at the deadline of the whole call, or when nothing moves for as long as `stall` allows."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from shared_socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import READERS, Caller, Stream, read_body

from vision_ai.transports import (
    ConnectError,
    ConnectTimeout,
    Deadline,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    TransportError,
    WriteError,
    WriteTimeout,
)

SECONDS = 0.2
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE = 16_000_000
"""Bytes, more than the kernel's buffers hold."""

LIMITS: dict[str, Callable[[float], Deadline]] = {
    "seconds": Deadline,
    "stall": lambda seconds: Deadline(None, stall=seconds),
    "seconds before stall": lambda seconds: Deadline(seconds, stall=GUARD),
    "stall before seconds": lambda seconds: Deadline(GUARD, stall=seconds),
}
"""Deadlines that end what stands still."""


@contextlib.contextmanager
def ends_after(seconds: float) -> Iterator[None]:
    """Check that this takes as long as that, and not much longer."""
    start = time.monotonic()
    yield
    assert seconds * 0.89 <= time.monotonic() - start < seconds + GUARD / 4


# The response, slow or silent.

SILENT_AFTER = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nX: ",
    "an informational response": b"HTTP/1.1 100 Continue\r\n\r\n",
    "the head": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
    "half a body": ok(b"x" * 1000)[:-500],
    "half a body until close": b"HTTP/1.1 200 OK\r\n\r\nx",
    "half a chunk": CHUNKED + b"5\r\nab",
    "the last chunk": CHUNKED + b"2\r\nab\r\n0\r\n",
}


SILENCES = [
    *((part, limit) for part in ("nothing", "half a body") for limit in LIMITS),
    *((part, limit) for part in SILENT_AFTER for limit in ("seconds", "stall") if "nothing" not in part),
]


@pytest.mark.parametrize(("part", "limit"), sorted(set(SILENCES)))
def test_silence_ends_in_time(flavor: str, part: str, limit: str) -> None:
    for reader in READERS:
        with serve(respond(SILENT_AFTER[part], end="hold")) as server, Caller(flavor, server.url) as caller:
            with ends_after(0.06), pytest.raises(ReadTimeout):
                caller.call(deadline=LIMITS[limit](0.06), reader=reader)
            assert "0 idle" in repr(caller.transport)


TRICKLES = {
    "head": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "empty lines": (b"", b"\r\n"),
    "informational responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    "body until close": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": (CHUNKED, b"1\r\nx\r\n"),
    "extension of a chunk": (CHUNKED + b"1;", b"x"),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", TRICKLES)
def test_a_response_that_trickles_ends_at_the_deadline(flavor: str, name: str, reader: str) -> None:
    first, again = TRICKLES[name]

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(first)
        peer.trickle(again, pause=0.005)

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        with pytest.raises((ReadTimeout, RemoteProtocolError)) as caught:
            caller.call(deadline=Deadline(SECONDS, stall=GUARD), reader=reader)
        assert (caught.type is RemoteProtocolError) == (name == "empty lines")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", ["known length", "chunks", "head"])
def test_a_response_that_trickles_does_not_stall(flavor: str, form: str, reader: str) -> None:
    """It takes longer than `stall`, and never stands still for as long."""
    piece, end = b"x" * 10, b""
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"
    if form == "chunks":
        first, piece, end = CHUNKED, b"a\r\nxxxxxxxxxx\r\n", b"0\r\n\r\n"
    if form == "head":
        first, piece, end = (
            b"HTTP/1.1 200 OK\r\nX: ",
            b"xxxxxxxxxx",
            b"\r\nContent-Length: 400\r\n\r\n" + b"x" * 400,
        )

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(first)
        peer.trickle(piece, 40)
        peer.send(end)
        peer.hold()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        start = time.monotonic()
        outcome = caller.call(deadline=Deadline(None, stall=0.3), reader=reader)
        assert outcome.body == b"x" * 400
        assert time.monotonic() - start > 0.3


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["body", "body of known length", "chunks"])
def test_a_body_that_never_ends_and_never_pauses_ends_at_the_deadline(
    flavor: str, name: str, reader: str
) -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        head, piece = CHUNKED, b"1\r\nx\r\n" * 1000
        if name != "chunks":
            length = b"Content-Length: 1000000000000000\r\n" if "length" in name else b""
            head, piece = b"HTTP/1.1 200 OK\r\n" + length + b"\r\n", b"x" * 65536
        peer.send(head)
        while True:
            peer.send(piece)

    async def read() -> None:
        response = await caller.send(deadline=Deadline(SECONDS))
        view = memoryview(bytearray(65536))
        while reader == "read_into" or "length" in name:
            await response.read_into(view)
        await response.read(10**12)

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        with ends_after(SECONDS), pytest.raises(ReadTimeout):
            caller.run(read())
        assert "0 idle" in repr(caller.transport)


@pytest.mark.parametrize("name", ["extension", "trailers", "trailer"])
def test_framing_without_end_does_not_fill_the_memory(flavor: str, name: str) -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(CHUNKED, {"extension": b"1;", "trailers": b"0\r\n", "trailer": b"0\r\nX: "}[name])
        while True:
            peer.send((b"X: y\r\n" if name == "trailers" else b"xxxxxx") * 1000)

    with (
        serve(handler) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(RemoteProtocolError),
    ):
        caller.call()


def test_a_reader_that_comes_too_late_gets_a_timeout(flavor: str) -> None:
    """A part of the body that came in time is no body."""

    async def read(reader: str) -> None:
        response = await caller.send(deadline=Deadline(0.2))
        assert await response.read_into(memoryview(bytearray(100_000))) > 0
        time.sleep(0.22)
        with pytest.raises(ReadTimeout):
            await read_body(response, reader)
        transport: Any = getattr(caller.transport, "_direct", caller.transport)
        assert not (transport._connections.open if flavor == "sync" else transport._open_connections)
        with pytest.raises((ReadTimeout, ReadError)):
            await read_body(response, reader)
        await response.close()

    with serve(respond(ok(b"x" * 1_000_000))) as server, Caller(flavor, server.url) as caller:
        for reader in READERS:
            caller.run(read(reader))
        assert "0 idle" in repr(caller.transport)


# The request, which the server does not accept.


@contextlib.contextmanager
def server_that_receives_nothing() -> Iterator[str]:
    release = threading.Event()
    with serve(lambda _: release.wait(GUARD) and None) as server:
        try:
            yield server.url
        finally:
            release.set()


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_a_server_that_receives_nothing_ends_in_time(flavor: str, streamed: bool, limit: str) -> None:
    body: Any = Stream(large_body, LARGE) if streamed else b"x" * LARGE
    with server_that_receives_nothing() as url, Caller(flavor, url) as caller:
        with ends_after(0.1), pytest.raises(WriteTimeout):
            caller.call("PUT", body=body, deadline=LIMITS[limit](0.1))
        assert "0 idle" in repr(caller.transport)


def receive_slowly(peer: Peer) -> None:
    peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    while peer.connection.recv(20_000):
        time.sleep(0.005)


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_a_server_that_receives_little_ends_at_the_deadline(flavor: str, streamed: bool) -> None:
    body: Any = Stream(large_body, LARGE) if streamed else b"x" * LARGE
    with (
        serve(receive_slowly) as server,
        Caller(flavor, server.url) as caller,
        ends_after(SECONDS),
        pytest.raises(WriteTimeout),
    ):
        caller.call("PUT", body=body, deadline=Deadline(SECONDS, stall=GUARD))


def test_a_server_that_receives_in_bursts_does_not_stall(flavor: str) -> None:
    def handler(peer: Peer) -> None:
        _, _, rest = peer.read_head().partition(b"\r\n\r\n")
        left, next_pause = LARGE - len(rest), LARGE
        while left > 0:
            if left < next_pause:
                time.sleep(0.1)
                next_pause -= LARGE // 8
            left -= len(peer.connection.recv(100_000))
        peer.send(ok())
        peer.hold()

    deadline = Deadline(None, stall=0.5)
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        assert caller.call("PUT", body=Stream(large_body, LARGE), deadline=deadline).body == b"hi"
    assert deadline.elapsed > 0.5


def test_a_body_that_is_made_slowly_ends_at_the_deadline(flavor: str) -> None:
    def pieces() -> Iterator[bytes]:
        while True:
            yield b"x"
            time.sleep(0.005)

    with (
        serve(respond(ok())) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(WriteTimeout),
    ):
        caller.call("PUT", body=Stream(pieces, 1_000_000), deadline=Deadline(SECONDS))


# The limits themselves.


@pytest.mark.parametrize("seconds", [1e7, 1e12, float("inf"), None])
@pytest.mark.parametrize("stall", [1e7, 1e12, float("inf"), None])
def test_a_deadline_has_no_upper_limit(flavor: str, seconds: float | None, stall: float | None) -> None:
    with serve(respond(ok()[:-1], ok()[-1:], end="close")) as server:
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
            with Caller(flavor, url) as caller:
                assert caller.call(deadline=Deadline(seconds, stall=stall)).body == b"hi"


@pytest.mark.parametrize(
    "deadline",
    [lambda: Deadline(-1), lambda: Deadline(0), lambda: Deadline(None, stall=0)],
    ids=["passed", "0 s", "stall of 0 s"],
)
def test_a_deadline_that_has_passed_is_a_timeout(flavor: str, deadline: Callable[[], Deadline]) -> None:
    with (
        serve(respond(ok())) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises((ConnectTimeout, ReadTimeout)),
    ):
        caller.call(deadline=deadline())


def test_a_deadline_that_has_passed_is_a_timeout_on_a_kept_connection(flavor: str) -> None:
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        caller.call()
        with pytest.raises((ConnectTimeout, ReadTimeout)):
            caller.call(deadline=Deadline(-1))
        assert caller.call().body == b"hi"


def test_signals_do_not_move_the_deadline(flavor: str) -> None:
    """Each signal interrupts the wait, which then goes on for the rest of its time."""
    signals: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: signals.append(number))
    try:
        with serve(respond(b"", end="hold")) as server, Caller(flavor, server.url) as caller:
            for limit in LIMITS.values():
                signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
                try:
                    with ends_after(SECONDS), pytest.raises(ReadTimeout):
                        caller.call(deadline=limit(SECONDS))
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
        with server_that_receives_nothing() as url, Caller(flavor, url) as caller:
            for limit in LIMITS.values():
                signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
                try:
                    with ends_after(SECONDS), pytest.raises(WriteTimeout):
                        caller.call("PUT", body=b"x" * LARGE, deadline=limit(SECONDS))
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(signals) > 20


# Connecting.


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """A port whose queue is full: connections to it wait."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("limit", LIMITS)
def test_a_connection_that_is_never_accepted_ends_in_time(flavor: str, limit: str) -> None:
    """Before the call's own time, so that it differs from a response that does not come."""
    with full_listener() as url, Caller(flavor, url) as caller:
        deadline = LIMITS[limit](0.1)
        with ends_after(0.1), pytest.raises(ConnectTimeout):
            caller.call(deadline=deadline)


def test_closing_ends_a_thread_that_still_connects() -> None:
    errors: list[type[BaseException]] = []

    def work() -> None:
        try:
            caller.call()
        except TransportError as error:
            errors.append(type(error))

    with full_listener() as url:
        caller = Caller("sync", url)
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.05)
        caller.close()
        thread.join(GUARD / 2)
        assert not thread.is_alive()
        assert errors == [ConnectError]


def test_closing_ends_a_task_that_still_connects() -> None:
    async def close_meanwhile() -> None:
        task = asyncio.create_task(caller.send())
        await asyncio.sleep(0.05)
        await caller.transport.close()
        with pytest.raises(ConnectError):
            await task

    with full_listener() as url, Caller("async", url) as caller:
        caller.run(close_meanwhile())


# Responses that come before the request was sent.


def large_body() -> Iterator[bytes]:
    for _ in range(LARGE // 100_000):
        yield b"x" * 100_000


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
@pytest.mark.parametrize("end", ["keep", "close"])
def test_an_early_refusal_is_read_although_the_body_was_not_received(
    flavor: str, streamed: bool, end: str
) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        if end == "close":
            peer.connection.shutdown(socket.SHUT_WR)
        stop.wait(GUARD)

    stop = threading.Event()
    body: Any = Stream(large_body, LARGE) if streamed else b"x" * LARGE
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        try:
            outcome = caller.call("PUT", body=body)
        finally:
            stop.set()
        assert (outcome.status, outcome.body) == (413, b"too large")
        assert "0 idle" in repr(caller.transport)


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_a_refusal_before_a_reset_is_read_where_the_kernel_still_has_it(flavor: str, streamed: bool) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        time.sleep(0.02)
        peer.reset()

    body: Any = Stream(large_body, LARGE) if streamed else b"x" * LARGE
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        outcome = caller.call("PUT", body=body)
        assert (outcome.status, outcome.body) == (413, b"too large")


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_connection_that_breaks_while_sending_is_a_write_error(
    flavor: str, end: str, streamed: bool
) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        if end == "reset":
            peer.reset()

    body: Any = Stream(large_body, LARGE) if streamed else b"x" * LARGE
    with serve(handler) as server, Caller(flavor, server.url) as caller, pytest.raises(WriteError):
        caller.call("PUT", body=body)


@pytest.mark.parametrize("early", [b"HTTP/1.1 100 Continue\r\n\r\n", b""], ids=["100", "200"])
def test_an_early_success_does_not_end_the_sending(flavor: str, early: bytes) -> None:
    received: list[int] = []

    def handler(peer: Peer) -> None:
        head = peer.read_head()
        peer.send(early or ok())
        count = len(head.partition(b"\r\n\r\n")[2])
        while count < LARGE:
            count += len(peer.connection.recv(1 << 20))
        received.append(count)
        if early:
            peer.send(ok())
        done.set()

    done = threading.Event()
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        assert caller.call("PUT", body=Stream(large_body, LARGE)).body == b"hi"
        assert done.wait(GUARD)
    assert received == [LARGE]


def test_garbage_while_sending_is_a_protocol_error(flavor: str) -> None:
    stop = threading.Event()

    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"garbage")
        stop.wait(GUARD)

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        try:
            with pytest.raises(RemoteProtocolError, match="garbage"):
                caller.call("PUT", body=b"x" * LARGE)
        finally:
            stop.set()
