"""Python expressions that convert between the values of JSON and the types of the contract."""

from __future__ import annotations

from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty


def decode(prop: Any, source: str, where: str, scope: str = "") -> str:
    """Return the expression that checks `source` and converts it to the type of the property.

    `where` names the value in error messages. `scope` precedes the names of models: `models.` or nothing.
    """
    location = repr(where)
    match prop:
        case StringProperty():
            return _unless("str", source, "check_str", location)
        case IntProperty():
            return f"check_int({source}, {location})"
        case FloatProperty():
            return f"check_float({source}, {location})"
        case BooleanProperty():
            return f"check_bool({source}, {location})"
        case NoneProperty():
            return f"check_none({source}, {location})"
        case EnumProperty():
            check = "check_int" if prop.value_type is int else "check_str"
            return f"{scope}{prop.class_info.name}({check}({source}, {location}))"
        case ModelProperty():
            checked = _unless("dict", source, "check_object", location)
            return f"{scope}{prop.class_info.name}.from_dict({checked})"
        case ListProperty():
            item = decode(prop.inner_property, "item", f"{where}[]", scope)
            return f"[{item} for item in check_list({source}, {location})]"
        case UnionProperty():
            decoders = ", ".join(
                f"lambda value, _: {decode(inner, 'value', where, scope)}" for inner in prop.inner_properties
            )
            return f"check_union({source}, {location}, ({decoders},))"
        case ConstProperty():
            return f"check_const({source}, {location}, {prop.value.python_code.as_unembedded_code()})"
        case DateProperty():
            return f"check_parsed({source}, {location}, datetime.date.fromisoformat)"
        case DateTimeProperty():
            return f"check_parsed({source}, {location}, datetime.datetime.fromisoformat)"
        case UuidProperty():
            return f"check_parsed({source}, {location}, UUID)"
        case AnyProperty():
            return source
        case _:
            pass
    raise NotImplementedError(f"no decoder for {type(prop).__name__} ({where}): add one to {__name__}.py")


def _unless(kind: str, source: str, check: str, location: str) -> str:
    """Skip the check for a value of exactly the expected type: a valid value costs no function call."""
    if source.isidentifier():
        return f"{source} if type({source}) is {kind} else {check}({source}, {location})"
    return f"v if type(v := {source}) is {kind} else {check}(v, {location})"


def decode_field(class_name: str, prop: Any) -> str:
    """Return the expression that takes one field of a model out of the dictionary `d`."""
    wire_name = strings.in_double_quote_literal(prop.name)
    where = f"{class_name}.{wire_name}"
    if prop.required:
        return decode(prop, f'd.pop("{wire_name}", UNSET)', where)
    if prop.default is not None:
        return decode(prop, f'd.pop("{wire_name}", {prop.default.python_code.as_unembedded_code()})', where)
    value = decode(prop, f'd.pop("{wire_name}")', where)
    return f'({value}) if "{wire_name}" in d else UNSET'


def encode(prop: Any, source: str) -> str:
    """Return the expression that converts `source` back to a value of JSON."""
    match prop:
        case ModelProperty():
            return f"{source}.to_dict()"
        case EnumProperty():
            return f"{source}.value"
        case DateProperty() | DateTimeProperty():
            return f"{source}.isoformat()"
        case UuidProperty():
            return f"str({source})"
        case ListProperty():
            item = encode(prop.inner_property, "item")
            return source if item == "item" else f"[{item} for item in {source}]"
        case UnionProperty():
            code = source
            for inner in prop.inner_properties:
                encoded = encode(inner, source)
                if encoded != source:
                    code = f"{encoded} if isinstance({source}, {_class_of(inner)}) else {code}"
            return f"({code})"
        case _:
            return source


def _class_of(prop: Any) -> str:
    match prop:
        case ModelProperty():
            return "Model"  # its own class is imported only where it decodes
        case ListProperty():
            return "list"
        case _:
            return prop.get_instance_type_string().as_unembedded_code()


def annotate_field(prop: Any) -> str:
    """Return the type of a field of a model. A field with a default always has a value, so it is never `Unset`."""
    return prop.get_type_string(no_optional=prop.default is not None).as_unembedded_code()


def default_of_field(prop: Any) -> str | None:
    """Return the default of a field of a model, or None if `from_dict` always has a value for it."""
    if prop.default is not None:
        return prop.default.python_code.as_unembedded_code()
    return None if prop.required else "UNSET"


def annotate(prop: Any) -> str:
    """Return the type of a property, with models named as `models.Item`.

    Signatures that name models in this way do not import them: slow boards notice each imported module.
    """
    match prop:
        case ModelProperty() | EnumProperty():
            return f"models.{prop.class_info.name}"
        case ListProperty():
            return f"list[{annotate(prop.inner_property)}]"
        case UnionProperty():
            return " | ".join(map(annotate, prop.inner_properties))
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code()
