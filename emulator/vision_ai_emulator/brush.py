"""Tools to paint produce with: smooth outlines, soft light on whatever outline, texture from seeded noise.

Shapes are given on a square canvas that spans -1 to 1 in both directions, y downwards. Light comes from the
upper left.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vision_ai_emulator.pixels import noise, reduced, scaled

Point = tuple[float, float]
Colour = tuple[int, int, int]

SIZE = 800
"""Pixels of the canvas. Sprites are used at half of that or less, which smooths every edge."""
UNIT = SIZE / 2
_WHOLE = (SIZE, SIZE)


def pixel(point: Point) -> Point:
    """Canvas coordinates to pixels."""
    return (UNIT + point[0] * UNIT, UNIT + point[1] * UNIT)


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A closed curve through `points` (Catmull-Rom)."""
    curve: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def limb(spine: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """The outline of something long: half `widths` to either side of each point of its `spine`."""
    left: list[Point] = []
    right: list[Point] = []
    for i, ((x, y), width) in enumerate(zip(spine, widths, strict=True)):
        before, after = spine[max(0, i - 1)], spine[min(len(spine) - 1, i + 1)]
        along = math.atan2(after[1] - before[1], after[0] - before[0])
        dx, dy = math.sin(along) * width, -math.cos(along) * width
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return left + right[::-1]


def ring(
    radius: Callable[[float], float], centre: Point = (0, 0), count: int = 72, squash: float = 1.0
) -> list[Point]:
    """A closed outline around `centre`, `radius` (of the angle) away from it; `squash` flattens it."""
    outline: list[Point] = []
    for i in range(count):
        angle = 2 * math.pi * i / count
        r = radius(angle)
        outline.append((centre[0] + r * math.cos(angle), centre[1] + r * math.sin(angle) * squash))
    return outline


def mask(outline: Sequence[Point]) -> Image.Image:
    """White inside the outline, black elsewhere."""
    image = Image.new("L", _WHOLE, 0)
    ImageDraw.Draw(image).polygon([pixel(point) for point in outline], fill=255)
    return image


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """`image` blurred; `radius` in canvas units."""
    return image.filter(ImageFilter.GaussianBlur(radius * UNIT))


def grain(rng: random.Random, columns: int, rows: int) -> Image.Image:
    """Seeded grey noise of so many cells over the canvas: few columns give streaks along x."""
    return noise(rng, (columns, rows), _WHOLE)


class Painting:
    """A sprite in the making: colours and how much of each pixel is covered."""

    def __init__(self) -> None:
        self.colours = Image.new("RGB", _WHOLE, (128, 128, 128))
        self.cover = Image.new("L", _WHOLE, 0)

    def body(
        self,
        shape: Image.Image,
        base: Colour,
        shadow: Colour,
        light: Colour,
        *,
        roundness: float,
        strength: float = 1.0,
        texture: Image.Image | None = None,
        colours: Image.Image | None = None,
    ) -> None:
        """Put a solid of the outline `shape` on top: `base`-coloured (or with `colours`), lit as if it were
        about `roundness` canvas units thick, its surface roughened by `texture` (grey, 128 is plain).
        """
        paint = colours or Image.new("RGB", _WHOLE, base)
        lit = self._relief(shape, roundness, strength)
        if texture is not None:
            lit = ImageChops.add(lit, texture, 1, -128)
        paint = Image.composite(paint, Image.new("RGB", _WHOLE, shadow), scaled(lit, 2))
        paint = Image.composite(Image.new("RGB", _WHOLE, light), paint, scaled(lit, 1.5, -128 * 1.5))
        self.colours.paste(paint, mask=shape)
        self.cover = ImageChops.lighter(self.cover, shape)

    @staticmethod
    def _relief(shape: Image.Image, roundness: float, strength: float) -> Image.Image:
        # Blurred at several scales the flat shape becomes a dome; its slope towards the light is the light.
        wide, narrow = blurred(shape, roundness * 0.55), blurred(shape, roundness * 0.22)
        dome = ImageChops.add(wide, narrow, 2)
        reach = round(roundness * UNIT * 0.2)
        toward = ImageChops.offset(dome, -reach, -reach)
        away = ImageChops.offset(dome, reach, reach)
        slope = ImageChops.subtract(toward, away, 1, 128)
        # Towards the rim a solid turns away from the camera and darkens.
        rim = scaled(blurred(shape, roundness * 0.2), 0.5, -128)
        lit = ImageChops.add(scaled(slope, 0.95 * strength, 128 - 122 * strength), rim, 1, 0)
        return blurred(lit, 0.012)

    def stain(
        self, where: Image.Image, colour: Colour, opacity: float = 1.0, inside: Image.Image | None = None
    ) -> None:
        """Colour what is painted already, as strongly as `where` is white."""
        amount = scaled(where, opacity)
        if inside is not None:
            amount = ImageChops.multiply(amount, inside)
        self.colours.paste(Image.new("RGB", _WHOLE, colour), mask=amount)

    def gleam(
        self, centre: Point, width: float, height: float, angle: float, opacity: float, soft: float = 0.03
    ) -> None:
        """A highlight: an ellipse turned by `angle` degrees, blurred by `soft`."""
        spot = Image.new("L", _WHOLE, 0)
        x, y = pixel((0, 0))
        box = (x - width * UNIT, y - height * UNIT, x + width * UNIT, y + height * UNIT)
        ImageDraw.Draw(spot).ellipse(box, fill=255)
        spot = spot.rotate(angle, translate=(round(centre[0] * UNIT), round(centre[1] * UNIT)))
        self.stain(blurred(spot, soft), (255, 255, 255), opacity, inside=self.cover)

    def line(
        self, points: Sequence[Point], width: float, colour: Colour, *, light: Colour | None = None
    ) -> None:
        """A stroke with round ends, as a stem has; with `light` it gets a lit side."""
        stroke = Image.new("L", _WHOLE, 0)
        draw = ImageDraw.Draw(stroke)
        pixels = [pixel(point) for point in points]
        draw.line(pixels, fill=255, width=max(1, round(width * UNIT)), joint="curve")
        radius = width * UNIT / 2
        for x, y in pixels:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        self.colours.paste(Image.new("RGB", _WHOLE, colour), mask=stroke)
        self.cover = ImageChops.lighter(self.cover, stroke)
        if light is not None:
            shift = max(1, round(radius * 0.6))
            edge = ImageChops.subtract(stroke, ImageChops.offset(stroke, shift, shift))
            self.stain(blurred(edge, 0.004), light, 0.8, inside=stroke)

    def stamp(self, sprite: Image.Image, centre: Point, scale: float = 1.0) -> None:
        """Put another sprite on top, reduced by `scale`, with a soft shadow on what is beneath."""
        size, margin = round(SIZE * scale), 40
        small = reduced(sprite, (size, size))
        whole = size + 2 * margin
        shape = Image.new("L", (whole, whole), 0)
        shape.paste(small.getchannel("A"), (margin, margin))
        x, y = pixel(centre)
        left, top = round(x - whole / 2), round(y - whole / 2)
        box = (left, top, left + whole, top + whole)
        beneath = self.cover.crop(box)
        shadow = ImageChops.multiply(scaled(blurred(shape, 0.03), 0.5), beneath)
        self.colours.paste((8, 10, 8), box, shadow)
        self.colours.paste(small, (left + margin, top + margin), small)
        self.cover.paste(ImageChops.lighter(beneath, shape), box)

    def sprite(self) -> Image.Image:
        """What was painted, with transparency."""
        image = self.colours.copy()
        image.putalpha(self.cover)
        return image


def lines(strokes: Sequence[Sequence[Point]], width: float) -> Image.Image:
    """White strokes on black, for staining."""
    image = Image.new("L", _WHOLE, 0)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line(
            [pixel(point) for point in stroke], fill=255, width=max(1, round(width * UNIT)), joint="curve"
        )
    return image


def dots(rng: random.Random, count: int, smallest: float, largest: float) -> Image.Image:
    """White dots strewn over the canvas, for staining; sizes are radii in canvas units."""
    image = Image.new("L", _WHOLE, 0)
    draw = ImageDraw.Draw(image)
    for _ in range(count):
        x, y = rng.uniform(0, SIZE), rng.uniform(0, SIZE)
        radius = rng.uniform(smallest, largest) * UNIT
        draw.ellipse((x - radius, y - radius * 0.8, x + radius, y + radius * 0.8), fill=rng.randint(120, 255))
    return image


def gradient(start: Point, end: Point) -> Image.Image:
    """Black at `start` turning white at `end`, for staining."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ramp = Image.linear_gradient("L")
    # Output pixel → place on the 256 pixels of the ramp, whose values grow downwards.
    a, b = 255 * dx / length**2 / UNIT, 255 * dy / length**2 / UNIT
    origin = pixel(start)
    c = -(a * origin[0] + b * origin[1])
    image = ramp.transform(_WHOLE, Image.Transform.AFFINE, (0, 0, 128, a, b, c), Image.Resampling.BILINEAR)
    # Outside the ramp transform() leaves black; beyond the end it has to be white.
    beyond = Image.new("L", _WHOLE, 0)
    far = 3.0
    nx, ny = -dy / length * far, dx / length * far
    ux, uy = dx / length * far, dy / length * far
    quad = [(end[0] + nx, end[1] + ny), (end[0] - nx, end[1] - ny)]
    quad += [(quad[1][0] + ux, quad[1][1] + uy), (quad[0][0] + ux, quad[0][1] + uy)]
    ImageDraw.Draw(beyond).polygon([pixel(point) for point in quad], fill=255)
    return ImageChops.lighter(image, beyond)
