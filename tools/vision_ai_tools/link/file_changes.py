"""Planned changes to configuration files, and who wrote the files that exist."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path
from typing import Literal

from attrs import frozen

from vision_ai_translations import Message

from .config_files import is_marked, is_unmodified
from .errors import NotPermittedError

Owner = Literal[
    "nobody", "this program", "this program, changed since", "somebody else", "only root can read it"
]


@frozen
class Change:
    """One file to write or remove."""

    path: Path
    before: str | None
    """The current text; None where the file does not exist."""
    after: str | None
    """The new text; None where the file is removed."""
    mode: int
    owner: Owner
    """Who wrote the current text."""
    link_target: str | None = None
    """What the new symbolic link leads to; None for a file."""

    @property
    def is_safe(self) -> bool:
        """Whether the change discards nothing that somebody wrote by hand."""
        return self.owner in ("nobody", "this program")

    @property
    def temporary_path(self) -> Path:
        """The new text is written here first, under a name that no network manager reads."""
        return self.path.with_name(f".{self.path.name}.new")

    def diff(self) -> str:
        """Format the change as a unified diff."""
        before, after = ((each or "").splitlines(keepends=True) for each in (self.before, self.after))
        path = str(self.path)
        names = ("/dev/null" if self.before is None else path, "/dev/null" if self.after is None else path)
        return "".join(difflib.unified_diff(before, after, *names))

    def is_outdated(self) -> bool:
        """Whether the file is no longer as it was when the change was planned."""
        return self.before != read_existing(self.path)

    def write_temporary(self) -> None:
        """Write the new text to the temporary path, and through to the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.temporary_path.unlink(missing_ok=True)
        if self.link_target is not None:
            self.temporary_path.symlink_to(self.link_target)
            return
        descriptor = os.open(self.temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), self.mode)
            file.write(self.after or "")
            file.flush()
            os.fsync(file.fileno())


def determine_owner(text: str | None) -> Owner:
    """Determine who wrote a file, from its text."""
    if text is None:
        return "nobody"
    if is_unmodified(text):
        return "this program"
    return "this program, changed since" if is_marked(text) else "somebody else"


def determine_file_owner(path: Path) -> Owner:
    """Determine who wrote an existing file."""
    try:
        return determine_owner(read_text(path))
    except NotPermittedError:
        return "only root can read it"


def is_link(path: Path) -> bool:
    """Whether the path is a symbolic link. Links are never followed: they can lead out of an image."""
    return path.is_symlink()


def describe_link(target: str) -> str:
    """Describe a symbolic link, in place of a text."""
    return f"symbolic link to {target}\n"


def read_existing(path: Path) -> str | None:
    """Read a file as `read_text` does; None where it does not exist."""
    return read_text(path) if os.path.lexists(path) else None


def read_text(path: Path) -> str:
    """Read a file. The text of a symbolic link says where it leads to.

    Raises:
        NotPermittedError: only root can read it.
    """
    if is_link(path):
        return describe_link(str(path.readlink()))
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except PermissionError as error:
        raise NotPermittedError(Message("Reading {path} needs root.", path=path)) from error
