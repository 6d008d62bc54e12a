"""Every wait ends at its own timeout or at the deadline of the whole call."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import Caller, Stream

DEADLINE = 0.1
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

TRICKLES = {
    "head": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "empty lines": (b"", b"\r\n"),
    "informational answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    "body until close": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": (CHUNKED, b"1\r\nx\r\n"),
    "chunk's extension": (CHUNKED + b"1;", b"x"),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize("name", TRICKLES)
def test_a_trickling_response_ends_at_the_deadline(flavor: str, name: str) -> None:
    first, again = TRICKLES[name]

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(first)
        while True:
            peer.send(again)
            time.sleep(0.005)

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        with pytest.raises((httpx.ReadTimeout, httpx.RemoteProtocolError)) as caught:
            caller.call(deadline=DEADLINE)
        assert (caught.type is httpx.RemoteProtocolError) == (name == "empty lines")


@pytest.mark.parametrize("name", ["body", "chunks"])
def test_an_endless_body_ends_at_the_deadline(flavor: str, name: str) -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        if name == "body":
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                peer.send(b"x" * 65536)
        peer.send(CHUNKED)
        while True:
            peer.send(b"1\r\nx\r\n" * 1000)

    with serve(handler) as server, Caller(flavor, server.url) as caller, pytest.raises(httpx.ReadTimeout):
        caller.call(deadline=DEADLINE)


@pytest.mark.parametrize("name", ["extension", "trailers", "trailer"])
def test_endless_framing_does_not_fill_the_memory(flavor: str, name: str) -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(CHUNKED, {"extension": b"1;", "trailers": b"0\r\n", "trailer": b"0\r\nX: "}[name])
        while True:
            peer.send((b"X: y\r\n" if name == "trailers" else b"xxxxxx") * 1000)

    with (
        serve(handler) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        caller.call()


def test_a_server_that_reads_nothing_ends_at_the_write_timeout(flavor: str) -> None:
    release = threading.Event()

    def handler(peer: Peer) -> None:
        release.wait(GUARD)

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        try:
            with pytest.raises(httpx.WriteTimeout):
                caller.call("PUT", content=b"x" * 50_000_000, write=0.1)
        finally:
            release.set()


def test_a_server_that_reads_slowly_ends_at_the_deadline(flavor: str) -> None:
    def handler(peer: Peer) -> None:
        while peer.connection.recv(20_000):
            time.sleep(0.005)

    with serve(handler) as server, Caller(flavor, server.url) as caller, pytest.raises(httpx.WriteTimeout):
        caller.call("PUT", content=b"x" * 100_000_000, deadline=DEADLINE)


def test_a_body_that_is_made_slowly_ends_at_the_deadline(flavor: str) -> None:
    def slowly() -> Iterator[bytes]:
        while True:
            yield b"x"
            time.sleep(0.005)

    with (
        serve(respond(ok())) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises(httpx.WriteTimeout),
    ):
        caller.call("PUT", stream=Stream(slowly), headers={"Transfer-Encoding": "chunked"}, deadline=DEADLINE)


@pytest.mark.parametrize("seconds", [1e7, 1e12, float("inf")])
def test_timeouts_have_no_upper_limit(flavor: str, seconds: float) -> None:
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        for deadline in (None, seconds):
            outcome = caller.call(connect=seconds, read=seconds, write=seconds, deadline=deadline)
            assert outcome.body == b"hi"


def test_a_deadline_that_has_passed_sends_nothing(flavor: str) -> None:
    with (
        serve(respond(ok())) as server,
        Caller(flavor, server.url) as caller,
        pytest.raises((httpx.ConnectTimeout, httpx.ReadTimeout)),
    ):
        caller.call(deadline=-1)


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """Yield the URL of a port whose queue is full, so that connections to it wait."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("limit", ["connect", "deadline"])
def test_a_connection_that_is_never_accepted_ends_at_its_timeout(flavor: str, limit: str) -> None:
    options: dict[str, Any] = {limit: 0.1}
    with full_listener() as url, Caller(flavor, url) as caller, pytest.raises(httpx.ConnectTimeout):
        caller.call(**options)


def test_closing_ends_a_connection_attempt_in_another_thread() -> None:
    errors: list[type[BaseException]] = []

    def work() -> None:
        try:
            caller.call()
        except httpx.HTTPError as error:
            errors.append(type(error))

    with full_listener() as url:
        caller = Caller("sync", url)
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.05)
        caller.close()
        thread.join(GUARD / 2)
        assert not thread.is_alive()
        assert errors == [httpx.ConnectError]


def large_body() -> Iterator[bytes]:
    for _ in range(640):
        yield b"x" * 100_000


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("end", ["keep", "close"])
def test_an_early_error_response_is_read_though_the_body_was_not_sent(
    flavor: str, streamed: bool, end: str
) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        if end == "close":
            peer.connection.shutdown(socket.SHUT_WR)
        stop.wait(GUARD)

    stop = threading.Event()
    headers = {"Content-Length": "64000000"}
    body: dict[str, Any] = {"stream": Stream(large_body), "headers": headers}
    if not streamed:
        body = {"content": b"x" * 64_000_000}
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        try:
            outcome = caller.call("PUT", **body)
        finally:
            stop.set()
        assert (outcome.status, outcome.body) == (413, b"too large")
        assert "0 idle" in repr(caller.transport)


def test_an_early_error_response_is_read_after_a_reset(flavor: str) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
        time.sleep(0.02)
        peer.reset()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        outcome = caller.call("PUT", stream=Stream(large_body), headers={"Content-Length": "64000000"})
        assert (outcome.status, outcome.body) == (413, b"too large")


@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_connection_lost_while_sending_is_a_write_error(flavor: str, end: str) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        if end == "reset":
            peer.reset()

    with serve(handler) as server, Caller(flavor, server.url) as caller, pytest.raises(httpx.WriteError):
        caller.call("PUT", content=b"x" * 64_000_000)


def test_an_early_success_does_not_stop_sending(flavor: str) -> None:
    byte_counts: list[int] = []

    def handler(peer: Peer) -> None:
        head = peer.read_head()
        peer.send(ok())
        count = len(head.partition(b"\r\n\r\n")[2])
        while count < 64_000_000:
            count += len(peer.connection.recv(1 << 20))
        byte_counts.append(count)
        done.set()

    done = threading.Event()
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        outcome = caller.call("PUT", stream=Stream(large_body), headers={"Content-Length": "64000000"})
        assert outcome.body == b"hi"
        assert done.wait(GUARD)
    assert byte_counts == [64_000_000]
