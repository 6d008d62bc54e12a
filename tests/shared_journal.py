"""Journals for tests: written by hand, row by row, or by a simulated till whose errors are known."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vision_ai._journal.schema import MIGRATIONS

SCHEMA = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
{MIGRATIONS[0]}
PRAGMA user_version = 1;
"""
START = datetime(2026, 10, 1, 8, tzinfo=UTC)
UTC_OFFSET = 3 * 3600

Guesses = Sequence[tuple[str, float]]


class JournalFile:
    """A journal that a test writes by hand."""

    def __init__(self, path: Path, *, is_new: bool = True) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        if is_new:
            self.connection.executescript(SCHEMA)

    def close(self) -> None:
        self.connection.close()

    def add_device(
        self, id: int, serial_number: str | None = "12345678", engine: str | None = "1.2.0"
    ) -> None:
        self.connection.execute(
            "INSERT INTO devices VALUES (?, ?, ?, '1.0', 'v1')", (id, serial_number, engine)
        )

    def add_product(self, id: str, name: str) -> None:
        self.connection.execute("INSERT INTO products VALUES (?, ?)", (id, name))

    def add(
        self,
        guesses: Guesses,
        choice: str | None = None,
        *,
        at: datetime = START,
        device: int | None = 1,
        latency: float | None = 0.25,
    ) -> None:
        """Add a recognition, and the product that was confirmed."""
        ids = [id for id, _ in guesses]
        place = None if choice is None else ids.index(choice) + 1 if choice in ids else 0
        self.connection.execute(
            "INSERT INTO recognitions(time, utc_offset, device, guesses, latency, choice, place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (to_microseconds(at), UTC_OFFSET, device, json.dumps(guesses), latency, choice, place),
        )

    def add_event(
        self, kind: str, *, at: datetime = START, device: int | None = 1, detail: str | None = None
    ) -> None:
        self.connection.execute(
            "INSERT INTO events(time, utc_offset, device, kind, detail) VALUES (?, ?, ?, ?, ?)",
            (to_microseconds(at), UTC_OFFSET, device, kind, detail),
        )


def to_microseconds(time: datetime) -> int:
    """Return a time as a journal writes it."""
    return round(time.timestamp() * 1_000_000)


NAMES = {
    "001": "Apple Gala",
    "002": "Pear Conference",
    "003": "Lemon",
    "004": "Lime",
    "005": "Tomato",
    "006": "Potato",
    "007": "Banana",
    "008": "Cucumber",
    "009": "Quince",
}
TAUGHT = "005"
NEVER_TAUGHT = "009"
NEVER_SOLD = "008"


@dataclass
class SimulatedTill:
    """A till whose module errs at known rates."""

    seed: int = 1
    start: datetime = START
    days: int = 30
    weighings_a_day: int = 120
    unconfirmed: float = 0.1
    """Share of recognitions of which nothing is confirmed."""
    errors: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(NAMES, 0.02) | {"002": 0.06, "003": 0.25, TAUGHT: 0.4}
    )
    """Share of weighings of a product in which it is not first."""
    error_after_lesson: float = 0.05
    """Of the product TAUGHT, which is taught after half of the days."""
    taken_for: dict[str, str] = field(default_factory=lambda: {"003": "004", "002": "001", TAUGHT: "001"})
    """The product that comes first in three of four errors."""

    def write(self, path: Path) -> None:
        """Write a journal. One of 50 weighings is of a product that the module does not know."""
        chance = random.Random(self.seed)
        journal = JournalFile(path)
        journal.connection.execute("BEGIN")
        journal.add_device(1, f"S{self.seed:07}", "1.2.0")
        journal.add_device(2, f"S{self.seed:07}", "1.3.0")
        for id, name in NAMES.items():
            journal.add_product(id, name)
        sold = [id for id in NAMES if id not in (NEVER_TAUGHT, NEVER_SOLD)]
        for day in range(self.days):
            morning = self.start + timedelta(days=day)
            if day == self.days // 2:
                journal.add_event("taught", at=morning - timedelta(hours=1), detail=TAUGHT)
            if day % 10 == 4:
                journal.add_event("connection_lost", at=morning + timedelta(hours=2))
                journal.add_event("connection_restored", at=morning + timedelta(hours=2, seconds=20))
            for number in range(self.weighings_a_day):
                at = morning + timedelta(seconds=number * 36_000 / self.weighings_a_day)
                product = NEVER_TAUGHT if chance.random() < 0.02 else chance.choice(sold)
                guesses = self._guess(chance, product, sold, is_late=day >= self.days // 2)
                choice = None if chance.random() < self.unconfirmed else product
                device = 1 if day < self.days * 2 // 3 else 2
                latency = 0.2 + chance.random() * (0.1 if device == 1 else 0.05)
                journal.add(guesses, choice, at=at, device=device, latency=latency)
        for _ in range(7):
            journal.add([(NEVER_SOLD, 0.6), ("001", 0.2)], at=self.start + timedelta(days=self.days - 1))
        journal.connection.execute("COMMIT")
        journal.close()

    def _guess(self, chance: random.Random, product: str, sold: Sequence[str], *, is_late: bool) -> Guesses:
        others = [id for id in sold if id != product]
        chance.shuffle(others)
        error = self.error_after_lesson if product == TAUGHT and is_late else self.errors[product]
        if product == NEVER_TAUGHT:
            ids, score = others, 0.3 + 0.4 * chance.random()
        elif chance.random() < error:
            first = self.taken_for.get(product, others[0]) if chance.random() < 0.75 else others[0]
            rest = [id for id in others if id != first]
            ids, score = [first, product, *rest], 0.4 + 0.5 * chance.random()
        else:
            ids, score = [product, *others], 0.75 + 0.25 * chance.random()
        scores = [score]
        for _ in range(4):
            scores.append(scores[-1] * 0.3 * chance.random())
        return [(id, round(score, 4)) for id, score in zip(ids, scores, strict=False)]
