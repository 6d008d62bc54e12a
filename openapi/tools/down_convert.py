"""Convert OpenAPI 3.1 to 3.0.3, for the subset of 3.1 that the contract uses.

The conversion refuses what it does not know, because a keyword that 3.0 lacks must never be dropped silently.
"""

from __future__ import annotations

from typing import Any

from document import Node, is_list, is_node

NULL: Node = {"description": "Null.", "type": "object", "nullable": True, "enum": [None]}
"""The schema of null alone. OpenAPI 3.0.3 allows `nullable` only beside a `type`."""

# fmt: off
SCHEMA_KEYWORDS = frozenset((
    "title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
    "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "enum", "type", "allOf", "oneOf", "anyOf", "not", "items",
    "properties", "additionalProperties", "description", "format", "default", "nullable",
    "discriminator", "readOnly", "writeOnly", "xml", "externalDocs", "example", "deprecated",
    "$ref",
))
ROOT_KEYWORDS = frozenset((
    "openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs",
))
COMPONENTS = frozenset((
    "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links",
    "callbacks",
))
# fmt: on


class UnsupportedError(ValueError):
    """The document contains something that 3.0 cannot express, or that this module does not know."""


def to_30(document: Node, *, codegen: bool = False) -> Node:
    """Convert the document to OpenAPI 3.0.3.

    `codegen` selects the notation for generators. It has no JSON alternative for binary responses. It has
    `nullable` beside references, which generators understand, but strict validators do not. Its introduction
    is only the summary, because many generators copy it to the top of each file.
    """
    _refuse("the document", document.keys() - ROOT_KEYWORDS)
    _refuse("components", document.get("components", {}).keys() - COMPONENTS)
    result: Node = _Converter(codegen).convert(document)
    result["openapi"] = "3.0.3"
    result["info"] = _info(document["info"], codegen)
    return result


def _refuse(where: str, keywords: set[str]) -> None:
    unknown = sorted(keyword for keyword in keywords if not keyword.startswith("x-"))
    if unknown:
        raise UnsupportedError(f"{where}: OpenAPI 3.0 has no {', '.join(unknown)}")


def _info(info: Node, codegen: bool) -> Node:
    """Convert `summary` and the `identifier` of the license, which 3.0 does not have."""
    result = {key: value for key, value in info.items() if key != "summary"}
    if "summary" in info:
        introduction = "" if codegen else info.get("description", "")
        result["description"] = f"{info['summary']}\n\n{introduction}".rstrip() + "\n"
    if "identifier" in info.get("license", {}):
        license_node = {key: value for key, value in info["license"].items() if key != "identifier"}
        result["license"] = {
            **license_node,
            "url": f"https://spdx.org/licenses/{info['license']['identifier']}",
        }
    return result


class _Converter:
    def __init__(self, codegen: bool) -> None:
        self._codegen = codegen

    def convert(self, node: Any) -> Any:
        """Convert the schemas inside a node that is not a schema itself, and in the profile the responses."""
        if is_list(node):
            return [self.convert(child) for child in node]
        if not is_node(node):
            return node
        result: Node = {}
        for key, child in node.items():
            if key in ("example", "examples") or key.startswith("x-"):
                result[key] = child
            elif key == "schema":
                result[key] = self.schema(child)
            elif key == "schemas":
                result[key] = {name: self.schema(schema) for name, schema in child.items()}
            elif key == "responses" and self._codegen:
                result[key] = {status: self._response(response) for status, response in child.items()}
            else:
                result[key] = self.convert(child)
        return result

    def _response(self, response: Node) -> Node:
        """Reduce a response to one media type: the binary one, if there is one."""
        content: Node = response.get("content", {})
        binary = [
            media for media, body in content.items() if body.get("schema", {}).get("format") == "binary"
        ]
        kept = {media: body for media, body in content.items() if media in binary} if binary else content
        return self.convert({**response, **({"content": kept} if content else {})})

    def schema(self, schema: Any) -> Node:
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        if "$ref" in schema:
            return self._reference(schema)
        if len(_kinds(schema)) > 1 or _null_alternatives(schema):
            return self._alternatives(schema)
        if schema.get("type") == "null":
            return {**NULL, **{key: value for key, value in schema.items() if key != "type"}}
        result: Node = {}
        for key, value in schema.items():
            result.update(self._keyword(key, value, schema))
        _refuse("a schema", result.keys() - SCHEMA_KEYWORDS)
        return result

    def _reference(self, schema: Node) -> Node:
        """Convert keywords beside a reference, which 3.0 does not allow."""
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        reference = {"$ref": schema["$ref"]}
        if not beside:
            return reference
        if "allOf" in beside:
            raise UnsupportedError("a schema: $ref beside allOf")
        return {"allOf": [reference], **self.schema(beside)}

    def _alternatives(self, schema: Node) -> Node:
        """Convert `anyOf` or a list of types, which can include null."""
        keyword = "oneOf" if "oneOf" in schema else "anyOf"
        outer = {key: value for key, value in schema.items() if key not in (keyword, "type")}
        if keyword in schema:
            alternatives: list[Node] = schema[keyword]
        else:
            outer = {key: schema[key] for key in ("description", "deprecated") if key in schema}
            inner = {key: value for key, value in schema.items() if key not in outer}
            alternatives = [{**inner, "type": kind} for kind in _kinds(schema)]
        others = [each for each in alternatives if each.get("type") != "null"]
        nullable = len(others) < len(alternatives)

        if len(others) == 1 and "$ref" not in others[0]:
            return {**self._merged(outer, others[0]), "nullable": True}
        converted = [self.schema(each) for each in others]
        if not nullable:
            return {**self.schema(outer), keyword: converted}
        if not self._codegen:
            return {**self.schema(outer), keyword: [*converted, NULL]}
        if len(others) == 1:
            return {**self.schema(outer), "allOf": converted, "nullable": True}
        return {**self.schema(outer), keyword: converted, "nullable": True}

    def _merged(self, outer: Node, inner: Node) -> Node:
        """Replace the choice between one schema and null by that schema, with both descriptions."""
        if "type" not in inner or (outer.keys() & inner.keys()) - {"description"}:
            raise UnsupportedError("a schema: null beside an alternative without a type")
        descriptions = [each["description"] for each in (outer, inner) if "description" in each]
        description: Node = {"description": "\n\n".join(descriptions)} if descriptions else {}
        return self.schema({**description, **inner, **outer, **description})

    def _keyword(self, key: str, value: Any, schema: Node) -> Node:
        match key:
            case "type" if is_list(value):
                return {"type": value[0]}
            case "examples":
                further = {"x-further-examples": value[1:]} if len(value) > 1 else {}
                return {"example": value[0], **further}
            case "const":
                return {"enum": [value]}
            case "exclusiveMinimum" | "exclusiveMaximum":
                bound = "minimum" if key == "exclusiveMinimum" else "maximum"
                if bound in schema:
                    raise UnsupportedError(f"a schema: {bound} beside {key}")
                return {bound: value, key: True}
            case "contentEncoding" if value == "base64":
                return {"format": "byte"}
            case "properties":
                return {key: {name: self.schema(each) for name, each in value.items()}}
            case "items" | "not":
                return {key: self.schema(value)}
            case "additionalProperties":
                return {key: value if isinstance(value, bool) else self.schema(value)}
            case "allOf" | "anyOf" | "oneOf":
                return {key: [self.schema(each) for each in value]}
            case "$comment":
                return {}
            case _:
                return {key: value}


def _kinds(schema: Node) -> list[str]:
    kinds: Any = schema.get("type", [])
    return kinds if is_list(kinds) else [kinds]


def _null_alternatives(schema: Node) -> bool:
    return any(
        each.get("type") == "null" for keyword in ("anyOf", "oneOf") for each in schema.get(keyword, [])
    )
