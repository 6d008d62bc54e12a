"""The contract passes all checks, and each check finds an invalid document."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from contract_checks import (
    CHECKS,
    Check,
    Document,
    check_alternatives,
    check_answers_have_no_bounds,
    check_binary_responses,
    check_catalog,
    check_deprecations,
    check_descriptions,
    check_enumerations,
    check_envelopes,
    check_error_code_schema,
    check_examples_match,
    check_forbidden,
    check_frame,
    check_operations,
    check_operations_are_described,
    check_readings,
    check_references,
    check_request_examples,
    check_response_examples,
    check_structure,
    response_content,
)
from ruamel.yaml.error import YAMLError

from document import CONTRACT, bundle, load

Edit = Callable[[Document], object]


# Invalid documents for each check: a name, a part of the message, and an edit of the document


def post(document: Document, path: str) -> dict[str, Any]:
    return document["paths"][path]["post"]


def reboot(document: Document) -> dict[str, Any]:
    return post(document, "/api/reboot")


def reboot_examples(document: Document) -> dict[str, Any]:
    return json_response(document, "/api/reboot")["examples"]


def calib_examples(document: Document) -> dict[str, Any]:
    return post(document, "/api/set_calib")["requestBody"]["content"]["application/json"]["examples"]


def component(document: Document, name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def fields(document: Document, name: str) -> dict[str, Any]:
    return component(document, name)["properties"]


def json_response(document: Document, path: str) -> dict[str, Any]:
    return response_content(post(document, path))["application/json"]


def reorder_image(document: Document) -> None:
    media = response_content(post(document, "/api/get_image"))
    media["image/jpeg"] = media.pop("image/jpeg")


INVALID: dict[Check, list[tuple[str, str, Edit]]] = {
    check_structure: [
        ("no title", "title", lambda d: d["info"].pop("title")),
    ],
    check_references: [
        (
            "a reference without a target",
            "Nowhere",
            lambda d: json_response(d, "/api/reboot").update(schema={"$ref": "#/components/schemas/Nowhere"}),
        ),
    ],
    check_frame: [
        ("another version", "openapi", lambda d: d.update(openapi="3.2.0")),
        (
            "a port that is a number",
            "variables",
            lambda d: d["servers"][0]["variables"]["port"].update(default=80),
        ),
        (
            "a variable with a description",
            "variables",
            lambda d: d["servers"][0]["variables"]["host"].update(description="The host."),
        ),
        ("no security", "security", lambda d: d.pop("security")),
    ],
    check_operations: [
        ("a missing operation", "missing: post /api/reboot", lambda d: d["paths"].pop("/api/reboot")),
        (
            "an unknown operation",
            "unknown: post /api/new",
            lambda d: d["paths"].update({"/api/new": {"post": {}}}),
        ),
        (
            "another method",
            "unknown: get /api/get_image",
            lambda d: d["paths"]["/api/get_image"].update(get=d["paths"]["/api/get_image"].pop("post")),
        ),
        (
            "the old path not deprecated",
            "missing: post /api/restore",
            lambda d: post(d, "/api/restore").pop("deprecated"),
        ),
        (
            "a harmless reset",
            "destructive",
            lambda d: post(d, "/api/reset_device").update({"x-effect": "read"}),
        ),
    ],
    check_catalog: [
        ("a missing code", "-6103", lambda d: d["x-error-codes"].pop(0)),
        ("a duplicate code", "not unique", lambda d: d["x-error-codes"].append(d["x-error-codes"][0])),
        ("another range", "ranges", lambda d: d["x-error-ranges"][0].update({"from": -6600})),
        (
            "an equal name",
            "WRITE_FAILED is not unique",
            lambda d: d["x-error-codes"][0].update(name="WRITE_FAILED"),
        ),
        ("a name in lower case", "UPPER_SNAKE", lambda d: d["x-error-codes"][0].update(name="cameraLost")),
        ("an unknown category", "category", lambda d: d["x-error-codes"][0].update(category="misc")),
        ("retryable as text", "retryable", lambda d: d["x-error-codes"][0].update(retryable="yes")),
        (
            "another wording of the vendor",
            "wording",
            lambda d: d["x-error-codes"][2].update(vendor="Unknown"),
        ),
        ("an invented wording", "wording", lambda d: d["x-error-codes"][1].update(vendor="Update failed")),
        ("a range's wording", "wording", lambda d: d["x-error-ranges"][0].pop("vendor")),
        ("no versions", "versions", lambda d: d["x-error-codes"][0].pop("versions")),
        ("a code of V2 in V1", "versions", lambda d: d["x-error-codes"][1].update(versions=["v1", "v2"])),
        ("no translation", "language", lambda d: d["x-error-codes"][0]["meanings"].pop("ru")),
        (
            "a translation in English",
            "language",
            lambda d: d["x-error-codes"][0]["meanings"].update(zh="Lost"),
        ),
    ],
    check_error_code_schema: [
        ("another code", "enum", lambda d: component(d, "ErrorCode")["enum"].append(-1)),
        ("another name", "varnames", lambda d: component(d, "ErrorCode")["x-enum-varnames"].reverse()),
        ("another meaning", "descriptions", lambda d: d["x-error-codes"][3].update(meaning="?")),
    ],
    check_operations_are_described: [
        ("no id", "operationId", lambda d: reboot(d).pop("operationId")),
        ("a duplicate id", "not unique", lambda d: reboot(d).update(operationId="getImage")),
        ("an undeclared tag", "declared tag", lambda d: reboot(d).update(tags=["power"])),
        ("two tags", "one declared tag", lambda d: reboot(d).update(tags=["device", "camera"])),
        ("no summary", "summary", lambda d: reboot(d).pop("summary")),
        ("no description", "a description", lambda d: reboot(d).pop("description")),
        ("an unknown effect", "effect", lambda d: reboot(d).update({"x-effect": "write"})),
        ("an unknown code", "known error codes", lambda d: reboot(d).update({"x-error-codes": [-6211, -7]})),
        (
            "a code listed twice",
            "each code once",
            lambda d: reboot(d).update({"x-error-codes": [-6210, -6210]}),
        ),
        ("an unknown range", "known error ranges", lambda d: reboot(d).update({"x-error-ranges": ["-65xx"]})),
        ("no source", "source", lambda d: reboot(d).pop("x-source")),
        (
            "another status",
            "200 as its only status",
            lambda d: reboot(d)["responses"].update({"404": {"description": "gone"}}),
        ),
        (
            "a response without a description",
            "described responses",
            lambda d: reboot(d)["responses"]["200"].update(description=""),
        ),
        ("a tag without a description", "tag camera", lambda d: d["tags"][-1].pop("description")),
    ],
    check_response_examples: [
        ("no success", "no success example", lambda d: reboot_examples(d).pop("success")),
        ("no error", "no error example", lambda d: reboot_examples(d).pop("errorUnknown")),
        (
            "no error beside bytes",
            "getImage: no error",
            lambda d: json_response(d, "/api/get_image").pop("examples"),
        ),
        (
            "an error as the success",
            "not a success",
            lambda d: reboot_examples(d)["success"]["value"].update(code=-6210),
        ),
        (
            "an unlisted error",
            "-6103",
            lambda d: reboot_examples(d)["errorUnknown"]["value"].update(code=-6103),
        ),
        (
            "an error of an unlisted range",
            "-6501",
            lambda d: post(d, "/api/get_result").pop("x-error-ranges"),
        ),
    ],
    check_request_examples: [
        ("no vendor example", "no vendor example", lambda d: calib_examples(d).pop("vendor")),
        (
            "a restore as JSON",
            "media type",
            lambda d: post(d, "/api/start_restore")["requestBody"]["content"].update(
                {"application/json": {"examples": {"vendor": {}}}}
            ),
        ),
    ],
    check_examples_match: [
        (
            "a response of another type",
            "'0' is not of type 'integer'",
            lambda d: reboot_examples(d)["success"].update(value={"code": "0"}),
        ),
        (
            "a missing nested field",
            "'score' is a required",
            lambda d: json_response(d, "/api/get_result")["examples"]["vendor"]["value"]["data"]["items"][
                0
            ].pop("score"),
        ),
        ("a request out of bounds", "1279", lambda d: calib_examples(d)["vendor"]["value"].update(left=1280)),
        (
            "an area beyond the picture",
            "the sum of",
            lambda d: calib_examples(d)["vendor"]["value"].update(left=1000),
        ),
        (
            "a picture that is not base64",
            "is not a 'byte'",
            lambda d: json_response(d, "/api/register_item")["examples"]["vendor"]["value"]["data"].update(
                image="example_base64"
            ),
        ),
        (
            "an example of a property",
            "is not of type",
            lambda d: fields(d, "Item")["id"].update(examples=[1]),
        ),
        ("a default", "default", lambda d: fields(d, "BackupStatus")["msg"].update(default=0)),
        (
            "a parameter",
            "filename",
            lambda d: d["paths"]["/download/{filename}"]["get"]["parameters"][0]["examples"]["vendor"].update(
                value=""
            ),
        ),
    ],
    check_descriptions: [
        ("a schema", "/Item:", lambda d: component(d, "Item").pop("description")),
        ("a property", "/Item/properties/id", lambda d: fields(d, "Item")["id"].pop("description")),
        (
            "a property that refers",
            "/status",
            lambda d: fields(d, "BackupStatus")["status"].pop("description"),
        ),
        (
            "bytes",
            "image~1jpeg",
            lambda d: response_content(post(d, "/api/get_image"))["image/jpeg"]["schema"].pop("description"),
        ),
    ],
    check_deprecations: [
        (
            "an operation without replacement",
            "without x-replaced-by",
            lambda d: post(d, "/api/restore").pop("x-replaced-by"),
        ),
        (
            "an operation with a wrong replacement",
            "does not exist",
            lambda d: post(d, "/api/restore").update({"x-replaced-by": "restore"}),
        ),
        (
            "a replacement that differs",
            "other error codes",
            lambda d: post(d, "/api/restore").update({"x-error-codes": [-6210]}),
        ),
        (
            "a field without replacement",
            "without x-replaced-by",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("x-replaced-by"),
        ),
        (
            "a field with a wrong replacement",
            "does not exist",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].update({"x-replaced-by": "ident"}),
        ),
        (
            "a field with other constraints",
            "constraints",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("minLength"),
        ),
        (
            "a field that is required",
            "and required",
            lambda d: component(d, "RegisterItemRequest")["required"].append("item_id"),
        ),
    ],
    check_envelopes: [
        (
            "data required",
            "data is required",
            lambda d: component(d, "RebootAnswer")["required"].append("data"),
        ),
        (
            "a shared envelope",
            "not RebootAnswer",
            lambda d: json_response(d, "/api/reboot").update(
                schema={"$ref": "#/components/schemas/ErrorAnswer"}
            ),
        ),
        ("an enumerated code", "has limits", lambda d: fields(d, "RebootAnswer")["code"].update(enum=[0])),
        (
            "a code as a reference to the catalog",
            "has limits",
            lambda d: fields(d, "BackupStatus").update(code={"$ref": "#/components/schemas/ErrorCode"}),
        ),
        ("a code without format", "int32", lambda d: fields(d, "RebootAnswer")["code"].pop("format")),
        (
            "an optional code",
            "requires not exactly code",
            lambda d: component(d, "BackupStatus")["required"].remove("code"),
        ),
        (
            "a status that an error lacks",
            "requires not exactly code",
            lambda d: component(d, "RestoreStatus")["required"].append("status"),
        ),
        ("data that cannot be null", "anyOf", lambda d: fields(d, "GetCalibAnswer")["data"]["anyOf"].pop()),
        (
            "a third field",
            "not an envelope",
            lambda d: fields(d, "GetCalibAnswer").update(msg={"type": "string"}),
        ),
    ],
    check_answers_have_no_bounds: [
        ("a score", "maximum", lambda d: fields(d, "RecognizedItem")["score"].update(maximum=1)),
        (
            "an edge",
            "CalibrationArea/properties/left",
            lambda d: fields(d, "CalibrationArea")["left"].update(minimum=0),
        ),
        ("a list", "maxItems", lambda d: fields(d, "RecognitionResult")["items"].update(maxItems=10)),
        ("a nested name", "pattern", lambda d: fields(d, "Item")["id"].update(pattern="^0")),
        (
            "both directions",
            "LearnModeState",
            lambda d: fields(d, "LearnModeState")["mode"].update(maximum=1),
        ),
        ("a message", "maxLength", lambda d: fields(d, "BackupStatus")["msg"].update(maxLength=40)),
    ],
    check_alternatives: [
        (
            "a name that is a field",
            "is a field",
            lambda d: fields(d, "DeviceInfo")["syncMode"].update({"x-alternative-name": "sync"}),
        ),
        (
            "a result of null that is invalid",
            "x-null-result",
            lambda d: post(d, "/api/get_calib").update({"x-null-result": {"left": "0"}}),
        ),
    ],
    check_binary_responses: [
        ("JSON before the picture", "getImage", reorder_image),
        (
            "a picture as text",
            "not binary",
            lambda d: response_content(post(d, "/api/get_image"))["image/jpeg"]["schema"].pop("format"),
        ),
    ],
    check_enumerations: [
        (
            "a name that YAML reads as true",
            "not text",
            lambda d: component(d, "LearnMode").update({"x-enum-varnames": [False, True]}),
        ),
        ("a missing name", "do not match", lambda d: component(d, "SyncMode")["x-enum-varnames"].pop()),
        (
            "a duplicate name",
            "do not match",
            lambda d: component(d, "SyncMode").update({"x-enum-varnames": ["A", "A", "B"]}),
        ),
        (
            "no note on new values",
            "new values",
            lambda d: component(d, "SyncMode").update(description="Closed."),
        ),
        ("an inline enumeration", "no schema name", lambda d: fields(d, "Item")["name"].update(enum=["a"])),
    ],
    check_forbidden: [
        (
            "a default response",
            "default response",
            lambda d: reboot(d)["responses"].update(default={"description": "else"}),
        ),
        (
            "contentMediaType",
            "contentMediaType",
            lambda d: fields(d, "RegisteredImage")["image"].update(contentMediaType="image/jpeg"),
        ),
        (
            "a closed response",
            "additionalProperties",
            lambda d: component(d, "Item").update(additionalProperties=False),
        ),
        ("links", "links", lambda d: post(d, "/api/get_result")["responses"]["200"].update(links={})),
        (
            "a property without a name",
            'named ""',
            lambda d: fields(d, "RestoreUpload").update({"": {"type": "string"}}),
        ),
        ("a bare null", "bare null", lambda d: fields(d, "RebootAnswer").update(data={"type": "null"})),
        ("a list of types", "bare null", lambda d: fields(d, "Item")["name"].update(type=["string", "null"])),
        ("an empty schema", "empty schema", lambda d: fields(d, "Item").update(name={})),
        ("an inline object", "inline object", lambda d: fields(d, "Item").update(more={"type": "object"})),
        ("oneOf", "oneOf", lambda d: fields(d, "GetCalibAnswer")["data"].update(oneOf=[])),
        ("nullable", "nullable", lambda d: fields(d, "Item")["name"].update(nullable=True)),
        ("readOnly", "readOnly", lambda d: fields(d, "Item")["name"].update(readOnly=True)),
        ("a status that is a number", "not text", lambda d: reboot(d)["responses"].update({404: {}})),
    ],
    check_readings: [
        (
            "a missing reading",
            "A7 is missing",
            lambda d: d["info"].update(description=d["info"]["description"].replace("**A7**", "**A6**")),
        ),
        (
            "a reading that does not exist",
            "A99",
            lambda d: component(d, "Item").update(description="See A99."),
        ),
    ],
}


# The tests


@pytest.fixture(scope="module")
def contract() -> Document:
    return load(CONTRACT)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_contract_is_valid(check: Check, contract: Document) -> None:
    assert check(contract) == []


@pytest.mark.parametrize(
    ("check", "message", "edit"),
    [
        pytest.param(check, message, edit, id=f"{check.__name__}: {what}")
        for check, edits in INVALID.items()
        for what, message, edit in edits
    ],
)
def test_a_check_finds_an_invalid_document(
    check: Check, message: str, edit: Edit, contract: Document
) -> None:
    invalid = copy.deepcopy(contract)
    edit(invalid)
    assert [line for line in check(invalid) if message in line]


def test_every_check_has_an_invalid_document() -> None:
    assert INVALID.keys() == set(CHECKS)
    assert all(INVALID.values())


def test_a_duplicate_key_is_rejected() -> None:
    with pytest.raises(YAMLError, match="duplicate key"):
        bundle("document.yaml", {"document.yaml": "paths: {a: 1, a: 2}"}.__getitem__)


SHARED = """
x-parts: {code: {type: integer, description: Shared}}
components:
  schemas:
    Tree:
      properties: {child: {$ref: "#/components/schemas/Tree"}, leaf: {$ref: "#/components/schemas/Leaf"}}
    Leaf: {type: string}
"""


def bundle_text(text: str) -> Document:
    return bundle("main.yaml", {"main.yaml": text, "shared.yaml": SHARED}.__getitem__)


def test_schemas_of_other_files_become_schemas_of_the_document() -> None:
    bundled = bundle_text('components: {schemas: {Own: {$ref: "shared.yaml#/components/schemas/Tree"}}}')
    schemas = bundled["components"]["schemas"]
    assert list(schemas) == ["Own", "Tree", "Leaf"]
    assert schemas["Own"] == {"$ref": "#/components/schemas/Tree"}
    assert schemas["Tree"]["properties"]["child"] == {"$ref": "#/components/schemas/Tree"}


def test_other_parts_of_other_files_replace_their_references() -> None:
    bundled = bundle_text('components: {schemas: {A: {$ref: "shared.yaml#/x-parts/code", description: Own}}}')
    assert bundled["components"]["schemas"]["A"] == {"type": "integer", "description": "Own"}


def test_two_schemas_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"main\.yaml and shared\.yaml both have a schema Leaf"):
        bundle_text(
            'components: {schemas: {Leaf: {type: integer}, A: {$ref: "shared.yaml#/components/schemas/Tree"}}}'
        )
