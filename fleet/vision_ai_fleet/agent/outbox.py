"""Events that wait for the center, on this computer's disk and within bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .database import Database

POSITION = "events_position"
RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """One event.

    Args:
        number: Its place in the outbox; 0: it is not in it.
        kind: As in its subject: `recognition`.
        message: What the engine knows it by, so that it stores it once.
        data: A CloudEvent in JSON.
    """

    number: int
    kind: str
    message: str
    data: bytes


class Outbox:
    """The events of one agent. Its methods raise DiskFullError for what could not be written.

    Args:
        database: The agent's.
        rows, bytes: The most that it keeps. Beyond that the oldest recognitions are dropped.
    """

    def __init__(self, database: Database, *, rows: int, bytes: int) -> None:
        self._database = database
        self._rows, self._bytes = rows, bytes
        self.dropped = 0
        """Events that were dropped since `take_dropped`."""
        self.count, self.size = 0, 0
        self._measure()

    @property
    def position(self) -> str:
        """How far the module's events are in the outbox."""
        return self._database.get_fact(POSITION) or ""

    def add(self, events: Iterable[OutgoingEvent], position: str | None = None) -> None:
        """Store events, and how far those of the module were read, at once or not at all."""
        rows = [(event.kind, event.message, event.data) for event in events]
        with self._database.write() as connection:
            connection.executemany("INSERT INTO outbox (kind, message, data) VALUES (?, ?, ?)", rows)
            if position is not None:
                connection.execute("REPLACE INTO facts VALUES (?, ?)", (POSITION, position))
        self.count += len(rows)
        self.size += sum(len(row[2]) for row in rows)
        if self.count > self._rows or self.size > self._bytes:
            self._drop()

    def take(self, limit: int, after: int = 0) -> list[OutgoingEvent]:
        """Return the oldest events after a number. They stay until they are removed."""
        rows = self._database.read(
            "SELECT number, kind, message, data FROM outbox WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        return [OutgoingEvent(*row) for row in rows]

    def remove(self, events: Iterable[OutgoingEvent]) -> None:
        """Remove events that the center has."""
        removed: list[OutgoingEvent] = []
        with self._database.write() as connection:
            for event in events:
                if connection.execute("DELETE FROM outbox WHERE number = ?", (event.number,)).rowcount:
                    removed.append(event)  # others were dropped while they were being sent
        self.count -= len(removed)
        self.size -= sum(len(event.data) for event in removed)

    def take_dropped(self) -> int:
        """Return how many events were dropped since the last time."""
        dropped, self.dropped = self.dropped, 0
        return dropped

    def _drop(self) -> None:
        """Make room: a tenth of the outbox at once, recognitions first."""
        excess = max(self.count - self._rows * 9 // 10, 0)
        if self.size > self._bytes:
            excess = max(excess, round(self.count * (1 - 0.9 * self._bytes / self.size)))
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM outbox WHERE number IN "
                "(SELECT number FROM outbox ORDER BY kind != ?, number LIMIT ?)",
                (RECOGNITION, excess),
            )
        before = self.count
        self._measure()
        self.dropped += before - self.count

    def _measure(self) -> None:
        rows = self._database.read("SELECT count(*), coalesce(sum(length(data)), 0) FROM outbox")
        self.count, self.size = rows[0]


def pack_event(event: dict[str, Any]) -> OutgoingEvent:
    """Return an event as it is stored and sent.

    Args:
        event: A CloudEvent of the type `vision_ai.<kind>.v<number>`.

    Raises:
        ValueError: it is none.
    """
    try:
        kind = str(event["type"]).split(".")[1]
        message = f"{event['id']}/{event.get('revision', 1)}"
    except (KeyError, IndexError):
        raise ValueError("this is not an event of a module") from None
    if not kind.replace("_", "").isalnum():
        raise ValueError(f"{kind!r} is not a kind of event")
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    return OutgoingEvent(0, kind, message, data)
