"""What the calls of a client leave in its journal."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import DEVICE_INFO, JPEG, RESULT
from scripted_transport import ScriptedTransport, error_response, raw_response, success_response

from vision_ai import AnswerLostError, CameraError, DeviceError, InvalidInputError, Journal, UnreachableError
from vision_ai_emulator import Emulator

GUESSES = '[["001",0.95],["002",0.5]]'
LOST = httpx.ConnectError("gone")


@pytest.fixture
def scripted(connect: Any, transport: ScriptedTransport, path: Path) -> Any:
    """A client with a journal, without retries, of a module that is a script."""
    return connect(transport, journal=path, retries=0)


def result(sid: str, *ids: str) -> httpx.Response:
    items = [{"id": each, "score": 0.9 - index / 10} for index, each in enumerate(ids)]
    return success_response({"items": items, "sid": sid})


INFO = success_response(DEVICE_INFO)
OK = success_response(None)


def test_a_recognition_is_a_row_with_its_module(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    before = time.time_ns() // 1000
    transport.respond(success_response(RESULT), INFO)
    scripted.get_result()
    scripted.close()
    [(moment, offset, guesses, sid, readings, latency, choice, place)] = read(
        "SELECT time, utc_offset, guesses, sid, readings, latency, choice, place FROM recognitions"
    )
    assert before <= moment <= time.time_ns() // 1000
    assert offset == time.localtime(moment // 1_000_000).tm_gmtoff
    assert (guesses, sid, readings, choice, place) == (GUESSES, RESULT["sid"], 1, None, None)
    assert 0 < latency < 5
    assert read(
        "SELECT serial_number, engine, firmware, api FROM devices JOIN recognitions ON device = devices.id"
    ) == [("12345678", "9.5.0", "9.9.4.2", "v1")]


@pytest.mark.parametrize(("chosen", "place", "intop"), [("001", 1, 1), ("002", 2, 1), ("777", 0, 0)])
def test_a_confirmation_fills_the_row_of_its_recognition(
    scripted: Any, transport: ScriptedTransport, read: Any, chosen: str, place: int, intop: int
) -> None:
    transport.respond(result("a", "001", "002"), INFO, result("b", "001"), OK)
    first = scripted.get_result()
    scripted.get_result()
    scripted.confirm(first, id=chosen, name="水果")
    scripted.close()
    assert read("SELECT sid, choice, place, intop FROM recognitions ORDER BY id") == [
        ("a", chosen, place, intop),
        ("b", None, None, None),
    ]
    assert read("SELECT id, name FROM products") == [(chosen, "水果")]
    assert read("SELECT chosen_at >= time FROM recognitions WHERE sid = 'a'") == [1]


def test_another_choice_replaces_the_first(scripted: Any, transport: ScriptedTransport, read: Any) -> None:
    transport.respond(result("a", "001", "002"), INFO, OK, OK)
    recognition = scripted.get_result()
    scripted.confirm(recognition, id="001", name="Apple")
    scripted.confirm(recognition, id="002", name="Pear")
    scripted.close()
    assert read("SELECT choice, place FROM recognitions") == [("002", 2)]


def test_a_choice_counts_though_the_module_refused_its_feedback(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(result("a", "001"), INFO, error_response(-6210))
    recognition = scripted.get_result()
    with pytest.raises(DeviceError):
        scripted.confirm(recognition, id="001", name="Apple")
    scripted.close()
    assert read("SELECT choice FROM recognitions") == ["001"]


def test_a_choice_of_another_program_finds_its_row(connect: Any, path: Path, read: Any) -> None:
    first = connect(ScriptedTransport(result("a", "001"), INFO), journal=path)
    first.get_result()
    first.close()
    confirming = ScriptedTransport(INFO, OK)
    module = connect(confirming, journal=path)
    module.get_device_info()
    module.result_feedback(sid="a", id="001", name="Apple", intop=True)
    module.close()
    assert read("SELECT choice, place FROM recognitions") == [("001", 1)]


def test_a_choice_for_a_recognition_that_is_not_in_the_journal_makes_no_row(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(OK)
    scripted.result_feedback(sid="a", id="001", name="Apple", intop=True)
    scripted.close()
    assert read("SELECT count(*) FROM recognitions") == [0]
    assert read("SELECT name FROM products") == ["Apple"]


def test_two_clients_with_equal_sids_confirm_their_own_rows(connect: Any, path: Path, read: Any) -> None:
    transports = [ScriptedTransport(result("a", "001", "002"), INFO, OK) for _ in range(2)]
    clients = [connect(each, journal=path) for each in transports]
    recognitions = [client.get_result() for client in clients]
    for client, recognition, chosen in zip(clients, recognitions, ("001", "002"), strict=True):
        client.confirm(recognition, id=chosen, name="x")
    for client in clients:
        client.close()
    assert sorted(read("SELECT choice FROM recognitions")) == ["001", "002"]


def test_the_module_is_asked_once_who_it_is(scripted: Any, transport: ScriptedTransport, read: Any) -> None:
    transport.respond(result("a"), INFO, result("b"), result("c"))
    for _ in range(3):
        scripted.get_result()
    assert transport.paths.count("/api/get_device_info") == 1
    scripted.close()
    assert read("SELECT count(device) FROM recognitions") == [3]


def test_a_program_that_asks_for_the_device_information_saves_the_question(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(INFO, result("a"))
    scripted.get_device_info()
    scripted.get_result()
    scripted.close()
    assert read("SELECT count(device) FROM recognitions") == [1]


@pytest.mark.parametrize("failure", [LOST, error_response(-6210), raw_response(b"?", "text/html")], ids=repr)
def test_a_failure_of_the_question_does_not_fail_the_recognition(
    scripted: Any, transport: ScriptedTransport, read: Any, failure: Any
) -> None:
    transport.respond(success_response(RESULT), failure, success_response(RESULT))
    assert (
        scripted.get_result().sid == scripted.get_result().sid == RESULT["sid"]
    )  # and is not repeated at once
    scripted.close()
    assert read("SELECT guesses, device FROM recognitions") == [(GUESSES, None)] * 2


def test_a_copy_with_other_options_writes_to_the_same_journal(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(result("a"), INFO, result("b"))
    scripted.get_result()
    scripted.with_options(timeout=3).get_result()
    scripted.close()
    assert read("SELECT sid FROM recognitions ORDER BY id") == ["a", "b"]


def test_an_outage_is_one_event_and_the_module_is_asked_again_who_it_is(
    scripted: Any, transport: ScriptedTransport, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision_ai._journal.calls.QUESTION_INTERVAL", 0.0)
    other = success_response({**DEVICE_INFO, "engine": "9.6.0"})
    transport.respond(result("a"), INFO, LOST, LOST, result("b"), other)
    scripted.get_result()
    for _ in range(2):
        with pytest.raises(UnreachableError):
            scripted.get_result()
    scripted.get_result()
    scripted.close()
    assert read("SELECT kind, code, detail FROM events ORDER BY id") == [
        ("connection_lost", None, "UnreachableError"),
        ("connection_restored", None, None),
    ]
    assert read("SELECT engine FROM recognitions JOIN devices ON device = devices.id ORDER BY sid") == [
        "9.5.0",
        "9.6.0",
    ]


def test_a_device_error_is_one_event_until_the_operation_succeeds(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    camera_lost = error_response(-6103)
    transport.respond(camera_lost, camera_lost, error_response(-6209), result("a"), INFO, camera_lost)
    for fails in (True, True, True, False, True):
        if fails:
            with pytest.raises(DeviceError):
                scripted.get_result()
        else:
            scripted.get_result()
    scripted.close()
    assert read("SELECT kind, code, detail FROM events ORDER BY id") == [
        ("device_error", -6103, "get_result"),
        ("device_error", -6209, "get_result"),
        ("device_error", -6103, "get_result"),
    ]


def test_lessons_restores_and_restarts_are_events(
    connect: Any, emulator: Emulator, path: Path, tmp_path: Path, read: Any
) -> None:
    module = connect(emulator.url, journal=path)
    module.learn(id="7", name="Banana")
    module.restore(module.backup(tmp_path, poll=0.001), poll=0.001)
    module.reboot()
    module.wait_until_ready(poll=0.01)
    module.reset_device()
    module.close()
    kinds = read("SELECT kind, detail FROM events WHERE kind NOT LIKE 'connection%' ORDER BY id")
    assert kinds == [("taught", "7"), ("restored", None), ("restarted", None), ("forgotten", None)]
    assert read("SELECT id, name FROM products") == [("7", "Banana")]


def test_a_restart_whose_response_was_lost_is_an_event(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(httpx.ReadError("gone"))
    with pytest.raises(AnswerLostError):
        scripted.reboot()
    scripted.close()
    assert read("SELECT kind FROM events ORDER BY id") == ["restarted", "connection_lost"]


def test_lessons_and_deletions_of_v2_are_events(connect: Any, path: Path, read: Any) -> None:
    emulator = Emulator(api="v2")
    module = connect(emulator.url, api="auto", journal=path)
    module.learn(id="7", name="Banana", pictures=1)
    module.get_result()
    module.delete_item(id="7")
    module.close()
    assert read("SELECT kind, detail FROM events ORDER BY id") == [("taught", "7"), ("forgotten", "7")]
    assert read("SELECT name FROM products") == ["Banana"]
    assert read("SELECT api, sid FROM recognitions JOIN devices ON device = devices.id") == [("v2", None)]


def test_a_workflow_reports_many_readings_as_one_row(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(result("a", "001"), INFO, result("b", "001"), OK)
    client = getattr(scripted, "client", scripted)
    pipeline = client._pipeline
    pipeline.background = True
    scripted.get_result()
    last = scripted.get_result()
    pipeline.state.journal.note_recognition(last, 0.25, 2, datetime(2026, 1, 2, tzinfo=UTC))
    scripted.confirm(last, id="001", name="Apple")
    scripted.close()
    assert read("SELECT sid, readings, latency, choice FROM recognitions") == [("b", 2, 0.25, "001")]
    assert read("SELECT date(time / 1000000, 'unixepoch') FROM recognitions") == ["2026-01-02"]
    assert read("SELECT count(device) FROM recognitions") == [1]


def test_texts_and_scores_that_sqlite_and_json_do_not_know_are_kept_as_far_as_possible(
    scripted: Any, transport: ScriptedTransport, read: Any
) -> None:
    transport.respond(result("a", "x", "梨"), INFO)
    recognition = scripted.get_result()
    recognition.items[0].id, recognition.items[0].score, recognition.sid = "\ud800", float("inf"), "\udfff"
    getattr(scripted, "client", scripted)._pipeline.state.journal.note_recognition(recognition, None, 1)
    scripted.close()
    assert read("SELECT sid, guesses FROM recognitions WHERE sid <> 'a'") == [
        ("?", '[["?",null],["梨",0.8]]')
    ]


def test_nothing_is_kept_without_a_journal(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    connect(transport.respond(success_response(RESULT))).get_result()
    assert transport.paths == ["/api/get_result"]
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_taken_at_confirmations(
    connect: Any, transport: ScriptedTransport, path: Path, tmp_path: Path, read: Any
) -> None:
    module = connect(transport, journal=path, journal_pictures=tmp_path / "pictures", retries=0)
    picture, camera_lost = raw_response(JPEG, "image/jpeg"), error_response(-6103)
    transport.respond(result("a/../b", "001"), INFO, OK, picture, result("c", "001"), OK, camera_lost)
    for _ in range(2):
        module.confirm(module.get_result(), id="001", name="Apple")
    module.close()
    first, second = read("SELECT picture FROM recognitions ORDER BY id")
    assert first.startswith("pictures/") and first.endswith("-ab.jpg") and second is None
    assert (tmp_path / first).read_bytes() == JPEG
    assert [file.name for file in (tmp_path / "pictures").iterdir()] == [Path(first).name]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"journal": 5}, "journal must be a path"),
        ({"journal": ""}, "journal must be a path"),
        ({"journal": b"x"}, "journal must be a path"),
        ({"journal": "x\0"}, "journal must be a path"),
        ({"journal_pictures": "pictures"}, "needs a journal"),
        ({"journal": "x.db", "journal_pictures": 3}, "journal_pictures must be a path"),
    ],
    ids=repr,
)
def test_an_invalid_journal_is_rejected(connect: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        connect(None, **options)


@pytest.mark.parametrize(("limit", "value"), [("keep_days", 0), ("keep_days", "x"), ("keep_bytes", 5)])
def test_an_invalid_limit_is_rejected(limit: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=limit):
        Journal("x.db", **{limit: value})


def test_clients_of_one_file_have_the_same_limits(
    connect: Any, transport: ScriptedTransport, path: Path
) -> None:
    connect(transport, journal=path)
    with pytest.raises(InvalidInputError, match="other limits"):
        connect(ScriptedTransport(), journal=Journal(path, keep_days=3))


def test_a_broken_journal_does_not_reach_the_caller(
    scripted: Any,
    transport: ScriptedTransport,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = getattr(scripted, "client", scripted)
    monkeypatch.setattr(client._pipeline.state.journal, "_append_recognition", lambda *_: 1 / 0)
    transport.respond(success_response(RESULT), INFO)
    recognition = scripted.get_result()
    assert recognition.sid == RESULT["sid"]
    assert "the journal failed after get_result" in caplog.text
    client._pipeline.state.journal.note_recognition(recognition, None, 1)
    assert "the journal failed after a recognition" in caplog.text


def test_camera_errors_stay_camera_errors(scripted: Any, transport: ScriptedTransport) -> None:
    transport.respond(error_response(-6103))
    with pytest.raises(CameraError):
        scripted.get_result()
