"""Each check of the vectors finds an error: proved with vectors that are deliberately wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from vector_client import find_client_differences
from vector_contract import find_contract_violations
from vector_coverage import COVERAGE, readings_without_vector
from vector_device import Device
from vector_responses import find_device_differences

from vectors import FOLDER, SCHEMA, find_problems, format_file, load, read, update

VECTORS = {vector["id"]: vector for vector in load()}
Vector = dict[str, Any]
Edit = Callable[[Vector], object]


def request_of(vector: Vector) -> Vector:
    return vector["exchanges"][0]["request"]


def response_of(vector: Vector) -> Vector:
    return vector["exchanges"][0]["response"]


def replace_text(message: Vector, old: str, new: str) -> None:
    """Replace a text in a body by another one of the same length."""
    assert old in message["body"] and len(old) == len(new)
    message["body"] = message["body"].replace(old, new)


def edited(id: str, edit: Edit) -> Vector:
    vector = copy.deepcopy(VECTORS[id])
    edit(vector)
    assert vector != VECTORS[id]
    return vector


FOR_CLIENTS: dict[str, tuple[str, Edit]] = {
    "another result": (
        "get_result/vendor-example",
        lambda vector: vector["expect"]["result"]["items"][0].update(score=0.54),
    ),
    "a shorter result": (
        "get_result/vendor-example",
        lambda vector: vector["expect"]["result"]["items"].pop(),
    ),
    "another response": (
        "get_calib/vendor-values",
        lambda vector: replace_text(response_of(vector), "444", "445"),
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
        lambda vector: replace_text(request_of(vector), "444", "445"),
    ),
    "a string instead of a number": (
        "set_calib/vendor-example",
        lambda vector: request_of(vector).update(body=request_of(vector)["body"].replace("444", '"444"')),
    ),
    "another field name": (
        "register_item/both-names",
        lambda vector: vector.update(settings={"fieldNames": "id"}),
    ),
    "another name of the part": (
        "start_restore/part-named-file",
        lambda vector: replace_text(request_of(vector), 'name="file";', 'name="fill";'),
    ),
    "no name of the part": (
        "start_restore/part-named-file",
        lambda vector: vector.update(settings={"partName": None}),
    ),
    "another content of the file": (
        "start_restore/part-named-file",
        lambda vector: replace_text(request_of(vector), "learnt", "learnT"),
    ),
    "another code": (
        "get_result/camera-lost",
        lambda vector: vector["expect"]["error"].update(code=-6117),
    ),
    "another value of retryable": (
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
    "another value of over": (
        "get_restore_status/verifying",
        lambda vector: vector["expect"].update(over=True),
    ),
    "an unexpected request": (
        "get_result/lost-and-asked-again",
        lambda vector: vector["exchanges"].pop(),
    ),
    "a missing request": (
        "general/no-answer",
        lambda vector: vector["exchanges"].append(vector["exchanges"][0]),
    ),
    "an error instead of a success": (
        "reboot/vendor-example",
        lambda vector: vector.update(expect={"error": {"kind": "lost"}}),
    ),
}

FOR_DEVICES: dict[str, tuple[str, Edit]] = {
    "another value": (
        "get_calib/vendor-values",
        lambda vector: replace_text(response_of(vector), "444", "445"),
    ),
    "a missing member": (
        "start_backup/without-data",
        lambda vector: response_of(vector).update(body='{"code":0,"data":null}'),
    ),
    "an additional member": (
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
        lambda vector: replace_text(response_of(vector), "null,}", "null }"),
    ),
    "a variable value of another type": (
        "get_result/one-guess",
        lambda vector: vector["exchanges"][0]["answer"]["data"].update(sid={"$any": "number"}),
    ),
    "a choice without the value": (
        "delete_registered_image/no-such-picture",
        lambda vector: vector["exchanges"][0]["answer"].update(code={"$in": [-6210]}),
    ),
    "a picture of another size": (
        "get_image/picture",
        lambda vector: vector["exchanges"][0]["answer"].update(height=721),
    ),
    "a complete picture": (
        "get_image/half-a-picture",
        lambda vector: vector["device"].pop("fault"),
    ),
    "a complete file": ("download_backup/cut-short", lambda vector: vector["device"].pop("fault")),
    "complete JSON": ("general/body-half", lambda vector: vector["device"].pop("fault")),
    "another state": ("get_result/camera-lost", lambda vector: vector["device"].pop("state")),
    "another dialect": ("get_item_list/items", lambda vector: vector["device"].pop("dialect")),
    "an unexpected response": (
        "reset_device/connection-drops",
        lambda vector: vector.update(device={}),
    ),
    "a missing response": (
        "reset_device/done",
        lambda vector: vector.update(device={"dialect": {"reset_answer": "drop"}}),
    ),
    "a rejected request": (
        "set_calib/vendor-example",
        lambda vector: replace_text(request_of(vector), "}", " "),
    ),
}

FOR_FILES: dict[str, Edit] = {
    "a wrong length": lambda vector: response_of(vector)["head"].__setitem__(2, "Content-Length: 1"),
    "an id of another file": lambda vector: vector.update(id="get_image/" + vector["id"].partition("/")[2]),
    "an operation of another file": lambda vector: vector.update(operation="getImage"),
    "an unknown member": lambda vector: vector.update(note="?"),
    "one direction without a reason": lambda vector: vector.update(tests=["client"]) or vector.pop("device"),
    "a client without an expectation": lambda vector: vector.pop("expect"),
    "a result and an error": lambda vector: vector["expect"].update(error={"kind": "lost"}),
    "an error without its name": lambda vector: vector.update(
        expect={"error": {"kind": "device", "code": -6103}}
    ),
    "an input error with a request": lambda vector: vector.update(expect={"error": {"kind": "input"}}),
    "an unknown reading": lambda vector: vector.update(readings=["A29"]),
    "no level": lambda vector: vector.pop("level"),
    "an unknown level": lambda vector: vector.update(level="strict"),
    "two bodies": lambda vector: response_of(vector).update(bodyBase64="e30="),
}

FOR_CONTRACT: dict[str, tuple[str, Edit]] = {
    "an undeclared deviation": (
        "get_learnmode/unknown-mode",
        lambda vector: vector.pop("deviation"),
    ),
    "a deviation without an invalid body": (
        "get_learnmode/learning",
        lambda vector: vector.update(deviation="An unusual mode."),
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
    "an operation that comes second": (
        "start_restore/second-path",
        lambda vector: vector.update(operation="startRestoreAlias"),
    ),
    "a core vector with a setting": (
        "general/silence",
        lambda vector: vector.update(level="core"),
    ),
    "a core vector with a refused argument": (
        "set_calib/no-width",
        lambda vector: vector.update(level="core"),
    ),
    "a core vector with a departure": (
        "get_calib/number-as-text",
        lambda vector: vector.update(level="core"),
    ),
}


@pytest.mark.parametrize("case", FOR_CLIENTS)
def test_the_client_check_finds(case: str, flavor: str, tmp_path: Path) -> None:
    assert find_client_differences(edited(*FOR_CLIENTS[case]), flavor, tmp_path) != []


@pytest.mark.parametrize("case", FOR_DEVICES)
def test_the_device_check_finds(case: str, device: Device) -> None:
    assert find_device_differences(edited(*FOR_DEVICES[case]), device) != []


@pytest.mark.parametrize("case", FOR_FILES)
def test_the_file_check_finds(case: str, tmp_path: Path) -> None:
    document = read(FOLDER / "get_result.json")
    file = tmp_path / "get_result.json"
    file.write_text(format_file(update(document)), "utf-8")
    assert find_problems(file, read(SCHEMA)) == []
    FOR_FILES[case](document["vectors"][0])
    file.write_text(format_file(document), "utf-8")
    assert find_problems(file, read(SCHEMA)) != []


def test_the_file_check_finds_another_format(tmp_path: Path) -> None:
    file = tmp_path / "get_result.json"
    file.write_text(json.dumps(read(FOLDER / "get_result.json")), "utf-8")
    assert find_problems(file, read(SCHEMA)) == [
        "get_result.json is not formatted, or has a wrong length or digest. Run `make vectors`."
    ]


def test_the_file_check_finds_a_duplicate_id(tmp_path: Path) -> None:
    document = read(FOLDER / "get_result.json")
    document["vectors"].append(document["vectors"][0])
    file = tmp_path / "get_result.json"
    file.write_text(format_file(document), "utf-8")
    assert find_problems(file, read(SCHEMA)) == [
        "get_result.json: the id get_result/vendor-example is not unique"
    ]


@pytest.mark.parametrize("case", FOR_CONTRACT)
def test_the_contract_check_finds(case: str) -> None:
    assert find_contract_violations(edited(*FOR_CONTRACT[case])) != []


@pytest.mark.parametrize("missing", COVERAGE, ids=lambda function: function.__name__)
def test_the_coverage_check_finds_missing_vectors(missing: Callable[[list[Vector]], set[Any]]) -> None:
    assert missing([]) != set()


def test_the_coverage_check_names_a_reading() -> None:
    assert readings_without_vector([each for each in VECTORS.values() if "A9" not in each["readings"]]) == {
        "A9"
    }
