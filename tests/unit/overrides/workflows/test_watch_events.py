"""`watch()`: which readings become which events, and when the module is asked."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from scripted_transport import error_response
from watch_script import APPLE, NOTHING, PEAR, START, ScriptedModule, guesses, names

from vision_ai import InvalidInputError, PanEmpty, Recognized, VisionAIError

END = RuntimeError("the script is over")


def report(connect: Any, *readings: Any, options: Any = (), **settings: Any) -> list[Any]:
    """Return the events of these readings."""
    watch = connect(ScriptedModule(*readings, END), retries=0, **dict(options)).watch(**settings)
    events: list[Any] = []
    with pytest.raises(RuntimeError, match="script is over"):
        events.extend(watch)
    return events


@pytest.mark.parametrize(
    ("stable_for", "readings", "expected"),
    [
        pytest.param(2, [APPLE] * 5, ["apple"], id="a product that stays is reported once"),
        pytest.param(2, [NOTHING] * 5, ["PanEmpty"], id="an empty pan is reported once, also at the start"),
        pytest.param(2, [APPLE, PEAR] * 4, [], id="readings that change each time count for nothing"),
        pytest.param(2, [NOTHING, APPLE] * 4, [], id="nor do empty ones between them"),
        pytest.param(2, [APPLE, APPLE, PEAR, APPLE, APPLE], ["apple"], id="one other reading is no change"),
        pytest.param(2, [APPLE, APPLE, NOTHING, APPLE, APPLE], ["apple"], id="nor is one empty reading"),
        pytest.param(2, [APPLE, APPLE, PEAR, PEAR, APPLE, APPLE], ["apple", "pear", "apple"], id="two are"),
        pytest.param(
            2, [APPLE] * 2 + [NOTHING] * 2 + [APPLE] * 2, ["apple", "PanEmpty", "apple"], id="it left"
        ),
        pytest.param(1, [APPLE, NOTHING, PEAR, PEAR], ["apple", "PanEmpty", "pear"], id="stable_for=1"),
        pytest.param(3, [APPLE, APPLE, PEAR, APPLE, APPLE, APPLE], ["apple"], id="stable_for=3"),
    ],
)
def test_equal_readings_in_a_row_become_one_event(
    connect: Any, stable_for: int, readings: list[Any], expected: list[str]
) -> None:
    assert names(report(connect, *readings, stable_for=stable_for)) == expected


def test_the_best_guess_counts_whatever_the_others_are(connect: Any) -> None:
    events = report(connect, APPLE, guesses("apple", "banana", score=0.5))
    assert names(events) == ["apple"]
    assert events[0].result.items[0].score == 0.5  # the latest of the equal readings


def test_an_event_has_its_moments(connect: Any) -> None:
    empty, recognized = report(connect, NOTHING, NOTHING, APPLE, PEAR, APPLE, APPLE, every=0.5)
    assert isinstance(empty, PanEmpty)
    assert isinstance(recognized, Recognized)
    assert (empty.moment, recognized.since, recognized.moment) == (1000.5, 1002, 1002.5)
    assert (recognized.time - START).total_seconds() == 2.5


@pytest.mark.parametrize(
    ("settings", "readings", "expected"),
    [
        pytest.param({"min_score": 0.5}, [guesses("apple", score=0.49)], ["PanEmpty"], id="below min_score"),
        pytest.param({"min_score": 0.5}, [guesses("apple", score=0.5)], ["apple"], id="at min_score"),
        pytest.param({"empty_codes": [-6210]}, [error_response(-6210)], ["PanEmpty"], id="an error code"),
        pytest.param({"empty_codes": (-6999,)}, [error_response(-6999)], ["PanEmpty"], id="an unknown code"),
        pytest.param({"empty_without_guesses": False}, [NOTHING], [], id="no guesses mean nothing"),
        pytest.param(
            {"empty_without_guesses": False},
            [APPLE, NOTHING, APPLE],
            ["apple", "apple"],
            id="no guesses lie between two products",
        ),
    ],
)
def test_what_counts_as_an_empty_pan_can_be_chosen(
    connect: Any, settings: dict[str, Any], readings: list[Any], expected: list[str]
) -> None:
    assert names(report(connect, *readings, stable_for=1, **settings)) == expected


# --- when


def switch(*states: object) -> Any:
    """A `when` that returns these one after the other, then the last one for ever."""
    left = list(states)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_nothing_is_asked_while_when_is_false(connect: Any) -> None:
    module = ScriptedModule(APPLE, PEAR)
    watch = connect(module).watch(when=switch(False, 0, "", None, True), stable_for=1, every=0.5)
    assert names([next(watch)]) == ["apple"]
    assert module.moments == [0.4]  # it was called again every 0.1 s
    assert names([next(watch)]) == ["pear"]
    assert module.moments == [0.4, 0.9]


def test_after_when_was_false_the_same_product_counts_as_new(connect: Any) -> None:
    assert names(report(connect, APPLE, APPLE, when=switch(True, False, True), stable_for=1)) == [
        "apple",
        "apple",
    ]
    readings = [APPLE, APPLE, APPLE, APPLE]
    assert names(report(connect, *readings, when=switch(True, False, True), stable_for=2)) == ["apple"]


def test_after_when_was_false_an_empty_pan_is_no_news(connect: Any) -> None:
    when = switch(True, False, True, False, True)
    assert names(report(connect, NOTHING, NOTHING, APPLE, when=when, stable_for=1)) == ["PanEmpty", "apple"]


@pytest.mark.parametrize("error", [ValueError("the scale"), VisionAIError("x"), ConnectionError()])
def test_what_when_raises_reaches_the_program_and_the_watch_can_go_on(
    connect: Any, error: BaseException
) -> None:
    states: list[Any] = [True, error, True]

    def when() -> Any:
        state = states.pop(0)
        if isinstance(state, BaseException):
            raise state
        return state

    watch = connect(ScriptedModule(APPLE, APPLE)).watch(when=when)
    with pytest.raises(type(error)) as caught:
        next(watch)
    assert caught.value is error
    assert names([next(watch)]) == ["apple"]


# --- When the module is asked


def test_the_module_is_asked_at_regular_moments(connect: Any) -> None:
    module = ScriptedModule()
    module.respond(*[module.taking(seconds, PEAR) for seconds in (0.2, 0.3, 0.8, 0.0, 0.0)])
    next(connect(module).watch(every=0.5, stable_for=5))
    assert module.moments == [0.0, 0.5, 1.0, 1.8, 2.3]  # at once where a response took longer


def test_nothing_is_asked_while_the_program_handles_an_event(connect: Any) -> None:
    module = ScriptedModule(APPLE, PEAR, NOTHING)
    watch = connect(module).watch(stable_for=1, every=0.5)
    next(watch)
    module.clock.step(60)
    assert len(module.requests) == 1
    assert names([next(watch)]) == ["pear"]
    assert module.moments == [0.0, 60.0]  # at once, and once
    next(watch)
    assert module.moments == [0.0, 60.0, 60.5]


def test_making_a_watch_asks_nothing_and_two_watches_know_nothing_of_each_other(connect: Any) -> None:
    module = ScriptedModule(APPLE, forever=True)
    client = connect(module)
    one, other = client.watch(stable_for=1), client.watch(stable_for=1)
    assert not module.requests
    assert names([next(one), next(other)]) == ["apple", "apple"]


def test_leaving_the_loop_leaves_the_client_usable(connect: Any) -> None:
    module = ScriptedModule(APPLE, forever=True)
    client = connect(module)
    for event in client.watch():
        assert names([event]) == ["apple"]
        break
    asked = len(module.requests)
    assert client.get_result().items[0].id == "apple"
    assert len(module.requests) == asked + 1


# --- Arguments


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"every": -0.1}, "every must be a number of seconds from 0 up"),
        ({"every": float("inf")}, "every must be"),
        ({"every": "1"}, "every must be .* not '1'"),
        ({"every": True}, "every must be"),
        ({"stable_for": 0}, "stable_for must be a whole number from 1 up, not 0"),
        ({"stable_for": 1.5}, "stable_for must be"),
        ({"min_score": 1.1}, "min_score must be a number from 0 to 1, not 1.1"),
        ({"min_score": None}, "min_score must be"),
        ({"when": 20}, "when must be an ordinary function without arguments"),
        ({"empty_without_guesses": 0}, "empty_without_guesses must be True or False"),
        ({"empty_codes": -6210}, "empty_codes must be a collection of error codes"),
        ({"empty_codes": "-6210"}, "empty_codes must be"),
        ({"empty_codes": [-6210, True]}, "empty_codes must be"),
    ],
    ids=str,
)
def test_arguments_are_checked_before_anything_is_sent(
    connect: Any, settings: dict[str, Any], message: str
) -> None:
    module = ScriptedModule()
    with pytest.raises(InvalidInputError, match=message):
        connect(module).watch(**settings)
    assert not module.requests


def test_an_asynchronous_when_is_refused(connect: Any) -> None:
    async def when() -> bool:
        return True

    with pytest.raises(InvalidInputError, match="not async"):
        connect(ScriptedModule()).watch(when=when)


def test_no_pause_at_all_is_possible(connect: Any) -> None:
    module = ScriptedModule(APPLE, PEAR, forever=True)
    watch = connect(module).watch(every=0, stable_for=1)
    assert names(list(islice(watch, 2))) == ["apple", "pear"]
    assert module.moments == [0.0, 0.0]
