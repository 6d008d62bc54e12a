"""Events in one Parquet file for each day: the highest revision counts, and nothing that an agent sends stops it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_fleet_events import NOON, make_other, make_recognition

from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.events.cloud_event import CloudEvent
from vision_ai_fleet.events.day_files import Spool

duckdb: Any = pytest.importorskip("duckdb")

DAY = timedelta(days=1)


def save(tmp_path: Path, *events: CloudEvent) -> Spool:
    spool = Spool(tmp_path / "spool")
    spool.add(events, [NOON.timestamp()] * len(events))
    spool.merge(tmp_path)
    return spool


def read(
    tmp_path: Path, columns: str = "scale, id, revision, choice", sort: str = "recognitions"
) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        query = f"SELECT {columns} FROM read_parquet('{tmp_path}/{sort}-*.parquet') ORDER BY ALL"
        return database.execute(query).fetchall()


def test_a_file_for_each_local_day(tmp_path: Path) -> None:
    midnight = NOON.replace(hour=0)
    save(
        tmp_path,
        make_recognition(row=1, at=midnight),
        make_recognition(row=2, at=midnight - timedelta(seconds=1)),
        make_other(at=midnight),
    )
    yesterday, today = (NOON - DAY).date(), NOON.date()
    assert sorted(each.name for each in tmp_path.glob("*.parquet")) == [
        f"events-{today}.parquet",
        f"recognitions-{yesterday}.parquet",
        f"recognitions-{today}.parquet",
    ]
    assert read(tmp_path, "store, scale, serial_number, kind, id", "events") == [
        ("0042", "07", "12345678", "taught", "i-event-1")
    ]


def test_the_highest_revision_stays_in_any_order(tmp_path: Path) -> None:
    first = make_recognition(row=1)
    confirmed = make_recognition(row=1, choice="001", revision=2)
    corrected = make_recognition(row=1, choice="002", revision=3)
    other = make_recognition("0042/08", row=1)
    save(tmp_path, first, confirmed, other)
    assert read(tmp_path) == [("07", "i-1", 2, "001"), ("08", "i-1", 1, None)]
    save(tmp_path, corrected)
    save(tmp_path, confirmed, first, other)
    assert read(tmp_path) == [("07", "i-1", 3, "002"), ("08", "i-1", 1, None)]


def test_merging_again_after_a_break_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [make_recognition(row=row, at=NOON - row * DAY) for row in range(3)]
    spool = Spool(tmp_path / "spool")
    spool.add(events, [NOON.timestamp()] * 3)
    written: list[str] = []

    def break_second(part: Path, target: Path) -> Path:
        written.append(target.name)
        if len(written) == 2:
            raise OSError("no space left on device")
        return part.rename(target)

    monkeypatch.setattr(Path, "replace", break_second)
    with pytest.raises(OSError, match="no space left"):
        spool.merge(tmp_path)
    monkeypatch.undo()
    assert len(read(tmp_path)) == 1
    save(tmp_path, *events)
    assert [row[1] for row in read(tmp_path)] == ["i-0", "i-1", "i-2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "first"},
        {"place": 10**30},
        {"place": True},
        {"latency": float("inf")},
        {"intop": 1},
        {"guesses": "[]"},
        {"guesses": [["001", 0.5]] * 10_000},
        {"guesses": [["001"]]},
        {"picture": '"' * 5000},
        {"sid": 5},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_what_no_column_can_hold_is_left_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    good = make_recognition(row=1)
    bad = replace(good, id="i-2", data={**good.data, **changes})
    assert save(tmp_path, good, bad).refused == 1
    assert [row[1] for row in read(tmp_path)] == ["i-1"]


@pytest.mark.parametrize("offset", [-401 * DAY, 3 * DAY, timedelta(days=365 * 5000)], ids=str)
def test_the_clock_of_a_scale_may_be_off_but_not_by_years(tmp_path: Path, offset: timedelta) -> None:
    good = make_recognition(row=1, at=NOON + timedelta(hours=1))
    assert save(tmp_path, good, make_recognition(row=2, at=NOON + offset)).refused == 1
    assert [row[1] for row in read(tmp_path)] == ["i-1"]


def test_any_text_comes_back(tmp_path: Path) -> None:
    texts = ['a,"b"\nc', "苹果", "x\r\ny", "nul\x00", "\ud800", "'; DROP TABLE x", "", " "]
    events = [
        replace(event, data={**event.data, "choice_name": text})
        for row, text in enumerate(texts)
        for event in [make_recognition(row=row, choice="001")]
    ]
    assert save(tmp_path, *events).refused == 0
    found = [name for _, name in sorted(read(tmp_path, "id, choice_name"))]
    assert found == ['a,"b"\nc', "苹果", "x \ny", "nul\ufffd", "?", "'; DROP TABLE x", None, " "]


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "till[1] *" if os.name == "posix" else tmp_path / "till[1]"
    folder.mkdir()
    for row in range(2):
        save(folder, make_recognition(row=row))
    [file] = folder.glob("*.parquet")
    with duckdb.connect() as database:
        content = database.execute(
            "SELECT count(*) FROM read_parquet(?)", [re.sub(r"([*\[])", r"[\1]", str(file))]
        )
        assert content.fetchall() == [(2,)]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / f"recognitions-{NOON.date()}.parquet"
    file.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(FleetError, match=file.name):
        save(tmp_path, make_recognition())
    assert file.read_bytes() == b"PAR1 and nothing else"
