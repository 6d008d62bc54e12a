"""httpx in annotations: programs and tools may evaluate them, and only they need it imported then."""

from __future__ import annotations

from typing import Any


class LazyHttpx:
    """Has httpx's names, and imports it when one is used."""

    def __getattr__(self, name: str) -> Any:
        from .. import _httpx

        return getattr(_httpx, name)
