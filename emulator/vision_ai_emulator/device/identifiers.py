"""The 23-digit identifiers of recognitions (`sid`), template pictures (`image_id`) and backup files."""

from __future__ import annotations

import random
from datetime import datetime

from vision_ai_emulator.shared.json_values import Json, require_integer, require_object, require_string
from vision_ai_emulator.shared.random_state import random_from_json, random_to_json

_SUFFIXES = 1_000_000


class IdentifierGenerator:
    """Generates unique identifiers in the vendor's form, such as `20220414150011198237897`.

    Seventeen digits are the date and the time in milliseconds, six look random. Within one millisecond,
    which never ends on a clock that stands still, the six digits take every value before one repeats.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._millisecond = ""
        self._suffix = 0
        self._stride = 1

    def generate(self, now: datetime) -> str:
        """Return an identifier with the date `now`, which this device has not used before unless the date went back."""
        millisecond = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"
        if millisecond != self._millisecond:
            self._millisecond = millisecond
            self._suffix = self._rng.randrange(_SUFFIXES)
            # Coprime to 1 000 000: the strides reach every suffix once.
            self._stride = 10 * self._rng.randrange(10_000, 90_000) + self._rng.choice((1, 3, 7, 9))
        self._suffix = (self._suffix + self._stride) % _SUFFIXES
        return f"{millisecond}{self._suffix:06d}"

    def to_json(self) -> Json:
        """Return the generator's state as JSON, for a state file."""
        return {
            "millisecond": self._millisecond,
            "suffix": self._suffix,
            "stride": self._stride,
            "random": random_to_json(self._rng),
        }

    @classmethod
    def from_json(cls, value: Json) -> IdentifierGenerator:
        """Read the result of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = require_object(value)
        generator = cls(random_from_json(state["random"]))
        generator._millisecond = require_string(state["millisecond"])
        generator._suffix = require_integer(state["suffix"])
        generator._stride = require_integer(state["stride"])
        return generator
