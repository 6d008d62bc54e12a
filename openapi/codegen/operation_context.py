"""What the templates render for one operation of the contract.

The generator's endpoints have names and types. The contract's own extensions (`x-effect` …) and the limits of
parameters are not on them, so both come from the document itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from conversions import annotate, decode
from docstrings import Schema, describe_operation
from versions import FORM_OF, TITLE_IN_V2, V1, V2, VERSIONS

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_KINDS = ("string", "integer", "number", "boolean")
_LIMITS = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minimum": "minimum",
    "maximum": "maximum",
}
"""Keywords of JSON Schema, and their names in `Field`."""


@frozen
class Parameter:
    """One parameter of an operation."""

    python_name: str
    wire_name: str
    annotation: str
    required: bool
    schema: Schema
    field: dict[str, Any]
    """The arguments of `Field`."""


@frozen
class OperationContext:
    """One operation, in the words of the templates."""

    name: str
    module: str
    """The endpoint module, relative to `api`."""
    annotation: str
    """The type of the result."""
    decode: str
    """The expression that converts `data` to the result."""
    docstring: str
    parameters: list[Parameter]
    facts: dict[str, Any]
    """The arguments of `Operation` beside `decode`, `fields` and `sums`."""
    sums: list[Schema]
    models: list[ModelProperty]
    """The models that a result or an argument may be."""

    @property
    def constant(self) -> str:
        return self.name.upper()

    @property
    def deprecated(self) -> bool:
        return "deprecated" in self.facts

    @property
    def form_of(self) -> str | None:
        """The name of the operation of which this is the form in V2; None for an operation of its own."""
        name: str = self.facts["name"]
        return name if name != self.name else None


class Operations:
    """The operations of a document, for the templates."""

    def __init__(self, document: Schema, openapi: GeneratorData) -> None:
        self._document = document
        self._models = {str(model.class_info.name): model for model in openapi.models}
        endpoints = {
            (endpoint.method, endpoint.path.get_untrusted_value()): endpoint
            for collection in openapi.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        }
        self._alternatives = _alternative_paths(document)
        self._contexts = {
            (method, path): self._context(method, path, raw, endpoints[method, path])
            for method, path, raw in _operations(document)
        }

    def __iter__(self) -> Iterator[OperationContext]:
        return iter(self._contexts.values())

    def of(self, endpoint: Endpoint) -> OperationContext:
        """The operation of an endpoint module."""
        return self._contexts[endpoint.method, endpoint.path.get_untrusted_value()]

    def models(self) -> list[ModelProperty]:
        """The models that the operations use, in the order of the document.

        The models of whole requests and responses are not among them: the SDK reads and writes envelopes itself.
        """
        names: set[str] = set()
        for operation in self:
            for model in operation.models:
                self._add_names(model, names)
        return [model for name, model in self._models.items() if name in names]

    def _add_names(self, model: ModelProperty, names: set[str]) -> None:
        if model.class_info.name not in names:
            names.add(str(model.class_info.name))
            for prop in self._properties(model):
                for inner in _models_in(prop):
                    self._add_names(inner, names)

    def _context(self, method: str, path: str, raw: Schema, endpoint: Endpoint) -> OperationContext:
        body, parameters, properties, sums = self._request(raw, endpoint)
        response, media_type, result = self._response(raw, endpoint)
        if response == "binary":
            annotation, decoder, returns = "bytes", "data", "one"
        elif result is None:
            annotation, decoder, returns = "None", "None", "nothing"
        else:
            annotation = annotate(result)
            decoder = decode(result, "data", annotation.replace("models.", ""), scope="models.")
            returns = "list" if isinstance(result, ListProperty) else "one"
            properties = [*properties, result]
        schemas = {each.python_name: each.schema for each in parameters}
        facts = {
            "name": str(endpoint.name).removesuffix("_v2") if FORM_OF in raw else str(endpoint.name),
            "method": method.upper(),
            "path": path,
            "effect": raw["x-effect"],
            "response": response,
            "returns": returns,
            "body": body,
            "media_type": media_type if response == "binary" else None,
            "contains_bytes": result is not None and self._contains_bytes(result) or None,
            "error_codes": tuple(raw.get("x-error-codes", ())),
            "null_result": tuple(raw.get("x-null-result", {}).items()) or None,
            "deprecated": raw.get("deprecated"),
            "alternative_path": self._alternatives.get(raw["operationId"]),
            "versions": tuple(raw[VERSIONS]) if VERSIONS in raw else None,
            "title_in_v2": raw.get(TITLE_IN_V2),
        }
        return OperationContext(
            name=str(endpoint.name),
            module=f"{endpoint.tags[0]}.{endpoint.name}",
            annotation=annotation,
            decode=decoder,
            docstring=describe_operation(
                self._document, self._list_requests(method, path, raw), raw, schemas, annotation
            ),
            parameters=parameters,
            facts={name: value for name, value in facts.items() if value is not None},
            sums=[{"fields": tuple(each["fields"]), "maximum": each["maximum"]} for each in sums],
            models=[model for prop in properties for model in _models_in(prop)],
        )

    def _list_requests(self, method: str, path: str, raw: Schema) -> dict[str, str]:
        """Return the request of an operation by the versions of the API that have it."""
        own = f"{method.upper()} {path}"
        versions: list[str] = raw.get(VERSIONS, [V1])
        forms = {
            V2: f"{other_method.upper()} {other_path}"
            for other_method, other_path, other in _operations(self._document)
            if other.get(FORM_OF) == raw["operationId"]
        }
        return {**dict.fromkeys(versions, own), **forms}

    def _properties(self, model: ModelProperty) -> list[Any]:
        """The fields of a model. A reference to a model is a copy without them."""
        complete = self._models[str(model.class_info.name)]
        return [*(complete.required_properties or ()), *(complete.optional_properties or ())]

    def _contains_bytes(self, result: Any) -> bool:
        schemas: Schema = self._document["components"]["schemas"]
        return any(
            field.get("format") == "byte"
            for model in _models_in(result)
            for field in schemas[str(model.class_info.name)].get("properties", {}).values()
        )

    def _response(self, raw: Schema, endpoint: Endpoint) -> tuple[str, str, Any]:
        """Return the kind of response, its media type, and the property that is the result, if there is one."""
        media_type = next(iter(raw["responses"]["200"]["content"]))
        prop = endpoint.responses.patterns[0].prop
        if media_type != "application/json":
            return "binary", media_type, None
        if not isinstance(prop, ModelProperty):
            raise ValueError(f"{raw['operationId']}: a JSON response must be an object with a schema name")
        data = next((each for each in self._properties(prop) if each.python_name == "data"), None)
        if data is None:
            return "bare", media_type, prop
        results = (
            [inner for inner in data.inner_properties if not isinstance(inner, NoneProperty)]
            if isinstance(data, UnionProperty)
            else [data]
        )
        if len(results) != 1:
            raise ValueError(f"{raw['operationId']}: `data` must be of one type, or of one type or null")
        result = results[0]
        if isinstance(result, ModelProperty) and not any(self._properties(result)):
            return "envelope", media_type, None  # an object without fields: the module sends null instead
        return "envelope", media_type, result

    def _request(
        self, raw: Schema, endpoint: Endpoint
    ) -> tuple[str | None, list[Parameter], list[Any], list[Schema]]:
        """Return the kind of body, the parameters, their properties, and the limits of sums."""
        parameters: list[Parameter] = []
        for prop in endpoint.path_parameters:
            name = prop.name.get_untrusted_value()
            declared = next(each for each in raw["parameters"] if each["name"] == name)
            schema = {"description": declared.get("description", ""), **self._resolve(declared["schema"])}
            parameters.append(_parameter(prop, schema, location="path"))
        if not endpoint.bodies:
            return None, parameters, list(endpoint.path_parameters), []

        content: Schema = raw["requestBody"]["content"]
        media_type = next(iter(content))
        body_schema = self._resolve(content[media_type]["schema"])
        aliases = {
            each["x-replaced-by"]: name
            for name, each in body_schema["properties"].items()
            if each.get("deprecated") and "x-replaced-by" in each
        }
        model = endpoint.bodies[0].prop
        assert isinstance(model, ModelProperty)
        by_name = {prop.name.get_untrusted_value(): prop for prop in self._properties(model)}
        properties = {
            name: by_name[name] for name in body_schema["properties"] if name not in aliases.values()
        }
        for name, prop in properties.items():
            schema = self._resolve(body_schema["properties"][name])
            parameters.append(_parameter(prop, schema, alias=aliases.get(name)))
        parameters.sort(key=lambda each: not each.required)
        body = "multipart" if media_type == "multipart/form-data" else "json"
        used = [*endpoint.path_parameters, *properties.values()]
        return body, parameters, used, body_schema.get("x-sum-maximum", [])

    def _resolve(self, schema: Schema) -> Schema:
        """Return the schema behind a `$ref`. A keyword beside the reference replaces the schema's own."""
        reference = schema.get("$ref")
        if reference is None:
            return schema
        target: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        return {**self._resolve(target), **{key: value for key, value in schema.items() if key != "$ref"}}


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method, path, item[method]


def _alternative_paths(document: Schema) -> dict[str, str]:
    """Return the paths of deprecated operations, by the ids of the operations that replace them."""
    names = {raw["operationId"] for _, _, raw in _operations(document)}
    paths: dict[str, str] = {}
    for _, path, raw in _operations(document):
        replacement = raw.get("x-replaced-by")
        if replacement is None:
            continue
        if replacement not in names:
            raise ValueError(f"{raw['operationId']}: x-replaced-by names no operation: {replacement}")
        paths[replacement] = path
    return paths


def _parameter(prop: Any, schema: Schema, location: str | None = None, alias: str | None = None) -> Parameter:
    annotation = annotate(prop)
    kind = schema.get("type", "")
    if isinstance(prop, FileProperty):
        annotation, kind = "Upload", "file"
    elif isinstance(prop, EnumProperty):
        annotation = f"{annotation} | {prop.value_type.__name__}"
    elif kind not in _KINDS or isinstance(
        prop, (DateProperty, DateTimeProperty, UuidProperty, UnionProperty)
    ):
        kind = "other"
    if not prop.required:
        annotation += " | Unset"
    name = prop.name.get_untrusted_value()
    field = {
        "name": name,
        "python_name": str(prop.python_name),
        "kind": kind,
        "location": location,
        "required": None if prop.required else False,
        "alias": alias,
        "values": tuple(schema["enum"]) if "enum" in schema else None,
        **{field_name: schema.get(keyword) for keyword, field_name in _LIMITS.items()},
    }
    return Parameter(
        python_name=str(prop.python_name),
        wire_name=name,
        annotation=annotation,
        required=prop.required,
        schema=schema,
        field={key: value for key, value in field.items() if value is not None},
    )


def _models_in(prop: Any) -> Iterable[ModelProperty]:
    match prop:
        case ModelProperty():
            yield prop
        case ListProperty():
            yield from _models_in(prop.inner_property)
        case UnionProperty():
            for inner in prop.inner_properties:
                yield from _models_in(inner)
        case _:
            pass
