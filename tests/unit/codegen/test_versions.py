"""The documents of both versions of the API become one client."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from document import CONTRACT, CONTRACT_V2, load
from versions import VersionConflictError, merge_versions
from vision_ai_generated import api
from vision_ai_generated.models.device_info import DeviceInfo
from vision_ai_generated.models.item import Item
from vision_ai_generated.types import ShapeError, check_required

V1 = load(CONTRACT)
V2 = load(CONTRACT_V2)


def operation_ids(document: dict[str, Any]) -> set[str]:
    return {each["operationId"] for item in document["paths"].values() for each in item.values()}


def test_every_operation_of_both_versions_is_one_operation() -> None:
    names = {
        "".join("_" + c.lower() if c.isupper() else c for c in name)
        for name in operation_ids(V1) | operation_ids(V2)
    }
    assert set(api.OPERATIONS) == names


def test_an_operation_that_both_have_has_a_form_in_each() -> None:
    for operation_id in operation_ids(V1) & operation_ids(V2):
        name = "".join("_" + c.lower() if c.isupper() else c for c in operation_id)
        operation: Any = api.OPERATIONS[name]
        forms = [api.find_form(operation, "v1"), api.find_form(operation, "v2")]
        for form, document in zip(forms, (V1, V2), strict=True):
            assert form is not None
            assert form.name == name
            assert form.method.lower() in document["paths"][form.path]


def test_an_operation_of_one_version_has_no_form_in_the_other() -> None:
    assert api.find_form(api.START_BACKUP, "v2") is None
    assert api.START_BACKUP.title_in_v2 == "Export the templates"
    assert api.find_form(api.COMMIT_REGISTERED_ITEM, "v2") is None
    assert api.COMMIT_REGISTERED_ITEM.title_in_v2 is None
    assert api.find_form(api.ADD_ITEM_TEMPLATE, "v1") is None
    assert api.find_form(api.ADD_ITEM_TEMPLATE, "v2") is api.ADD_ITEM_TEMPLATE
    assert api.find_form(api.SET_CALIB, "v2") is api.SET_CALIB


def test_a_model_has_the_fields_of_both_and_lacks_what_a_version_lacks() -> None:
    item = Item.from_dict({"count": 3, "id": "001"})
    assert (item.id, item.name, item.count) == ("001", None, 3)
    assert item.to_dict() == {"count": 3, "id": "001"}
    assert DeviceInfo.from_dict({"app": "9.0.6", "board": "1109", "upload": 1}).upload == 1


def test_each_version_has_its_own_required_fields() -> None:
    old, new = Item.from_dict({"id": "001", "name": "Apple"}), Item.from_dict({"id": "001", "count": 3})
    check_required(old, "v1")
    check_required(new, "v2")
    with pytest.raises(ShapeError, match=r"Item\.name is missing"):
        check_required([new], "v1")
    with pytest.raises(ShapeError, match=r"Item\.count is missing"):
        check_required([old], "v2")


def test_the_documents_stay_as_they_are() -> None:
    before = copy.deepcopy((V1, V2))
    merge_versions(V1, V2)
    assert before == (V1, V2)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda document: document["components"]["schemas"]["DeviceInfo"]["properties"]["engine"].update(
                type="integer"
            ),
            "DeviceInfo.engine: string in V1, integer in V2",
        ),
        (
            lambda document: document["components"]["schemas"].update(
                SyncMode={"type": "integer", "enum": [1]}
            ),
            "SyncMode: string in V1, integer in V2",
        ),
        (
            lambda document: document["paths"]["/api/set_calib"]["post"].update({"x-effect": "act"}),
            "setCalib: the same method and path belong to another operation in V1",
        ),
    ],
    ids=["field", "enumeration", "operation"],
)
def test_one_name_for_different_things_is_refused(edit: Any, message: str) -> None:
    changed = copy.deepcopy(V2)
    edit(changed)
    with pytest.raises(VersionConflictError, match=message):
        merge_versions(V1, changed)
