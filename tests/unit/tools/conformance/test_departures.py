"""Responses that differ from the contract, one departure at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, list_otherwise, make_emulator

from vision_ai_emulator import Emulator
from vision_ai_tools.conformance import Report

ResponseJson = dict[str, Any]

AROUND = "a byte order mark or zero bytes around the JSON"
NOT_UTF_8 = "bytes that are not UTF-8 (charset: unknown)"


def check_with_changed_json(
    emulator: Emulator,
    folder: Path,
    path: str,
    change: Callable[[ResponseJson], None],
    effects: str = "read",
) -> Report:
    """Check an emulator whose JSON a function changes for one path."""

    def change_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if (request.method, request.url.path) != ("POST", f"/api/{path}"):
            return response
        answer = response.json()
        change(answer)
        return httpx.Response(200, json=answer)

    return check(ChangedTransport(emulator, change_response), folder, effects)


def set_value(*keys: str, value: Any) -> Callable[[ResponseJson], None]:
    """Return a function that sets the value at a path of keys."""

    def change(answer: ResponseJson) -> None:
        for key in keys[:-1]:
            answer = answer[key]
        answer[keys[-1]] = value

    return change


CASES: dict[str, tuple[str, Callable[[ResponseJson], Any], str, str, str | None]] = {
    # name: path, change, kind, where, reading
    "new field": ("get_calib", set_value("data", "angle", value=90), "unknown_field", "data.angle", None),
    "new field outside": ("get_calib", set_value("trace", value=1), "unknown_field", "trace", None),
    "no field": ("get_device_info", lambda each: each["data"].pop("sdk"), "missing_field", "data.sdk", None),
    "wrong type": ("get_device_info", set_value("data", "sn", value=12), "wrong_type", "data.sn", None),
    "new value": (
        "get_device_info",
        set_value("data", "syncMode", value="peer"),
        "unknown_value",
        "data.syncMode",
        None,
    ),
    "mode in capitals": (
        "get_device_info",
        set_value("data", "syncMode", value="Normal"),
        "unknown_value",
        "data.syncMode",
        "A20",
    ),
    "mode with another name": (
        "get_device_info",
        lambda each: each["data"].update(sync_mode=each["data"].pop("syncMode")),
        "unknown_field",
        "data.sync_mode",
        "A20",
    ),
    "master as a number": (
        "get_device_info",
        set_value("data", "masterSN", value=7),
        "wrong_type",
        "data.masterSN",
        "A19",
    ),
    "in a list": (
        "get_result",
        set_value("data", "items", value=[{"id": "1", "score": 0.5, "rank": 1}]),
        "unknown_field",
        "data.items[*].rank",
        None,
    ),
    "unknown code": ("get_item_list", set_value("code", value=-7000), "unknown_code", "code", None),
    "code as a number": ("get_learnmode", set_value("code", value=0.5), "wrong_type", "code", "A2"),
    "number as a text": ("get_calib", set_value("data", "left", value="1"), "wrong_type", "data.left", None),
    "null": ("get_result", set_value("data", "items", value=None), "wrong_type", "data.items", "A21"),
    "code as a text": ("get_learnmode", set_value("code", value="0"), "wrong_type", "code", "A2"),
    "recognition as a text": ("get_result", set_value("data", value="{}"), "wrong_type", "data", "A8"),
    "name as an object": (
        "get_item_list",
        set_value("data", value=[{"id": "1", "name": {"zh": "苹果"}}]),
        "wrong_type",
        "data[*].name",
        "A9",
    ),
    "list as a text": ("get_item_list", set_value("data", value="[]"), "wrong_type", "data", "A7"),
    "status in an envelope": (
        "get_backup_status",
        lambda each: each.update(data={"status": each.pop("status")}),
        "unknown_field",
        "data",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_departure_is_reported(emulator: Emulator, tmp_path: Path, case: str) -> None:
    path, change, kind, where, reading = CASES[case]
    report = check_with_changed_json(emulator, tmp_path, path, change)
    found = [(each.operation, each.kind, each.where, each.reading) for each in report.departures]
    assert (path, kind, where, reading) in found
    assert {each.operation for each in report.departures} == {path}
    assert report.complete and not report.conforms
    first = next(each for each in report.departures if each.kind == kind)
    assert report.exchanges[first.exchange - 1].operation == path
    if reading:
        assert list_otherwise(report) == {reading}


@pytest.mark.parametrize(
    ("path", "keys", "value"),
    [
        ("get_calib", ("data", "left"), 1280),
        ("get_calib", ("data", "top"), -1),
        ("get_result", ("data", "items"), [{"id": "1", "score": 1.0000000000000002}]),
        ("get_result", ("data", "items"), [{"id": "1", "score": 0.0}] * 11),
        ("get_device_info", ("data", "masterIP"), None),
        ("get_device_info", ("data", "clientName"), None),
        ("get_calib", ("data",), None),
    ],
)
def test_what_nobody_excludes_is_no_departure(
    emulator: Emulator, tmp_path: Path, path: str, keys: tuple[str, ...], value: Any
) -> None:
    assert not check_with_changed_json(emulator, tmp_path, path, set_value(*keys, value=value)).departures


def test_a_listed_error_code_is_no_departure(emulator: Emulator, tmp_path: Path) -> None:
    def refuse(answer: ResponseJson) -> None:
        answer.update(code=-6128, data=None)

    assert check_with_changed_json(emulator, tmp_path, "get_item_list", refuse).departures == ()


def test_the_same_departure_is_reported_once(emulator: Emulator, tmp_path: Path) -> None:
    report = check_with_changed_json(emulator, tmp_path, "get_calib", set_value("data", "angle", value=90))
    assert [(each.found, each.count) for each in report.departures] == [("00", 3)]


@pytest.mark.parametrize("status", [201, 404, 500])
def test_an_undocumented_http_status(emulator: Emulator, tmp_path: Path, status: int) -> None:
    def change_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return (
            httpx.Response(status, json=response.json()) if request.url.path == "/api/get_calib" else response
        )

    report = check(ChangedTransport(emulator, change_response), tmp_path)
    result = {(each.operation, each.kind, each.found) for each in report.departures}
    assert ("get_calib", "http_status", str(status)) in result
    assert report.operations[4].statuses == {str(status): 3}


def test_a_response_that_the_sdk_cannot_use_has_its_error_message(emulator: Emulator, tmp_path: Path) -> None:
    report = check_with_changed_json(emulator, tmp_path, "get_calib", set_value("data", value="none"))
    [result] = [each for each in report.departures if each.kind == "not_understood"]
    assert result.operation == "get_calib" and "not in the protocol" in result.found


@pytest.mark.parametrize(
    ("content", "content_type", "verdict"),
    [
        (b"\xff\xd8\xff\xe0 a picture \xff\xd9", "application/octet-stream", "otherwise"),
        (b"GIF89a", "image/jpeg", "otherwise"),
        (b'{"code":-6103,"data":null}', "application/json", "as_read"),
    ],
)
def test_formats_of_the_picture(
    emulator: Emulator, tmp_path: Path, content: bytes, content_type: str, verdict: str
) -> None:
    def change_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_image":
            return response
        return httpx.Response(200, content=content, headers={"Content-Type": content_type})

    report = check(ChangedTransport(emulator, change_response), tmp_path)
    assert report.reading("A10").verdict == verdict
    assert (report.departures == ()) == (verdict == "as_read")


def test_an_unknown_command_with_code_0(emulator: Emulator, tmp_path: Path) -> None:
    def change_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/no_such_command":
            return httpx.Response(200, json={"code": 0, "data": None})
        return response

    report = check(ChangedTransport(emulator, change_response), tmp_path)
    assert report.reading("A3").verdict == "otherwise"
    assert report.reading("A3").evidence[0].received == '{"code":0,"data":null}'


def test_both_field_names_together_are_refused(emulator: Emulator, tmp_path: Path) -> None:
    class Strict(ChangedTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            body = request.read() if request.headers.get("Content-Type") == "application/json" else b"{}"
            if {"id", "item_id"} <= json.loads(body).keys():
                return httpx.Response(200, json={"code": -6213, "data": None})
            return super().handle_request(request)

    report = check(Strict(emulator, lambda _, response: response), tmp_path, "act")
    assert report.reading("A1").verdict == "otherwise" and report.reading("A1").copes == "with_profile"
    assert report.profile is not None and report.profile.field_names == "id"
    assert len(report.traces) == 1  # the backup only: the pictures are gone


@pytest.mark.parametrize(
    ("content", "found", "verdict"),
    [
        (b'\xef\xbb\xbf{"code":0,"data":{"mode":1}}', AROUND, "as_read"),
        (b'{"code":0,"data":{"mode":1}}\0', AROUND, "as_read"),
        (b'{"code":0,"data":{"mode":1},"note":"\xff\xfe"}', NOT_UTF_8, "otherwise"),
        (b'{"code":0,"data":{"mode":1},"note":"a\tb",}', "control characters in a string", "as_read"),
        (b'{"code":0,"data":{"mode":1},"note":[NaN,NaN]}', "NaN", "as_read"),
        (b'{"code":0,"data":{"mode":1},"note":"\\ud800"}', '"\\ud800"', "as_read"),
    ],
)
def test_bytes_around_and_in_json(
    emulator: Emulator, tmp_path: Path, content: bytes, found: str, verdict: str
) -> None:
    def change_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_learnmode":
            return response
        return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})

    report = check(ChangedTransport(emulator, change_response), tmp_path)
    assert found in {each.found for each in report.departures}
    assert not any(each.kind == "not_understood" for each in report.departures)
    assert report.reading("A15").verdict == verdict


def test_the_charset_needs_another_level_if_all_responses_are_ascii(
    emulator: Emulator, tmp_path: Path
) -> None:
    def english(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path not in ("/api/get_backup_status", "/api/get_restore_status"):
            return response
        return httpx.Response(200, json={**response.json(), "msg": "idle"})

    result = check(ChangedTransport(emulator, english), tmp_path).reading("A15")
    assert (result.verdict, result.tried_by) == ("not_tried", "--effects act")
    assert check(ChangedTransport(emulator, english), tmp_path, "act").reading("A15").verdict == "as_read"


def test_a_module_that_is_not_activated(tmp_path: Path) -> None:
    emulator = make_emulator(activated=False, require_activation=True)
    report = check(emulator, tmp_path, "destructive")
    assert report.complete and report.conforms
    assert {each.split(":")[0] for each in report.left_out} >= {"register_item", "start_restore"}
    assert report.reading("A8").verdict == report.reading("A1").verdict == "not_tried"
    assert emulator.acted.keys() <= {
        "get_device_info",
        "get_calib",
        "set_calib",
        "get_learnmode",
        "set_learnmode",
        "get_image",
        "get_backup_status",
        "get_restore_status",
    }
