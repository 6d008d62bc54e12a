"""The contract passes the linters, and each rule of ours fails on a document that breaks it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from document import CONTRACT, Node
from node_tools import HERE, lint_command, spectral_findings

Spoil = Callable[[Node], object]


def operation(document: Node, path: str = "/api/set_calib", method: str = "post") -> Node:
    return document["paths"][path][method]


def answer(document: Node, path: str = "/api/set_calib") -> Node:
    return operation(document, path)["responses"]["200"]["content"]["application/json"]


def request_body(document: Node) -> Node:
    return operation(document)["requestBody"]["content"]["application/json"]


def schema(document: Node, name: str) -> Node:
    return document["components"]["schemas"][name]


def fields(document: Node, name: str) -> Node:
    return schema(document, name)["properties"]


def rename(node: Node, old: str, new: str) -> None:
    node[new] = node.pop(old)


BROKEN: dict[str, list[tuple[str, Spoil]]] = {
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
        ("a word of its own", lambda d: operation(d).update({"x-effect": "write"})),
    ],
    "operation-error-codes": [
        ("none", lambda d: operation(d).pop("x-error-codes")),
        ("an empty list", lambda d: operation(d).update({"x-error-codes": []})),
    ],
    "operation-known-codes": [
        ("a code that the catalogue lacks", lambda d: operation(d)["x-error-codes"].append(-6301))
    ],
    "operation-source": [
        ("none", lambda d: operation(d).pop("x-source")),
        ("a chapter only", lambda d: operation(d).update({"x-source": "Device management"})),
    ],
    "operation-answer-examples": [
        ("no success", lambda d: answer(d)["examples"].pop("success")),
        (
            "no failure",
            lambda d: [answer(d)["examples"].pop(name) for name in ("errorParameter", "errorJson")],
        ),
        ("none", lambda d: answer(d).pop("examples")),
        (
            "no failure beside a picture",
            lambda d: answer(d, "/api/get_image").pop("examples"),
        ),
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
    "schema-number-says-what-it-counts": [
        (
            "no unit, no range",
            lambda d: fields(d, "Item").update(weight={"type": "number", "description": "Its weight."}),
        ),
        (
            "half a range",
            lambda d: fields(d, "Item").update(
                weight={"type": "integer", "minimum": 0, "description": "Its weight."}
            ),
        ),
        ("in an array", lambda d: fields(d, "RecognitionResult")["items"].update(items={"type": "integer"})),
        ("a score without its range", lambda d: fields(d, "RecognizedItem")["score"].pop("maximum")),
        ("a code that leads nowhere", lambda d: fields(d, "RebootAnswer")["code"].update(description="0.")),
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
    "schema-fields-in-one-case": [
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
        ("snake_case", lambda d: rename(answer(d)["examples"], "errorJson", "error_json")),
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
    "deprecated-is-replaced": [
        ("an operation", lambda d: operation(d, "/api/restore").pop("x-replaced-by")),
        ("a field", lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("x-replaced-by")),
    ],
    # Spectral's own, relied upon here.
    "oas3-valid-media-example": [
        ("of an answer", lambda d: answer(d)["examples"]["success"]["value"].update(code="0")),
        (
            "of a request",
            lambda d: request_body(d)["examples"]["vendor"]["value"].update(left=1280),
        ),
        ("data", lambda d: answer(d, "/api/get_calib")["examples"]["success"]["value"].update(data=[])),
    ],
    "oas3-valid-schema-example": [
        ("a default", lambda d: fields(d, "DeviceInfo")["masterIP"].update(default=0)),
    ],
    "oas3-schema": [("no description of an answer", lambda d: operation(d)["responses"]["200"].clear())],
}

# What the copies need: less to look at takes less time.
PATHS = (
    "/api/set_calib",
    "/api/get_calib",
    "/api/get_image",
    "/api/get_item_list",
    "/api/restore",
    "/download/{filename}",
)


@pytest.fixture(scope="module")
def found(linters: None, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], set[str]]:
    """What Spectral finds in each of the broken documents: all in one run, which is what takes the time."""
    from document import load

    small = load(CONTRACT)
    small["paths"] = {path: small["paths"][path] for path in PATHS}
    folder = tmp_path_factory.mktemp("broken")
    files = {("none", "not broken"): folder / "0.json"}
    files["none", "not broken"].write_text(json.dumps(small), encoding="utf-8")
    for rule, copies in BROKEN.items():
        for what, spoil in copies:
            broken = copy.deepcopy(small)
            spoil(broken)
            files[rule, what] = folder / f"{len(files)}.json"
            files[rule, what].write_text(json.dumps(broken), encoding="utf-8")
    findings = spectral_findings(list(files.values()))
    return {key: findings[file.name] for key, file in files.items()}


def test_what_the_rules_look_at_here_is_good_before_it_is_broken(
    found: dict[tuple[str, str], set[str]],
) -> None:
    assert found["none", "not broken"] == set()


@pytest.mark.parametrize("tool", ["redocly", "spectral"])
def test_the_contract_passes(linters: None, tool: str) -> None:
    result = lint_command([CONTRACT], tool=tool)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("rule", "what"),
    [pytest.param(rule, what, id=f"{rule}: {what}") for rule, copies in BROKEN.items() for what, _ in copies],
)
def test_a_rule_finds_what_it_is_for(found: dict[tuple[str, str], set[str]], rule: str, what: str) -> None:
    assert rule in found[rule, what]


def test_every_rule_of_ours_is_shown_to_fail() -> None:
    rules: dict[str, Any] = _settings()["rules"]
    assert {name for name, rule in rules.items() if isinstance(rule, dict)} <= BROKEN.keys()


def test_nothing_is_switched_off_in_silence() -> None:
    rules: dict[str, Any] = _settings()["rules"]
    assert {name for name, rule in rules.items() if not isinstance(rule, dict)} == {
        "info-contact",
        "oas3-unused-component",
    }


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("a reference that leads nowhere", lambda d: answer(d)["schema"].update({"$ref": "#/nowhere"})),
        ("two operations of one name", lambda d: operation(d).update(operationId="reboot")),
        ("an example that does not fit", lambda d: answer(d)["examples"]["success"]["value"].clear()),
        (
            "a field's example that does not fit",
            lambda d: fields(d, "CalibrationArea")["left"].update(examples=[-1]),
        ),
        (
            "a path without its parameter",
            lambda d: operation(d, "/download/{filename}", "get").pop("parameters"),
        ),
        ("no licence", lambda d: d["info"].pop("license")),
    ],
)
def test_redocly_fails(linters: None, tmp_path: Path, contract: Node, what: str, spoil: Spoil) -> None:
    spoil(contract)
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(contract), encoding="utf-8")
    assert lint_command([broken], tool="redocly").returncode != 0, what


def test_the_linters_are_pinned_exactly_and_their_addresses_are_not() -> None:
    wanted: dict[str, str] = json.loads((HERE / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    text = (HERE / "package-lock.json").read_text()
    packages: dict[str, Node] = json.loads(text)["packages"]
    assert packages[""]["dependencies"] == wanted
    assert all("integrity" in package for name, package in packages.items() if name)
    assert "://" not in text


def _settings() -> Node:
    from document import load

    return load(HERE / "spectral.yaml")
