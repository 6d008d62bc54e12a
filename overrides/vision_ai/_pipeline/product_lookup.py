"""The names of a recognition's guesses: from a catalog, or from a function of the program."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from os import PathLike
from typing import cast

from vision_ai_generated import models

from .._validation import describe
from ..catalog import Catalog, Product
from ..errors import InvalidInputError
from ..progress import is_asynchronous

log = logging.getLogger("vision_ai")

FindProduct = Callable[[str], "str | Product | None"]
"""Returns a product, or its name, by its number; None for one that the till does not sell."""


class ProductLookup:
    """Finds products by their numbers. What a function of the program raises never reaches a call."""

    def __init__(self, find: FindProduct, *, only_catalog: bool) -> None:
        self._find = find
        self._only_catalog = only_catalog
        self._has_failed = False

    def name_guesses(self, result: models.RecognitionResult) -> None:
        """Give each guess its name, and leave out of `items` what is not in the catalog if only that is wanted."""
        known: list[models.RecognizedItem] = []
        for guess in result.items:
            is_known, guess.name = self._look_up(guess.id)
            if is_known:
                known.append(guess)
        if self._only_catalog and len(known) < len(result.items):
            result.all_items = result.items
            result.items = known

    def find_name(self, id: str) -> str | None:
        """Return the name of a product; None if the catalog does not have it."""
        return self._look_up(id)[1]

    def _look_up(self, id: str) -> tuple[bool, str | None]:
        """Return whether a product may be in the catalog, and its name. A failed search excludes no product."""
        try:
            found = cast(object, self._find(id))
            if isinstance(found, Product):
                return True, found.name
            if found is None or isinstance(found, str):
                return bool(found), found or None
            raise TypeError(f"catalog must return a name, a Product or None, not {describe(found)}")
        except Exception as error:
            if not self._has_failed:
                self._has_failed = True
                log.warning(
                    "catalog failed for %r: the guess stays without a name. Further failures are not logged.",
                    id,
                    exc_info=error,
                )
            return True, None


def make_lookup(catalog: object, *, only_catalog: bool) -> ProductLookup:
    """Return the lookup for what `VisionAI(catalog=…)` accepts.

    Raises:
        OSError: The file cannot be read.
        InvalidInputError: It is none of these, or the catalog is not possible.
    """
    match catalog:
        case None:
            raise InvalidInputError("only_catalog=True needs a catalog: give catalog= too")
        case Mapping():
            mapping = cast("Catalog | Mapping[str, str | Product]", catalog)
            products = mapping if isinstance(mapping, Catalog) else Catalog(mapping)
            find = dict(products).get  # faster than that of a Mapping
        case str() | PathLike():
            find = dict(Catalog.from_csv(cast("str | PathLike[str]", catalog))).get
        case found if callable(found) and not is_asynchronous(found):
            find = cast(FindProduct, found)
        case _:
            raise InvalidInputError(
                "catalog must be a Catalog, a mapping of ids to names, the path of a CSV file or an ordinary function "
                f"(not async), not {describe(catalog)}"
            )
    return ProductLookup(find, only_catalog=only_catalog)
