"""What every tab receives without a request: counters and short lists. Only what changed is sent, once a second."""

from __future__ import annotations

import asyncio
from typing import Any

from vision_ai_fleet.names import ScaleId
from vision_ai_tools.console.hub import ConnectionHub

from .counts import SPREADS
from .data import AlertEntry, FleetData
from .index import ScaleIndex
from .rollouts import summarize_rollouts
from .values import limit_value

INTERVAL = 1.0
"""Seconds."""
MAX_ROWS = 8
"""Rows of a short list."""


class LiveState:
    """Follows the fleet, keeps the index, and publishes what changed to the tabs."""

    def __init__(self, data: FleetData) -> None:
        self.index = ScaleIndex()
        self.hub = ConnectionHub()
        self._data = data
        self._changed: set[ScaleId] = set()
        self._revision = 0
        """Of what is not a scale: rollouts and alerts."""
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Follow the fleet for ever."""
        stop = self._data.watch(self._mark_changed)
        try:
            for scale in self._data.list_scales():
                self.index.update(scale)
            while True:
                self.publish()
                await self._wake.wait()
                await asyncio.sleep(INTERVAL)
                self._wake.clear()
                self._take_changes()
        finally:
            stop()

    def publish(self) -> None:
        """Send the tabs what changed."""
        counts = self.index.counts
        self.hub.publish("scales", counts.summarize_scales())
        for name in SPREADS:
            self.hub.publish(f"versions.{name}", counts.summarize_versions(name))
        self.hub.publish("stores", counts.find_worst_stores(MAX_ROWS))
        self.hub.publish("failing", self.index.find_failing(MAX_ROWS))
        self.hub.publish("rollouts", summarize_rollouts(self._data.list_rollouts(), MAX_ROWS))
        alerts = sort_alerts(self._data)
        self.hub.publish(
            "alerts", {"total": len(alerts), "rows": [describe_alert(each) for each in alerts[:MAX_ROWS]]}
        )
        # A view with a list of the server reads its part of it again when its number changes.
        self.hub.publish("revisions", {"scales": self.index.revision, "others": self._revision})

    def _mark_changed(self, id: ScaleId | None) -> None:
        if id is None:
            self._revision += 1
        else:
            self._changed.add(id)
        self._wake.set()

    def _take_changes(self) -> None:
        changed, self._changed = self._changed, set()
        for id in changed:
            scale = self._data.get_scale(id)
            if scale is None:
                self.index.remove(id)
            else:
                self.index.update(scale)
        if self._data.count_scales() < len(self.index.scales):
            for id in [each for each in self.index.scales if self._data.get_scale(each) is None]:
                self.index.remove(id)


def sort_alerts(data: FleetData) -> list[AlertEntry]:
    """Return the open alerts, the newest first."""
    return sorted(data.list_alerts(), key=lambda each: (-each.since, each.rule, each.id))


def describe_alert(alert: AlertEntry) -> dict[str, Any]:
    """Return what the page shows of an alert."""
    return {
        "rule": limit_value(str(alert.rule)),
        "store": alert.id.store,
        "scale": alert.id.scale,
        "since": limit_value(alert.since),
        "message": limit_value(alert.message),
    }
