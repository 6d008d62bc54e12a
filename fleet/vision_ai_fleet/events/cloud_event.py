"""Rows of a journal as CloudEvents 1.0, and back.

An agent sends them; a till's row that changes later (the product was confirmed) is sent again with the same id and a
higher revision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from vision_ai.journal import JournalDevice, JournalEvent, JournalGuess, JournalRecognition
from vision_ai_fleet.messages import decode
from vision_ai_fleet.names import ScaleId, get_event_subject
from vision_ai_tools.shared.journal_records import make_recognition_record

SCHEMA_FILE = Path(__file__).parent / "cloud_event.schema.json"
"""The JSON Schema of these events."""
RECOGNITION = "recognition"
"""The kind of recognitions. The other kinds are those of a journal's events, such as `connection_lost`."""
MAX_REVISION = 2**31 - 1
"""The largest integer of CloudEvents."""
_ID = re.compile(r"[!-~]{1,200}")
_ROW = re.compile(r"[0-9]{1,18}")
_TYPE_PREFIX, _TYPE_SUFFIX = "vision_ai.", ".v1"


class InvalidEventError(Exception):
    """A message of the stream is not an event of the scale that its subject names."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event of one scale."""

    scale: ScaleId
    kind: str
    """`recognition`, or the kind of a journal's event."""
    id: str
    """Of the scale: another scale may use the same."""
    revision: int
    """From 1. The highest one of an id counts."""
    time: datetime
    """With the till's difference to UTC."""
    data: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def subject(self) -> str:
        """Where it is published."""
        return get_event_subject(self.scale, self.kind)

    @property
    def message_id(self) -> str:
        """The header `Nats-Msg-Id`, by which the engine drops what is sent twice."""
        return f"{self.scale.key}/{self.id}/{self.revision}"

    def to_dict(self) -> dict[str, Any]:
        """Return the event in the structured form of JSON."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": f"/stores/{self.scale.store}/scales/{self.scale.scale}",
            "type": f"{_TYPE_PREFIX}{self.kind}{_TYPE_SUFFIX}",
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "store": self.scale.store,
            "scale": self.scale.scale,
            "revision": self.revision,
            "data": self.data,
        }

    @classmethod
    def from_dict(cls, payload: dict[str, Any]) -> CloudEvent:
        """Read an event. Attributes that a newer agent adds are ignored.

        Raises:
            InvalidEventError: it is not an event of a scale.
        """
        try:
            kind = str(payload["type"])
            event = cls(
                ScaleId(str(payload["store"]), str(payload["scale"])),
                kind.removeprefix(_TYPE_PREFIX).removesuffix(_TYPE_SUFFIX),
                str(payload["id"]),
                int(payload.get("revision", 1)),
                datetime.fromisoformat(payload["time"]),
                dict(payload["data"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidEventError(f"not an event of a scale: {type(error).__name__}") from None
        if payload.get("specversion") != "1.0" or kind != f"{_TYPE_PREFIX}{event.kind}{_TYPE_SUFFIX}":
            raise InvalidEventError("not a CloudEvent of a known type")
        if (
            event.time.tzinfo is None
            or not 1 <= event.revision <= MAX_REVISION
            or not _ID.fullmatch(event.id)
        ):
            raise InvalidEventError("the time has no difference to UTC, or the id or the revision is none")
        return event


def parse_event(subject: str, data: bytes) -> CloudEvent:
    """Read a message of the stream. The engine checks who publishes to a subject, so the subject is what counts.

    Raises:
        InvalidEventError: it is not an event, or says that it comes from another scale.
    """
    event = CloudEvent.from_dict(decode(data))
    if event.subject != subject:
        raise InvalidEventError(f"an event on {subject} says that it belongs on {event.subject}")
    return event


def make_recognition_event(
    scale: ScaleId, instance: str, row: JournalRecognition, revision: int = 1
) -> CloudEvent:
    """Make the event for a recognition.

    Args:
        scale: Where it happened.
        instance: The installation whose journal it is. Row numbers begin anew in another journal.
        row: The journal's row.
        revision: Grows by one each time that the row changed.
    """
    id = f"{instance}-{row.row}"
    return CloudEvent(scale, RECOGNITION, id, revision, row.time, make_recognition_record(row))


def make_journal_event(scale: ScaleId, instance: str, row: JournalEvent) -> CloudEvent:
    """Make the event for something that happened to a module or its connection."""
    data = {
        "kind": row.kind,
        "code": row.code,
        "detail": row.detail,
        "serial_number": row.device and row.device.serial_number,
    }
    # The journal numbers events and recognitions separately.
    return CloudEvent(scale, row.kind, f"{instance}-event-{row.row}", 1, row.time, data)


def read_recognition(event: CloudEvent) -> JournalRecognition:
    """Return the row of a recognition. Of the guesses, the names of the first and of the confirmed one are known.

    Raises:
        InvalidEventError: its data is not a recognition.
    """
    data = event.data
    device = JournalDevice(*(data.get(name) for name in ("serial_number", "engine", "firmware", "api")))
    names = {data.get("guess"): data.get("guess_name"), data.get("choice"): data.get("choice_name")}
    try:
        chosen_at = data.get("chosen_at")
        return JournalRecognition(
            row=_read_row(event),
            time=event.time,
            device=None if device == JournalDevice(None, None, None, None) else device,
            sid=data.get("sid"),
            guesses=tuple(
                JournalGuess(id, score, names.get(id))
                for id, score in cast("list[list[Any]]", data["guesses"])
            ),
            latency=data.get("latency"),
            readings=int(data.get("readings") or 1),
            choice=data.get("choice"),
            choice_name=data.get("choice_name"),
            place=data.get("place"),
            intop=data.get("intop"),
            chosen_at=None if chosen_at is None else datetime.fromisoformat(chosen_at),
            picture=data.get("picture"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidEventError(f"not a recognition: {type(error).__name__}") from None


def read_journal_event(event: CloudEvent) -> JournalEvent:
    """Return the row of an event that is no recognition. The device's engine and firmware are not known.

    Raises:
        InvalidEventError: its id has no row.
    """
    serial_number = event.data.get("serial_number")
    return JournalEvent(
        row=_read_row(event),
        time=event.time,
        device=None if serial_number is None else JournalDevice(serial_number, None, None, None),
        kind=event.kind,
        code=event.data.get("code"),
        detail=event.data.get("detail"),
    )


def _read_row(event: CloudEvent) -> int:
    number = event.id.rpartition("-")[2]
    if not _ROW.fullmatch(number):
        raise InvalidEventError("the id has no row")
    return int(number)
