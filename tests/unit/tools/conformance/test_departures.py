"""Answers that are not as the contract has them, one departure at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import Changed, examined, make, otherwise

from vision_ai_emulator import Emulator
from vision_ai_tools.conformance import Report

Answer = dict[str, Any]


AROUND = "a byte order mark or zero bytes around the JSON"
NO_UTF_8 = "bytes that are no UTF-8 (charset: unknown)"


def seen_with(
    lasting: Emulator, folder: Path, path: str, change: Callable[[Answer], None], effects: str = "read"
) -> Report:
    """The report on an emulator that answers one path otherwise."""

    def changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != f"/api/{path}":
            return response
        answer = response.json()
        change(answer)
        return httpx.Response(200, json=answer)

    return examined(Changed(lasting, changed), folder, effects)


def put(*keys: str, value: Any) -> Callable[[Answer], None]:
    """Set the value at a path of keys."""

    def change(answer: Answer) -> None:
        for key in keys[:-1]:
            answer = answer[key]
        answer[keys[-1]] = value

    return change


CASES: dict[str, tuple[str, Callable[[Answer], Any], str, str, str | None]] = {
    # name: path, change, kind, where, reading
    "new field": ("get_calib", put("data", "angle", value=90), "unknown_field", "data.angle", None),
    "new field outside": ("get_calib", put("trace", value=1), "unknown_field", "trace", None),
    "no field": ("get_device_info", lambda each: each["data"].pop("sdk"), "missing_field", "data.sdk", None),
    "wrong type": ("get_device_info", put("data", "sn", value=12), "wrong_type", "data.sn", None),
    "new value": (
        "get_device_info",
        put("data", "syncMode", value="peer"),
        "unknown_value",
        "data.syncMode",
        None,
    ),
    "out of range": ("get_calib", put("data", "left", value=-1), "out_of_range", "data.left", None),
    "in a list": (
        "get_result",
        put("data", "items", value=[{"id": "1", "score": 0.5, "rank": 1}]),
        "unknown_field",
        "data.items[*].rank",
        None,
    ),
    "unknown code": ("get_item_list", put("code", value=-7000), "unknown_code", "code", None),
    "code as a number": ("get_learnmode", put("code", value=0.5), "wrong_type", "code", "A2"),
    "code as a text": ("get_learnmode", put("code", value="0"), "wrong_type", "code", "A2"),
    "recognition as a text": ("get_result", put("data", value="{}"), "wrong_type", "data", "A8"),
    "name as an object": (
        "get_item_list",
        put("data", value=[{"id": "1", "name": {"zh": "苹果"}}]),
        "wrong_type",
        "data[*].name",
        "A9",
    ),
    "list as a text": ("get_item_list", put("data", value="[]"), "wrong_type", "data", "A7"),
    "status in an envelope": (
        "get_backup_status",
        lambda each: each.update(data={"status": each.pop("status")}),
        "missing_field",
        "status",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_departure_is_told(lasting: Emulator, tmp_path: Path, case: str) -> None:
    path, change, kind, where, reading = CASES[case]
    report = seen_with(lasting, tmp_path, path, change)
    found = [(each.operation, each.kind, each.where, each.reading) for each in report.departures]
    assert (path, kind, where, reading) in found
    assert {each.operation for each in report.departures} == {path}
    assert report.complete and not report.conforms
    first = next(each for each in report.departures if each.kind == kind)
    assert report.exchanges[first.exchange - 1].operation == path
    if reading:
        assert otherwise(report) == {reading}


def test_an_error_code_of_the_catalogue_is_no_departure(lasting: Emulator, tmp_path: Path) -> None:
    def refused(answer: Answer) -> None:
        answer.update(code=-6128, data=None)

    assert seen_with(lasting, tmp_path, "get_item_list", refused).departures == ()


def test_a_field_that_comes_three_times_is_told_once(lasting: Emulator, tmp_path: Path) -> None:
    report = seen_with(lasting, tmp_path, "get_calib", put("data", "angle", value=90))
    assert [(each.found, each.count) for each in report.departures] == [("90", 3)]


@pytest.mark.parametrize("status", [201, 404, 500])
def test_a_status_that_is_not_documented(lasting: Emulator, tmp_path: Path, status: int) -> None:
    def changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return (
            httpx.Response(status, json=response.json()) if request.url.path == "/api/get_calib" else response
        )

    report = examined(Changed(lasting, changed), tmp_path)
    told = {(each.operation, each.kind, each.found) for each in report.departures}
    assert ("get_calib", "http_status", str(status)) in told
    assert report.operations[4].statuses == {str(status): 3}


def test_what_the_sdk_cannot_use_is_told_in_its_words(lasting: Emulator, tmp_path: Path) -> None:
    report = seen_with(lasting, tmp_path, "get_calib", put("data", value="none"))
    [told] = [each for each in report.departures if each.kind == "not_understood"]
    assert told.operation == "get_calib" and "not in the protocol" in told.found


@pytest.mark.parametrize(
    ("content", "content_type", "verdict"),
    [
        (b"\xff\xd8\xff\xe0 a picture \xff\xd9", "application/octet-stream", "otherwise"),
        (b"GIF89a", "image/jpeg", "otherwise"),
        (b'{"code":-6103,"data":null}', "application/json", "as_read"),
    ],
)
def test_pictures(lasting: Emulator, tmp_path: Path, content: bytes, content_type: str, verdict: str) -> None:
    def changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_image":
            return response
        return httpx.Response(200, content=content, headers={"Content-Type": content_type})

    report = examined(Changed(lasting, changed), tmp_path)
    assert report.reading("A10").verdict == verdict
    assert (report.departures == ()) == (verdict == "as_read")


def test_an_unknown_command_that_is_answered_with_success(lasting: Emulator, tmp_path: Path) -> None:
    def changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/no_such_command":
            return httpx.Response(200, json={"code": 0, "data": None})
        return response

    report = examined(Changed(lasting, changed), tmp_path)
    assert report.reading("A3").verdict == "otherwise"
    assert report.reading("A3").evidence[0].received == '{"code":0,"data":null}'


def test_names_together_that_are_refused(lasting: Emulator, tmp_path: Path) -> None:
    class Strict(Changed):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            body = request.read() if request.headers.get("Content-Type") == "application/json" else b"{}"
            if {"id", "item_id"} <= json.loads(body).keys():
                return httpx.Response(200, json={"code": -6213, "data": None})
            return super().handle_request(request)

    report = examined(Strict(lasting, lambda _, response: response), tmp_path, "act")
    assert report.reading("A1").verdict == "otherwise" and report.reading("A1").copes == "with_profile"
    assert report.profile is not None and report.profile.field_names == "id"
    assert len(report.traces) == 1  # the backup only: the pictures are gone


@pytest.mark.parametrize(
    ("content", "found", "verdict"),
    [
        (b'\xef\xbb\xbf{"code":0,"data":{"mode":1}}', AROUND, "as_read"),
        (b'{"code":0,"data":{"mode":1}}\0', AROUND, "as_read"),
        (b'{"code":0,"data":{"mode":1},"note":"\xff\xfe"}', NO_UTF_8, "otherwise"),
    ],
)
def test_bytes_that_are_not_quite_json(
    lasting: Emulator, tmp_path: Path, content: bytes, found: str, verdict: str
) -> None:
    def changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_learnmode":
            return response
        return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})

    report = examined(Changed(lasting, changed), tmp_path)
    assert found in {each.found for each in report.departures}
    assert not any(each.kind == "not_understood" for each in report.departures)
    assert report.reading("A15").verdict == verdict


def test_a_module_whose_answers_are_all_ascii_leaves_its_charset_to_the_next_level(
    lasting: Emulator, tmp_path: Path
) -> None:
    def english(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path not in ("/api/get_backup_status", "/api/get_restore_status"):
            return response
        return httpx.Response(200, json={**response.json(), "msg": "idle"})

    told = examined(Changed(lasting, english), tmp_path).reading("A15")
    assert (told.verdict, told.tried_by) == ("not_tried", "--effects act")
    assert examined(Changed(lasting, english), tmp_path, "act").reading("A15").verdict == "as_read"


def test_a_module_that_is_not_activated(tmp_path: Path) -> None:
    emulator = make(activated=False, require_activation=True)
    report = examined(emulator, tmp_path, "destructive")
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
