"""Pictures of fruit. Each function draws one kind; the random numbers vary its details."""

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


def draw_apple(rng: random.Random) -> Image.Image:
    """Red with a yellow-green cheek, slightly from the side."""
    painting = Painting()
    shape = fill(
        make_ring(
            lambda a: (
                0.62 * (1 - 0.07 * math.exp(-(((a - 1.5 * math.pi) / 0.35) ** 2))) + 0.012 * math.cos(5 * a)
            ),
            squash=0.96,
        )
    )
    texture = adjust_levels(make_grain(rng, 90, 12), 0.16, 108)
    painting.add_solid(shape, (190, 24, 30), (84, 6, 16), (236, 84, 70), roundness=0.75, texture=texture)
    cheek = blur(fill(make_ring(lambda a: 0.2, (0.3, 0.12))), 0.12)
    painting.tint(cheek, (226, 186, 70), 0.6, inside=shape)
    streaks = ImageChops.multiply(adjust_levels(make_grain(rng, 120, 7), 1.6, -150), blur(shape, 0.1))
    painting.tint(streaks, (240, 150, 60), 0.4, inside=shape)
    painting.tint(draw_dots(rng, 260, 0.004, 0.008), (244, 206, 150), 0.35, inside=shape)
    hollow = blur(fill(make_ring(lambda a: 0.17, (0, -0.42), squash=0.5)), 0.03)
    painting.tint(hollow, (96, 70, 18), 0.85, inside=shape)
    painting.draw_stroke(
        [(0.0, -0.42), (0.02, -0.56), (0.08, -0.7)], 0.045, (84, 56, 30), light=(160, 120, 80)
    )
    leaf = fill(smooth([(0.05, -0.58), (0.2, -0.76), (0.42, -0.74), (0.27, -0.58)]))
    painting.add_solid(leaf, (88, 140, 40), (40, 80, 20), (150, 196, 90), roundness=0.15)
    painting.add_highlight((-0.26, -0.24), 0.13, 0.08, 40, 0.75, 0.03)
    painting.add_highlight((-0.2, -0.18), 0.22, 0.17, 40, 0.22, 0.07)
    return painting.to_image()


def draw_orange(rng: random.Random) -> Image.Image:
    """Round, with the pores of its peel."""
    painting = Painting()
    shape = fill(make_ring(lambda a: 0.58 + 0.006 * math.cos(3 * a)))
    texture = adjust_levels(make_grain(rng, 110, 110), 0.22, 100)
    painting.add_solid(shape, (244, 138, 18), (150, 62, 4), (255, 190, 84), roundness=0.8, texture=texture)
    painting.tint(draw_dots(rng, 900, 0.005, 0.009), (190, 92, 4), 0.3, inside=shape)
    painting.tint(
        blur(fill(make_ring(lambda a: 0.1, (0.08, -0.08))), 0.03), (176, 110, 10), 0.5, inside=shape
    )
    calyx = fill(make_ring(lambda a: 0.055 + 0.022 * math.cos(5 * a), (0.08, -0.08)))
    painting.add_solid(calyx, (92, 120, 44), (50, 70, 20), (160, 180, 100), roundness=0.08)
    painting.add_highlight((-0.22, -0.25), 0.2, 0.13, 40, 0.45, 0.06)
    return painting.to_image()


def draw_lemon(rng: random.Random) -> Image.Image:
    """Yellow, with a tip at both ends."""
    painting = Painting()

    def radius(a: float) -> float:
        bumps = math.exp(-((math.sin(a / 2) / 0.11) ** 2)) + math.exp(-((math.cos(a / 2) / 0.13) ** 2))
        return 0.36 / math.sqrt(1 - 0.4 * math.cos(a) ** 2) + 0.1 * bumps

    shape = fill(make_ring(radius, count=160))
    texture = adjust_levels(make_grain(rng, 90, 90), 0.2, 102)
    painting.add_solid(shape, (248, 216, 40), (176, 132, 8), (255, 244, 150), roundness=0.6, texture=texture)
    painting.tint(draw_dots(rng, 700, 0.005, 0.009), (206, 166, 10), 0.35, inside=shape)
    tips = ImageChops.lighter(make_gradient((0.4, 0), (0.62, 0)), make_gradient((-0.44, 0), (-0.64, 0)))
    painting.tint(tips, (168, 176, 50), 0.5, inside=shape)
    painting.draw_stroke([(0.55, 0), (0.575, 0.005)], 0.07, (110, 96, 40), light=(170, 160, 90))
    painting.add_highlight((-0.12, -0.17), 0.2, 0.07, 8, 0.5, 0.04)
    return painting.to_image()


def draw_pear(rng: random.Random) -> Image.Image:
    """Yellow-green and speckled, with a blush and a stalk."""
    painting = Painting()
    half = [
        (0, -0.6),
        (0.13, -0.57),
        (0.19, -0.42),
        (0.24, -0.2),
        (0.36, 0.02),
        (0.46, 0.28),
        (0.4, 0.54),
        (0.2, 0.68),
    ]
    outline = [*half, (0, 0.69), *((-x, y) for x, y in reversed(half[1:]))]
    shape = fill(smooth(outline))
    texture = adjust_levels(make_grain(rng, 60, 60), 0.12, 113)
    painting.add_solid(shape, (186, 198, 66), (94, 106, 22), (230, 234, 136), roundness=0.55, texture=texture)
    painting.tint(blur(fill(make_ring(lambda a: 0.2, (0.26, 0.3))), 0.12), (206, 120, 54), 0.55, inside=shape)
    painting.tint(draw_dots(rng, 500, 0.004, 0.009), (122, 112, 40), 0.5, inside=shape)
    painting.tint(blur(fill(make_ring(lambda a: 0.09, (0, -0.58))), 0.04), (140, 110, 50), 0.6, inside=shape)
    painting.draw_stroke([(0, -0.57), (0.02, -0.72), (0.09, -0.86)], 0.04, (86, 62, 34), light=(156, 126, 84))
    painting.add_highlight((-0.17, 0.16), 0.09, 0.17, -12, 0.5, 0.045)
    painting.add_highlight((-0.09, -0.36), 0.035, 0.08, -8, 0.4, 0.03)
    return painting.to_image()


def draw_banana(rng: random.Random) -> Image.Image:
    """Three bananas, joined at the stalk."""
    painting = Painting()
    for turn in (0.5, 0.27, 0.04):
        spine, widths = _make_banana_spine(turn + rng.uniform(-0.02, 0.02))
        shape = fill(smooth(make_limb(spine, widths), 6))
        texture = adjust_levels(make_grain(rng, 24, 24), 0.1, 115)
        painting.tint(blur(shape, 0.04), (110, 76, 8), 0.5, inside=painting.alpha)
        painting.add_solid(
            shape, (246, 208, 48), (160, 112, 12), (255, 238, 140), roundness=0.26, texture=texture
        )
        ridge = [(x + 0.02, y + 0.035) for x, y in spine[2:-2]]
        painting.tint(blur(draw_strokes([ridge], 0.02), 0.008), (190, 142, 16), 0.6, inside=shape)
        painting.tint(
            blur(fill(make_ring(lambda a: 0.07, spine[-1])), 0.02), (70, 52, 26), 0.95, inside=shape
        )
        painting.tint(
            blur(fill(make_ring(lambda a: 0.14, spine[-1])), 0.05), (150, 150, 40), 0.5, inside=shape
        )
        painting.tint(
            blur(fill(make_ring(lambda a: 0.14, spine[0])), 0.06), (160, 160, 48), 0.8, inside=shape
        )
        painting.tint(blur(draw_dots(rng, 60, 0.006, 0.016), 0.003), (120, 76, 20), 0.5, inside=shape)
    painting.draw_stroke([(-0.56, -0.5), (-0.66, -0.62)], 0.1, (116, 100, 36), light=(190, 176, 90))
    painting.draw_stroke([(-0.67, -0.63), (-0.68, -0.64)], 0.1, (70, 52, 28))
    return painting.to_image()


def _make_banana_spine(turn: float) -> tuple[list[tuple[float, float]], list[float]]:
    """Return spine and half widths of a banana that hangs from the upper left, turned by `turn` radians."""
    spine: list[tuple[float, float]] = []
    widths: list[float] = []
    count = 18
    for i in range(count):
        t = i / (count - 1)
        angle = math.pi * (1.12 - 0.92 * t)
        x, y = 0.62 * math.cos(angle) + 0.58, 0.62 * math.sin(angle) * 1.05 + 0.22
        spine.append(
            (-0.56 + x * math.cos(turn) - y * math.sin(turn), -0.5 + x * math.sin(turn) + y * math.cos(turn))
        )
        widths.append(0.035 + 0.115 * math.sin(math.pi * min(1, t * 0.94 + 0.06)) ** 0.6)
    return spine, widths


def draw_grapes(rng: random.Random) -> Image.Image:
    """A bunch of blue-black grapes with bloom."""
    painting = Painting()
    painting.draw_stroke(
        [(0.0, -0.4), (0.02, -0.62), (-0.05, -0.82)], 0.05, (112, 96, 44), light=(176, 160, 96)
    )
    painting.draw_stroke([(0.02, -0.6), (0.16, -0.7)], 0.035, (112, 96, 44), light=(176, 160, 96))
    rows = (
        (-0.46, 0.3),
        (-0.31, 0.4),
        (-0.15, 0.42),
        (0.01, 0.37),
        (0.17, 0.3),
        (0.32, 0.22),
        (0.47, 0.13),
        (0.6, 0.02),
    )
    positions: list[tuple[float, float]] = []
    for y, half in rows:
        count = max(1, round(half * 2 / 0.15))
        for i in range(count):
            x = 0.0 if count == 1 else -half + 2 * half * i / (count - 1)
            positions.append((x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)))
    berries = [_draw_grape(shade) for shade in (-10, 0, 12)]
    # The first layer fills the gaps in the second.
    for layer in ([(x * 0.8, y * 0.85) for x, y in positions], positions):
        rng.shuffle(layer)
        for position in layer:
            painting.paste_sprite(rng.choice(berries), position, rng.uniform(0.145, 0.17))
    return painting.to_image()


def _draw_grape(shade: int) -> Image.Image:
    painting = Painting()
    shape = fill(make_ring(lambda a: 0.75, squash=1.06))
    painting.add_solid(shape, (78 + shade, 42, 112 + shade), (22, 8, 40), (150, 124, 190), roundness=1.0)
    painting.add_highlight((-0.26, -0.3), 0.15, 0.11, 40, 0.9, 0.06)
    painting.add_highlight((0.22, 0.34), 0.3, 0.12, 40, 0.18, 0.1)
    return painting.to_image()
