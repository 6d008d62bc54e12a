"""The rules: what is wrong at a scale. `alert_monitor.py` makes alerts of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.report.intervals import get_p_value

from .alerts import Rule
from .fleet_state import ScaleState

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
RATE_INTERVAL = 10 * MINUTE
"""Rates of recognition are read so often at the most."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """When alerts are raised and cleared. Times are in seconds."""

    delays: Mapping[Rule, float] = field(
        default_factory=lambda: {
            Rule.OFFLINE: 15 * MINUTE,
            Rule.CAMERA_LOST: 5 * MINUTE,
            Rule.NOT_ACTIVATED: 5 * MINUTE,
            Rule.FIRMWARE_DRIFT: DAY,
            Rule.BACKUP_TOO_OLD: HOUR,
            Rule.RECOGNITION_RATE_FELL: HOUR,
        }
    )
    """How long a rule has to be broken."""
    clear_after: float = 5 * MINUTE
    """How long it has to be kept again."""
    engine: str | None = None
    """The engine that all modules should have; None: the one that more than half of them have."""
    backup_age: float = 36 * HOUR
    rate_days: int = 7
    """Days whose recognitions are compared with those before."""
    baseline_days: int = 28
    rate_drop: float = 0.05
    """How far the share of weighings with the right product first has to fall, 0 to 1."""
    rate_recovered: float = 0.03
    """A smaller difference clears the alert."""
    significance: float = 0.0001
    """Chance alone makes such a difference less often: a chain has thousands of scales to be wrong about."""


class RuleChecker:
    """Applies the rules to scales.

    Args:
        settings: The limits.
    """

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._engine: str | None = None
        self._rates: dict[ScaleId, str | None] = {}
        self._rates_read = float("-inf")

    def prepare(self, scales: Collection[ScaleState], quality: Quality | None, now: float) -> None:
        """Look at the chain as a whole, before its scales are checked."""
        self._engine = self._settings.engine or _find_common_engine(scales)
        if quality is not None and now - self._rates_read >= RATE_INTERVAL:
            self._rates_read = now
            self._read_rates(quality)

    def check(self, scale: ScaleState, now: float) -> dict[Rule, str | None]:
        """Return what each rule finds: what is wrong, "" for nothing, None for what is not known now."""
        if scale.reported is None:  # enrolled, and never started
            return {}
        return {
            Rule.OFFLINE: "the agent is not connected" if scale.presence is None else "",
            Rule.CAMERA_LOST: _check_module(scale, "camera_lost", "the module has lost its camera"),
            Rule.NOT_ACTIVATED: _check_module(scale, "not_activated", "the module is not activated"),
            Rule.FIRMWARE_DRIFT: self._check_engine(scale.engine),
            Rule.BACKUP_TOO_OLD: self._check_backup(scale.backup_time, now),
            Rule.RECOGNITION_RATE_FELL: self._rates.get(scale.id),
        }

    def _check_engine(self, engine: str | None) -> str | None:
        if engine is None or self._engine is None:
            return None
        return (
            "" if engine == self._engine else f"the module has engine {engine[:40]}, not {self._engine[:40]}"
        )

    def _check_backup(self, backup_time: float | None, now: float) -> str:
        if backup_time is None:
            return "there is no backup"
        age = now - backup_time
        return "" if age <= self._settings.backup_age else f"the newest backup is {age / HOUR:.0f} hours old"

    def _read_rates(self, quality: Quality) -> None:
        """Compare the rates of the last days with those before, of each scale."""
        days = self._settings.rate_days
        recent = quality.read_hits_of_scales(days - 1, 0)
        before = quality.read_hits_of_scales(days + self._settings.baseline_days - 1, days)
        self._rates = {
            scale: self._compare(hits, before.get(scale, (0, 0))) for scale, hits in recent.items()
        }

    def _compare(self, recent: tuple[int, int], before: tuple[int, int]) -> str | None:
        if not recent[1] or not before[1]:
            return None
        shares = before[0] / before[1], recent[0] / recent[1]
        drop = shares[0] - shares[1]
        if drop < self._settings.rate_recovered:
            return ""
        if drop < self._settings.rate_drop or get_p_value(before, recent) >= self._settings.significance:
            return None
        return (
            f"the right product came first in {shares[1]:.0%} of {recent[1]} weighings of the last"
            f" {self._settings.rate_days} days, before in {shares[0]:.0%}"
        )


def _find_common_engine(scales: Iterable[ScaleState]) -> str | None:
    engines = Counter(scale.engine for scale in scales if scale.engine is not None)
    [(engine, count)] = engines.most_common(1) or [(None, 0)]
    return engine if 2 * count > engines.total() else None


def _check_module(scale: ScaleState, state: str, message: str) -> str | None:
    # What an offline scale reported last says nothing about the present, and neither does a module without response.
    if scale.presence is None or scale.module in (None, "unreachable"):
        return None
    return message if scale.module == state else ""
