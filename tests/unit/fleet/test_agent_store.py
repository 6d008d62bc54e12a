"""The agent's file: its ledger and its outbox, also without space and damaged."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.database import FILE, Database, DiskFullError
from vision_ai_fleet.agent.ledger import KEEP, Ledger, Phase
from vision_ai_fleet.agent.outbox import Outbox, pack_event
from vision_ai_fleet.agent.window import count_seconds_until_open
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.jobs import Execution, State


def make_event(number: int, kind: str = "recognition", **data: Any) -> dict[str, Any]:
    return {"id": f"a-{number}", "revision": 1, "type": f"vision_ai.{kind}.v1", "data": data}


def fill(database: Database) -> None:
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages}")


def test_what_was_noted_outlives_a_restart(tmp_path: Path) -> None:
    database = Database(tmp_path)
    ledger, instance = Ledger(database), database.instance
    begun = Execution(State.RUNNING, "reboot", "job-1", instance=instance)
    ledger.write("job-1.0042.07", Phase.BEGUN, begun, 100.0)
    database.connection.execute("PRAGMA wal_checkpoint").fetchall()
    assert ledger.add_call("call-1", 100.0) and not ledger.add_call("call-1", 101.0)
    # Without close: the program was killed.
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in tmp_path.glob(f"{FILE}*"):
        (copy / path.name).write_bytes(path.read_bytes())
    database.close()
    after = Database(copy)
    record = Ledger(after).find("job-1.0042.07")
    assert after.instance == instance and record is not None
    assert (record.phase, record.execution) == (Phase.BEGUN, begun)
    assert not Ledger(after).add_call("call-1", 102.0)
    after.close()


def test_old_jobs_and_calls_are_forgotten_but_not_open_ones(tmp_path: Path) -> None:
    database = Database(tmp_path)
    ledger = Ledger(database)
    for name, phase in (("old", Phase.ENDED), ("open", Phase.BEGUN)):
        ledger.write(name, phase, Execution(State.RUNNING, "reboot", name), 0.0)
    ledger.add_call("old", 0.0)
    ledger.forget_old(KEEP + 1)
    assert ledger.find("old") is None and ledger.list_open() == {"open"}
    assert ledger.add_call("old", KEEP + 1)
    database.close()


def test_two_agents_cannot_share_a_folder(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with pytest.raises(FleetError, match="another agent"):
        Database(tmp_path)
    database.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FleetError, match="file/data cannot be made"):
        Database(tmp_path / "file" / "data")


@pytest.mark.parametrize("content", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_file_is_moved_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    database = Database(tmp_path)
    assert database.was_damaged
    assert (tmp_path / f"{FILE}.damaged").read_bytes() == content
    database.set_fact("a", "1")
    database.close()
    again = Database(tmp_path)
    assert not again.was_damaged and again.get_fact("a") == "1"
    again.close()


def test_a_file_that_is_damaged_while_it_is_open_is_replaced(tmp_path: Path) -> None:
    database = Database(tmp_path)
    instance = database.instance
    Ledger(database).write("job", Phase.BEGUN, Execution(State.RUNNING, "reboot", "job"), 0.0)

    class Broken:
        in_transaction = False

        def execute(self, *_: Any) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        def close(self) -> None:
            pass

    database.connection.close()
    database.connection = Broken()  # type: ignore[assignment]
    with pytest.raises(DiskFullError):
        database.get_fact("a")
    assert database.instance != instance  # what the old one had begun is not this one's
    database.set_fact("a", "1")
    assert Ledger(database).find("job") is None
    database.close()


def test_a_full_disk_is_told_and_goes_away(tmp_path: Path) -> None:
    database = Database(tmp_path)
    outbox = Outbox(database, rows=100, bytes=1 << 20)
    fill(database)
    with pytest.raises(DiskFullError, match="full"):
        for number in range(1000):
            outbox.add([pack_event(make_event(number, text="x" * 500))])
    assert database.is_full
    database.connection.execute("PRAGMA max_page_count = 100000")
    outbox.add([pack_event(make_event(2000))], "2000")
    assert not database.is_full and outbox.position == "2000"
    database.close()


def test_an_agent_starts_without_any_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def connect_to_full_disk(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect_to_full_disk)
    database = Database(tmp_path)
    assert database.instance and database.is_full
    with pytest.raises(DiskFullError):
        database.set_fact("a", "1")
    database.connection.execute("PRAGMA max_page_count = 100000")
    database.set_fact("a", "1")
    assert database.get_fact("a") == "1"
    database.close()


def test_the_outbox_keeps_the_order_and_drops_the_oldest_recognitions() -> None:
    database = Database(None)
    outbox = Outbox(database, rows=20, bytes=1 << 20)
    outbox.add([pack_event(make_event(0, "connection_lost"))])
    for number in range(1, 30):
        outbox.add([pack_event(make_event(number))], str(number))
    numbers = [event.message for event in outbox.take(100)]
    assert numbers[0] == "a-0/1" and numbers[-1] == "a-29/1"  # what is no recognition stays
    assert outbox.count == len(numbers) <= 20
    assert outbox.take_dropped() == 30 - len(numbers) and outbox.take_dropped() == 0
    outbox.remove(outbox.take(3))
    assert outbox.count == len(outbox.take(100))
    database.close()


def test_the_outbox_is_bounded_in_bytes_too() -> None:
    database = Database(None)
    outbox = Outbox(database, rows=1000, bytes=10_000)
    for number in range(100):
        outbox.add([pack_event(make_event(number, text="x" * 500))])
    assert outbox.size <= 10_000 and outbox.count >= 10
    assert outbox.take(1000)[-1].message == "a-99/1"
    database.close()


@pytest.mark.parametrize("event", [{}, {"id": "1", "type": "x"}, {"id": "1", "type": "vision_ai.a>b.v1"}])
def test_what_is_no_event_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        pack_event(event)


def at(text: str) -> float:
    return datetime.fromisoformat(f"2026-11-28T{text}").timestamp()


@pytest.mark.parametrize(
    ("window", "now", "seconds"),
    [
        (None, "12:00", 0),
        ("22:00-06:00", "22:00", 0),
        ("22:00-06:00", "03:00", 0),
        ("22:00-06:00", "05:59:59", 0),
        ("22:00-06:00", "06:00", 16 * 3600),
        ("22:00-06:00", "21:59", 60),
        ("08:00-12:00", "12:00", 20 * 3600),
        ("08:00-08:00", "12:00", 0),
    ],
)
def test_a_window_is_open_in_local_time(window: str | None, now: str, seconds: float) -> None:
    assert count_seconds_until_open(window, at(now)) == seconds


def test_a_window_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        count_seconds_until_open("at night", 0.0)
