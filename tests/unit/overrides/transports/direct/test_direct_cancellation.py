"""After a call is cancelled at any moment, the next one gets its own response."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
from socket_server import Peer, serve
from transport_caller import Caller, Stream

PAUSE = 0.002


def slow_echo(peer: Peer) -> None:
    """Respond with the request's path, in pieces that arrive one by one."""
    while head := peer.read_head():
        while b"PUT" in head and not head.endswith(b"END"):
            time.sleep(PAUSE / 4)
            more = peer.connection.recv(100_000)
            if not more:
                return
            head += more
        path = head.split(b" ", 2)[1]
        response_bytes = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path) * 3, path * 3)
        for start in range(0, len(response_bytes), 30):
            time.sleep(PAUSE)
            peer.send(response_bytes[start : start + 30])


def body() -> Iterator[bytes]:
    for _ in range(20):
        yield b"x" * 100_000
    yield b"END"


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_call_cancelled_at_any_moment_does_not_affect_the_next_one(method: str) -> None:
    async def call(path: str) -> bytes:
        more = {"stream": Stream(body), "headers": {"Content-Length": "2000003"}} if method == "PUT" else {}
        request = caller.request(method, path, **more)
        response = await caller.transport.handle_async_request(request)
        try:
            return await response.aread()
        finally:
            await response.aclose()

    async def all_moments() -> int:
        cancelled = 0
        for moment in range(60):
            task = asyncio.create_task(call(f"/given-up-{moment}"))
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

    with serve(slow_echo) as server, Caller("async", server.url) as caller:
        assert caller.run(all_moments()) > 20
        assert "1 idle" in repr(caller.transport)


def test_cancelling_a_body_read_closes_the_connection() -> None:
    async def cancel_reading() -> None:
        response = await caller.transport.handle_async_request(caller.request(path="/" + "x" * 100))
        task = asyncio.create_task(response.aread())
        await asyncio.sleep(PAUSE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(httpx.StreamError):
            await response.aread()
        assert "0 idle" in repr(caller.transport)

    with serve(slow_echo) as server, Caller("async", server.url) as caller:
        caller.run(cancel_reading())


def test_an_exception_from_the_request_body_reaches_the_caller(flavor: str) -> None:
    class Own(Exception):
        pass

    def failing() -> Iterator[bytes]:
        yield b"x" * 1000
        raise Own

    with serve(slow_echo) as server, Caller(flavor, server.url) as caller:
        with pytest.raises(Own):
            caller.call("PUT", headers={"Content-Length": "2000"}, stream=Stream(failing))
        assert caller.call(path="/after").body == b"/after" * 3
