"""Random number generators as JSON, so that a generator can continue from a file."""

from __future__ import annotations

import random

from vision_ai_emulator.shared.json_values import (
    Json,
    require_integer,
    require_list,
    require_number,
    require_object,
)


def random_to_json(rng: random.Random) -> Json:
    """Return the state of a generator."""
    version, numbers, pending = rng.getstate()
    return {"version": version, "numbers": list(numbers), "pending": pending}


def random_from_json(value: Json) -> random.Random:
    """Return a generator with the state that `random_to_json` returned."""
    state = require_object(value)
    pending = state["pending"]
    rng = random.Random()
    rng.setstate(
        (
            require_integer(state["version"]),
            tuple(map(require_integer, require_list(state["numbers"]))),
            None if pending is None else require_number(pending),
        )
    )
    return rng
