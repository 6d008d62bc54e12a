"""Who reads the events: the center's own sums, and a program with nats-py alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_fleet_events import make_recognition, publish

from vision_ai_fleet.connection import connect, get_subject
from vision_ai_fleet.engine.streams import add_event_reader
from vision_ai_fleet.events.cloud_event import CloudEvent
from vision_ai_fleet.events.quality import Quality, follow_quality

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]
EXAMPLE = Path(__file__).parents[3] / "examples" / "fleet_consumer.py"


def test_the_sums_follow_the_stream_over_restarts_of_both(center: Center, run: Run, tmp_path: Path) -> None:
    async def follow(connection: Any, expected: int) -> None:
        with Quality(tmp_path / "quality.db") as quality:
            following = asyncio.create_task(follow_quality(connection, quality))
            while (overall := quality.read_overall(7)) is None or overall.recognitions < expected:
                assert not following.done()
                await asyncio.sleep(0.02)
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            assert overall.recognitions == expected

    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, *(make_recognition(row=row) for row in range(10)))
            await follow(connection, 10)
            reconnected = asyncio.Event()
            connection.on_reconnect.append(reconnected.set)
            center.server.kill()
            center.server.start()
            await reconnected.wait()
            await publish(connection, *(make_recognition(row=row) for row in range(10, 15)))
            await follow(connection, 15)

    run(use())


def test_a_program_with_a_viewers_credentials_prints_recognitions(
    center: Center, run: Run, tmp_path: Path
) -> None:
    viewer = center.trust.make_credentials("viewer", "printer", server=center.server.url)
    credentials = tmp_path / "viewer.creds"
    viewer.write(credentials)

    async def print_next(*events: CloudEvent) -> str:
        program = await asyncio.create_subprocess_exec(
            sys.executable, EXAMPLE, credentials, stdout=asyncio.subprocess.PIPE
        )
        assert program.stdout is not None
        try:
            assert b"connected" in await program.stdout.readline()
            async with connect(center.operator) as connection:
                await publish(connection, *events)
            return (await program.stdout.readline()).decode()
        finally:
            program.kill()
            await program.wait()

    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_recognition(row=1))
            await add_event_reader(connection, viewer)
            first = await print_next(make_recognition(row=2, choice="001"))
            assert "/stores/0042/scales/07 [['001', 0.9]] confirmed: 001" in first
            while (await connection.jetstream.consumer_info("EVENTS", get_subject(viewer.jwt))).num_waiting:
                await asyncio.sleep(0.02)  # the server notices that the program was killed
            await publish(connection, make_recognition("0043/01", row=3))
            assert "/stores/0043/scales/01" in await print_next()

    run(use())
