"""The versions of the API, and what else is different about modules that speak them, apart from the operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from attrs import frozen

ApiVersion = Literal["v1", "v2"]
API_VERSIONS: tuple[ApiVersion, ...] = get_args(ApiVersion)


@frozen(kw_only=True)
class ApiTraits:
    """What is different about modules with one version of the API."""

    engine: str
    """The recognition engine's version in the vendor's example."""
    firmware: str
    """The firmware's version in the vendor's example."""
    max_result_num: int
    """The largest number of products in a result."""
    templates_per_product: int
    """The largest number of templates of a product."""
    names_products: bool
    """Whether products have names."""
    knows_date: bool
    """Whether the date is right after a restart."""


API_TRAITS: Mapping[ApiVersion, ApiTraits] = {
    # Every sale may bring feedback: without a limit, which V1 does not mention, recognition becomes slower from day
    # to day.
    "v1": ApiTraits(
        engine="9.5.0",
        firmware="9.9.4.2",
        max_result_num=10,
        templates_per_product=64,
        names_products=True,
        knows_date=True,
    ),
    "v2": ApiTraits(
        engine="9.6",
        firmware="9.9.5.7",
        max_result_num=5,
        templates_per_product=30,
        names_products=False,
        knows_date=False,
    ),
}
