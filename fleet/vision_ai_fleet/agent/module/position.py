"""How far the rows of a journal are sent, as a text that outlives a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from vision_ai.journal import JournalEvent, JournalReader, JournalRecognition

HISTORY = timedelta(days=7)
"""Older rows of a journal that is read for the first time are not sent."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which rows are sent. Times are microseconds since 1970-01-01 UTC."""

    generation: int = -1
    """Counts the journals that were read, since each numbers its rows anew; -1: none yet."""
    row: int = 0
    """All recognitions up to this one are sent."""
    time: int | None = None
    """Of that row: another journal has another row of this number."""
    sent: tuple[int, ...] = ()
    """Rows after it that are sent already."""
    chosen: int = 0
    """Choices up to this time are sent."""
    event: int = 0
    """All events up to this row are sent."""
    event_time: int | None = None

    def to_text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Position:
        """Read a position. What is none is the beginning."""
        try:
            given: object = json.loads(text) if text else {}
            values = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
            known: dict[str, Any] = {
                each.name: values[each.name] for each in fields(cls) if each.name in values
            }
            known["sent"] = tuple(known.get("sent", ()))
            return cls(**known)
        except (ValueError, TypeError):
            return cls()

    def fits(self, journal: JournalReader) -> bool:
        """Whether the journal is the one of which rows are sent."""
        if self.generation < 0:
            return False
        return _has_row(
            journal.recognitions(after_row=self.row - 1, limit=1),
            journal.recognitions(newest_first=True, limit=1),
            self.row,
            self.time,
        ) and _has_row(
            journal.events(after_row=self.event - 1, limit=1),
            journal.events(newest_first=True, limit=1),
            self.event,
            self.event_time,
        )

    def begin(self, journal: JournalReader) -> Position:
        """Return the position before the first row of another journal that is to be sent."""
        since = datetime.now(UTC) - HISTORY
        recognition = next(journal.recognitions(since=since, limit=1), None)
        event = next(journal.events(since=since, limit=1), None)
        return Position(
            generation=self.generation + 1,
            row=_find_row_before(recognition, journal.recognitions(newest_first=True, limit=1)),
            event=_find_row_before(event, journal.events(newest_first=True, limit=1)),
        )


def to_microseconds(moment: datetime) -> int:
    """Return a time as a position has it."""
    return round(moment.timestamp() * 1_000_000)


Row = JournalRecognition | JournalEvent


def _has_row(rows: Iterator[Row], newest: Iterator[Row], number: int, moment: int | None) -> bool:
    if number == 0:
        return True
    first = next(rows, None)
    if first is None:  # all rows are older than this one: another journal; or there are none
        return next(newest, None) is None
    # Rows are deleted, the oldest first.
    return first.row != number or moment is None or to_microseconds(first.time) == moment


def _find_row_before(first: Row | None, newest: Iterator[Row]) -> int:
    if first is not None:
        return first.row - 1
    last = next(newest, None)
    return 0 if last is None else last.row
