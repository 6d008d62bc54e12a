"""The time of an emulator with a manual clock, for a program in the same process that waits for the device."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_ai_emulator.emulator import Emulator


class ManualTime:
    """Steps the device's clock instead of waiting, so that waiting takes no real time."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def monotonic(self) -> float:
        """Return the seconds of the device's clock."""
        return self._emulator.device_clock.seconds()

    def now(self) -> datetime:
        """Return the date and time of the device's clock; it has no time zone, and counts as UTC."""
        return self._emulator.device_clock.now().replace(tzinfo=UTC)

    def step(self, seconds: float) -> None:
        """Advance the device's clock by `seconds` (0 or more)."""
        self._emulator.step(seconds)
