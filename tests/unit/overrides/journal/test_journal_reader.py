"""`JournalReader`: the rows of a journal as objects."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from samples import DEVICE_INFO
from scripted_transport import ScriptedTransport, error_response, success_response
from shared_journal import START, JournalFile

from vision_ai import CameraError, InvalidInputError
from vision_ai.journal import JournalDevice, JournalError, JournalGuess, JournalReader, prune_journal


@pytest.fixture
def flavor() -> str:
    """Both clients write with the same thread."""
    return "sync"


@pytest.fixture
def filled(connect: Any, path: Path) -> Path:
    """A journal of three recognitions, the first of them confirmed, and an error of the camera."""
    transport = ScriptedTransport(success_response(DEVICE_INFO))
    module = connect(transport, journal=path)
    module.get_device_info()
    for sid, ids in (("a", ("001", "002")), ("b", ("002",)), ("c", ())):
        items = [{"id": each, "score": 0.5} for each in ids]
        transport.respond(success_response({"items": items, "sid": sid}))
        result = module.get_result()
        if sid == "a":
            transport.respond(success_response(None))
            module.confirm(result, id="002", name="Pear")
    transport.respond(error_response(-6103))
    with pytest.raises(CameraError):
        module.get_result()
    module.close()
    return path


def test_a_row_has_everything_that_the_journal_knows(filled: Path) -> None:
    with JournalReader(filled) as journal:
        first, second, third = journal.recognitions()
        [event] = journal.events()
        assert journal.names() == {"002": "Pear"}
    assert first.guesses == (JournalGuess("001", 0.5), JournalGuess("002", 0.5, "Pear"))
    assert (first.sid, first.choice, first.choice_name, first.place, first.intop) == (
        "a",
        "002",
        "Pear",
        2,
        True,
    )
    assert first.device == JournalDevice("12345678", "9.5.0", "9.9.4.2", "v1")
    assert first.chosen_at is not None and first.time <= first.chosen_at
    assert abs(datetime.now(UTC) - first.time) < timedelta(minutes=5)
    assert first.time.utcoffset() == datetime.now().astimezone().utcoffset()
    assert (second.choice, second.place, second.intop, second.chosen_at) == (None, None, None, None)
    assert (third.guesses, third.readings, third.picture) == ((), 1, None)
    assert (event.kind, event.code, event.detail) == ("device_error", -6103, "get_result")


@pytest.mark.parametrize(
    ("options", "sids"),
    [
        ({}, "abc"),
        ({"newest_first": True}, "cba"),
        ({"limit": 2}, "ab"),
        ({"limit": 0}, ""),
        ({"unconfirmed": True}, "bc"),
        ({"after_row": 0}, "abc"),
        ({"after_row": 1}, "bc"),
        ({"after_row": 1, "newest_first": True, "limit": 1}, "c"),
        ({"product": "002"}, "ab"),
        ({"product": "001"}, ""),
        ({"since": datetime(2100, 1, 1, tzinfo=UTC)}, ""),
        ({"until": datetime(2100, 1, 1, tzinfo=UTC), "since": datetime(2020, 1, 1, tzinfo=UTC)}, "abc"),
    ],
)
def test_rows_can_be_selected(filled: Path, options: dict[str, Any], sids: str) -> None:
    with JournalReader(filled) as journal:
        assert "".join(row.sid or "" for row in journal.recognitions(**options)) == sids


def test_since_is_included_and_until_is_not(filled: Path) -> None:
    with JournalReader(filled) as journal:
        second = list(journal.recognitions())[1].time
        assert [row.sid for row in journal.recognitions(since=second)] == ["b", "c"]
        assert [row.sid for row in journal.recognitions(until=second)] == ["a"]


def test_rows_are_followed_in_the_order_of_writing_whatever_the_clock_says(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    file = JournalFile(path)
    for hours in (1, 0, 2):
        file.add([("001", 0.9)], at=START + timedelta(hours=hours))
        file.add_event("taught", at=START + timedelta(hours=hours))
    file.close()
    with JournalReader(path) as journal:
        assert [row.row for row in journal.recognitions()] == [2, 1, 3]
        assert [row.row for row in journal.recognitions(after_row=0)] == [1, 2, 3]
        assert [row.row for row in journal.events(after_row=1)] == [2, 3]


def test_a_time_without_a_zone_is_refused(filled: Path) -> None:
    with JournalReader(filled) as journal, pytest.raises(InvalidInputError, match="time zone"):
        list(journal.recognitions(since=datetime(2026, 1, 1)))


def test_reading_changes_nothing(filled: Path) -> None:
    before = filled.read_bytes()
    with JournalReader(filled) as journal:
        list(journal.recognitions())
    assert filled.read_bytes() == before


def _make_empty(path: Path) -> None:
    path.touch()


def _make_text(path: Path) -> None:
    path.write_text("plu;name\n" * 1000)


def _make_other(path: Path) -> None:
    sqlite3.connect(path).executescript("CREATE TABLE prices (id)").connection.close()


def _make_newer(path: Path) -> None:
    sqlite3.connect(path).executescript(
        "CREATE TABLE recognitions (id); PRAGMA user_version = 99"
    ).connection.close()


@pytest.mark.parametrize("make", [_make_empty, _make_text, _make_other, _make_newer])
@pytest.mark.parametrize("use", [JournalReader, prune_journal])
def test_what_is_no_journal_is_refused_and_unchanged(path: Path, make: Any, use: Any) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(JournalError, match="recognitions"):
        use(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("use", [JournalReader, prune_journal])
def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path, use: Any) -> None:
    with pytest.raises(FileNotFoundError):
        use(tmp_path / "x.db")
    with pytest.raises(IsADirectoryError):
        use(tmp_path)
    assert list(tmp_path.iterdir()) == []
