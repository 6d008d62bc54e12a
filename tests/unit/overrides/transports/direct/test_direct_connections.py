"""When a connection is reused, and when not."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import httpx
import pytest
from socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import Caller, Stream

from vision_ai._direct.connection import Connection


def echo(peer: Peer) -> None:
    """Respond with the request's path."""
    while request := peer.read_request():
        peer.send(ok(request.split(b" ", 2)[1]))


def test_one_connection_carries_consecutive_calls(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        for number in range(5):
            assert caller.call(path=f"/{number}").body == b"/%d" % number
        assert server.connections == 1
        assert "1 idle" in repr(caller.transport)


@pytest.mark.parametrize("header", [b"Connection: close\r\n", b"X: a\r\n"], ids=["announced", "unannounced"])
def test_a_connection_closed_while_idle_is_detected_before_sending(flavor: str, header: bytes) -> None:
    closed = threading.Event()

    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(more=header))
        peer.connection.shutdown(2)
        closed.set()

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        for number in range(20):
            assert caller.call("POST", f"/{number}", content=b"{}").body == b"hi"
            assert closed.wait(GUARD)
            closed.clear()
        assert [each.split(b" ")[1] for each in server.requests] == [b"/%d" % n for n in range(20)]


def test_bytes_received_while_idle_are_not_a_response(flavor: str) -> None:
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
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            caller.call("POST", "/second", content=b"{}")
        assert [each.split(b" ")[1] for each in server.requests] == [b"/first", b"/second"]


def test_every_thread_gets_its_own_response() -> None:
    wrong: list[Any] = []

    def work(number: int) -> None:
        for call in range(20):
            path = f"/{number}/{call}"
            try:
                body = caller.call(path=path).body
            except httpx.HTTPError as error:
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
            response = await caller.transport.handle_async_request(caller.request(path=path))
            assert await response.aread() == path.encode()

    async def all_at_once() -> None:
        await asyncio.gather(*map(work, range(8)))

    with serve(echo) as server, Caller("async", server.url) as caller:
        caller.run(all_at_once())
        assert len(server.requests) == len(set(server.requests)) == 160
        assert "1 idle" in repr(caller.transport)


@pytest.mark.parametrize("keep", [0, 3])
def test_the_keep_option_limits_idle_connections(keep: int) -> None:
    barrier = threading.Barrier(3)

    def handler(peer: Peer) -> None:
        while peer.read_request():
            barrier.wait(GUARD)
            peer.send(ok())

    with serve(handler) as server, Caller("sync", server.url, keep=keep) as caller:
        for _ in range(2):
            threads = [threading.Thread(target=caller.call) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(GUARD)
        assert server.connections == (3 if keep else 6)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_opens_its_own_connection(flavor: str) -> None:
    def call_in_child() -> bytes:
        if flavor == "sync":
            return caller.call(path="/child").body

        async def called() -> bytes:
            response = await caller.transport.handle_async_request(caller.request(path="/child"))
            body = await response.aread()
            await caller.transport.aclose()
            return body

        return asyncio.run(called())

    with serve(echo) as server, Caller(flavor, server.url) as caller:
        caller.call(path="/before")
        child = os.fork()
        if child == 0:
            good = False
            try:
                good = call_in_child() == b"/child"
            finally:
                os._exit(0 if good else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert caller.call(path="/after").body == b"/after"
        assert server.connections == 2


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_does_not_read_its_parents_response() -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(b"12345678")[:-4])
        peer.read_head()  # until the parent closes the connection
        peer.send(b"5678")

    with serve(handler) as server, Caller("sync", server.url) as caller:
        response = caller.transport.handle_request(caller.request())
        child = os.fork()
        if child == 0:
            raised = False
            try:
                response.read()
            except httpx.ReadError:
                raised = True
            finally:
                os._exit(0 if raised else 1)
        assert os.waitpid(child, 0)[1] == 0
        response.close()


def test_an_abandoned_response_closes_its_connection(flavor: str) -> None:
    with serve(respond(ok(b"x" * 1_000_000))) as server, Caller(flavor, server.url) as caller:
        if flavor == "sync":
            response = caller.transport.handle_request(caller.request())
            next(iter(response.stream))
            response.close()
            with pytest.raises(httpx.StreamError):
                response.read()
        else:

            async def give_up() -> None:
                response = await caller.transport.handle_async_request(caller.request())
                pieces = response.aiter_bytes()
                await anext(pieces)
                await response.aclose()
                with pytest.raises(httpx.ReadError):
                    await anext(pieces)

            caller.run(give_up())
        assert len(caller.call().body) == 1_000_000
        assert server.connections == 2


def test_a_closed_event_loop_leaves_no_connection() -> None:
    with serve(echo) as server:
        caller = Caller("async", server.url)
        transport = caller.transport

        async def called() -> bytes:
            response = await transport.handle_async_request(caller.request(path="/x"))
            return await response.aread()

        for _ in range(3):
            assert asyncio.run(called()) == b"/x"
        assert server.connections == 3
        caller.close()


def test_two_loops_in_two_threads_do_not_share_a_connection() -> None:
    with serve(echo) as server, Caller("async", server.url) as caller:
        bodies: list[bytes] = []

        async def called(path: str) -> bytes:
            response = await caller.transport.handle_async_request(caller.request(path=path))
            return await response.aread()

        assert caller.run(called("/1")) == b"/1"
        thread = threading.Thread(target=lambda: bodies.append(asyncio.run(called("/2"))))
        thread.start()
        thread.join(GUARD)
        assert caller.run(called("/3")) == b"/3"
        assert bodies == [b"/2"]
        assert server.connections == 3


def test_closing_ends_a_call_that_waits_in_another_thread() -> None:
    arrived = threading.Event()
    errors: list[BaseException] = []

    def handler(peer: Peer) -> None:
        peer.read_request()
        arrived.set()
        peer.hold()

    def work() -> None:
        try:
            caller.call()
        except httpx.HTTPError as error:
            errors.append(error)

    with serve(handler) as server:
        caller = Caller("sync", server.url)
        thread = threading.Thread(target=work)
        thread.start()
        assert arrived.wait(GUARD)
        caller.close()
        thread.join(GUARD / 2)
        assert not thread.is_alive()
        assert [type(error) for error in errors] == [httpx.ReadError]


def test_closing_ends_a_call_that_waits_in_another_task() -> None:
    def handler(peer: Peer) -> None:
        peer.read_request()
        peer.hold()

    async def closed_meanwhile() -> None:
        task = asyncio.create_task(caller.transport.handle_async_request(caller.request()))
        while not server.requests:
            await asyncio.sleep(0.001)
        await caller.transport.aclose()
        with pytest.raises(httpx.ReadError):
            await task

    with serve(handler) as server, Caller("async", server.url) as caller:
        caller.run(closed_meanwhile())


def test_closing_ends_an_unread_response(flavor: str) -> None:
    with serve(respond(ok(b"x" * 1_000_000))) as server:
        caller = Caller(flavor, server.url)
        if flavor == "sync":
            response = caller.transport.handle_request(caller.request())
            caller.close()
            with pytest.raises(httpx.ReadError):
                response.read()
        else:
            response = caller.run(caller.transport.handle_async_request(caller.request()))
            caller.run(caller.transport.aclose())
            with pytest.raises(httpx.ReadError):
                caller.run(response.aread())
            caller.close()


def test_a_closed_transport_sends_nothing(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        if flavor == "sync":
            caller.transport.close()
        else:
            caller.run(caller.transport.aclose())
        with pytest.raises(httpx.ConnectError, match="closed"):
            caller.call()
        assert "closed" in repr(caller.transport)
        assert server.connections == 0


def test_a_request_for_another_host_is_rejected(flavor: str) -> None:
    with serve(echo) as server, Caller(flavor, server.url) as caller:
        request = caller.request()
        request.url = httpx.URL("http://127.0.0.9/")
        with pytest.raises(httpx.UnsupportedProtocol):
            caller.send(request)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_request_of_which_no_byte_was_sent_can_be_sent_again(
    flavor: str, streamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost between its check and the first byte: only a stream cannot be sent again."""
    lost = threading.Event()

    def handler(peer: Peer) -> None:
        while request := peer.read_request():
            peer.send(ok(request.split(b" ", 2)[1]))
            if peer.number == 0:
                peer.reset()
                lost.set()
                return

    body: dict[str, Any] = {"content": b"{}"}
    if streamed:
        body = {"stream": Stream(lambda: iter([b"{}"])), "headers": {"Content-Length": "2"}}
    monkeypatch.setattr(Connection, "stale", False)
    with serve(handler) as server, Caller(flavor, server.url) as caller:
        caller.call(path="/first")
        assert lost.wait(GUARD)
        if streamed:
            with pytest.raises(httpx.ConnectError):
                caller.call("POST", "/second", **body)
        else:
            assert caller.call("POST", "/second", **body).body == b"/second"
        arrived = [b"/first"] if streamed else [b"/first", b"/second"]
        assert [each.split(b" ")[1] for each in server.requests] == arrived
