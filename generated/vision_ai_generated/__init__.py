"""Generated from openapi/vision-ai.yaml by `make generate`. Do not edit: change the contract or a template.

`Client` and `AuthenticatedClient` are the generator's own; the SDK in `vision_ai` builds on `operations`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

__all__ = ("AuthenticatedClient", "Client")


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the SDK does without them, and slow boards notice each module.
    if name in __all__:
        from . import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
