"""Old rows and pictures are deleted, in small steps, by the writer and by `prune_journal`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from samples import DEVICE_INFO, JPEG, RESULT
from scripted_transport import ScriptedTransport, raw_response, success_response

from vision_ai import InvalidInputError, Journal, JournalPictures
from vision_ai._journal import pictures as pictures_module
from vision_ai._journal.database import Database
from vision_ai.journal import prune_journal

DAY = 86_400_000_000


@pytest.fixture
def flavor() -> str:
    """Both clients write with the same thread."""
    return "sync"


def fill(path: Path, ages: list[float]) -> None:
    """Write a recognition and an event for each age in days."""
    database, now = Database(path), time.time_ns() // 1000
    guesses = '[["001",0.95]]' + " " * 200
    with contextlib.closing(database.connection) as connection:
        connection.execute("BEGIN")
        for age in ages:
            moment = now - int(age * DAY)
            connection.execute(
                "INSERT INTO recognitions (time, utc_offset, guesses) VALUES (?, 0, ?)", (moment, guesses)
            )
            connection.execute(
                "INSERT INTO events (time, utc_offset, kind) VALUES (?, 0, 'taught')", (moment,)
            )
        connection.execute("COMMIT")


def connect_with(connect: Any, journal: Journal) -> Any:
    return connect(
        ScriptedTransport(success_response(RESULT), success_response(DEVICE_INFO)), journal=journal
    )


@pytest.mark.usefixtures("impatient")
def test_the_writer_deletes_what_is_too_old(connect: Any, path: Path, read: Any, wait_until: Any) -> None:
    fill(path, [500, 401, 399, 1])
    connect_with(connect, Journal(path)).get_result()
    wait_until(lambda: read("SELECT count(*) FROM events") == [2])
    wait_until(lambda: read("SELECT count(*) FROM recognitions") == [3])


@pytest.mark.usefixtures("impatient")
def test_the_writer_makes_a_large_file_smaller(connect: Any, path: Path, read: Any, wait_until: Any) -> None:
    fill(path, [100 - each / 1000 for each in range(2000)])
    large = path.stat().st_size
    module = connect_with(connect, Journal(path, keep_bytes=200_000))
    module.get_result()
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    wait_until(lambda: read(pages)[0] <= 200_000)
    module.close()
    assert path.stat().st_size <= 200_000 < large
    assert read("SELECT count(*) FROM recognitions WHERE device IS NOT NULL") == [1]  # the newest is kept
    assert read("SELECT max(time) - min(time) < 95 * 86400000000 FROM recognitions WHERE device IS NULL") == [
        1
    ]


def test_prune_deletes_by_age_and_by_size(path: Path, read: Any) -> None:
    fill(path, [50 - each / 1000 for each in range(1500)] + [1, 0.5])
    assert 990 < prune_journal(path, keep_days=49.5) < 1010
    assert prune_journal(path, keep_bytes=150_000) > 100
    assert path.stat().st_size <= 150_000
    assert read("SELECT count(*) > 50 FROM recognitions") == [1]
    prune_journal(path, keep_days=0)
    assert read("SELECT count(*) FROM recognitions") == [0]


def test_pruning_and_reading_do_not_wait_for_each_other(path: Path) -> None:
    fill(path, [50.0] * 600)
    with contextlib.closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM recognitions").fetchone() == (600,)
        prune_journal(path, keep_days=1)
        assert reader.execute("SELECT count(*) FROM recognitions").fetchone() == (600,)


@pytest.mark.parametrize(
    "limits", [{"keep_count": 2}, {"keep_bytes": 2 * len(JPEG)}, {"keep_days": 1.0}], ids=str
)
def test_the_oldest_pictures_are_deleted(
    connect: Any, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any]
) -> None:
    monkeypatch.setattr(pictures_module, "CHECKED_EVERY", 0)
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "mine.jpg").write_bytes(JPEG)
    names = [f"20250101-00000{number}-000000-x.jpg" for number in range(3)]
    for number, name in enumerate(names):
        (folder / name).write_bytes(JPEG)
        age = 5 - number if "keep_days" not in limits or number < 2 else 0
        os.utime(folder / name, (time.time() - age * 86_400,) * 2)
    ok, picture = success_response(None), raw_response(JPEG, "image/jpeg")
    transport = ScriptedTransport(success_response(RESULT), success_response(DEVICE_INFO), ok, picture)
    module = connect(transport, journal=path, journal_pictures=JournalPictures(folder, **limits))
    module.confirm(module.get_result(), id="001", name="Apple")
    module.close()
    left = sorted(file.name for file in folder.iterdir())
    assert left[0] == names[2] and left[-1] == "mine.jpg" and len(left) == 3


@pytest.mark.parametrize("limit", ["keep_days", "keep_bytes", "keep_count"])
def test_an_invalid_limit_of_pictures_is_rejected(limit: str) -> None:
    with pytest.raises(InvalidInputError, match=limit):
        JournalPictures("x", **{limit: -1})
