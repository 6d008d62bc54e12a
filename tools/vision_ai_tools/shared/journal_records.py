"""The rows of a journal as records: what `vision-ai journal export` writes, and what the events of a fleet carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from vision_ai.journal import JournalEvent, JournalRecognition

RECOGNITION_COLUMNS = {
    "time": "VARCHAR",
    "time_utc": "TIMESTAMP",
    "serial_number": "VARCHAR",
    "engine": "VARCHAR",
    "firmware": "VARCHAR",
    "api": "VARCHAR",
    "sid": "VARCHAR",
    "guess": "VARCHAR",
    "guess_name": "VARCHAR",
    "score": "DOUBLE",
    "guesses": "VARCHAR",
    "latency": "DOUBLE",
    "readings": "BIGINT",
    "choice": "VARCHAR",
    "choice_name": "VARCHAR",
    "place": "BIGINT",
    "intop": "BOOLEAN",
    "chosen_at": "VARCHAR",
    "picture": "VARCHAR",
}
"""The fields of a recognition, and their types in Parquet."""
EVENT_COLUMNS = {
    "time": "VARCHAR",
    "time_utc": "TIMESTAMP",
    "serial_number": "VARCHAR",
    "kind": "VARCHAR",
    "code": "BIGINT",
    "detail": "VARCHAR",
}
"""The same of an event."""


def make_recognition_record(row: JournalRecognition) -> dict[str, Any]:
    """Return a recognition as JSON has it."""
    device, best = row.device, row.guesses[0] if row.guesses else None
    return {
        "time": row.time.isoformat(),
        "time_utc": format_utc(row.time),
        "serial_number": device and device.serial_number,
        "engine": device and device.engine,
        "firmware": device and device.firmware,
        "api": device and device.api,
        "sid": row.sid,
        "guess": best and best.id,
        "guess_name": best and best.name,
        "score": best and best.score,
        "guesses": [[guess.id, guess.score] for guess in row.guesses],
        "latency": row.latency,
        "readings": row.readings,
        "choice": row.choice,
        "choice_name": row.choice_name,
        "place": row.place,
        "intop": row.intop,
        "chosen_at": row.chosen_at and row.chosen_at.isoformat(),
        "picture": row.picture,
    }


def make_event_record(event: JournalEvent) -> dict[str, Any]:
    """Return an event as JSON has it."""
    return {
        "time": event.time.isoformat(),
        "time_utc": format_utc(event.time),
        "serial_number": event.device and event.device.serial_number,
        "kind": event.kind,
        "code": event.code,
        "detail": event.detail,
    }


def format_utc(moment: datetime) -> str:
    """Return a time in UTC, as `2026-11-28T09:30:00.123456Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
