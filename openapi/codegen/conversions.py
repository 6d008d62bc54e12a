"""Python expressions that convert between the values of JSON and the types of the contract."""

from __future__ import annotations

from typing import Any

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


def decode(prop: Any, source: str, where: str, scope: str = "", rest: str = "") -> str:
    """Return the expression that reads `source` as the type of the property.

    `where` names the value in error messages. `scope` precedes the names of models: `models.` or nothing. `rest` is
    the name of the dictionary that keeps a value which cannot be read; without it, such a value is an error.
    """
    arguments = repr(where) + (rest and f", {rest}")
    match prop:
        case StringProperty():
            return _unless("str", source, "read_str", arguments)
        case IntProperty():
            return _unless("int", source, "read_int", arguments)
        case FloatProperty():
            return _unless("float", source, "read_float", arguments)
        case BooleanProperty():
            return f"read_bool({source}, {arguments})"
        case NoneProperty():
            return f"check_none({source}, {where!r})"
        case EnumProperty():
            reader = "read_int" if prop.value_type is int else "read_str"
            return _construct(f"{scope}{prop.class_info.name}", f"{reader}({source}, {arguments})", rest)
        case ModelProperty():
            constructor = f"{scope}{prop.class_info.name}.from_dict"
            if rest:
                return _construct(constructor, f"read_object({source}, {arguments})", rest)
            return f"{constructor}({_unless('dict', source, 'read_object', arguments)})"
        case ListProperty():
            item = decode(prop.inner_property, "item", f"{where}[]", scope)
            return f"[{item} for item in read_list({source}, {arguments})]"
        case UnionProperty():
            decoders = ", ".join(
                f"lambda value, _: {decode(inner, 'value', where, scope)}" for inner in prop.inner_properties
            )
            return f"read_union({source}, {where!r}, ({decoders},){rest and f', {rest}'})"
        case ConstProperty():
            constant = prop.value.python_code.as_unembedded_code()
            return f"read_const({source}, {where!r}, {constant}{rest and f', {rest}'})"
        case DateProperty():
            return _parse("datetime.date.fromisoformat", source, where, rest)
        case DateTimeProperty():
            return _parse("datetime.datetime.fromisoformat", source, where, rest)
        case UuidProperty():
            return _parse("UUID", source, where, rest)
        case AnyProperty():
            return source
        case _:
            pass
    raise NotImplementedError(f"no decoder for {type(prop).__name__} ({where}): add one to {__name__}.py")


def _unless(kind: str, source: str, reader: str, arguments: str) -> str:
    """Skip the reader for a value of exactly the expected type: a valid value costs no function call."""
    name = source if source.isidentifier() else "v"
    value = source if source.isidentifier() else f"(v := {source})"
    finite = f" and -INF < {name} < INF" if kind == "float" else ""
    return f"{name} if type({value}) is {kind}{finite} else {reader}({name}, {arguments})"


def _construct(constructor: str, value: str, rest: str) -> str:
    return f"None if (v := {value}) is None else {constructor}(v)" if rest else f"{constructor}({value})"


def _parse(parser: str, source: str, where: str, rest: str) -> str:
    return f"read_parsed({source}, {where!r}, {parser}{rest and f', {rest}'})"


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
