"""Paths that a command writes to, checked before anything is sent to the module."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from vision_ai_translations import gettext as _

from .failures import usage_failure

OTHER_PICTURE_FORMATS = frozenset(
    {
        ".png",
        ".gif",
        ".bmp",
        ".webp",
        ".tif",
        ".tiff",
        ".avif",
        ".heic",
        ".heif",
        ".jxl",
        ".jp2",
        ".svg",
        ".ico",
        ".pdf",
    }
)


def check_picture_file(file: str | os.PathLike[str]) -> Path:
    """Return the path; raise where no JPEG can be written there, or where its name promises another format."""
    path = check_output_file(file)
    if path.suffix.lower() in OTHER_PICTURE_FORMATS:
        raise usage_failure(
            (path, ": ", _("the module's pictures are JPEGs, not {format}", format=path.suffix[1:].upper())),
            _("Use a file name that ends in {suffix}.", suffix=".jpg"),
        )
    return path


def check_output_file(file: str | os.PathLike[str]) -> Path:
    """Return the path; raise where no file can be written there."""
    path = Path(file)
    if not os.fspath(file) or path.is_dir():
        raise usage_failure(
            _("{file} is not a file", file=repr(os.fspath(file))),
            _("Name the file to write, for example {example}.", example="pan.jpg"),
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    return path
