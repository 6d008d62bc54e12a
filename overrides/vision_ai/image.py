"""The camera's picture, the one response of the module that is not JSON (A10)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, cast

from ._files import save_file
from .errors import InvalidInputError

JPEG = "image/jpeg"
START = b"\xff\xd8\xff"
END = b"\xff\xd9"
TAIL = 1024
"""Bytes at the end in which a JPEG's end mark must stand; some cameras pad behind it."""
HEAD = 2048
"""Bytes in which a camera's JPEG names its size; one with more before it is read whole."""


class Image(bytes):
    """A JPEG picture: its bytes, with width and height; notebooks show it.

    Raises:
        ValueError: the bytes are not a complete JPEG.
    """

    width: int
    """In pixels; 1280 for the module's camera."""
    height: int
    """In pixels; 720 for the module's camera."""

    def __new__(cls, data: bytes | bytearray | memoryview) -> Image:
        image = super().__new__(cls, data)
        if not image.startswith(START):
            raise ValueError("it is not a JPEG picture")
        if END not in image[-TAIL:]:
            raise ValueError("the JPEG picture breaks off before its end")
        image.width, image.height = _read_size(image)
        return image

    @classmethod
    def from_base64(cls, text: str) -> Image:
        """Return the picture in a template's `image` field, as `register_item` returns it."""
        try:
            return cls(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError) as error:
            raise InvalidInputError(f"not a JPEG picture in base64: {error}") from error

    @property
    def data(self) -> bytes:
        """The JPEG file's bytes."""
        return bytes(self)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the picture to a file, complete or not at all; return its path.

        An existing file keeps its mode and owner, and a symbolic link is followed. What is no regular file, such as
        a pipe, is written to as it is.

        Raises:
            OSError: the file cannot be written.
        """
        return save_file(path, self)

    def __repr__(self) -> str:
        return f"<Image {self.width}×{self.height}, {len(self):,} bytes>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (bytes(self),)

    def _repr_jpeg_(self) -> bytes:
        return bytes(self)


def _read_size(image: bytes) -> tuple[int, int]:
    try:
        return _read_size_in(image[:HEAD])
    except ValueError:
        return _read_size_in(bytes(image))


@lru_cache(maxsize=8)  # one camera's pictures begin alike: reading it takes 15 µs, finding it 1 µs
def _read_size_in(data: bytes) -> tuple[int, int]:
    # Imported here: it loads XML for pictures of other kinds, which takes longer than all of this package.
    import imagesize  # pyright: ignore[reportMissingTypeStubs]  # typed, but does not say so

    read_size: Callable[..., tuple[int, int]] = cast(Any, imagesize).get
    try:
        width, height = read_size(BytesIO(data), exif_rotation=False)  # as the calibration area counts
    except Exception as error:  # whatever a broken file makes of it
        raise ValueError("the JPEG picture's size cannot be read") from error
    if width <= 0 or height <= 0:
        raise ValueError("the JPEG picture has no size")
    return int(width), int(height)
