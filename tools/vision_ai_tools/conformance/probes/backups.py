"""`act` and `destructive`: a backup is made, and put back; and what is done only when it is named."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from vision_ai import BackupStatus, RestoreStatus, VisionAI, VisionAIError

from ..client import Asker, Say, Stopped
from ..observations import RestoreTry, is_unknown

JOB_SECONDS = 1800.0
"""The longest that a backup or a restore is waited for."""
PART_NAMES: tuple[str | None, ...] = ("file", None, "")
"""The contract's (A4), that of the vendor's example (none at all), and what form libraries make of none."""
COMPLETED_BACKUP = 3
COMPLETED_RESTORE = 4

Status = TypeVar("Status", BackupStatus, RestoreStatus)


def back_up(asker: Asker, say: Say, folder: Path | None) -> Path | None:
    """A backup is made and downloaded, into a folder if it is to be kept.

    Returns:
        The file; None where there is none, or where it was not to be kept.
    """
    running = _running(asker)
    if running:
        asker.seen.left_out.append(f"start_backup: the module is busy with {running}")
        return None
    say("making a backup")
    asker.ask(VisionAI.start_backup)
    if asker.last.code != 0:
        asker.seen.left_out.append("get_backup_status and download_backup: no backup could be started")
        return None
    status = _until_over(asker, VisionAI.get_backup_status, COMPLETED_BACKUP, say)
    if status is None or int(status.status) != COMPLETED_BACKUP or not status.filename:
        asker.seen.left_out.append("download_backup: the backup was not completed")
        return None
    asker.seen.traces.append(
        "The module holds the backup that was made here, in the place of an earlier one."
    )
    say("downloading the backup")
    try:
        with TemporaryDirectory() as passing:
            file = asker.ask(lambda module: module.save_backup(status.filename, folder or passing))
    except OSError as error:
        asker.seen.left_out.append(f"download_backup: the file could not be saved ({error})")
        return None
    return file if folder is not None else None


def _running(asker: Asker) -> str:
    backup = asker.ask(VisionAI.get_backup_status)
    restore = asker.ask(VisionAI.get_restore_status)
    if backup is not None and not _over(int(backup.status), COMPLETED_BACKUP):
        return "a backup"
    if restore is not None and not _over(int(restore.status), COMPLETED_RESTORE):
        return "a restore"
    return ""


def _over(status: int, completed: int) -> bool:
    """The vendor's rule (A12)."""
    return status == 0 or status >= completed


def _until_over(
    asker: Asker, question: Callable[[VisionAI], Status], completed: int, say: Say
) -> Status | None:
    """The last status of a job; None where the module refuses the question or the job takes too long."""
    until = time.monotonic() + JOB_SECONDS
    while time.monotonic() < until:
        status = asker.ask(question, may_restart=True)
        if status is None and asker.last.whole:
            return None
        if status is not None and _over(int(status.status), completed):
            return status
        if status is not None:
            say(f"waiting, status {int(status.status)} {status.msg}".rstrip())
        asker.wait()
    return None


def restore_own_backup(asker: Asker, say: Say, backup: Path) -> None:
    """The backup that was made just now is put back (A3, A4)."""
    warning = (
        "A restore was begun, and is not known to be complete: restore the backup that was made before it, "
        f"in the folder {backup.parent}"
    )
    asker.seen.traces.append(warning)
    for part_name in PART_NAMES:
        say(f"restoring the backup, {_called(part_name)}")
        before = len(asker.seen.exchanges)
        by = asker.client(part_name=part_name)
        asker.ask(lambda module: module.start_restore(file=backup), by=by, purpose=_called(part_name))
        uploads = tuple(asker.seen.exchanges[before:])
        accepted = uploads[-1].code == 0
        completed = accepted and _completes(asker, say)
        asker.seen.restores.append(RestoreTry(part_name, uploads, accepted, completed))
        if completed or is_unknown(uploads[-1]):
            break
    tries = asker.seen.restores
    if any(each.completed for each in tries) or not any(each.accepted for each in tries):
        asker.seen.traces.remove(warning)


def _called(part_name: str | None) -> str:
    return "file part without a name" if part_name is None else f"file part named {part_name!r}"


def _completes(asker: Asker, say: Say) -> bool:
    status = _until_over(asker, VisionAI.get_restore_status, COMPLETED_RESTORE, say)
    return status is not None and int(status.status) == COMPLETED_RESTORE


def restart(asker: Asker, say: Say) -> None:
    """Asked for by name: the module restarts."""
    say("restarting the module")
    module = asker.client()
    asker.ask(lambda _: module.reboot(), by=module, may_restart=True)
    asker.forget_losses()
    try:
        module.wait_until_ready(poll=asker.poll)
    except VisionAIError as error:
        raise Stopped("broken_off", f"it did not come back: {error}") from error


def reset(asker: Asker, say: Say) -> None:
    """Asked for by name, and the last thing: factory settings (A13). Nothing brings the store's association
    back."""
    say("resetting the module to its factory settings")
    asker.seen.traces.append(
        "The module was reset to its factory settings: activate it for its store, then restore a backup."
    )
    asker.ask(VisionAI.reset_device, may_restart=True)
    asker.forget_losses()
    asker.ask(VisionAI.get_device_info, may_restart=True)
    while not asker.last.whole:
        asker.wait()
        asker.ask(VisionAI.get_device_info, may_restart=True)
