"""The contract passes the linters, and each rule of ours fails for an invalid document."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from document import CONTRACT, Node, load
from linters import LINT, find_violations, run_linter

Edit = Callable[[Node], object]


def operation(document: Node, path: str = "/api/set_calib", method: str = "post") -> Node:
    return document["paths"][path][method]


def response(document: Node, path: str = "/api/set_calib") -> Node:
    return operation(document, path)["responses"]["200"]["content"]["application/json"]


def request_body(document: Node) -> Node:
    return operation(document)["requestBody"]["content"]["application/json"]


def schema(document: Node, name: str) -> Node:
    return document["components"]["schemas"][name]


def fields(document: Node, name: str) -> Node:
    return schema(document, name)["properties"]


def items_answer(document: Node) -> Node:
    return fields(document, "GetItemListAnswer")["data"]["anyOf"][0]


def rename(node: Node, old: str, new: str) -> None:
    node[new] = node.pop(old)


INVALID: dict[str, list[tuple[str, Edit]]] = {
    "operation-id": [
        ("none", lambda d: operation(d).pop("operationId")),
        ("snake_case", lambda d: operation(d).update(operationId="set_calib")),
    ],
    "operation-one-tag": [
        ("none", lambda d: operation(d).pop("tags")),
        ("an empty list", lambda d: operation(d).update(tags=[])),
        ("two", lambda d: operation(d)["tags"].append("device")),
    ],
    "operation-tag-defined": [("a tag that is not declared", lambda d: operation(d).update(tags=["light"]))],
    "operation-has-summary": [
        ("none", lambda d: operation(d).pop("summary")),
        ("two lines", lambda d: operation(d).update(summary="Set\nit.")),
    ],
    "operation-has-description": [
        ("none", lambda d: operation(d).pop("description")),
        ("an empty one", lambda d: operation(d).update(description="")),
    ],
    "operation-effect": [
        ("none", lambda d: operation(d).pop("x-effect")),
        ("an unknown effect", lambda d: operation(d).update({"x-effect": "write"})),
    ],
    "operation-error-codes": [
        ("none", lambda d: operation(d).pop("x-error-codes")),
        ("an empty list", lambda d: operation(d).update({"x-error-codes": []})),
    ],
    "operation-known-codes": [
        ("a code that is not in the catalog", lambda d: operation(d)["x-error-codes"].append(-6301)),
        ("a range without its name", lambda d: operation(d).update({"x-error-ranges": ["-65xx"]})),
        (
            "a range that is not at the root",
            lambda d: [
                operation(d).update({"x-error-ranges": [each["name"]]}) for each in d.pop("x-error-ranges")
            ],
        ),
    ],
    "operation-source": [
        ("none", lambda d: operation(d).pop("x-source")),
        ("a chapter only", lambda d: operation(d).update({"x-source": "Device management"})),
    ],
    "operation-response-examples": [
        ("no success", lambda d: response(d)["examples"].pop("success")),
        (
            "no failure",
            lambda d: [response(d)["examples"].pop(name) for name in ("errorParameter", "errorJson")],
        ),
        ("none", lambda d: response(d).pop("examples")),
        (
            "no failure beside a picture",
            lambda d: response(d, "/api/get_image").pop("examples"),
        ),
    ],
    "answer-no-bounds": [
        ("a minimum", lambda d: fields(d, "CalibrationArea")["left"].update(minimum=0)),
        ("a maximum", lambda d: fields(d, "CalibrationArea")["width"].update(exclusiveMaximum=1281)),
        ("the length of a list", lambda d: items_answer(d).update(maxItems=10)),
        ("the length of a text", lambda d: fields(d, "Item")["name"].update(maxLength=40)),
        ("a pattern", lambda d: fields(d, "Item")["id"].update(pattern="^[0-9]+$")),
        (
            "of an alternative",
            lambda d: fields(d, "SetCalibAnswer")["data"]["anyOf"][0].update(minProperties=1),
        ),
        ("of an inline schema", lambda d: response(d).update(schema={"type": "object", "maxProperties": 2})),
    ],
    "answer-requires-code": [
        ("data too", lambda d: schema(d, "GetCalibAnswer")["required"].append("data")),
        ("a status too", lambda d: schema(d, "RestoreStatus")["required"].append("status")),
        ("nothing", lambda d: schema(d, "BackupStatus").pop("required")),
    ],
    "server-variable-description": [
        ("of the host", lambda d: d["servers"][0]["variables"]["host"].update(description="Its address.")),
    ],
    "schema-description": [
        ("of a schema", lambda d: schema(d, "Item").pop("description")),
        ("of a field", lambda d: fields(d, "Item")["name"].pop("description")),
        ("of a field that is a reference", lambda d: fields(d, "DeviceInfo")["syncMode"].pop("description")),
        (
            "of an alternative",
            lambda d: fields(d, "GetItemListAnswer")["data"]["anyOf"][0].pop("description"),
        ),
        (
            "of a parameter's schema",
            lambda d: operation(d, "/download/{filename}", "get")["parameters"][0]["schema"].pop(
                "description"
            ),
        ),
        (
            "of the picture",
            lambda d: operation(d, "/api/get_image")["responses"]["200"]["content"]["image/jpeg"][
                "schema"
            ].pop("description"),
        ),
    ],
    "schema-number-meaning": [
        (
            "no unit, no range",
            lambda d: fields(d, "Item").update(weight={"type": "number", "description": "Its weight."}),
        ),
        (
            "a minimum only",
            lambda d: fields(d, "Item").update(
                weight={"type": "integer", "minimum": 0, "description": "Its weight."}
            ),
        ),
        ("in an array", lambda d: fields(d, "RecognitionResult")["items"].update(items={"type": "integer"})),
        (
            "a score without its meaning",
            lambda d: fields(d, "RecognizedItem")["score"].update(description="The confidence."),
        ),
        ("a code without a reference", lambda d: fields(d, "RebootAnswer")["code"].update(description="0.")),
        (
            "a parameter",
            lambda d: operation(d, "/download/{filename}", "get")["parameters"][0].update(
                schema={"type": "integer", "description": "A number."}
            ),
        ),
    ],
    "schema-name-case": [
        ("camelCase", lambda d: d["components"]["schemas"].update(light=copy.deepcopy(schema(d, "Item")))),
    ],
    "schema-field-case": [
        ("both in one schema", lambda d: rename(fields(d, "RegisterItemRequest"), "item_id", "itemId")),
        ("a capital", lambda d: rename(fields(d, "Item"), "name", "Name")),
        ("both in one name", lambda d: rename(fields(d, "RegisteredImage"), "image_id", "image_Id")),
    ],
    "path-case": [
        ("a capital", lambda d: rename(d["paths"], "/api/get_image", "/api/getImage")),
        ("a hyphen", lambda d: rename(d["paths"], "/api/get_image", "/api/get-image")),
    ],
    "tag-case": [("a capital", lambda d: d["tags"][0].update(name="Device"))],
    "example-name-case": [
        ("snake_case", lambda d: rename(response(d)["examples"], "errorJson", "error_json")),
        ("of a request", lambda d: rename(request_body(d)["examples"], "wholePicture", "whole-picture")),
    ],
    "value-name-case": [
        ("of a code", lambda d: d["x-error-codes"][0].update(name="cameraLost")),
        ("of a range", lambda d: d["x-error-ranges"][0].update(name="algorithm")),
        ("of a value", lambda d: schema(d, "SyncMode").update({"x-enum-varnames": ["A", "B", "c"]})),
    ],
    "extension-case": [
        ("of an operation", lambda d: operation(d).update({"x-retryAfter": 1})),
        ("of a schema", lambda d: schema(d, "Item").update({"x_unit": "", "x-Unit": ""})),
    ],
    "server-variable-plain": [
        ("a description", lambda d: d["servers"][0]["variables"]["host"].update(description="The host.")),
    ],
    "deprecated-replacement": [
        ("an operation", lambda d: operation(d, "/api/restore").pop("x-replaced-by")),
        ("a field", lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("x-replaced-by")),
    ],
    # Rules of Spectral that this contract relies on.
    "oas3-valid-media-example": [
        ("of a response", lambda d: response(d)["examples"]["success"]["value"].update(code="0")),
        (
            "of a request",
            lambda d: request_body(d)["examples"]["vendor"]["value"].update(left=1280),
        ),
        ("data", lambda d: response(d, "/api/get_calib")["examples"]["success"]["value"].update(data=[])),
    ],
    "oas3-valid-schema-example": [
        ("a default", lambda d: fields(d, "DeviceInfo")["sn"].update(default=0)),
    ],
    "oas3-schema": [("no description of a response", lambda d: operation(d)["responses"]["200"].clear())],
}

# The paths that the edits use. A smaller document takes less time.
PATHS = (
    "/api/set_calib",
    "/api/get_calib",
    "/api/get_image",
    "/api/get_item_list",
    "/api/restore",
    "/download/{filename}",
)


@pytest.mark.parametrize("tool", ["redocly", "spectral"])
def test_the_contract_passes(linters: None, tool: str) -> None:
    result = run_linter(tool, [CONTRACT.parent / "dist" / "vision-ai.json"])
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_every_rule_finds_its_violations(linters: None, tmp_path: Path) -> None:
    """Lint the valid document and all invalid ones in one run: each run of Spectral takes seconds."""
    small = load(CONTRACT)
    small["paths"] = {path: small["paths"][path] for path in PATHS}
    documents = {("none", "valid"): small}
    for rule, edits in INVALID.items():
        for what, edit in edits:
            documents[rule, what] = copy.deepcopy(small)
            edit(documents[rule, what])
    files = {key: tmp_path / f"{number}.json" for number, key in enumerate(documents)}
    for key, document in documents.items():
        files[key].write_text(json.dumps(document), encoding="utf-8")

    violations = find_violations("spectral", list(files.values()))

    assert violations[files["none", "valid"].name] == set()
    missed = [key for key, file in files.items() if key[0] != "none" and key[0] not in violations[file.name]]
    assert missed == []


def test_every_rule_has_an_invalid_document() -> None:
    rules: dict[str, Any] = _settings()["rules"]
    assert {name for name, rule in rules.items() if isinstance(rule, dict)} <= INVALID.keys()


def test_only_known_rules_are_switched_off() -> None:
    rules: dict[str, Any] = _settings()["rules"]
    assert {name for name, rule in rules.items() if not isinstance(rule, dict)} == {
        "info-contact",
        "oas3-unused-component",
    }


INVALID_FOR_REDOCLY: list[tuple[str, Edit]] = [
    ("a reference to nothing", lambda d: response(d)["schema"].update({"$ref": "#/nowhere"})),
    ("two operations with one name", lambda d: operation(d).update(operationId="reboot")),
    ("an invalid example", lambda d: response(d)["examples"]["success"]["value"].clear()),
    (
        "an invalid example of a field",
        lambda d: fields(d, "SetCalibRequest")["left"].update(examples=[-1]),
    ),
    (
        "a path without its parameter",
        lambda d: operation(d, "/download/{filename}", "get").pop("parameters"),
    ),
    ("no license", lambda d: d["info"].pop("license")),
]


@pytest.mark.slow
def test_redocly_rejects_invalid_documents(linters: None, tmp_path: Path, contract: Node) -> None:
    files: dict[str, Path] = {}
    for what, edit in INVALID_FOR_REDOCLY:
        document = copy.deepcopy(contract)
        edit(document)
        files[what] = tmp_path / f"{len(files)}.json"
        files[what].write_text(json.dumps(document), encoding="utf-8")

    violations = find_violations("redocly", list(files.values()))

    assert [what for what, file in files.items() if not violations[file.name]] == []


def test_the_linters_are_pinned_exactly_and_without_urls() -> None:
    wanted: dict[str, str] = json.loads((LINT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    text = (LINT / "package-lock.json").read_text()
    packages: dict[str, Node] = json.loads(text)["packages"]
    assert packages[""]["dependencies"] == wanted
    assert all("integrity" in package for name, package in packages.items() if name)
    assert "://" not in text


def _settings() -> Node:
    return load(LINT / "spectral.yaml")
