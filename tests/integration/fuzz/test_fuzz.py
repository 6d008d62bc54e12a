"""The emulator responds to generated requests as in the contract, and the fuzzer finds defects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import run as program
from fuzzer import bodies, contract, session
from fuzzer.contract import FILES, Api
from fuzzer.emulator_app import EmulatorApp
from fuzzer.session import Plan, Report

from vision_ai_emulator import Emulator, serve
from vision_ai_emulator.http.dialect import LENIENT
from vision_ai_emulator.http.response import JsonResult, Response, make_response, wrap_in_envelope

V1, V2 = contract.load("v1"), contract.load("v2")
GET_CALIB = "POST /api/get_calib"


# With few operations, scenarios reach deep states. With all operations, they cover more transitions.
RECOGNITION = frozenset(
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
TEMPLATES = frozenset(
    {
        "POST /api/add_item_template",
        "POST /api/get_item_template_list",
        "POST /api/delete_item_template",
        "GET /api/get_item_list",
        "POST /api/delete_item",
        "GET /api/get_result",
    }
)
BACKUP = frozenset(
    {
        "POST /api/start_backup",
        "POST /api/get_backup_status",
        "GET /download/{filename}",
        "POST /api/start_restore",
        "POST /api/restore",
        "POST /api/get_restore_status",
    }
)


def describe(report: Report) -> str:
    return "\n".join([*report.errors, *map(str, report.findings.values()), f"{report.lost} lost"])


@pytest.mark.parametrize(
    ("api", "cases", "scenarios"),
    [
        ("v1", 2, 3),
        pytest.param("v1", 25, 30, marks=pytest.mark.slow),
        pytest.param("v2", 25, 30, marks=pytest.mark.slow),
    ],
    ids=["V1, few", "V1, many", "V2, many"],
)
def test_all_generated_requests_get_documented_responses(api: Api, cases: int, scenarios: int) -> None:
    operations = frozenset(contract.load(api).operations)
    plan = Plan(api=api, operations=operations, cases=cases, scenarios=scenarios)
    report = session.run(plan, EmulatorApp(api=api))
    assert report.passed, describe(report)
    assert all(report.generated[phase] for phase in session.PHASES)
    assert report.scenarios >= scenarios
    # A few scenarios do not call all operations.
    for phase in ("coverage", "fuzzing", *(("stateful",) if scenarios >= 30 else ())):
        assert {operation for where, operation, *_ in report.responses if where == phase} == operations


def run_scenarios(operations: frozenset[str], api: Api = "v1") -> Callable[..., int]:
    """Run the stateful phase, and return a function that counts the responses of an operation."""
    plan = Plan(api=api, operations=operations, cases=1, scenarios=25, phases=("stateful",))
    report = session.run(plan, EmulatorApp(api=api))
    assert report.passed, describe(report)
    assert report.scenarios >= plan.scenarios

    def count(operation: str, code: int, status: int | None = None) -> int:
        return report.responses["stateful", f"POST /api/{operation}", code, status]

    return count


@pytest.mark.slow
def test_scenarios_register_and_recognize_products() -> None:
    count = run_scenarios(RECOGNITION)
    assert count("register_item", 0)
    assert count("delete_registered_image", 0)
    assert count("commit_registered_item", 0)
    # The emulator accepts only the `sid` of its own recognitions.
    assert count("result_feedback", 0)


@pytest.mark.slow
def test_scenarios_add_list_and_delete_templates() -> None:
    count = run_scenarios(TEMPLATES, "v2")
    assert count("add_item_template", 0)
    assert count("get_item_template_list", 0)
    # Only the number of a template that was added deletes one.
    assert count("delete_item_template", 0)
    assert count("delete_item", 0)


@pytest.mark.slow
def test_scenarios_restore_downloaded_backups() -> None:
    generating, restoring, verifying, completed = 1, 2, 3, 4
    count = run_scenarios(BACKUP)
    assert count("get_backup_status", 0, generating)
    assert count("start_backup", -6204)
    # A generated file is not a valid backup (-6140), so these files were downloaded.
    assert count("start_restore", 0)
    assert count("restore", 0)
    assert count("get_restore_status", 0, restoring) + count("get_restore_status", 0, verifying)
    assert count("get_restore_status", 0, completed)


def camera_lost(api: Api) -> EmulatorApp:
    target = EmulatorApp(api=api)
    target.emulator.camera_lost = True
    return target


def templates_disabled() -> EmulatorApp:
    target = EmulatorApp(api="v2")
    target.emulator.learn_mode = 0
    return target


def full_product() -> EmulatorApp:
    """A device of V2 whose product 001, that of the examples, has as many templates as possible."""
    target = EmulatorApp(api="v2")
    for _ in range(30):
        target.emulator.device.add_item_template("001")
    return target


STATES: dict[str, tuple[Api, Callable[[], EmulatorApp], int]] = {
    "V1 without its camera": ("v1", lambda: camera_lost("v1"), -6103),
    "V1 without a store": ("v1", lambda: EmulatorApp(activated=False, require_activation=True), -6128),
    "V1 without free storage": ("v1", lambda: EmulatorApp(storage_bytes=1), -6203),
    "V2 without its camera": ("v2", lambda: camera_lost("v2"), -6103),
    "V2 with disabled templates": ("v2", templates_disabled, -6217),
    "V2 with a full product": ("v2", full_product, -6203),
}


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_a_device_with_a_problem_sends_documented_responses(state: str) -> None:
    api, make, code = STATES[state]
    operations = frozenset(contract.load(api).operations)
    plan = Plan(api=api, operations=operations, cases=1, scenarios=1, phases=("examples", "coverage"))
    report = session.run(plan, make())
    assert report.passed, describe(report)
    assert code in {each for _, _, each, _ in report.responses}


def requests_of(seed: int) -> list[tuple[str, str, bytes]]:
    plan = Plan(operations=RECOGNITION, cases=2, scenarios=1, seed=seed, phases=("fuzzing", "stateful"))
    return session.run(plan, EmulatorApp()).requests


def test_the_same_seed_generates_the_same_requests() -> None:
    first = requests_of(seed=5)
    assert requests_of(seed=5) == first
    assert requests_of(seed=6) != first


# The fuzzer itself. A defect changes a response of the emulator; the same run without it passes.

Change = Callable[[dict[str, Any]], dict[str, Any]]


def altering(operation: str, change: Callable[[Response], Response]) -> Callable[[str, Response], Response]:
    def alter(path: str, response: Response) -> Response:
        return change(response) if path == f"/api/{operation}" else response

    return alter


def envelope(data: Any = None, code: int = 0) -> Response:
    return LENIENT.encode(wrap_in_envelope(data, code))


def plain_json(value: dict[str, Any]) -> Response:
    return LENIENT.encode(JsonResult(value))


def with_data(**fields: Any) -> Callable[[Response], Response]:
    def change(response: Response) -> Response:
        content = json.loads(response.body)
        data = {**content["data"], **fields}
        return envelope({name: value for name, value in data.items() if value is not MISSING})

    return change


MISSING = object()

DEFECTS: dict[str, tuple[str, Callable[[Response], Response], str]] = {
    "an undocumented code": ("get_calib", lambda response: envelope(code=-6131), "code_is_documented"),
    "unknown command": ("start_restore", lambda response: envelope(code=-6117), "code_is_documented"),
    "success without data": ("get_calib", lambda response: envelope(), "data_matches_code"),
    "success without the list": (
        "get_item_list",
        lambda response: plain_json({"code": 0}),
        "data_matches_code",
    ),
    "an error with data": (
        "get_calib",
        lambda response: plain_json({"code": -6210, "data": {"left": 1}}),
        "data_matches_code",
    ),
    "a picture that is not a JPEG": (
        "get_image",
        lambda response: make_response(b"\x89PNG\r\n\x1a\n" + response.body, "image/jpeg"),
        "bytes_match_content_type",
    ),
    "a truncated picture": (
        "get_image",
        lambda response: make_response(response.body[:-2], "image/jpeg"),
        "bytes_match_content_type",
    ),
    "success instead of a picture": ("get_image", lambda response: envelope(), "bytes_match_content_type"),
    "a field of the wrong type": ("get_calib", with_data(left="444"), "response_schema_conformance"),
    "a missing required field": ("get_calib", with_data(width=MISSING), "response_schema_conformance"),
    "an HTTP 500": (
        "get_calib",
        lambda response: Response(500, response.headers, response.body),
        "no_server_error",
    ),
    "a traceback": (
        "get_calib",
        lambda response: plain_json({"code": -6210, "msg": "Traceback (most recent call last):"}),
        "no_server_error",
    ),
    "an accepted invalid request": (
        "set_learnmode",
        lambda response: envelope(),
        "invalid_requests_are_rejected",
    ),
    "a rejected valid request": (
        "set_learnmode",
        lambda response: envelope(code=-6213),
        "valid_requests_are_accepted",
    ),
}


DEFECTS_OF_V2: dict[str, tuple[str, Callable[[Response], Response], str]] = {
    "a code of V1": ("POST set_calib", lambda response: envelope(code=-6128), "code_is_documented"),
    "the method of V1": ("GET get_result", lambda response: envelope(code=-6117), "code_is_documented"),
    "a code of other operations": (
        "GET get_item_list",
        lambda response: envelope(code=-6217),
        "code_is_documented",
    ),
    "a field of the wrong type": (
        "GET get_device_info",
        with_data(item_count="3"),
        "response_schema_conformance",
    ),
    "a speed that is not listed": (
        "GET get_device_info",
        with_data(predict_speed="slow"),
        "response_schema_conformance",
    ),
    "a missing required field": (
        "GET get_result",
        with_data(items=MISSING),
        "response_schema_conformance",
    ),
    "a product of V1": (
        "GET get_item_list",
        lambda response: envelope([{"id": "001", "name": "Apple"}]),
        "response_schema_conformance",
    ),
    "a maximum that is no number": (
        "POST get_item_template_list",
        lambda response: plain_json({"code": 0, "data": [], "max": "30"}),
        "response_schema_conformance",
    ),
    "success without data": ("GET get_device_info", lambda response: envelope(), "data_matches_code"),
    "an error with data": (
        "POST add_item_template",
        lambda response: plain_json({"code": -6210, "data": {"sid": "1"}}),
        "data_matches_code",
    ),
    "a truncated picture": (
        "GET get_image",
        lambda response: make_response(response.body[:-2], "image/jpeg"),
        "bytes_match_content_type",
    ),
    "success instead of a picture": (
        "GET get_image",
        lambda response: envelope(),
        "bytes_match_content_type",
    ),
    "an HTTP 500": (
        "GET get_device_info",
        lambda response: Response(500, response.headers, response.body),
        "no_server_error",
    ),
    "an accepted invalid request": (
        "POST set_time",
        lambda response: envelope(),
        "invalid_requests_are_rejected",
    ),
    "a rejected valid request": (
        "POST set_predict_speed",
        lambda response: envelope(code=-6213),
        "valid_requests_are_accepted",
    ),
}


def find_defect(
    api: Api, method: str, operation: str, change: Callable[[Response], Response], check: str
) -> None:
    label = f"{method} /api/{operation}"
    plan = Plan(api=api, operations=frozenset({label}), cases=5, scenarios=1, phases=("coverage", "fuzzing"))
    assert session.run(plan, EmulatorApp(api=api)).passed

    report = session.run(plan, EmulatorApp(altering(operation, change), api=api))
    assert not report.passed
    assert (check, label) in report.findings


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_fuzzer_finds(defect: str) -> None:
    operation, change, check = DEFECTS[defect]
    find_defect("v1", "POST", operation, change, check)


@pytest.mark.parametrize(
    "defect",
    [
        pytest.param(defect, marks=pytest.mark.slow if call.startswith("POST") else ())
        for defect, (call, *_) in DEFECTS_OF_V2.items()
    ],
)
def test_the_fuzzer_finds_in_v2(defect: str) -> None:
    call, change, check = DEFECTS_OF_V2[defect]
    method, operation = call.split()
    find_defect("v2", method, operation, change, check)


def test_a_case_without_a_response_fails_the_run() -> None:
    def disconnect(path: str, response: Response) -> Response:
        raise ConnectionResetError("disconnected")

    plan = Plan(operations=frozenset({GET_CALIB}), cases=1, scenarios=1, phases=("coverage",))
    assert not session.run(plan, EmulatorApp(disconnect)).passed


def test_a_run_without_cases_fails() -> None:
    assert not Report().passed


# Rules that JSON Schema cannot express


@pytest.mark.parametrize(
    ("document", "path", "body", "violation"),
    [
        (V1, "set_calib", {"left": 1000, "top": 0, "width": 280, "height": 720}, False),
        (V1, "set_calib", {"left": 1000, "top": 0, "width": 281, "height": 720}, True),
        (V1, "commit_registered_item", {"id": "1", "item_id": "1"}, False),
        (V1, "commit_registered_item", {"id": "1", "item_id": "2"}, True),
        (V1, "commit_registered_item", {"id": 1, "item_id": "2"}, False),
        (V1, "get_calib", None, False),
        (V2, "set_calib", {"left": 1000, "top": 0, "width": 280, "height": 720}, False),
        (V2, "set_calib", {"left": 1000, "top": 0, "width": 281, "height": 720}, True),
        (V2, "delete_item", {"id": "1", "item_id": "2"}, False),
        (V2, "clear_all_template", None, False),
    ],
)
def test_rules_beyond_the_schema(
    document: contract.Contract, path: str, body: object, violation: bool
) -> None:
    operation = document.operations[f"POST /api/{path}"]
    assert bodies.violates_rules(operation, body) is violation


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"item_id": "1"}, True),
        ({"item_id": 1}, False),
        ({"id": "1", "item_id": "2"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_deprecated_alias_replaces_the_name(body: object, valid: bool) -> None:
    operation = V1.operations["POST /api/commit_registered_item"]
    assert bodies.is_valid_with_aliases(operation, body) is valid


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, 200), (-6200, 422), (-6213, 422), (-6210, 500), (-6209, 500), (-6599, 500), (-6103, 409)],
)
@pytest.mark.parametrize("api", FILES)
def test_the_http_status_of_a_code(api: Api, code: int, status: int) -> None:
    assert contract.load(api).status_of(code) == status


def test_disabled_templates_are_no_invalid_request() -> None:
    assert V2.status_of(-6217) == 409


def test_an_operation_belongs_to_its_version() -> None:
    assert contract.find(V2.copy_document()) is V2
    label = "POST /api/set_calib"
    assert V1.operations[label].contract is V1
    assert V2.operations[label].contract is V2


# The program


@pytest.mark.slow
def test_the_program_fuzzes_the_emulator_over_a_socket(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["--cases", "10", "--report-dir", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert output.count("passed\n") == 2
    for api in FILES:
        folder = tmp_path / api
        assert str(folder / "junit.xml") in output
        assert (folder / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")
        assert json.loads((folder / "requests.har").read_text(encoding="utf-8"))["log"]["entries"]


@pytest.mark.parametrize(("arguments", "expected"), [([], ["v1", "v2"]), (["--api", "v2"], ["v2"])])
def test_the_program_fuzzes_both_versions_or_one(
    arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plans: list[Plan] = []

    def run(plan: Plan, *_: object, **__: object) -> Report:
        plans.append(plan)
        return Report()

    monkeypatch.setattr(program, "run", run)
    assert program.main([*arguments, "--report-dir", str(tmp_path)]) == 1
    assert [plan.api for plan in plans] == expected
    assert [plan.operations for plan in plans] == [
        frozenset(contract.load(plan.api).operations) for plan in plans
    ]


def called_operations(emulator: Emulator) -> set[str]:
    return {
        "GET /download/{filename}" if path.startswith("/download/") else f"{method} {path}"
        for method, path in emulator.requests
    }


@pytest.fixture
def fast_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.RATE == "5/s"
    monkeypatch.setattr(program, "RATE", "1000/s")


@pytest.mark.usefixtures("fast_rate")
@pytest.mark.parametrize(
    ("api", "effects"),
    [
        ("v1", "read"),
        ("v1", "set"),
        pytest.param("v1", "act", marks=pytest.mark.slow),
        pytest.param("v1", "destructive", marks=pytest.mark.slow),
        ("v2", "read"),
        pytest.param("v2", "set", marks=pytest.mark.slow),
        pytest.param("v2", "act", marks=pytest.mark.slow),
        pytest.param("v2", "destructive", marks=pytest.mark.slow),
    ],
)
def test_only_allowed_operations_of_a_module_are_called(
    api: Api, effects: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator(api=api, backup_seconds=0, restore_seconds=0)
    allowed = program.EFFECTS[: program.EFFECTS.index(effects) + 1]
    with serve(emulator) as url:
        status = program.main(
            ["--url", url, "--api", api, "--effects", effects, "--cases", "30", "--report-dir", str(tmp_path)]
        )
    assert status == 0, capsys.readouterr().out
    assert called_operations(emulator) == {
        each.label
        for each in contract.load(api).operations.values()
        if each.effect in allowed and not each.deprecated and each.label not in program.NEVER_ON_A_MODULE
    }


@pytest.mark.usefixtures("fast_rate")
def test_a_module_is_asked_for_its_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    emulator = Emulator(api="v2")
    with serve(emulator) as url:
        status = program.main(["--url", url, "--cases", "1", "--report-dir", str(tmp_path)])
    assert status == 0, capsys.readouterr().out
    assert emulator.requests[0] == ("POST", "/api/get_device_info")
    reads = {label for label, each in V2.operations.items() if each.effect == "read"}
    assert called_operations(emulator) == reads | {"POST /api/get_device_info"}


@pytest.mark.usefixtures("fast_rate")
def test_the_program_reports_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    emulator = Emulator()
    emulator.fail_next(-6131, "get_calib", times=1000)
    with serve(emulator) as url:
        assert program.main(["--url", url, "--cases", "10", "--report-dir", str(tmp_path)]) == 1
    output = capsys.readouterr().out
    assert f"FAILED code_is_documented, {GET_CALIB}" in output
    assert output.endswith("failed\n")
    assert "code_is_documented" in (tmp_path / "v1" / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("api", FILES)
def test_a_module_gets_only_valid_requests(api: Api) -> None:
    plan = program.plan_for_module(api, "destructive", 100, seed=1)
    assert plan.positive_only
    assert plan.rate == "5/s"
    assert not any(contract.load(api).operations[each].deprecated for each in plan.operations)


@pytest.mark.parametrize("effects", ["read", "set", "act"])
def test_a_module_of_v2_keeps_its_products(effects: str) -> None:
    plan = program.plan_for_module("v2", effects, 100, seed=1)
    assert plan.operations.isdisjoint({"POST /api/delete_item", "POST /api/clear_all_template"})
