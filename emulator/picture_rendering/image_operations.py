"""Small operations on whole pictures."""

from __future__ import annotations

import random

from PIL import Image

Size = tuple[int, int]


def enlarge(image: Image.Image, size: Size) -> Image.Image:
    """Enlarge `image` smoothly to `size`."""
    whole = (0, 0, image.width, image.height)
    return image.transform(size, Image.Transform.EXTENT, whole, Image.Resampling.BICUBIC)


def reduce(image: Image.Image, size: Size) -> Image.Image:
    """Reduce `image` to fit into `size`."""
    copy = image.copy()
    copy.thumbnail(size, Image.Resampling.LANCZOS)
    return copy


def adjust_levels(image: Image.Image, factor: float, offset: float = 0) -> Image.Image:
    """Multiply every value of a gray image by `factor` and add `offset`, within 0 to 255."""
    return Image.eval(image, lambda value: max(0, min(255, round(value * factor + offset))))


def make_noise(rng: random.Random, cells: Size, size: Size) -> Image.Image:
    """Return seeded gray noise of that many cells, enlarged: few columns or few rows result in streaks."""
    # Pillow's own noise has no seed.
    return enlarge(Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1])), size)
