"""Build the collection: every request of the contract for Postman and the programs that read its format.

A run of the whole collection sends only requests that change nothing, to the emulator. The requests with another effect
are in a folder for each effect, with an address of its own that is empty: fill it in to send them.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from codegen_profile import EMULATOR
from document import Node, as_json, operations, resolve

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

FOLDERS = {
    "read": "Requests that change nothing.",
    "set": "Requests that change a setting.",
    "act": "Requests that have an effect with each call: they register or report products, and restart the module.",
    "destructive": "Requests that delete data that cannot be recovered. Make a backup first.",
}
"""The description of the folder of each effect, in the order of a run."""

ADDRESS = "baseUrl"
ADDRESS_DESCRIPTION = "The address of the emulator or of a module, without a slash at the end."
GUARD = "Empty, so that the requests of the folder cannot be sent. Set it to {{baseUrl}} to send them."


def build_collection(document: Node) -> str:
    """Return the collection as JSON, in version 2.1 of Postman's format.

    Raises:
        ValueError: An operation has an effect that has no folder.
    """
    unknown = {operation["x-effect"] for _, _, operation in operations(document)} - FOLDERS.keys()
    if unknown:
        raise ValueError(f"the collection has no folder for {', '.join(sorted(unknown))}")
    folders = [_folder(document, effect, description) for effect, description in FOLDERS.items()]
    addresses = [_variable(ADDRESS, EMULATOR, ADDRESS_DESCRIPTION)]
    guards = [_variable(_address_of(effect), "", GUARD) for effect in FOLDERS if effect != "read"]
    collection = {
        "info": {
            # The same for each version of the contract: a new import replaces the old one.
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, document["info"]["title"])),
            "name": document["info"]["title"],
            "description": _describe(document),
            "version": document["info"]["version"],
            "schema": SCHEMA,
        },
        "item": [folder for folder in folders if folder["item"]],
        "event": [_script("test", ['pm.test("HTTP status is 200", () => pm.response.to.have.status(200));'])],
        "variable": [*addresses, *guards],
    }
    return as_json(collection)


def _describe(document: Node) -> str:
    return (
        f"{document['info']['summary']}\n\nA run sends only the requests of the folder `read`, to the emulator. To "
        "send the others, set the address of their folder, such as `actUrl`, to `{{baseUrl}}`."
    )


def _address_of(effect: str) -> str:
    return ADDRESS if effect == "read" else f"{effect}Url"


def _folder(document: Node, effect: str, description: str) -> Node:
    requests = [
        _request(document, path, method, operation)
        for path, method, operation in operations(document)
        if operation["x-effect"] == effect
    ]
    folder: Node = {"name": effect, "description": description, "item": requests}
    if effect != "read":
        address = _address_of(effect)
        skip = f'if (!pm.variables.get("{address}")) pm.execution.skipRequest();'
        folder["event"] = [_script("prerequest", [skip])]
    return folder


def _request(document: Node, path: str, method: str, operation: Node) -> Node:
    address = f"{{{{{_address_of(operation['x-effect'])}}}}}"
    steps = [f":{step[1:-1]}" if step.startswith("{") else step for step in path.strip("/").split("/")]
    url: Node = {"raw": "/".join((address, *steps)), "host": [address], "path": steps}
    for place, key in (("path", "variable"), ("query", "query")):
        parameters = [each for each in operation.get("parameters", []) if each["in"] == place]
        if parameters:
            url[key] = [
                _variable(each["name"], str(_example(each)), each["description"]) for each in parameters
            ]
    request: Node = {
        "method": method.upper(),
        "header": [],
        "url": url,
        "description": operation["description"],
    }
    if "requestBody" in operation:
        request |= _body(document, operation["requestBody"])
    deprecated = " (deprecated)" if operation.get("deprecated") else ""
    return {"name": operation["summary"].rstrip(".") + deprecated, "request": request}


def _body(document: Node, body: Node) -> Node:
    [(media_type, content)] = body["content"].items()
    if media_type == "multipart/form-data":
        fields = resolve(document, content["schema"])["properties"]
        parts = [
            {"key": name, "type": "file", "src": None, "description": each["description"]}
            for name, each in fields.items()
        ]
        return {"body": {"mode": "formdata", "formdata": parts}}
    text = json.dumps(_example(content), ensure_ascii=False, indent=2)
    return {
        "header": [{"key": "Content-Type", "value": media_type}],
        "body": {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}},
    }


def _example(node: Node) -> Any:
    """Return the first example of a body or a parameter, or else of its schema."""
    for example in node.get("examples", {}).values():
        return example["value"]
    return next(iter(node.get("schema", {}).get("examples", [])), "")


def _variable(key: str, value: str, description: str) -> Node:
    return {"key": key, "value": value, "type": "string", "description": description}


def _script(event: str, lines: list[str]) -> Node:
    return {"listen": event, "script": {"type": "text/javascript", "exec": lines}}
