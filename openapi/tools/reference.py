"""Build the reference: the contract as one page of HTML that loads nothing from other servers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from document import Node, is_list, is_node, operations, reference_name, resolve

HERE = Path(__file__).resolve().parent
LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "length at least {}",
    "maxLength": "length at most {}",
    "maxItems": "at most {} entries",
    "minItems": "at least {} entries",
    "pattern": "matches {}",
}


UNKNOWN_TYPE = "type not known"
SOURCES = {"vendor": "", "agent": "known only from the page of the vendor's monitoring agent"}
"""What a field or an operation says of `x-known-from`."""


def build_reference_page(document: Node) -> str:
    """Build the page. It has no external scripts, fonts or pictures."""
    page = _Page(document)
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("reference.css", "reference.js"))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    filters: dict[str, Any] = cast(Any, environment).filters  # jinja does not declare their types
    filters["prose"] = page.prose
    filters["slug"] = _slug
    return environment.get_template("reference.html.jinja").render(
        document=document,
        introduction=page.introduction(),
        sections=page.sections,
        groups=page.groups(),
        enumerations=page.enumerations(),
        codes=[*document["x-error-codes"], *document["x-error-ranges"]],
        base=page.base,
        style=Markup(style),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


class _Page:
    def __init__(self, document: Node) -> None:
        self._document = document
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        self._anchors = {path: operation["operationId"] for path, _, operation in operations(document)}
        self._anchors |= {name: name for name, schema in self._schemas() if "enum" in schema}
        self._anchors["ErrorCode"] = "error-codes"
        server = document["servers"][0]
        values = {name: variable["default"] for name, variable in server.get("variables", {}).items()}
        self.base = re.sub(r"\{(\w+)\}", lambda name: values[name[1]], server["url"]).removesuffix(":80")
        self.sections: list[str] = []

    def _schemas(self) -> list[tuple[str, Node]]:
        return list(self._document["components"]["schemas"].items())

    def introduction(self) -> Markup:
        """Render the description of the contract, with an anchor for each heading and each reading."""
        text: str = self._document["info"]["description"]
        self.sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
        html = re.sub(
            r"<h2>(.+?)</h2>",
            lambda heading: f'<h2 id="{_slug(heading[1])}">{heading[1]}</h2>',
            self.prose(text),
        )
        return Markup(re.sub(r"<li>\s*<strong>([AB]\d+)</strong>", r'<li id="\1"><strong>\1</strong>', html))

    def prose(self, text: str) -> Markup:
        """Render Markdown, in which paths, enumerations, error codes and readings are links."""
        html: str = self._markdown.render(text)
        html = re.sub(r"<code>([^<]+)</code>", self._link, html)
        html = re.sub(r"(?<![\w>#\"])([AB]\d{1,2})(?![\w<\"])", self._link_reading, html)
        html = re.sub(r"(?<=[\s(>])-(\d{4})\b", self._link_code, html)
        return Markup(html)

    def _link_reading(self, reading: re.Match[str]) -> str:
        known = (
            f"**{reading[1]}**" in self._document["info"]["description"]
        )  # a shared text may name one of V1
        return f'<a class="reading" href="#{reading[1]}">{reading[1]}</a>' if known else reading[1]

    def _link_code(self, code: re.Match[str]) -> str:
        known = any(str(entry["code"]) == code[0] for entry in self._document["x-error-codes"])
        return f'<a class="number" href="#code{code[0]}">{code[0]}</a>' if known else code[0]

    def _link(self, code: re.Match[str]) -> str:
        anchor = self._anchors.get(code[1])
        return f'<a href="#{anchor}">{code[0]}</a>' if anchor else code[0]

    def groups(self) -> list[Node]:
        return [
            {
                **tag,
                "operations": [
                    self._operation(path, method, operation)
                    for path, method, operation in operations(self._document)
                    if operation["tags"] == [tag["name"]]
                ],
            }
            for tag in self._document["tags"]
        ]

    def enumerations(self) -> list[Node]:
        """Return all enumerations except the catalog of error codes, which has a table of its own."""
        return [
            {
                "name": name,
                "description": schema["description"],
                "rows": list(
                    zip(schema["enum"], schema["x-enum-varnames"], schema["x-enum-descriptions"], strict=True)
                ),
            }
            for name, schema in self._schemas()
            if "enum" in schema and name != "ErrorCode"
        ]

    def _operation(self, path: str, method: str, operation: Node) -> Node:
        body: Node = operation.get("requestBody", {})
        content: Node = operation["responses"]["200"]["content"]
        request = next(iter(body.get("content", {}).items()), None)
        return {
            "id": operation["operationId"],
            "path": path,
            "method": method.upper(),
            "summary": operation["summary"],
            "description": operation["description"],
            "effect": operation["x-effect"],
            "source": operation["x-source"],
            "known_from": SOURCES[operation.get("x-known-from", "vendor")],
            "deprecated": operation.get("deprecated", False),
            "replaced_by": operation.get("x-replaced-by"),
            "codes": self._codes(operation),
            "parameters": [self._parameter(each) for each in operation.get("parameters", [])],
            "request_media": request[0] if request else None,
            "request_fields": list(self._fields(request[1]["schema"])) if request else [],
            "responses": [
                {"media": media, "fields": list(self._fields(each["schema"])), "schema": each["schema"]}
                for media, each in content.items()
            ],
            "curl": self._curl(path, method, operation),
            "requests": _examples(request[1] if request else {}),
            "examples": [example for each in content.values() for example in _examples(each)],
        }

    def _codes(self, operation: Node) -> list[tuple[str, str, str]]:
        """Return the text, anchor and name of each error code and range of an operation."""
        names = {entry["code"]: entry["name"] for entry in self._document["x-error-codes"]}
        found = [(str(code), f"code{code}", names[code]) for code in operation["x-error-codes"]]
        ranges = {entry["name"]: entry for entry in self._document["x-error-ranges"]}
        return found + [
            (f"{ranges[name]['from']} to {ranges[name]['to']}", f"code{ranges[name]['from']}", name)
            for name in operation.get("x-error-ranges", [])
        ]

    def _parameter(self, parameter: Node) -> Node:
        row = self._row(parameter["name"], parameter["schema"], parameter.get("required", False))
        return {
            **row,
            "description": parameter.get("description", ""),
            "example": _example(parameter, None),
            "location": parameter["in"],
        }

    def _fields(self, schema: Node, prefix: str = "") -> Iterator[Node]:
        """Yield a row for each field, including nested ones: `data.items[].id`."""
        schema = self._without_null(schema)
        if schema.get("type") == "array":
            yield from self._fields(schema["items"], f"{prefix.removesuffix('.')}[].")
        for name, field in schema.get("properties", {}).items():
            yield self._row(prefix + name, field, name in schema.get("required", []))
            yield from self._fields(field, f"{prefix}{name}.")

    def _without_null(self, schema: Node) -> Node:
        """Resolve a schema, and remove null from its types."""
        schema = resolve(self._document, schema)
        others = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
        if not others:
            return schema
        return {
            **self._without_null(others[0]),
            "nullable": True,
            "description": schema.get("description", ""),
        }

    def _row(self, name: str, field: Node, required: bool) -> Node:
        schema = self._without_null(field)
        description: str = schema.get("description", "")
        limits = [text.format(schema[key]) for key, text in LIMITS.items() if key in schema]
        if {"minimum", "maximum"} <= schema.keys():
            limits[:2] = [f"{schema['minimum']} to {schema['maximum']}"]
        if schema.get("minLength") == 1:
            limits.remove(LIMITS["minLength"].format(1))
            limits.append("not empty")
        limits = [limit for limit in limits if limit not in description]
        if known_from := SOURCES[field.get("x-known-from", "vendor")]:
            limits.append(known_from)
        if "default" in schema:
            limits.append(f"default {json.dumps(schema['default'])}")
        return {
            "name": name,
            "type": self._type(schema),
            "enumeration": reference_name(field) if "enum" in schema else None,
            "required": required,
            "limits": limits,
            "description": description,
            "example": next(iter(schema.get("examples", [])), None),
            "deprecated": schema.get("deprecated", False),
            "replaced_by": schema.get("x-replaced-by"),
        }

    def _type(self, schema: Node) -> str:
        kind: str = schema.get("type", UNKNOWN_TYPE)
        match kind, schema.get("format"):
            case "array", _:
                text = f"list of {self._type(self._without_null(schema['items']))}"
            case "string", "binary":
                text = "bytes"
            case "string", "byte":
                text = "base64"
            case _:
                text = kind
        return f"{text} or null" if schema.get("nullable") else text

    def _curl(self, path: str, method: str, operation: Node) -> str:
        """Return a curl command for the operation."""
        words = ["curl"]
        address = self.base + path
        for parameter in operation.get("parameters", []):
            address = address.replace(f"{{{parameter['name']}}}", str(_example(parameter, parameter["name"])))
        media = next(iter(operation["responses"]["200"]["content"]))
        if media == "application/octet-stream":
            words += ["--remote-name"]
        elif media != "application/json":
            words += ["--output", "pan.jpg"]
        body: Node = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in body:
            schema = resolve(self._document, body["multipart/form-data"]["schema"])
            words += [f"--form {shlex.quote(f'{name}=@test.evo')}" for name in schema["properties"]]
        elif "application/json" in body:
            example = json.dumps(_example(body["application/json"], {}), ensure_ascii=False)
            words += ["--json", shlex.quote(example)]
        elif method == "post":
            words += ["--request POST"]
        return " ".join([*words, address])


def _example(node: Node, default: Any) -> Any:
    """Return the value of the first example of a parameter or a body."""
    examples: dict[str, Node] = cast(Any, node).get("examples", {})
    first = next(iter(examples.values()), None)
    return default if first is None else first.get("value", default)


def _examples(media: Node) -> list[Node]:
    return [
        {"name": name, "summary": example["summary"], "text": _compact(example["value"])}
        for name, example in media.get("examples", {}).items()
    ]


def _compact(value: Any, indent: str = "") -> str:
    """Format JSON with each field on a new line, and short values on one line."""
    fields: Any = value
    line = json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    if len(line) <= 44 or not (is_node(value) or is_list(value)):
        return line
    if is_list(value):
        return "[\n" + ",\n".join(inner + _compact(each, inner) for each in value) + f"\n{indent}]"
    pairs = (f"{inner}{json.dumps(key)}: {_compact(each, inner)}" for key, each in fields.items())
    return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")
