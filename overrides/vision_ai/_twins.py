"""Fields with two names (A1): the vendor's examples say `id`, the parameter tables `item_id`. Which fields
have a twin is the contract's to say (`x-replaced-by`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vision_ai_generated.operation import Field

from ._profile import FieldNames


def with_twins(body: Mapping[str, object], fields: Iterable[Field], names: FieldNames) -> dict[str, object]:
    """The body with its fields under the names that the setting asks for."""
    twins = {field.name: field.alias for field in fields if field.alias is not None and field.name in body}
    if names == "id" or not twins:
        return dict(body)
    if names == "both":
        return {**body, **{twin: body[name] for name, twin in twins.items()}}
    return {twins.get(name, name): value for name, value in body.items()}
