"""Fixtures for tests of the journal: its file, and what is in it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vision_ai._journal import writer

TIMEOUT = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "recognitions.db"


@pytest.fixture
def read(path: Path) -> Callable[[str], list[Any]]:
    """Runs a query on the journal. Rows of one column are its values."""

    def run(query: str) -> list[Any]:
        with contextlib.closing(sqlite3.connect(path, timeout=TIMEOUT)) as connection:
            rows = connection.execute(query).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    return run


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writer look at its queue, and try again after an error, without long pauses."""
    for name, seconds in (("INTERVAL", 0.01), ("RETRY", 0.02), ("PATIENCE", 0.0)):
        monkeypatch.setattr(writer, name, seconds)
    monkeypatch.setattr("vision_ai._journal.database.LOCK_TIMEOUT", 0.02)


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds: the writer works in its own time."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + TIMEOUT
        while not condition():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.005)

    return wait
