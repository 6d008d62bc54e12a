"""Modules in annotations: programs and tools may evaluate them, and only they need the module imported then."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyModule:
    """Has a module's names, and imports it when one is used."""

    def __init__(self, name: str) -> None:
        self._module = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
