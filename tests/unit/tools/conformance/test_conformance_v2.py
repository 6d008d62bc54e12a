"""A run on a module that speaks V2: its readings, what is unknown of it, and what the run leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, get_verdicts, list_otherwise
from jsonschema import Draft202012Validator

import vision_ai_tools.conformance
from vision_ai_emulator import Dialect, Emulator, Settings
from vision_ai_generated.api import OPERATIONS, find_form
from vision_ai_tools.conformance import EFFECTS
from vision_ai_tools.conformance.contract import find_departures, load_contract
from vision_ai_tools.conformance.operations import list_operations
from vision_ai_tools.conformance.unknown_fields import format_example, redact_fields, redact_json_text

PACKAGE = Path(vision_ai_tools.conformance.__file__).parent
SCHEMA = Draft202012Validator(json.loads((PACKAGE / "report.schema.json").read_text(encoding="utf-8")))
SETTINGS = Settings(api="v2")
BY_NAME = {"data.sn", "data.soldOutLimit", "data.sync", "data.syncMode", "data.sync_limit", "data.upload"}


@pytest.fixture(scope="module")
def v2_emulator() -> Emulator:
    return Emulator(settings=SETTINGS)


@pytest.fixture
def v2(v2_emulator: Emulator) -> Emulator:
    v2_emulator.reset(settings=SETTINGS, dialect=Dialect())
    return v2_emulator


def add_fields(path: str, **fields: Any) -> Any:
    """Return a function that adds fields to the data of one response."""

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != f"/api/{path}" or response.headers["content-type"] != "application/json":
            return response
        answer = response.json()
        answer["data"] = {**(answer["data"] or {}), **fields}
        return httpx.Response(200, json=answer)

    return change


@pytest.mark.parametrize("effects", EFFECTS)
def test_the_levels(v2: Emulator, tmp_path: Path, effects: str) -> None:
    report = check(v2, tmp_path, effects)
    SCHEMA.validate(json.loads(report.to_json()))
    assert report.complete and report.conforms and report.api == "v2"
    decided = {"A2", "A6", "A8", "A10", "A16", "B1", "B2"}
    decided |= {"B3", "B4", "B5"} if effects in ("act", "destructive") else set()
    assert {id for id, verdict in get_verdicts(report).items() if verdict == "as_read"} == decided
    assert {each.operation for each in report.operations} == list_operations("v2").keys()
    assert {each.where for each in report.unknown_fields} == BY_NAME
    assert {each.known for each in report.unknown_fields} == {"name"}
    assert report.profile is not None and report.profile.api == "v2" and report.profile.note is None
    assert v2.device.get_template_counts() == {}
    assert not any(each.startswith("Templates") for each in report.traces)
    assert {"clear_all_template", "set_sync_master"}.isdisjoint(v2.acted)
    assert ("delete_item" in v2.acted) == (effects == "destructive")


SWITCHES: dict[tuple[str, Any], tuple[str, str, str]] = {
    # switch and position: the reading, its verdict, and what was found
    ("other_method", "answer"): ("B1", "as_read", "POST /api/get_device_info is a right answer"),
    ("other_method", "code"): ("B1", "as_read", "code -6117"),
    ("other_method", "http_404"): ("B1", "as_read", "HTTP 404"),
    ("other_method", "http_405"): ("B1", "as_read", "HTTP 405"),
    ("result_sid", True): ("B2", "as_read", "has a sid"),
    ("center_entry", False): ("B3", "as_read", "has no entry center"),
    ("sid_for_id", True): ("B4", "otherwise", "have no id"),
    ("template_max", "inside_data"): ("B5", "otherwise", "inside data"),
}


@pytest.mark.parametrize(("switch", "value"), SWITCHES)
def test_a_switch_is_found(v2: Emulator, tmp_path: Path, switch: str, value: Any) -> None:
    v2.dialect = Dialect(**{switch: value})
    report = check(v2, tmp_path, "act")
    id, verdict, found = SWITCHES[switch, value]
    reading = report.reading(id)
    assert (reading.verdict, found in reading.found) == (verdict, True), reading.found
    assert list_otherwise(report) == ({id} if verdict == "otherwise" else set())
    assert report.api == "v2" and v2.device.get_template_counts() == {}
    assert all(each.reading == id for each in report.departures)
    if verdict == "otherwise":
        assert reading.copes == "by_itself"


def test_a_v1_module_is_asked_by_the_method_of_v2(emulator: Emulator, tmp_path: Path) -> None:
    report = check(emulator, tmp_path)
    assert report.api == "v1" and report.reading("B1").found.startswith("The response to GET /api/get_device")
    assert report.profile is not None and report.profile.api == "v1"


@pytest.mark.parametrize("shows_v2", [True, False])
def test_device_information_that_contradicts_the_method(
    v2: Emulator, emulator: Emulator, tmp_path: Path, shows_v2: bool
) -> None:
    def remove(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_device_info" or not response.json()["data"]:
            return response
        answer = response.json()
        answer["data"] = {
            name: value for name, value in answer["data"].items() if name not in ("app", "board")
        }
        return httpx.Response(200, json=answer)

    if shows_v2:  # a module asked by POST that names its board speaks V2: that is no contradiction
        report = check(ChangedTransport(emulator, add_fields("get_device_info", board="1109")), tmp_path)
        assert report.api == "v2"
    else:
        report = check(ChangedTransport(v2, remove), tmp_path)
        assert report.reading("B1").verdict == "otherwise"


def test_unknown_fields_are_reported_with_their_form_only(v2: Emulator, tmp_path: Path) -> None:
    fields = {"wifi": {"ssid": "Shop 42", "level": -63}, "owners": ["Ann", "Bob"], "ok": True, "none": None}
    transport = ChangedTransport(v2, add_fields("get_device_info", **fields))
    report = check(transport, tmp_path)
    found = {each.where: (each.types, each.example, each.known) for each in report.unknown_fields}
    assert {name: value for name, value in found.items() if name not in BY_NAME} == {
        "data.wifi.ssid": (("string",), '"Aaaa 00"', "no"),
        "data.wifi.level": (("integer",), "-00", "no"),
        "data.owners[*]": (("string",), '"Aaa"', "no"),
        "data.ok": (("boolean",), "true", "no"),
        "data.none": (("null",), "null", "no"),
    }
    page = report.to_markdown()
    assert "## Unknown to the contract" in page and '| `"Aaaa 00"` | no |' in page
    for text in (page, report.to_json()):
        assert not any(secret in text for secret in ("Shop 42", "Ann", "Bob", "-63", "12345678"))
    kept = check(transport, tmp_path, redact=False)
    assert '"Shop 42"' in {each.example for each in kept.unknown_fields}


def test_operations_of_v1_that_v2_still_has_are_reported(v2: Emulator, tmp_path: Path) -> None:
    def answer(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if (request.method, request.url.path) != ("GET", "/api/get_calib"):
            return response
        return httpx.Response(200, json={"code": 0, "data": {"left": 12, "top": 3}})

    report = check(ChangedTransport(v2, answer), tmp_path)
    found = {
        each.where: each.example for each in report.unknown_fields if each.request == "GET /api/get_calib"
    }
    assert found == {"data.left": "00", "data.top": "3"}


def test_what_is_not_possible_is_said(v2: Emulator, tmp_path: Path) -> None:
    v2.learn_mode = 0
    report = check(v2, tmp_path, "destructive", also=["reboot", "reset_device"])
    assert report.complete and not report.otherwise
    left_out = " ".join(report.left_out)
    for name in (
        "set_calib",
        "delete_item_template: no template could be added (code -6217)",
        "start_restore",
    ):
        assert name in left_out
    assert "reboot: its form" in left_out and "reset_device: its form" in left_out


def test_templates_that_stay_are_reported(v2: Emulator, tmp_path: Path) -> None:
    v2.fail_next(-6203, "delete_item_template", times=2)
    report = check(v2, tmp_path, "act")
    assert "Templates of the product 99999 may still be on the module. Delete them." in report.traces


def test_the_version_can_be_given(v2: Emulator, tmp_path: Path) -> None:
    assert check(v2, tmp_path, api="v2").exchanges[0].method == "GET"


@pytest.mark.parametrize("name", list_operations("v2"))
def test_examples_of_the_contract_are_no_departures(name: str) -> None:
    operation = find_form(OPERATIONS[name], "v2")
    assert operation is not None
    answer = load_contract("v2")["paths"][operation.path][operation.method.lower()]["responses"]["200"]
    for example in answer["content"]["application/json"].get("examples", {}).values():
        assert find_departures("v2", name, example["value"]) == []


@pytest.mark.parametrize(
    ("value", "example"),
    [
        ("苹果 A-1", '"aa A-0"'),
        ("", '""'),
        (7, "7"),
        (7443, "0000"),
        (0.25, "0.25"),
        (12.5, "00.0"),
        ({"box": [123]}, '{"box": ["000"]}'),
        ([], "[]"),
    ],
)
def test_an_example_shows_the_form_of_a_value(value: Any, example: str) -> None:
    assert format_example(value, redact=True) == example
    assert json.loads(format_example(value, redact=False)) == value


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ('{"a": "Ann", "b": "Bob"}', '{"a": "Aaa", "b": "Bob"}'),
        ('{"a" : -12.5, "b": 12}', '{"a" : -00.0, "b": 12}'),
        ('{"a": ["Ann", 42], "b": 1', '{"a": ["Aaa", 00], "b": 1'),
        ('{"a": "A\\"n', '{"a": "A\\"n'),  # cut off: it has no value
    ],
)
def test_fields_are_redacted_in_any_text(text: str, redacted: str) -> None:
    assert redact_fields(text, ["a"]) == redacted


def test_a_text_that_is_cut_off_is_redacted() -> None:
    assert redact_json_text('{"name": "Ann", "list": [12, "Bob Dy…') == '{"name": "Aaa", "list": [00, "…"'
