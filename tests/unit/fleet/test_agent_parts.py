"""Parts of an agent without a center: its queue, its clock, drift, cancellation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from nats.aio.msg import Msg

from vision_ai_fleet.agent import queue as queue_module
from vision_ai_fleet.agent.engine_clock import EngineClock
from vision_ai_fleet.agent.inventory import find_drift
from vision_ai_fleet.agent.queue import JobQueue
from vision_ai_fleet.agent.tasks import complete, wait_until_set
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.tasks import end_tasks

DELIVERY = "$JS.ACK.JOBS-0042.07.1.5.1.1795888399000000000.0"


class FakeCenter:
    """An engine that never answers by itself, and forgets requests."""

    def __init__(self) -> None:
        self.client = self
        self.on_reconnect: list[Callable[[], None]] = []
        self.requests = 0
        self.asked = asyncio.Event()
        self._deliver: Callable[[Msg], Awaitable[None]] | None = None

    def new_inbox(self) -> str:
        return "_INBOX.1"

    async def subscribe(self, subject: str, cb: Callable[[Msg], Awaitable[None]]) -> Any:
        async def unsubscribe() -> None:
            self._deliver = None

        self._deliver = cb
        return SimpleNamespace(unsubscribe=unsubscribe)

    async def publish(self, subject: str, data: bytes, reply: str) -> None:
        assert subject == "$JS.API.CONSUMER.MSG.NEXT.JOBS-0042.07"
        self.requests += 1
        self.asked.set()

    async def send(self, data: bytes = b"{}", **headers: str) -> None:
        assert self._deliver is not None
        await self._deliver(Msg(self, "jobs.0042.07.job-1", DELIVERY, data, headers or None))  # type: ignore[arg-type]


async def answer_second_request(center: FakeCenter, disturb: Callable[[], Awaitable[None]]) -> int:
    async with JobQueue(center, ScaleId("0042", "07")) as queue:  # type: ignore[arg-type]
        taking = asyncio.create_task(queue.take())
        await center.asked.wait()
        center.asked.clear()
        await disturb()
        await center.asked.wait()
        await center.send(b"job")
        delivery = await taking
        assert delivery.data == b"job" and delivery.sequence == 5 and not delivery.is_scheduled
    return center.requests


@pytest.mark.parametrize("sign", ["silence", "reconnection", "the request is over", "the consumer is gone"])
def test_a_request_for_a_job_is_made_again_when_the_engine_forgot_it(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "ERROR_PAUSE", 0.0)
    if sign == "silence":
        monkeypatch.setattr(queue_module, "SILENCE", 0.02)

    async def use() -> None:
        center = FakeCenter()

        async def disturb() -> None:
            if sign == "reconnection":
                for function in center.on_reconnect:
                    function()
            elif sign != "silence":
                await center.send(b"", Status="100")  # a sign of life changes nothing
                await center.send(b"", Status="408" if sign == "the request is over" else "503")

        assert await asyncio.wait_for(answer_second_request(center, disturb), 30) >= 2
        assert not center.on_reconnect

    asyncio.run(use())


def test_the_engines_clock_runs_on_whatever_happens_to_this_computers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = EngineClock()
    now = time.time()
    clock.set(now - 3600, time.monotonic())
    assert clock.measured.is_set() and -3601 < clock.offset < -3599
    monkeypatch.setattr(time, "time", lambda: now + 86400)  # somebody sets this computer's clock
    assert now - 3600 <= clock.now < now - 3500
    assert clock.offset < -86400


@pytest.mark.parametrize(
    ("desired", "reported", "drift"),
    [
        (None, {"learn_mode": 1}, []),
        ({"learn_mode": 1}, {"learn_mode": 1}, []),
        ({"learn_mode": 0, "enforce": True}, {"learn_mode": 1}, ["learn_mode"]),
        ({"learn_mode": 0}, {"learn_mode": None}, []),
        ({"learn_mode": 0}, None, []),
        ({"calibration": {"left": 1}}, {"calibration": {"left": 1.0, "top": 2}}, []),
        ({"calibration": {"left": 1}}, {"calibration": {"left": 2, "top": 2}}, ["calibration"]),
        ({"calibration": {"left": 1}}, {"calibration": {}}, ["calibration"]),
    ],
)
def test_drift_is_what_was_read_and_is_otherwise(desired: Any, reported: Any, drift: list[str]) -> None:
    assert find_drift(desired, {"reported": reported}) == drift


def test_a_task_that_loses_a_cancellation_ends_nevertheless() -> None:
    async def use() -> None:
        lost = 0

        async def work() -> None:
            nonlocal lost
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:  # as a library may
                lost += 1
            await asyncio.sleep(60)

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        await end_tasks([task], 0.01)
        assert task.cancelled() and lost == 1

    asyncio.run(use())


def test_cleaning_up_is_completed_although_it_is_canceled() -> None:
    async def use() -> None:
        steps: list[str] = []

        async def clean_up() -> None:
            for step in ("one", "two"):
                await asyncio.sleep(0.01)
                steps.append(step)

        async def work() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                await complete(clean_up())

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        await end_tasks([task], 0.005)
        assert task.cancelled() and steps == ["one", "two"]

    asyncio.run(use())


def test_an_event_that_was_waited_for_is_cleared() -> None:
    async def use() -> None:
        event = asyncio.Event()
        assert not await wait_until_set(event, 0.001)
        event.set()
        assert await wait_until_set(event, 60) and not event.is_set()

    asyncio.run(use())
