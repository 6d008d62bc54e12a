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
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.union import UnionProperty

from conversions import decode, encode

ESSENTIAL = "x-essential"
ALTERNATIVE_NAME = "x-alternative-name"


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
    schema: Mapping[str, Any] = declared.get(name, {})
    essential = name in essential_names
    default = None if prop.default is None else prop.default.python_code.as_unembedded_code()
    is_list = isinstance(prop, ListProperty)
    may_be_none = not (essential or is_list or default is not None or isinstance(prop, AnyProperty))
    annotation = (_without_null(prop) or prop).get_type_string(no_optional=True).as_unembedded_code()
    if may_be_none and "None" not in annotation.split(" | "):
        annotation += " | None"
    source = "self." + prop.python_name
    return FieldContext(
        python_name=str(prop.python_name),
        wire_name=name,
        annotation=annotation,
        default=default or ("None" if may_be_none or isinstance(prop, AnyProperty) else None),
        description=prop.description.get_untrusted_value() if prop.description else "",
        decode=_decode_field(class_name, prop, name, default, essential, schema.get(ALTERNATIVE_NAME)),
        encode=encode(prop, source),
        may_be_none=may_be_none or isinstance(prop, AnyProperty),
        essential=essential,
    )


def _decode_field(
    class_name: str, prop: Any, name: str, default: str | None, essential: bool, alternative: str | None
) -> str:
    where = f"{class_name}.{name}"
    rest = "" if essential else "d"
    if isinstance(prop, AnyProperty):
        return f"replace_infinities(d.pop({name!r}, None))"
    if default is not None:
        value = decode(prop, f"d.pop({name!r}, {default})", where, rest=rest)
        return f"{default} if (w := {value}) is None else w"
    nullable = _without_null(prop)
    if nullable is not None and not essential:
        missing = "UNSET" if prop.required else None  # null is no departure, a missing field may be one
        return f"None if (v := d.pop({name!r}, {missing})) is None else {decode(nullable, 'v', where, rest=rest)}"
    always = prop.required or essential or isinstance(prop, ListProperty)
    missing = "UNSET" if prop.required or essential else "[]"
    source = f"d.pop({name!r}, {missing})" if always else f"d.pop({name!r})"
    if alternative is not None:
        source = f"take_renamed(d, {name!r}, {alternative!r})"
    value = decode(prop, source, where, rest=rest)
    if always:
        return value
    present = " or ".join(f"{each!r} in d" for each in (name, alternative) if each is not None)
    return f"({value}) if {present} else None"


def _without_null(prop: Any) -> Any:
    """Return the property of a union's only type beside null; None for any other property."""
    if not isinstance(prop, UnionProperty):
        return None
    inner = [each for each in prop.inner_properties if not isinstance(each, NoneProperty)]
    return inner[0] if len(inner) == 1 < len(prop.inner_properties) else None
