"""The part of a controller that raises alerts and posts webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.controller.lease import Lease
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.rollout import Rollout
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.view import FleetView

from .alert_monitor import AlertMonitor, read_alerts, save_alerts
from .alert_rules import AlertSettings
from .webhooks import Webhook, WebhookSender

INTERVAL = 30.0
"""Seconds between two looks at all scales."""


class Alerting:
    """Watches all scales while its controller holds the lease. It is one of `Controller(parts=…)`.

    Args:
        connection: Of an operator.
        quality: The running sums of recognitions; None: rates are not watched.
        settings: When alerts are raised.
        webhooks: Who is told of alerts and of rollouts that ended.
        interval: Seconds between two looks at all scales.
    """

    def __init__(
        self,
        connection: Connection,
        quality: Quality | None = None,
        *,
        settings: AlertSettings | None = None,
        webhooks: Sequence[Webhook] = (),
        interval: float = INTERVAL,
    ) -> None:
        self._bucket = Bucket(connection, names.ALERTS)
        self._quality = quality
        self._settings = settings
        self._webhooks = webhooks
        self._interval = interval

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Act until canceled."""
        sender = WebhookSender(self._webhooks)
        announcer = _RolloutAnnouncer(view.rollouts.values(), sender)
        view.listeners.append(announcer.take)
        sending = asyncio.create_task(sender.run())
        try:
            monitor = AlertMonitor(self._settings, await read_alerts(self._bucket))
            while True:
                scales = list(view.scales.values())
                changes = await asyncio.to_thread(monitor.evaluate, scales, self._quality)
                lease.check()
                await save_alerts(self._bucket, changes)
                sender.post_alerts(changes)
                await asyncio.sleep(self._interval)
        finally:
            view.listeners.remove(announcer.take)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


class _RolloutAnnouncer:
    """Posts each rollout that ends, once."""

    def __init__(self, rollouts: Iterable[Rollout], sender: WebhookSender) -> None:
        self._ended = {each.spec.id for each in rollouts if each.state.phase.is_end}
        self._sender = sender

    def take(self, change: Scale | Rollout) -> None:
        """Look at what changed."""
        if isinstance(change, Rollout) and change.state.phase.is_end and change.spec.id not in self._ended:
            self._ended.add(change.spec.id)
            self._sender.post_rollout(change)
