"""What the template of a model renders for each field.

The generator knows which fields are required. Which ones an object is useless without (`x-essential`) comes from the
document itself: responses are read liberally, so all other fields may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty

from conversions import decode, encode

ESSENTIAL = "x-essential"


@frozen
class FieldContext:
    """One field of a model."""

    python_name: str
    wire_name: str
    annotation: str
    default: str | None
    """The default of the parameter of `__init__`; None if there is none."""
    description: str
    decode: str
    """The expression that takes the field out of the dictionary `d`."""
    encode: str
    may_be_none: bool
    essential: bool
    limits: tuple[float | None, float | None] | None
    """The smallest and the largest value, or length of a text or list, that the contract allows."""


def fields_of(schemas: Mapping[str, Any]) -> Callable[[ModelProperty], list[FieldContext]]:
    """Return a function that describes the fields of a model."""

    def fields(model: ModelProperty) -> list[FieldContext]:
        name = str(model.class_info.name)
        schema = schemas.get(name, {})
        essential: list[str] = schema.get(ESSENTIAL, [])
        properties = [*(model.required_properties or ()), *(model.optional_properties or ())]
        declared = schema.get("properties", {})
        contexts = [_field(name, prop, essential, declared) for prop in properties]
        unknown = set(essential) - {each.wire_name for each in contexts}
        if unknown:
            raise ValueError(f"{name}: {ESSENTIAL} names no field: {', '.join(sorted(unknown))}")
        return contexts

    return fields


def extension_of(schemas: Mapping[str, Any], extension: str) -> Callable[[ModelProperty], Any]:
    """Return a function that returns an extension of a model's schema; None if it has none."""
    return lambda model: schemas.get(str(model.class_info.name), {}).get(extension)


def documented_fields(models: Iterable[ModelProperty]) -> list[str]:
    """Return the names of all fields of all models."""
    return sorted(
        {
            prop.name.get_untrusted_value()
            for model in models
            for prop in (*(model.required_properties or ()), *(model.optional_properties or ()))
        }
    )


def _field(
    class_name: str, prop: Any, essential_names: list[str], declared: Mapping[str, Any]
) -> FieldContext:
    name = prop.name.get_untrusted_value()
    essential = name in essential_names
    default = None if prop.default is None else prop.default.python_code.as_unembedded_code()
    is_list = isinstance(prop, ListProperty)
    may_be_none = not (essential or is_list or default is not None or isinstance(prop, AnyProperty))
    annotation = prop.get_type_string(no_optional=True).as_unembedded_code()
    if may_be_none and "None" not in annotation.split(" | "):
        annotation += " | None"
    source = "self." + prop.python_name
    return FieldContext(
        python_name=str(prop.python_name),
        wire_name=name,
        annotation=annotation,
        default=default or ("None" if may_be_none or isinstance(prop, AnyProperty) else None),
        description=prop.description.get_untrusted_value() if prop.description else "",
        decode=_decode_field(class_name, prop, name, default, essential),
        encode=encode(prop, source),
        may_be_none=may_be_none or isinstance(prop, AnyProperty),
        essential=essential,
        limits=_limits(declared.get(name, {})),
    )


def _limits(schema: Mapping[str, Any]) -> tuple[float | None, float | None] | None:
    lowest, highest = (
        next((schema[keyword] for keyword in keywords if keyword in schema), None)
        for keywords in (("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems"))
    )
    return None if lowest is None and highest is None else (lowest, highest)


def _decode_field(class_name: str, prop: Any, name: str, default: str | None, essential: bool) -> str:
    where = f"{class_name}.{name}"
    rest = "" if essential else "d"
    if isinstance(prop, AnyProperty):
        return f"replace_infinities(d.pop({name!r}, None))"
    if default is not None:
        value = decode(prop, f"d.pop({name!r}, {default})", where, rest=rest)
        return f"{default} if (w := {value}) is None else w"
    if prop.required or essential or isinstance(prop, ListProperty):
        missing = "UNSET" if prop.required or essential else "[]"
        return decode(prop, f"d.pop({name!r}, {missing})", where, rest=rest)
    value = decode(prop, f"d.pop({name!r})", where, rest=rest)
    return f"({value}) if {name!r} in d else None"
