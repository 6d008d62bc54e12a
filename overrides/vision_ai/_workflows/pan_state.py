"""What lies on the pan, by the readings of it: several equal ones in a row count."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from vision_ai_generated import models


class Pan(Enum):
    """What lies on the pan, other than a product."""

    UNKNOWN = "not known yet"
    EMPTY = "nothing"
    UNRECOGNIZED = "a reading without guesses, where that does not mean an empty pan"


Reading = str | Pan
"""The number of a product, or what lies there else."""


def make_reader(
    min_score: float, *, empty_without_guesses: bool
) -> Callable[[models.RecognitionResult], Reading]:
    """Return a function that tells what a recognition means."""
    without_guesses = Pan.EMPTY if empty_without_guesses else Pan.UNRECOGNIZED

    def read(result: models.RecognitionResult) -> Reading:
        if not result.items:
            return without_guesses
        best = result.items[0]
        return best.id if best.score >= min_score else Pan.EMPTY

    return read


class PanState:
    """What lies on the pan.

    Args:
        stable_for: How many equal readings in a row count.
    """

    def __init__(self, stable_for: int) -> None:
        self._stable_for = stable_for
        self._current: Reading = Pan.UNKNOWN
        self._latest: Reading = Pan.UNKNOWN
        self.count = 0
        """How many equal readings there were in a row."""
        self.since = 0.0
        """The moment of the first of them."""

    def change(self, reading: Reading, moment: float) -> bool:
        """Count a reading. Return whether with it something else lies on the pan than before."""
        if reading != self._latest:
            self._latest, self.count, self.since = reading, 0, moment
        self.count += 1
        if reading == self._current or self.count < self._stable_for:
            return False
        self._current = reading
        return True

    def interrupt(self) -> None:
        """Count anew: readings before and after a lost connection are not in a row."""
        self._latest = Pan.UNKNOWN

    def forget(self) -> None:
        """Take the next product for another one. An empty pan is known to have been empty."""
        self.interrupt()
        if self._current is not Pan.EMPTY:
            self._current = Pan.UNKNOWN
