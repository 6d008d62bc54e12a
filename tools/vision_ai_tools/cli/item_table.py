"""The products that a module recognizes, as a table and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vision_ai_translations import gettext as _

from .output import make_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import Catalog, Item


def to_named_dict(item: Item, catalog: Catalog | None) -> dict[str, Any]:
    """Return a product as JSON has it, with its name in the catalog if there is one."""
    named = {} if catalog is None else {"catalog_name": _get_catalog_name(item, catalog)}
    return item.to_dict() | named


def make_item_table(items: list[Item], catalog: Catalog | None) -> RenderableType:
    """Show what the module's version of the API has: names in V1, numbers of templates in V2."""
    columns = {_("ID"): [item.id for item in items]}
    names, counts = [item.name for item in items], [item.count for item in items]
    if any(names) or not any(count is not None for count in counts):
        columns[_("Name")] = names
    if any(count is not None for count in counts):
        columns[_("Templates")] = [None if count is None else str(count) for count in counts]
    if catalog is not None:
        columns[_("In the catalog")] = [_get_catalog_name(item, catalog) for item in items]
    return make_table(tuple(columns), zip(*columns.values(), strict=True))


def _get_catalog_name(item: Item, catalog: Catalog) -> str | None:
    product = catalog.get(item.id or "")
    return None if product is None else product.name
