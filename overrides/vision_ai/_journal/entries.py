"""What is queued for a journal. Times are microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

EventKind = Literal[
    "connection_lost",
    "connection_restored",
    "device_error",
    "restored",
    "taught",
    "forgotten",
    "restarted",
]


class Device(NamedTuple):
    """The module behind a row."""

    serial_number: str | None
    engine: str | None
    firmware: str | None
    api: str | None


RowIds: TypeAlias = dict[str, int]
"""The rows of one client's latest recognitions by sid: modules may use the same sid, and so may emulators. Only the
writer's thread changes it."""


RecognitionEntry: TypeAlias = tuple[
    int, Device | None, str | None, tuple[str, ...], tuple[float, ...], float | None, int, RowIds
]
"""Time, device, sid, the products and the scores of the guesses, latency, readings.

Plain tuples without models: a named tuple takes ten times as long to make, and the garbage collector would look at
hundreds of models for nothing.
"""


class ChoiceEntry(NamedTuple):
    """The product that was confirmed after a recognition."""

    time: int
    device: Device | None
    sid: str
    id: str
    name: str
    intop: bool
    row_ids: RowIds


class EventEntry(NamedTuple):
    time: int
    device: Device | None
    kind: EventKind
    code: int | None = None
    detail: str | None = None


class NamesEntry(NamedTuple):
    """Names of products, by their numbers."""

    names: dict[str, str]


class PictureEntry(NamedTuple):
    """The pan when a recognition was confirmed."""

    time: int
    sid: str
    content: bytes
    row_ids: RowIds


Entry: TypeAlias = RecognitionEntry | ChoiceEntry | EventEntry | NamesEntry | PictureEntry
