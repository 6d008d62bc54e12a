"""Alerts as a part of the controller: it evaluates the rules, writes what changed, and posts it to the webhooks."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet import names
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.lease import Lease
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.tasks import end_tasks
from vision_ai_fleet.view import FleetView

from .alert_monitor import AlertMonitor, read_alerts, save_alerts
from .alert_rules import AlertSettings
from .webhooks import Webhook, WebhookSender

INTERVAL = 15.0
"""Seconds between two evaluations."""
WEBHOOKS_FILE = "webhooks.toml"
"""In the center's folder: `[[webhook]]` with `url`, `secret` and `topics`."""


class AlertPart:
    """Raises and clears alerts while its controller holds the lease.

    Args:
        fleet: Connected as an operator.
        quality: The sums of recognitions; None: rates are not watched.
        webhooks: Who is told.
        settings: When alerts are raised.
        interval: Seconds between two evaluations.
    """

    def __init__(
        self,
        fleet: Fleet,
        quality: Quality | None = None,
        webhooks: Sequence[Webhook] = (),
        settings: AlertSettings | None = None,
        interval: float = INTERVAL,
    ) -> None:
        self._bucket = fleet.bucket(names.ALERTS)
        self._quality = quality
        self._sender = WebhookSender(webhooks)
        self._settings = settings
        self._interval = interval

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Act until canceled."""
        monitor = AlertMonitor(self._settings, await read_alerts(self._bucket))
        sending = asyncio.create_task(self._sender.run())
        ended = {key for key, each in view.rollouts.items() if each.state.phase.is_end}
        try:
            while True:
                scales = list(view.scales.values())
                changes = await asyncio.to_thread(monitor.evaluate, scales, self._quality)
                lease.check()
                await save_alerts(self._bucket, changes)
                self._sender.post_alerts(changes)
                for key, rollout in list(view.rollouts.items()):
                    if rollout.state.phase.is_end and key not in ended:
                        ended.add(key)
                        self._sender.post_rollout(rollout)
                await asyncio.sleep(self._interval)
        finally:
            await end_tasks([sending])


def read_webhooks(folder: Path) -> list[Webhook]:
    """Return the webhooks of a center's folder; none where it has no such file.

    Raises:
        InvalidInputError: the file is not valid.
    """
    path = folder / WEBHOOKS_FILE
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"{path} is not valid TOML: {error}") from None
    try:
        return [
            Webhook(each["url"], each["secret"], tuple(each.get("topics", ("alerts", "rollouts"))))
            for each in content.get("webhook", [])
        ]
    except (KeyError, TypeError) as error:
        raise InvalidInputError(f"{path}: each [[webhook]] needs url and secret ({error})") from None
