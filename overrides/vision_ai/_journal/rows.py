"""The rows of a journal, as a program gets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalGuess:
    """One guess, as the module sent it."""

    id: str
    score: float | None
    name: str | None = None
    """The product's name, if the journal knows one."""


@dataclass(frozen=True, slots=True)
class JournalDevice:
    """The module behind a row."""

    serial_number: str | None
    engine: str | None
    firmware: str | None
    api: str | None
    """The version of the API, "v1" or "v2"."""


@dataclass(frozen=True, slots=True)
class JournalRecognition:
    """One recognition, and what became of it."""

    row: int
    time: datetime
    """With the local time's offset at the till."""
    device: JournalDevice | None
    sid: str | None
    guesses: tuple[JournalGuess, ...]
    """The best first."""
    latency: float | None
    """Seconds of the call."""
    readings: int
    """How many calls are joined in this row."""
    choice: str | None
    """The number of the product that was confirmed; None: nothing was."""
    choice_name: str | None
    place: int | None
    """The choice's place among the guesses, from 1; 0: not among them; None: nothing was confirmed."""
    intop: bool | None
    """What the feedback said about it."""
    chosen_at: datetime | None
    picture: str | None
    """The picture's path, relative to the journal's folder."""


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """Something that happened to the module or to the connection."""

    row: int
    time: datetime
    device: JournalDevice | None
    kind: str
    """`connection_lost`, `connection_restored`, `device_error`, `restored`, `taught`, `forgotten` or `restarted`."""
    code: int | None
    """The module's error code."""
    detail: str | None
    """The product, the operation or the kind of error that it is about."""
