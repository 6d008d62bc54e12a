"""Rows of a journal as events: each once, whatever happens to the journal and to the clock."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_fleet_scale import SCALE
from shared_journal import JournalFile, to_microseconds

from vision_ai import DeviceError
from vision_ai_fleet.agent.module import recognitions
from vision_ai_fleet.agent.module.position import Position
from vision_ai_fleet.agent.module.recognitions import JournalEvents


class Till:
    """A till that writes a journal by hand, and the agent that follows it, with a clock that a test sets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.errors: list[DeviceError] = []
        self.position = ""
        self.events = self.make_agent()
        self.file: JournalFile | None = None

    def make_agent(self) -> JournalEvents:
        return JournalEvents(self.path, SCALE, "i", self.errors.append, lambda: self.now)

    def start_agent(self) -> None:
        """Start the agent again."""
        self.events.close()
        self.events = self.make_agent()

    def begin(self) -> JournalFile:
        if self.file is not None:
            self.file.close()
        self.file = JournalFile(self.path)
        self.file.add_device(1)
        return self.file

    def recognize(self, choice: str | None = None) -> int:
        assert self.file is not None
        self.file.add([("001", 0.9)], choice, at=self.now)
        row = self.file.connection.execute("SELECT max(id) FROM recognitions").fetchone()[0]
        if choice:
            self.choose(row, choice)
        return row

    def choose(self, row: int, choice: str = "001") -> None:
        assert self.file is not None
        self.file.connection.execute(
            "UPDATE recognitions SET choice = ?, place = 1, chosen_at = ? WHERE id = ?",
            (choice, to_microseconds(self.now), row),
        )

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def read(self) -> list[tuple[str, int, Any]]:
        """Read until there is nothing more: id without the installation, revision, choice or kind."""
        found: list[tuple[str, int, Any]] = []
        while True:
            batch = self.events.read(self.position)
            self.position = batch.position
            if not batch.events:
                return found
            for event in batch.events:
                data = event["data"]
                found.append(
                    (event["id"].removeprefix("i."), event["revision"], data.get("choice", data.get("kind")))
                )


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(recognitions, "LATE_INTERVAL", 0.0)
    till = Till(tmp_path / "journal.db")
    yield till
    till.events.close()
    if till.file is not None:
        till.file.close()


def test_a_recognition_is_sent_when_its_product_was_confirmed(till: Till) -> None:
    till.begin()
    row = till.recognize()
    assert till.read() == []
    assert 100 < till.events.next_due - time.monotonic() <= 120
    till.choose(row)
    assert till.read() == [("0-1", 1, "001")]
    assert till.read() == []


def test_a_recognition_without_a_choice_is_sent_after_two_minutes_and_again_with_its_choice(
    till: Till,
) -> None:
    till.begin()
    row = till.recognize()
    till.wait(minutes=2)
    assert till.read() == [("0-1", 1, None)]
    till.wait(minutes=1)
    till.choose(row)
    assert till.read() == [("0-1", 2, "001")]
    assert till.read() == []


def test_a_confirmed_recognition_does_not_wait_for_an_earlier_one(till: Till) -> None:
    till.begin()
    first = till.recognize()
    till.recognize("002")
    assert till.read() == [("0-2", 1, "002")]
    till.start_agent()  # the position outlives a restart
    assert till.read() == []
    till.wait(minutes=1)
    till.choose(first)
    assert till.read() == [("0-1", 1, "001")]
    till.recognize("003")
    assert till.read() == [("0-3", 1, "003")]


def test_a_choice_while_the_agent_was_away_is_sent_once(till: Till) -> None:
    till.begin()
    early = till.recognize()
    till.wait(minutes=3)
    assert till.read() == [("0-1", 1, None)]
    till.wait(hours=1)
    till.choose(early)
    late = till.recognize()
    till.wait(minutes=5)
    till.choose(late)
    till.start_agent()
    assert sorted(till.read()) == [("0-1", 2, "001"), ("0-2", 1, "001")]
    for _ in range(3):
        till.wait(minutes=2)
        assert till.read() == []


def test_events_of_the_module_are_sent_too(till: Till) -> None:
    file = till.begin()
    file.add_event("connection_lost", at=till.now)
    file.connection.execute(
        "INSERT INTO events(time, utc_offset, device, kind, code) VALUES (?, 0, 1, 'device_error', -6103)",
        (to_microseconds(till.now),),
    )
    assert till.read() == [("0-event-1", 1, "connection_lost"), ("0-event-2", 1, "device_error")]
    assert [error.code for error in till.errors] == [-6103]


def test_a_missing_journal_is_waited_for(till: Till) -> None:
    assert till.read() == []
    till.begin()
    till.recognize("001")
    assert till.read() == [("0-1", 1, "001")]


def test_a_journal_that_is_no_journal_is_warned_of_once(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.path.write_text("not a database" * 100)
    assert till.read() == [] and till.read() == []
    assert len(caplog.records) == 1


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be renamed")
def test_a_journal_that_is_renamed_is_read_to_its_end_first(till: Till) -> None:
    file = till.begin()
    till.recognize("001")
    assert till.read() == [("0-1", 1, "001")]
    till.recognize("002")
    till.recognize()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{till.path}{suffix}").rename(f"{till.path}.old{suffix}")
    file.close()
    till.begin()
    till.recognize("003")
    found = till.read() + till.read()
    assert found == [("0-2", 1, "002"), ("0-3", 1, None), ("1-1", 1, "003")]
    assert till.read() == []


def test_a_journal_that_was_replaced_while_the_agent_was_away_begins_anew(till: Till) -> None:
    till.begin()
    for _ in range(3):
        till.recognize("001")
        till.wait(seconds=5)
    assert len(till.read()) == 3
    till.events.close()
    assert till.file is not None
    till.file.close()
    till.path.unlink()
    till.begin()
    till.recognize("002")
    till.start_agent()
    assert till.read() == [("1-1", 1, "002")]


def test_rows_that_were_deleted_do_not_change_the_position(till: Till) -> None:
    file = till.begin()
    for _ in range(4):
        till.recognize("001")
        till.wait(seconds=5)
    till.read()
    file.connection.execute("DELETE FROM recognitions WHERE id < 4")
    till.recognize("002")
    assert till.read() == [("0-5", 1, "002")]


def test_old_rows_of_a_journal_that_is_read_for_the_first_time_stay_where_they_are(till: Till) -> None:
    till.begin()
    now = till.now
    till.now = now - timedelta(days=30)
    till.recognize("001")
    till.now = now
    till.recognize("002")
    assert till.read() == [("0-2", 1, "002")]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_loses_nothing(till: Till, hours: int) -> None:
    till.begin()
    first = till.recognize()
    till.wait(hours=hours)
    till.recognize("002")
    till.read()
    till.wait(seconds=5)
    till.choose(first)
    till.wait(minutes=3)
    till.read()
    till.events.close()
    every = JournalEvents(till.path, SCALE, "i", till.errors.append, lambda: till.now)
    batch = every.read("")
    assert {event["data"]["choice"] for event in batch.events} == {"001", "002"}
    every.close()
    assert Position.from_text(till.position).row == 2


def test_many_rows_come_in_batches(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognitions, "LIMIT", 10)
    till.begin()
    for _ in range(25):
        till.recognize("001")
    first = till.events.read("")
    assert len(first.events) == 10
    assert [row for row, _, _ in till.read()] == [f"0-{number}" for number in range(1, 26)]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_center_learns_every_choice_and_nothing_twice(till: Till, seed: int) -> None:
    rng = random.Random(seed)
    till.begin()
    chosen: dict[int, str | None] = {}
    received: dict[str, tuple[int, Any]] = {}
    seen: set[tuple[str, int]] = set()

    def receive(found: list[tuple[str, int, Any]]) -> None:
        for id, revision, choice in found:
            assert (id, revision) not in seen
            seen.add((id, revision))
            received[id] = max(received.get(id, (0, None)), (revision, choice), key=lambda each: each[0])

    for _ in range(150):
        match rng.randrange(6):
            case 0 | 1:
                chosen[till.recognize()] = None
            case 2:
                open_rows = [row for row, choice in chosen.items() if choice is None]
                if open_rows:
                    row = rng.choice(open_rows)
                    chosen[row] = f"{row:03}"
                    till.choose(row, chosen[row] or "")
            case 3:
                till.wait(seconds=rng.choice((1, 30, 119, 200)))
            case 4:
                receive(till.read())
            case _:
                till.events.read(till.position)  # the agent is killed before the events are safe
                till.events.close()
                till.start_agent()
        till.wait(milliseconds=1)  # no two moments are the same
    till.wait(minutes=5)
    receive(till.read())
    assert {int(id.removeprefix("0-")): choice for id, (_, choice) in received.items()} == chosen


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"row": 1, "unknown": 2}', '{"sent": 5}'])
def test_any_text_is_a_position(text: str) -> None:
    assert isinstance(Position.from_text(text), Position)
    assert Position.from_text(Position.from_text(text).to_text()) == Position.from_text(text)


def test_a_batch_that_was_not_kept_comes_again(till: Till) -> None:
    till.begin()
    till.recognize("001")
    read: Callable[[], Any] = lambda: till.events.read("").events  # noqa: E731
    assert read() == read() != []
