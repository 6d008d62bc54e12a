"""The figures of the view Quality, from the running sums of the events."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

MAX_ROWS = 50
"""Stores, scales or products in one list, the worst or the most frequent first."""


class QualitySums(Protocol):
    """What `vision_ai_fleet.events.quality.Quality` has for the page. Methods may be called from any thread."""

    def read_overall(self, days: int, store: str | None = None) -> Any: ...

    def read_days(self, days: int, store: str | None = None) -> Sequence[Any]: ...

    def read_stores(self, days: int) -> Sequence[Any]: ...

    def read_scales(self, days: int, store: str) -> Sequence[Any]: ...

    def read_products(self, days: int, store: str | None = None, limit: int = 50) -> Sequence[Any]: ...


async def read_figures(sums: QualitySums, days: int, store: str | None) -> dict[str, Any]:
    """Return the figures of the last days, of all stores or of one with its scales."""
    return await asyncio.to_thread(_read, sums, days, store)


def _read(sums: QualitySums, days: int, store: str | None) -> dict[str, Any]:
    overall = sums.read_overall(days, store)
    if overall is None:
        return {"overall": None}
    places = sums.read_scales(days, store) if store else sums.read_stores(days)
    return {
        "overall": asdict(overall),
        "total": len(places),
        "places": [asdict(each) for each in places[:MAX_ROWS]],
        "days": [asdict(each) for each in sums.read_days(days, store)],
        "products": [asdict(each) for each in sums.read_products(days, store, MAX_ROWS)],
    }
