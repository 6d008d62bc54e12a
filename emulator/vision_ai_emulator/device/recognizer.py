"""The recognition engine: compares the appearance of an item with the templates of the known products.

It knows nothing about the kinds of produce that the camera shows. A pixel belongs to an item if it is
colored: pan, scale and counter are almost gray. From these pixels the engine extracts the distribution of
hues and shades and the item's size and shape, which change little when the item is moved, turned or lit
differently.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_ai_emulator.device.persistent_state import CalibrationArea, Features, Product

if TYPE_CHECKING:
    from PIL import Image

MAX_RESULTS = 10

# One pixel for every four by four: enough for shape and color, and fast without a numerics library.
_REDUCTION = 4
# The saturation (0 to 255) from which a pixel belongs to an item; steel and shadows are below it.
_MIN_SATURATION = 70
# The value (0 to 255) below which a hue is noise.
_MIN_VALUE = 25
# The number of reduced pixels from which they are an item; fewer are noise or the edge of an outside object.
_MIN_PIXELS = 60
_HUE_BINS = 24
_SHADE_BINS = 6
# Size, elongation, compactness, roughness.
_SHAPE_WEIGHTS = (2.0, 1.2, 2.5, 2.5)
# Less than the hue's weight: the shade changes with the light.
_SHADE_WEIGHT = 0.6
_DECIMALS = 5

# The distance from its nearest template at which a product is as likely as no known product.
_EVEN_DISTANCE = 0.4
# How fast the likelihood decreases with the distance.
_SHARPNESS = 14.0
_MIN_SCORE = 0.01
# The best score for an empty pan, where the device guesses nevertheless.
_NOTHING_SCORE = 0.1


def crop(picture: bytes, area: CalibrationArea) -> Image.Image:
    """Return an area of a JPEG."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        return image.crop((area.left, area.top, area.left + area.width, area.top + area.height))


def extract_features(view: Image.Image) -> Features | None:
    """Return the features of the item in a picture of the recognition area, or None if there is no item."""
    from PIL import Image, ImageChops, ImageFilter

    if min(view.size) < _REDUCTION:
        return None
    small = view.reduce(_REDUCTION)
    hue, saturation, value = small.convert("HSV").split()
    # The median removes single pixels that are colored by the JPEG compression.
    item = Image.eval(saturation, lambda level: 255 * (level >= _MIN_SATURATION)).filter(
        ImageFilter.MedianFilter(3)
    )
    item = ImageChops.multiply(item, Image.eval(value, lambda level: 255 * (level >= _MIN_VALUE)))
    pixels = item.histogram()[255]
    if pixels < _MIN_PIXELS:
        return None
    hues = _distribute(hue.histogram(item), _HUE_BINS, pixels, circular=True)
    shades = _distribute(value.histogram(item), _SHADE_BINS, pixels, circular=False)
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    shape = _measure_shape(item, pixels, _mean(edges.histogram(item), pixels))
    numbers = (
        *hues,
        *(_SHADE_WEIGHT * share for share in shades),
        *(weight * number for weight, number in zip(_SHAPE_WEIGHTS, shape, strict=True)),
    )
    return tuple(round(number, _DECIMALS) for number in numbers)


def make_template_picture(view: Image.Image) -> bytes:
    """Return the JPEG of the recognition area that `register_item` returns."""
    stream = io.BytesIO()
    view.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def rank(features: Features, products: Mapping[str, Product]) -> tuple[tuple[str, float], ...]:
    """Return at most ten product ids with scores in [0, 1], best first.

    The scores add up to 1 at most. The difference to 1 is the likelihood of an unknown product.
    """
    nearest = {
        id: min(math.dist(features, template.features) for template in product.templates)
        for id, product in products.items()
        if product.templates
    }
    likelihoods = {id: math.exp(_SHARPNESS * (_EVEN_DISTANCE - distance)) for id, distance in nearest.items()}
    total = 1 + sum(likelihoods.values())
    # Two digits, as in the vendor's examples. Rounding up could lift the sum above 1.
    scores = ((id, math.floor(100 * likelihood / total) / 100) for id, likelihood in likelihoods.items())
    best = sorted(scores, key=lambda item: (-item[1], nearest[item[0]]))
    return tuple((id, score) for id, score in best if score >= _MIN_SCORE)[:MAX_RESULTS]


def rank_nothing(products: Mapping[str, Product]) -> tuple[tuple[str, float], ...]:
    """Return product ids with low, decreasing scores, for an empty pan."""
    ids = [id for id, product in products.items() if product.templates][:MAX_RESULTS]
    return tuple((id, round(_NOTHING_SCORE / place, 2)) for place, id in enumerate(ids, start=1))


def _distribute(histogram: list[int], bins: int, pixels: int, *, circular: bool) -> list[float]:
    """Return the square roots of the bins' shares, whose distances resemble perceived color differences.

    A pixel between the centers of two bins counts in part for both: slightly more light must not move all
    pixels into another bin at once.
    """
    shares = [0.0] * bins
    for level, count in enumerate(histogram):
        center = (level + 0.5) / 256 * bins - 0.5
        lower = math.floor(center)
        part = center - lower
        for position, amount in ((lower, 1 - part), (lower + 1, part)):
            position = position % bins if circular else max(0, min(bins - 1, position))
            shares[position] += amount * count / pixels
    return [math.sqrt(share) for share in shares]


def _mean(histogram: list[int], pixels: int) -> float:
    return sum(level * count for level, count in enumerate(histogram)) / pixels


def _measure_shape(item: Image.Image, pixels: int, edges: float) -> tuple[float, float, float, float]:
    """Return size, elongation, compactness and roughness, each approximately between 0 and 1."""
    width = item.width
    points = [(i % width, i // width) for i, level in enumerate(item.tobytes()) if level]
    mean_x = sum(x for x, _ in points) / pixels
    mean_y = sum(y for _, y in points) / pixels
    xx = sum((x - mean_x) ** 2 for x, _ in points) / pixels
    yy = sum((y - mean_y) ** 2 for _, y in points) / pixels
    xy = sum((x - mean_x) * (y - mean_y) for x, y in points) / pixels
    middle, spread = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    longest, shortest = math.sqrt(middle + spread), math.sqrt(max(middle - spread, 0.01))
    # A filled ellipse with these moments has the area 4π·longest·shortest; a hollow or jagged item has less.
    compactness = pixels / (4 * math.pi * longest * shortest)
    return math.sqrt(pixels) / 60, 1 - shortest / longest, min(1.0, compactness), min(1.0, edges / 64)
