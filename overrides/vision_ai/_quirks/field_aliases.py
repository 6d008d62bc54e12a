"""Fields with two names (A1): the vendor's examples say `id`, its tables `item_id`.

Which fields have an alias is in the contract (`x-replaced-by`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vision_ai_generated.operation import Field

from ..options import FieldNames


def add_aliases(body: Mapping[str, object], fields: Iterable[Field], names: FieldNames) -> dict[str, object]:
    """Return the body with its fields under the names that the option asks for."""
    aliases = {field.name: field.alias for field in fields if field.alias is not None and field.name in body}
    if names == "id" or not aliases:
        return dict(body)
    if names == "both":
        return {**body, **{alias: body[name] for name, alias in aliases.items()}}
    return {aliases.get(name, name): value for name, value in body.items()}
