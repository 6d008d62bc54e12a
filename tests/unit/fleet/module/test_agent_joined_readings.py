"""Readings of a till that asks all the time."""

from __future__ import annotations

import json

import pytest

from vision_ai_fleet.agent.module.joined_readings import JOIN_SECONDS, JoinedReadings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def readings(clock: Clock) -> JoinedReadings:
    return JoinedReadings(clock)


def respond(sid: str, *ids: str, code: int = 0) -> bytes:
    items = [{"id": id, "score": 0.9} for id in ids]
    return json.dumps({"code": code, "data": {"sid": sid, "items": items}}).encode()


def test_equal_guesses_are_one_recognition_whichever_reading_is_confirmed(readings: JoinedReadings) -> None:
    assert [readings.is_repeated(respond(sid, "1", "2")) for sid in "abc"] == [False, True, True]
    assert readings.find_sid("b") == "a"


@pytest.mark.parametrize("second", [respond("b", "2", "1"), respond("b", "1"), respond("b")])
def test_other_guesses_are_another_recognition(readings: JoinedReadings, second: bytes) -> None:
    assert [readings.is_repeated(each) for each in (respond("a", "1", "2"), second)] == [False, False]
    assert readings.find_sid("b") == "b"


def test_after_a_confirmation_and_after_a_pause_a_new_recognition_begins(
    readings: JoinedReadings, clock: Clock
) -> None:
    assert not readings.is_repeated(respond("a", "1"))
    readings.find_sid("a")
    assert not readings.is_repeated(respond("b", "1"))
    clock.now += JOIN_SECONDS
    assert not readings.is_repeated(respond("c", "1"))
    clock.now += JOIN_SECONDS - 0.1
    assert readings.is_repeated(respond("d", "1"))
    clock.now += JOIN_SECONDS - 0.1
    assert readings.is_repeated(respond("e", "1"))


@pytest.mark.parametrize(
    "response", [b"", b"[]", b"nonsense", b'{"code": 0, "data": null}', respond("a", "1", code=-6103)]
)
def test_what_is_no_plain_recognition_is_never_joined(readings: JoinedReadings, response: bytes) -> None:
    assert [readings.is_repeated(response) for _ in range(3)] == [False] * 3
