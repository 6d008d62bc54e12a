"""The camera above the pan: the state of the pan, and the JPEG of the current view."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping

from attrs import asdict, frozen

from vision_ai_emulator.camera.item import KINDS, Item
from vision_ai_emulator.shared.json_values import Json, require_number, require_object, require_string
from vision_ai_emulator.shared.random_state import random_from_json, random_to_json

# The largest distance of an item from the center of the pan, in pixels.
_MAX_OFFSET = 300


@frozen
class CameraSnapshot:
    """The state of a camera, read from a state file."""

    item: Item | None
    rng: random.Random

    @classmethod
    def from_json(cls, value: Json) -> CameraSnapshot:
        """Read the result of `Camera.to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = require_object(value)
        item = None if state["item"] is None else _item_from_json(require_object(state["item"]))
        return cls(item, random_from_json(state["random"]))


class Camera:
    """The pan and the picture of it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lock = threading.Lock()
        self._item: Item | None = None
        self._picture: bytes | None = None
        self.changes: int = 0
        """The number of changes on the pan."""

    @property
    def kind(self) -> str | None:
        """The kind of the item on the pan; None for an empty pan."""
        item = self._item
        return item.kind if item else None

    def put(self, kind: str) -> None:
        """Replace the item on the pan by one of `kind`; position, angle, size and light vary every time."""
        if kind not in KINDS:
            raise ValueError(f"the emulator cannot draw {kind!r}: it knows {', '.join(KINDS)}")
        uniform = self._rng.uniform
        with self._lock:
            self._item = Item(
                kind,
                uniform(-22, 22),
                uniform(-30, 30),
                uniform(-0.35, 0.35),
                uniform(0.94, 1.06),
                uniform(0.94, 1.05),
            )
            self._discard_picture()

    def clear(self) -> None:
        """Remove the item from the pan."""
        with self._lock:
            self._item = None
            self._discard_picture()

    def reseed(self, rng: random.Random) -> None:
        """Place items according to `rng` from now on."""
        with self._lock:
            self._rng = rng

    def to_json(self) -> Json:
        """Return the item and the state of the random numbers as JSON, for a state file."""
        with self._lock:
            return {"item": asdict(self._item) if self._item else None, "random": random_to_json(self._rng)}

    def apply_snapshot(self, snapshot: CameraSnapshot) -> None:
        """Continue from a snapshot."""
        with self._lock:
            self._rng, self._item = snapshot.rng, snapshot.item
            self._discard_picture()

    def take_picture(self) -> bytes:
        """Return the JPEG of the current view: the same object until something changes."""
        # Imported with the first picture: Pillow takes longer to import than the rest of the emulator.
        from vision_ai_emulator.camera.composition import compose

        with self._lock:
            if self._picture is None:
                self._picture = compose(self._item)
            return self._picture

    def _discard_picture(self) -> None:
        self._picture = None
        self.changes += 1


def _item_from_json(state: Mapping[str, Json]) -> Item:
    kind = require_string(state["kind"])
    if kind not in KINDS:
        raise ValueError(f"the emulator cannot draw {kind!r}")
    numbers = {name: require_number(state[name]) for name in ("dx", "dy", "angle", "size", "light")}
    if not all(-_MAX_OFFSET <= number <= _MAX_OFFSET for number in numbers.values()) or numbers["size"] < 0.1:
        raise ValueError("the item is not on the pan")
    return Item(kind, **numbers)
