"""The camera's picture, the one answer of the module that is no JSON (A10)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, SEEK_SET
from os import PathLike
from pathlib import Path
from typing import Any, cast

from ._files import written_whole
from .errors import InvalidInputError

JPEG = "image/jpeg"
START = b"\xff\xd8\xff"
END = b"\xff\xd9"
TAIL = 1024
"""Bytes at the end in which a JPEG's end mark must stand; some cameras pad behind it."""


class Image(bytes):
    """A JPEG picture: its bytes, which know their width and height and show themselves in notebooks.

    Raises ValueError for bytes that are no whole JPEG.
    """

    width: int
    """In pixels; 1280 for the module's camera."""
    height: int
    """In pixels; 720 for the module's camera."""

    def __new__(cls, data: bytes | memoryview) -> Image:
        # Bytes that are of this class already were received as such, to spare a large picture a copy.
        image = data if isinstance(data, cls) else super().__new__(cls, data)
        if not image.startswith(START):
            raise ValueError("it is no JPEG picture")
        if END not in image[-TAIL:]:
            raise ValueError("the JPEG picture breaks off before its end")
        image.width, image.height = _size(image)
        return image

    @classmethod
    def from_base64(cls, text: str) -> Image:
        """The picture in a template's `image` field, as `register_item` answers it."""
        try:
            return cls(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError) as error:
            raise InvalidInputError(f"not a JPEG picture in base64: {error}") from error

    @property
    def data(self) -> bytes:
        """The JPEG file's bytes."""
        return bytes(self)

    def save(self, path: str | PathLike[str]) -> Path:
        """Writes the picture to a file, which is never there by half; returns its path."""
        target = Path(path)
        with written_whole(target.parent, target.name) as file:
            file.write(self)
        return file.put_in_place(replace=True)

    def __repr__(self) -> str:
        return f"<Image {self.width}×{self.height}, {len(self):,} bytes>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (bytes(self),)

    def _repr_jpeg_(self) -> bytes:
        return bytes(self)


class _Reading:
    """A file's face for bytes, without a copy of them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        start, end = self._at, len(self._data)
        self._at = end if size < 0 else min(start + size, end)
        return self._data[start : self._at]

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        origin = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: len(self._data)}[whence]
        self._at = max(origin + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at


def _size(data: bytes) -> tuple[int, int]:
    # Here, since it loads XML for pictures of other kinds, which takes longer than all of this package.
    import imagesize  # pyright: ignore[reportMissingTypeStubs]  # typed, but does not say so

    read_size: Callable[..., tuple[int, int]] = cast(Any, imagesize).get
    try:
        width, height = read_size(_Reading(data), exif_rotation=False)  # as the calibration area counts
    except Exception as error:  # whatever a broken file makes of it
        raise ValueError("the JPEG picture's size cannot be read") from error
    if width <= 0 or height <= 0:
        raise ValueError("the JPEG picture has no size")
    return int(width), int(height)
