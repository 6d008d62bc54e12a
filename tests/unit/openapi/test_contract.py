"""The contract keeps its promises, and every check that says so can fail.

A check is a function that takes the document and returns its findings, one line each. The document as it is
must have none; a copy broken on purpose must have the one that is looked for.
"""

from __future__ import annotations

import base64
import binascii
import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).parents[3] / "openapi" / "vision-ai.yaml"

Document = dict[str, Any]
Check = Callable[[Document], list[str]]
Break = Callable[[Document], object]

OPERATIONS = """
post /api/get_device_info           getDeviceInfo          read
post /api/reset_device              resetDevice            destructive
post /api/reboot                    reboot                 act
post /api/set_calib                 setCalib               set
post /api/get_calib                 getCalib               read
post /api/get_learnmode             getLearnmode           read
post /api/set_learnmode             setLearnmode           set
post /api/get_item_list             getItemList            read
post /api/register_item             registerItem           act
post /api/delete_registered_image   deleteRegisteredImage  act
post /api/delete_registered_item    deleteRegisteredItem   act
post /api/commit_registered_item    commitRegisteredItem   act
post /api/get_registered_item_list  getRegisteredItemList  read
post /api/start_backup              startBackup            act
post /api/get_backup_status         getBackupStatus        read
get  /download/{filename}           downloadBackup         read
post /api/start_restore             startRestore           destructive
post /api/restore                   startRestoreAlias      destructive deprecated
post /api/get_restore_status        getRestoreStatus       read
post /api/get_result                getResult              read
post /api/result_feedback           resultFeedback         act
post /api/get_image                 getImage               read
"""

CODES = """
-6103 -6117 -6124 -6126 -6127 -6128 -6130 -6131 -6132 -6133 -6138 -6140 -6141
-6142 -6143 -6200 -6202 -6203 -6204 -6207 -6209 -6210 -6211 -6212 -6213 -6214
"""

RANGES = {"-65xx": (-6599, -6500)}

CATEGORIES = {
    "camera",
    "command",
    "activation",
    "update",
    "compatibility",
    "request",
    "file",
    "network",
    "engine",
    "internal",
}
EFFECTS = {"read", "set", "act", "destructive"}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
READINGS = range(1, 17)

# The answers that have no envelope, by operation (the module's oddities, not ours).
WITHOUT_ENVELOPE = {"getBackupStatus": "BackupStatus", "getRestoreStatus": "RestoreStatus"}
BINARY = {"getImage": "image/jpeg", "downloadBackup": "application/octet-stream"}
UPLOADS = {"startRestore", "startRestoreAlias"}


# Reading the document


class StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader, which would otherwise let the last of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load(text: str) -> Document:
    document: Document = yaml.load(text, StrictLoader)
    return document


def walk(node: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield where, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from walk(child, (*where, key))


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield path, method, item[method]


def named(document: Document) -> dict[str, dict[str, Any]]:
    return {
        operation.get("operationId", f"{method} {path}"): operation
        for path, method, operation in operations(document)
    }


def schemas(document: Document) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every schema and subschema, with its place in the document."""
    for name, schema in document["components"]["schemas"].items():
        yield from subschemas(schema, ("components", "schemas", name))
    for where, node in walk(document["paths"], ("paths",)):
        if where[-1] == "schema" and "examples" not in where:
            yield from subschemas(node, where)


def subschemas(
    schema: dict[str, Any], where: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    yield where, schema
    for name, child in schema.get("properties", {}).items():
        yield from subschemas(child, (*where, "properties", name))
    for keyword in ("anyOf", "oneOf", "allOf"):
        for index, child in enumerate(schema.get(keyword, [])):
            yield from subschemas(child, (*where, keyword, index))
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from subschemas(schema[keyword], (*where, keyword))


def answer_media(operation: dict[str, Any]) -> dict[str, Any]:
    return operation["responses"].get("200", {}).get("content", {})


def answer_examples(operation: dict[str, Any]) -> dict[str, Any]:
    examples = answer_media(operation).get("application/json", {}).get("examples", {})
    return {name: example.get("value") for name, example in examples.items()}


def reference(schema: dict[str, Any]) -> str:
    return schema.get("$ref", "").rpartition("/")[2]


def pointer(where: tuple[Any, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in where)


def pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


# The checks


def check_structure(document: Document) -> list[str]:
    """It is a valid OpenAPI 3.1 document."""
    return [
        f"{pointer(tuple(error.path))}: {error.message}"
        for error in OpenAPIV31SpecValidator(document).iter_errors()
    ]


def check_references(document: Document) -> list[str]:
    """Every reference is to a named schema that exists (the validator raises at a dangling one)."""
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    return [
        f"{pointer(where)}: {target} leads nowhere"
        for where, target in walk(document)
        if where and where[-1] == "$ref" and target not in names
    ]


def check_frame(document: Document) -> list[str]:
    """The version, the licence, the server and the (absent) security are what the generator expects."""
    server = document.get("servers", [{}])[0]
    defaults = {name: variable["default"] for name, variable in server.get("variables", {}).items()}
    expected = {
        "openapi": (document.get("openapi"), "3.1.0"),
        "security": (document.get("security"), []),
        "license": (document["info"].get("license", {}).get("name"), "MIT"),
        "server": (server.get("url"), "http://{host}:{port}"),
        "server variables": (defaults, {"host": "172.22.0.6", "port": "80"}),
    }
    return [
        f"{name}: {found!r}, not {wanted!r}" for name, (found, wanted) in expected.items() if found != wanted
    ]


def check_operations(document: Document) -> list[str]:
    """Exactly the vendor's operations and the deprecated path are there, each with its name and effect."""
    wanted = {" ".join(line.split()) for line in OPERATIONS.strip().splitlines()}
    found = {
        " ".join(
            [method, path, operation.get("operationId", "?"), operation.get("x-effect", "?")]
            + ["deprecated"] * bool(operation.get("deprecated"))
        )
        for path, method, operation in operations(document)
    }
    return [f"missing: {line}" for line in sorted(wanted - found)] + [
        f"unknown: {line}" for line in sorted(found - wanted)
    ]


def check_catalogue(document: Document) -> list[str]:
    """The catalogue holds exactly the vendor's codes and the range, and each entry is complete."""
    findings = []
    catalogue = document.get("x-error-codes", [])
    found, wanted = [entry.get("code") for entry in catalogue], [int(code) for code in CODES.split()]
    if sorted(found) != sorted(wanted):
        findings.append(f"codes: {sorted(set(found) ^ set(wanted))} differ, or one is there twice")
    ranges = document.get("x-error-ranges", [])
    if [(entry.get("from"), entry.get("to")) for entry in ranges] != list(RANGES.values()):
        findings.append("ranges are not exactly -6599 to -6500")
    names = [entry.get("name") for entry in catalogue + ranges]
    findings += [f"name {name} is there twice" for name in set(names) if names.count(name) > 1]
    for entry in catalogue + ranges:
        if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", entry.get("name", "")):
            findings.append(f"{entry}: the name is not UPPER_SNAKE")
        if entry.get("category") not in CATEGORIES:
            findings.append(f"{entry}: no such category")
        if not isinstance(entry.get("retryable"), bool) or not entry.get("meaning"):
            findings.append(f"{entry}: retryable or meaning is missing")
    return findings


def check_error_code_schema(document: Document) -> list[str]:
    """The ErrorCode enumeration says the same as the catalogue, in the same order."""
    schema = document["components"]["schemas"]["ErrorCode"]
    pairs = {"enum": "code", "x-enum-varnames": "name", "x-enum-descriptions": "meaning"}
    return [
        f"ErrorCode {keyword} differs from the catalogue's {field}"
        for keyword, field in pairs.items()
        if schema.get(keyword) != [entry[field] for entry in document["x-error-codes"]]
    ]


def check_operations_are_described(document: Document) -> list[str]:
    """Every operation has all that the generator and the reader need."""
    tags = [tag["name"] for tag in document.get("tags", [])]
    findings = [
        f"tag {tag['name']} has no description"
        for tag in document.get("tags", [])
        if not tag.get("description")
    ]
    codes = [entry["code"] for entry in document["x-error-codes"]]
    ids = [operation.get("operationId") for _, _, operation in operations(document)]
    findings += [f"operationId {name} is there twice" for name in set(ids) if ids.count(name) > 1]
    for name, operation in named(document).items():
        wanted = {
            "operationId": re.fullmatch(r"[a-z][A-Za-z]*", operation.get("operationId", "")),
            "one declared tag": len(operation.get("tags", [])) == 1 and operation["tags"][0] in tags,
            "a one-line summary": operation.get("summary") and "\n" not in operation["summary"],
            "a description": operation.get("description"),
            "an effect": operation.get("x-effect") in EFFECTS,
            "known error codes": operation.get("x-error-codes")
            and set(operation["x-error-codes"]) <= set(codes),
            "each code once": len(set(operation.get("x-error-codes", [])))
            == len(operation.get("x-error-codes", [])),
            "known error ranges": set(operation.get("x-error-ranges", [])) <= RANGES.keys(),
            "a source": isinstance(operation.get("x-source"), str) and " > " in operation["x-source"],
            "answers only with 200": list(operation["responses"]) == ["200"],
            "described answers": all(answer.get("description") for answer in operation["responses"].values()),
        }
        findings += [f"{name}: lacks {what}" for what, there in wanted.items() if not there]
    return findings


def check_answer_examples(document: Document) -> list[str]:
    """Answers show a success and an error that the operation is known to give."""
    findings = []
    for name, operation in named(document).items():
        examples = answer_examples(operation)
        errors = {key: value for key, value in examples.items() if key.startswith("error")}
        if "success" not in examples and name not in BINARY:
            findings.append(f"{name}: no success example")
        if not errors:
            findings.append(f"{name}: no error example")
        for key, value in examples.items():
            if key not in errors and value["code"] != 0:
                findings.append(f"{name}: example {key} is no success")
        ranges = [RANGES[key] for key in operation.get("x-error-ranges", []) if key in RANGES]
        for key, value in errors.items():
            code = value["code"]
            if code not in operation.get("x-error-codes", []) and not any(
                low <= code <= high for low, high in ranges
            ):
                findings.append(f"{name}: example {key} has {code}, which the operation does not list")
    return findings


def check_request_examples(document: Document) -> list[str]:
    """JSON requests have examples, and a restore is a form and nothing else."""
    findings = []
    for name, operation in named(document).items():
        content = operation.get("requestBody", {}).get("content", {})
        if set(content) - {"multipart/form-data" if name in UPLOADS else "application/json"}:
            findings.append(f"{name}: unexpected request media type")
        findings += [
            f"{name}: no vendor example of the request"
            for media, body in content.items()
            if media == "application/json" and "vendor" not in body.get("examples", {})
        ]
    return findings


def check_examples_match(document: Document) -> list[str]:
    """Every example validates against its schema, formats and sums included."""
    validate = example_validator(document)
    findings = []
    for where, node in walk(document["paths"], ("paths",)):
        if isinstance(node, dict) and "schema" in node and "examples" in node:
            for name, example in node["examples"].items():
                findings += validate((*where, "schema"), (*where, "examples", name), example.get("value"))
    for where, schema in schemas(document):
        for index, value in enumerate(schema.get("examples", [])):
            findings += validate(where, (*where, "examples", index), value)
        if "default" in schema:
            findings += validate(where, (*where, "default"), schema["default"])
    return findings


def example_validator(document: Document) -> Callable[[tuple[Any, ...], tuple[Any, ...], Any], list[str]]:
    registry = Registry().with_resource("urn:contract", DRAFT202012.create_resource(document))
    formats = FormatChecker()
    formats.checks("byte", raises=binascii.Error)(
        lambda value: not isinstance(value, str) or base64.b64decode(value, validate=True) is not None
    )

    def validate(schema: tuple[Any, ...], place: tuple[Any, ...], value: Any) -> list[str]:
        target = {"$ref": "urn:contract#" + quote(pointer(schema))}
        validator = Draft202012Validator(target, registry=registry, format_checker=formats)
        findings = [
            f"{pointer(place)}: {line}" for error in validator.iter_errors(value) for line in messages(error)
        ]
        return findings + [
            f"{pointer(place)}: {fields} add up to too much" for fields in sums_exceeded(document, value)
        ]

    return validate


def messages(error: ValidationError) -> Iterator[str]:
    """What is wrong, and beneath an anyOf why each alternative refused it."""
    yield error.message
    for cause in error.context or ():
        yield from messages(cause)


def sums_exceeded(document: Document, value: Any) -> Iterator[list[str]]:
    """x-sum-maximum is no keyword of JSON Schema: it is looked at here, by the fields' names."""
    rules = [
        rule
        for schema in document["components"]["schemas"].values()
        for rule in schema.get("x-sum-maximum", [])
    ]
    for _, node in walk(value):
        for rule in rules:
            has_fields = isinstance(node, dict) and set(rule["fields"]) <= node.keys()
            if has_fields and sum(node[field] for field in rule["fields"]) > rule["maximum"]:
                yield rule["fields"]


def check_descriptions(document: Document) -> list[str]:
    """Every schema and every property says what it is."""
    return [
        f"{pointer(where)}: no description"
        for where, schema in schemas(document)
        if not schema.get("description") and not (may_be_bare(schema) and where[-2] != "properties")
    ]


def may_be_bare(schema: dict[str, Any]) -> bool:
    """A plain reference is described where it leads; a null alternative needs no words."""
    return set(schema) == {"$ref"} or schema == {"type": "null"}


def check_deprecations(document: Document) -> list[str]:
    """Whatever is deprecated names its successor, which exists, is current and has the same constraints."""
    findings = []
    by_id = named(document)
    for name, operation in by_id.items():
        if operation.get("deprecated"):
            successor = by_id.get(operation.get("x-replaced-by", ""))
            if successor is None or successor.get("deprecated"):
                findings.append(f"{name}: x-replaced-by leads nowhere")
            elif successor["x-error-codes"] != operation["x-error-codes"]:
                findings.append(f"{name}: other error codes than its successor")
    for where, schema in schemas(document):
        for name, field in schema.get("properties", {}).items():
            if field.get("deprecated"):
                successor = schema["properties"].get(field.get("x-replaced-by", ""))
                if successor is None or successor.get("deprecated"):
                    findings.append(f"{pointer(where)}: {name}: x-replaced-by leads nowhere")
                elif constraints(field) != constraints(successor):
                    findings.append(f"{pointer(where)}: {name}: other constraints than its successor")
                if name in schema.get("required", []):
                    findings.append(f"{pointer(where)}: {name}: deprecated and required")
    for where, node in walk(document):
        if isinstance(node, dict) and node.get("deprecated") is True and "x-replaced-by" not in node:
            findings.append(f"{pointer(where)}: deprecated without x-replaced-by")
    return findings


def constraints(field: dict[str, Any]) -> dict[str, Any]:
    return {key: field.get(key) for key in ("type", "format", "minLength", "maxLength", "pattern", "$ref")}


def check_envelopes(document: Document) -> list[str]:
    """Each enveloped operation has a flat envelope of its own, with code plain and data optional."""
    findings = []
    components = document["components"]["schemas"]
    for name, operation in named(document).items():
        wanted = WITHOUT_ENVELOPE.get(name, "ErrorAnswer" if name in BINARY else f"{pascal(name)}Answer")
        schema = answer_media(operation).get("application/json", {}).get("schema", {})
        if reference(schema) != wanted:
            findings.append(f"{name}: answers {reference(schema) or 'inline'}, not {wanted}")
    for name, schema in components.items():
        fields = schema.get("properties", {})
        if "code" in fields:
            if {key: fields["code"].get(key) for key in ("type", "format")} != {
                "type": "integer",
                "format": "int32",
            }:
                findings.append(f"{name}: code is no plain int32")
            if fields["code"].keys() & {"enum", "const", "minimum", "maximum", "$ref"}:
                findings.append(f"{name}: code is narrowed, a new code would be refused")
            if "code" not in schema.get("required", []):
                findings.append(f"{name}: code is not required")
        if "data" in schema.get("required", []):
            findings.append(f"{name}: data is required")
        if name.endswith("Answer"):
            if list(fields) != ["code", "data"] or schema.get("required") != ["code"]:
                findings.append(f"{name}: not an envelope of code and data")
            branches = fields.get("data", {}).get("anyOf", [])
            payload = branches[0].get("items", branches[0]) if branches else {}
            if len(branches) != 2 or branches[1] != {"type": "null"} or "$ref" not in payload:
                findings.append(f"{name}: data is not anyOf of a named schema (or an array of it) and null")
    return findings


def check_binary_answers(document: Document) -> list[str]:
    """Bytes come before the JSON alternative: generators take the first media type."""
    findings = []
    for name, operation in named(document).items():
        media = list(answer_media(operation))
        wanted = [BINARY[name], "application/json"] if name in BINARY else ["application/json"]
        if media != wanted:
            findings.append(f"{name}: media types {media}, not {wanted}")
        elif name in BINARY:
            schema = answer_media(operation)[media[0]]["schema"]
            if (schema.get("type"), schema.get("format")) != ("string", "binary"):
                findings.append(f"{name}: {media[0]} is not binary")
    return findings


def check_enumerations(document: Document) -> list[str]:
    """Each enumeration names its values with text (YAML reads a bare ON as true) and warns of new ones."""
    findings = []
    for where, schema in schemas(document):
        if "enum" not in schema:
            continue
        size, names, texts = (
            schema.get(key, []) for key in ("enum", "x-enum-varnames", "x-enum-descriptions")
        )
        if not len(size) == len(names) == len(texts) or len(set(map(str, names))) != len(names):
            findings.append(f"{pointer(where)}: names or descriptions do not fit the values")
        if not all(isinstance(text, str) and text for text in [*names, *texts]):
            findings.append(f"{pointer(where)}: a name or description is not text")
        if "irmware may add values" not in schema.get("description", ""):
            findings.append(f"{pointer(where)}: does not say that firmware may add values")
        if where[:2] != ("components", "schemas") or len(where) != 3:
            findings.append(f"{pointer(where)}: an enumeration without a name of its own")
    return findings


def check_forbidden(document: Document) -> list[str]:
    """None of the constructs that break a generator, a strict client or a fuzzer."""
    findings = []
    for where, node in walk(document):
        if not isinstance(node, dict) or "examples" in where:
            continue
        place = pointer(where)
        if "contentMediaType" in node or "contentEncoding" in node:
            findings.append(f"{place}: contentMediaType or contentEncoding")
        if node.get("additionalProperties") is False:
            findings.append(f"{place}: additionalProperties false")
        if "links" in node:
            findings.append(f"{place}: links")
        if where and where[-1] == "responses" and "default" in node:
            findings.append(f"{place}: a default answer")
        if "" in node:
            findings.append(f'{place}: a property named ""')
        if "nullable" in node:
            findings.append(f"{place}: nullable, which is 3.0")
        if not all(isinstance(key, str) for key in node):
            findings.append(f"{place}: a key that is not text")
        if "readOnly" in node or "writeOnly" in node:
            findings.append(f"{place}: readOnly or writeOnly")
    for where, schema in schemas(document):
        place = pointer(where)
        if not schema:
            findings.append(f"{place}: an empty schema")
        if "oneOf" in schema:
            findings.append(f"{place}: oneOf")
        if (schema.get("type") == "null" and where[-2] != "anyOf") or isinstance(schema.get("type"), list):
            findings.append(f"{place}: a bare null type")
        if (schema.get("type") == "object" or "properties" in schema) and len(where) != 3:
            findings.append(f"{place}: an inline object")
    return findings


def check_readings(document: Document) -> list[str]:
    """Each reading A1 to A16 is told in the introduction, and nothing refers to another one."""
    told = {
        int(number)
        for number in re.findall(r"^- \*\*A(\d+)\*\* \S", document["info"]["description"], re.MULTILINE)
    }
    findings = [f"A{number} is not told" for number in READINGS if number not in told]
    for where, node in walk(document):
        if isinstance(node, str):
            findings += [
                f"{pointer(where)}: A{n} is no reading"
                for n in re.findall(r"\bA(\d+)\b", node)
                if int(n) not in told
            ]
    return findings


CHECKS: list[Check] = [check for name, check in list(globals().items()) if name.startswith("check_")]


# Copies broken on purpose, by check: what is wrong, words of the finding, and how to break the document


def post(document: Document, path: str) -> dict[str, Any]:
    return document["paths"][path]["post"]


def reboot(document: Document) -> dict[str, Any]:
    return post(document, "/api/reboot")


def reboot_examples(document: Document) -> dict[str, Any]:
    return json_answer(document, "/api/reboot")["examples"]


def calib_examples(document: Document) -> dict[str, Any]:
    return post(document, "/api/set_calib")["requestBody"]["content"]["application/json"]["examples"]


def component(document: Document, name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def fields(document: Document, name: str) -> dict[str, Any]:
    return component(document, name)["properties"]


def json_answer(document: Document, path: str) -> dict[str, Any]:
    return answer_media(post(document, path))["application/json"]


def reorder_image(document: Document) -> None:
    media = answer_media(post(document, "/api/get_image"))
    media["image/jpeg"] = media.pop("image/jpeg")


BROKEN: dict[Check, list[tuple[str, str, Break]]] = {
    check_structure: [
        ("no title", "title", lambda d: d["info"].pop("title")),
    ],
    check_references: [
        (
            "a reference that leads nowhere",
            "Nowhere",
            lambda d: json_answer(d, "/api/reboot").update(schema={"$ref": "#/components/schemas/Nowhere"}),
        ),
    ],
    check_frame: [
        ("another version", "openapi", lambda d: d.update(openapi="3.2.0")),
        (
            "a port that is a number",
            "variables",
            lambda d: d["servers"][0]["variables"]["port"].update(default=80),
        ),
        ("no security", "security", lambda d: d.pop("security")),
    ],
    check_operations: [
        ("an operation gone", "missing: post /api/reboot", lambda d: d["paths"].pop("/api/reboot")),
        (
            "an operation more",
            "unknown: post /api/new",
            lambda d: d["paths"].update({"/api/new": {"post": {}}}),
        ),
        (
            "another method",
            "unknown: get /api/get_image",
            lambda d: d["paths"]["/api/get_image"].update(get=d["paths"]["/api/get_image"].pop("post")),
        ),
        (
            "the old path not deprecated",
            "missing: post /api/restore",
            lambda d: post(d, "/api/restore").pop("deprecated"),
        ),
        (
            "a harmless reset",
            "destructive",
            lambda d: post(d, "/api/reset_device").update({"x-effect": "read"}),
        ),
    ],
    check_catalogue: [
        ("a code gone", "-6103", lambda d: d["x-error-codes"].pop(0)),
        ("a code twice", "twice", lambda d: d["x-error-codes"].append(d["x-error-codes"][0])),
        ("another range", "ranges", lambda d: d["x-error-ranges"][0].update({"from": -6600})),
        (
            "an equal name",
            "WRITE_FAILED is there twice",
            lambda d: d["x-error-codes"][18].update(name="WRITE_FAILED"),
        ),
        ("a name in lower case", "UPPER_SNAKE", lambda d: d["x-error-codes"][0].update(name="cameraLost")),
        ("a category of its own", "category", lambda d: d["x-error-codes"][0].update(category="misc")),
        ("retryable as text", "retryable", lambda d: d["x-error-codes"][0].update(retryable="yes")),
    ],
    check_error_code_schema: [
        ("another code", "enum", lambda d: component(d, "ErrorCode")["enum"].append(-1)),
        ("another name", "varnames", lambda d: component(d, "ErrorCode")["x-enum-varnames"].reverse()),
        ("another meaning", "descriptions", lambda d: d["x-error-codes"][3].update(meaning="?")),
    ],
    check_operations_are_described: [
        ("no id", "operationId", lambda d: reboot(d).pop("operationId")),
        ("an id twice", "twice", lambda d: reboot(d).update(operationId="getImage")),
        ("a tag not declared", "declared tag", lambda d: reboot(d).update(tags=["power"])),
        ("two tags", "one declared tag", lambda d: reboot(d).update(tags=["device", "camera"])),
        ("no summary", "summary", lambda d: reboot(d).pop("summary")),
        ("no description", "a description", lambda d: reboot(d).pop("description")),
        ("an unknown effect", "effect", lambda d: reboot(d).update({"x-effect": "write"})),
        ("an unknown code", "known error codes", lambda d: reboot(d).update({"x-error-codes": [-6211, -7]})),
        (
            "a code listed twice",
            "each code once",
            lambda d: reboot(d).update({"x-error-codes": [-6210, -6210]}),
        ),
        ("an unknown range", "known error ranges", lambda d: reboot(d).update({"x-error-ranges": ["-66xx"]})),
        ("no source", "source", lambda d: reboot(d).pop("x-source")),
        (
            "another status",
            "only with 200",
            lambda d: reboot(d)["responses"].update({"404": {"description": "gone"}}),
        ),
        (
            "an answer without words",
            "described answers",
            lambda d: reboot(d)["responses"]["200"].update(description=""),
        ),
        ("a tag without words", "tag camera", lambda d: d["tags"][-1].pop("description")),
    ],
    check_answer_examples: [
        ("no success", "no success example", lambda d: reboot_examples(d).pop("success")),
        ("no error", "no error example", lambda d: reboot_examples(d).pop("errorUnknown")),
        (
            "no error beside bytes",
            "getImage: no error",
            lambda d: json_answer(d, "/api/get_image").pop("examples"),
        ),
        (
            "an error called success",
            "no success",
            lambda d: reboot_examples(d)["success"]["value"].update(code=-6210),
        ),
        (
            "an error not listed",
            "-6103",
            lambda d: reboot_examples(d)["errorUnknown"]["value"].update(code=-6103),
        ),
        (
            "an error of a range not listed",
            "-6501",
            lambda d: post(d, "/api/get_result").pop("x-error-ranges"),
        ),
    ],
    check_request_examples: [
        ("no vendor example", "no vendor example", lambda d: calib_examples(d).pop("vendor")),
        (
            "a restore as JSON",
            "media type",
            lambda d: post(d, "/api/start_restore")["requestBody"]["content"].update(
                {"application/json": {"examples": {"vendor": {}}}}
            ),
        ),
    ],
    check_examples_match: [
        (
            "an answer of another type",
            "'0' is not of type 'integer'",
            lambda d: reboot_examples(d)["success"].update(value={"code": "0"}),
        ),
        (
            "a field missing deep inside",
            "'score' is a required",
            lambda d: json_answer(d, "/api/get_result")["examples"]["vendor"]["value"]["data"]["items"][
                0
            ].pop("score"),
        ),
        ("a request out of bounds", "1279", lambda d: calib_examples(d)["vendor"]["value"].update(left=1280)),
        (
            "an area beyond the picture",
            "add up",
            lambda d: calib_examples(d)["vendor"]["value"].update(left=1000),
        ),
        (
            "a picture that is not base64",
            "is not a 'byte'",
            lambda d: json_answer(d, "/api/register_item")["examples"]["vendor"]["value"]["data"].update(
                image="example_base64"
            ),
        ),
        (
            "an example of a property",
            "is not of type",
            lambda d: fields(d, "Item")["id"].update(examples=[1]),
        ),
        ("a default", "default", lambda d: fields(d, "BackupStatus")["msg"].update(default=0)),
        (
            "a parameter",
            "filename",
            lambda d: d["paths"]["/download/{filename}"]["get"]["parameters"][0]["examples"]["vendor"].update(
                value=""
            ),
        ),
    ],
    check_descriptions: [
        ("a schema", "/Item:", lambda d: component(d, "Item").pop("description")),
        ("a property", "/Item/properties/id", lambda d: fields(d, "Item")["id"].pop("description")),
        (
            "a property that refers",
            "/status",
            lambda d: fields(d, "BackupStatus")["status"].pop("description"),
        ),
        (
            "bytes",
            "image~1jpeg",
            lambda d: answer_media(post(d, "/api/get_image"))["image/jpeg"]["schema"].pop("description"),
        ),
    ],
    check_deprecations: [
        (
            "an operation without successor",
            "without x-replaced-by",
            lambda d: post(d, "/api/restore").pop("x-replaced-by"),
        ),
        (
            "an operation with a wrong successor",
            "leads nowhere",
            lambda d: post(d, "/api/restore").update({"x-replaced-by": "restore"}),
        ),
        (
            "a successor that differs",
            "other error codes",
            lambda d: post(d, "/api/restore").update({"x-error-codes": [-6210]}),
        ),
        (
            "a field without successor",
            "without x-replaced-by",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("x-replaced-by"),
        ),
        (
            "a field with a wrong successor",
            "leads nowhere",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].update({"x-replaced-by": "ident"}),
        ),
        (
            "a field with other constraints",
            "constraints",
            lambda d: fields(d, "RegisterItemRequest")["item_id"].pop("minLength"),
        ),
        (
            "a field that is required",
            "and required",
            lambda d: component(d, "RegisterItemRequest")["required"].append("item_id"),
        ),
    ],
    check_envelopes: [
        (
            "data required",
            "data is required",
            lambda d: component(d, "RebootAnswer")["required"].append("data"),
        ),
        (
            "a shared envelope",
            "not RebootAnswer",
            lambda d: json_answer(d, "/api/reboot").update(
                schema={"$ref": "#/components/schemas/ErrorAnswer"}
            ),
        ),
        ("an enumerated code", "narrowed", lambda d: fields(d, "RebootAnswer")["code"].update(enum=[0])),
        (
            "a code that refers to the catalogue",
            "narrowed",
            lambda d: fields(d, "BackupStatus").update(code={"$ref": "#/components/schemas/ErrorCode"}),
        ),
        ("a code without format", "int32", lambda d: fields(d, "RebootAnswer")["code"].pop("format")),
        (
            "an optional code",
            "code is not required",
            lambda d: component(d, "BackupStatus")["required"].remove("code"),
        ),
        ("data that may not be null", "anyOf", lambda d: fields(d, "GetCalibAnswer")["data"]["anyOf"].pop()),
        (
            "a third field",
            "not an envelope",
            lambda d: fields(d, "GetCalibAnswer").update(msg={"type": "string"}),
        ),
    ],
    check_binary_answers: [
        ("JSON before the picture", "getImage", reorder_image),
        (
            "a picture as text",
            "not binary",
            lambda d: answer_media(post(d, "/api/get_image"))["image/jpeg"]["schema"].pop("format"),
        ),
    ],
    check_enumerations: [
        (
            "a name that YAML reads as true",
            "not text",
            lambda d: component(d, "LearnMode").update({"x-enum-varnames": [False, True]}),
        ),
        ("a name too few", "do not fit", lambda d: component(d, "SyncMode")["x-enum-varnames"].pop()),
        (
            "a name twice",
            "do not fit",
            lambda d: component(d, "SyncMode").update({"x-enum-varnames": ["A", "A", "B"]}),
        ),
        ("no warning", "firmware", lambda d: component(d, "SyncMode").update(description="Closed.")),
        ("an inline enumeration", "of its own", lambda d: fields(d, "Item")["name"].update(enum=["a"])),
    ],
    check_forbidden: [
        (
            "a default answer",
            "default answer",
            lambda d: reboot(d)["responses"].update(default={"description": "else"}),
        ),
        (
            "contentMediaType",
            "contentMediaType",
            lambda d: fields(d, "RegisteredImage")["image"].update(contentMediaType="image/jpeg"),
        ),
        (
            "a closed answer",
            "additionalProperties",
            lambda d: component(d, "Item").update(additionalProperties=False),
        ),
        ("links", "links", lambda d: post(d, "/api/get_result")["responses"]["200"].update(links={})),
        (
            "a property without a name",
            'named ""',
            lambda d: fields(d, "RestoreUpload").update({"": {"type": "string"}}),
        ),
        ("a bare null", "bare null", lambda d: fields(d, "RebootAnswer").update(data={"type": "null"})),
        ("a list of types", "bare null", lambda d: fields(d, "Item")["name"].update(type=["string", "null"])),
        ("an empty schema", "empty schema", lambda d: fields(d, "Item").update(name={})),
        ("an inline object", "inline object", lambda d: fields(d, "Item").update(more={"type": "object"})),
        ("oneOf", "oneOf", lambda d: fields(d, "GetCalibAnswer")["data"].update(oneOf=[])),
        ("nullable", "nullable", lambda d: fields(d, "Item")["name"].update(nullable=True)),
        ("readOnly", "readOnly", lambda d: fields(d, "Item")["name"].update(readOnly=True)),
        ("a status that is a number", "not text", lambda d: reboot(d)["responses"].update({404: {}})),
    ],
    check_readings: [
        (
            "a reading left out",
            "A7 is not told",
            lambda d: d["info"].update(description=d["info"]["description"].replace("**A7**", "**A6**")),
        ),
        (
            "a reading that does not exist",
            "A17",
            lambda d: component(d, "Item").update(description="See A17."),
        ),
    ],
}


# The tests


@pytest.fixture(scope="module")
def contract() -> Document:
    return load(CONTRACT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract_has_no_findings(check: Check, contract: Document) -> None:
    assert check(contract) == []


@pytest.mark.parametrize(
    ("check", "finding", "spoil"),
    [
        pytest.param(check, finding, spoil, id=f"{check.__name__}: {what}")
        for check, copies in BROKEN.items()
        for what, finding, spoil in copies
    ],
)
def test_broken_contract_is_found(check: Check, finding: str, spoil: Break, contract: Document) -> None:
    broken = copy.deepcopy(contract)
    spoil(broken)
    assert [line for line in check(broken) if finding in line]


def test_every_check_is_shown_to_fail() -> None:
    assert BROKEN.keys() == set(CHECKS)
    assert all(BROKEN.values())


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(yaml.YAMLError, match="twice"):
        load("paths: {a: 1, a: 2}")
