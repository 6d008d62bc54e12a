"""The emulator answers generated requests as the contract says, and the gate that finds this out can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import run as program
from gate import bodies, contract, session
from gate.emulated import Emulated
from gate.session import Plan, Report

from vision_ai_emulator import Emulator, serve
from vision_ai_emulator.http.dialect import LENIENT
from vision_ai_emulator.http.response import JsonResult, Response, make_response, wrap_in_envelope

ALL = frozenset(contract.operations())
GET_CALIB = "POST /api/get_calib"


# Scenarios among few operations get far, among all of them they get wide.
SELLING = frozenset(
    {
        "POST /api/register_item",
        "POST /api/get_registered_item_list",
        "POST /api/delete_registered_image",
        "POST /api/commit_registered_item",
        "POST /api/get_item_list",
        "POST /api/get_result",
        "POST /api/result_feedback",
    }
)
SAVING = frozenset(
    {
        "POST /api/start_backup",
        "POST /api/get_backup_status",
        "GET /download/{filename}",
        "POST /api/start_restore",
        "POST /api/restore",
        "POST /api/get_restore_status",
    }
)


def explain(report: Report) -> str:
    return "\n".join([*report.errors, *map(str, report.findings.values()), f"{report.lost} lost"])


@pytest.fixture(scope="module")
def everything() -> Report:
    return session.run(Plan(operations=ALL, cases=25, scenarios=30), Emulated())


def test_every_generated_request_gets_a_documented_answer(everything: Report) -> None:
    assert everything.passed, explain(everything)
    assert all(everything.generated[phase] for phase in session.PHASES)
    assert everything.scenarios >= 30


@pytest.mark.parametrize("phase", ["coverage", "fuzzing", "stateful"])
def test_every_operation_is_called_in_a_phase(phase: str, everything: Report) -> None:
    assert {operation for where, operation, *_ in everything.answers if where == phase} == ALL


def walk(operations: frozenset[str]) -> Callable[..., int]:
    plan = Plan(operations=operations, cases=1, scenarios=25, phases=("stateful",))
    report = session.run(plan, Emulated())
    assert report.passed, explain(report)
    assert report.scenarios >= plan.scenarios

    def times(operation: str, code: int, status: int | None = None) -> int:
        return report.answers["stateful", f"POST /api/{operation}", code, status]

    return times


def test_scenarios_teach_and_sell() -> None:
    times = walk(SELLING)
    assert times("register_item", 0)
    assert times("delete_registered_image", 0)
    assert times("commit_registered_item", 0)
    # The emulator knows only the recognitions that it has made: these had a real `sid`.
    assert times("result_feedback", 0)


def test_scenarios_restore_what_they_have_downloaded() -> None:
    generating, restoring, verifying, completed = 1, 2, 3, 4
    times = walk(SAVING)
    assert times("get_backup_status", 0, generating)
    assert times("start_backup", -6204)
    # No generated file passes for a backup (-6140): these were downloaded before.
    assert times("start_restore", 0)
    assert times("restore", 0)
    assert times("get_restore_status", 0, restoring) + times("get_restore_status", 0, verifying)
    assert times("get_restore_status", 0, completed)


def camera_lost() -> Emulated:
    target = Emulated()
    target.emulator.camera_lost = True
    return target


STATES: dict[str, tuple[Callable[[], Emulated], int]] = {
    "without its camera": (camera_lost, -6103),
    "without a store": (lambda: Emulated(activated=False, require_activation=True), -6128),
    "with hardly any storage": (lambda: Emulated(storage_bytes=1), -6203),
}


@pytest.mark.parametrize("state", STATES)
def test_a_device_in_trouble_still_gives_documented_answers(state: str) -> None:
    make, code = STATES[state]
    plan = Plan(operations=ALL, cases=1, scenarios=1, phases=("examples", "coverage"))
    report = session.run(plan, make())
    assert report.passed, explain(report)
    assert code in {each for _, _, each, _ in report.answers}


def asked(seed: int) -> list[tuple[str, str, bytes]]:
    plan = Plan(operations=SELLING, cases=3, scenarios=3, seed=seed, phases=("fuzzing", "stateful"))
    return session.run(plan, Emulated()).requests


def test_the_same_seed_makes_the_same_requests() -> None:
    first = asked(seed=5)
    assert asked(seed=5) == first
    assert asked(seed=6) != first


# The gate itself. A defect changes an answer on its way out; the same run without it passes.

Change = Callable[[dict[str, Any]], dict[str, Any]]


def changed(operation: str, change: Callable[[Response], Response]) -> Callable[[str, Response], Response]:
    def spoil(path: str, answer: Response) -> Response:
        return change(answer) if path == f"/api/{operation}" else answer

    return spoil


def envelope(data: Any = None, code: int = 0) -> Response:
    return LENIENT.encode(wrap_in_envelope(data, code))


def plain_json(value: dict[str, Any]) -> Response:
    return LENIENT.encode(JsonResult(value))


def with_data(**fields: Any) -> Callable[[Response], Response]:
    def change(answer: Response) -> Response:
        whole = json.loads(answer.body)
        data = {**whole["data"], **fields}
        return envelope({name: value for name, value in data.items() if value is not MISSING})

    return change


MISSING = object()

DEFECTS: dict[str, tuple[str, Callable[[Response], Response], str]] = {
    "an undocumented code": ("get_calib", lambda answer: envelope(code=-6131), "code_is_documented"),
    "unknown command": ("start_restore", lambda answer: envelope(code=-6117), "code_is_documented"),
    "success without data": ("get_calib", lambda answer: envelope(), "data_goes_with_code"),
    "success without the list": (
        "get_item_list",
        lambda answer: plain_json({"code": 0}),
        "data_goes_with_code",
    ),
    "an error with data": (
        "get_calib",
        lambda answer: plain_json({"code": -6210, "data": {"left": 1}}),
        "data_goes_with_code",
    ),
    "a picture that is no JPEG": (
        "get_image",
        lambda answer: make_response(b"\x89PNG\r\n\x1a\n" + answer.body, "image/jpeg"),
        "bytes_are_what_they_say",
    ),
    "a picture cut short": (
        "get_image",
        lambda answer: make_response(answer.body[:-2], "image/jpeg"),
        "bytes_are_what_they_say",
    ),
    "success in the place of a picture": ("get_image", lambda answer: envelope(), "bytes_are_what_they_say"),
    "a field of the wrong type": ("get_calib", with_data(left="444"), "response_schema_conformance"),
    "a missing required field": ("get_calib", with_data(width=MISSING), "response_schema_conformance"),
    "an HTTP 500": (
        "get_calib",
        lambda answer: Response(500, answer.headers, answer.body),
        "server_holds",
    ),
    "a traceback": (
        "get_calib",
        lambda answer: plain_json({"code": -6210, "msg": "Traceback (most recent call last):"}),
        "server_holds",
    ),
    "a bad request that is taken": ("set_learnmode", lambda answer: envelope(), "bad_requests_are_refused"),
    "a good request called wrong": (
        "set_learnmode",
        lambda answer: envelope(code=-6213),
        "good_requests_are_taken",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_gate_catches(defect: str) -> None:
    operation, change, check = DEFECTS[defect]
    label = f"POST /api/{operation}"
    plan = Plan(operations=frozenset({label}), cases=5, scenarios=1, phases=("coverage", "fuzzing"))
    assert session.run(plan, Emulated()).passed

    report = session.run(plan, Emulated(changed(operation, change)))
    assert not report.passed
    assert (check, label) in report.findings


def test_a_case_without_an_answer_is_not_passed_over() -> None:
    def breaks(path: str, answer: Response) -> Response:
        raise ConnectionResetError("the cable")

    plan = Plan(operations=frozenset({GET_CALIB}), cases=1, scenarios=1, phases=("coverage",))
    assert not session.run(plan, Emulated(breaks)).passed


def test_a_run_without_cases_does_not_pass() -> None:
    assert not Report().passed


# Rules that JSON Schema cannot say, which the checks for good and bad requests leave to the module


@pytest.mark.parametrize(
    ("path", "body", "contradiction"),
    [
        ("set_calib", {"left": 1000, "top": 0, "width": 280, "height": 720}, False),
        ("set_calib", {"left": 1000, "top": 0, "width": 281, "height": 720}, True),
        ("commit_registered_item", {"id": "1", "item_id": "1"}, False),
        ("commit_registered_item", {"id": "1", "item_id": "2"}, True),
        ("commit_registered_item", {"id": 1, "item_id": "2"}, False),
        ("get_calib", None, False),
    ],
)
def test_contradictions(path: str, body: object, contradiction: bool) -> None:
    operation = contract.operations()[f"POST /api/{path}"]
    assert bodies.contradicts_itself(operation, body) is contradiction


@pytest.mark.parametrize(
    ("body", "meant_well"),
    [
        ({"item_id": "1"}, True),
        ({"item_id": 1}, False),
        ({"id": "1", "item_id": "2"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_deprecated_twin_stands_in_for_the_name(body: object, meant_well: bool) -> None:
    operation = contract.operations()["POST /api/commit_registered_item"]
    assert bodies.is_meant_well(operation, body) is meant_well


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, 200), (-6200, 422), (-6213, 422), (-6210, 500), (-6209, 500), (-6599, 500), (-6103, 409)],
)
def test_the_status_that_a_code_stands_for(code: int, status: int) -> None:
    assert contract.status_meant(code) == status


# The program


def test_the_program_tries_the_emulator_over_a_socket(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["--cases", "150", "--report-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.endswith("passed\n")
    assert str(tmp_path / "junit.xml") in said
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert json.loads((tmp_path / "requests.har").read_text(encoding="utf-8"))["log"]["entries"]


def paths_asked(emulator: Emulator) -> set[str]:
    return {
        "GET /download/{filename}" if path.startswith("/download/") else f"{method} {path}"
        for method, path in emulator.requests
    }


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.RATE == "5/s"
    monkeypatch.setattr(program, "RATE", "1000/s")


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("effects", program.EFFECTS)
def test_a_module_is_asked_only_what_is_allowed(
    effects: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator(backup_seconds=0, restore_seconds=0)
    allowed = program.EFFECTS[: program.EFFECTS.index(effects) + 1]
    with serve(emulator) as url:
        status = program.main(
            ["--url", url, "--effects", effects, "--cases", "30", "--report-dir", str(tmp_path)]
        )
    assert status == 0, capsys.readouterr().out
    assert paths_asked(emulator) == {
        each.label
        for each in contract.operations().values()
        if each.effect in allowed and not each.deprecated and each.label not in program.NEVER_ON_A_MODULE
    }


@pytest.mark.usefixtures("unhurried")
def test_the_program_fails_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    emulator = Emulator()
    emulator.fail_next(-6131, "get_calib", times=1000)
    with serve(emulator) as url:
        assert program.main(["--url", url, "--cases", "10", "--report-dir", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert f"FAILED code_is_documented, {GET_CALIB}" in said
    assert said.endswith("failed\n")
    assert "code_is_documented" in (tmp_path / "junit.xml").read_text(encoding="utf-8")


def test_a_module_gets_only_conforming_requests() -> None:
    plan = program.careful("destructive", 100, seed=1)
    assert plan.positive_only
    assert plan.rate == "5/s"
    assert not any(contract.operations()[each].deprecated for each in plan.operations)
