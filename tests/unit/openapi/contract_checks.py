"""Checks of the contract. A check takes the document and returns a message for each violation."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Document = dict[str, Any]
Check = Callable[[Document], list[str]]

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
-6103 Camera lost
-6117 Device communication unkown command
-6124 Device is activated
-6126 Store id format error
-6127 The server failed to verify the store
-6128 Device not activated
-6130 Download not started
-6131 The device is already the latest version
-6132 Download verification failed
-6133 Download failed
-6138 Device firmware mismatch, function limited
-6140 File format mismatch
-6141 Store mismatch
-6142 Device mismatch
-6143 Engine version mismatch
-6200 Json parsing failed
-6202 File does not exist
-6203 Failed to write file
-6204 Failed to write file
-6207 Network Error
-6209 Algorithm api timeout
-6210 Unknown mistake
-6211 File verification failed
-6212 Login failed
-6213 Parameter error
-6214 Sync request timed out
"""
"""The codes of the vendor's table, with its wording, word by word. Both versions of the API have them."""

V2_CODES = {-6109, -6134, -6137, -6144, -6217}
"""The codes that only V2 has. The vendor's wording is not known."""

RANGES = {"ALGORITHM_ERROR": (-6599, -6500, "Algorithm api error")}
LANGUAGES = {"ru": r"[А-яЁё]", "zh": r"[\u4e00-\u9fff]"}
"""The languages of `meanings`, and a character of each."""

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
READINGS = range(1, 29)

# The operations whose responses have no envelope: quirks of the module.
WITHOUT_ENVELOPE = {"getBackupStatus": "BackupStatus", "getRestoreStatus": "RestoreStatus"}
BINARY = {"getImage": "image/jpeg", "downloadBackup": "application/octet-stream"}
UPLOADS = {"startRestore", "startRestoreAlias"}


# Reading the document


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
    """Yield each schema and subschema with its location in the document."""
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


def response_content(operation: dict[str, Any]) -> dict[str, Any]:
    return operation["responses"].get("200", {}).get("content", {})


def response_examples(operation: dict[str, Any]) -> dict[str, Any]:
    examples = response_content(operation).get("application/json", {}).get("examples", {})
    return {name: example.get("value") for name, example in examples.items()}


def reference(schema: dict[str, Any]) -> str:
    return schema.get("$ref", "").rpartition("/")[2]


def pointer(where: tuple[Any, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in where)


def pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


# The checks


def check_structure(document: Document) -> list[str]:
    """Check that it is a valid OpenAPI 3.1 document."""
    return [
        f"{pointer(tuple(error.path))}: {error.message}"
        for error in OpenAPIV31SpecValidator(document).iter_errors()
    ]


def check_references(document: Document) -> list[str]:
    """Check that each reference has a named schema as its target. The validator raises an error otherwise."""
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    return [
        f"{pointer(where)}: {target} does not exist"
        for where, target in walk(document)
        if where and where[-1] == "$ref" and target not in names
    ]


def check_frame(document: Document) -> list[str]:
    """Check the version, the license, the server and the empty security, which the generator expects."""
    server = document.get("servers", [{}])[0]
    expected = {
        "openapi": (document.get("openapi"), "3.1.0"),
        "security": (document.get("security"), []),
        "license": (document["info"].get("license", {}).get("name"), "MIT"),
        "server": (server.get("url"), "http://{host}:{port}"),
        # Common validators of OpenAPI 3.1 reject a description of a variable.
        "server variables": (
            server.get("variables"),
            {"host": {"default": "172.22.0.6"}, "port": {"default": "80"}},
        ),
    }
    return [
        f"{name}: {actual!r}, not {value!r}" for name, (actual, value) in expected.items() if actual != value
    ]


def check_operations(document: Document) -> list[str]:
    """Check that the operations are those of the vendor and the deprecated path, with name and effect."""
    expected = {" ".join(line.split()) for line in OPERATIONS.strip().splitlines()}
    found = {
        " ".join(
            [method, path, operation.get("operationId", "?"), operation.get("x-effect", "?")]
            + ["deprecated"] * bool(operation.get("deprecated"))
        )
        for path, method, operation in operations(document)
    }
    return [f"missing: {line}" for line in sorted(expected - found)] + [
        f"unknown: {line}" for line in sorted(found - expected)
    ]


def check_catalog(document: Document) -> list[str]:
    """Check that the catalog has exactly the vendor's codes and range, and that its entries are complete."""
    findings = []
    catalog = document.get("x-error-codes", [])
    lines = (line.split(" ", 1) for line in CODES.strip().splitlines())
    wordings = {int(code): wording for code, wording in lines}
    found, expected = [entry.get("code") for entry in catalog], [*wordings, *V2_CODES]
    if sorted(found) != sorted(expected):
        findings.append(f"codes: {sorted(set(found) ^ set(expected))} differ, or one is not unique")
    ranges = document.get("x-error-ranges", [])
    known = {name: (low, high) for name, (low, high, _) in RANGES.items()}
    if {entry.get("name"): (entry.get("from"), entry.get("to")) for entry in ranges} != known:
        findings.append("ranges are not exactly -6599 to -6500")
    names = [entry.get("name") for entry in catalog + ranges]
    findings += [f"name {name} is not unique" for name in set(names) if names.count(name) > 1]
    for entry in catalog + ranges:
        if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", entry.get("name", "")):
            findings.append(f"{entry}: the name is not UPPER_SNAKE")
        if entry.get("category") not in CATEGORIES:
            findings.append(f"{entry}: unknown category")
        if not isinstance(entry.get("retryable"), bool) or not entry.get("meaning"):
            findings.append(f"{entry}: retryable or meaning is missing")
        of_v1 = ["v1"] if entry.get("code") not in V2_CODES else []
        if entry.get("versions") not in ([*of_v1, "v2"], of_v1):
            findings.append(f"{entry}: not the versions of the API that have it")
        wording = wordings.get(entry.get("code", 0)) or RANGES.get(entry.get("name", ""), (None,))[-1]
        if entry.get("vendor") != wording:
            findings.append(f"{entry}: not the vendor's wording, {wording!r}")
        if entry.get("meanings", {}).keys() != LANGUAGES.keys() or not all(
            re.search(LANGUAGES[language], text) for language, text in entry["meanings"].items()
        ):
            findings.append(f"{entry}: not one meaning in each language")
    return findings


def check_error_code_schema(document: Document) -> list[str]:
    """Check that the ErrorCode enumeration equals the catalog, in the same order."""
    schema = document["components"]["schemas"]["ErrorCode"]
    pairs = {"enum": "code", "x-enum-varnames": "name", "x-enum-descriptions": "meaning"}
    return [
        f"ErrorCode {keyword} differs from the catalog's {field}"
        for keyword, field in pairs.items()
        if schema.get(keyword) != [entry[field] for entry in document["x-error-codes"]]
    ]


def check_operations_are_described(document: Document) -> list[str]:
    """Check that each operation has everything that the generator and readers need."""
    tags = [tag["name"] for tag in document.get("tags", [])]
    findings = [
        f"tag {tag['name']} has no description"
        for tag in document.get("tags", [])
        if not tag.get("description")
    ]
    codes = [entry["code"] for entry in document["x-error-codes"]]
    ids = [operation.get("operationId") for _, _, operation in operations(document)]
    findings += [f"operationId {name} is not unique" for name in set(ids) if ids.count(name) > 1]
    for name, operation in named(document).items():
        required = {
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
            "200 as its only status": list(operation["responses"]) == ["200"],
            "described responses": all(
                response.get("description") for response in operation["responses"].values()
            ),
        }
        findings += [f"{name}: lacks {what}" for what, present in required.items() if not present]
    return findings


def check_response_examples(document: Document) -> list[str]:
    """Check that responses have examples of a success and of an error that the operation lists."""
    findings = []
    for name, operation in named(document).items():
        examples = response_examples(operation)
        errors = {key: value for key, value in examples.items() if key.startswith("error")}
        if "success" not in examples and name not in BINARY:
            findings.append(f"{name}: no success example")
        if not errors:
            findings.append(f"{name}: no error example")
        for key, value in examples.items():
            if key not in errors and value["code"] != 0:
                findings.append(f"{name}: example {key} is not a success")
        ranges = [RANGES[key][:2] for key in operation.get("x-error-ranges", []) if key in RANGES]
        for key, value in errors.items():
            code = value["code"]
            if code not in operation.get("x-error-codes", []) and not any(
                low <= code <= high for low, high in ranges
            ):
                findings.append(f"{name}: example {key} has {code}, which the operation does not list")
    return findings


def check_request_examples(document: Document) -> list[str]:
    """Check that JSON requests have examples, and that a restore is only a form."""
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
    """Check that each example is valid for its schema, including formats and sums."""
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

    def validate(schema: tuple[Any, ...], location: tuple[Any, ...], value: Any) -> list[str]:
        target = {"$ref": "urn:contract#" + quote(pointer(schema))}
        validator = Draft202012Validator(target, registry=registry, format_checker=formats)
        findings = [
            f"{pointer(location)}: {line}"
            for error in validator.iter_errors(value)
            for line in messages(error)
        ]
        return findings + [
            f"{pointer(location)}: the sum of {fields} is too large"
            for fields in sums_exceeded(document, value)
        ]

    return validate


def messages(error: ValidationError) -> Iterator[str]:
    """Yield the message of an error, and for anyOf the messages of all alternatives."""
    yield error.message
    for cause in error.context or ():
        yield from messages(cause)


def sums_exceeded(document: Document, value: Any) -> Iterator[list[str]]:
    """Yield the fields whose sum exceeds x-sum-maximum, which JSON Schema does not know."""
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
    """Check that each schema and each property has a description."""
    return [
        f"{pointer(where)}: no description"
        for where, schema in schemas(document)
        if not schema.get("description") and not (needs_no_description(schema) and where[-2] != "properties")
    ]


def needs_no_description(schema: dict[str, Any]) -> bool:
    """Return whether the schema is a plain reference, whose target has the description, or null."""
    return set(schema) == {"$ref"} or schema == {"type": "null"}


def check_deprecations(document: Document) -> list[str]:
    """Check that all that is deprecated has a replacement, which exists and has the same constraints."""
    findings = []
    by_id = named(document)
    for name, operation in by_id.items():
        if operation.get("deprecated"):
            replacement = by_id.get(operation.get("x-replaced-by", ""))
            if replacement is None or replacement.get("deprecated"):
                findings.append(f"{name}: the operation or field of x-replaced-by does not exist")
            elif replacement["x-error-codes"] != operation["x-error-codes"]:
                findings.append(f"{name}: other error codes than its replacement")
    for where, schema in schemas(document):
        for name, field in schema.get("properties", {}).items():
            if field.get("deprecated"):
                replacement = schema["properties"].get(field.get("x-replaced-by", ""))
                if replacement is None or replacement.get("deprecated"):
                    findings.append(
                        f"{pointer(where)}: {name}: the operation or field of x-replaced-by does not exist"
                    )
                elif constraints(field) != constraints(replacement):
                    findings.append(f"{pointer(where)}: {name}: other constraints than its replacement")
                if name in schema.get("required", []):
                    findings.append(f"{pointer(where)}: {name}: deprecated and required")
    for where, node in walk(document):
        if isinstance(node, dict) and node.get("deprecated") is True and "x-replaced-by" not in node:
            findings.append(f"{pointer(where)}: deprecated without x-replaced-by")
    return findings


def constraints(field: dict[str, Any]) -> dict[str, Any]:
    return {key: field.get(key) for key in ("type", "format", "minLength", "maxLength", "pattern", "$ref")}


def check_envelopes(document: Document) -> list[str]:
    """Check that each operation has a flat envelope of its own, with a plain code and optional data."""
    findings = []
    components = document["components"]["schemas"]
    for name, operation in named(document).items():
        expected = WITHOUT_ENVELOPE.get(name, "ErrorAnswer" if name in BINARY else f"{pascal(name)}Answer")
        schema = response_content(operation).get("application/json", {}).get("schema", {})
        if reference(schema) != expected:
            findings.append(f"{name}: the response is {reference(schema) or 'inline'}, not {expected}")
    for name, schema in components.items():
        fields = schema.get("properties", {})
        if "code" in fields:
            if {key: fields["code"].get(key) for key in ("type", "format")} != {
                "type": "integer",
                "format": "int32",
            }:
                findings.append(f"{name}: code is not a plain int32")
            if fields["code"].keys() & {"enum", "const", "minimum", "maximum", "$ref"}:
                findings.append(f"{name}: code has limits, which exclude new codes")
            if schema.get("required") != ["code"]:
                findings.append(f"{name}: requires not exactly code, with which an error may come alone")
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


BOUNDS = {
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}


def check_answers_have_no_bounds(document: Document) -> list[str]:
    """Check that no schema of a response has bounds: a client that checks them loses a whole response."""
    findings = []
    answers = {"paths": document["paths"], **document["components"]["schemas"]}
    names = {
        reference(node)
        for where, node in walk(document["paths"])
        if "responses" in where and isinstance(node, dict) and "$ref" in node
    }
    pending = set(names)
    while pending:
        inner = {reference(node) for _, node in walk(answers[pending.pop()]) if isinstance(node, dict)}
        pending |= inner - names - {""}
        names |= inner - {""}
    for where, schema in schemas(document):
        if where[2] in names or "responses" in where:
            findings += [f"{pointer(where)}: the bound {each}" for each in sorted(BOUNDS & schema.keys())]
    return findings


def check_alternatives(document: Document) -> list[str]:
    """Check that other names of fields are new, and that the results of null are valid."""
    findings = []
    for where, schema in schemas(document):
        for name, field in schema.get("properties", {}).items():
            other = field.get("x-alternative-name", "")
            if other in schema["properties"]:
                findings.append(f"{pointer(where)}: {name}: the other name {other} is a field")
    validate = example_validator(document)
    for path, method, operation in operations(document):
        if "x-null-result" in operation:
            where = ("paths", path, method, "responses", "200", "content", "application/json", "schema")
            value = {"code": 0, "data": operation["x-null-result"]}
            findings += validate(where, ("paths", path, method, "x-null-result"), value)
    return findings


def check_binary_responses(document: Document) -> list[str]:
    """Check that bytes come before the JSON alternative, because generators use the first media type."""
    findings = []
    for name, operation in named(document).items():
        media = list(response_content(operation))
        expected = [BINARY[name], "application/json"] if name in BINARY else ["application/json"]
        if media != expected:
            findings.append(f"{name}: media types {media}, not {expected}")
        elif name in BINARY:
            schema = response_content(operation)[media[0]]["schema"]
            if (schema.get("type"), schema.get("format")) != ("string", "binary"):
                findings.append(f"{name}: {media[0]} is not binary")
    return findings


def check_enumerations(document: Document) -> list[str]:
    """Check that enumerations have names as text (YAML reads a bare ON as true), and a note on new values."""
    findings = []
    for where, schema in schemas(document):
        if "enum" not in schema:
            continue
        size, names, texts = (
            schema.get(key, []) for key in ("enum", "x-enum-varnames", "x-enum-descriptions")
        )
        if not len(size) == len(names) == len(texts) or len(set(map(str, names))) != len(names):
            findings.append(f"{pointer(where)}: names or descriptions do not match the values")
        if not all(isinstance(text, str) and text for text in [*names, *texts]):
            findings.append(f"{pointer(where)}: a name or description is not text")
        if "irmware may add values" not in schema.get("description", ""):
            findings.append(f"{pointer(where)}: the description does not mention new values")
        if where[:2] != ("components", "schemas") or len(where) != 3:
            findings.append(f"{pointer(where)}: the enumeration has no schema name")
    return findings


def check_forbidden(document: Document) -> list[str]:
    """Check that no construct is used that breaks a generator, a strict client or a fuzzer."""
    findings = []
    for where, node in walk(document):
        if not isinstance(node, dict) or "examples" in where:
            continue
        location = pointer(where)
        if "contentMediaType" in node or "contentEncoding" in node:
            findings.append(f"{location}: contentMediaType or contentEncoding")
        if node.get("additionalProperties") is False:
            findings.append(f"{location}: additionalProperties false")
        if "links" in node:
            findings.append(f"{location}: links")
        if where and where[-1] == "responses" and "default" in node:
            findings.append(f"{location}: a default response")
        if "" in node:
            findings.append(f'{location}: a property named ""')
        if "nullable" in node:
            findings.append(f"{location}: nullable, which is 3.0")
        if not all(isinstance(key, str) for key in node):
            findings.append(f"{location}: a key that is not text")
        if "readOnly" in node or "writeOnly" in node:
            findings.append(f"{location}: readOnly or writeOnly")
    for where, schema in schemas(document):
        location = pointer(where)
        if not schema:
            findings.append(f"{location}: an empty schema")
        if "oneOf" in schema:
            findings.append(f"{location}: oneOf")
        if (schema.get("type") == "null" and where[-2] != "anyOf") or isinstance(schema.get("type"), list):
            findings.append(f"{location}: a bare null type")
        if (schema.get("type") == "object" or "properties" in schema) and len(where) != 3:
            findings.append(f"{location}: an inline object")
    return findings


def check_readings(document: Document) -> list[str]:
    """Check that the introduction has all readings A1 to A28, and that there are no references to others."""
    readings = {
        int(number)
        for number in re.findall(r"^- \*\*A(\d+)\*\* \S", document["info"]["description"], re.MULTILINE)
    }
    findings = [f"A{number} is missing" for number in READINGS if number not in readings]
    for where, node in walk(document):
        if isinstance(node, str):
            findings += [
                f"{pointer(where)}: A{n} is not a reading"
                for n in re.findall(r"\bA(\d+)\b", node)
                if int(n) not in readings
            ]
    return findings


CHECKS: list[Check] = [check for name, check in list(globals().items()) if name.startswith("check_")]
