"""Compare the products that a module recognizes with a catalog."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from .options import Run
from .output import make_table
from .printable import format_parts

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import Catalog, Item

Kind = Literal["not_in_catalog", "not_taught", "other_name"]
KINDS: dict[Kind, str] = {
    "not_in_catalog": N_("not in the catalog"),
    "not_taught": N_("never taught"),
    "other_name": N_("another name"),
}
"""What the table says of each difference."""


class Difference(NamedTuple):
    """A product that the module and the catalog do not have in the same way."""

    kind: Kind
    id: str
    name: str | None
    """Its name on the module."""
    catalog_name: str | None

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "catalog_name": self.catalog_name}


def find_taught(items: Iterable[Item]) -> dict[str, str | None]:
    """Return the names of the products that a module recognizes. A product without templates (V2) is none."""
    return {item.id: item.name for item in items if item.id and item.count != 0}


def find_differences(taught: dict[str, str | None], catalog: Catalog) -> Iterator[Difference]:
    """Yield what differs: first what is not in the catalog, then the catalog's products in their order.

    A product to which the module gives no name, as in V2, is compared by its number only.
    """
    for id, name in taught.items():
        if id not in catalog:
            yield Difference("not_in_catalog", id, name, None)
    for id, product in catalog.items():
        if id not in taught:
            yield Difference("not_taught", id, None, product.name)
    for id, product in catalog.items():
        name = taught.get(id)
        if name and _normalize(name) != _normalize(product.name):
            yield Difference("other_name", id, name, product.name)


def emit_differences(run: Run, file: Path, catalog: Catalog, taught: dict[str, str | None]) -> bool:
    """Print how a module and a catalog differ; return whether they are equal.

    Args:
        run: The run of the command.
        file: The catalog's file, for the texts.
        catalog: The products of the file.
        taught: The names of the products of the module, by their numbers.
    """
    differences = list(find_differences(taught, catalog))
    compares_names = not taught or any(taught.values())
    if not compares_names:
        run.note(_("The module has no names of products, so only the numbers are compared."))
    result: dict[str, Any] = {
        "file": str(file),
        "products": len(catalog),
        "compared": ["id", "name"] if compares_names else ["id"],
        "equal": not differences,
    }
    for kind in KINDS:
        result[kind] = [each.to_dict() for each in differences if each.kind == kind]
    same = ngettext(
        "The module recognizes the same {count} product as {file} has.",
        "The module recognizes the same {count} products as {file} has.",
        len(catalog),
        count=len(catalog),
        file="{file}",
    )
    run.emit(result, lambda: _make_table(differences) if differences else format_parts(same, file=file))
    return not differences


def _make_table(differences: Iterable[Difference]) -> RenderableType:
    rows = [(each.id, each.name, each.catalog_name, _(KINDS[each.kind])) for each in differences]
    return make_table((_("ID"), _("On the module"), _("In the catalog"), _("Difference")), rows)


def _normalize(name: str) -> str:
    """Return a name as it is compared: spaces, and how an accent is written, make no other name."""
    return " ".join(unicodedata.normalize("NFC", name).split())
