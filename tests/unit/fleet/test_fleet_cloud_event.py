"""Rows of a journal as CloudEvents, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from shared_journal import START, JournalFile

from vision_ai.journal import JournalReader
from vision_ai_fleet.events.cloud_event import (
    SCHEMA_FILE,
    CloudEvent,
    InvalidEventError,
    make_journal_event,
    make_recognition_event,
    parse_event,
    read_journal_event,
    read_recognition,
)
from vision_ai_fleet.messages import encode
from vision_ai_fleet.names import ScaleId

SCALE = ScaleId("0042", "07")
SCHEMA = Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


@pytest.fixture
def journal(tmp_path: Path) -> JournalReader:
    file = JournalFile(tmp_path / "till.db")
    file.add_device(1)
    file.add_product("001", "Apple")
    file.add([("001", 0.9), ("002", 0.1)], "002", at=START + timedelta(microseconds=5))
    file.add([("001", 0.9)])
    file.add([], device=None)
    file.add_event("connection_lost", detail="timeout")
    file.close()
    return JournalReader(file.path)


def test_rows_come_back_from_their_events(journal: JournalReader) -> None:
    with journal:
        rows, [lost] = list(journal.recognitions()), list(journal.events())
    for row in rows:
        event = make_recognition_event(SCALE, "i7", row)
        SCHEMA.validate(event.to_dict())
        assert read_recognition(parse_event("events.0042.07.recognition", encode(event.to_dict()))) == row
    event = make_journal_event(SCALE, "i7", lost)
    SCHEMA.validate(event.to_dict())
    again = read_journal_event(parse_event("events.0042.07.connection_lost", encode(event.to_dict())))
    assert lost.device is not None and again.device is not None
    assert again == replace(lost, device=replace(lost.device, engine=None, firmware=None, api=None))


def test_the_form_is_that_of_cloud_events(journal: JournalReader) -> None:
    with journal:
        row, [lost] = next(journal.recognitions()), list(journal.events())
    event = make_recognition_event(SCALE, "i7", row, 2)
    form = event.to_dict()
    data = form.pop("data")
    assert form == {
        "specversion": "1.0",
        "id": f"i7-{row.row}",
        "source": "/stores/0042/scales/07",
        "type": "vision_ai.recognition.v1",
        "time": row.time.isoformat(),
        "datacontenttype": "application/json",
        "store": "0042",
        "scale": "07",
        "revision": 2,
    }
    assert data["guesses"] == [[guess.id, guess.score] for guess in row.guesses]
    assert event.message_id == f"0042.07/i7-{row.row}/2"
    assert make_journal_event(SCALE, "i7", lost).id == "i7-event-1"  # not that of the first recognition


def make(**changes: Any) -> dict[str, Any]:
    event = CloudEvent(SCALE, "taught", "i-event-1", 1, START, {"kind": "taught"})
    return {name: value for name, value in {**event.to_dict(), **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    "changes",
    [
        {"specversion": "0.3"},
        {"type": "com.example.taught"},
        {"time": "today"},
        {"time": "2026-11-28T09:30:00"},
        {"time": 5},
        {"revision": 0},
        {"revision": "many"},
        {"revision": 1e400},
        {"id": ""},
        {"id": ...},
        {"data": None},
        {"data": ...},
        {"store": ...},
    ],
    ids=str,
)
def test_what_is_no_event_is_refused(changes: dict[str, Any]) -> None:
    assert parse_event("events.0042.07.taught", encode(make())).id == "i-event-1"
    with pytest.raises(InvalidEventError):
        parse_event("events.0042.07.taught", json.dumps(make(**changes)).encode())


@pytest.mark.parametrize("changes", [{"store": "0043"}, {"scale": "08"}, {"type": "vision_ai.restored.v1"}])
def test_an_event_that_names_another_scale_than_its_subject_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidEventError, match="belongs on"):
        parse_event("events.0042.07.taught", encode(make(**changes)))


def test_texts_that_are_no_json_objects_are_refused() -> None:
    for data in (b"", b"no", b"[]", b"\xff"):
        with pytest.raises(InvalidEventError):
            parse_event("events.0042.07.taught", data)


def test_the_schema_refuses_what_is_no_recognition() -> None:
    event = make(type="vision_ai.recognition.v1", data={"guesses": [["001", "high"]]})
    with pytest.raises(ValidationError):
        SCHEMA.validate(event)
