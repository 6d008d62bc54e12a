"""Paths in the root folder of a system, which may be the mounted image of another computer."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from vision_ai_translations import Message

from .errors import FilesError

MAX_LINKS = 40
"""The kernel gives up after as many symbolic links."""


def resolve_folder(root: Path, folder: PurePosixPath, *, links: int = 0) -> Path:
    """Resolve the symbolic links of a folder as the system itself would.

    An absolute link starts at the root folder, and no link leads out of it: what lies beyond belongs to the
    computer on which this program runs.

    Raises:
        FilesError: a link leads to something that does not exist below the root folder.
    """
    top = root.resolve()
    current = top
    for part in folder.parts:
        if part == "/":
            continue
        if part == "..":
            current = current.parent if current != top else top
        elif (current / part).is_symlink():
            link = current / part
            target = PurePosixPath(current.relative_to(top)) / link.readlink()
            current = resolve_folder(root, target, links=links + 1) if links < MAX_LINKS else top
            if links >= MAX_LINKS or not current.exists():
                raise FilesError(
                    Message(
                        "The symbolic link {link} leads out of {root}, or nowhere.", link=link, root=root
                    ),
                    Message("Nothing was changed. Replace the link with a folder."),
                )
        else:
            current /= part
    return current


def resolve_path(root: Path, path: PurePosixPath) -> Path:
    """Resolve the symbolic links in a file's folder, but not the file itself.

    Raises:
        FilesError: a link leads to something that does not exist below the root folder.
    """
    return resolve_folder(root, path.parent) / path.name


def list_files(root: Path, folder: str, pattern: str) -> list[Path]:
    """List the entries of a folder that match the pattern; none where the system has no such folder."""
    try:
        return sorted(resolve_folder(root, PurePosixPath(folder)).glob(pattern))
    except FilesError:
        return []


def has_file(root: Path, path: str) -> bool:
    """Whether the system has this file. A link counts, even if it is dangling in an image."""
    try:
        return os.path.lexists(resolve_path(root, PurePosixPath(path)))
    except FilesError:
        return False
