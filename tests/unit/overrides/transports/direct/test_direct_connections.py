"""When a connection is used again, and when never."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from shared_socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import READERS, Caller, Stream, read_body

from vision_ai._transports.direct.address import Address
from vision_ai._transports.direct.async_ import AsyncConnection
from vision_ai._transports.direct.sync import SyncConnection
from vision_ai.transports import (
    BodyTooLargeError,
    ConnectError,
    ReadError,
    RemoteProtocolError,
    TransportError,
    UnsupportedProtocol,
    parse_url,
)

ignore_fork_warning = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def echo(peer: Peer) -> None:
    """Respond with the request's path."""
    while request := peer.read_request():
        peer.send(ok(request.split(b" ", 2)[1]))


def paths(requests: list[bytes]) -> list[bytes]:
    return [request.split(b" ")[1] for request in requests]


def exits_with_success(work: Callable[[], bool]) -> bool:
    """Whether `work` returns True in a child process."""
    child = os.fork()
    if child == 0:
        success = False
        try:
            signal.alarm(int(GUARD))  # ends a child that hangs
            success = work()
        finally:
            os._exit(0 if success else 1)
    return os.waitpid(child, 0)[1] == 0


def test_one_connection_serves_one_call_after_the_other(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        for number in range(5):
            assert caller.call(path=f"/{number}").body == b"/%d" % number
        assert server.connections == 1
        assert "1 idle" in repr(caller.transport)


def test_one_request_can_be_sent_several_times(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        request = caller.request("POST", "/again", body=b"{}")
        for _ in range(3):
            assert caller.run(caller.exchange(request)).body == b"/again"
        assert len(set(server.requests)) == 1
        assert len(server.requests) == 3


@pytest.mark.parametrize("header", [b"Connection: close\r\n", b"X: a\r\n"], ids=["announced", "unannounced"])
def test_a_connection_closed_while_idle_is_found_before_anything_is_sent(flavor: str, header: bytes) -> None:
    closed = threading.Event()

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(more=header))
        peer.connection.shutdown(2)
        closed.set()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        for number in range(20):
            assert caller.call("POST", f"/{number}", body=b"{}").body == b"hi"
            assert closed.wait(GUARD)
            closed.clear()
        assert paths(server.requests) == [b"/%d" % number for number in range(20)]


def test_bytes_that_arrive_while_idle_are_no_response(flavor: str) -> None:
    late = threading.Event()

    def handler(peer: Peer) -> None:
        while request := peer.read_request():
            peer.send(ok(request.split(b" ", 2)[1]))
            peer.send(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
            late.set()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        for number in range(10):
            outcome = caller.call(path=f"/{number}")
            assert (outcome.status, outcome.body) == (200, b"/%d" % number)
            assert late.wait(GUARD)
            late.clear()


NOT_REUSABLE: dict[str, tuple[str, bytes]] = {
    "surplus": ("GET", ok() + b"X"),
    "a second response": ("GET", ok() + ok(b"evil")),
    "a body after a response to HEAD": ("HEAD", ok()),
    "a body after 204": ("GET", b"HTTP/1.1 204 No Content\r\n\r\nhi"),
    "surplus after chunks": ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX"),
    "HTTP/1.0": ("GET", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    "connection: close": ("GET", ok(more=b"Connection: close\r\n")),
}


@pytest.mark.parametrize("name", NOT_REUSABLE)
def test_a_connection_is_not_used_again_after(flavor: str, name: str) -> None:
    method, response = NOT_REUSABLE[name]
    with serve(respond(response), echo) as server, Caller(flavor, server.url) as caller:
        caller.call(method, "/first")
        assert "0 idle" in repr(caller.transport)
        assert caller.call(path="/second").body == b"/second"
        assert server.connections == 2


@pytest.mark.parametrize(
    "response", [b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"]
)
def test_a_connection_of_http_1_0_is_used_again_where_the_server_keeps_it(
    flavor: str, response: bytes
) -> None:
    with serve(respond(response)) as server, Caller(flavor, server.url) as caller:
        for _ in range(3):
            outcome = caller.call()
            assert (outcome.body, outcome.http_version) == (b"hi", "HTTP/1.0")
        assert server.connections == 1


@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_request_that_may_have_arrived_is_never_sent_again(flavor: str, end: str) -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok())
        peer.read_request()
        if end == "reset":
            peer.reset()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        caller.call(path="/first")
        with pytest.raises((RemoteProtocolError, ReadError)):
            caller.call("POST", "/second", body=b"{}")
        assert paths(server.requests) == [b"/first", b"/second"]


def test_every_thread_gets_its_own_response() -> None:
    wrong: list[Any] = []

    def work(number: int) -> None:
        for call in range(20):
            path = f"/{number}/{call}"
            try:
                body = caller.call(path=path).body
            except TransportError as error:
                wrong.append(error)
            else:
                if body != path.encode():
                    wrong.append(body)

    with serve(echo) as server, Caller("sync", server.url) as caller:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(GUARD)
        assert not wrong
        assert len(server.requests) == len(set(server.requests)) == 160
        assert "1 idle" in repr(caller.transport)


def test_every_task_gets_its_own_response() -> None:
    async def work(number: int) -> None:
        for call in range(20):
            path = f"/{number}/{call}"
            outcome = await caller.exchange(caller.request(path=path))
            assert outcome.body == path.encode()

    async def all_at_once() -> None:
        await asyncio.gather(*map(work, range(8)))

    with serve(echo) as server, Caller("async", server.url) as caller:
        caller.run(all_at_once())
        assert len(server.requests) == len(set(server.requests)) == 160
        assert "1 idle" in repr(caller.transport)


@pytest.mark.parametrize("keep", [0, 3])
def test_no_more_connections_stay_open_than_keep_says(flavor: str, keep: int) -> None:
    barrier = threading.Barrier(3)

    def handler(peer: Peer) -> None:
        while peer.read_request():
            barrier.wait(GUARD)
            peer.send(ok())

    async def three_tasks() -> None:
        await asyncio.gather(*(caller.exchange(caller.request()) for _ in range(3)))

    with serve(handler) as server, Caller(flavor, server.url, keep=keep) as caller:
        for _ in range(2):
            if flavor == "async":
                caller.run(three_tasks())
                continue
            threads = [threading.Thread(target=caller.call) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(GUARD)
        assert server.connections == (3 if keep else 6)
        assert f"{keep} idle" in repr(caller.transport)


@ignore_fork_warning
def test_a_child_process_makes_a_connection_of_its_own(flavor: str) -> None:
    def call_in_child() -> bool:
        if flavor == "sync":
            return caller.call(path="/child").body == b"/child"

        async def call_and_close() -> bytes:
            outcome = await caller.exchange(caller.request(path="/child"))
            await caller.transport.close()
            return outcome.body

        return asyncio.run(call_and_close()) == b"/child"

    with serve(echo) as server, Caller(flavor, server.url) as caller:
        caller.call(path="/before")
        assert exits_with_success(call_in_child)
        assert caller.call(path="/after").body == b"/after"
        assert server.connections == 2


@ignore_fork_warning
@pytest.mark.parametrize("reader", READERS)
def test_a_child_process_does_not_read_its_parents_response(flavor: str, reader: str) -> None:
    ready = threading.Event()

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(b"12345678")[:-4])
        ready.wait(GUARD)
        peer.send(b"5678")
        peer.hold()

    async def is_refused() -> bool:
        try:
            await read_body(response, reader)
        except ReadError:
            return True
        return False

    def read_in_child() -> bool:
        return asyncio.run(is_refused()) if flavor == "async" else caller.run(is_refused())

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        response = caller.run(caller.send())
        assert exits_with_success(read_in_child)
        ready.set()
        assert caller.run(read_body(response)) == b"12345678"
        caller.run(response.close())
        assert "1 idle" in repr(caller.transport)


@ignore_fork_warning
def test_a_child_process_can_close_what_another_thread_of_its_parent_uses() -> None:
    """The locks that the thread holds are never released in the child."""

    def close_in_child() -> bool:
        caller.run(response.close())
        caller.run(caller.transport.close())
        return True

    with serve(respond(ok(b"x" * 1_000_000))) as server, Caller("sync", server.url) as caller:
        response = caller.run(caller.send())
        transport: Any = caller.transport
        (connection,) = transport._connections.open
        with transport._connections.lock, connection._closing:
            success = exits_with_success(close_in_child)
        assert success
        assert len(caller.run(read_body(response))) == 1_000_000


async def close_early(caller: Caller) -> None:
    response = await caller.send()
    assert await response.read_into(memoryview(bytearray(10))) == 10
    await response.close()
    await response.close()
    with pytest.raises(ReadError):
        await response.read(10**9)
    with pytest.raises(ReadError):
        await response.read_into(memoryview(bytearray(10)))


def test_a_response_closed_before_its_end_takes_its_connection_with_it(flavor: str) -> None:
    with serve(respond(ok(b"x" * 1_000_000))) as server, Caller(flavor, server.url) as caller:
        caller.run(close_early(caller))
        assert "0 idle" in repr(caller.transport)
        assert len(caller.call().body) == 1_000_000
        assert server.connections == 2


def test_a_response_that_came_at_once_is_not_read_after_it_was_closed(flavor: str) -> None:
    """Its connection serves the next call all the same."""
    with serve(respond(ok(b"x" * 100))) as server, Caller(flavor, server.url) as caller:
        caller.run(close_early(caller))
        assert len(caller.call().body) == 100
        assert server.connections == 1


def test_closing_a_response_again_leaves_the_next_one_alone(flavor: str) -> None:
    async def overlap() -> None:
        first = await caller.send(caller.request(path="/first"))
        assert await first.read(100) == b"/first"
        second = await caller.send(caller.request(path="/second"))
        await first.close()
        await first.close()
        assert await second.read(100) == b"/second"
        await second.close()
        with pytest.raises(ReadError):
            await first.read(100)

    with serve(echo) as server, Caller(flavor, server.url) as caller:
        caller.run(overlap())
        assert server.connections == 1
        assert "1 idle" in repr(caller.transport)


CHUNK = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE: dict[str, tuple[bytes, ...]] = {
    "known length": (ok(b"x" * 1_000_000),),
    "head first": (ok(b"x" * 1_000_000)[:-1_000_000], b"x" * 1_000_000),
    "chunks": (CHUNKED + CHUNK * 10 + b"0\r\n\r\n",),
    "until close": (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000,),
    "announced and never sent": (ok(b"x" * 100)[:-100].replace(b"100", b"10000000"), b"x" * 2000),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("limit", [0, 10, 99_999])
def test_a_body_beyond_the_limit_leaves_no_connection_open(flavor: str, name: str, limit: int) -> None:
    if name == "announced and never sent" and limit > 2000:
        limit = 2000
    end = {"until close": "close", "announced and never sent": "hold"}.get(name, "keep")

    async def read() -> None:
        response = await caller.send()
        with pytest.raises(BodyTooLargeError) as caught:
            await response.read(limit)
        assert caught.value.start
        assert set(caught.value.start) == set(b"x")
        assert len(caught.value.start) <= 1024
        with pytest.raises(ReadError):
            await response.read(10**9)
        await response.close()

    with serve(respond(*LARGE[name], end=end)) as server, Caller(flavor, server.url) as caller:
        caller.run(read())
        assert "0 idle" in repr(caller.transport)
        transport: Any = getattr(caller.transport, "_direct", caller.transport)
        assert not (transport._connections.open if flavor == "sync" else transport._open_connections)


def test_a_body_of_just_the_limit_is_read(flavor: str) -> None:
    async def read(limit: int) -> bytes:
        response = await caller.send()
        return bytes(await response.read(limit))

    with serve(respond(ok(b"x" * 500_000))) as server, Caller(flavor, server.url) as caller:
        assert caller.run(read(500_000)) == b"x" * 500_000
        with pytest.raises(BodyTooLargeError):
            caller.run(read(499_999))
        assert caller.run(read(500_001)) == b"x" * 500_000
        assert server.connections == 2


def test_a_short_body_beyond_the_limit_leaves_the_connection_to_the_next_call(flavor: str) -> None:
    async def read() -> None:
        response = await caller.send()
        with pytest.raises(BodyTooLargeError) as caught:
            await response.read(1)
        assert caught.value.start == b"hi"
        with pytest.raises(ReadError):
            await response.read(100)

    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        caller.run(read())
        assert caller.call().body == b"hi"
        assert server.connections == 1


def test_a_loop_that_was_closed_leaves_nothing_behind() -> None:
    with serve(echo) as server:
        caller = Caller("async", server.url)
        for _ in range(3):
            assert asyncio.run(caller.exchange(caller.request(path="/x"))).body == b"/x"
        assert server.connections == 3
        caller.close()


def test_a_response_of_a_loop_that_was_closed_can_be_closed_in_the_next_one() -> None:
    with serve(respond(ok(b"x" * 1_000_000))) as server:
        caller = Caller("async", server.url)
        response = asyncio.run(caller.send())
        asyncio.run(response.close())
        assert len(asyncio.run(caller.exchange(caller.request())).body) == 1_000_000
        asyncio.run(caller.send())
        caller.close()


def test_two_loops_in_two_threads_do_not_share_a_connection() -> None:
    with serve(echo) as server, Caller("async", server.url) as caller:
        bodies: list[bytes] = []

        async def call(path: str) -> bytes:
            return (await caller.exchange(caller.request(path=path))).body

        assert caller.run(call("/1")) == b"/1"
        thread = threading.Thread(target=lambda: bodies.append(asyncio.run(call("/2"))))
        thread.start()
        thread.join(GUARD)
        assert caller.run(call("/3")) == b"/3"
        assert bodies == [b"/2"]
        assert server.connections == 2  # the first loop still has its own


def test_a_loop_that_runs_in_another_thread_closes_its_own_connection() -> None:
    first_called, second_called = threading.Event(), threading.Event()

    async def first() -> None:
        await caller.exchange(caller.request(path="/1"))
        first_called.set()
        assert await asyncio.to_thread(second_called.wait, GUARD)

    with serve(echo) as server, Caller("async", server.url) as caller:
        thread = threading.Thread(target=lambda: asyncio.run(first()))
        thread.start()
        assert first_called.wait(GUARD)
        assert caller.call(path="/2").body == b"/2"
        second_called.set()
        thread.join(GUARD)
        assert not thread.is_alive()
        assert server.connections == 2


@pytest.mark.parametrize(
    "part", [b"", b"HTTP/1.1 200 OK\r\n", ok(b"x" * 1000)[:-1]], ids=["head", "half a head", "body"]
)
def test_closing_ends_a_call_that_waits_in_another_thread(part: bytes) -> None:
    waiting = threading.Event()
    errors: list[BaseException] = []

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(part)
        waiting.set()
        peer.hold()

    def work() -> None:
        try:
            caller.call()
        except TransportError as error:
            errors.append(error)

    with serve(handler) as server:
        caller = Caller("sync", server.url)
        thread = threading.Thread(target=work)
        thread.start()
        assert waiting.wait(GUARD)
        caller.close()
        caller.close()
        thread.join(GUARD / 2)
        assert not thread.is_alive()
        assert [type(error) for error in errors] == [ReadError]


def test_closing_ends_a_call_that_waits_in_another_task() -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.hold()

    async def close_meanwhile() -> None:
        task = asyncio.create_task(caller.send())
        while not server.requests:
            await asyncio.sleep(0.001)
        await caller.transport.close()
        with pytest.raises(ReadError):
            await task
        await caller.transport.close()

    with serve(handler) as server, Caller("async", server.url) as caller:
        caller.run(close_meanwhile())


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_closing_ends_a_call_that_still_sends(flavor: str, streamed: bool) -> None:
    """The request may have arrived in part, so that this is no ConnectError."""
    receiving, release = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def handler(peer: Peer) -> None:
        peer.connection.recv(1000)
        receiving.set()
        release.wait(GUARD)

    def pieces() -> Any:
        for _ in range(160):
            yield b"x" * 100_000

    body: Any = Stream(pieces, 16_000_000) if streamed else b"x" * 16_000_000

    def work() -> None:
        try:
            caller.call("PUT", body=body)
        except TransportError as error:
            errors.append(error)

    async def close_meanwhile() -> None:
        task = asyncio.create_task(caller.exchange(caller.request("PUT", body=body)))
        while not receiving.is_set():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        await caller.transport.close()
        try:
            await task
        except TransportError as error:
            errors.append(error)

    with serve(handler) as server:
        caller = Caller(flavor, server.url)
        if flavor == "sync":
            thread = threading.Thread(target=work)
            thread.start()
            assert receiving.wait(GUARD)
            caller.close()
            thread.join(GUARD / 2)
            assert not thread.is_alive()
        else:
            caller.run(close_meanwhile())
            caller.close()
        release.set()
    assert len(errors) == 1
    assert not isinstance(errors[0], ConnectError)


@pytest.mark.parametrize("reader", READERS)
def test_closing_takes_along_a_response_that_nobody_reads(flavor: str, reader: str) -> None:
    async def read_after_close() -> None:
        response = await caller.send()
        await caller.transport.close()
        with pytest.raises(ReadError):
            await read_body(response, reader)

    with serve(respond(ok(b"x" * 1_000_000))) as server, Caller(flavor, server.url) as caller:
        caller.run(read_after_close())


def test_a_closed_transport_sends_nothing(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        caller.run(caller.transport.close())
        with pytest.raises(ConnectError, match="closed"):
            caller.call()
        assert "closed" in repr(caller.transport)
        assert server.connections == 0


def test_a_transport_closed_while_a_socket_is_opened_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Address.open_socket

    def open_late(address: Address, family: int) -> Any:
        caller.run(caller.transport.close())
        return original(address, family)

    monkeypatch.setattr(Address, "open_socket", open_late)
    with serve(echo) as server, Caller("sync", server.url) as caller:
        with pytest.raises(ConnectError, match="closed"):
            caller.call()
        assert server.connections == 0


def test_a_request_for_another_host_is_refused(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        request = caller.request()
        request.url = parse_url("http://127.0.0.9/")
        with pytest.raises(UnsupportedProtocol, match=r"127\.0\.0\.9"):
            caller.run(caller.send(request))
        assert server.connections == 0


@pytest.mark.parametrize("streamed", [False, True], ids=["bytes", "stream"])
def test_a_request_of_which_the_kernel_accepted_nothing_has_not_arrived(
    flavor: str, streamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks between the check of it and the first byte: bytes can go over a new one."""
    broken = threading.Event()

    def handler(peer: Peer) -> None:
        while request := peer.read_request():
            peer.send(ok(request.split(b" ", 2)[1]))
            if peer.number == 0:
                peer.reset()
                broken.set()
                return

    body: Any = Stream(lambda: iter([b"{}"]), 2) if streamed else b"{}"
    for connection in (SyncConnection, AsyncConnection):
        monkeypatch.setattr(connection, "stale", False)
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        caller.call(path="/first")
        assert broken.wait(GUARD)
        if streamed:
            with pytest.raises(ConnectError):
                caller.call("POST", "/second", body=body)
        else:
            assert caller.call("POST", "/second", body=body).body == b"/second"
        arrived = [b"/first"] if streamed else [b"/first", b"/second"]
        assert paths(server.requests) == arrived
