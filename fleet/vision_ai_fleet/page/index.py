"""All scales in memory, and lists of some of them. A list of 30,000 is never sent, and never made in one go."""

from __future__ import annotations

import asyncio
import heapq
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.scales import Scale

from .counts import CountedScale, FleetCounts, make_counted_scale
from .query import ORDERS, ListQuery, Selection
from .rows import FAILURES, ORDER, describe_scale

SLICE = 1000
"""Scales that are looked at before other tasks have their turn: about a millisecond."""
MAX_LISTS = 20
"""Lists that are kept while nothing changes, for the next part of the same list."""


@dataclass(slots=True)
class ScaleIndex:
    """The scales that the page shows."""

    scales: dict[ScaleId, Scale] = field(default_factory=dict[ScaleId, Scale])
    counts: FleetCounts = field(default_factory=FleetCounts)
    revision: int = 0
    """Grows with each change that a list shows."""
    _counted: dict[ScaleId, CountedScale] = field(default_factory=dict[ScaleId, CountedScale])
    _failing: set[ScaleId] = field(default_factory=set[ScaleId])
    _ids: list[ScaleId] | None = None
    """In order; None after a scale was added or removed."""
    _lists: OrderedDict[object, list[ScaleId]] = field(default_factory=OrderedDict[object, list[ScaleId]])

    def update(self, scale: Scale) -> None:
        """Take the latest state of a scale."""
        id = scale.id
        old = self.scales.get(id)
        self.scales[id] = scale
        if old is not None and _get_shown(old) == _get_shown(scale):
            return  # each agent reports twice a minute, mostly nothing new
        if old is None:
            self._ids = None
        else:
            self.counts.add(self._counted[id], -1)
        counted = self._counted[id] = make_counted_scale(scale)
        self.counts.add(counted)
        (self._failing.add if counted.status in FAILURES else self._failing.discard)(id)
        self._mark_changed()

    def remove(self, id: ScaleId) -> None:
        """Forget a scale."""
        if self.scales.pop(id, None) is not None:
            self.counts.add(self._counted.pop(id), -1)
            self._failing.discard(id)
            self._ids = None
            self._mark_changed()

    def find_failing(self, limit: int) -> list[dict[str, Any]]:
        """Return scales whose module fails, the worst first."""
        worst = heapq.nsmallest(limit, self._failing, key=lambda id: (ORDER[self._counted[id].status], id))
        return [describe_scale(self.scales[id]) for id in worst]

    async def select(self, selection: Selection) -> list[ScaleId]:
        """Return the scales of a selection, ordered by store and scale."""
        return await self._select(ListQuery(selection))

    async def read_part(self, query: ListQuery) -> dict[str, Any]:
        """Return a part of a list, and how long the whole list is."""
        ids = await self._select(query)
        part = ids[query.offset : query.offset + query.size]
        return {
            "total": len(ids),
            "offset": query.offset,
            "rows": [describe_scale(self.scales[id]) for id in part if id in self.scales],
        }

    async def _select(self, query: ListQuery) -> list[ScaleId]:
        key = (query.selection, query.order, query.descends)
        if key in self._lists:
            self._lists.move_to_end(key)
            return self._lists[key]
        revision = self.revision
        is_selected, get_order = query.selection.make_filter(), ORDERS[query.order]
        # Sorted by the different values, which are few but for times: scales of the same one stay in their order.
        groups: dict[Any, list[ScaleId]] = {}
        ids = self._sort_ids()
        for start in range(0, len(ids), SLICE):
            for id in ids[start : start + SLICE]:
                scale = self.scales.get(id)
                if scale is not None and is_selected(scale):
                    groups.setdefault(get_order(scale), []).append(id)
            await asyncio.sleep(0)
        result = [id for value in sorted(groups, reverse=query.descends) for id in groups[value]]
        if query.order == "id" and query.descends:
            result.reverse()
        if revision == self.revision:
            self._lists[key] = result
            while len(self._lists) > MAX_LISTS:
                self._lists.popitem(last=False)
        return result

    def _sort_ids(self) -> list[ScaleId]:
        if self._ids is None:
            self._ids = sorted(self.scales)
        return self._ids

    def _mark_changed(self) -> None:
        self.revision += 1
        self._lists.clear()


def _get_shown(scale: Scale) -> tuple[object, ...]:
    """Return what a change of lists and counters depends on: not the time of the last report."""
    return scale.presence.state if scale.presence else None, scale.data
