"""One document for the Python client from those of both versions of the API.

Both versions have the same names for the same things, so each operation becomes one method, and each schema one class
with the fields of both.
"""

from __future__ import annotations

from typing import Any

from document import METHODS, resolve

Schema = dict[str, Any]

V1, V2 = "v1", "v2"
VERSIONS = "x-api-versions"
"""On an operation: the versions that have it in this form."""
FORM_OF = "x-form-of"
"""On an operation of V2 that differs from that of V1: the operationId of both."""
TITLE_IN_V2 = "x-title-in-v2"
"""On an operation of V1: the title of what V2 has in its place, if nothing else is known of it."""
REQUIRED_IN = "x-required-in"
"""On a schema: the required fields by version, if they are not the same in both."""
FEWEST_FIELDS = "x-fewest-fields"
"""On a schema of both versions: how many fields the version with fewer of them has."""


class VersionConflictError(ValueError):
    """The versions give one name to different things."""


def merge_versions(v1: Schema, v2: Schema) -> Schema:
    """Return a document with the operations and schemas of both. Neither is changed.

    Raises:
        VersionConflictError: A field, or an operation, is of another kind in the other version.
    """
    schemas = dict(v1["components"]["schemas"])
    for name, schema in v2["components"]["schemas"].items():
        schemas[name] = _merge_schemas(name, v1, schemas[name], v2, schema) if name in schemas else schema
    paths = {path: dict(item) for path, item in v1["paths"].items()}
    titles = {name: each["title"] for each in v2["x-unknown-operations"] for name in each["replaces"]}
    for item in paths.values():
        for method, operation in _methods(item).items():
            if operation["operationId"] in titles:
                item[method] = {**operation, TITLE_IN_V2: titles[operation["operationId"]]}
    names = {
        operation["operationId"] for item in v1["paths"].values() for operation in _methods(item).values()
    }
    for path, item in v2["paths"].items():
        for method, operation in _methods(item).items():
            forms = paths.setdefault(path, {})
            forms[method] = _merge_operations(forms.get(method), operation, names)
    return {**v1, "paths": paths, "components": {**v1["components"], "schemas": schemas}}


def _methods(item: Schema) -> Schema:
    return {method: operation for method, operation in item.items() if method in METHODS}


def _merge_operations(old: Schema | None, new: Schema, names: set[str]) -> Schema:
    name = new["operationId"]
    if old is not None:
        if (old["operationId"], old["x-effect"], old.get("requestBody", {}).get("content", {}).keys()) != (
            name,
            new["x-effect"],
            new.get("requestBody", {}).get("content", {}).keys(),
        ):
            raise VersionConflictError(f"{name}: the same method and path belong to another operation in V1")
        return {**old, VERSIONS: [V1, V2]}
    if name in names:
        return {**new, "operationId": f"{name}V2", VERSIONS: [V2], FORM_OF: name}
    return {**new, VERSIONS: [V2]}


def _merge_schemas(name: str, v1: Schema, old: Schema, v2: Schema, new: Schema) -> Schema:
    """Return a schema with the fields of both. What both have is as V1 describes it, which is known completely."""
    if old == new or "properties" not in old:
        if old.get("type") != new.get("type"):
            raise VersionConflictError(f"{name}: {old.get('type')} in V1, {new.get('type')} in V2")
        return old
    fields: Schema = {}
    for field, schema in {**old["properties"], **new["properties"]}.items():
        in_old, in_new = field in old["properties"], field in new["properties"]
        if in_old and in_new:
            kinds = [
                resolve(v1, old["properties"][field]).get("type"),
                resolve(v2, new["properties"][field]).get("type"),
            ]
            if None not in kinds and kinds[0] != kinds[1]:
                raise VersionConflictError(f"{name}.{field}: {kinds[0]} in V1, {kinds[1]} in V2")
            fields[field] = old["properties"][field]
        else:
            description = schema.get("description", "").rstrip().rstrip(".")
            fields[field] = {
                **schema,
                "description": f"{description}. Only documented for {'V1' if in_old else 'V2'}.",
            }
    required = {V1: old.get("required", []), V2: new.get("required", [])}
    merged = {
        **old,
        "properties": fields,
        "required": [each for each in required[V1] if each in required[V2]],
    }
    if set(required[V1]) != set(required[V2]):
        merged[REQUIRED_IN] = required
    merged[FEWEST_FIELDS] = min(len(old["properties"]), len(new["properties"]))
    return merged
