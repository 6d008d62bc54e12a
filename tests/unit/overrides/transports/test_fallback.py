"""Plain http:// over httpx's own transport: in child processes of a fork."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import GUARD, Handler, Peer, head, ok, respond, serve

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai._transports import selection

GOOD = success_response(CALIB).content

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


class LockedTransport(httpx.HTTPTransport):
    """Holds a lock during each request, which a child process of a fork inherits."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            return super().handle_request(request)


class LockedAsyncTransport(httpx.AsyncHTTPTransport):
    """The same for the asynchronous client."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.lock = threading.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            return await super().handle_async_request(request)


@pytest.fixture(autouse=True)
def no_direct_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "explain_missing_direct", lambda: "as in this test")
    monkeypatch.setattr("vision_ai._httpx.HTTPTransport", LockedTransport)
    monkeypatch.setattr("vision_ai._httpx.AsyncHTTPTransport", LockedAsyncTransport)


@pytest.fixture(params=[VisionAI, AsyncVisionAI])
def flavor(request: pytest.FixtureRequest) -> Any:
    return request.param


def call(module: Any) -> int:
    """Call the module once: in an event loop of its own, where the client is asynchronous."""
    if isinstance(module, VisionAI):
        return module.get_calib().left or 0

    async def get_calib() -> int:
        return (await module.get_calib()).left or 0

    return asyncio.run(get_calib())


def close(module: Any) -> None:
    if isinstance(module, VisionAI):
        module.close()
    else:
        asyncio.run(module.aclose())


def run_in_child(work: Callable[[], bool]) -> bool:
    """Whether the function returns True in a child process."""
    child = os.fork()
    if child == 0:
        success = False
        try:
            signal.alarm(int(GUARD))  # ends a child that hangs
            success = work()
        finally:
            os._exit(0 if success else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def make_slow_handler(arrived: threading.Event, going_on: threading.Event) -> Handler:
    def respond_later(peer: Peer) -> None:
        peer.read_request()
        arrived.set()
        going_on.wait(GUARD)
        peer.send(head(len(GOOD)) + GOOD)

    return respond_later


def test_a_child_process_calls_with_a_transport_of_its_own(flavor: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = flavor(server.url, retries=0, timeout=10)
        assert "over httpx: as in this test" in repr(module)
        assert call(module) == 444
        assert run_in_child(lambda: call(module) == call(module) == 444)
        assert call(module) == 444
        close(module)


def test_a_fork_during_a_call_leaves_the_child_free(flavor: Any) -> None:
    arrived, going_on = threading.Event(), threading.Event()
    results: list[int] = []
    with serve(make_slow_handler(arrived, going_on), respond(ok(GOOD))) as server:
        module = flavor(server.url, retries=0, timeout=10)
        thread = threading.Thread(target=lambda: results.append(call(module)))
        thread.start()
        assert arrived.wait(GUARD)
        assert run_in_child(lambda: call(module) == 444)
        going_on.set()
        thread.join(GUARD)
        close(module)
    assert results == [444]


def test_a_child_that_closes_the_client_does_not_end_the_parents_call(flavor: Any) -> None:
    arrived, going_on = threading.Event(), threading.Event()
    results: list[int] = []

    def use_and_close(module: Any) -> bool:
        assert call(module) == 444
        close(module)
        return True

    with serve(make_slow_handler(arrived, going_on), respond(ok(GOOD))) as server:
        module = flavor(server.url, retries=0, timeout=10)
        thread = threading.Thread(target=lambda: results.append(call(module)))
        thread.start()
        assert arrived.wait(GUARD)
        assert run_in_child(lambda: use_and_close(module))
        going_on.set()
        thread.join(GUARD)
        close(module)
    assert results == [444]


def test_a_child_that_only_closes_the_client_ends(flavor: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = flavor(server.url, retries=0, timeout=10)
        assert call(module) == 444
        assert run_in_child(lambda: close(module) is None)
        assert call(module) == 444
        close(module)


def test_a_grandchild_calls_too(flavor: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = flavor(server.url, retries=0, timeout=10)
        assert run_in_child(lambda: call(module) == 444 and run_in_child(lambda: call(module) == 444))
        close(module)
