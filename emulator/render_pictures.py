"""Render the pictures that the emulator ships, in `vision_ai_emulator/camera/pictures`.

`python emulator/render_pictures.py` writes them. With `--check` it writes nothing and fails if a shipped
picture differs from the rendered one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

from picture_rendering import fruit, vegetables
from picture_rendering.image_operations import reduce
from picture_rendering.scene import render_scene

FOLDER = Path(__file__).parent / "vision_ai_emulator" / "camera" / "pictures"

_WIDTH, _HEIGHT = 1280, 720
# The items fit into a square of this size: they lie on a pan of 336 × 470 pixels.
_ITEM_SIZE = 380
# The pan is almost gray: a lower resolution of its colors loses nothing.
_JPEG_OPTIONS: dict[str, Any] = {"quality": 92, "subsampling": "4:2:0"}
# Pixels that are transparent keep their colors, so that the check can be exact.
_WEBP_OPTIONS: dict[str, Any] = {"lossless": True, "method": 6, "exact": True}
# The largest accepted mean difference of a channel. The JPEG compression causes 1.4; mathematical functions
# and decoders differ slightly between platforms.
_TOLERANCES = {"RGB": 1.7, "RGBA": 0.1}

_DRAW: Mapping[str, Callable[[random.Random], Image.Image]] = {
    "apple": fruit.draw_apple,
    "aubergine": vegetables.draw_aubergine,
    "banana": fruit.draw_banana,
    "broccoli": vegetables.draw_broccoli,
    "carrot": vegetables.draw_carrot,
    "cucumber": vegetables.draw_cucumber,
    "grapes": fruit.draw_grapes,
    "lemon": fruit.draw_lemon,
    "orange": fruit.draw_orange,
    "pear": fruit.draw_pear,
    "potato": vegetables.draw_potato,
    "tomato": vegetables.draw_tomato,
}

NAMES: tuple[str, ...] = ("pan.jpg", *(f"{kind}.webp" for kind in _DRAW))
"""The names of the picture files."""


def render(name: str) -> Image.Image:
    """Render the picture for one of `NAMES`."""
    if name == "pan.jpg":
        return render_scene(_WIDTH, _HEIGHT)
    kind = name.removesuffix(".webp")
    picture = reduce(_DRAW[kind](random.Random(kind)), (_ITEM_SIZE, _ITEM_SIZE))
    return picture.crop(picture.getbbox())


def is_equal(shipped: Image.Image, rendered: Image.Image) -> bool:
    """Whether two pictures are equal within a small tolerance."""
    if (shipped.mode, shipped.size) != (rendered.mode, rendered.size):
        return False
    difference = ImageStat.Stat(ImageChops.difference(shipped, rendered))
    return max(difference.mean) <= _TOLERANCES[shipped.mode]


def main() -> int:
    """Write or check all pictures. The exit code is 1 if a check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a shipped picture is outdated")
    if parser.parse_args().check:
        outdated = [name for name in NAMES if not is_equal(Image.open(FOLDER / name), render(name))]
        for name in outdated:
            print(f"{FOLDER / name} is outdated: run make produce")
        return 1 if outdated else 0
    for name in NAMES:
        render(name).save(FOLDER / name, **(_JPEG_OPTIONS if name.endswith(".jpg") else _WEBP_OPTIONS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
