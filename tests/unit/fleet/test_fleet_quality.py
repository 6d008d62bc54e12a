"""Running sums of events have the report's figures, count each event once, and survive a restart."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_fleet_events import NOON, make_other, make_recognition

from vision_ai_fleet.events import quality_sums
from vision_ai_fleet.events.cloud_event import CloudEvent
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.events.stream import EventBatch
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.report.figure_data import Hits
from vision_ai_tools.report.figures import make_hits

PRODUCTS = tuple((f"00{number}", 0.9 / number) for number in range(1, 8))


@pytest.fixture
def quality(tmp_path: Path) -> Iterator[Quality]:
    with Quality(tmp_path / "quality.db") as quality:
        quality.begin()
        yield quality


def add(quality: Quality, *events: CloudEvent) -> None:
    position = quality.read_position() + 1
    quality.add(EventBatch(list(events), [NOON.timestamp()] * len(events), position))


def read_hits(quality: Quality, days: int = 7) -> Hits:
    overall = quality.read_overall(days)
    assert overall is not None
    return overall.hits


def test_the_figures_are_those_of_the_report(quality: Quality) -> None:
    choices = ["001"] * 3 + ["002", "003", "005", "007", "777", None]
    add(
        quality,
        *(make_recognition(row=row, choice=choice, guesses=PRODUCTS) for row, choice in enumerate(choices)),
        make_other(kind="connection_lost"),
        make_other(kind="device_error", row=2),
        make_other(kind="taught", row=3),
    )
    expected = make_hits({1: 3, 2: 1, 3: 1, 5: 1, 7: 1, 0: 1, None: 1})
    overall = quality.read_overall(7)
    assert overall is not None
    assert (overall.recognitions, overall.hits) == (9, expected)
    assert (overall.connections_lost, overall.device_errors) == (1, 1)
    [store] = quality.read_stores(7)
    assert (store.store, store.recognitions, store.hits) == ("0042", 9, expected)
    [scale] = quality.read_scales(7, "0042")
    assert (scale.scale, scale.hits) == ("07", expected)
    products = quality.read_products(7)
    assert [(each.id, each.name, each.hits.weighings) for each in products[:2]] == [
        ("001", "Apple", 3),
        ("002", "Pear", 1),
    ]
    assert len(products) == 6
    assert quality.read_products(7, limit=1)[0].hits.first.count == 3


def test_days_and_stores_are_apart(quality: Quality) -> None:
    old = NOON - timedelta(days=3)
    add(
        quality,
        make_recognition("0042/07", 1, "001"),
        make_recognition("0042/07", 2, "002", at=old),
        make_recognition("0043/01", 1, "002", at=old),
    )
    assert [(each.day, each.hits.weighings) for each in quality.read_days(7)] == [
        (old.date().isoformat(), 2),
        (NOON.date().isoformat(), 1),
    ]
    assert [each.hits.first.count for each in quality.read_days(7, "0042")] == [0, 1]
    assert read_hits(quality, 2).weighings == 1
    assert [each.store for each in quality.read_stores(7)] == ["0043", "0042"]  # the worst first
    assert [each.id for each in quality.read_products(7, "0043")] == ["002"]
    assert quality.read_hits_of_scales(6, 2) == {ScaleId("0042", "07"): (0, 1), ScaleId("0043", "01"): (0, 1)}
    assert quality.read_overall(7, "0099") is None


def test_a_day_that_has_begun_further_east_belongs_to_the_last_days(quality: Quality) -> None:
    add(quality, make_recognition(choice="001", at=NOON + timedelta(days=1)))
    hits = {ScaleId("0042", "07"): (1, 1)}
    assert (quality.read_hits_of_scales(6, 0), quality.read_hits_of_scales(34, 7)) == (hits, {})
    assert read_hits(quality, 7).weighings == 1


def test_revisions_replace_and_repetitions_do_not_count(quality: Quality) -> None:
    first = make_recognition(row=1)
    wrong = make_recognition(row=1, choice="002", revision=2)
    right = make_recognition(row=1, choice="001", revision=3)
    other = make_recognition("0042/08", row=1, choice="001")
    for events in ([first], [first, wrong], [right, other], [wrong, first, right, other]):
        add(quality, *events)
    overall = quality.read_overall(7)
    assert overall is not None
    assert (overall.recognitions, overall.hits) == (2, make_hits({1: 2}))
    assert [(each.id, each.hits.first.count) for each in quality.read_products(7) if each.hits.weighings] == [
        ("001", 2)
    ]


def test_a_revision_that_is_the_first_to_come_counts_once(quality: Quality) -> None:
    add(quality, make_recognition(row=1, choice="001", revision=4))
    overall = quality.read_overall(7)
    assert overall is not None
    assert (overall.recognitions, overall.hits.weighings) == (1, 1)


def test_a_confirmation_after_its_recognition_was_forgotten(
    quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_sums, "RECENT_EVENTS", 2)
    for row in range(5):
        add(quality, make_recognition(row=row))
    add(quality, make_recognition(row=0, choice="001", revision=2))
    overall = quality.read_overall(7)
    assert overall is not None
    assert (overall.recognitions, overall.hits.weighings) == (5, 1)


def test_sums_and_position_survive_a_restart_together(tmp_path: Path) -> None:
    path = tmp_path / "quality.db"
    with Quality(path) as quality:
        assert quality.begin("made today") == 0
        quality.add(EventBatch([make_recognition(row=1, choice="001")], [], 7))
        with pytest.raises(sqlite3.Error):
            quality.add(EventBatch([make_recognition(row=2)], [], _BrokenPosition(8)))  # type: ignore[arg-type]  # breaks at the position
    with Quality(path) as quality:
        assert quality.begin("made today") == 7
        assert quality.begin() == 7
        add(quality, make_recognition(row=1, choice="001"))  # delivered again
        overall = quality.read_overall(7)
        assert overall is not None
        assert (overall.recognitions, overall.hits.weighings) == (1, 1)
        assert quality.begin("made anew") == 0


class _BrokenPosition(int):
    """A number that SQLite refuses, after everything else was written."""

    def __conform__(self, protocol: object) -> object:
        return {}


def test_two_processes_with_one_file_count_each_event_once(tmp_path: Path) -> None:
    batch = EventBatch([make_other(kind="connection_lost")], [], 5)
    with Quality(tmp_path / "quality.db") as one, Quality(tmp_path / "quality.db") as other:
        one.begin()
        one.add(batch)
        other.add(batch)
        overall = other.read_overall(7)
    assert overall is not None and overall.connections_lost == 1


def test_a_damaged_file_begins_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "quality.db"
    path.write_bytes(b"no database" * 1000)
    with Quality(path) as quality:
        assert quality.begin() == 0
        add(quality, make_recognition(row=1))
        assert read_hits(quality).weighings == 0
    assert "begin anew" in caplog.text


def test_sums_in_any_order_of_batches_are_the_same(tmp_path: Path) -> None:
    chance = random.Random(1)
    events = [
        make_recognition(f"0042/0{row % 3}", row, chance.choice(("001", "002", None)), revision=revision)
        for row in range(100)
        for revision in range(1, chance.choice((2, 3)))
    ]
    with Quality(tmp_path / "1.db") as one, Quality(tmp_path / "2.db") as other:
        one.begin()
        other.begin()
        add(one, *events)
        for event in events:
            add(other, event)
        assert one.read_stores(7) == other.read_stores(7)
        assert one.read_scales(7, "0042") == other.read_scales(7, "0042")
        assert one.read_products(7) == other.read_products(7)


@pytest.mark.parametrize(
    "changes",
    [
        {"choice": "\ud800", "place": 1},
        {"choice": "x" * 5000, "place": 1},
        {"choice": 5, "place": 1},
        {"choice": "001", "place": 10**30},
        {"choice": "001", "place": -3},
        {"choice_name": "\ud800", "choice": "001", "place": 1},
        {"guesses": None},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_nothing_that_an_agent_sends_stops_the_sums(quality: Quality, changes: dict[str, Any]) -> None:
    good = make_recognition(row=1, choice="001")
    add(
        quality,
        replace(good, id="i-2", data={**good.data, **changes}),
        replace(good, id="i-" + "9" * 30),
        good,
    )
    assert read_hits(quality).weighings in (1, 2)


def test_days_that_are_far_off_and_endless_products_take_no_space(
    quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_sums, "PRODUCTS_PER_STORE", 3)
    far = NOON - timedelta(days=4000)
    add(quality, make_recognition(row=99, choice="001", at=far))
    for start in range(0, 10, 5):
        add(quality, *(make_recognition(row=row, choice=f"p{row}") for row in range(start, start + 5)))
    assert len(quality.read_products(9999)) == 3
    assert read_hits(quality, 9999).weighings == 10
