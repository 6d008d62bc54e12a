"""Files that are no journals, and journals that are being written."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from shared_journal import JournalFile

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.journals import find_journals

APPLE = [("001", 0.9)]


@pytest.fixture
def closed(journal: JournalFile, tmp_path: Path) -> Path:
    """A journal with one weighing that no program has open."""
    journal.add(APPLE, "001")
    journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(journal.path, tmp_path / "closed.db"))


def read_problem(path: Path, good: Path) -> str | None:
    """Return the problem of a file. The good one beside it is read all the same."""
    sums = aggregate([path, good])
    assert sums.days.total() == 1
    return sums.sources[0].problem


def test_a_till_may_write_meanwhile(journal: JournalFile) -> None:
    journal.add(APPLE, "001")
    assert aggregate([journal.path]).days.total() == 1
    journal.add(APPLE, "001")
    journal.connection.execute("BEGIN IMMEDIATE")
    journal.add(APPLE, "001")  # not committed
    assert aggregate([journal.path]).days.total() == 2
    journal.connection.execute("COMMIT")
    assert aggregate([journal.path]).days.total() == 3


def test_nothing_is_written_to_or_beside_a_journal(closed: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    file = Path(shutil.copy(closed, alone / "till.db"))
    before = file.read_bytes()
    alone.chmod(0o500)
    assert aggregate([file]).days.total() == 1
    assert [each.name for each in alone.iterdir()] == ["till.db"]
    assert file.read_bytes() == before


def test_files_that_cannot_be_read_are_named_and_the_rest_is_read(closed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    text = tmp_path / "text.db"
    text.write_text("id;name\n001;Apple\n")
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE backups(id)").connection.close()
    newer = Path(shutil.copy(closed, tmp_path / "newer.db"))
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    assert read_problem(tmp_path / "no.db", closed) == "missing"
    assert read_problem(tmp_path, closed) == "unreadable"
    assert read_problem(empty, closed) == "empty"
    assert read_problem(text, closed) == "foreign"
    assert read_problem(other, closed) == "foreign"
    assert read_problem(newer, closed) == "newer"


def test_a_damaged_journal_counts_not_at_all(journal: JournalFile, closed: Path, tmp_path: Path) -> None:
    for _ in range(5000):
        journal.add([("001", 0.5), ("002", 0.2)], "001")
    journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = tmp_path / "damaged.db"
    content = bytearray(journal.path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 20_000] = b"\xff" * 20_000
    damaged.write_bytes(content)
    assert read_problem(damaged, closed) == "damaged"


def test_a_locked_journal_is_named(closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision_ai_tools.report.journals.LOCK_TIMEOUT", 0.01)
    locked = Path(shutil.copy(closed, tmp_path / "locked.db"))
    writer = sqlite3.connect(locked, isolation_level=None)
    writer.execute("PRAGMA locking_mode = EXCLUSIVE")
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("DELETE FROM recognitions")
    assert read_problem(locked, closed) == "locked"
    writer.close()


def test_rows_that_are_not_in_the_form_of_a_journal_are_left_out(journal: JournalFile) -> None:
    journal.add(APPLE, "001")
    insert = "INSERT INTO recognitions(time, utc_offset, guesses, choice, place) VALUES (?, ?, ?, ?, ?)"
    good = (10**15, 0, '[["001", 0.9]]', None, None)
    bad = [
        ("yesterday", 0, "[]", None, None),
        (10**18, 0, "[]", None, None),
        (-1, 0, "[]", None, None),
        (10**15, 10**9, "[]", None, None),
        (10**15, 0, "not JSON", None, None),
        (10**15, 0, '[["001", 0.9]],[["002", 0.1]]', None, None),
        (10**15, 0, '[["001"]]', None, None),
        (10**15, 0, "[[1, 0.5]]", None, None),
        (10**15, 0, '[["001", NaN]]', None, None),
        (10**15, 0, '[["001", 1e999]]', None, None),
        (10**15, 0, '{"001": 0.9}', None, None),
        (10**15, 0, b"[]", None, None),
        (10**15, 0, '[["001", 0.9]]', "001", None),
        (10**15, 0, '[["001", 0.9]]', "001", 7),
        (10**15, 0, '[["001", 0.9]]', "001", -1),
        (10**15, 0, '[["001", 0.9]]', b"001", 1),
        (10**15, 0, "[" * 100_000, None, None),
    ]
    for row in (good, *bad, good):
        journal.connection.execute(insert, row)
    sums = aggregate([journal.path])
    assert (sums.days.total(), sums.sources[0].skipped) == (3, len(bad))
    assert sums.best_guesses == {"001": 3}


def test_texts_that_are_not_utf8(journal: JournalFile) -> None:
    journal.add(APPLE, "001")
    journal.connection.execute("INSERT INTO products VALUES ('001', CAST(x'C0FF41' AS TEXT))")
    assert aggregate([journal.path]).names["001"][0] == "\ufffd\ufffdA"


def test_the_newest_name_of_a_product_counts(closed: Path, journal: JournalFile) -> None:
    journal.add_product("001", "Golden apple")
    journal.add(APPLE, "001")
    connection = sqlite3.connect(closed)
    with connection:
        connection.execute("INSERT INTO products VALUES ('001', 'Apple')")
        connection.execute("UPDATE recognitions SET time = time - 1")
    connection.close()
    for files in ([closed, journal.path], [journal.path, closed]):
        assert aggregate(files).names["001"][0] == "Golden apple"


def test_folders_and_patterns_mean_journals_each_once(closed: Path, tmp_path: Path) -> None:
    below = tmp_path / "store 1"
    below.mkdir()
    for name in ("a.db", "b.sqlite3", "notes.txt", "a.db-wal"):
        (below / name).touch()
    assert [each.name for each in find_journals([below])] == ["a.db", "b.sqlite3"]
    assert [each.name for each in find_journals([tmp_path / "*" / "a.db", below / "a.db"])] == ["a.db"]
    assert find_journals([tmp_path / "no.db"]) == [tmp_path / "no.db"]
