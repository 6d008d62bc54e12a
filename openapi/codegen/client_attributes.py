"""Attributes that the SDK adds to models: what a program finds on a result, and no module sends.

They are declared at the class, so that decoding a response sets none of them and takes no longer. `__match_args__`,
`to_dict`, `from_dict` and the comparison of models leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen
from openapi_python_client.parser.properties.model_property import ModelProperty


@frozen
class ClientAttribute:
    """One attribute of a model that no module sends."""

    name: str
    annotation: str
    description: str
    fallback: str | None = None
    """The field whose value it has until it is set; None for an attribute that is None until then."""


CLIENT_ATTRIBUTES: dict[str, tuple[ClientAttribute, ...]] = {
    "RecognizedItem": (
        ClientAttribute(
            "name",
            "str | None",
            "The product's name in the client's catalog; None without one, and for a product that is not in it. "
            "No module sends it.",
        ),
    ),
    "RecognitionResult": (
        ClientAttribute(
            "all_items",
            "list[RecognizedItem]",
            "All guesses of the module, the most likely first. They are those of `items`, except with "
            "`only_catalog=True`: `items` then lacks the products that are not in the catalog.",
            fallback="items",
        ),
    ),
}


def client_attributes_of(
    models: Iterable[ModelProperty],
) -> Callable[[ModelProperty], tuple[ClientAttribute, ...]]:
    """Return a function that returns the added attributes of a model.

    Raises:
        ValueError: A field of the contract has the name of an added attribute, or there is no such field to fall
            back to.
    """
    for model in models:
        fields = {str(each.python_name) for each in _properties(model)}
        for attribute in CLIENT_ATTRIBUTES.get(str(model.class_info.name), ()):
            where = f"{model.class_info.name}.{attribute.name}"
            if attribute.name in fields:
                raise ValueError(f"{where} of client_attributes.py is a field of the contract")
            if attribute.fallback is not None and attribute.fallback not in fields:
                raise ValueError(
                    f"{where} of client_attributes.py falls back to no field: {attribute.fallback}"
                )
    return lambda model: CLIENT_ATTRIBUTES.get(str(model.class_info.name), ())


def _properties(model: ModelProperty) -> list[Any]:
    return [*(model.required_properties or ()), *(model.optional_properties or ())]
