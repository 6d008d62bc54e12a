"""The name of a product where the program gave none."""

from __future__ import annotations

from .._pipeline.pipeline import Pipeline
from .._validation import describe
from ..errors import InvalidInputError


def find_name(pipeline: Pipeline, method: str, item_id: str) -> str:
    """Return the name that the client's catalog has for a product.

    Args:
        pipeline: The client's.
        method: What needs the name, for the message.
        item_id: The product's number.

    Raises:
        InvalidInputError: There is no catalog, or it does not have the product.
    """
    if not isinstance(item_id, str) or not item_id:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInputError(f"{method}: id must be a text that is not empty, not {describe(item_id)}")
    lookup = pipeline.options.product_lookup
    if lookup is None:
        raise InvalidInputError(
            f"{method}: the product's name is missing: give name=, or VisionAI(catalog=…)"
        )
    name = lookup.find_name(item_id)
    if name is None:
        raise InvalidInputError(
            f"{method}: the catalog has no name for {describe(item_id)}: give name=, or add it to the catalog"
        )
    return name
