"""Composes the camera's picture from the shipped pictures of the empty pan and of the item.

`emulator/render_pictures.py` in the source repository renders the shipped pictures.
"""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

from PIL import Image, ImageFilter

from vision_ai_emulator.camera.item import Item

_FOLDER = Path(__file__).parent / "pictures"
# The center of the pan, in pixels.
_CENTER_X, _CENTER_Y = 618, 280
_JPEG_QUALITY = 88
_SHADOW_COLOR = (28, 29, 31)
# Offset, blur radius and opacity: a wide soft shadow beside the item, and a sharp dark one below it.
_SHADOWS = ((16, 18, 0.5), (5, 5, 0.55))


def compose(item: Item | None) -> bytes:
    """Return the JPEG of the pan with an item, or of the empty pan."""
    picture = _load_background()
    if item:
        picture = _multiply(picture, item.light)
        sprite = _transform(_load_item(item.kind), item.angle, item.size)
        left = round(_CENTER_X + item.dx - sprite.width / 2)
        top = round(_CENTER_Y + item.dy - sprite.height / 2)
        opacity = sprite.getchannel("A")
        for offset, radius, strength in _SHADOWS:
            _paste_shadow(picture, opacity, (left + offset, top + offset), radius, strength)
        picture.paste(_multiply(sprite.convert("RGB"), item.light), (left, top), opacity)
    stream = io.BytesIO()
    # With a format instead of a file name Pillow would import the plugins of five formats, in 6 ms.
    stream.name = "picture.jpg"
    picture.save(stream, quality=_JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def _transform(picture: Image.Image, angle: float, size: float) -> Image.Image:
    """Turn and scale a picture around its center, in one step."""
    cos, sin = math.cos(angle), math.sin(angle)
    width = math.ceil(size * (picture.width * abs(cos) + picture.height * abs(sin))) + 2
    height = math.ceil(size * (picture.width * abs(sin) + picture.height * abs(cos))) + 2
    # The matrix converts positions in the result into positions in the picture.
    a, b = cos / size, sin / size
    c = picture.width / 2 - a * width / 2 - b * height / 2
    f = picture.height / 2 + b * width / 2 - a * height / 2
    matrix = (a, b, c, -b, a, f)
    return picture.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _paste_shadow(
    picture: Image.Image, opacity: Image.Image, position: tuple[int, int], radius: int, strength: float
) -> None:
    # A wide blur needs no details: a reduced picture is faster.
    factor = max(1, radius // 4)
    margin = 2 * radius // factor
    small = _multiply(opacity.reduce(factor), strength)
    shadow = Image.new("L", (small.width + 2 * margin, small.height + 2 * margin))
    shadow.paste(small, (margin, margin))
    # Two box blurs resemble a Gaussian blur and are faster.
    blur = ImageFilter.BoxBlur(radius / factor)
    shadow = shadow.filter(blur).filter(blur)
    size = (shadow.width * factor, shadow.height * factor)
    extent = (0, 0, *shadow.size)
    shadow = shadow.transform(size, Image.Transform.EXTENT, extent, Image.Resampling.BILINEAR)
    picture.paste(_SHADOW_COLOR, (position[0] - margin * factor, position[1] - margin * factor), shadow)


def _multiply(picture: Image.Image, factor: float) -> Image.Image:
    return Image.eval(picture, lambda level: min(255, round(level * factor)))


@cache
def _load_background() -> Image.Image:
    return _load("pan.jpg")


@cache
def _load_item(kind: str) -> Image.Image:
    return _load(f"{kind}.webp")


def _load(name: str) -> Image.Image:
    with Image.open(_FOLDER / name) as image:
        image.load()
    return image
