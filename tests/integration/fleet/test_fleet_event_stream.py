"""Events are read from a real stream, to its end or as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from shared_fleet_events import make_event, publish

from vision_ai_fleet.connection import connect
from vision_ai_fleet.direct_reads import BATCH as EVENTS_AT_ONCE
from vision_ai_fleet.errors import NotPermittedError
from vision_ai_fleet.events.stream import EventBatch, follow_events, read_events

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]


def test_events_are_read_from_a_position_to_the_end(center: Center, run: Run) -> None:
    async def use() -> list[EventBatch]:
        async with center.open("0042/07") as connection:
            async with aclosing(read_events(connection)) as batches:
                assert [batch async for batch in batches] == []
            await publish(connection, *(make_event(row=row) for row in range(EVENTS_AT_ONCE + 500)))
            await publish(connection, make_event("0043/01"))
            async with aclosing(read_events(connection, 100)) as batches:
                found = [batch async for batch in batches]
            async with aclosing(read_events(connection, store="0043")) as batches:
                [only] = [batch async for batch in batches]
            assert [str(each.scale) for each in only.events] == ["0043/01"]
            return found

    batches = run(use())
    rows = [int(event.id.rpartition("-")[2]) for batch in batches for event in batch.events]
    assert rows == [*range(100, EVENTS_AT_ONCE + 500), 1]
    assert batches[-1].position == EVENTS_AT_ONCE + 501
    assert all(received > 1e9 for batch in batches for received in batch.received)


def test_following_goes_on_after_a_restart_of_the_server(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_event(row=1))
            async with aclosing(follow_events(connection)) as batches:
                assert [each.id for each in (await anext(batches)).events] == ["i-1"]
                following = asyncio.create_task(anext(batches))
                reconnected = asyncio.Event()
                connection.on_reconnect.append(reconnected.set)
                center.server.kill()
                center.server.start()
                await reconnected.wait()
                await publish(connection, make_event(row=2))
                assert [each.id for each in (await following).events] == ["i-2"]

    run(use())


def test_viewers_and_managers_read_events_and_scales_do_not(center: Center, run: Run) -> None:
    async def read(role: str, store: str) -> list[str]:
        credentials = center.trust.make_credentials(role, role, server=center.server.url, store="0043")
        async with (
            connect(credentials) as connection,
            aclosing(read_events(connection, store=store)) as batches,
        ):
            return [str(event.scale) async for batch in batches for event in batch.events]

    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_event("0042/07"), make_event("0043/01"))
        assert await read("viewer", "") == ["0042/07", "0043/01"]
        assert await read("manager", "0043") == ["0043/01"]
        async with connect(center.enrol("0042/07")) as scale, aclosing(read_events(scale)) as batches:
            with pytest.raises(NotPermittedError):
                await anext(batches)

    run(use())


def test_an_event_that_lies_about_its_scale_is_left_out(center: Center, run: Run) -> None:
    async def use() -> EventBatch:
        async with center.open("0042/07", "0042/08") as connection:
            forged = make_event("0042/08")
            await connection.jetstream.publish("events.0042.07.recognition", forged)
            await connection.jetstream.publish("events.0042.07.recognition", b"no event")
            async with aclosing(read_events(connection)) as batches:
                return await anext(batches)

    batch = run(use())
    assert (batch.events, batch.refused, batch.position) == ([], 2, 2)
