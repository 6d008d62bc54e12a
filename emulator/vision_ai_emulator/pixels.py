"""Small operations on whole pictures that the painters share."""

from __future__ import annotations

import random

from PIL import Image

Size = tuple[int, int]


def stretched(image: Image.Image, size: Size) -> Image.Image:
    """`image` enlarged to `size`, smoothly."""
    whole = (0, 0, image.width, image.height)
    return image.transform(size, Image.Transform.EXTENT, whole, Image.Resampling.BICUBIC)


def reduced(image: Image.Image, size: Size) -> Image.Image:
    """`image` made smaller, to fit into `size`."""
    copy = image.copy()
    copy.thumbnail(size, Image.Resampling.LANCZOS)
    return copy


def scaled(image: Image.Image, factor: float, offset: float = 0) -> Image.Image:
    """Every value of a grey image times `factor` plus `offset`, kept within 0 to 255."""
    return Image.eval(image, lambda value: max(0, min(255, round(value * factor + offset))))


def noise(rng: random.Random, cells: Size, size: Size) -> Image.Image:
    """Seeded grey noise of so many cells across and down, enlarged: few of one kind give streaks."""
    # Pillow's own noise cannot be seeded.
    return stretched(Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1])), size)
