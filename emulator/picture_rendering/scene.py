"""The view of the empty pan: a counter, the scale's housing, and a stainless steel pan.

Everything is almost gray, so that the recognition engine ignores it. The pan fills the vendor's example of a
recognition area, which is the emulated device's default.
"""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from picture_rendering.image_operations import adjust_levels, enlarge, make_noise

Box = tuple[int, int, int, int]

_HOUSING: Box = (372, -40, 864, 690)
_PAN: Box = (450, 45, 786, 515)
_DISPLAY: Box = (508, 566, 728, 632)


def render_scene(width: int, height: int) -> Image.Image:
    """Render the view."""
    rng = random.Random("scenery")
    picture = _make_counter(rng, width, height)
    _draw_shadow(picture, _HOUSING, 40, 20, 0.6)
    _draw_slab(picture, _HOUSING, 46, (206, 208, 210), (168, 171, 175))
    _draw_edge(picture, _HOUSING, 46, (240, 241, 242), 3)
    _draw_shadow(picture, _PAN, 26, 12, 0.5)
    _draw_pan(picture, rng)
    _draw_display(picture)
    return picture


def _make_grain(
    rng: random.Random, cells: tuple[int, int], size: tuple[int, int], strength: float
) -> Image.Image:
    return adjust_levels(make_noise(rng, cells, size), strength, 128 * (1 - strength))


def _add_grain(image: Image.Image, grain: Image.Image) -> Image.Image:
    return ImageChops.add(image, grain.convert("RGB"), 1, -128)


def _make_ramp(size: tuple[int, int], top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    amount = enlarge(Image.linear_gradient("L"), size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), amount)


def _make_rounded_mask(size: tuple[int, int], box: Box, radius: int) -> Image.Image:
    """Return a mask of a rounded rectangle, drawn at twice its size for smooth corners."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle([value * 2 for value in box], radius * 2, fill=255)
    return mask.reduce(2)


def _make_counter(rng: random.Random, width: int, height: int) -> Image.Image:
    size = (width, height)
    counter = _make_ramp(size, (74, 76, 79), (52, 54, 57))
    counter = _add_grain(counter, _make_grain(rng, (90, 50), size, 0.06))
    return _add_grain(counter, _make_grain(rng, (900, 500), size, 0.09))


def _draw_shadow(picture: Image.Image, box: Box, radius: int, shift: int, opacity: float) -> None:
    moved = (box[0] + shift, box[1] + shift, box[2] + shift, box[3] + shift)
    shadow = _make_rounded_mask(picture.size, moved, radius).filter(ImageFilter.GaussianBlur(shift))
    picture.paste((18, 18, 20), mask=adjust_levels(shadow, opacity))


def _draw_slab(
    picture: Image.Image, box: Box, radius: int, top: tuple[int, int, int], bottom: tuple[int, int, int]
) -> None:
    picture.paste(_make_ramp(picture.size, top, bottom), mask=_make_rounded_mask(picture.size, box, radius))


def _draw_edge(picture: Image.Image, box: Box, radius: int, color: tuple[int, int, int], width: int) -> None:
    inner = (box[0] + width, box[1] + width, box[2] - width, box[3] - width)
    edge = ImageChops.subtract(
        _make_rounded_mask(picture.size, box, radius),
        _make_rounded_mask(picture.size, inner, max(0, radius - width)),
    )
    picture.paste(color, mask=edge)


def _draw_pan(picture: Image.Image, rng: random.Random) -> None:
    size = picture.size
    steel = _make_ramp(size, (196, 198, 201), (176, 179, 183))
    # Brushed steel: streaks of several lengths along the pan.
    for cells, strength in (((size[0], 3), 0.05), ((size[0] // 3, 5), 0.05), ((size[0], 40), 0.05)):
        steel = _add_grain(steel, _make_grain(rng, cells, size, strength))
    # A broad, soft, slanting reflection of the lamp.
    sheen = Image.new("L", size, 0)
    left, top, right, bottom = _PAN
    ImageDraw.Draw(sheen).polygon(
        [(left - 60, top + 240), (right + 40, top - 40), (right + 60, top + 90), (left - 60, top + 400)],
        fill=84,
    )
    steel.paste((236, 238, 240), mask=sheen.filter(ImageFilter.GaussianBlur(50)))
    picture.paste(steel, mask=_make_rounded_mask(size, _PAN, 26))
    # The rim: a lit outer edge, a dark fold, and the lower floor inside it.
    for inset, color, width in (
        (0, (236, 238, 240), 3),
        (3, (150, 152, 156), 5),
        (8, (214, 216, 219), 3),
        (13, (138, 140, 144), 2),
    ):
        _draw_edge(
            picture, (left + inset, top + inset, right - inset, bottom - inset), 26 - inset, color, width
        )
    floor = (left + 15, top + 15, right - 15, bottom - 15)
    inside = _make_rounded_mask(size, floor, 14)
    dark = ImageChops.subtract(inside, inside.filter(ImageFilter.GaussianBlur(14)))
    picture.paste((92, 94, 98), mask=adjust_levels(dark, 0.9))


def _draw_display(picture: Image.Image) -> None:
    _draw_slab(
        picture,
        (_DISPLAY[0] - 10, _DISPLAY[1] - 10, _DISPLAY[2] + 10, _DISPLAY[3] + 10),
        14,
        (60, 62, 64),
        (44, 46, 48),
    )
    _draw_slab(picture, _DISPLAY, 8, (178, 182, 178), (164, 168, 164))
    draw = ImageDraw.Draw(picture)
    left = _DISPLAY[0] + 44
    for position in range(4):
        _draw_zero(draw, left + position * 38, _DISPLAY[1] + 12, 22, 42)
    draw.ellipse((left + 27, _DISPLAY[1] + 49, left + 32, _DISPLAY[1] + 54), fill=(40, 42, 42))


def _draw_zero(draw: ImageDraw.ImageDraw, x: int, y: int, width: int, height: int) -> None:
    """Draw the digit 0 with seven segments."""
    ink, thick = (40, 42, 42), 5
    for start, end in (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 0), (0, 1)), ((1, 0), (1, 1))):
        box = (x + start[0] * width, y + start[1] * height, x + end[0] * width, y + end[1] * height)
        draw.line(box, fill=ink, width=thick)
