"""The produce that can be put on the pan."""

from __future__ import annotations

from attrs import frozen

PICTURE_WIDTH = 1280
PICTURE_HEIGHT = 720

KINDS: tuple[str, ...] = (
    "apple",
    "aubergine",
    "banana",
    "broccoli",
    "carrot",
    "cucumber",
    "grapes",
    "lemon",
    "orange",
    "pear",
    "potato",
    "tomato",
)
"""The kinds of produce; each has a picture in `pictures`."""


@frozen
class Item:
    """An item on the pan."""

    kind: str
    dx: float
    """Pixels to the right of the pan's center."""
    dy: float
    """Pixels below the pan's center."""
    angle: float
    """Radians by which its picture is turned."""
    size: float
    """Factor by which its picture is scaled."""
    light: float
    """Factor by which the whole view is brightened."""
