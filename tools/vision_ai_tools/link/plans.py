"""A plan: changes to configuration files that are shown first and then applied, all or none."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from attrs import frozen

from vision_ai_translations import Message

from .errors import FilesError, NotPermittedError
from .file_changes import Change
from .managers import Manager
from .shell_commands import is_root


@frozen
class Plan:
    """The changes of an installation or an uninstallation; `apply` makes them."""

    changes: tuple[Change, ...]
    manager: Manager | None
    """The manager whose file is written; None for an uninstallation."""
    interface: str | None
    warnings: tuple[str, ...] = ()
    """Conflicts with other configuration files."""

    @property
    def unsafe(self) -> tuple[Change, ...]:
        """Changes to files that somebody else wrote or edited."""
        return tuple(each for each in self.changes if not each.is_safe)

    def check_rights(self) -> None:
        """Check that this process may write the files.

        Raises:
            NotPermittedError: this needs root.
            FilesError: the file system is read-only.
        """
        for change in self.changes:
            folder = next(each for each in change.path.parents if each.exists())
            if not os.access(folder, os.W_OK):
                _raise_not_writable(folder)

    def check_owners(self, *, force: bool) -> None:
        """Check that no file is discarded that somebody else wrote or edited, unless `force` is set.

        Raises:
            FilesError: there is one.
        """
        if self.unsafe and not force:
            paths = ", ".join(str(each.path) for each in self.unsafe)
            raise FilesError(
                Message("These files were edited, or another program wrote them: {paths}.", paths=paths),
                Message(
                    "Nothing was changed. Move the files away, or use --force to replace or remove them."
                ),
            )

    def apply(self, *, force: bool = False) -> None:
        """Write and remove the files. All new files are on the disk before the first one is replaced.

        Args:
            force: Also replace or remove files that somebody else wrote or edited.

        Raises:
            FilesError: there are such files and `force` is not set, a file has changed since the plan was
                made, or a file cannot be written. Nothing was changed.
            NotPermittedError: this needs root. Nothing was changed.
        """
        self.check_owners(force=force)
        for change in self.changes:
            if change.is_outdated() or change.path.parent.resolve() != change.path.parent:
                raise FilesError(
                    Message("{path} has just changed.", path=change.path),
                    Message("Nothing was changed here. Make a new plan."),
                )
        self.check_rights()
        new_files = [each for each in self.changes if each.after is not None]
        try:
            for change in new_files:
                change.write_temporary()
        except OSError as error:
            raise FilesError(
                f"{error.filename}: {error.strerror}.", Message("Nothing was changed.")
            ) from error
        else:
            for change in new_files:
                change.temporary_path.replace(change.path)
            for change in self.changes:
                if change.after is None:
                    change.path.unlink()
        finally:
            for change in new_files:
                with suppress(OSError):
                    change.temporary_path.unlink()


def _raise_not_writable(folder: Path) -> NoReturn:
    if not is_root():
        raise NotPermittedError(Message("Writing to {folder} needs root.", folder=folder))
    # Windows' Path has no is_mount().
    mount_point = next(each for each in (folder, *folder.parents) if os.path.ismount(each))
    command = f"mount -o remount,rw {mount_point}"
    raise FilesError(
        Message(
            "{folder} cannot be written: {mount_point} is mounted read-only.",
            folder=folder,
            mount_point=mount_point,
        ),
        Message("Make it writable for now and try again: {command}", command=command),
    )
