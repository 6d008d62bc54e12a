"""The recognition engine: tells items apart by what their pixels look like, from the templates it was taught.

It knows nothing of the kinds that the camera can draw. An item is what is coloured: pan, scale and counter
are as good as grey. Of its pixels the engine keeps how they spread over hues and shades, and the item's size
and shape; all of it stays much the same when the item is moved, turned or lit a little differently.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_ai_emulator.device.persistent_state import Calibration, Features, Product

if TYPE_CHECKING:
    from PIL import Image

MOST_RESULTS = 10

# One pixel for every four by four: enough to see shape and colour, and quick without a numerics library.
_REDUCTION = 4
# Saturation (0 to 255) from which a pixel belongs to an item; steel and shadows stay below.
_COLOURED = 70
# Value (0 to 255) below which the hue is one of chance.
_NOT_BLACK = 25
# Reduced pixels that an item has at least; less is noise or the edge of something outside the area.
_SMALLEST_ITEM = 60
_HUE_BINS = 24
_SHADE_BINS = 6
# Size, elongation, compactness, roughness.
_SHAPE_WEIGHTS = (2.0, 1.2, 2.5, 2.5)
# Shade says less than hue: it is what changes with the light.
_SHADE_WEIGHT = 0.6
_DECIMALS = 5

# At this distance from its nearest template a product is as likely as no known product at all.
_DOUBTFUL = 0.4
# How fast likelihood falls with distance.
_SHARPNESS = 14.0
_LEAST_SCORE = 0.01


def features(picture: bytes, area: Calibration) -> Features | None:
    """What the area of a JPEG looks like, None where no item is in it."""
    from PIL import Image, ImageChops, ImageFilter

    view = _area(picture, area)
    if min(view.size) < _REDUCTION:
        return None
    small = view.reduce(_REDUCTION)
    hue, saturation, value = small.convert("HSV").split()
    # The median removes single pixels that the JPEG coloured.
    item = Image.eval(saturation, lambda level: 255 * (level >= _COLOURED)).filter(
        ImageFilter.MedianFilter(3)
    )
    item = ImageChops.multiply(item, Image.eval(value, lambda level: 255 * (level >= _NOT_BLACK)))
    pixels = item.histogram()[255]
    if pixels < _SMALLEST_ITEM:
        return None
    hues = _spread(hue.histogram(item), _HUE_BINS, pixels, circular=True)
    shades = _spread(value.histogram(item), _SHADE_BINS, pixels, circular=False)
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    shape = _shape(item, pixels, _mean(edges.histogram(item), pixels))
    numbers = (
        *hues,
        *(_SHADE_WEIGHT * share for share in shades),
        *(weight * number for weight, number in zip(_SHAPE_WEIGHTS, shape, strict=True)),
    )
    return tuple(round(number, _DECIMALS) for number in numbers)


def cut(picture: bytes, area: Calibration) -> bytes:
    """The area of a JPEG as a JPEG of its own: the template picture that registering hands back."""
    stream = io.BytesIO()
    _area(picture, area).save(stream, "JPEG", quality=88)
    return stream.getvalue()


def rank(seen: Features, products: Mapping[str, Product]) -> tuple[tuple[str, float], ...]:
    """At most ten products with scores in [0, 1], best first; the scores add up to 1 at most.

    What is missing to 1 is how likely none of the products is what was seen.
    """
    nearest = {
        id: min(math.dist(seen, template.features) for template in product.templates)
        for id, product in products.items()
        if product.templates
    }
    likelihoods = {id: math.exp(_SHARPNESS * (_DOUBTFUL - distance)) for id, distance in nearest.items()}
    whole = 1 + sum(likelihoods.values())
    # Two digits, as in the vendor's examples; always rounded down, or the sum could come out above 1.
    scores = ((id, math.floor(100 * likelihood / whole) / 100) for id, likelihood in likelihoods.items())
    best = sorted(scores, key=lambda item: (-item[1], nearest[item[0]]))
    return tuple((id, score) for id, score in best if score >= _LEAST_SCORE)[:MOST_RESULTS]


def _area(picture: bytes, area: Calibration) -> Image.Image:
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as whole:
        return whole.crop((area.left, area.top, area.left + area.width, area.top + area.height))


def _spread(histogram: list[int], bins: int, pixels: int, *, circular: bool) -> list[float]:
    """The square roots of the shares of `bins` wide bins, which compare like colours do to the eye.

    A pixel between the middles of two bins counts for both in part: a little more light must not throw all
    pixels over an edge at once.
    """
    shares = [0.0] * bins
    for level, count in enumerate(histogram):
        place = (level + 0.5) / 256 * bins - 0.5
        lower = math.floor(place)
        part = place - lower
        for position, amount in ((lower, 1 - part), (lower + 1, part)):
            position = position % bins if circular else max(0, min(bins - 1, position))
            shares[position] += amount * count / pixels
    return [math.sqrt(share) for share in shares]


def _mean(histogram: list[int], pixels: int) -> float:
    return sum(level * count for level, count in enumerate(histogram)) / pixels


def _shape(item: Image.Image, pixels: int, edges: float) -> tuple[float, float, float, float]:
    """Size, elongation, compactness and roughness, each roughly between 0 and 1."""
    width = item.width
    data = item.tobytes()
    places = [(i % width, i // width) for i, level in enumerate(data) if level]
    mean_x = sum(x for x, _ in places) / pixels
    mean_y = sum(y for _, y in places) / pixels
    xx = sum((x - mean_x) ** 2 for x, _ in places) / pixels
    yy = sum((y - mean_y) ** 2 for _, y in places) / pixels
    xy = sum((x - mean_x) * (y - mean_y) for x, y in places) / pixels
    middle, spread = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    longest, shortest = math.sqrt(middle + spread), math.sqrt(max(middle - spread, 0.01))
    # A filled ellipse with these moments has the area 4π·longest·shortest: what is hollow or jagged has less.
    compactness = pixels / (4 * math.pi * longest * shortest)
    return math.sqrt(pixels) / 60, 1 - shortest / longest, min(1.0, compactness), min(1.0, edges / 64)
