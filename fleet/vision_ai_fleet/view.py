"""`FleetView`: all scales and rollouts in memory, kept up to date, with counters for the page, metrics and alerts."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from vision_ai import InvalidInputError

from . import names
from .buckets import Entry
from .names import ScaleId
from .rollout import Rollout
from .rollout_store import RolloutStore
from .scales import Presence, Scale, make_scale
from .tasks import end_tasks

if TYPE_CHECKING:
    from .client import Fleet

COUNTED: dict[str, Callable[[Scale], str]] = {
    "state": lambda scale: scale.state,
    "module": lambda scale: scale.module or "unknown",
    "engine": lambda scale: scale.engine or "unknown",
    "firmware": lambda scale: scale.firmware or "unknown",
    "agent": lambda scale: scale.agent or "unknown",
    "drift": lambda scale: "drift" if scale.drift else "none",
}
"""What scales are counted by, for the chain and for each store."""
Listener = Callable[[Scale | Rollout], None]


class FleetView:
    """What the center knows, in this process. `Fleet.view` makes one and fills it before the `async with` block begins.

    Attributes:
        scales: All scales by their names, also those that never reported.
        rollouts: All rollouts by their names.
        counts: By each of COUNTED: how many scales have which value.
        stores: The same for each store.
        listeners: Functions that are called with each scale or rollout that changed, and with the last state of one
            that was removed.
    """

    def __init__(self, fleet: Fleet, pattern: str, scope_pattern: str) -> None:
        self.scales: dict[ScaleId, Scale] = {}
        self.rollouts: dict[str, Rollout] = {}
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
        self.stores: dict[str, dict[str, Counter[str]]] = defaultdict(
            lambda: {name: Counter() for name in COUNTED}
        )
        self.listeners: list[Listener] = []
        self._fleet = fleet
        self._pattern = pattern
        self._scope_pattern = scope_pattern
        self._store = RolloutStore(fleet.connection)

    @asynccontextmanager
    async def follow(self) -> AsyncGenerator[None]:
        """Fill it, and keep it up to date until the block ends."""
        followed = (
            (names.INVENTORY, self._pattern, self._take_inventory),
            (names.PRESENCE, self._pattern, self._take_presence),
            (names.ROLLOUTS, self._scope_pattern, self._take_rollout),
        )
        ready = [asyncio.Event() for _ in followed]
        tasks = [
            asyncio.create_task(self._follow(*each, event))
            for each, event in zip(followed, ready, strict=True)
        ]
        try:
            waits = [asyncio.ensure_future(event.wait()) for event in ready]
            filled = asyncio.gather(*waits)
            await asyncio.wait({filled, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            if not filled.done():
                filled.cancel()
                for task in tasks:
                    if task.done():
                        task.result()
            yield
        finally:
            await end_tasks(tasks)

    def count(self, name: str, store: str | None = None) -> Mapping[str, int]:
        """Return how many scales have which value of one of COUNTED, in all or in a store."""
        if store is None:
            return self.counts[name]
        return self.stores[store][name] if store in self.stores else Counter()

    def get_store(self, store: str) -> Iterable[Scale]:
        """Return the scales of a store."""
        return [scale for scale in self.scales.values() if scale.id.store == store]

    async def _follow(
        self, bucket: str, pattern: str, take: Callable[[Entry], None], ready: asyncio.Event
    ) -> None:
        async with aclosing(self._fleet.bucket(bucket).watch(pattern)) as entries:
            async for entry in entries:
                if entry is None:
                    ready.set()
                else:
                    take(entry)

    def _take_inventory(self, entry: Entry) -> None:
        if (scale := _parse_key(entry.key)) is None:
            return
        known = self.scales.get(scale)
        presence = known.presence if known is not None else None
        if entry.is_removed:
            self._put(scale, Scale(scale, presence) if presence is not None else None)
        else:
            self._put(scale, make_scale(scale, entry.data, presence))

    def _take_presence(self, entry: Entry) -> None:
        if (scale := _parse_key(entry.key)) is None:
            return
        known = self.scales.get(scale)
        presence = None if entry.is_removed else Presence.from_dict(entry.value)
        if known is None and presence is None:
            return
        self._put(scale, replace(known or Scale(scale), presence=presence))

    def _take_rollout(self, entry: Entry) -> None:
        if entry.is_removed:
            rollout = self.rollouts.pop(entry.key.partition(".")[2], None)
            if rollout is not None:
                self._tell(rollout)
        elif (rollout := self._store.parse(entry)) is not None:
            self.rollouts[rollout.spec.id] = rollout
            self._tell(rollout)

    def _put(self, id: ScaleId, scale: Scale | None) -> None:
        known = self.scales.pop(id, None) if scale is None else self.scales.get(id)
        for counts in (self.counts, self.stores[id.store]):
            for name, read in COUNTED.items():
                if known is not None:
                    value = read(known)
                    counts[name][value] -= 1
                    if not counts[name][value]:
                        del counts[name][value]
                if scale is not None:
                    counts[name][read(scale)] += 1
        if scale is not None:
            self.scales[id] = scale
        if (change := scale or known) is not None:
            self._tell(change)

    def _tell(self, change: Scale | Rollout) -> None:
        for listener in self.listeners:
            listener(change)


def _parse_key(key: str) -> ScaleId | None:
    try:
        return ScaleId.parse(key)
    except InvalidInputError:
        return None
