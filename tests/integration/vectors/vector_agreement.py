"""Where the vectors and the contract's document do not agree, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from document import CONTRACT, Node, operations
from vectors import body_of, content_of, is_cut_short

DOCUMENT: Node = json.loads((CONTRACT.parent / "dist" / "vision-ai.json").read_text(encoding="utf-8"))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, method, operation in operations(DOCUMENT)
}
JPEG = "image/jpeg"
JSON = "application/json"
FORM = "multipart/form-data"
REGISTRY: Any = Registry().with_resource("contract", DRAFT202012.create_resource(DOCUMENT))


def catalogue_entry(code: int) -> Node:
    """What an error of this code is to say of itself."""
    entries = [each for each in DOCUMENT["x-error-codes"] if each["code"] == code]
    entries += [each for each in DOCUMENT["x-error-ranges"] if each["from"] <= code <= each["to"]]
    entry = entries[0] if entries else {"name": None, "category": None, "retryable": False}
    return {"kind": "device", "code": code} | {key: entry[key] for key in ("name", "category", "retryable")}


def disagreements(vector: Node) -> list[str]:
    """A vector fits the contract in all it holds; one that speaks of a deviation does not."""
    if vector["operation"] not in OPERATIONS:
        return [f"there is no operation {vector['operation']}"]
    found = [*_misplaced(vector), *_wrong_error(vector)]
    departures = [*_departures(vector)]
    if "deviation" not in vector:
        found += departures
    elif not departures:
        found.append(f"it says {vector['deviation']!r}, and all of it fits the contract")
    return found


def _misplaced(vector: Node) -> Iterator[str]:
    """A client's requests go where the contract says, to the operation or to the one that it replaces."""
    if "client" not in vector["tests"]:
        return
    for exchange in vector["exchanges"]:
        request = exchange["request"]
        if _operation_of(request) is None:
            yield f"{request['method']} {request['target']} is no operation"
    ids = {_operation_of(exchange["request"]) for exchange in vector["exchanges"]}
    if vector["exchanges"] and vector["operation"] not in ids:
        yield f"none of its requests is a {vector['operation']}"


def _operation_of(request: Node) -> str | None:
    for operation_id, (method, path, _) in OPERATIONS.items():
        pattern = re.sub(r"\\{\w+\\}", "[^/?#]+", re.escape(path))
        if request["method"] == method and re.fullmatch(pattern, request["target"]):
            return operation_id
    return None


def _wrong_error(vector: Node) -> Iterator[str]:
    error = vector.get("expect", {}).get("error", {})
    if error.get("kind") == "device" and error != catalogue_entry(error["code"]):
        yield f"{error} is not what the catalogue says: {catalogue_entry(error['code'])}"


def _departures(vector: Node) -> Iterator[str]:
    for exchange in vector["exchanges"]:
        operation_id = _operation_of(exchange["request"])
        if operation_id is None:
            continue
        operation = OPERATIONS[operation_id][2]
        yield from _request_departures(operation, exchange["request"])
        if exchange["response"].get("head", [""])[0].split(" ")[1:2] == ["200"]:
            yield from _response_departures(operation, exchange["response"])
    yield from _result_departures(vector)


def _request_departures(operation: Node, request: Node) -> Iterator[str]:
    content: Node = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        yield from _json_departures(body_of(request), content[JSON]["schema"])
    elif FORM in content and request.get("multipart", {}).get("name") not in content[FORM]["encoding"]:
        yield "the form has no part of the contract's name"


def _response_departures(operation: Node, response: Node) -> Iterator[str]:
    content: Node = operation["responses"]["200"]["content"]
    body = _whole_content(response)
    if body is None or "application/octet-stream" in content:
        return
    if JPEG in content and body.startswith(b"\xff\xd8\xff"):
        if b"\xff\xd9" not in body:
            yield "the picture has no end"
        return
    yield from _json_departures(body, content[JSON]["schema"])


def _whole_content(response: Node) -> bytes | None:
    """What a response carries; None where less comes than was announced."""
    try:
        return None if is_cut_short(response) else content_of(response)
    except ValueError:  # a chunk is missing
        return None


def _result_departures(vector: Node) -> Iterator[str]:
    expect = vector.get("expect", {})
    if expect.get("result") is None or any(mark in json.dumps(expect) for mark in ('"$any"', '"$in"')):
        return
    schema = OPERATIONS[vector["operation"]][2]["responses"]["200"]["content"][JSON]["schema"]
    bare = {"code": 0, **expect["result"]} if "over" in expect else {"code": 0, "data": expect["result"]}
    yield from _json_departures(json.dumps(bare).encode(), schema)


def _json_departures(body: bytes, schema: Node) -> Iterator[str]:
    try:
        value = json.loads(body.decode(), parse_constant=_refused)
    except ValueError as error:
        yield f"{body[:40]!r} is not JSON: {error}"
        return
    absolute = json.loads(json.dumps(schema).replace('"#/', '"contract#/'))
    validator: Any = Draft202012Validator(absolute, registry=REGISTRY)
    yield from (f"{error.json_path}: {error.message[:100]}" for error in validator.iter_errors(value))


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def examples() -> Iterator[tuple[str, str, Any]]:
    """Operation, `request` or `response`, and value of every JSON example in the contract."""
    for operation_id, (_, _, operation) in OPERATIONS.items():
        messages = {"request": operation.get("requestBody", {}), "response": operation["responses"]["200"]}
        for message, node in messages.items():
            for example in node.get("content", {}).get(JSON, {}).get("examples", {}).values():
                yield operation_id, message, example["value"]


def shown(vectors: list[Node]) -> list[tuple[str, str, Any]]:
    """The same of what the vectors send and answer."""
    found: list[tuple[str, str, Any]] = []
    for vector in vectors:
        for exchange in vector["exchanges"]:
            for message in ("request", "response"):
                body = body_of(exchange[message])
                if body[:1] == b"{":
                    found.append((_operation_of(exchange["request"]) or "", message, _value(body)))
    return found


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
