"""One client in several event loops, threads and processes: one request at a time, and everybody has a turn."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import GUARD, Peer, head, ok, respond, serve

from vision_ai import AsyncVisionAI, UnreachableError, VisionAI
from vision_ai._runtime.deadline import Deadline
from vision_ai._runtime.locks import TaskLock, ThreadLock
from vision_ai._runtime.sync import run_sync

GOOD = success_response(CALIB).content


class OverlapCounter:
    """Responds to every request, and counts those that overlap."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, peer: Peer) -> None:
        while peer.read_request():
            with self._lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            peer.server.stopping.wait(0.001)
            with self._lock:
                self.inside -= 1
            peer.send(ok(GOOD))


def run_in_threads(count: int, work: Callable[[int], object]) -> None:
    """Run a function in that many threads at once; raise the first failure."""
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001  # handed to the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GUARD)
        assert not thread.is_alive()
    if failures:
        raise failures[0]


@pytest.mark.parametrize("backends", [("asyncio",) * 4, ("trio",) * 3, ("asyncio", "trio") * 2], ids=repr)
def test_event_loops_of_several_threads_share_a_client(backends: tuple[str, ...]) -> None:
    counter = OverlapCounter()
    calls: Counter[int] = Counter()

    with serve(counter) as server:
        module = AsyncVisionAI(server.url, retries=0, timeout=GUARD)

        async def work(number: int) -> None:
            async def call() -> None:
                assert (await module.get_calib()).left == 444
                calls[number] += 1

            for _ in range(5):
                async with anyio.create_task_group() as tasks:
                    for _ in range(3):
                        tasks.start_soon(call)

        run_in_threads(len(backends), lambda number: anyio.run(work, number, backend=backends[number]))
        anyio.run(module.aclose, backend=backends[-1])
    assert counter.most == 1
    assert set(calls.values()) == {15}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_event_loops_one_after_the_other_share_a_client(backend: str) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = AsyncVisionAI(server.url, retries=0, timeout=GUARD)

        async def work() -> None:
            async with anyio.create_task_group() as tasks:
                for _ in range(3):
                    tasks.start_soon(module.get_calib)

        for _ in range(3):
            anyio.run(work, backend=backend)
        anyio.run(module.aclose, backend=backend)


def test_a_loop_at_rest_keeps_nobody_waiting() -> None:
    """A task that waits for its turn in a loop that does not run is passed over, and is served when it runs again."""
    started, go_on = threading.Event(), threading.Event()

    def slow(peer: Peer) -> None:
        peer.read_request()
        started.set()
        go_on.wait(GUARD)
        peer.send(ok(GOOD))
        respond(ok(GOOD))(peer)

    with serve(slow, respond(ok(GOOD))) as server:
        module = AsyncVisionAI(server.url, retries=0, timeout=GUARD)
        thread = threading.Thread(target=lambda: asyncio.run(_call(module.get_calib)))
        thread.start()
        assert started.wait(GUARD)
        resting = asyncio.new_event_loop()
        waiting = resting.create_task(_call(module.get_calib))
        resting.run_until_complete(asyncio.sleep(0.01))
        go_on.set()
        thread.join(GUARD)
        assert asyncio.run(_call(module.get_calib)).left == 444
        assert resting.run_until_complete(waiting).left == 444
        asyncio.run(module.aclose())
        resting.close()


def test_a_task_of_a_closed_loop_does_not_keep_the_lock() -> None:
    with serve(lambda peer: peer.stall(), respond(ok(GOOD))) as server:
        module = AsyncVisionAI(server.url, retries=0, timeout=GUARD)
        loop = asyncio.new_event_loop()
        lost = loop.create_task(_call(module.get_calib))
        while not server.connections:
            loop.run_until_complete(asyncio.sleep(0.001))
        loop.close()
        assert asyncio.run(_call(module.get_calib)).left == 444
        lost._log_destroy_pending = False  # type: ignore[attr-defined]
        del lost
        gc.collect()
        assert asyncio.run(_call(module.get_calib)).left == 444
        asyncio.run(module.aclose())


async def _call(function: Callable[[], Awaitable[Any]]) -> Any:
    return await function()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_during_an_asynchronous_call_leaves_the_child_free() -> None:
    arrived, going_on = threading.Event(), threading.Event()

    def slow(peer: Peer) -> None:
        peer.read_request()
        arrived.set()
        going_on.wait(GUARD)
        peer.send(head(len(GOOD)) + GOOD)

    with serve(slow, respond(ok(GOOD))) as server:
        module = AsyncVisionAI(server.url, retries=0, timeout=10)
        thread = threading.Thread(target=lambda: asyncio.run(_call(module.get_calib)))
        thread.start()
        assert arrived.wait(GUARD)
        child = os.fork()
        if child == 0:
            try:
                signal.alarm(int(GUARD))
                os._exit(0 if asyncio.run(_call(module.get_calib)).left == 444 else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        going_on.set()
        thread.join(GUARD)


@pytest.mark.parametrize("concurrency", [1, 2, 3])
def test_threads_are_served_in_the_order_in_which_they_came(concurrency: int) -> None:
    lock = ThreadLock(concurrency)
    holding = [object() for _ in range(concurrency)]
    for ticket in holding:
        assert lock.try_acquire(ticket)
    order: list[int] = []
    threads: list[threading.Thread] = []

    def wait(number: int) -> None:
        ticket = object()
        run_sync(lock.wait(ticket, Deadline(GUARD)))
        order.append(number)
        lock.release(ticket)

    for number in range(6):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(lock._waiters) <= number:
            threading.Event().wait(0.001)
    lock.release(holding.pop())
    assert not lock.try_acquire(object()) or not lock._waiters  # nobody gets in before those who wait
    for thread in threads:
        thread.join(GUARD)
    assert order == [0, 1, 2, 3, 4, 5]


def test_no_caller_starves_beside_busy_ones() -> None:
    """Threads that call again and again take turns with the others."""
    counts: Counter[int] = Counter()
    lock = ThreadLock(2)
    stop = threading.Event()

    def work(number: int) -> None:
        while not stop.is_set():
            ticket = object()
            if not lock.try_acquire(ticket):
                run_sync(lock.wait(ticket, Deadline(GUARD)))
            stop.wait(0.0002)
            counts[number] += 1
            lock.release(ticket)
            if sum(counts.values()) >= 600:
                stop.set()

    run_in_threads(6, work)
    assert min(counts.values()) > max(counts.values()) / 2


def test_releasing_again_does_no_harm() -> None:
    lock = ThreadLock(1)
    first, second = object(), object()
    assert lock.try_acquire(first)
    lock.release(first)
    assert lock.try_acquire(second)
    lock.release(first)
    assert not lock.try_acquire(first)
    lock.release(second)
    assert lock.try_acquire(first)


def test_a_task_that_is_cancelled_just_when_its_turn_comes_passes_it_on() -> None:
    async def main() -> None:
        lock = TaskLock(1)
        first = object()
        assert lock.try_acquire(first)

        async def wait() -> None:
            ticket = object()
            try:
                if not lock.try_acquire(ticket):
                    await lock.wait(ticket, Deadline(GUARD))
                await asyncio.sleep(0)
            finally:
                lock.release(ticket)

        one, two = asyncio.create_task(wait()), asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        lock.release(first)
        one.cancel()
        with pytest.raises(asyncio.CancelledError):
            await one
        await asyncio.wait_for(two, GUARD)

    asyncio.run(main())


def test_a_signal_handler_may_call_while_its_thread_calls() -> None:
    """It gets an error or a result, and never waits for itself."""
    results: list[object] = []

    with serve(respond(ok(GOOD))) as server, VisionAI(server.url, retries=0, timeout=0.5) as module:

        def handle(*_: object) -> None:
            try:
                results.append(module.get_calib().left)
            except Exception as error:  # noqa: BLE001  # counted
                results.append(error)

        before = signal.signal(signal.SIGALRM, handle)
        try:
            while len(results) < 30:
                signal.setitimer(signal.ITIMER_REAL, 0.0003)
                assert module.get_calib().left == 444
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def test_a_waiting_task_is_told_when_its_time_is_up() -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(GUARD)
            raise AssertionError

    async def main() -> None:
        async with AsyncVisionAI(transport=Silent(), retries=0) as module:
            first = asyncio.create_task(_call(module.get_calib))
            await asyncio.sleep(0.01)
            with pytest.raises(UnreachableError, match="another call"):
                await module.with_options(timeout=0.05).get_calib()
            first.cancel()

    asyncio.run(main())
