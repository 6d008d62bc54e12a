"""Rows of a journal as events for the center, each once.

A recognition is sent when its product was confirmed, or two minutes after it. If it is confirmed later, it is sent
again with a higher revision.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vision_ai import DeviceError
from vision_ai.journal import JournalError, JournalReader, JournalRecognition
from vision_ai_fleet.agent.module_port import EventBatch
from vision_ai_fleet.events.cloud_event import make_journal_event, make_recognition_event
from vision_ai_fleet.names import ScaleId

from .position import Position, to_microseconds

log = logging.getLogger("vision_ai_fleet")

PATIENCE = timedelta(minutes=2)
"""How long a recognition waits for its choice."""
LATEST_CHOICE = timedelta(hours=25)
"""Choices that come later are not sent: the journal does not join them either."""
LATE_INTERVAL = 60.0
"""Seconds between two looks for choices that came late."""
LIMIT = 300
"""Events of one batch."""
MOST_ROWS = 1000
"""Rows that are looked at for one batch."""
KEEPS_OPEN = os.name == "posix"
"""Elsewhere an open file cannot be renamed, and the till may want to."""


class JournalEvents:
    """Reads a journal's new rows. One thread at a time.

    Args:
        path: The journal. It may be missing, replaced, locked or damaged at any time.
        scale: Whose it is.
        instance: The agent's installation.
        on_device_error: Called with the errors of the module that the journal has.
        now: The time in UTC.
    """

    def __init__(
        self,
        path: Path,
        scale: ScaleId,
        instance: str,
        on_device_error: Callable[[DeviceError], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path
        self._scale = scale
        self._instance = instance
        self._on_device_error = on_device_error
        self._now = now
        self._journal: JournalReader | None = None
        self._identity: tuple[int, int] | None = None
        self._late_choices_due = float("-inf")
        self._warned = ""
        self.next_due = float("inf")
        """When there will be more to send without any change of the journal, on the monotonic clock."""

    def read(self, text: str) -> EventBatch:
        """Return the events after a position, and the position after them."""
        self.next_due = float("inf")
        try:
            batch = self._read(Position.from_text(text))
        except FileNotFoundError:
            batch = None  # the till has not begun yet
        except (JournalError, OSError) as error:
            if str(error) != self._warned:
                self._warned = str(error)
                log.warning("the journal cannot be read, and is tried again: %s", error)
            batch = None
        else:
            self._warned = ""
        if batch is None or not KEEPS_OPEN:
            self.close()
        return batch or EventBatch(position=text)

    def close(self) -> None:
        """Close the journal."""
        journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()

    def _read(self, position: Position) -> EventBatch:
        journal = self._open()
        # The rest of a journal that was renamed or deleted is read first.
        is_replaced = self._identity != _identify(self._path)
        if not position.fits(journal):
            position = position.begin(journal)
        events: list[dict[str, Any]] = []
        for after, event in self._iterate(journal, position, wait=not is_replaced):
            position = after
            if event is not None:
                events.append(event)
            if len(events) >= LIMIT:
                self.next_due = time.monotonic()
                break
        if is_replaced and not events:
            self.close()
            self.next_due = time.monotonic()
        return EventBatch(events, position.to_text())

    def _open(self) -> JournalReader:
        if self._journal is None:
            self._identity = _identify(self._path)
            self._journal = JournalReader(self._path)
        return self._journal

    def _iterate(
        self, journal: JournalReader, position: Position, *, wait: bool
    ) -> Iterator[tuple[Position, dict[str, Any] | None]]:
        """Yield each event with the position after it; None where only the position moves."""
        instance = f"{self._instance}.{position.generation}"
        if time.monotonic() >= self._late_choices_due:
            late, position = self._find_late_choices(journal, position)
            for row in late:
                yield position, make_recognition_event(self._scale, instance, row, 2).to_dict()
            self._late_choices_due = time.monotonic() + LATE_INTERVAL
            yield position, None
        for each in list(journal.events(after_row=position.event, limit=LIMIT)):
            position = replace(position, event=each.row, event_time=to_microseconds(each.time))
            if each.kind == "device_error" and each.code is not None:
                self._on_device_error(DeviceError.of(each.code))
            yield position, make_journal_event(self._scale, instance, each).to_dict()
        rows = list(journal.recognitions(after_row=position.row, limit=MOST_ROWS))
        for row, after in self._select(rows, position, wait=wait):
            event = None if row is None else make_recognition_event(self._scale, instance, row)
            yield after, event and event.to_dict()

    def _find_late_choices(
        self, journal: JournalReader, position: Position
    ) -> tuple[list[JournalRecognition], Position]:
        """Return the recognitions that were sent without their choice and have one now."""
        now = self._now()
        # Of a clock that was set back.
        known = min(position.chosen, to_microseconds(now))
        latest, late = known, list[JournalRecognition]()
        for row in journal.recognitions(since=now - LATEST_CHOICE):
            if row.chosen_at is None:
                continue
            chosen = to_microseconds(row.chosen_at)
            latest = max(latest, chosen)
            was_late = not timedelta(0) <= row.chosen_at - row.time < PATIENCE
            if row.row <= position.row and chosen > known and was_late:
                late.append(row)
        return late, replace(position, chosen=latest)

    def _select(
        self, rows: Iterable[JournalRecognition], position: Position, *, wait: bool
    ) -> Iterator[tuple[JournalRecognition | None, Position]]:
        """Yield the rows to send, each with the position after it; None for one that was sent before."""
        now, sent, is_gapless = self._now(), set(position.sent), True
        for row in rows:
            is_new = row.row not in sent
            due = row.time + PATIENCE
            if is_new and wait and row.choice is None and row.time <= now + PATIENCE and now < due:
                is_gapless = False
                self.next_due = min(self.next_due, time.monotonic() + (due - now).total_seconds())
                continue
            if is_gapless:
                sent.discard(row.row)
                position = replace(position, row=row.row, time=to_microseconds(row.time))
            elif is_new:
                sent.add(row.row)
            position = replace(position, sent=tuple(sorted(sent)))
            yield (row if is_new else None), position


def _identify(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
