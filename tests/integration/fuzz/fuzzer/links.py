"""Links between operations for the stateful phase: the workflows of a scale and of its service engineer.

The links are added when the contract is loaded. They are not part of the contract, because some generators
cannot parse links with an object as the request body. The import of this module registers the hooks with
schemathesis.
"""

from __future__ import annotations

from typing import Any

import schemathesis

from . import contract
from .contract import Api, Document

_DATA = "$response.body#/data"
_REQUEST = "$request.body#"

Link = dict[str, Any]


def _body(**fields: Any) -> Link:
    # The whole body, because a generated alias would not have the same value (A1).
    return {"requestBody": fields, "x-schemathesis": {"merge_body": False}}


# An operation with links may also start a scenario, so operations that delete data have none.
# Each link: the source operation, the target operation, and the data for the target.
_V1: tuple[tuple[str, str, Link], ...] = (
    # register a product
    ("getItemList", "registerItem", {}),
    ("setCalib", "registerItem", {}),
    ("registerItem", "getRegisteredItemList", {}),
    ("registerItem", "registerItem", _body(id=f"{_REQUEST}/id", name=f"{_REQUEST}/name")),
    ("registerItem", "commitRegisteredItem", _body(id=f"{_REQUEST}/id")),
    ("registerItem", "deleteRegisteredImage", _body(id=f"{_REQUEST}/id", image_id=f"{_DATA}/image_id")),
    ("registerItem", "deleteRegisteredItem", _body(id=f"{_REQUEST}/id", item_id=f"{_REQUEST}/id")),
    ("getRegisteredItemList", "commitRegisteredItem", _body(id=f"{_DATA}/0/id", item_id=f"{_DATA}/0/id")),
    (
        "getRegisteredItemList",
        "deleteRegisteredImage",
        _body(id=f"{_DATA}/0/id", image_id=f"{_DATA}/0/image_id"),
    ),
    ("commitRegisteredItem", "getItemList", {}),
    ("commitRegisteredItem", "getResult", {}),
    # recognize a product
    ("getItemList", "getResult", {}),
    ("getResult", "registerItem", {}),
    ("getResult", "resultFeedback", _body(sid=f"{_DATA}/sid", id="017", name="Pear", intop=False)),
    (
        "getResult",
        "resultFeedback",
        _body(
            sid=f"{_DATA}/sid",
            id=f"{_DATA}/items/0/id",
            item_id=f"{_DATA}/items/0/id",
            name="Apple",
            item_name="Apple",
            intop=True,
        ),
    ),
    ("resultFeedback", "getItemList", {}),
    # backup and restore; the file name is empty until there is a file
    ("startBackup", "getBackupStatus", {}),
    ("getBackupStatus", "getBackupStatus", {}),
    (
        "getBackupStatus",
        "downloadBackup",
        {"parameters": {"path.filename": "$response.body#/filename#regex:(.+)"}},
    ),
    ("downloadBackup", "startRestore", _body(file="$response.body")),
    ("downloadBackup", "startRestoreAlias", _body(file="$response.body")),
    ("startRestore", "getRestoreStatus", {}),
    ("startRestoreAlias", "getRestoreStatus", {}),
    # settings
    ("setCalib", "getCalib", {}),
    ("setCalib", "getImage", {}),
    ("setLearnmode", "getLearnmode", {}),
    ("setLearnmode", "getDeviceInfo", {}),
    ("getRegisteredItemList", "reboot", {}),
    ("setLearnmode", "resetDevice", {}),
)

_V2: tuple[tuple[str, str, Link], ...] = (
    # add templates of a product, and list and delete them
    ("getItemList", "addItemTemplate", {}),
    ("setCalib", "addItemTemplate", {}),
    ("setTime", "addItemTemplate", {}),
    ("addItemTemplate", "addItemTemplate", _body(id=f"{_REQUEST}/id")),
    ("addItemTemplate", "getItemTemplateList", _body(id=f"{_REQUEST}/id")),
    ("addItemTemplate", "getItemList", {}),
    ("addItemTemplate", "deleteItemTemplate", _body(id=f"{_REQUEST}/id", sid=f"{_DATA}/sid")),
    ("getItemList", "getItemTemplateList", _body(id=f"{_DATA}/0/id")),
    ("getItemTemplateList", "deleteItemTemplate", _body(id=f"{_REQUEST}/id", sid=f"{_DATA}/0")),
    ("getItemList", "deleteItem", _body(id=f"{_DATA}/0/id")),
    ("getItemTemplateList", "clearAllTemplate", {}),
    # recognize a product
    ("addItemTemplate", "getResult", {}),
    ("getItemList", "getResult", {}),
    ("getResult", "addItemTemplate", _body(id=f"{_DATA}/items/0/id")),
    ("getResult", "deleteItem", _body(id=f"{_DATA}/items/0/id")),
    # settings
    ("setPredictSpeed", "getDeviceInfo", {}),
    ("setSyncMaster", "getDeviceInfo", {}),
    ("getDeviceInfo", "setPredictSpeed", {}),
    ("getDeviceInfo", "setSyncMaster", {}),
    ("getDeviceInfo", "setTime", {}),
    ("setCalib", "getImage", {}),
    ("getImage", "getResult", {}),
)

_LINKS: dict[Api, tuple[tuple[str, str, Link], ...]] = {"v1": _V1, "v2": _V2}


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: Document) -> None:
    """Add the links to the contract."""
    by_id = {
        operation["operationId"]: operation
        for methods in raw_schema["paths"].values()
        for operation in methods.values()
    }
    for number, (source, target, link) in enumerate(_LINKS[contract.find(raw_schema).api]):
        links = by_id[source]["responses"]["200"].setdefault("links", {})
        links[f"{target}{number}"] = {"operationId": target, **link}


@schemathesis.deserializer("application/octet-stream")
def _decode_backup(context: schemathesis.DeserializationContext, response: schemathesis.Response) -> str:
    """Decode a downloaded backup for a link: one character for each byte."""
    return response.content.decode("latin-1")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Encode the text from a link as a file. Generated files are already bytes."""
    body: Any = case.body
    if case.media_type != "multipart/form-data" or not isinstance(body, dict):
        return
    file = body.get("file")
    if type(file) is str:  # not the subclass with which schemathesis marks generated bytes
        body["file"] = file.encode("latin-1", "replace")
