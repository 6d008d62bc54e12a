"""Random numbers that can be written down and gone on with."""

from __future__ import annotations

import random

from vision_ai_emulator.shared.jsoncpp import Json, a_list, a_number, an_integer, an_object


def random_to_json(rng: random.Random) -> Json:
    """Where random numbers stand."""
    version, numbers, pending = rng.getstate()
    return {"version": version, "numbers": list(numbers), "pending": pending}


def random_from_json(value: Json) -> random.Random:
    """The inverse of `random_to_json`."""
    state = an_object(value)
    pending = state["pending"]
    rng = random.Random()
    rng.setstate(
        (
            an_integer(state["version"]),
            tuple(map(an_integer, a_list(state["numbers"]))),
            None if pending is None else a_number(pending),
        )
    )
    return rng
