"""`watch()` ends when it or the client is closed, at once and in any state; what interrupts it leaves all usable."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from samples import RESULT
from scripted_transport import SentRequest, success_response
from shared_socket_server import Handler, Peer, SocketServer, ok, respond, serve
from watch_script import APPLE, GONE, NOTHING, PEAR, ScriptedModule, names

from vision_ai import AsyncVisionAI, Event, VisionAI, VisionAIError
from vision_ai_emulator import Emulator

READING = ok(success_response(RESULT).content)
FOREVER = 3600.0
BACKENDS = ["asyncio", "trio"]


# --- close()


def test_a_closed_watch_ends_and_leaves_the_client_open(connect: Any) -> None:
    client = connect(ScriptedModule(APPLE, forever=True))
    watch = client.watch()
    next(watch)
    watch.close()
    watch.close()
    assert list(watch) == []
    assert client.get_result().items[0].id == "apple"
    assert names([next(client.watch())]) == ["apple"]


def test_the_end_of_the_client_ends_its_watches(connect: Any) -> None:
    client = connect(ScriptedModule(APPLE, forever=True))
    watch = client.watch()
    next(watch)
    client.with_options(timeout=1).close()
    assert list(watch) == []
    with pytest.raises(VisionAIError, match="closed"):
        client.watch()


def in_a_pause(peer: Peer) -> None:
    respond(READING)(peer)


def in_a_request(peer: Peer) -> None:
    peer.read_request()
    peer.stall()


def is_reached(state: Handler, server: SocketServer, client: VisionAI | AsyncVisionAI) -> bool:
    """Whether a watch is in the pause, or in the request."""
    return bool(client._pipeline.state.pauses._waiters if state is in_a_pause else server.requests)


STATES = [pytest.param(in_a_pause, id="in a pause"), pytest.param(in_a_request, id="in a request")]


@pytest.mark.parametrize("state", STATES)
def test_another_thread_can_close_the_client_while_a_thread_watches(state: Handler) -> None:
    ended = threading.Event()
    events: list[Event] = []

    def work() -> None:
        events.extend(client.watch(every=FOREVER))
        ended.set()

    with serve(state) as server, VisionAI(server.url, retries=2) as client:
        thread = threading.Thread(target=work)
        thread.start()
        while not is_reached(state, server, client):
            time.sleep(0.001)
        client.with_options(timeout=1).close()
        assert ended.wait(10)
        thread.join()
    assert events == []


def test_another_thread_can_close_a_watch_during_a_pause() -> None:
    with serve(in_a_pause) as server, VisionAI(server.url) as client:
        watch = client.watch(every=FOREVER)
        thread = threading.Thread(target=lambda: list(watch))
        thread.start()
        while not client._pipeline.state.pauses._waiters:
            time.sleep(0.001)
        watch.close()
        thread.join(10)
        assert not thread.is_alive()
        assert client.get_result().sid


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("state", "closes_client"),
    [
        pytest.param(in_a_pause, True, id="the client in a pause"),
        pytest.param(in_a_request, True, id="the client in a request"),
        pytest.param(in_a_pause, False, id="the watch in a pause"),
    ],
)
def test_another_task_can_end_a_watch(backend: str, state: Handler, closes_client: bool) -> None:
    events: list[Event] = []

    async def main() -> None:
        async with AsyncVisionAI(server.url) as client, anyio.create_task_group() as tasks:
            watch = client.watch(every=FOREVER)

            async def work() -> None:
                events.extend([event async for event in watch])

            tasks.start_soon(work)
            while not is_reached(state, server, client):
                await anyio.sleep(0.001)
            with anyio.fail_after(10):
                await (client if closes_client else watch).aclose()

    with serve(state) as server:
        anyio.run(main, backend=backend)
    assert events == []


@pytest.mark.parametrize("is_lost", [False, True], ids=["reading", "looking for a lost module"])
def test_a_watch_that_waits_behind_a_long_call_can_be_closed(
    monkeypatch: pytest.MonkeyPatch, is_lost: bool
) -> None:
    monkeypatch.setattr("vision_ai._pipeline.pipeline.LOOK_AGAIN", 0.02)
    module = ScriptedModule(*[GONE] * is_lost)
    transfer, over = threading.Event(), threading.Event()

    def take_long(_: SentRequest) -> httpx.Response:
        transfer.set()
        over.wait(10)
        return APPLE

    with VisionAI(transport=module, retries=0, timeout=20) as client:
        watch = client.watch()
        if is_lost:
            next(watch)
        module.respond(take_long, NOTHING)
        holder = threading.Thread(target=client.get_result)
        holder.start()
        assert transfer.wait(10)
        thread = threading.Thread(target=lambda: list(watch))
        thread.start()
        lock: Any = client._pipeline.runtime.lock
        while not lock._background_waiters:
            time.sleep(0.001)
        watch.close()
        thread.join(10)
        assert not thread.is_alive()
        assert holder.is_alive()  # the other call goes on
        over.set()
        holder.join(10)
        assert client.get_result().items == []


# --- Cancellation


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_step_that_was_cancelled_can_be_repeated(backend: str) -> None:
    emulator = Emulator(pan="empty")

    async def main() -> None:
        async with AsyncVisionAI(emulator.url) as client:
            watch = client.watch(every=0.01)
            assert names([await anext(watch)]) == ["PanEmpty"]
            for _ in range(3):
                with anyio.move_on_after(0.02) as scope:
                    await anext(watch)
                assert scope.cancelled_caught
            assert (await client.get_result()).items == []
            emulator.put("apple")
            await client.learn(id="1", name="Apple", pictures=1)
            with anyio.fail_after(10):
                assert names([await anext(watch)]) == ["1"]

    anyio.run(main, backend=backend)


def test_asyncio_may_wait_for_an_event_with_a_timeout() -> None:
    module = ScriptedModule(NOTHING, forever=True)

    async def main() -> None:
        async with AsyncVisionAI(transport=module) as client:
            watch = client.watch()
            assert names([await asyncio.wait_for(anext(watch), 10)]) == ["PanEmpty"]
            with pytest.raises(TimeoutError):  # also where neither the transport nor the clock waits
                await asyncio.wait_for(anext(watch), 0.01)
            module.replies = [PEAR]
            assert names([await asyncio.wait_for(anext(watch), 10)]) == ["pear"]

    asyncio.run(main())


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("state", STATES)
def test_a_cancelled_loop_leaves_the_client_usable(backend: str, state: Handler) -> None:
    async def main() -> None:
        async with AsyncVisionAI(server.url, retries=0) as client:

            async def work() -> None:
                async for _ in client.watch(every=FOREVER):
                    pass

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(work)
                while not is_reached(state, server, client):
                    await anyio.sleep(0.001)
                tasks.cancel_scope.cancel()
            assert not client._pipeline.runtime.lock._holders
            assert not client._pipeline.state.pauses._waiters
            with anyio.fail_after(10):
                assert (await client.get_result()).sid

    with serve(state, respond(READING)) as server:
        anyio.run(main, backend=backend)


# --- Ctrl-C


class Interruption(BaseException):
    """What the signal handler raises, as Python's own raises KeyboardInterrupt."""


@pytest.mark.parametrize("state", STATES)
def test_an_interrupt_ends_the_loop_and_leaves_the_client_usable(state: Handler) -> None:
    def interrupt(*_: object) -> None:
        raise Interruption

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with serve(state, respond(READING)) as server, VisionAI(server.url, retries=0) as client:
            watch = client.watch(every=FOREVER)
            for _ in range(2):  # it can go on, too
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                with pytest.raises(Interruption):
                    next(watch)
            assert not client._pipeline.runtime.lock._holders
            assert not client._pipeline.state.pauses._waiters
            assert client.get_result().sid
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- Several threads and tasks


def test_two_threads_cannot_share_a_watch() -> None:
    with serve(in_a_pause) as server, VisionAI(server.url) as client:
        watch = client.watch(every=FOREVER)
        thread = threading.Thread(target=lambda: list(watch))
        thread.start()
        while not client._pipeline.state.pauses._waiters:
            time.sleep(0.001)
        with pytest.raises(VisionAIError, match="let each of them have a watch of its own"):
            next(watch)
        client.close()
        thread.join(10)
        assert not thread.is_alive()


def test_when_may_call_the_module() -> None:
    with VisionAI(transport=ScriptedModule(PEAR, APPLE, forever=True)) as client:
        when: Callable[[], object] = lambda: client.get_result().items  # noqa: E731
        assert names([next(client.watch(when=when))]) == ["apple"]


def test_a_watch_works_over_a_lost_module_until_it_is_closed() -> None:
    module = ScriptedModule(GONE, forever=True)
    events: list[Event] = []
    with VisionAI(transport=module, retries=0) as client:
        watch = client.watch()
        thread = threading.Thread(target=lambda: events.extend(watch))
        thread.start()
        while len(module.requests) < 5:
            time.sleep(0.001)
        watch.close()
        thread.join(10)
        assert not thread.is_alive()
    assert names(events) == ["ConnectionLost"]
