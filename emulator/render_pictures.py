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

from PIL import Image, ImageChops, ImageStat

from picture_rendering import fruit, vegetables
from picture_rendering.image_operations import reduce
from picture_rendering.scene import render_scene

FOLDER = Path(__file__).parent / "vision_ai_emulator" / "camera" / "pictures"

_WIDTH, _HEIGHT = 1280, 720
# The items fit into a square of this size: they lie on a pan of 336 × 470 pixels.
_ITEM_SIZE = 380
_JPEG_QUALITY = 95
# The mean difference of a channel value: JPEG quality 95 causes 1.1, and decoders differ slightly.
_JPEG_TOLERANCE = 1.5

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

NAMES: tuple[str, ...] = ("pan.jpg", *(f"{kind}.png" for kind in _DRAW))
"""The names of the picture files."""


def render(name: str) -> Image.Image:
    """Render the picture for one of `NAMES`."""
    if name == "pan.jpg":
        return render_scene(_WIDTH, _HEIGHT)
    kind = name.removesuffix(".png")
    picture = reduce(_DRAW[kind](random.Random(kind)), (_ITEM_SIZE, _ITEM_SIZE))
    return picture.crop(picture.getbbox())


def is_current(name: str) -> bool:
    """Whether the shipped picture shows what `render` renders: exactly for PNG, nearly for JPEG."""
    with Image.open(FOLDER / name) as shipped:
        rendered = render(name)
        if (shipped.mode, shipped.size) != (rendered.mode, rendered.size):
            return False
        difference = ImageChops.difference(shipped, rendered)
        return max(ImageStat.Stat(difference).mean) <= (_JPEG_TOLERANCE if name.endswith(".jpg") else 0)


def main() -> int:
    """Write or check all pictures. The exit code is 1 if a check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a shipped picture is not current")
    if parser.parse_args().check:
        outdated = [name for name in NAMES if not is_current(name)]
        for name in outdated:
            print(f"{FOLDER / name} is not current: run python emulator/render_pictures.py")
        return 1 if outdated else 0
    for name in NAMES:
        if name.endswith(".jpg"):
            render(name).save(FOLDER / name, quality=_JPEG_QUALITY, subsampling=0)
        else:
            render(name).save(FOLDER / name, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
