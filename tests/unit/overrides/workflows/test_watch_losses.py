"""`watch()`: lost connections, and errors of the module."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from samples import DEVICE_INFO
from scripted_transport import error_response, raw_response, success_response
from watch_script import APPLE, BROKEN, GONE, INFO, LATE, NOTHING, PEAR, ScriptedModule, names

from vision_ai import (
    ActivationError,
    CommandError,
    ConnectionLost,
    ConnectionRestored,
    DeviceError,
    InvalidAnswerError,
    RequestError,
    VisionAIError,
)
from vision_ai_emulator import Emulator, Fault

STARTING = raw_response(b"<h1>503 Service Unavailable</h1>", "text/html", 503)
CAMERA_LOST = error_response(-6103)
PASSING = [GONE, LATE, BROKEN, STARTING, *map(error_response, (-6103, -6207, -6209, -6210, -6214))]


def describe(reply: Any) -> str:
    return reply.text[:40] if isinstance(reply, httpx.Response) else type(reply).__name__


@pytest.mark.parametrize("loss", PASSING, ids=describe)
def test_what_passes_is_reported_once_and_so_is_its_end(connect: Any, loss: Any) -> None:
    module = ScriptedModule(loss, loss, loss, INFO, loss, INFO, APPLE, APPLE, APPLE)
    lost, restored, recognized = [next(watch) for watch in [connect(module, retries=0).watch()] * 3]
    assert isinstance(lost, ConnectionLost)
    assert isinstance(lost.error, VisionAIError)
    assert isinstance(restored, ConnectionRestored)
    assert restored.info.sn == "12345678"
    assert names([recognized]) == ["apple"]
    asked = [path.removeprefix("/api/get_") for path in module.paths]
    assert asked == ["result", *["device_info"] * 3, "result", "device_info", *["result"] * 3]


def test_a_lost_module_is_asked_for_with_growing_pauses(connect: Any) -> None:
    module = ScriptedModule(*[GONE] * 8, INFO, NOTHING)
    watch = connect(module, retries=0).watch(every=0.1)
    lost, restored = next(watch), next(watch)
    pauses = [after - before for before, after in zip(module.moments, module.moments[1:], strict=False)][:8]
    for pause, shortest in zip(pauses, (0.5, 1, 2, 4, 4, 4, 4, 4), strict=True):
        assert shortest <= round(pause, 3) <= 1.25 * shortest
    assert len(set(pauses)) > 4  # jittered
    assert (lost.moment, restored.moment) == (1000, pytest.approx(1000 + sum(pauses)))


def test_the_client_retries_a_reading_before_the_connection_counts_as_lost(connect: Any) -> None:
    module = ScriptedModule(GONE, LATE, APPLE, GONE, BROKEN, APPLE)
    assert names([next(connect(module, retries=2).watch())]) == ["apple"]
    assert module.moments == [0.0, 0.2, 0.6, 0.6, 0.8, 1.2]  # the pauses of the retries, on the clock too


def test_a_product_that_was_reported_is_not_reported_again_after_a_loss(connect: Any) -> None:
    module = ScriptedModule(APPLE, APPLE, GONE, INFO, APPLE, APPLE, APPLE, PEAR, PEAR)
    watch = connect(module, retries=0).watch()
    events = [next(watch) for _ in range(4)]
    assert names(events) == ["apple", "ConnectionLost", "ConnectionRestored", "pear"]


def test_readings_before_and_after_a_loss_are_not_in_a_row(connect: Any) -> None:
    module = ScriptedModule(APPLE, GONE, INFO, APPLE, APPLE, PEAR, PEAR)
    watch = connect(module, retries=0).watch()
    events = [next(watch) for _ in range(3)]
    assert names(events) == ["ConnectionLost", "ConnectionRestored", "pear"]


def test_a_response_within_five_seconds_is_expected(connect: Any) -> None:
    module = ScriptedModule(GONE, INFO, APPLE)
    watch = connect(module, timeout=60, retries=0).watch()
    assert names([next(watch), next(watch)]) == ["ConnectionLost", "ConnectionRestored"]
    assert len(module.requests) == 3
    assert all(2 < request.timeout["read"] <= 5 for request in module.requests)  # not 60


def test_a_shorter_timeout_of_the_client_is_kept(connect: Any) -> None:
    module = ScriptedModule(APPLE)
    next(connect(module, timeout=2, retries=0).watch(stable_for=1))
    assert module.requests[0].timeout["read"] <= 2


# --- Errors that do not pass


@pytest.mark.parametrize(
    ("code", "kind"),
    [(-6128, ActivationError), (-6117, CommandError), (-6213, RequestError), (-6999, DeviceError)],
)
def test_what_does_not_pass_is_raised_and_the_watch_can_go_on(connect: Any, code: int, kind: type) -> None:
    watch = connect(ScriptedModule(error_response(code), APPLE), retries=0).watch(stable_for=1)
    with pytest.raises(kind) as caught:
        next(watch)
    assert caught.value.code == code  # type: ignore[attr-defined]  # each kind is a DeviceError
    assert names([next(watch)]) == ["apple"]


def test_what_does_not_pass_is_raised_also_while_the_module_is_lost(connect: Any) -> None:
    watch = connect(ScriptedModule(GONE, INFO, error_response(-6128), INFO, APPLE), retries=0).watch()
    next(watch)
    with pytest.raises(ActivationError):
        next(watch)
    assert names([next(watch)]) == ["ConnectionRestored"]


def test_a_strict_client_gets_departures_from_the_contract(connect: Any) -> None:
    odd = success_response({"items": [], "sid": 5})
    with pytest.raises(InvalidAnswerError, match="sid"):
        next(connect(ScriptedModule(odd), strict=True).watch())


def test_an_error_code_for_an_empty_pan_is_no_reason_to_be_lost(connect: Any) -> None:
    empty = error_response(-6210)
    module = ScriptedModule(GONE, INFO, empty, empty, empty)
    watch = connect(module, retries=0).watch(empty_codes={-6210})
    assert names([next(watch) for _ in range(3)]) == ["ConnectionLost", "ConnectionRestored", "PanEmpty"]


# --- when


@pytest.mark.parametrize(
    ("loss", "asked_while_false"),
    [pytest.param(GONE, 2, id="connection"), pytest.param(CAMERA_LOST, 1, id="camera")],
)
def test_while_when_is_false_a_lost_module_does_not_recognize(
    connect: Any, loss: Any, asked_while_false: int
) -> None:
    states = [True, False, False, False, True]
    module = ScriptedModule(loss, INFO, APPLE, APPLE)
    asked: list[int] = []

    def when() -> bool:
        asked.append(len(module.requests))
        return states.pop(0) if len(states) > 1 else states[0]

    watch = connect(module, retries=0).watch(when=when)
    assert names([next(watch), next(watch)]) == ["ConnectionLost", "ConnectionRestored"]
    assert names([next(watch)]) == ["apple"] if loss is GONE else module.paths[-1].endswith("result")
    # A module that responds is back; one without a camera is not asked at all.
    assert asked[:4] == [0, 1, asked_while_false, asked_while_false]


# --- V2


@pytest.mark.parametrize("set_clock", [True, False])
def test_the_clock_of_a_v2_module_is_set_when_it_is_back(connect: Any, set_clock: bool) -> None:
    known = success_response({**DEVICE_INFO, "board": "T3"})
    replies = [GONE, known, APPLE, *([success_response()] if set_clock else []), PEAR]
    module = ScriptedModule(*replies)
    watch = connect(module, api="v2", retries=0, set_clock=set_clock).watch(stable_for=1)
    assert names([next(watch) for _ in range(3)]) == ["ConnectionLost", "ConnectionRestored", "pear"]
    assert ("/api/set_time" in module.paths) == set_clock


# --- The emulator


def test_an_emulator_with_faults_drives_a_watch(connect: Any, emulator: Emulator) -> None:
    client = connect(emulator.url)
    client.learn(id="1", name="Apple")
    watch = client.watch(every=0.001)
    assert names([next(watch)]) == ["1"]
    emulator.clear_pan()
    assert names([next(watch)]) == ["PanEmpty"]
    emulator.fail_next(-6103, "get_result")
    assert names([next(watch)]) == ["ConnectionLost"]
    emulator.put("apple")
    assert names([next(watch), next(watch)]) == ["ConnectionRestored", "1"]


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_a_watch_survives_a_closed_port(connect: Any, served: str, emulator: Emulator, api: Any) -> None:
    emulator.change(api=api)
    client = connect(served, api="auto", retries=0)
    client.learn(id="1", name="Apple", pictures=1)
    watch = client.watch(every=0.001)
    assert names([next(watch)]) == ["1"]
    fault = emulator.faults.add(Fault("refuse", times=None))
    lost = next(watch)
    assert isinstance(lost, ConnectionLost)
    emulator.faults.remove(fault.id)
    emulator.clear_pan()
    assert names([next(watch), next(watch)]) == ["ConnectionRestored", "PanEmpty"]
    assert client.api_version == api
    assert emulator.acted.get("set_time", 0) == (1 if api == "v2" else 0)
