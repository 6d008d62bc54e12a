"""The document of V2 has what was seen and nothing else, and says of everything how it is known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from document import CONTRACT, CONTRACT_V2, load

V1 = load(CONTRACT)
V2 = load(CONTRACT_V2)
SOURCE: dict[str, Any] = YAML(typ="safe").load(CONTRACT_V2)
COMMON: dict[str, Any] = YAML(typ="safe").load(CONTRACT.with_name("common.yaml"))

OPERATIONS = """
get  /api/get_device_info         getDeviceInfo        read         vendor
post /api/set_time                setTime              set          vendor
post /api/set_predict_speed       setPredictSpeed      set          vendor
post /api/set_sync_master         setSyncMaster        set          vendor
post /api/set_calib               setCalib             set          vendor
get  /api/get_item_list           getItemList          read         agent
post /api/delete_item             deleteItem           destructive  agent
post /api/add_item_template       addItemTemplate      act          vendor
post /api/get_item_template_list  getItemTemplateList  read         vendor
post /api/delete_item_template    deleteItemTemplate   act          agent
post /api/clear_all_template      clearAllTemplate     destructive  agent
get  /api/get_result              getResult            read         vendor
get  /api/get_image               getImage             read         vendor
"""
NEW_CODES = {-6109, -6134, -6137, -6144, -6217}
NOT_SEEN = {"upload", "sn", "soldOutLimit", "sync", "sync_limit", "syncMode"}
"""Fields of the device information that the vendor's page names without a value."""


def test_the_operations_are_those_that_were_seen() -> None:
    found = {
        (method, path, each["operationId"], each["x-effect"], each["x-known-from"])
        for path, item in V2["paths"].items()
        for method, each in item.items()
    }
    assert found == {tuple(line.split()) for line in OPERATIONS.strip().splitlines()}


def test_the_other_operations_are_titles_and_nothing_else() -> None:
    unknown = V2["x-unknown-operations"]
    assert len(unknown) == 18
    assert all(each.keys() == {"title", "replaces"} for each in unknown)
    names = {each["operationId"] for item in V1["paths"].values() for each in item.values()}
    assert {name for each in unknown for name in each["replaces"]} <= names


def fields() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (name, field, schema)
        for name, each in SOURCE["components"]["schemas"].items()
        for field, schema in each.get("properties", {}).items()
        if "common.yaml#/x-properties" not in schema.get("$ref", "")
    ]


def test_every_field_says_how_it_is_known() -> None:
    assert [
        (name, field)
        for name, field, schema in fields()
        if schema.get("x-known-from") not in ("vendor", "agent")
    ] == []


def test_a_field_whose_values_were_not_seen_has_no_type() -> None:
    information = V2["components"]["schemas"]["DeviceInfo"]["properties"]
    assert {name for name, schema in information.items() if not schema.keys() & {"type", "$ref"}} == NOT_SEEN
    assert not {"sdk", "clientID", "clientName"} & information.keys()
    assert "required" not in V2["components"]["schemas"]["DeviceInfo"]


def test_a_recognition_promises_no_more_than_its_guesses() -> None:
    assert list(V2["components"]["schemas"]["RecognitionResult"]["properties"]) == ["items"]


@pytest.mark.parametrize("document", [V1, V2], ids=["v1", "v2"])
def test_the_catalog_is_one(document: dict[str, Any]) -> None:
    assert document["x-error-codes"] == COMMON["x-error-codes"]
    assert {each["code"] for each in document["x-error-codes"] if each["versions"] == ["v2"]} == NEW_CODES
    assert all("v2" in each["versions"] for each in document["x-error-codes"])


def test_what_both_versions_have_stands_once() -> None:
    own = {name for name, schema in SOURCE["components"]["schemas"].items() if "$ref" not in schema}
    assert not own & COMMON["components"]["schemas"].keys()


def test_the_readings_are_numbered() -> None:
    found = re.findall(r"- \*\*B(\d+)\*\*", V2["info"]["description"])
    assert found == [str(number) for number in range(1, len(found) + 1)]
    readme = (CONTRACT.parent / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| B(\d+) \|", readme, re.MULTILINE) == found
