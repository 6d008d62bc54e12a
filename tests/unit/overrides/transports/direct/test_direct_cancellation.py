"""A call that ends at any moment, by a cancellation or an exception: the next one gets its own response."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from shared_socket_server import Peer, ok, serve
from transport_caller import LIMIT, READERS, Caller, Stream, read_body

from vision_ai.transports import ReadError, TransportError

PAUSE = 0.002


def echo_slowly(peer: Peer) -> None:
    """Respond with the request's path, in pieces that arrive one by one."""
    while head := peer.read_head():
        while b"PUT" in head and not head.endswith(b"END"):
            time.sleep(PAUSE / 4)
            more = peer.connection.recv(100_000)
            if not more:
                return
            head += more
        path = head.split(b" ", 2)[1]
        response = ok(path * 3)
        for start in range(0, len(response), 30):
            time.sleep(PAUSE)
            peer.send(response[start : start + 30])


def body() -> Iterator[bytes]:
    for _ in range(20):
        yield b"x" * 100_000
    yield b"END"


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("reader", READERS)
def test_a_call_cancelled_at_any_moment_leaves_the_next_one_alone(method: str, reader: str) -> None:
    async def call(path: str) -> bytes:
        options: dict[str, Any] = {"body": Stream(body, 2_000_003)} if method == "PUT" else {}
        return (await caller.exchange(caller.request(method, path, **options), reader=reader)).body

    async def cancel_at_all_moments() -> int:
        cancelled = 0
        for moment in range(60):
            task = asyncio.create_task(call(f"/cancelled-{moment}"))
            if moment < 20:
                for _ in range(moment):
                    await asyncio.sleep(0)
            else:
                await asyncio.sleep((moment - 20) * PAUSE / 4)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                cancelled += 1
            if moment % 3 == 0:
                assert await call(f"/{moment}") == b"/%d" % moment * 3
        assert await call("/last") == b"/last" * 3
        return cancelled

    with serve(echo_slowly) as server, Caller("async", server.url) as caller:
        assert caller.run(cancel_at_all_moments()) > 20
        assert "1 idle" in repr(caller.transport)


@pytest.mark.parametrize("reader", READERS)
def test_a_cancelled_reading_of_the_body_closes_the_connection(reader: str) -> None:
    async def cancel() -> None:
        response = await caller.send(caller.request(path="/" + "x" * 100))
        task = asyncio.create_task(read_body(response, reader))
        await asyncio.sleep(PAUSE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for again in READERS:
            with pytest.raises(ReadError):
                await read_body(response, again)
        assert "0 idle" in repr(caller.transport)

    with serve(echo_slowly) as server, Caller("async", server.url) as caller:
        caller.run(cancel())


def test_a_cancelled_look_up_of_a_name_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    async def cancel() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
        task = asyncio.create_task(caller.send())
        await asyncio.sleep(PAUSE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Caller("async", "http://scale.test") as caller:
        caller.run(cancel())


def test_an_exception_of_the_bodys_own_comes_through(flavor: str) -> None:
    class OwnError(Exception):
        pass

    def fail() -> Iterator[bytes]:
        yield b"x" * 1000
        raise OwnError

    with serve(echo_slowly) as server, Caller(flavor, server.url) as caller:
        with pytest.raises(OwnError):
            caller.call("PUT", body=Stream(fail, 2000))
        assert caller.call(path="/after").body == b"/after" * 3


class InterruptError(BaseException):
    """Raised by a signal handler, as KeyboardInterrupt is."""


@pytest.fixture
def interrupt() -> Iterator[Callable[[], None]]:
    """Raises InterruptError in the main thread, wherever that is."""

    def handler(*_: object) -> None:
        raise InterruptError

    before = signal.signal(signal.SIGUSR1, handler)
    yield lambda: os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


CHUNK = b"1\r\nx\r\n"
PHASES: dict[str, tuple[bytes, bytes]] = {
    "before the head": (b"", b""),
    "within the head": (b"HTTP/1.1 200 OK\r\n", b""),
    "within the body": (ok(b"x" * 1000)[:-1], b""),
    "within a body that keeps coming": (ok(b"x" * 100)[:-100].replace(b"100", b"100000000"), b"x" * 65536),
    "within chunks that keep coming": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        CHUNK * 10_000,
    ),
    "within informational responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 10),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("phase", PHASES)
def test_an_exception_of_a_signal_handler_ends_a_call(
    phase: str, reader: str, interrupt: Callable[[], None]
) -> None:
    def handler(peer: Peer) -> None:
        while request := peer.read_request():
            if b"/interrupt" not in request:
                peer.send(ok(request.split(b" ", 2)[1]))
                continue
            first, more = PHASES[phase]
            peer.send(first)
            for number in range(10**6):
                if number == 3:
                    interrupt()
                time.sleep(PAUSE)
                peer.send(more)

    with serve(handler) as server, Caller("sync", server.url) as caller:
        for number in range(5):
            with pytest.raises(InterruptError):
                caller.call(path="/interrupt", reader=reader)
            assert caller.call(path=f"/{number}").body == b"/%d" % number
        assert "1 idle" in repr(caller.transport)


def test_an_exception_of_a_signal_handler_ends_the_sending_of_a_body(interrupt: Callable[[], None]) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        time.sleep(PAUSE * 3)
        interrupt()
        peer.stall()

    with serve(handler) as server, Caller("sync", server.url) as caller:
        with pytest.raises(InterruptError):
            caller.call("PUT", body=b"x" * 16_000_000)
        assert "0 idle" in repr(caller.transport)


def test_a_signal_without_an_exception_does_not_end_a_call(flavor: str) -> None:
    count = 0

    def count_signal(*_: object) -> None:
        nonlocal count
        count += 1

    before = signal.signal(signal.SIGALRM, count_signal)
    try:
        with serve(echo_slowly) as server, Caller(flavor, server.url) as caller:
            signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
            try:
                for number in range(5):
                    assert caller.call(path=f"/{number}").body == b"/%d" % number * 3
                outcome = caller.call("PUT", "/put", body=Stream(body, 2_000_003))
                assert outcome.body == b"/put" * 3
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert count > 5


def test_a_task_that_reads_too_late_gets_an_error_and_no_other_response() -> None:
    """The transport was closed in between, and another one uses the socket's number."""

    async def read() -> None:
        response = await caller.send(caller.request(path="/" + "x" * 100))
        await caller.transport.close()
        other = Caller("sync", server.url)
        try:
            await asyncio.to_thread(other.call, path="/other")
            with pytest.raises(TransportError):
                await response.read(LIMIT)
        finally:
            other.close()

    with serve(echo_slowly) as server, Caller("async", server.url) as caller:
        caller.run(read())
