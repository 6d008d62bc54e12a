"""The camera over the pan: draws the 1280x720 JPEG of a stainless weighing pan and of what lies on it."""

from __future__ import annotations

import io
import math
import random
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from attrs import asdict, frozen

from vision_ai_emulator.device.persistent_state import PICTURE_HEIGHT, PICTURE_WIDTH
from vision_ai_emulator.shared.jsoncpp import Json, a_number, a_text, an_object
from vision_ai_emulator.shared.random_state import random_from_json, random_to_json

# Pillow is loaded with the first picture, not with the package.
if TYPE_CHECKING:
    from PIL import Image

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
"""What can lie on the pan; the names of the painting functions in `fruit` and `vegetables`."""

# Where items lie: the middle of the pan, in pixels.
_CENTRE_X, _CENTRE_Y = 618, 280
_ITEM_SIZE = 380
_JPEG_QUALITY = 88
# Nothing lies further from the middle of the pan, in pixels.
_FURTHEST = 300


@frozen
class _Item:
    """One specimen, as it was laid down."""

    kind: str
    dx: float
    dy: float
    angle: float
    size: float
    light: float


class Camera:
    """The pan and the view of it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lock = threading.Lock()
        self._item: _Item | None = None
        self._picture: bytes | None = None
        self.changes = 0
        """How often something changed on the pan."""

    @property
    def kind(self) -> str | None:
        """What lies on the pan, None for nothing."""
        item = self._item
        return item.kind if item else None

    def put(self, kind: str) -> None:
        """Lay an item on the pan in the place of what lies there, a little differently every time."""
        if kind not in KINDS:
            raise ValueError(f"the emulator cannot draw {kind!r}: it knows {', '.join(KINDS)}")
        uniform = self._rng.uniform
        with self._lock:
            self._item = _Item(
                kind,
                uniform(-22, 22),
                uniform(-30, 30),
                uniform(-0.35, 0.35),
                uniform(0.94, 1.06),
                uniform(0.94, 1.05),
            )
            self._changed()

    def clear(self) -> None:
        """Take everything off the pan."""
        with self._lock:
            self._item = None
            self._changed()

    def _changed(self) -> None:
        self._picture = None
        self.changes += 1

    def reseed(self, rng: random.Random) -> None:
        """Lay items down by these random numbers from now on."""
        with self._lock:
            self._rng = rng

    def to_json(self) -> Json:
        """What lies on the pan, and how, and where the random numbers stand; for a state file."""
        with self._lock:
            return {"item": asdict(self._item) if self._item else None, "random": random_to_json(self._rng)}

    def load(self, value: Json) -> Callable[[], None]:
        """Read the inverse of `to_json`, and give what puts it in place.

        Raises ValueError, TypeError or KeyError for anything else.
        """
        state = an_object(value)
        rng = random_from_json(state["random"])
        item = None if state["item"] is None else _item(an_object(state["item"]))

        def show() -> None:
            with self._lock:
                self._rng, self._item = rng, item
                self._changed()

        return show

    def picture(self) -> bytes:
        """The JPEG of what is there now; the same object until something changes."""
        with self._lock:
            if self._picture is None:
                self._picture = _draw(self._item)
            return self._picture


def _item(state: Mapping[str, Json]) -> _Item:
    kind = a_text(state["kind"])
    if kind not in KINDS:
        raise ValueError(f"the emulator cannot draw {kind!r}")
    numbers = {name: a_number(state[name]) for name in ("dx", "dy", "angle", "size", "light")}
    if not all(-_FURTHEST <= number <= _FURTHEST for number in numbers.values()) or numbers["size"] < 0.1:
        raise ValueError("the item does not lie on the pan")
    return _Item(kind, **numbers)


def _draw(item: _Item | None) -> bytes:
    from PIL import Image, ImageEnhance

    picture = _scenery().copy()
    if item:
        sprite = _specimen(item.kind)
        box = sprite.width
        # Turned and sized in one go; the matrix leads from the result's pixels back to the sprite's.
        cos, sin = math.cos(item.angle) / item.size, math.sin(item.angle) / item.size
        shift_x, shift_y = box / 2 * (1 - cos - sin), box / 2 * (1 + sin - cos)
        matrix = (cos, sin, shift_x, -sin, cos, shift_y)
        sprite = sprite.transform((box, box), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
        corner = (round(_CENTRE_X + item.dx - box / 2), round(_CENTRE_Y + item.dy - box / 2))
        _cast_shadow(picture, sprite.getchannel("A"), corner)
        picture.paste(sprite, corner, sprite)
        picture = ImageEnhance.Brightness(picture).enhance(item.light)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def _cast_shadow(picture: Image.Image, shape: Image.Image, corner: tuple[int, int]) -> None:
    from PIL import ImageFilter

    from vision_ai_emulator.pixels import scaled

    # Two shadows, as real light casts: a sharp dark one where the item touches, a wide soft one beyond.
    for shift, radius, opacity in ((16, 18, 0.5), (5, 5, 0.55)):
        shadow = shape.filter(ImageFilter.BoxBlur(radius)).filter(ImageFilter.BoxBlur(radius))
        shadow = scaled(shadow, opacity)
        picture.paste((28, 29, 31), (corner[0] + shift, corner[1] + shift), shadow)


@cache
def _specimen(kind: str) -> Image.Image:
    from PIL import Image

    from vision_ai_emulator import fruit, vegetables
    from vision_ai_emulator.pixels import reduced

    paint = getattr(fruit, kind, None) or getattr(vegetables, kind)
    painted: Image.Image = paint(random.Random(kind))
    painted = reduced(painted, (_ITEM_SIZE, _ITEM_SIZE))
    item = painted.crop(painted.getbbox())
    # In the middle of a box that holds it at any angle and size, so that it lies where it is put.
    box = math.ceil(math.hypot(item.width, item.height) * 1.1)
    sprite = Image.new("RGBA", (box, box))
    sprite.paste(item, ((box - item.width) // 2, (box - item.height) // 2))
    return sprite


@cache
def _scenery() -> Image.Image:
    from vision_ai_emulator import scenery

    return scenery.paint(PICTURE_WIDTH, PICTURE_HEIGHT)
