"""Alerts that are raised and cleared as rules are broken and kept.

A rule has to be broken for a while before its alert is raised, and to be kept for a while before it is cleared: a scale
that restarts, or a rate that moves around its limit, does not raise one alert after the other.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.names import ScaleId

from .alert_rules import AlertSettings, RuleChecker
from .alerts import Alert, Rule
from .fleet_state import ScaleState


@dataclass(frozen=True, slots=True)
class AlertChanges:
    """What an evaluation changed."""

    raised: tuple[Alert, ...] = ()
    cleared: tuple[Alert, ...] = ()


@dataclass(slots=True)
class _Watch:
    """A rule that is broken at a scale, or was until a moment ago."""

    since: float
    message: str
    is_raised: bool = False
    kept_since: float | None = None


class AlertMonitor:
    """Evaluates the rules again and again.

    Args:
        settings: When alerts are raised and cleared.
        alerts: Those that were raised before this process started; see `read_alerts`.
    """

    def __init__(self, settings: AlertSettings | None = None, alerts: Iterable[Alert] = ()) -> None:
        self._settings = settings or AlertSettings()
        self._watches: dict[tuple[Rule, ScaleId], _Watch] = {
            (alert.rule, alert.id): _Watch(alert.since, alert.message, is_raised=True) for alert in alerts
        }
        self._rules = RuleChecker(self._settings)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """All alerts that are raised."""
        return tuple(
            _make_alert(rule, scale, watch)
            for (rule, scale), watch in self._watches.items()
            if watch.is_raised
        )

    def evaluate(
        self, scales: Collection[ScaleState], quality: Quality | None = None, *, now: float | None = None
    ) -> AlertChanges:
        """Return the alerts that are to be raised and to be cleared now. With many scales, run it in a thread.

        Args:
            scales: All scales of the chain: the alerts of others are cleared.
            quality: The sums of recognitions; None: rates are not watched.
            now: Seconds since 1970-01-01 UTC; the present by default.
        """
        now = time.time() if now is None else now
        self._rules.prepare(scales, quality, now)
        raised: list[Alert] = []
        cleared: list[Alert] = []
        for scale in scales:
            for rule, finding in self._rules.check(scale, now).items():
                change = self._follow(rule, scale.id, finding, now)
                if change is not None:
                    (raised if change.is_raised else cleared).append(_make_alert(rule, scale.id, change))
        known = {scale.id for scale in scales}
        for rule, scale_id in [key for key in self._watches if key[1] not in known]:
            watch = self._watches.pop((rule, scale_id))
            if watch.is_raised:
                cleared.append(_make_alert(rule, scale_id, watch))
        return AlertChanges(tuple(raised), tuple(cleared))

    def _follow(self, rule: Rule, scale: ScaleId, finding: str | None, now: float) -> _Watch | None:
        """Return the watch whose alert is to be raised or cleared."""
        watch = self._watches.get((rule, scale))
        if finding is None or (watch is None and not finding):
            return None
        if finding:
            if watch is None:
                watch = self._watches[rule, scale] = _Watch(now, finding)
            watch.kept_since = None
            if watch.is_raised or now - watch.since < self._settings.delays.get(rule, 0.0):
                return None
            watch.is_raised, watch.message = True, finding
            return watch
        assert watch is not None
        if not watch.is_raised:
            del self._watches[rule, scale]
            return None
        if watch.kept_since is None:
            watch.kept_since = now
        if now - watch.kept_since < self._settings.clear_after:
            return None
        watch.is_raised = False
        return self._watches.pop((rule, scale))


async def read_alerts(bucket: Bucket) -> list[Alert]:
    """Return the alerts of the bucket `alerts`.

    Raises:
        FleetError: the center does not respond.
    """
    entries = await bucket.read_all()
    alerts = [Alert.from_dict(entry.value) for entry in entries.values()]
    return [alert for alert in alerts if alert is not None]


async def save_alerts(bucket: Bucket, changes: AlertChanges) -> None:
    """Write what changed to the bucket `alerts`.

    Raises:
        FleetError: the center does not respond.
    """
    for alert in changes.raised:
        await bucket.put(alert.key, alert.to_dict())
    for alert in changes.cleared:
        await bucket.delete(alert.key)


def _make_alert(rule: Rule, scale: ScaleId, watch: _Watch) -> Alert:
    return Alert(rule, scale.store, scale.scale, watch.since, watch.message)
