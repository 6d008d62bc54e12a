"""The emitted forms of the contract are up to date and valid, and have the content of the contract."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT4, DRAFT202012

from contract import DIST, build_files, find_outdated, write_files
from document import Node, operations
from down_convert import UnsupportedError, to_30

NAMES_30 = [
    f"{name}{form}.json" for name in ("vision-ai", "vision-ai-v2") for form in ("-3.0", "-3.0-codegen")
]
EVERY_30 = pytest.mark.parametrize("name", NAMES_30)


def emitted(name: str) -> Node:
    return json.loads((DIST / name).read_text(encoding="utf-8"))


def walk(node: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield where, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from walk(child, (*where, key))


# The files


def test_the_emitted_files_are_up_to_date(documents: dict[str, Node]) -> None:
    assert find_outdated(build_files(documents), DIST) == []


def test_outdated_files_are_found(documents: dict[str, Node], tmp_path: Path) -> None:
    write_files(build_files(documents), tmp_path)
    (tmp_path / "error-codes.csv").unlink()
    (tmp_path / "old.json").touch()
    with (tmp_path / "reference.html").open("a") as page:
        page.write("\n")
    assert find_outdated(build_files(documents), tmp_path) == [
        "old.json is not emitted any more",
        "reference.html is out of date",
        "error-codes.csv is missing",
    ]
    write_files(build_files(documents), tmp_path)
    assert find_outdated(build_files(documents), tmp_path) == []


@pytest.mark.parametrize("name", ["vision-ai", "vision-ai-v2"])
def test_the_bundle_is_the_contract(documents: dict[str, Node], name: str) -> None:
    bundle = emitted(f"{name}.json")
    assert bundle == documents[name]
    assert not list(OpenAPIV31SpecValidator(bundle).iter_errors())


def test_the_contract_reads_the_same_with_yaml_1_1() -> None:
    import yaml
    from ruamel.yaml import YAML

    from document import CONTRACT

    for path in CONTRACT.parent.glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8")) == YAML(typ="safe").load(path)


# OpenAPI 3.0


@EVERY_30
def test_the_document_is_valid_3_0(name: str) -> None:
    document = emitted(name)
    assert document["openapi"] == "3.0.3"
    assert not list(OpenAPIV30SpecValidator(document).iter_errors())


@EVERY_30
def test_the_document_has_no_feature_of_3_1(name: str) -> None:
    assert find_features_of_31(emitted(name)) == []


def test_features_of_3_1_are_found(contract: Node) -> None:
    found = find_features_of_31(contract)
    for feature in ("type null", "beside a reference", "examples of a schema", "info.summary", "identifier"):
        assert [line for line in found if feature in line], feature


def find_features_of_31(document: Node) -> list[str]:
    found = [f"info.{key}" for key in ("summary",) if key in document["info"]]
    found += ["identifier of the license"] * ("identifier" in document["info"]["license"])
    found += [f"{key} at the root" for key in ("webhooks", "jsonSchemaDialect") if key in document]
    keywords = {"const", "$defs", "prefixItems", "contentEncoding", "contentMediaType", "if", "$schema"}
    for where, node in walk({key: document[key] for key in ("paths", "components")}):
        if not isinstance(node, dict) or "value" in where:
            continue
        location = "/".join(map(str, where))
        if node.get("type") == "null" or isinstance(node.get("type"), list):
            found.append(f"{location}: type null or a list of types")
        if "$ref" in node and len(node) > 1:
            found.append(f"{location}: keyword beside a reference")
        if isinstance(node.get("examples"), list):
            found.append(f"{location}: examples of a schema")
        if where[-1:] != ("properties",) and keywords & node.keys():
            found.append(f"{location}: {keywords & node.keys()}")
        if any(
            isinstance(node.get(key), (int, float)) is True and not isinstance(node.get(key), bool)
            for key in ("exclusiveMinimum", "exclusiveMaximum")
        ):
            found.append(f"{location}: exclusive bound as a number")
    return found


def shape(schema: Node) -> Any:
    """Return the fields, constraints and references of a schema, independent of the notation of null."""
    alternatives = [
        each for each in schema.get("anyOf", []) if each.get("type") != "null" and each.get("enum") != [None]
    ]
    null = bool(schema.get("nullable")) or len(alternatives) < len(schema.get("anyOf", []))
    inner = {**schema, **(alternatives[0] if alternatives else {}), **schema.get("allOf", [{}])[0]}
    kept = [
        "type",
        "format",
        "minimum",
        "maximum",
        "minLength",
        "maxItems",
        "pattern",
        "default",
        "enum",
        "deprecated",
        "required",
        "$ref",
    ]
    return {
        "null": null,
        **{key: inner[key] for key in kept if key in inner},
        **{key: value for key, value in inner.items() if key.startswith("x-")},
        "fields": {name: shape(field) for name, field in inner.get("properties", {}).items()},
        "items": shape(inner["items"]) if "items" in inner else None,
        "example": inner.get("example", inner.get("examples", [None])[0]),
        "description": inner.get("description") and schema.get("description", "").split("\n\n")[0].rstrip(),
    }


def test_the_schemas_of_the_3_0_document_are_equivalent(contract: Node) -> None:
    schemas = emitted("vision-ai-3.0.json")["components"]["schemas"]
    assert list(schemas) == list(contract["components"]["schemas"])
    for name, schema in contract["components"]["schemas"].items():
        assert shape(schemas[name]) == shape(schema), name


@EVERY_30
def test_the_operations_and_codes_are_the_same(documents: dict[str, Node], name: str) -> None:
    document = emitted(name)
    contract = documents[name.partition("-3.0")[0]]
    for extension in ("x-error-codes", "x-error-ranges"):
        assert document[extension] == contract[extension]
    pairs = list(zip(operations(document), operations(contract), strict=True))
    for (path, method, operation), (path_of_contract, method_of_contract, of_contract) in pairs:
        assert (path, method) == (path_of_contract, method_of_contract)
        for key in of_contract.keys() - {"parameters", "requestBody", "responses"}:
            assert operation[key] == of_contract[key]
        assert operation.keys() == of_contract.keys()
        assert [each["name"] for each in operation.get("parameters", [])] == [
            each["name"] for each in of_contract.get("parameters", [])
        ]
        is_form = "multipart/form-data" in of_contract.get("requestBody", {}).get("content", {})
        if not (is_form and "codegen" in name):  # for these, see test_codegen_profile.py
            assert operation.get("requestBody") == of_contract.get("requestBody")


def test_the_responses_of_the_3_0_document_are_the_same(contract: Node) -> None:
    document = emitted("vision-ai-3.0.json")
    for (_, _, operation), (_, _, of_contract) in zip(
        operations(document), operations(contract), strict=True
    ):
        assert operation["responses"] == of_contract["responses"]


def mutate(value: Any) -> Iterator[Any]:
    """Yield the value, and copies in which one element is replaced or missing."""
    yield value
    for where, _ in walk(value):
        for other in (None, 7, -1.5, "text", "", True, [], {}):
            yield replace(value, where, other)
        if where and isinstance(where[-1], str):
            yield replace(value, where, ...)


def replace(value: Any, where: tuple[Any, ...], other: Any) -> Any:
    if not where:
        return other
    changed = copy.copy(value)
    if other is ... and len(where) == 1:
        del changed[where[0]]
    else:
        changed[where[0]] = replace(value[where[0]], where[1:], other)
    return changed


def test_the_3_0_document_accepts_the_same_bodies_as_the_contract(contract: Node) -> None:
    """Validate the examples and thousands of mutated ones with both documents."""
    document = emitted("vision-ai-3.0.json")
    registries = [
        Registry().with_resource("urn:document", specification.create_resource(each))
        for each, specification in ((contract, DRAFT202012), (document, DRAFT4))
    ]
    verdicts: list[bool] = []
    for _, _, operation in operations(contract):
        bodies = [*operation["responses"]["200"]["content"].values()]
        bodies += operation.get("requestBody", {}).get("content", {}).values()
        for body in bodies:
            target = {"$ref": "urn:document" + body["schema"].get("$ref", "#")}
            validators = [
                Draft202012Validator(target, registry=registries[0]),
                OAS30Validator(target, registry=registries[1]),
            ]
            for example in list(body.get("examples", {}).values())[:2]:
                for value in mutate(example["value"]):
                    left, right = (validator.is_valid(value) for validator in validators)
                    assert left == right, (target, value)
                    verdicts.append(left)
    assert min(verdicts.count(True), verdicts.count(False)) > 200


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        (
            {"type": ["string", "integer"]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        ({"const": 3}, {"enum": [3]}),
        (
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        ),
        ({"type": "string", "examples": ["a"]}, {"type": "string", "example": "a"}),
        (
            {"type": "string", "examples": ["a", "b"]},
            {"type": "string", "example": "a", "x-further-examples": ["b"]},
        ),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        (
            {"$ref": "#/components/schemas/Item", "description": "It."},
            {"allOf": [{"$ref": "#/components/schemas/Item"}], "description": "It."},
        ),
        (
            {
                "description": "Outer.",
                "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}],
            },
            {"description": "Outer.", "type": "array", "items": {"type": "string"}, "nullable": True},
        ),
        (
            {"type": "object", "properties": {"examples": {"type": "string", "examples": ["x"]}}},
            {"type": "object", "properties": {"examples": {"type": "string", "example": "x"}}},
        ),
        ({"type": "object", "additionalProperties": True}, {"type": "object", "additionalProperties": True}),
    ],
)
def test_a_schema_is_converted(contract: Node, schema: Node, expected: Node) -> None:
    contract["components"]["schemas"]["New"] = schema
    assert to_30(contract)["components"]["schemas"]["New"] == expected


@pytest.mark.parametrize(
    ("edit", "keyword"),
    [
        (lambda d: d.update(webhooks={}), "webhooks"),
        (lambda d: d["components"].update(pathItems={}), "pathItems"),
        (lambda d: d["components"]["schemas"].update(A={"prefixItems": []}), "prefixItems"),
        (lambda d: d["components"]["schemas"].update(A={"patternProperties": {}}), "patternProperties"),
        (
            lambda d: d["components"]["schemas"].update(A={"contentMediaType": "image/jpeg"}),
            "contentMediaType",
        ),
        (lambda d: d["components"]["schemas"].update(A={"if": {}, "then": {}}), "if, then"),
    ],
)
def test_keywords_without_a_3_0_form_are_refused(contract: Node, edit: Any, keyword: str) -> None:
    edit(contract)
    with pytest.raises(UnsupportedError, match=keyword):
        to_30(contract)


# The catalog


def test_the_catalog_is_complete_in_both_forms(contract: Node) -> None:
    catalog = emitted("error-codes.json")
    for key, extension in {"codes": "x-error-codes", "ranges": "x-error-ranges"}.items():
        without = [
            {name: value for name, value in each.items() if name != "operations"} for each in catalog[key]
        ]
        assert without == contract[extension]
    camera = next(each for each in catalog["codes"] if each["name"] == "CAMERA_LOST")
    assert camera["operations"] == ["registerItem", "getResult", "getImage", "addItemTemplate"]
    users = {"registerItem", "commitRegisteredItem", "getResult", "resultFeedback", "addItemTemplate"}
    assert {each["name"]: set(each["operations"]) for each in catalog["ranges"]} == {"ALGORITHM_ERROR": users}

    rows = list(csv.DictReader(io.StringIO((DIST / "error-codes.csv").read_text(encoding="utf-8"))))
    assert [int(row["code"]) for row in rows if not row["last_code"]] == [
        each["code"] for each in contract["x-error-codes"]
    ]
    assert [(row["code"], row["last_code"], row["category"]) for row in rows if row["last_code"]] == [
        ("-6599", "-6500", "engine")
    ]
    assert {row["retryable"] for row in rows} == {"true", "false"}
    assert {row["versions"] for row in rows} == {"v1 v2", "v2"}
    for row, entry in zip(rows, [*contract["x-error-codes"], *contract["x-error-ranges"]], strict=True):
        assert {"ru": row["meaning_ru"], "zh": row["meaning_zh"]} == entry["meanings"]
        assert (row["meaning"], row["vendor"]) == (entry["meaning"], entry.get("vendor", ""))


# The reference


@pytest.fixture(scope="module")
def page() -> str:
    return (DIST / "reference.html").read_text(encoding="utf-8")


def test_the_reference_is_complete(contract: Node, page: str) -> None:
    for path, _, operation in operations(contract):
        assert f'<article id="{operation["operationId"]}">' in page
        assert path in page
    for entry in contract["x-error-codes"]:
        assert f'id="code{entry["code"]}"' in page
    for number in range(1, 29):
        assert f'<li id="A{number}">' in page
    for schema in contract["components"]["schemas"].values():
        for name in schema.get("properties", {}):
            assert re.search(rf"<code>([\w.\[\]]+\.)?{name}</code>", page), name


def test_every_link_of_the_reference_has_a_target(page: str) -> None:
    anchors = set(re.findall(r' id="([^"]+)"', page))
    assert len(anchors) == len(re.findall(r' id="', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_the_reference_has_no_external_resources(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"<(img|iframe|object|embed|video|audio|base)\b|\bsrc=|@import|url\(|fetch\(", page)
    assert {url for url in re.findall(r'href="([^"]*)"', page) if not url.startswith("#")} == {"data:,"}


def test_the_reference_loads_nothing_in_a_browser(page: str) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    requests: list[str] = []
    messages: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: messages.append(message.text))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        address = (DIST / "reference.html").as_uri()
        tab.goto(address, wait_until="networkidle")
        tab.fill("#filter", "backup")
        matches = tab.locator("nav li[data-search]:visible").count()
        chromium.close()
    assert [url for url in requests if not url.startswith("data:")] == [address]
    assert messages == []
    assert 0 < matches < 10
