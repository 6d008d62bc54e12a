"""Which call leads to which, for the stateful phase: the work of a scale, and that of its service engineer.

They are put into the contract as it is loaded. In the shared file they would break generators that cannot
read links with an object for a request body. Importing this module registers the hooks with schemathesis.
"""

from __future__ import annotations

from typing import Any

import schemathesis

from .contract import Document

_DATA = "$response.body#/data"
_SENT = "$request.body#"

Given = dict[str, Any]


def _body(**fields: Any) -> Given:
    # The whole body: one half generated would contradict the other (A1: twins have equal values).
    return {"requestBody": fields, "x-schemathesis": {"merge_body": False}}


# An operation that leads to another may also begin a scenario, so those that undo much lead nowhere.
# source operation, target operation, what the target gets from the source
_LINKS: tuple[tuple[str, str, Given], ...] = (
    # teaching a product
    ("getItemList", "registerItem", {}),
    ("setCalib", "registerItem", {}),
    ("registerItem", "getRegisteredItemList", {}),
    ("registerItem", "registerItem", _body(id=f"{_SENT}/id", name=f"{_SENT}/name")),
    ("registerItem", "commitRegisteredItem", _body(id=f"{_SENT}/id")),
    ("registerItem", "deleteRegisteredImage", _body(id=f"{_SENT}/id", image_id=f"{_DATA}/image_id")),
    ("registerItem", "deleteRegisteredItem", _body(id=f"{_SENT}/id", item_id=f"{_SENT}/id")),
    ("getRegisteredItemList", "commitRegisteredItem", _body(id=f"{_DATA}/0/id", item_id=f"{_DATA}/0/id")),
    (
        "getRegisteredItemList",
        "deleteRegisteredImage",
        _body(id=f"{_DATA}/0/id", image_id=f"{_DATA}/0/image_id"),
    ),
    ("commitRegisteredItem", "getItemList", {}),
    ("commitRegisteredItem", "getResult", {}),
    # selling one
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
    # saving everything and loading it again; the name of the file is empty until there is one
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


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: Document) -> None:
    """Add the links to the contract that is being loaded."""
    by_id = {
        operation["operationId"]: operation
        for methods in raw_schema["paths"].values()
        for operation in methods.values()
    }
    for number, (source, target, given) in enumerate(_LINKS):
        links = by_id[source]["responses"]["200"].setdefault("links", {})
        links[f"{target}{number}"] = {"operationId": target, **given}


@schemathesis.deserializer("application/octet-stream")
def _characters(context: schemathesis.DeserializationContext, response: schemathesis.Response) -> str:
    """A downloaded backup as a link can hand it on: text, one character for each byte."""
    return response.content.decode("latin-1")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Make a file of the text that a link has handed on. Files that were generated are bytes already."""
    body: Any = case.body
    if case.media_type != "multipart/form-data" or not isinstance(body, dict):
        return
    file = body.get("file")
    if type(file) is str:  # not its subclass, which is how schemathesis marks the bytes it generates
        body["file"] = file.encode("latin-1", "replace")
