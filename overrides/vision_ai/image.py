"""The camera's picture, the one response of the module that is not JSON (A10)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

from .errors import InvalidInputError

JPEG = "image/jpeg"
START = b"\xff\xd8\xff"
END = b"\xff\xd9"
PADDING = b"\0\xff \r\n"
"""Bytes that cameras write behind the end."""
HEAD = 2048
"""Bytes in which a camera's JPEG has all segments before its scan."""
TAIL = 1024
"""Bytes of padding at which the end is looked for from behind."""
find_marker: Callable[..., re.Match[bytes] | None] = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search
"""A marker with something behind it, but none within the data of a scan: stuffed zeros, restarts, fill bytes."""
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
START_OF_IMAGE = 0xD8
TEMPORARY = 0x01
"""A marker without a segment."""
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of segments that have the size."""
SEQUENTIAL_FRAMES = (0xC0, 0xC1, 0xC9)
BREAKS_OFF = "the JPEG picture breaks off before its end"


class Image(bytes):
    """A JPEG picture: its bytes, with width and height; notebooks show it.

    A complete JPEG has its end marker (FF D9); bytes may follow it. Without the marker, only decoding could tell
    whether the last rows are there: a picture that lacks it is refused, though it may lack nothing else. Pillow refuses
    it too, unless other bytes stand in the marker's place, and then reads cut pictures as well.

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
        from ._files import save_file  # seldom needed

        return save_file(path, self)

    def __repr__(self) -> str:
        return f"<Image {self.width}×{self.height}, {len(self):,} bytes>"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (bytes(self),)

    def _repr_jpeg_(self) -> bytes:
        return bytes(self)


def _read_size(image: bytes) -> tuple[int, int]:
    """Return the width and height of a complete JPEG."""
    if image[-TAIL:].rstrip(PADDING).endswith(END):
        size = _read_size_before_only_scan(image[:HEAD])
        if size is not None:  # nothing but the scan's data lies between; searching them would take 100 µs
            return size
    return _walk(image, to_only_scan=False)


@lru_cache(maxsize=8)  # one camera's pictures begin alike
def _read_size_before_only_scan(head: bytes) -> tuple[int, int] | None:
    try:
        return _walk(head, to_only_scan=True)
    except ValueError:
        return None


def _walk(image: bytes, *, to_only_scan: bool) -> tuple[int, int]:
    """Walk the segments of a JPEG to its end, or to the only scan, and return its width and height.

    A picture ends with the marker between its segments: a thumbnail within one has another, and padding may follow.
    """
    size: tuple[int, int] | None = None
    frame, components, position, has_scan = 0, 0, len(START) - 1, False
    while found := find_marker(image, position):
        start = found.end()
        marker = image[start - 1]
        if marker == END_OF_IMAGE:
            break
        if marker == START_OF_IMAGE:  # another picture
            raise ValueError(BREAKS_OFF)
        if marker == TEMPORARY:
            position = start
            continue
        length = int.from_bytes(image[start : start + 2])
        position = start + length
        if length < 2 or position > len(image):
            raise ValueError(BREAKS_OFF)
        if marker in FRAMES and length >= 8:
            height, width = (int.from_bytes(image[at : at + 2]) for at in (start + 3, start + 5))
            size, frame, components = (width, height), marker, image[start + 7]
        elif marker == START_OF_SCAN and size is not None:
            has_scan = True
            if to_only_scan and frame in SEQUENTIAL_FRAMES and image[start + 2] == components:
                break
    else:
        raise ValueError(BREAKS_OFF)
    if size is None or not has_scan:
        raise ValueError("the JPEG picture's size cannot be read")
    if 0 in size:
        raise ValueError("the JPEG picture has no size")
    return size
