"""Create a contender's client in its own process."""

from __future__ import annotations

import importlib
from typing import Any


def load_contender(entry: str) -> type:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


async def create_async(contender: type, url: str, concurrency: int) -> Any:
    """Create the client inside the running event loop that some libraries require."""
    return contender(url, concurrency)


def is_missing_library(error: ModuleNotFoundError) -> bool:
    """Tell a library that is not installed from an installed one that lacks a part, which is a failure."""
    return "." not in (error.name or "")
