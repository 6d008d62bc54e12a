"""Docstrings of the generated code, from the descriptions in the contract."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

_WIDTH = 100
_NO_BREAK_SPACE = "\u00a0"
"""Keeps an error's code and name on one line."""


def describe_enum(schemas: Schema) -> Callable[[Any], str]:
    """Return a function that builds the docstring of an enum class."""

    def docstring(enum: Any) -> str:
        schema: Schema = schemas.get(str(enum.class_info.name), {})
        lines = [_sentence(schema.get("description", "")), ""]
        members = zip(enum.values, schema.get("x-enum-descriptions", ()), strict=False)
        lines += [f"{name}: {_sentence(text)}" for name, text in members]
        lines += ["", "A value that is not listed keeps its raw value, under the name `UNKNOWN`."]
        return _docstring(lines)

    return docstring


def describe(text: str) -> str:
    """Build a docstring from a description."""
    return _docstring(_paragraphs(text))


def describe_operation(
    document: Schema,
    requests: Mapping[str, str],
    operation: Schema,
    parameters: Mapping[str, Schema],
    result: str,
) -> str:
    """Build the docstring of an operation's method.

    `requests` has the method and path by the version of the API. `parameters` has the schema of each parameter by its Python name; `result` is the annotation of the result.
    """
    lines = [_sentence(operation["summary"]), "", *_paragraphs(operation.get("description", ""))]
    if parameters:
        lines += ["", "Args:"]
        lines += [f"    {name}: {_parameter(schema)}" for name, schema in parameters.items()]
    if result != "None":
        lines += ["", "Returns:", f"    {_result(document['components']['schemas'], result)}"]
    lines += ["", "Raises:", f"    DeviceError: {_device_error(document, operation)}"]
    if parameters:
        lines += ["    InvalidInputError: An argument is invalid. No request was sent."]
    lines += [
        "    VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.",
        "",
        f"Effect: {operation['x-effect']}. {_requests(requests)}. "
        f"Source: {operation.get('x-source', 'none')}.",
    ]
    return _docstring(lines)


def _requests(requests: Mapping[str, str]) -> str:
    shown = [f"`{request}`" for request in dict.fromkeys(requests.values())]
    if len(shown) > 1:
        return " (V1), ".join(shown) + " (V2)"
    return f"{shown[0]} ({' and '.join(version.upper() for version in requests)})"


def _device_error(document: Schema, operation: Schema) -> str:
    names = {entry["code"]: entry["name"] for entry in document["x-error-codes"]}
    codes = [f"{code}{_NO_BREAK_SPACE}{names[code]}" for code in operation.get("x-error-codes", ())]
    ranges = {entry["name"]: entry for entry in document.get("x-error-ranges", ())}
    codes += [
        f"{ranges[name]['from']}{_NO_BREAK_SPACE}to{_NO_BREAK_SPACE}{ranges[name]['to']}{_NO_BREAK_SPACE}{name}"
        for name in operation.get("x-error-ranges", ())
    ]
    return f"The module returned an error. Likely codes: {', '.join(codes)}."


def _result(schemas: Schema, annotation: str) -> str:
    name = annotation.removeprefix("list[").removesuffix("]").removeprefix("models.")
    shown = annotation.replace("models.", "")
    description: str = schemas.get(name, {}).get("description", "")
    return f"{shown}: {_sentence(description)}" if description else f"{shown}."


def _parameter(schema: Schema) -> str:
    """Return a parameter's description, followed by the limits that its prose does not mention."""
    text = " ".join(schema.get("description", "").split())
    allowed = ", ".join(_limits(schema, text))
    return f"{_sentence(text)} Allowed: {allowed}." if allowed else _sentence(text)


def _limits(schema: Schema, text: str) -> Iterable[str]:
    bounds = [schema[each] for each in ("minimum", "maximum") if each in schema]
    if bounds and not all(str(bound) in text for bound in bounds):
        yield f"{schema.get('minimum', 'any')} to {schema.get('maximum', 'any')}"
    if minimum := schema.get("minLength"):
        yield f"at least {minimum} characters" if minimum > 1 else "not empty"
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if "enum" in schema:
        names = schema.get("x-enum-varnames", schema["enum"])
        yield " or ".join(f"{value} ({name})" for value, name in zip(schema["enum"], names, strict=True))


def _paragraphs(text: str) -> list[str]:
    """Join the lines of each paragraph. Each item of a list stays on a line of its own."""
    joined: list[str] = []
    for line in text.strip().splitlines():
        is_item = line.lstrip().startswith(("- ", "* "))
        if not line.strip() or is_item or not joined or not joined[-1]:
            joined.append(line.strip())
        else:
            joined[-1] += " " + line.strip()
    return joined


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?:" else text + "."


def _docstring(lines: Iterable[str]) -> str:
    wrapped: list[str] = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        hang = "    " if indent else ("  " if line.startswith(("- ", "* ")) else "")
        wrapped += textwrap.wrap(
            line.strip(),
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    text = "\n".join(wrapped).strip().replace(_NO_BREAK_SPACE, " ")
    quoted = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{quoted}\n"""' if "\n" in quoted else f'"""{quoted}"""'
