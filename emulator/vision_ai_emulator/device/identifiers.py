"""The 23-digit identifiers of recognitions (`sid`), template pictures (`image_id`) and backup files."""

from __future__ import annotations

import random

from vision_ai_emulator.shared.clock import Clock
from vision_ai_emulator.shared.jsoncpp import Json, a_text, an_integer, an_object
from vision_ai_emulator.shared.random_state import random_from_json, random_to_json

_SUFFIXES = 1_000_000


class Identifiers:
    """Makes unique identifiers like the vendor's `20220414150011198237897`.

    Seventeen digits are date and time down to the millisecond, six look random. Within a millisecond (which
    on a stepped clock can last for ever) the six digits walk through all their values before any comes again.
    """

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._millisecond = ""
        self._suffix = 0
        self._stride = 1

    def new(self) -> str:
        """An identifier that this device has not given before."""
        now = self._clock.now()
        millisecond = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"
        if millisecond != self._millisecond:
            self._millisecond = millisecond
            self._suffix = self._rng.randrange(_SUFFIXES)
            # Prime to 1 000 000, hence the walk meets every suffix once.
            self._stride = 10 * self._rng.randrange(10_000, 90_000) + self._rng.choice((1, 3, 7, 9))
        self._suffix = (self._suffix + self._stride) % _SUFFIXES
        return f"{millisecond}{self._suffix:06d}"

    def to_json(self) -> Json:
        """Where it stands, for a state file."""
        return {
            "millisecond": self._millisecond,
            "suffix": self._suffix,
            "stride": self._stride,
            "random": random_to_json(self._rng),
        }

    @classmethod
    def from_json(cls, clock: Clock, value: Json) -> Identifiers:
        """The inverse of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = an_object(value)
        identifiers = cls(clock, random_from_json(state["random"]))
        identifiers._millisecond = a_text(state["millisecond"])
        identifiers._suffix = an_integer(state["suffix"])
        identifiers._stride = an_integer(state["stride"])
        return identifiers
