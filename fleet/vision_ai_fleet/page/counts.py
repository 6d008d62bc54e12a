"""Counters over all scales, kept up to date with each change: nothing ever counts all of them again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vision_ai_fleet.scales import Scale

from .rows import DRIFT, FAILURES, OFFLINE, READY, STATUSES, find_status, get_version

SPREADS = ("firmware", "engine", "api", "agent")
MAX_VERSIONS = 6
"""Versions in one spread; the others are counted together."""


class CountedScale(NamedTuple):
    """What is counted of one scale."""

    store: str
    status: str
    versions: tuple[str | None, ...]


def make_counted_scale(scale: Scale) -> CountedScale:
    """Return what is counted of a scale."""
    return CountedScale(
        scale.id.store, find_status(scale), tuple(get_version(scale, name) for name in SPREADS)
    )


@dataclass(slots=True)
class StoreCounts:
    """The scales of one store."""

    total: int = 0
    offline: int = 0
    failing: int = 0
    drift: int = 0

    def to_dict(self, store: str) -> dict[str, Any]:
        return {
            "store": store,
            "total": self.total,
            "offline": self.offline,
            "failing": self.failing,
            "drift": self.drift,
        }


@dataclass(slots=True)
class FleetCounts:
    """All scales."""

    statuses: Counter[str] = field(default_factory=Counter[str])
    versions: tuple[Counter[str | None], ...] = field(
        default_factory=lambda: tuple(Counter[str | None]() for _ in SPREADS)
    )
    stores: dict[str, StoreCounts] = field(default_factory=dict[str, StoreCounts])

    def add(self, scale: CountedScale, sign: int = 1) -> None:
        """Count a scale, or with `sign=-1` no longer count it."""
        self.statuses[scale.status] += sign
        for counter, version in zip(self.versions, scale.versions, strict=True):
            counter[version] += sign
            if not counter[version]:
                del counter[version]
        store = self.stores.setdefault(scale.store, StoreCounts())
        store.total += sign
        store.offline += sign * (scale.status == OFFLINE)
        store.failing += sign * (scale.status in FAILURES)
        store.drift += sign * (scale.status == DRIFT)
        if not store.total:
            del self.stores[scale.store]

    def summarize_scales(self) -> dict[str, int]:
        """Return how many scales there are, by status."""
        failing = sum(self.statuses[status] for status in FAILURES)
        return {
            "total": self.statuses.total(),
            "stores": len(self.stores),
            "online": self.statuses[READY] + self.statuses[DRIFT] + failing,
            "failing": failing,
            **{status: self.statuses[status] for status in STATUSES},
        }

    def summarize_versions(self, name: str) -> list[dict[str, Any]]:
        """Return the most frequent versions, then the rest together, then the scales that reported none."""
        counter = self.versions[SPREADS.index(name)]
        known = sorted(
            ((version, count) for version, count in counter.items() if version is not None),
            key=lambda each: (-each[1], each[0]),
        )
        spread: list[dict[str, Any]] = [
            {"version": version, "count": count} for version, count in known[:MAX_VERSIONS]
        ]
        rest = known[MAX_VERSIONS:]
        if rest:
            spread.append({"others": len(rest), "count": sum(count for _, count in rest)})
        if counter[None]:
            spread.append({"version": None, "count": counter[None]})
        return spread

    def find_worst_stores(self, limit: int) -> list[dict[str, Any]]:
        """Return the stores with the largest share of scales that are offline or fail."""
        failing = [(store, each) for store, each in self.stores.items() if each.offline or each.failing]
        failing.sort(key=lambda each: (-(each[1].offline + each[1].failing) / each[1].total, each[0]))
        return [counts.to_dict(store) for store, counts in failing[:limit]]

    def list_stores(self, search: str, order: str, offset: int, size: int) -> dict[str, Any]:
        """Return a part of the list of stores: by name, or the ones with the most failing scales first."""
        found = [(store, each) for store, each in self.stores.items() if search in store.lower()]
        found.sort(key=lambda each: each[0])
        if order == "failing":
            found.sort(key=lambda each: -(each[1].failing + each[1].offline))
        part = found[offset : offset + size]
        return {"total": len(found), "offset": offset, "rows": [each.to_dict(store) for store, each in part]}
