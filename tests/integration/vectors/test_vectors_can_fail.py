"""Every test with vectors fails when something is wrong: shown on vectors that are broken on purpose."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vector_agreement import disagreements
from vector_answers import device_differences
from vector_callers import client_differences
from vector_coverage import GAPS, readings_not_shown
from vector_device import Device

from vectors import FOLDER, SCHEMA, findings, in_order, load, read, written

VECTORS = {vector["id"]: vector for vector in load()}
Vector = dict[str, Any]
Break = Callable[[Vector], object]


def request_of(vector: Vector) -> Vector:
    return vector["exchanges"][0]["request"]


def response_of(vector: Vector) -> Vector:
    return vector["exchanges"][0]["response"]


def in_text(message: Vector, old: str, new: str) -> None:
    """Another text in a body, of the same length."""
    assert old in message["body"] and len(old) == len(new)
    message["body"] = message["body"].replace(old, new)


def broken(id: str, change: Break) -> Vector:
    vector = copy.deepcopy(VECTORS[id])
    change(vector)
    assert vector != VECTORS[id]
    return vector


FOR_CLIENTS: dict[str, tuple[str, Break]] = {
    "another result": (
        "get_result/vendor-example",
        lambda vector: vector["expect"]["result"]["items"][0].update(score=0.54),
    ),
    "a result that is shorter": (
        "get_result/vendor-example",
        lambda vector: vector["expect"]["result"]["items"].pop(),
    ),
    "another answer": (
        "get_calib/vendor-values",
        lambda vector: in_text(response_of(vector), "444", "445"),
    ),
    "another path": (
        "get_result/one-guess",
        lambda vector: request_of(vector).update(target="/api/get_results"),
    ),
    "another method": ("get_result/one-guess", lambda vector: request_of(vector).update(method="GET")),
    "another header": (
        "get_result/one-guess",
        lambda vector: request_of(vector).update(headers={"Content-Length": "2"}),
    ),
    "another field of a body": (
        "set_calib/vendor-example",
        lambda vector: in_text(request_of(vector), "444", "445"),
    ),
    "a number that is a text": (
        "set_calib/vendor-example",
        lambda vector: request_of(vector).update(body=request_of(vector)["body"].replace("444", '"444"')),
    ),
    "another spelling of fields": (
        "register_item/both-names",
        lambda vector: vector.update(settings={"fieldNames": "id"}),
    ),
    "another name of the part": (
        "start_restore/part-named-file",
        lambda vector: in_text(request_of(vector), 'name="file";', 'name="fill";'),
    ),
    "no name of the part": (
        "start_restore/part-named-file",
        lambda vector: vector.update(settings={"partName": None}),
    ),
    "another content of the file": (
        "start_restore/part-named-file",
        lambda vector: in_text(request_of(vector), "learnt", "learnT"),
    ),
    "another code": (
        "get_result/camera-lost",
        lambda vector: vector["expect"]["error"].update(code=-6117),
    ),
    "another opinion on asking again": (
        "get_result/camera-lost",
        lambda vector: vector["expect"]["error"].update(retryable=False),
    ),
    "another kind of error": (
        "general/no-answer",
        lambda vector: vector["expect"].update(error={"kind": "input"}),
    ),
    "another status": (
        "general/http-500",
        lambda vector: vector["expect"]["error"].update(status=502),
    ),
    "other bytes": (
        "get_image/picture",
        lambda vector: vector["expect"]["bytes"].update(sha256="0" * 64),
    ),
    "an end that is none": (
        "get_restore_status/verifying",
        lambda vector: vector["expect"].update(over=True),
    ),
    "a request that should not be": (
        "get_result/lost-and-asked-again",
        lambda vector: vector["exchanges"].pop(),
    ),
    "a request that does not come": (
        "general/no-answer",
        lambda vector: vector["exchanges"].append(vector["exchanges"][0]),
    ),
    "an error where it goes well": (
        "reboot/vendor-example",
        lambda vector: vector.update(expect={"error": {"kind": "lost"}}),
    ),
}

FOR_DEVICES: dict[str, tuple[str, Break]] = {
    "another value": ("get_calib/vendor-values", lambda vector: in_text(response_of(vector), "444", "445")),
    "a member too few": (
        "start_backup/without-data",
        lambda vector: response_of(vector).update(body='{"code":0,"data":null}'),
    ),
    "a member too many": (
        "reboot/vendor-example",
        lambda vector: response_of(vector).update(body='{"code":0}'),
    ),
    "another HTTP status": (
        "start_restore/second-path-after-404",
        lambda vector: response_of(vector)["head"].__setitem__(0, "HTTP/1.1 405 Method Not Allowed"),
    ),
    "another Content-Type": (
        "get_calib/plain-text",
        lambda vector: response_of(vector)["head"].__setitem__(1, "Content-Type: application/json"),
    ),
    "no Content-Type": ("get_calib/plain-text", lambda vector: response_of(vector)["head"].pop(1)),
    "other bytes": (
        "set_calib/trailing-comma",
        lambda vector: in_text(response_of(vector), "null,}", "null }"),
    ),
    "a value that may vary, of another type": (
        "get_result/one-guess",
        lambda vector: vector["exchanges"][0]["answer"]["data"].update(sid={"$any": "number"}),
    ),
    "a choice without the right one": (
        "delete_registered_image/no-such-picture",
        lambda vector: vector["exchanges"][0]["answer"].update(code={"$in": [-6210]}),
    ),
    "a picture of another size": (
        "get_image/picture",
        lambda vector: vector["exchanges"][0]["answer"].update(height=721),
    ),
    "a picture that is whole": (
        "get_image/half-a-picture",
        lambda vector: vector["device"].pop("fault"),
    ),
    "a file that is whole": ("download_backup/cut-short", lambda vector: vector["device"].pop("fault")),
    "JSON that is whole": ("general/body-half", lambda vector: vector["device"].pop("fault")),
    "another state": ("get_result/camera-lost", lambda vector: vector["device"].pop("state")),
    "another dialect": ("get_item_list/items", lambda vector: vector["device"].pop("dialect")),
    "an answer where there should be none": (
        "reset_device/connection-drops",
        lambda vector: vector.update(device={}),
    ),
    "no answer where there should be one": (
        "reset_device/done",
        lambda vector: vector.update(device={"dialect": {"reset_answer": "drop"}}),
    ),
    "a request that the device refuses": (
        "set_calib/vendor-example",
        lambda vector: in_text(request_of(vector), "}", " "),
    ),
}

OF_FILES: dict[str, Break] = {
    "a length that is wrong": lambda vector: response_of(vector)["head"].__setitem__(2, "Content-Length: 1"),
    "an id of another file": lambda vector: vector.update(id="get_image/" + vector["id"].partition("/")[2]),
    "an operation of another file": lambda vector: vector.update(operation="getImage"),
    "a member that the schema does not know": lambda vector: vector.update(note="?"),
    "one direction without a reason": lambda vector: vector.update(tests=["client"]) or vector.pop("device"),
    "a client without an expectation": lambda vector: vector.pop("expect"),
    "a result and an error": lambda vector: vector["expect"].update(error={"kind": "lost"}),
    "an error without its name": lambda vector: vector.update(
        expect={"error": {"kind": "device", "code": -6103}}
    ),
    "refused, and sent all the same": lambda vector: vector.update(expect={"error": {"kind": "input"}}),
    "a reading that there is not": lambda vector: vector.update(readings=["A17"]),
    "two bodies": lambda vector: response_of(vector).update(bodyBase64="e30="),
}

DISAGREEING: dict[str, tuple[str, Break]] = {
    "a deviation that nobody speaks of": (
        "get_learnmode/unknown-mode",
        lambda vector: vector.pop("deviation"),
    ),
    "a deviation that is none": (
        "get_learnmode/learning",
        lambda vector: vector.update(deviation="It is odd."),
    ),
    "a field of a wrong type in a request": (
        "set_calib/vendor-example",
        lambda vector: request_of(vector).update(body='{"left":"1"}'),
    ),
    "a field of a wrong type in a result": (
        "get_learnmode/learning",
        lambda vector: vector["expect"].update(result={"mode": "on"}),
    ),
    "an error by another name": (
        "get_result/camera-lost",
        lambda vector: vector["expect"]["error"].update(name="CAMERA"),
    ),
    "an error of another category": (
        "get_result/engine-error",
        lambda vector: vector["expect"]["error"].update(category="camera"),
    ),
    "an unknown path": (
        "get_result/one-guess",
        lambda vector: request_of(vector).update(target="/api/get_results"),
    ),
    "an unknown operation": ("get_result/one-guess", lambda vector: vector.update(operation="getResults")),
    "the path of another operation": (
        "get_result/one-guess",
        lambda vector: request_of(vector).update(target="/api/get_image"),
    ),
}


@pytest.mark.parametrize("case", FOR_CLIENTS)
def test_a_client_fails_a_vector_with(case: str, flavour: str, tmp_path: Path) -> None:
    assert client_differences(broken(*FOR_CLIENTS[case]), flavour, tmp_path) != []


@pytest.mark.parametrize("case", FOR_DEVICES)
def test_a_device_fails_a_vector_with(case: str, device: Device) -> None:
    assert device_differences(broken(*FOR_DEVICES[case]), device) != []


@pytest.mark.parametrize("case", OF_FILES)
def test_a_file_is_not_in_order_with(case: str, tmp_path: Path) -> None:
    document = read(FOLDER / "get_result.json")
    copied = tmp_path / "get_result.json"
    copied.write_text(written(in_order(document)), "utf-8")
    assert findings(copied, read(SCHEMA)) == []
    OF_FILES[case](document["vectors"][0])
    copied.write_text(written(document), "utf-8")
    assert findings(copied, read(SCHEMA)) != []


def test_a_file_is_not_in_order_in_another_form(tmp_path: Path) -> None:
    copied = tmp_path / "get_result.json"
    copied.write_text(json.dumps(read(FOLDER / "get_result.json")), "utf-8")
    assert findings(copied, read(SCHEMA)) == ["get_result.json is not in order: run openapi/tools/vectors.py"]


def test_a_file_is_not_in_order_with_an_id_twice(tmp_path: Path) -> None:
    document = read(FOLDER / "get_result.json")
    document["vectors"].append(document["vectors"][0])
    copied = tmp_path / "get_result.json"
    copied.write_text(written(document), "utf-8")
    assert findings(copied, read(SCHEMA)) == ["get_result.json: get_result/vendor-example is there twice"]


@pytest.mark.parametrize("case", DISAGREEING)
def test_a_vector_disagrees_with_the_contract_with(case: str) -> None:
    assert disagreements(broken(*DISAGREEING[case])) != []


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.__name__)
def test_a_gap_shows(gap: Callable[[list[Vector]], set[Any]]) -> None:
    assert gap([]) != set()


def test_a_reading_that_no_vector_shows_is_named() -> None:
    assert readings_not_shown([each for each in VECTORS.values() if "A9" not in each["readings"]]) == {"A9"}
