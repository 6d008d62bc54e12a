"""What our templates need of the contract: operations, parameters, decoders, docstrings, error codes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from attrs import Factory, define
from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

Schema = dict[str, Any]
DOCSTRING_WIDTH = 100
KINDS = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def python_repr(value: Any) -> str:
    return repr(value)


# --- values of an answer -------------------------------------------------------------------------------


def decode(prop: Any, source: str, where: str) -> str:
    """The Python expression that checks `source` and turns it into the property's type."""
    place = python_repr(where)
    match prop:
        case StringProperty():
            return _unless("str", source, "check_str", place)
        case IntProperty():
            return f"check_int({source}, {place})"
        case FloatProperty():
            return f"check_float({source}, {place})"
        case BooleanProperty():
            return f"check_bool({source}, {place})"
        case NoneProperty():
            return f"check_none({source}, {place})"
        case EnumProperty():
            check = "check_int" if prop.value_type is int else "check_str"
            return f"{prop.class_info.name}({check}({source}, {place}))"
        case ModelProperty():
            return f"{prop.class_info.name}.from_dict({_unless('dict', source, 'check_object', place)})"
        case ListProperty():
            item = decode(prop.inner_property, "item", f"{where}[]")
            return f"[{item} for item in check_list({source}, {place})]"
        case UnionProperty():
            decoders = ", ".join(
                f"lambda value, _: {decode(inner, 'value', where)}" for inner in prop.inner_properties
            )
            return f"check_union({source}, {place}, ({decoders},))"
        case ConstProperty():
            return f"check_const({source}, {place}, {prop.value.python_code.as_unembedded_code()})"
        case DateProperty():
            return f"check_parsed({source}, {place}, datetime.date.fromisoformat)"
        case DateTimeProperty():
            return f"check_parsed({source}, {place}, datetime.datetime.fromisoformat)"
        case UuidProperty():
            return f"check_parsed({source}, {place}, UUID)"
        case FileProperty():
            return f"File(payload=BytesIO({source}))"
        case AnyProperty():
            return source
        case _:
            pass
    raise NotImplementedError(f"no decoder for {type(prop).__name__} ({where}): add one in facade.py")


def _unless(kind: str, source: str, check: str, place: str) -> str:
    """The value of that very type as it is, and any other checked: what is right costs no call."""
    if source.isidentifier():
        return f"{source} if type({source}) is {kind} else {check}({source}, {place})"
    return f"v if type(v := {source}) is {kind} else {check}(v, {place})"


def decode_field(class_name: str, prop: Any) -> str:
    """The same for one field of a model, taken out of the dictionary `d`."""
    wire_name = strings.in_double_quote_literal(prop.name)
    where = f"{class_name}.{wire_name}"
    if prop.required:
        return decode(prop, f'd.pop("{wire_name}", UNSET)', where)
    if prop.default is not None:
        return decode(prop, f'd.pop("{wire_name}", {prop.default.python_code.as_unembedded_code()})', where)
    taken = decode(prop, f'd.pop("{wire_name}")', where)
    return f'({taken}) if "{wire_name}" in d else UNSET'


def declaration(prop: Any) -> str:
    """A field with a default always has a value: its type has no `Unset`, which upstream's would."""
    if prop.default is None:
        return prop.to_string().as_unembedded_code()
    type_name = prop.get_type_string(no_optional=True).as_unembedded_code()
    return f"{prop.python_name}: {type_name} = {prop.default.python_code.as_unembedded_code()}"


def enum_docstring(document: Schema) -> Callable[[Any], str]:
    schemas: Schema = document["components"]["schemas"]

    def docstring(enum: Any) -> str:
        schema: Schema = schemas.get(str(enum.class_info.name), {})
        lines = [_sentence(schema.get("description", "")), ""]
        described = zip(enum.values, schema.get("x-enum-descriptions", ()), strict=False)
        lines += [f"{name}: {_sentence(text)}" for name, text in described]
        lines += ["", "A value that is not listed keeps its raw value, under the name `UNKNOWN`."]
        return _docstring(lines)

    return docstring


# --- operations ----------------------------------------------------------------------------------------


@define
class Parameter:
    python_name: str
    wire_name: str
    annotation: str
    required: bool
    field: dict[str, Any]
    schema: Schema


@define
class OperationContext:
    name: str
    method: str
    path: str
    effect: str
    returns: str
    decode: str
    answer: str
    returns_kind: str
    media_type: str
    docstring: str
    body: str | None = None
    parameters: list[Parameter] = Factory(list[Parameter])
    sums: list[dict[str, Any]] = Factory(list[dict[str, Any]])
    error_codes: tuple[int, ...] = ()
    deprecated: bool = False
    second_path: str | None = None

    @property
    def constant(self) -> str:
        return self.name.upper()


def facade_context(document: Schema, openapi: GeneratorData) -> dict[str, Any]:
    endpoints = {
        (endpoint.method, endpoint.path.get_untrusted_value()): endpoint
        for collection in openapi.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
    }
    models = {str(model.class_info.name): model for model in openapi.models}
    imports: set[str] = set()
    operations = [
        _operation(document, path, method, operation, endpoints, models, imports)
        for path, method, operation in _operations(document)
    ]
    known = {operation["operationId"]: path for path, _, operation in _operations(document)}
    for path, _, raw in _operations(document):
        replacement = raw.get("x-replaced-by")
        if replacement is None:
            continue
        if replacement not in known:
            raise ValueError(f"{raw['operationId']}: x-replaced-by names no operation: {replacement}")
        next(each for each in operations if each.path == known[replacement]).second_path = path
    for each in operations:
        _take_from_models(each, imports)
    return {"operations": operations}


def _take_from_models(operation: OperationContext, imports: set[str]) -> None:
    """`Item` becomes `models.Item`, which is loaded when it is needed: importing all models takes long on the
    slow boards of scales."""
    names = "|".join(sorted(line.split()[-1] for line in imports))
    bare = re.compile(rf"(?<![\w.\"])({names})\b(?!\")")

    def through_models(code: str) -> str:
        return bare.sub(r"models.\1", code) if names else code

    operation.decode = _with_places(operation.decode, through_models)
    operation.returns = through_models(operation.returns)
    for parameter in operation.parameters:
        parameter.annotation = through_models(parameter.annotation)


def _with_places(code: str, change: Callable[[str], str]) -> str:
    """Changes code, and leaves the texts in it (where a value stands, for error messages) as they are."""
    parts = re.split(r"('[^']*')", code)
    return "".join(part if part.startswith("'") else change(part) for part in parts)


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in document["paths"].items():
        for method in ("get", "put", "post", "delete", "options", "head", "patch", "trace"):
            if method in item:
                yield path, method, item[method]


def _operation(
    document: Schema,
    path: str,
    method: str,
    raw: Schema,
    endpoints: dict[tuple[str, str], Endpoint],
    models: dict[str, ModelProperty],
    imports: set[str],
) -> OperationContext:
    endpoint = endpoints[method, path]
    body, parameters, sums = _request(document, raw, endpoint, models, imports)
    answer, media_type, result = _answer(raw, endpoint, models)
    if answer == "binary":
        returns, decoder, returns_kind = "bytes", "data", "one"
    elif result is None:
        returns, decoder, returns_kind = "None", "None", "nothing"
    else:
        returns = result.get_type_string(no_optional=True).as_unembedded_code()
        decoder = decode(result, "data", returns)
        returns_kind = "list" if isinstance(result, ListProperty) else "one"
        imports |= _model_imports(result)
    return OperationContext(
        name=str(endpoint.name),
        method=method.upper(),
        path=path,
        effect=raw["x-effect"],
        returns=returns,
        decode=decoder,
        answer=answer,
        returns_kind=returns_kind,
        media_type=media_type,
        docstring=_operation_docstring(document, path, method, raw, parameters, _result(document, returns)),
        body=body,
        parameters=parameters,
        sums=[{"fields": tuple(each["fields"]), "maximum": each["maximum"]} for each in sums],
        error_codes=tuple(raw.get("x-error-codes", ())),
        deprecated=raw.get("deprecated", False),
    )


def _fields_of(model: ModelProperty, models: dict[str, ModelProperty]) -> list[Any]:
    """A reference to a model is a copy made before its fields were known: the list has them."""
    whole = models[model.class_info.name]
    return [*(whole.required_properties or ()), *(whole.optional_properties or ())]


def _answer(raw: Schema, endpoint: Endpoint, models: dict[str, ModelProperty]) -> tuple[str, str, Any]:
    """The kind of answer, its media type, and the property that is the result (None: there is none)."""
    media_type = next(iter(raw["responses"]["200"]["content"]))
    prop = endpoint.responses.patterns[0].prop
    if media_type != "application/json":
        return "binary", media_type, None
    if not isinstance(prop, ModelProperty):
        raise ValueError(f"{raw['operationId']}: an answer is an object with a name of its own")
    data = next((each for each in _fields_of(prop, models) if each.python_name == "data"), None)
    if data is None:
        return "bare", media_type, prop
    results = (
        [inner for inner in data.inner_properties if not isinstance(inner, NoneProperty)]
        if isinstance(data, UnionProperty)
        else [data]
    )
    if len(results) != 1:
        raise ValueError(f"{raw['operationId']}: `data` is one type or null, here it is one of several")
    result = results[0]
    if isinstance(result, ModelProperty) and not any(_fields_of(result, models)):
        return "envelope", media_type, None  # an object without fields: null stands in its place
    return "envelope", media_type, result


def _result(document: Schema, returns: str) -> str:
    """What a method gives back, in words."""
    if returns == "None":
        return ""
    name = returns.removeprefix("list[").removesuffix("]")
    description: str = document["components"]["schemas"].get(name, {}).get("description", "")
    return f"{returns}: {_sentence(description)}" if description else f"{returns}."


def _request(
    document: Schema, raw: Schema, endpoint: Endpoint, models: dict[str, ModelProperty], imports: set[str]
) -> tuple[str | None, list[Parameter], list[Schema]]:
    parameters: list[Parameter] = []
    for prop in endpoint.path_parameters:
        described = next(
            each for each in raw["parameters"] if each["name"] == prop.name.get_untrusted_value()
        )
        schema = {"description": described.get("description", ""), **_resolved(document, described["schema"])}
        parameters.append(_parameter(prop, schema, "path", None, imports))
    if not endpoint.bodies:
        return None, parameters, []

    content: Schema = raw["requestBody"]["content"]
    media_type = next(iter(content))
    body_schema = _resolved(document, content[media_type]["schema"])
    twins = {
        each["x-replaced-by"]: name
        for name, each in body_schema["properties"].items()
        if each.get("deprecated") and "x-replaced-by" in each
    }
    model = endpoint.bodies[0].prop
    assert isinstance(model, ModelProperty)
    for prop in _fields_of(model, models):
        name = prop.name.get_untrusted_value()
        if name in twins.values():
            continue
        schema = _resolved(document, body_schema["properties"][name])
        parameters.append(_parameter(prop, schema, "body", twins.get(name), imports))
    order = list(body_schema["properties"])
    parameters.sort(
        key=lambda each: (not each.required, order.index(each.wire_name) if each.wire_name in order else -1)
    )
    kind = "multipart" if media_type == "multipart/form-data" else "json"
    return kind, parameters, body_schema.get("x-sum-maximum", [])


def _parameter(prop: Any, schema: Schema, place: str, twin: str | None, imports: set[str]) -> Parameter:
    imports |= _model_imports(prop)
    annotation = prop.get_type_string(no_optional=True).as_unembedded_code()
    kind = KINDS.get(schema.get("type", ""), "other")
    if isinstance(prop, FileProperty):
        annotation, kind = "Upload", "file"
    elif isinstance(prop, EnumProperty):
        annotation = f"{annotation} | {prop.value_type.__name__}"
    elif isinstance(prop, (DateProperty, DateTimeProperty, UuidProperty, UnionProperty)):
        kind = "other"
    if not prop.required:
        annotation += " | Unset"
    facts = {
        "values": tuple(schema["enum"]) if "enum" in schema else None,
        "min_length": schema.get("minLength"),
        "max_length": schema.get("maxLength"),
        "pattern": schema.get("pattern"),
        "minimum": schema.get("minimum"),
        "maximum": schema.get("maximum"),
        "twin": twin,
    }
    name = prop.name.get_untrusted_value()
    described: dict[str, Any] = {"name": name, "python_name": str(prop.python_name), "kind": kind}
    if place != "body":
        described["place"] = place
    if not prop.required:
        described["required"] = False
    described |= {key: value for key, value in facts.items() if value is not None}
    return Parameter(str(prop.python_name), name, annotation, prop.required, described, schema)


def _model_imports(prop: Any) -> set[str]:
    """Of what a signature names: at run time too, for those who look at signatures."""
    lines: set[str] = prop.get_imports(prefix=".") | prop.get_lazy_imports(prefix=".")
    return {line for line in lines if ".models." in line}


def _resolved(document: Schema, schema: Schema) -> Schema:
    """The schema behind a `$ref`; what stands beside the reference wins (allowed in 3.1)."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return {**_resolved(document, target), **{key: value for key, value in schema.items() if key != "$ref"}}


# --- docstrings ----------------------------------------------------------------------------------------


def _operation_docstring(
    document: Schema, path: str, method: str, raw: Schema, parameters: list[Parameter], result: str
) -> str:
    lines = [_sentence(raw["summary"]), "", *_paragraphs(raw.get("description", ""))]
    if parameters:
        lines += ["", "Args:"]
        lines += [f"    {each.python_name}: {_described(each.schema)}" for each in parameters]
    catalogue = {each["code"]: each for each in document["x-error-codes"]}
    codes = [f"{code} {catalogue[code]['name']}" for code in raw.get("x-error-codes", ())]
    codes += list(raw.get("x-error-ranges", ()))
    if result:
        lines += ["", "Returns:", f"    {result}"]
    lines += ["", "Raises:", f"    DeviceError: the module says no, likely with {', '.join(codes)}."]
    if parameters:
        lines += ["    InvalidInputError: an argument is not as described; nothing was sent."]
    lines += ["    VisionAIError: the module cannot be reached or understood; see its subclasses."]
    lines += [
        "",
        f"Effect: {raw['x-effect']}. `{method.upper()} {path}`. Source: {raw.get('x-source', 'none')}.",
    ]
    return _docstring(lines)


def _described(schema: Schema) -> str:
    """A parameter's description, with what is allowed where its prose does not say so itself."""
    text = " ".join(schema.get("description", "").split())
    allowed: list[str] = []
    bounds = [schema[each] for each in ("minimum", "maximum") if each in schema]
    if bounds and not all(str(bound) in text for bound in bounds):
        allowed.append(f"{schema.get('minimum', 'any')} to {schema.get('maximum', 'any')}")
    if schema.get("minLength"):
        allowed.append(
            f"at least {schema['minLength']} characters" if schema["minLength"] > 1 else "not empty"
        )
    if "maxLength" in schema:
        allowed.append(f"at most {schema['maxLength']} characters")
    if "enum" in schema:
        names = schema.get("x-enum-varnames", schema["enum"])
        allowed.append(
            " or ".join(f"{value} ({name})" for value, name in zip(schema["enum"], names, strict=True))
        )
    return " ".join([_sentence(text), *([f"Allowed: {', '.join(allowed)}."] if allowed else [])])


def _paragraphs(text: str) -> list[str]:
    """Lines joined to paragraphs; a list's items stay lines of their own."""
    joined: list[str] = []
    for line in text.strip().splitlines():
        starts_anew = (
            not line.strip() or line.lstrip().startswith(("- ", "* ")) or not joined or not joined[-1]
        )
        if starts_anew:
            joined.append(line.strip())
        else:
            joined[-1] += " " + line.strip()
    return joined


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?:" else text + "."


def _docstring(lines: list[str]) -> str:
    wrapped: list[str] = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        hang = "    " if indent else ("  " if line.startswith(("- ", "* ")) else "")
        wrapped += textwrap.wrap(
            line.strip(),
            DOCSTRING_WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    text = "\n".join(wrapped).strip()
    quoted = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{quoted}\n"""' if "\n" in quoted else f'"""{quoted}"""'


# --- error codes ---------------------------------------------------------------------------------------


def catalogue_context(document: Schema) -> dict[str, Any]:
    codes = document["x-error-codes"]
    ranges = document.get("x-error-ranges", [])
    categories = tuple(dict.fromkeys(each["category"] for each in [*codes, *ranges]))
    return {"error_codes": codes, "error_ranges": ranges, "error_categories": categories}
