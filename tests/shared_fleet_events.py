"""Events of scales for tests."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from vision_ai.journal import JournalDevice, JournalEvent, JournalGuess, JournalRecognition
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.events.cloud_event import CloudEvent, make_journal_event, make_recognition_event
from vision_ai_fleet.messages import encode
from vision_ai_fleet.names import ScaleId

NOON = datetime.combine(date.today(), time(12), timezone(timedelta(hours=2)))
"""Today in a place that is two hours ahead of UTC."""
NAMES = {"001": "Apple", "002": "Pear"}


def make_recognition(
    scale: str = "0042/07",
    row: int = 1,
    choice: str | None = None,
    *,
    guesses: tuple[tuple[str, float], ...] = (("001", 0.9), ("002", 0.1)),
    at: datetime = NOON,
    revision: int = 1,
    serial_number: str = "12345678",
    engine: str = "1.2.0",
) -> CloudEvent:
    """Make a recognition and the product that was confirmed."""
    ids = [id for id, _ in guesses]
    place = None if choice is None else ids.index(choice) + 1 if choice in ids else 0
    recognition = JournalRecognition(
        row,
        at,
        JournalDevice(serial_number, engine, "1.0", "v1"),
        None,
        tuple(JournalGuess(id, score, NAMES.get(id)) for id, score in guesses),
        0.25,
        1,
        choice,
        None if choice is None else NAMES.get(choice),
        place,
        None if choice is None else True,
        None,
        None,
    )
    return make_recognition_event(ScaleId.parse(scale), "i", recognition, revision)


def make_other(
    scale: str = "0042/07",
    kind: str = "taught",
    row: int = 1,
    *,
    at: datetime = NOON,
    detail: str | None = None,
) -> CloudEvent:
    """Make an event that is no recognition."""
    device = JournalDevice("12345678", None, None, None)
    return make_journal_event(ScaleId.parse(scale), "i", JournalEvent(row, at, device, kind, None, detail))


def make_event(scale: str = "0042/07", row: int = 1, **more: Any) -> bytes:
    return encode(make_recognition(scale, row, **more).to_dict())


async def publish(connection: Connection, *events: bytes | CloudEvent) -> None:
    """Store events in the stream, in their order."""
    acknowledgements: list[asyncio.Future[Any]] = []
    for each in events:
        data = each if isinstance(each, bytes) else encode(each.to_dict())
        payload = json.loads(data)
        kind = payload["type"].split(".")[1]
        subject = f"events.{payload['store']}.{payload['scale']}.{kind}"
        acknowledgements.append(await connection.jetstream.publish_async(subject, data))
    await asyncio.gather(*acknowledgements)


TODAY = NOON.astimezone(UTC).date()
