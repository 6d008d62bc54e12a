"""Pictures of vegetables. Each function draws one kind; the random numbers vary its details."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageChops

from picture_rendering.image_operations import adjust_levels
from picture_rendering.painting import (
    Painting,
    blur,
    draw_dots,
    draw_strokes,
    fill,
    make_gradient,
    make_grain,
    make_limb,
    make_ring,
    smooth,
)


def draw_tomato(rng: random.Random) -> Image.Image:
    """Glossy orange-red with a green star."""
    painting = Painting()
    shape = fill(make_ring(lambda a: 0.56 + 0.007 * math.cos(6 * a + 0.5), squash=0.92))
    painting.add_solid(shape, (226, 50, 22), (122, 14, 8), (255, 120, 78), roundness=0.75)
    folds = [[(0.02, -0.12), (0.55 * math.cos(a), 0.5 * math.sin(a))] for a in (0.3, 1.4, 2.5, 3.6, 4.7, 5.8)]
    painting.tint(blur(draw_strokes(folds, 0.03), 0.03), (150, 20, 8), 0.4, inside=shape)
    painting.tint(
        blur(fill(make_ring(lambda a: 0.17, (0.02, -0.12))), 0.06), (170, 70, 16), 0.7, inside=shape
    )
    painting.tint(blur(fill(_make_star(rng, 0.03)), 0.02), (90, 12, 4), 0.6, inside=shape)
    star = fill(_make_star(rng, 0.0))
    painting.add_solid(star, (74, 134, 44), (28, 66, 18), (140, 190, 90), roundness=0.12, strength=1.2)
    painting.draw_stroke(
        [(0.02, -0.12), (0.06, -0.2), (0.15, -0.25)], 0.05, (84, 130, 50), light=(160, 196, 110)
    )
    painting.add_highlight((-0.27, -0.27), 0.12, 0.07, 40, 0.9, 0.02)
    painting.add_highlight((-0.22, -0.2), 0.2, 0.13, 40, 0.28, 0.06)
    painting.add_highlight((0.3, 0.3), 0.17, 0.04, 40, 0.22, 0.03)
    return painting.to_image()


def _make_star(rng: random.Random, shift: float) -> list[tuple[float, float]]:
    outline: list[tuple[float, float]] = []
    for i in range(6):
        angle = i * math.pi / 3 + 0.3
        length = 0.33 + 0.04 * math.cos(5 * i)
        for spread, reach in ((-0.5, 0.09), (-0.13, 0.2), (0.05, length), (0.2, 0.2)):
            a = angle + spread
            outline.append((0.02 + shift + reach * math.cos(a), -0.12 + shift + reach * math.sin(a)))
    return outline


def draw_cucumber(rng: random.Random) -> Image.Image:
    """Long and dark green, striped and warty."""
    painting = Painting()
    count = 24
    spine = [
        (0.08 * math.cos(2.4 * i / (count - 1) - 1.2) - 0.06, -0.8 + 1.6 * i / (count - 1))
        for i in range(count)
    ]
    widths = [0.18 * (1 - abs(2 * i / (count - 1) - 1) ** 7) ** 0.5 + 0.02 for i in range(count)]
    shape = fill(smooth(make_limb(spine, widths), 5))
    texture = adjust_levels(make_grain(rng, 60, 60), 0.24, 98)
    painting.add_solid(shape, (58, 112, 40), (14, 44, 14), (126, 176, 84), roundness=0.34, texture=texture)
    stripes = [
        [(x + side + 0.006 * math.sin(9 * y + side * 40), y) for x, y in spine[start:-1]]
        for side, start in ((-0.11, 9), (-0.055, 12), (0.0, 8), (0.055, 13), (0.11, 10))
    ]
    painting.tint(blur(draw_strokes(stripes, 0.016), 0.01), (170, 200, 110), 0.55, inside=shape)
    painting.tint(blur(make_gradient((0, 0.4), (0, 0.85)), 0.05), (156, 176, 90), 0.4, inside=shape)
    warts = draw_dots(rng, 210, 0.008, 0.014)
    painting.tint(ImageChops.offset(warts, 4, 4), (14, 44, 14), 0.6, inside=shape)
    painting.tint(warts, (110, 158, 76), 0.7, inside=shape)
    painting.draw_stroke(
        [(spine[0][0], -0.8), (spine[0][0] + 0.01, -0.86)], 0.06, (110, 130, 60), light=(180, 190, 120)
    )
    painting.add_highlight((-0.1, -0.2), 0.025, 0.42, 1, 0.35, 0.025)
    return painting.to_image()


def draw_carrot(rng: random.Random) -> Image.Image:
    """Orange and tapering, with the remains of its leaves."""
    painting = Painting()
    for angle in (-0.5, -0.25, 0.0, 0.22, 0.48):
        tip = (0.3 * math.sin(angle), -0.5 - 0.34 * math.cos(angle) + rng.uniform(-0.04, 0.04))
        painting.draw_stroke(
            [(0.06 * math.sin(angle), -0.48), tip], 0.05, (74, 128, 40), light=(140, 186, 84)
        )
    count = 20
    spine = [(0.03 * math.sin(3 * i / (count - 1)), -0.52 + 1.4 * i / (count - 1)) for i in range(count)]
    widths = [0.2 * (1 - i / (count - 1)) ** 0.62 * min(1, 0.72 + 0.16 * i) + 0.012 for i in range(count)]
    shape = fill(smooth(make_limb(spine, widths), 5))
    texture = adjust_levels(make_grain(rng, 10, 70), 0.2, 102)
    painting.add_solid(shape, (238, 120, 26), (150, 56, 6), (255, 182, 98), roundness=0.38, texture=texture)
    creases: list[list[tuple[float, float]]] = []
    for _ in range(26):
        y = rng.uniform(-0.46, 0.7)
        x = rng.uniform(-0.2, 0.12)
        creases.append([(x, y), (x + 0.06, y + 0.012), (x + rng.uniform(0.08, 0.16), y)])
    painting.tint(blur(draw_strokes(creases, 0.012), 0.004), (148, 62, 8), 0.7, inside=shape)
    painting.tint(
        blur(fill(make_ring(lambda a: 0.12, (0, -0.53), squash=0.5)), 0.03), (96, 110, 30), 0.7, inside=shape
    )
    painting.add_highlight((-0.07, -0.15), 0.025, 0.26, 2, 0.4, 0.025)
    return painting.to_image()


def draw_aubergine(rng: random.Random) -> Image.Image:
    """Nearly black violet, very glossy, with a green cap."""
    painting = Painting()
    half = [
        (0.0, -0.52),
        (0.15, -0.48),
        (0.2, -0.3),
        (0.24, -0.05),
        (0.31, 0.22),
        (0.33, 0.46),
        (0.25, 0.68),
        (0.1, 0.77),
    ]
    outline = [*half, *((-x - 0.02, y) for x, y in reversed(half[1:]))]
    shape = fill(smooth(outline))
    texture = adjust_levels(make_grain(rng, 40, 8), 0.06, 120)
    painting.add_solid(shape, (66, 24, 78), (20, 4, 30), (132, 84, 150), roundness=0.5, texture=texture)
    cap = fill(
        smooth(
            [
                (-0.19, -0.5),
                (0, -0.62),
                (0.19, -0.5),
                (0.25, -0.2),
                (0.11, -0.33),
                (0.03, -0.12),
                (-0.07, -0.33),
                (-0.22, -0.18),
            ],
            8,
        )
    )
    painting.tint(blur(ImageChops.offset(cap, 8, 12), 0.02), (10, 2, 16), 0.7, inside=shape)
    painting.add_solid(cap, (98, 132, 56), (44, 70, 24), (168, 194, 110), roundness=0.2, strength=1.1)
    painting.draw_stroke(
        [(0, -0.56), (0.01, -0.7), (0.05, -0.84)], 0.085, (98, 124, 54), light=(176, 194, 120)
    )
    painting.add_highlight((-0.14, 0.2), 0.035, 0.3, -5, 0.75, 0.02)
    painting.add_highlight((-0.12, 0.2), 0.08, 0.36, -5, 0.2, 0.05)
    painting.add_highlight((0.2, 0.45), 0.02, 0.18, 8, 0.22, 0.025)
    return painting.to_image()


def draw_potato(rng: random.Random) -> Image.Image:
    """An earthy, lumpy oval with eyes."""
    painting = Painting()
    shape = fill(
        make_ring(
            lambda a: 0.56 + 0.03 * math.cos(2 * a + 0.6) + 0.025 * math.cos(3 * a + 1.9),
            squash=0.74,
            count=120,
        )
    )
    texture = ImageChops.add(
        adjust_levels(make_grain(rng, 80, 80), 0.16, 44), adjust_levels(make_grain(rng, 14, 14), 0.18, 40)
    )
    painting.add_solid(shape, (196, 156, 98), (104, 72, 38), (230, 204, 156), roundness=0.6, texture=texture)
    painting.tint(draw_dots(rng, 500, 0.004, 0.011), (124, 88, 48), 0.55, inside=shape)
    painting.tint(blur(draw_dots(rng, 26, 0.03, 0.07), 0.03), (146, 104, 58), 0.5, inside=shape)
    for x, y in ((-0.22, -0.14), (0.12, -0.22), (0.3, 0.06), (-0.05, 0.14), (-0.38, 0.1), (0.1, 0.3)):
        x, y = x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)
        half = rng.uniform(0.025, 0.06)
        eye = [(x - half, y + 0.01), (x, y + 0.018), (x + half, y - 0.006)]
        painting.tint(blur(draw_strokes([eye], 0.022), 0.006), (84, 54, 28), 0.65, inside=shape)
        under = [(a, b + 0.022) for a, b in eye]
        painting.tint(blur(draw_strokes([under], 0.014), 0.006), (236, 212, 168), 0.5, inside=shape)
    return painting.to_image()


def draw_broccoli(rng: random.Random) -> Image.Image:
    """A crown of florets on a pale stalk."""
    painting = Painting()
    stalk = fill(
        smooth(
            [(-0.15, 0.05), (0.15, 0.05), (0.15, 0.4), (0.19, 0.72), (0.0, 0.77), (-0.19, 0.72), (-0.14, 0.4)]
        )
    )
    painting.add_solid(stalk, (162, 190, 104), (88, 120, 50), (210, 226, 160), roundness=0.32)
    for x in (-0.34, 0.34):
        painting.draw_stroke([(x * 0.2, 0.42), (x, 0.14)], 0.13, (150, 180, 96), light=(206, 222, 150))
    florets = [_draw_floret(rng) for _ in range(3)]
    for r, count in ((0.44, 9), (0.24, 6), (0.0, 1)):
        for i in range(count):
            angle = 2 * math.pi * i / count
            x, y = r * math.cos(angle), -0.2 + r * math.sin(angle) * 0.66
            painting.paste_sprite(
                rng.choice(florets), (x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)), 0.29
            )
    crown = ImageChops.subtract(painting.alpha, fill([(-1, 0.22), (1, 0.22), (1, 1), (-1, 1)]))
    buds = draw_dots(rng, 2600, 0.008, 0.014)
    painting.tint(ImageChops.offset(buds, 3, 4), (22, 60, 26), 0.5, inside=crown)
    painting.tint(buds, (112, 164, 84), 0.55, inside=crown)
    return painting.to_image()


def _draw_floret(rng: random.Random) -> Image.Image:
    painting = Painting()
    shape = fill(make_ring(lambda a: 0.7 + 0.055 * math.cos(9 * a) + 0.035 * math.cos(5 * a)))
    texture = adjust_levels(make_grain(rng, 30, 30), 0.7, 38)
    painting.add_solid(shape, (66, 122, 54), (18, 54, 24), (128, 178, 96), roundness=0.84, texture=texture)
    return painting.to_image()
