"""Whatever happens to the journal's file, calls go on, and so does the journal once the trouble is over."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import DEVICE_INFO, RESULT
from scripted_transport import ScriptedTransport, success_response

from vision_ai import VisionAI
from vision_ai._journal import writer
from vision_ai._journal.database import Database
from vision_ai._journal.schema import VERSION

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def flavor() -> str:
    """Both clients write with the same thread."""
    return "sync"


@pytest.fixture
def module(connect: Any, path: Path) -> VisionAI:
    """A client with a journal."""
    transport = ScriptedTransport(success_response(DEVICE_INFO), success_response(RESULT), forever=True)
    client = connect(transport, journal=path)
    client.get_device_info()
    return client


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged as a warning."""

    def find() -> list[str]:
        return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]

    return find


@pytest.fixture
def count(path: Path, read: Any) -> Callable[[], int]:
    """The number of rows; 0 where there is no file."""

    def find() -> int:
        try:
            return read("SELECT count(*) FROM recognitions")[0] if path.exists() else 0
        except sqlite3.DatabaseError:
            return 0

    return find


def test_a_locked_file_delays_rows_and_no_call(
    module: VisionAI, path: Path, count: Any, warnings: Any, wait_until: Any
) -> None:
    module.get_result()
    wait_until(lambda: count() == 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(20):
            module.get_result()
        wait_until(warnings)
        other.execute("ROLLBACK")
    wait_until(lambda: count() == 21)
    assert len(warnings()) == 1 and "another program has locked it" in warnings()[0]


def test_closing_waits_no_longer_than_its_limit_for_a_locked_file(
    module: VisionAI, path: Path, count: Any, monkeypatch: pytest.MonkeyPatch, wait_until: Any
) -> None:
    monkeypatch.setattr(writer, "CLOSE_TIMEOUT", 0.05)
    module.get_result()
    wait_until(lambda: count() == 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        module.get_result()
        module.close()  # would hang here
        other.execute("ROLLBACK")
    wait_until(lambda: count() == 2)  # its thread went on


def test_a_full_disk_is_survived(
    module: VisionAI, count: Any, warnings: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = Database._prepare

    def fill(self: Database, path: Path) -> None:
        prepare(self, path)
        self.connection.execute("PRAGMA max_page_count = 1")  # SQLite then says what it says of a full disk

    monkeypatch.setattr(Database, "_prepare", fill)
    for _ in range(100):
        module.get_result()
    wait_until(warnings)
    monkeypatch.setattr(Database, "_prepare", prepare)
    wait_until(lambda: count() == 100)
    assert len(warnings()) == 1 and "database or disk is full" in warnings()[0]


@pytest.mark.parametrize(
    "content", [b"garbage" * 999, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "pages"]
)
def test_a_damaged_file_is_renamed_and_a_new_one_begun(
    module: VisionAI, path: Path, count: Any, warnings: Any, wait_until: Any, content: bytes
) -> None:
    path.write_bytes(content)
    module.get_result()
    wait_until(lambda: count() == 1)
    [damaged] = path.parent.glob("recognitions.db.damaged-*")
    assert damaged.read_bytes() == content
    assert len(warnings()) == 1 and str(damaged) in warnings()[0]


def test_a_file_that_is_damaged_while_it_is_open_is_renamed(
    module: VisionAI, path: Path, count: Any, wait_until: Any
) -> None:
    module.get_result()
    wait_until(lambda: count() == 1)
    module.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    second = VisionAI(transport=_make_transport(), journal=path, api="v1")
    second.get_result()
    second.close()
    assert count() == 1
    assert len(list(path.parent.glob("*.damaged-*"))) == 1


def _make_transport() -> ScriptedTransport:
    return ScriptedTransport(success_response(RESULT), success_response(DEVICE_INFO))


def test_a_folder_that_cannot_be_written_in_is_survived(
    connect: Any, tmp_path: Path, warnings: Any, wait_until: Any
) -> None:
    folder = tmp_path / "not there yet"
    module = connect(_make_transport(), journal=folder / "x.db")
    module.get_result()
    wait_until(warnings)
    folder.mkdir()
    wait_until((folder / "x.db").exists)
    module.close()
    with contextlib.closing(sqlite3.connect(folder / "x.db")) as connection:
        assert connection.execute("SELECT count(*) FROM recognitions").fetchone() == (1,)
    assert len(warnings()) == 1 and "unable to open database file" in warnings()[0]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (f"CREATE TABLE recognitions (id); PRAGMA user_version = {VERSION + 1}", "update it"),
        ("CREATE TABLE prices (id)", "another program"),
    ],
)
def test_a_file_of_a_newer_version_or_another_program_stays_unchanged(
    module: VisionAI, path: Path, warnings: Any, wait_until: Any, statement: str, words: str
) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    before = path.read_bytes()
    module.get_result()
    wait_until(warnings)
    module.close()
    assert path.read_bytes() == before
    assert len(warnings()) == 1 and words in warnings()[0]


def test_a_file_that_is_deleted_while_it_is_open_is_made_again(
    module: VisionAI, path: Path, count: Any, wait_until: Any
) -> None:
    module.get_result()
    wait_until(lambda: count() == 1)
    for file in path.parent.glob("recognitions.db*"):
        file.unlink()
    module.get_result()
    module.get_result()
    wait_until(lambda: count() == 2)


def test_a_full_queue_leaves_entries_out_and_says_how_many(
    module: VisionAI, path: Path, count: Any, warnings: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LONGEST_QUEUE", 10)
    module.get_result()
    wait_until(lambda: count() == 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(500):
            module.get_result()
        other.execute("ROLLBACK")
    wait_until(lambda: any("entries were left out" in each for each in warnings()))
    assert sum("fast enough" in each for each in warnings()) == 1
    assert count() < 501


def test_a_value_that_sqlite_does_not_take_loses_one_entry(
    module: VisionAI, count: Any, warnings: Any, wait_until: Any
) -> None:
    journal: Any = module._pipeline.state.journal
    module.get_result()
    journal._append_event("device_error", code=1 << 80)
    module.get_result()
    wait_until(lambda: count() == 2)
    assert len(warnings()) == 1 and "an entry is left out" in warnings()[0]


def test_a_defect_of_the_writer_does_not_end_it(
    module: VisionAI, count: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch, warnings: Any
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", lambda *_: {}["defect"])
        module.get_result()
        wait_until(warnings)
    module.get_result()
    wait_until(lambda: count() == 1)


def test_a_folder_of_pictures_that_cannot_be_made_is_survived(
    connect: Any, path: Path, tmp_path: Path, warnings: Any, read: Any
) -> None:
    (tmp_path / "file").write_text("in the way")
    from samples import JPEG
    from scripted_transport import raw_response

    transport = _make_transport().respond(success_response(None), raw_response(JPEG, "image/jpeg"))
    module = connect(transport, journal=path, journal_pictures=tmp_path / "file")
    module.confirm(module.get_result(), id="001", name="Apple")
    module.close()
    assert read("SELECT choice, picture FROM recognitions") == [("001", None)]
    assert len(warnings()) == 1 and "a picture is not saved" in warnings()[0]


def test_clients_of_one_file_share_a_thread_that_ends_with_the_last(
    connect: Any, path: Path, read: Any
) -> None:
    def threads() -> int:
        return sum(thread.name == "vision_ai journal" for thread in threading.enumerate())

    before = threads()
    clients = [connect(_make_transport(), journal=path) for _ in range(3)]
    for client in clients:
        client.get_result()
    assert threads() == before + 1
    for client in clients:
        client.close()
    assert threads() == before
    assert read("SELECT count(*) FROM recognitions") == [3]
