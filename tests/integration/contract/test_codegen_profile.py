"""The form for generators: every change that fixes generated code, and nothing else, differs from the contract."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from codegen_profile import BOUNDS, NameClashError, build_codegen_profile
from contract import DIST
from document import Node, operations
from open_enumerations import UnnamedValueError
from vision_ai_emulator.serving.server import DEFAULT_PORT

NAME = "vision-ai-3.0-codegen.json"
UPLOADS = ("/api/start_restore", "/api/restore")
FORM = "multipart/form-data"


@pytest.fixture(scope="module")
def profile() -> Node:
    return json.loads((DIST / NAME).read_text(encoding="utf-8"))


def schemas_of(node: Any) -> Iterator[Node]:
    if isinstance(node, list):
        for child in node:
            yield from schemas_of(child)
    elif isinstance(node, dict):
        yield node
        for key, child in node.items():
            if key not in ("example", "examples", "enum"):
                yield from schemas_of(list(child.values()) if key == "properties" else child)


def bounds_of(node: Any) -> set[str]:
    return {keyword for schema in schemas_of(node) for keyword in BOUNDS & schema.keys()}


def schema_of_calib(document: Node) -> Node:
    return document["components"]["schemas"]["SetCalibRequest"]


def validate(document: Node, name: str, value: Any) -> bool:
    registry = Registry().with_resource("urn:document", DRAFT4.create_resource(document))
    return OAS30Validator({"$ref": f"urn:document#/components/schemas/{name}"}, registry=registry).is_valid(
        value
    )


# Schemas


def test_the_fields_are_those_of_the_contract(contract: Node, profile: Node) -> None:
    schemas = contract["components"]["schemas"]
    schemas["Product"] = schemas.pop("Item")
    del schemas["RestoreUpload"]
    assert profile["components"]["schemas"].keys() == schemas.keys()
    for name, schema in schemas.items():
        emitted = profile["components"]["schemas"][name]
        assert emitted.get("properties", {}).keys() == schema.get("properties", {}).keys(), name
        assert emitted.get("required") == schema.get("required"), name


def test_the_profile_accepts_values_of_newer_firmware(profile: Node) -> None:
    for schema, value in (("BackupStatus", 9), ("RestoreStatus", 9), ("LearnModeState", 2)):
        assert validate(profile, schema, {"code": 0, "status": value, "mode": value}), schema
        assert not validate(profile, schema, {"code": 0, "status": "9", "mode": "2"}), schema


def test_the_profile_describes_the_known_values(contract: Node, profile: Node) -> None:
    schemas = profile["components"]["schemas"]
    description = schemas["BackupState"]["description"]
    assert description.startswith(contract["components"]["schemas"]["BackupState"]["description"])
    assert description.endswith("\n- `6` FAILED: The module could not create the file.\n")
    field = schemas["BackupStatus"]["properties"]["status"]["description"]
    assert field.startswith("The state as a number.\n\nThe state of a backup.")
    assert "- `3` COMPLETED: " in field


def test_the_profile_has_no_enumeration_except_the_catalog_of_error_codes(profile: Node) -> None:
    schemas = profile["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "enum" in schema] == ["ErrorCode"]
    assert "schemas/ErrorCode" not in json.dumps(profile)


def test_the_catalog_has_its_names_for_all_generators(contract: Node, profile: Node) -> None:
    catalog = profile["components"]["schemas"]["ErrorCode"]
    names = [each["name"] for each in contract["x-error-codes"]]
    assert catalog["x-enum-varnames"] == catalog["x-enumNames"] == names


def test_an_enumeration_without_names_is_an_error(contract: Node) -> None:
    contract["components"]["schemas"]["SyncMode"]["x-enum-varnames"].pop()
    with pytest.raises(UnnamedValueError, match="SyncMode: x-enum-varnames"):
        build_codegen_profile(contract)


@pytest.mark.parametrize("value", ["12345678", 12345678, True, {"a": 1}, [1], None])
def test_a_field_without_a_type_allows_any_value(value: Any) -> None:
    profile = json.loads((DIST / "vision-ai-v2-3.0-codegen.json").read_text(encoding="utf-8"))
    fields = profile["components"]["schemas"]["DeviceInfo"]["properties"]
    untyped = [name for name, field in fields.items() if field.keys() <= {"description", "x-known-from"}]
    assert {"sn", "sync", "syncMode"} <= set(untyped)
    assert validate(profile, "DeviceInfo", dict.fromkeys(untyped, value))


def test_objects_without_fields_allow_all_fields(contract: Node, profile: Node) -> None:
    assert profile["components"]["schemas"]["NoData"]["additionalProperties"] is True
    contract["components"]["schemas"]["DeviceInfo"]["properties"]["rest"] = {
        "type": "object",
        "description": "More.",
    }
    field = build_codegen_profile(contract)["components"]["schemas"]["DeviceInfo"]["properties"]["rest"]
    assert field["additionalProperties"] is True


def test_a_name_that_clashes_in_generated_code_is_replaced(contract: Node, profile: Node) -> None:
    schemas = profile["components"]["schemas"]
    items = schemas["GetItemListAnswer"]["properties"]["data"]["items"]
    assert items == {"$ref": "#/components/schemas/Product"}
    assert "Item" not in schemas
    contract["components"]["schemas"]["Product"] = {"type": "object"}
    with pytest.raises(NameClashError, match="Product"):
        build_codegen_profile(contract)


def test_the_document_that_is_converted_stays_as_it_is(contract: Node) -> None:
    before = copy.deepcopy(contract)
    build_codegen_profile(contract)
    assert contract == before


# Bounds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CalibrationArea", {"left": 1280, "top": -1, "width": 1281, "height": 4000}),
        ("RecognizedItem", {"id": "001", "score": 1.0000000000000002}),
        ("RecognizedItem", {"id": "001", "score": -0.1}),
        ("RecognitionResult", {"items": [{"id": "", "score": 0}] * 11, "sid": ""}),
    ],
)
def test_a_response_beyond_a_bound_is_valid(profile: Node, name: str, value: Any) -> None:
    assert validate(profile, name, value)


def test_no_response_has_bounds_and_requests_keep_theirs(contract: Node, profile: Node) -> None:
    for (path, _, operation), (_, _, of_contract) in zip(
        operations(profile), operations(contract), strict=True
    ):
        assert not bounds_of(reachable(profile, operation["responses"])), path
        requests = [
            bounds_of(reachable(document, [each.get("requestBody"), each.get("parameters")]))
            for document, each in ((profile, operation), (contract, of_contract))
        ]
        assert requests[0] == requests[1], path
    assert bounds_of(schema_of_calib(profile)) == {"minimum", "maximum", "x-sum-maximum"}


def reachable(document: Node, node: Any) -> list[Any]:
    """Return the node and all schemas behind its references."""
    found: dict[str, Any] = {"": node}
    remaining = [node]
    while remaining:
        for schema in list(schemas_of(remaining.pop())):
            name = schema.get("$ref", "").rpartition("/")[2]
            if name and name not in found:
                found[name] = document["components"]["schemas"][name]
                remaining.append(found[name])
    return list(found.values())


def use_area_in_request(contract: Node) -> None:
    body = contract["paths"]["/api/set_calib"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"] = {"$ref": "#/components/schemas/CalibrationArea"}
    area = contract["components"]["schemas"]["CalibrationArea"]
    area["properties"]["left"].update(minimum=0, maximum=1279)


def test_a_schema_of_requests_and_responses_is_split(contract: Node) -> None:
    use_area_in_request(contract)
    profile = build_codegen_profile(contract)
    schemas = profile["components"]["schemas"]
    body = profile["paths"]["/api/set_calib"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/CalibrationArea"}
    assert bounds_of(schemas["CalibrationArea"]) == {"minimum", "maximum"}
    data = schemas["GetCalibAnswer"]["properties"]["data"]
    assert data["allOf"] == [{"$ref": "#/components/schemas/CalibrationAreaAnswer"}]
    assert not bounds_of(schemas["CalibrationAreaAnswer"])


def test_a_schema_that_is_split_takes_what_it_contains_with_it(contract: Node) -> None:
    use_area_in_request(contract)
    schemas = contract["components"]["schemas"]
    schemas["Edge"] = {"type": "integer", "minimum": 0, "maximum": 9, "description": "An edge."}
    schemas["CalibrationArea"]["properties"] = {"left": {"$ref": "#/components/schemas/Edge"}}
    schemas = build_codegen_profile(contract)["components"]["schemas"]
    left = schemas["CalibrationAreaAnswer"]["properties"]["left"]
    assert left == {"$ref": "#/components/schemas/EdgeAnswer"}
    assert bounds_of(schemas["Edge"]) and not bounds_of(schemas["EdgeAnswer"])


def test_a_schema_without_bounds_is_not_split(contract: Node) -> None:
    use_area_in_request(contract)
    contract["components"]["schemas"]["CalibrationArea"]["properties"] = {"left": {"type": "integer"}}
    assert "CalibrationAreaAnswer" not in build_codegen_profile(contract)["components"]["schemas"]


def test_a_name_that_a_split_needs_is_not_taken_from_another_schema(contract: Node) -> None:
    use_area_in_request(contract)
    contract["components"]["schemas"]["CalibrationAreaAnswer"] = {"type": "object"}
    with pytest.raises(NameClashError, match="CalibrationAreaAnswer exists"):
        build_codegen_profile(contract)


@pytest.mark.parametrize("keyword", sorted(BOUNDS))
def test_every_bound_of_a_response_is_removed_but_no_field_with_its_name(
    contract: Node, keyword: str
) -> None:
    fields = contract["components"]["schemas"]["DeviceInfo"]["properties"]
    fields[keyword] = {"type": "string", "description": "A field.", keyword: 1}
    fields = build_codegen_profile(contract)["components"]["schemas"]["DeviceInfo"]["properties"]
    assert fields[keyword] == {"type": "string", "description": "A field."}


# Requests


@pytest.mark.parametrize("path", UPLOADS)
def test_the_form_of_an_upload_is_inline_and_has_no_default_encoding(profile: Node, path: str) -> None:
    form = profile["paths"][path]["post"]["requestBody"]["content"][FORM]
    assert form.keys() == {"schema"}
    assert form["schema"]["required"] == ["file"]
    assert form["schema"]["properties"]["file"]["format"] == "binary"


def test_an_encoding_that_is_not_the_default_stays(contract: Node) -> None:
    form = contract["paths"][UPLOADS[0]]["post"]["requestBody"]["content"][FORM]
    form["encoding"] = {"file": {"contentType": "application/zip"}}
    emitted = build_codegen_profile(contract)["paths"][UPLOADS[0]]["post"]["requestBody"]["content"][FORM]
    assert emitted["encoding"] == {"file": {"contentType": "application/zip"}}


def test_a_form_that_something_else_uses_stays_a_component(contract: Node) -> None:
    contract["components"]["schemas"]["Other"] = {"$ref": "#/components/schemas/RestoreUpload"}
    assert "RestoreUpload" in build_codegen_profile(contract)["components"]["schemas"]


# The rest


def test_responses_have_one_media_type(profile: Node) -> None:
    media_types = {
        operation["operationId"]: list(operation["responses"]["200"]["content"])
        for _, _, operation in operations(profile)
    }
    assert media_types.pop("getImage") == ["image/jpeg"]
    assert media_types.pop("downloadBackup") == ["application/octet-stream"]
    assert set(map(tuple, media_types.values())) == {("application/json",)}


def test_the_introduction_is_the_summary(contract: Node, profile: Node) -> None:
    assert profile["info"]["description"] == contract["info"]["summary"] + "\n"


def test_the_only_server_is_the_emulator_with_a_literal_address(profile: Node) -> None:
    [server] = profile["servers"]
    assert server["url"] == f"http://127.0.0.1:{DEFAULT_PORT}"
    assert "variables" not in server
