"""A part of the controller: it raises and clears alerts, and posts them and the rollouts that ended to webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from vision_ai_fleet import names
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.lease import Lease
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.rollout import Rollout
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.tasks import end_tasks
from vision_ai_fleet.view import FleetView

from .alert_monitor import AlertMonitor, read_alerts, save_alerts
from .alert_rules import AlertSettings
from .webhooks import Webhook, WebhookSender

INTERVAL = 15.0
"""Seconds between two looks at all scales."""


class AlertPart:
    """Raises and clears alerts while its controller holds the lease.

    Args:
        fleet: Connected as an operator.
        quality: The sums of recognitions; None: their rates are not watched.
        webhooks: The receivers of alerts and of rollouts that ended.
        settings: When alerts are raised and cleared.
        interval: Seconds between two looks at all scales.
    """

    def __init__(
        self,
        fleet: Fleet,
        quality: Quality | None = None,
        webhooks: Sequence[Webhook] = (),
        settings: AlertSettings | None = None,
        *,
        interval: float = INTERVAL,
    ) -> None:
        self._bucket = fleet.bucket(names.ALERTS)
        self._settings = settings
        self._webhooks = webhooks
        self._quality = quality
        self._interval = interval

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Look at all scales again and again.

        Raises:
            LeaseLostError: this controller may no longer act.
        """
        sender = WebhookSender(self._webhooks)
        announcer = RolloutAnnouncer(view, sender)
        sending = asyncio.create_task(sender.run())
        view.listeners.append(announcer.notice)
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
            view.listeners.remove(announcer.notice)
            await end_tasks([sending])


class RolloutAnnouncer:
    """Posts each rollout that ends while this controller acts."""

    def __init__(self, view: FleetView, sender: WebhookSender) -> None:
        self._sender = sender
        self._ended = {id for id, rollout in view.rollouts.items() if rollout.state.phase.is_end}

    def notice(self, change: Scale | Rollout) -> None:
        """Take a change of the view."""
        if (
            isinstance(change, Rollout)
            and change.state.phase.is_end
            and change.state.settled
            and change.spec.id not in self._ended
        ):
            self._ended.add(change.spec.id)
            self._sender.post_rollout(change)
