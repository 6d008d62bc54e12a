"""Cancelled calls leave the asynchronous client usable, and no partial file, under both event loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from samples import CALIB
from scripted_transport import success_response

from vision_ai import AsyncVisionAI, _files

GOOD = success_response(CALIB).content
BACKENDS = ["asyncio", "trio"]


class EndlessBody(httpx.AsyncByteStream):
    """An endless body that records that it was closed."""

    def __init__(self) -> None:
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await anyio.sleep(0.001)
            yield b"x" * 100_000

    async def aclose(self) -> None:
        await anyio.sleep(0)  # a socket's close waits, too
        self.closed = True


class StallingTransport(httpx.AsyncBaseTransport):
    """Stalls while `stall` is set; its downloads have no end."""

    def __init__(self) -> None:
        self.request_count = 0
        self.stall = True
        self.body = EndlessBody()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.request_count += 1
        if request.url.path.startswith("/download/"):
            return httpx.Response(200, stream=self.body)
        if self.stall:
            await anyio.sleep(60)
        return httpx.Response(200, content=GOOD)


async def cancel_by_scope(call: Callable[[], Awaitable[Any]], when: Callable[[], bool]) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call)
        while not when():
            await anyio.sleep(0.001)
        tasks.cancel_scope.cancel()


async def cancel_by_asyncio(call: Callable[[], Awaitable[Any]], when: Callable[[], bool]) -> None:
    task = asyncio.ensure_future(call())
    while not when():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


CANCELLATIONS = [
    pytest.param("asyncio", cancel_by_scope, id="asyncio-scope"),
    pytest.param("asyncio", cancel_by_asyncio, id="asyncio-task"),
    pytest.param("trio", cancel_by_scope, id="trio-scope"),
]


@pytest.mark.parametrize(("backend", "cancel"), CANCELLATIONS)
def test_a_cancelled_call_leaves_the_client_usable(backend: str, cancel: Any) -> None:
    transport = StallingTransport()

    async def main() -> None:
        async with AsyncVisionAI(transport=transport) as module:
            await cancel(module.get_calib, lambda: transport.request_count == 1)
            transport.stall = False
            assert (await module.get_calib()).left == 444
        assert transport.request_count == 2  # a cancelled call is not repeated

    anyio.run(main, backend=backend)


@pytest.mark.parametrize(("backend", "cancel"), CANCELLATIONS)
def test_a_call_cancelled_while_it_waits_for_the_lock_is_never_sent(backend: str, cancel: Any) -> None:
    transport = StallingTransport()

    async def main() -> None:
        async with AsyncVisionAI(transport=transport) as module:

            async def two() -> None:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(module.get_calib)
                    await anyio.sleep(0.01)
                    tasks.start_soon(module.start_backup)
                    await anyio.sleep(0.01)
                    ready.append(True)
                    await anyio.sleep(60)

            ready: list[bool] = []
            await cancel(two, lambda: bool(ready))
            transport.stall = False
            assert transport.request_count == 1
            assert (await module.get_calib()).left == 444

    anyio.run(main, backend=backend)


@pytest.mark.parametrize(("backend", "cancel"), CANCELLATIONS)
def test_a_download_cancelled_halfway_leaves_no_file(backend: str, cancel: Any, tmp_path: Path) -> None:
    transport = StallingTransport()
    moved: list[int] = []

    async def main() -> None:
        async with AsyncVisionAI(transport=transport) as module:

            async def download() -> None:
                await module.save_backup("a.evo", tmp_path, progress=lambda step: moved.append(step.done))

            await cancel(download, lambda: bool(moved) and moved[-1] > 3_000_000)
            assert transport.body.closed
            transport.stall = False
            assert (await module.get_calib()).left == 444

    anyio.run(main, backend=backend)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("backend", "cancel"), CANCELLATIONS)
def test_a_download_cancelled_at_its_very_end_leaves_no_half_file(
    backend: str, cancel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finishing: list[bool] = []
    finish = _files.PendingFile.finish

    def slow_finish(self: _files.PendingFile) -> None:
        import time

        finishing.append(True)
        time.sleep(0.1)  # a slow disk
        finish(self)

    monkeypatch.setattr(_files.PendingFile, "finish", slow_finish)

    class Small(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=b"\0a backup")

    async def main() -> None:
        async with AsyncVisionAI(transport=Small()) as module:
            await cancel(lambda: module.save_backup("a.evo", tmp_path), lambda: bool(finishing))
        await anyio.sleep(0.2)  # the thread may end after its caller

    anyio.run(main, backend=backend)
    assert not [path for path in tmp_path.iterdir() if path.name != "a.evo"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_callers_time_limit_ends_a_call(backend: str) -> None:
    transport = StallingTransport()

    async def main() -> None:
        async with AsyncVisionAI(transport=transport) as module:
            with anyio.move_on_after(0.05) as scope:
                await module.get_calib()
            assert scope.cancelled_caught
            transport.stall = False
            await module.get_calib()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize(("backend", "cancel"), CANCELLATIONS)
def test_a_call_cancelled_on_a_socket_leaves_the_client_usable(backend: str, cancel: Any) -> None:
    from shared_socket_server import ok, respond, serve

    with serve(lambda peer: peer.stall(), respond(ok(GOOD))) as server:

        async def main() -> None:
            async with AsyncVisionAI(server.url) as module:
                await cancel(module.get_calib, lambda: server.connections == 1)
                assert (await module.get_calib()).left == 444

        anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_asynchronous_client_works_with_both_event_loops(
    backend: str, served: str, tmp_path: Path
) -> None:
    async def main() -> None:
        async with AsyncVisionAI(served) as module:
            await module.learn(id="1", name="Apple", pictures=1)
            await module.confirm(await module.get_result(), id="1", name="Apple")
            assert (await module.get_image()).width == 1280
            path = await module.backup(tmp_path, poll=0.001)
            await module.restore(path, poll=0.001)
            await module.reboot()
            assert (await module.wait_until_ready(poll=0.001, timeout=20)).sn

    anyio.run(main, backend=backend)


class LearningModule(httpx.AsyncBaseTransport):
    """Registers one picture, stalls at the second, and takes a moment to delete one."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.deletions: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        if request.url.path == "/api/register_item":
            if self.paths.count("/api/register_item") > 1:
                await anyio.sleep(60)
            data = {"image": "", "image_id": "77"}
            return httpx.Response(200, json={"code": 0, "data": data})
        if request.url.path == "/api/delete_registered_image":
            await anyio.sleep(0.01)
            self.deletions.append(await request.aread())
        return httpx.Response(200, json={"code": 0, "data": None})


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cancelled_learn_deletes_its_pictures_and_commits_nothing(backend: str) -> None:
    async def main() -> None:
        transport = LearningModule()
        async with AsyncVisionAI(transport=transport) as module:

            async def learn() -> None:
                await module.learn(id="001", name="Apple", pictures=2)

            await cancel_by_scope(learn, lambda: transport.paths.count("/api/register_item") == 2)
        assert "/api/commit_registered_item" not in transport.paths
        assert len(transport.deletions) == 1
        assert b'"image_id":"77"' in transport.deletions[0]

    anyio.run(main, backend=backend)
