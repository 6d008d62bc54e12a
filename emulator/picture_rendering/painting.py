"""Drawing of produce: smooth outlines, shaded solids, highlights, and textures from seeded noise.

The canvas is a square from -1 to 1 in both directions, with y pointing down. Light comes from the upper left.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from picture_rendering.image_operations import adjust_levels, make_noise, reduce

Point = tuple[float, float]
Color = tuple[int, int, int]

SIZE = 800
"""Width and height of the canvas in pixels: twice the size of the finished pictures, for smooth edges."""
UNIT = SIZE / 2
_WHOLE = (SIZE, SIZE)


def to_pixels(point: Point) -> Point:
    """Convert canvas coordinates to pixels."""
    return (UNIT + point[0] * UNIT, UNIT + point[1] * UNIT)


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """Return a closed curve through `points` (Catmull-Rom)."""
    curve: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_interpolate(a[0], b[0], c[0], d[0], t), _interpolate(a[1], b[1], c[1], d[1], t)))
    return curve


def _interpolate(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def make_limb(spine: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """Return the outline of a long shape: `widths` to either side of each point of its `spine`."""
    left: list[Point] = []
    right: list[Point] = []
    for i, ((x, y), width) in enumerate(zip(spine, widths, strict=True)):
        before, after = spine[max(0, i - 1)], spine[min(len(spine) - 1, i + 1)]
        along = math.atan2(after[1] - before[1], after[0] - before[0])
        dx, dy = math.sin(along) * width, -math.cos(along) * width
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return left + right[::-1]


def make_ring(
    radius: Callable[[float], float], center: Point = (0, 0), count: int = 72, squash: float = 1.0
) -> list[Point]:
    """Return a closed outline around `center` at the distance `radius(angle)`; `squash` scales its height."""
    outline: list[Point] = []
    for i in range(count):
        angle = 2 * math.pi * i / count
        r = radius(angle)
        outline.append((center[0] + r * math.cos(angle), center[1] + r * math.sin(angle) * squash))
    return outline


def fill(outline: Sequence[Point]) -> Image.Image:
    """Return a mask that is white inside the outline and black elsewhere."""
    image = Image.new("L", _WHOLE, 0)
    ImageDraw.Draw(image).polygon([to_pixels(point) for point in outline], fill=255)
    return image


def blur(image: Image.Image, radius: float) -> Image.Image:
    """Blur `image`; `radius` is in canvas units."""
    return image.filter(ImageFilter.GaussianBlur(radius * UNIT))


def make_grain(rng: random.Random, columns: int, rows: int) -> Image.Image:
    """Return seeded gray noise of that many cells on the canvas: few columns result in horizontal streaks."""
    return make_noise(rng, (columns, rows), _WHOLE)


class Painting:
    """A picture while it is drawn: colors and opacity."""

    def __init__(self) -> None:
        self.colors = Image.new("RGB", _WHOLE, (128, 128, 128))
        self.alpha = Image.new("L", _WHOLE, 0)

    def add_solid(
        self,
        shape: Image.Image,
        base: Color,
        shadow: Color,
        light: Color,
        *,
        roundness: float,
        strength: float = 1.0,
        texture: Image.Image | None = None,
        colors: Image.Image | None = None,
    ) -> None:
        """Draw a solid with the outline `shape` in the color `base` (or in `colors`).

        It is lit as if it were `roundness` canvas units thick. `texture` (gray, 128 is smooth) roughens it.
        """
        paint = colors or Image.new("RGB", _WHOLE, base)
        lit = self._relief(shape, roundness, strength)
        if texture is not None:
            lit = ImageChops.add(lit, texture, 1, -128)
        paint = Image.composite(paint, Image.new("RGB", _WHOLE, shadow), adjust_levels(lit, 2))
        paint = Image.composite(Image.new("RGB", _WHOLE, light), paint, adjust_levels(lit, 1.5, -128 * 1.5))
        self.colors.paste(paint, mask=shape)
        self.alpha = ImageChops.lighter(self.alpha, shape)

    @staticmethod
    def _relief(shape: Image.Image, roundness: float, strength: float) -> Image.Image:
        # The sum of two blurs turns the flat shape into a dome; its slope toward the light is the brightness.
        wide, narrow = blur(shape, roundness * 0.55), blur(shape, roundness * 0.22)
        dome = ImageChops.add(wide, narrow, 2)
        reach = round(roundness * UNIT * 0.2)
        toward = ImageChops.offset(dome, -reach, -reach)
        away = ImageChops.offset(dome, reach, reach)
        slope = ImageChops.subtract(toward, away, 1, 128)
        # A solid is darker at the rim, where it turns away from the camera.
        rim = adjust_levels(blur(shape, roundness * 0.2), 0.5, -128)
        lit = ImageChops.add(adjust_levels(slope, 0.95 * strength, 128 - 122 * strength), rim, 1, 0)
        return blur(lit, 0.012)

    def tint(
        self, area: Image.Image, color: Color, opacity: float = 1.0, inside: Image.Image | None = None
    ) -> None:
        """Color what is already drawn, in proportion to the brightness of `area`."""
        amount = adjust_levels(area, opacity)
        if inside is not None:
            amount = ImageChops.multiply(amount, inside)
        self.colors.paste(Image.new("RGB", _WHOLE, color), mask=amount)

    def add_highlight(
        self, center: Point, width: float, height: float, angle: float, opacity: float, soft: float = 0.03
    ) -> None:
        """Draw a white ellipse, rotated by `angle` degrees and blurred by `soft`."""
        spot = Image.new("L", _WHOLE, 0)
        x, y = to_pixels((0, 0))
        box = (x - width * UNIT, y - height * UNIT, x + width * UNIT, y + height * UNIT)
        ImageDraw.Draw(spot).ellipse(box, fill=255)
        spot = spot.rotate(angle, translate=(round(center[0] * UNIT), round(center[1] * UNIT)))
        self.tint(blur(spot, soft), (255, 255, 255), opacity, inside=self.alpha)

    def draw_stroke(
        self, points: Sequence[Point], width: float, color: Color, *, light: Color | None = None
    ) -> None:
        """Draw a stroke with round ends, such as a stem; `light` is the color of its lit side."""
        stroke = Image.new("L", _WHOLE, 0)
        draw = ImageDraw.Draw(stroke)
        pixels = [to_pixels(point) for point in points]
        draw.line(pixels, fill=255, width=max(1, round(width * UNIT)), joint="curve")
        radius = width * UNIT / 2
        for x, y in pixels:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        self.colors.paste(Image.new("RGB", _WHOLE, color), mask=stroke)
        self.alpha = ImageChops.lighter(self.alpha, stroke)
        if light is not None:
            shift = max(1, round(radius * 0.6))
            edge = ImageChops.subtract(stroke, ImageChops.offset(stroke, shift, shift))
            self.tint(blur(edge, 0.004), light, 0.8, inside=stroke)

    def paste_sprite(self, sprite: Image.Image, center: Point, scale: float = 1.0) -> None:
        """Draw another picture on top, scaled by `scale`, with a soft shadow on what is below it."""
        size, margin = round(SIZE * scale), 40
        small = reduce(sprite, (size, size))
        whole = size + 2 * margin
        shape = Image.new("L", (whole, whole), 0)
        shape.paste(small.getchannel("A"), (margin, margin))
        x, y = to_pixels(center)
        left, top = round(x - whole / 2), round(y - whole / 2)
        box = (left, top, left + whole, top + whole)
        below = self.alpha.crop(box)
        shadow = ImageChops.multiply(adjust_levels(blur(shape, 0.03), 0.5), below)
        self.colors.paste((8, 10, 8), box, shadow)
        self.colors.paste(small, (left + margin, top + margin), small)
        self.alpha.paste(ImageChops.lighter(below, shape), box)

    def to_image(self) -> Image.Image:
        """Return the picture with transparency."""
        image = self.colors.copy()
        image.putalpha(self.alpha)
        return image


def draw_strokes(strokes: Sequence[Sequence[Point]], width: float) -> Image.Image:
    """Return a mask of white strokes, for `tint`."""
    image = Image.new("L", _WHOLE, 0)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line(
            [to_pixels(point) for point in stroke], fill=255, width=max(1, round(width * UNIT)), joint="curve"
        )
    return image


def draw_dots(rng: random.Random, count: int, smallest: float, largest: float) -> Image.Image:
    """Return a mask of scattered dots, for `tint`; sizes are radii in canvas units."""
    image = Image.new("L", _WHOLE, 0)
    draw = ImageDraw.Draw(image)
    for _ in range(count):
        x, y = rng.uniform(0, SIZE), rng.uniform(0, SIZE)
        radius = rng.uniform(smallest, largest) * UNIT
        draw.ellipse((x - radius, y - radius * 0.8, x + radius, y + radius * 0.8), fill=rng.randint(120, 255))
    return image


def make_gradient(start: Point, end: Point) -> Image.Image:
    """Return a mask from black at `start` to white at `end`, for `tint`."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ramp = Image.linear_gradient("L")
    # From output pixels to positions on the ramp, whose 256 rows become brighter from top to bottom.
    a, b = 255 * dx / length**2 / UNIT, 255 * dy / length**2 / UNIT
    origin = to_pixels(start)
    c = -(a * origin[0] + b * origin[1])
    image = ramp.transform(_WHOLE, Image.Transform.AFFINE, (0, 0, 128, a, b, c), Image.Resampling.BILINEAR)
    # transform() leaves black outside the ramp; beyond the end it must be white.
    beyond = Image.new("L", _WHOLE, 0)
    far = 3.0
    nx, ny = -dy / length * far, dx / length * far
    ux, uy = dx / length * far, dy / length * far
    quad = [(end[0] + nx, end[1] + ny), (end[0] - nx, end[1] - ny)]
    quad += [(quad[1][0] + ux, quad[1][1] + uy), (quad[0][0] + ux, quad[0][1] + uy)]
    ImageDraw.Draw(beyond).polygon([to_pixels(point) for point in quad], fill=255)
    return ImageChops.lighter(image, beyond)
