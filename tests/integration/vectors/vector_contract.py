"""Check a vector against the contract. Each violation is a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from document import CONTRACT, Node, operations
from vectors import api_of, body_of, content_of, is_truncated

DOCUMENTS: dict[str, Node] = {
    api: json.loads((CONTRACT.parent / "dist" / name).read_text(encoding="utf-8"))
    for api, name in {"v1": "vision-ai.json", "v2": "vision-ai-v2.json"}.items()
}
OPERATIONS = {
    api: {
        operation["operationId"]: (method.upper(), path, operation)
        for path, method, operation in operations(document)
    }
    for api, document in DOCUMENTS.items()
}
"""The operations of each version of the API by their ids."""
JPEG = "image/jpeg"
JSON = "application/json"
FORM = "multipart/form-data"
REGISTRY: Any = Registry().with_resources(
    (api, DRAFT202012.create_resource(document)) for api, document in DOCUMENTS.items()
)


def catalog_entry(code: int) -> Node:
    """Return the expected error of a code. The versions of the API have one catalog."""
    catalog = DOCUMENTS["v1"]
    entries = [each for each in catalog["x-error-codes"] if each["code"] == code]
    entries += [each for each in catalog["x-error-ranges"] if each["from"] <= code <= each["to"]]
    entry = entries[0] if entries else {"name": None, "category": None, "retryable": False}
    return {"kind": "device", "code": code} | {key: entry[key] for key in ("name", "category", "retryable")}


def find_contract_violations(vector: Node) -> list[str]:
    """Check that a vector is valid, or that it is invalid if it declares a deviation."""
    if vector["operation"] not in OPERATIONS[api_of(vector)]:
        return [f"there is no operation {vector['operation']}"]
    violations = [*_check_targets(vector), *_check_level(vector), *_check_error(vector)]
    invalid_bodies = [*_check_bodies(vector)]
    if "deviation" not in vector:
        violations += invalid_bodies
    elif not invalid_bodies:
        violations.append(f"it declares the deviation {vector['deviation']!r}, but all bodies are valid")
    return violations


def _check_targets(vector: Node) -> Iterator[str]:
    """Check that each request of a client is an operation, and that the first one is the operation of the vector.

    A client that finds out the version of the API can use the operations of both versions, and asks first.
    """
    if "client" not in vector["tests"]:
        return
    found = [_find_operation(exchange["request"], vector) for exchange in vector["exchanges"]]
    for exchange, operation in zip(vector["exchanges"], found, strict=True):
        if operation is None:
            yield f"{exchange['request']['method']} {exchange['request']['target']} is not an operation"
    names = [operation and operation[1] for operation in found]
    if names and vector["operation"] not in (names if _has_any_version(vector) else names[:1]):
        yield f"its first request is a {names[0]}, not a {vector['operation']}"


def _has_any_version(vector: Node) -> bool:
    return vector.get("settings", {}).get("api") == "auto"


def _find_operation(request: Node, vector: Node) -> tuple[str, str] | None:
    """Return the version of the API and the id of the requested operation.

    It is one of the vector's version, if that has it.
    """
    own = api_of(vector)
    others = [api for api in OPERATIONS if api != own] if _has_any_version(vector) else []
    for api in (own, *others):
        for operation_id, (method, path, _) in OPERATIONS[api].items():
            pattern = re.sub(r"\\{\w+\\}", "[^/?#]+", re.escape(path))
            if request["method"] == method and re.fullmatch(pattern, request["target"]):
                return api, operation_id
    return None


def _check_level(vector: Node) -> Iterator[str]:
    """Check that a core vector has neither settings nor a departure that a client has to read anyway."""
    if vector["level"] != "core":
        return
    if "settings" in vector:
        yield "it is core, and needs a setting of the client"
    if vector.get("expect", {}).get("error", {}).get("kind") == "input":
        yield "it is core, and refuses an argument"
    is_new_value = re.search(r" is not listed\.$", vector.get("deviation", ""))
    if (
        "client" in vector["tests"]
        and "deviation" in vector
        and "result" in vector["expect"]
        and not is_new_value
    ):
        yield f"it is core, and the client has to read a departure: {vector['deviation']}"


def _check_error(vector: Node) -> Iterator[str]:
    error = vector.get("expect", {}).get("error", {})
    if error.get("kind") == "device" and error != catalog_entry(error["code"]):
        yield f"{error} is not in the catalog, which has {catalog_entry(error['code'])}"


def _check_bodies(vector: Node) -> Iterator[str]:
    for exchange in vector["exchanges"]:
        found = _find_operation(exchange["request"], vector)
        if found is None:
            continue
        api, operation_id = found
        operation = OPERATIONS[api][operation_id][2]
        yield from _check_request(api, operation, exchange["request"])
        if exchange["response"].get("head", [""])[0].split(" ")[1:2] == ["200"]:
            yield from _check_response(api, operation, exchange["response"])
    yield from _check_result(vector)


def _check_request(api: str, operation: Node, request: Node) -> Iterator[str]:
    content: Node = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        yield from _check_json(api, body_of(request), content[JSON]["schema"])
    elif FORM in content and request.get("multipart", {}).get("name") not in content[FORM]["encoding"]:
        yield "the form has no part with the name of the contract"


def _check_response(api: str, operation: Node, response: Node) -> Iterator[str]:
    content: Node = operation["responses"]["200"]["content"]
    body = _complete_content(response)
    if body is None or "application/octet-stream" in content:
        return
    if JPEG in content and body.startswith(b"\xff\xd8\xff"):
        if b"\xff\xd9" not in body:
            yield "the picture has no end"
        return
    yield from _check_json(api, body, content[JSON]["schema"])


def _complete_content(response: Node) -> bytes | None:
    """Return the content of a response, or None if it is truncated."""
    try:
        return None if is_truncated(response) else content_of(response)
    except ValueError:  # a chunk is missing
        return None


def _check_result(vector: Node) -> Iterator[str]:
    expect = vector.get("expect", {})
    if expect.get("result") is None or any(mark in json.dumps(expect) for mark in ('"$any"', '"$in"')):
        return
    api = api_of(vector)
    schema = OPERATIONS[api][vector["operation"]][2]["responses"]["200"]["content"][JSON]["schema"]
    # A null stands for a missing field, or for itself where the contract allows it.
    violations: list[str] = []
    for result in (_without_nulls(expect["result"]), expect["result"]):
        bare = {"code": 0, **result} if "over" in expect else {"code": 0, "data": result}
        violations = [*_check_json(api, json.dumps(bare).encode(), schema)]
        if not violations:
            return
    yield from violations


def _without_nulls(value: Any) -> Any:
    """Leave out the members of missing fields."""
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _check_json(api: str, body: bytes, schema: Node) -> Iterator[str]:
    try:
        value = json.loads(body.decode(), parse_constant=_reject_constant)
    except ValueError as error:
        yield f"{body[:40]!r} is not JSON: {error}"
        return
    absolute = json.loads(json.dumps(schema).replace('"#/', f'"{api}#/'))
    validator: Any = Draft202012Validator(absolute, registry=REGISTRY)
    yield from (f"{error.json_path}: {error.message[:100]}" for error in validator.iter_errors(value))


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def examples(api: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the operation, `request` or `response`, and the value of each JSON example in a document."""
    for operation_id, (_, _, operation) in OPERATIONS[api].items():
        messages = {"request": operation.get("requestBody", {}), "response": operation["responses"]["200"]}
        for message, node in messages.items():
            for example in node.get("content", {}).get(JSON, {}).get("examples", {}).values():
                yield operation_id, message, example["value"]


def bodies(vectors: list[Node]) -> list[tuple[str, str, Any]]:
    """Return the same for each JSON body of the vectors."""
    found: list[tuple[str, str, Any]] = []
    for vector in vectors:
        for exchange in vector["exchanges"]:
            for message in ("request", "response"):
                body = body_of(exchange[message])
                if body[:1] == b"{":
                    operation = _find_operation(exchange["request"], vector)
                    found.append((operation[1] if operation else "", message, _value(body)))
    return found


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
