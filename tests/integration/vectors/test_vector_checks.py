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
from vector_coverage import COVERAGE, Check, codes_of_operations_without_vector, readings_without_vector
from vector_device import Device
from vector_responses import find_device_differences

from vectors import FOLDER, FOLDERS, SCHEMA, api_of, find_problems, format_file, load, read, update

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
    "the method of the other version": (
        "v2/get_result/one-guess",
        lambda vector: request_of(vector).update(method="POST"),
    ),
    "a body where none belongs": (
        "v2/clear_all_template/no-templates",
        lambda vector: request_of(vector).update(body="{}"),
    ),
    "a version that is not asked for": (
        "v2/get_result/found-by-code",
        lambda vector: vector.pop("settings"),
    ),
    "an entry that is no template": (
        "v2/get_item_template_list/two-templates",
        lambda vector: vector["expect"]["result"].append("center"),
    ),
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
    "another version": (
        "v2/get_item_list/no-products",
        lambda vector: vector.update(id="get_item_list/no-products"),
    ),
    "a missing template": (
        "v2/delete_item_template/deleted",
        lambda vector: vector["device"]["state"]["templates"].pop(),
    ),
    "templates that may be changed": (
        "v2/add_item_template/disabled",
        lambda vector: vector.pop("device"),
    ),
    "another answer to the method of V1": (
        "v2/general/form-of-v1-is-http-405",
        lambda vector: vector.pop("device"),
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
    "an operation of the other version": (
        "v2/get_result/one-guess",
        lambda vector: vector.update(operation="getCalib"),
    ),
    "the method of the other version": (
        "v2/get_result/one-guess",
        lambda vector: request_of(vector).update(method="POST"),
    ),
    "a request of the other version that the settings do not allow": (
        "v2/get_result/found-by-code",
        lambda vector: vector.pop("settings"),
    ),
    "a response of the other version": (
        "v2/get_item_list/two-products",
        lambda vector: response_of(vector).update(body='{"code":0,"data":[{"id":"001","name":"Apple"}]}'),
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


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: document.update({"$schema": "./schema.json"}),
        lambda document: document["vectors"][0].update(id="get_result/two-guesses"),
        lambda document: document["vectors"][0].update(id="v2/get_image/two-guesses"),
        lambda document: document["vectors"][0].update(readings=["B6"]),
        lambda document: document["vectors"][0].update(settings={"api": "v1"}),
    ],
    ids=["the path of the schema", "an id of V1", "an id of another file", "an unknown reading", "a version"],
)
def test_the_file_check_finds_an_error_in_a_file_of_v2(edit: Edit, tmp_path: Path) -> None:
    document = read(FOLDERS["v2"] / "get_result.json")
    file = tmp_path / "v2" / "get_result.json"
    file.parent.mkdir()
    file.write_text(format_file(update(document)), "utf-8")
    assert find_problems(file, read(SCHEMA)) == []
    edit(document)
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


@pytest.mark.parametrize(
    ("missing", "api"), COVERAGE, ids=[f"{check.__name__}-{api}" for check, api in COVERAGE]
)
def test_the_coverage_check_finds_missing_vectors(missing: Check, api: str) -> None:
    assert missing([], api) != set()


@pytest.mark.parametrize(("api", "reading"), [("v1", "A9"), ("v2", "B4")])
def test_the_coverage_check_names_a_reading(api: str, reading: str) -> None:
    others = [each for each in VECTORS.values() if reading not in each["readings"]]
    assert readings_without_vector(others, api) == {reading}


def test_the_coverage_check_names_a_code_of_an_operation() -> None:
    others = [each for each in VECTORS.values() if each["id"] != "v2/delete_item/disabled"]
    of_v2 = [each for each in others if api_of(each) == "v2"]
    assert codes_of_operations_without_vector(of_v2, "v2") == {("deleteItem", -6217)}
