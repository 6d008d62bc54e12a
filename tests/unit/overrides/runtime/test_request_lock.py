"""One request at a time: threads, tasks, calls from callbacks, and calls that time out waiting."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, success_response
from shared_socket_server import Peer, head, ok, respond, serve

from vision_ai import AsyncVisionAI, Progress, UnreachableError, VisionAI, VisionAIError
from vision_ai._runtime.deadline import Deadline
from vision_ai._runtime.locks import ThreadLock
from vision_ai._runtime.sync import run_sync
from vision_ai_emulator.emulator import Emulator
from vision_ai_generated import api

GOOD = success_response(CALIB)


class OverlapDetector(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Takes a moment for each request and counts those that overlap. All wait until `gate` is set."""

    def __init__(self, gated: bool = False) -> None:
        self.gate = threading.Event()
        if not gated:
            self.gate.set()
        self.inside = 0
        self.most = 0
        self.request_count = 0
        self.closed = False

    def _enter(self) -> None:
        assert not self.closed, "a request after the end"
        self.inside += 1
        self.request_count += 1
        self.most = max(self.most, self.inside)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._enter()
        self.gate.wait(10)
        time.sleep(0.002)
        self.inside -= 1
        return httpx.Response(200, content=GOOD.content)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._enter()
        try:
            while not self.gate.is_set():
                await anyio.sleep(0.005)
            await anyio.sleep(0.002)
        finally:
            self.inside -= 1
        return httpx.Response(200, content=GOOD.content)

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def run_in_threads(*functions: Callable[[], object]) -> list[Exception | object]:
    """Run them all at once; return their results or exceptions."""
    results: list[Any] = [None] * len(functions)

    def run(index: int) -> None:
        try:
            results[index] = functions[index]()
        except Exception as error:  # noqa: BLE001  # handed to the test
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_requests_of_threads_never_overlap() -> None:
    transport = OverlapDetector()
    with VisionAI(transport=transport) as module:
        sibling = module.with_options(timeout=10)
        run_in_threads(*[client.get_calib for client in (module, sibling) for _ in range(10)])
    assert (transport.request_count, transport.most) == (20, 1)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_requests_of_tasks_never_overlap(backend: str) -> None:
    transport = OverlapDetector()

    async def main() -> None:
        async with AsyncVisionAI(transport=transport) as module:
            sibling = module.with_options(timeout=10)
            async with anyio.create_task_group() as tasks:
                for client in (module, sibling) * 10:
                    tasks.start_soon(client.get_calib)

    anyio.run(main, backend=backend)
    assert (transport.request_count, transport.most) == (20, 1)


def test_a_thread_that_times_out_waiting_sends_nothing() -> None:
    transport = OverlapDetector(gated=True)
    with VisionAI(transport=transport, retries=0) as module:
        first = threading.Thread(target=module.get_calib)
        first.start()
        while not transport.inside:
            time.sleep(0.001)
        with pytest.raises(UnreachableError, match="another call"):
            module.with_options(timeout=0.05).start_backup()
        assert transport.request_count == 1
        transport.gate.set()
        first.join()
        assert module.get_calib().left == 444


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_times_out_waiting_sends_nothing(backend: str) -> None:
    transport = OverlapDetector(gated=True)

    async def main() -> None:
        async with (
            AsyncVisionAI(transport=transport, retries=0) as module,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(module.get_calib)
            while not transport.inside:
                await anyio.sleep(0.001)
            with pytest.raises(UnreachableError, match="another call"):
                await module.with_options(timeout=0.05).start_backup()
            assert transport.request_count == 1
            transport.gate.set()
            assert (await module.get_calib()).left == 444

    anyio.run(main, backend=backend)


def test_a_thread_that_waits_while_the_client_closes_gets_an_error() -> None:
    transport = OverlapDetector(gated=True)
    module = VisionAI(transport=transport, retries=0)

    def wait() -> object:
        while not transport.inside:
            time.sleep(0.001)
        return module.get_calib()

    def close() -> None:
        while not transport.inside:
            time.sleep(0.001)
        time.sleep(0.05)  # so that the other one waits for the lock
        module.close()
        transport.gate.set()

    _, result, _ = run_in_threads(module.get_calib, wait, close)
    assert isinstance(result, VisionAIError)
    assert "closed" in str(result)
    assert transport.request_count == 1


def test_a_task_that_waits_while_the_client_closes_gets_an_error() -> None:
    transport = OverlapDetector(gated=True)

    async def main() -> None:
        module = AsyncVisionAI(transport=transport, retries=0)
        first = asyncio.create_task(module.get_calib())
        await asyncio.sleep(0.01)
        second = asyncio.create_task(module.get_calib())
        await asyncio.sleep(0.01)
        await module.aclose()
        transport.gate.set()
        with pytest.raises(VisionAIError, match="closed"):
            await second
        await asyncio.gather(first, return_exceptions=True)

    asyncio.run(main())
    assert transport.request_count == 1


@pytest.mark.parametrize("phase", ["downloading", "uploading"])
def test_a_call_from_inside_a_transfer_is_an_error(emulator: Emulator, tmp_path: Path, phase: str) -> None:
    with VisionAI(emulator.url) as module:
        path = module.backup(tmp_path, poll=0.001)

        def ask(step: Progress) -> None:
            if step.phase == phase:
                module.with_options(timeout=1).get_calib()

        with pytest.raises(VisionAIError, match="inside another one"):
            if phase == "downloading":
                module.save_backup(module.get_backup_status().filename, tmp_path, progress=ask)
            else:
                module.restore(path, poll=0.001, progress=ask)
        assert module.get_calib().width > 0
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("phase", ["backing up", "learning"])
def test_a_callback_may_call_between_the_steps_of_a_workflow(
    emulator: Emulator, tmp_path: Path, phase: str
) -> None:
    with VisionAI(emulator.url) as module:
        results_of_callback: list[object] = []

        def ask(step: Progress) -> None:
            if step.phase == phase:
                results_of_callback.append(module.get_calib())

        module.learn(id="1", name="x", pictures=1, progress=ask)
        module.backup(tmp_path, poll=0.001, progress=ask)
        assert results_of_callback


def test_a_callback_may_use_another_client(connect: Any, emulator: Emulator, tmp_path: Path) -> None:
    with VisionAI(emulator.url) as other:
        path = connect(emulator.url).backup(tmp_path, poll=0.001, progress=lambda _: other.get_calib())
    assert path.exists()


def test_a_failed_call_releases_the_lock(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(
        transport.respond(httpx.ReadError("x"), RuntimeError("a broken transport"), GOOD), retries=0
    )
    with pytest.raises(VisionAIError):
        module.get_calib()
    with pytest.raises(RuntimeError, match="broken"):
        module.get_calib()
    assert module.get_calib().left == 444


def test_a_fork_during_a_call_leaves_the_child_unlocked() -> None:
    arrived, going_on = threading.Event(), threading.Event()

    def slow(peer: Peer) -> None:
        peer.read_request()
        arrived.set()
        going_on.wait(10)
        peer.send(head(len(GOOD.content)) + GOOD.content)

    with (
        serve(slow, respond(ok(GOOD.content))) as server,
        VisionAI(server.url, retries=0, timeout=5) as module,
    ):
        thread = threading.Thread(target=module.get_calib)
        thread.start()
        assert arrived.wait(10)
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if module.get_calib().left == 444 else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        going_on.set()
        thread.join()


def test_a_waiter_that_is_admitted_while_it_gives_up_keeps_nothing() -> None:
    lock = ThreadLock(concurrency=1)
    holder, waiter = object(), object()

    class Holders(dict[object, object]):
        """Lets the holder release the lock at the worst moment: when the waiter has looked for its ticket."""

        def pop(self, ticket: object, default: object = None) -> object:
            found = super().pop(ticket, default)
            if ticket is waiter and holder in self:
                releasing = threading.Thread(target=lock.release, args=(holder,))
                releasing.start()
                releasing.join()
            return found

    acquiring = threading.Thread(target=lock.try_acquire, args=(holder,))
    acquiring.start()
    acquiring.join()
    with pytest.raises(UnreachableError):
        run_sync(lock.wait(waiter, Deadline(0.0)))
    lock._holders = Holders(lock._holders)
    lock.release(waiter)
    assert lock.try_acquire(object())


# --- Requests in the background


@pytest.mark.parametrize("concurrency", [1, 2])
def test_a_request_in_the_background_is_sent_after_all_others(concurrency: int) -> None:
    transport = OverlapDetector(gated=True)
    order: list[str] = []

    def ask(name: str, call: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            call()
            order.append(name)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with VisionAI(transport=transport, timeout=20, concurrency=concurrency) as module:
        pipeline = module._pipeline
        lock: Any = pipeline.runtime.lock
        watch = pipeline.in_background(pipeline.options)
        threads = [ask("holder", module.get_calib) for _ in range(concurrency)]
        while transport.inside < concurrency:
            time.sleep(0.001)
        threads.append(ask("background", lambda: run_sync(watch.call(api.GET_CALIB, {}))))
        while not lock._background_waiters:
            time.sleep(0.001)
        for number in range(3):
            threads.append(ask("other", module.get_calib))
            while len(lock._waiters) <= number:
                time.sleep(0.001)
        transport.gate.set()
        for thread in threads:
            thread.join(20)
    assert len(order) == concurrency + 4
    assert "background" in order[-concurrency:]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_in_the_background_is_sent_after_all_others(backend: str) -> None:
    transport = OverlapDetector(gated=True)
    order: list[str] = []

    async def main() -> None:
        async with AsyncVisionAI(transport=transport, timeout=20) as module:
            pipeline = module._pipeline
            lock: Any = pipeline.runtime.lock
            watch = pipeline.in_background(pipeline.options)

            async def ask(name: str, client: Any) -> None:
                await client.call(api.GET_CALIB, {})
                order.append(name)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask, "holder", pipeline)
                while not transport.inside:
                    await anyio.sleep(0.001)
                tasks.start_soon(ask, "background", watch)
                while not lock._background_waiters:
                    await anyio.sleep(0.001)
                for number in range(3):
                    tasks.start_soon(ask, "other", pipeline)
                    while len(lock._waiters) <= number:
                        await anyio.sleep(0.001)
                transport.gate.set()

    anyio.run(main, backend=backend)
    assert order == ["holder", "other", "other", "other", "background"]


def test_in_the_background_the_time_for_a_request_begins_when_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vision_ai._pipeline.pipeline.LOOK_AGAIN", 0.02)
    transport = OverlapDetector(gated=True)
    with VisionAI(transport=transport, retries=0) as module:
        holder = threading.Thread(target=module.get_calib)
        holder.start()
        while not transport.inside:
            time.sleep(0.001)
        pipeline = module._pipeline
        watch = pipeline.in_background(pipeline.options._replace(timeout=0.2))
        (result,) = run_in_threads(
            lambda: (
                threading.Timer(0.4, transport.gate.set).start()
                or run_sync(watch.call(api.GET_CALIB, {})).left
            )
        )
        assert result == 444  # it waited for longer than its timeout
        holder.join()


def test_a_call_in_the_background_from_inside_a_transfer_is_an_error(
    emulator: Emulator, tmp_path: Path
) -> None:
    with VisionAI(emulator.url) as module:
        watch = module.watch()

        def ask(step: Progress) -> None:
            if step.phase == "downloading":
                next(watch)

        with pytest.raises(VisionAIError, match="inside another one"):
            module.backup(tmp_path, poll=0.001, progress=ask)
