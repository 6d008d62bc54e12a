"""`act` makes a backup, `destructive` restores it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from vision_ai import BackupState, BackupStatus, RestoreState, RestoreStatus, VisionAI

from ..client import ProbeClient
from ..observations import RestoreTrial, is_unknown_command

JOB_TIMEOUT = 1800.0
"""Seconds that a backup or a restore may take."""
PART_NAMES: tuple[str | None, ...] = ("file", None, "")
"""The contract's name (A4), none as in the vendor's example, and the empty name that form libraries send."""

Status = TypeVar("Status", BackupStatus, RestoreStatus)


def make_backup(client: ProbeClient, folder: Path | None) -> Path | None:
    """Make a backup and download it, into the folder if it is to be kept.

    Returns:
        The file; None where there is none or it was not to be kept.
    """
    left_out = client.observations.left_out
    job = _find_running_job(client)
    if job:
        left_out.append(f"start_backup: the module is busy with {job}")
        return None
    client.report_progress("making a backup")
    client.call(VisionAI.start_backup)
    if client.last.code != 0:
        left_out.append("get_backup_status and download_backup: the module did not start a backup")
        return None
    status = _wait_for_job(client, VisionAI.get_backup_status, BackupState.COMPLETED)
    if status is None or status.status != BackupState.COMPLETED or not status.filename:
        left_out.append("download_backup: the backup was not completed")
        return None
    client.observations.traces.append(
        "The module stores the backup of this run. It replaced an earlier backup on the module."
    )
    client.report_progress("downloading the backup")
    try:
        with TemporaryDirectory() as temporary:
            file = client.call(lambda module: module.save_backup(status.filename, folder or temporary))
    except OSError as error:
        left_out.append(f"download_backup: the file could not be saved ({error})")
        return None
    return file if folder is not None else None


def _find_running_job(client: ProbeClient) -> str:
    backup = client.call(VisionAI.get_backup_status)
    restore = client.call(VisionAI.get_restore_status)
    if backup is not None and not _is_over(backup.status, BackupState.COMPLETED):
        return "a backup"
    if restore is not None and not _is_over(restore.status, RestoreState.COMPLETED):
        return "a restore"
    return ""


def _is_over(status: int, completed: int) -> bool:
    """Apply the vendor's rule (A12)."""
    return status == 0 or status >= completed


def _wait_for_job(client: ProbeClient, query: Callable[[VisionAI], Status], completed: int) -> Status | None:
    """Return the last status of a job; None where the module refuses the query or the job takes too long."""
    deadline = time.monotonic() + JOB_TIMEOUT
    while time.monotonic() < deadline:
        status = client.call(query, may_restart=True)
        if status is None and client.last.is_complete:
            return None
        if status is not None and _is_over(status.status, completed):
            return status
        if status is not None:
            client.report_progress(f"waiting, status {int(status.status)}")
        client.wait()
    return None


def restore_backup(client: ProbeClient, backup: Path) -> None:
    """Restore the backup of this run, with one part name after the other (A3, A4)."""
    observations = client.observations
    warning = (
        "A restore was started, and its end is not known. Restore the backup that was made before it, in the "
        f"folder {backup.parent}"
    )
    observations.traces.append(warning)
    for part_name in PART_NAMES:
        purpose = _describe_part(part_name)
        client.report_progress(f"restoring the backup, {purpose}")
        before = len(observations.exchanges)
        module = client.make_client(part_name=part_name)
        client.call(lambda module: module.start_restore(file=backup), by=module, purpose=purpose)
        uploads = tuple(observations.exchanges[before:])
        accepted = uploads[-1].code == 0
        completed = accepted and _wait_for_restore(client)
        observations.restores.append(RestoreTrial(part_name, uploads, accepted, completed))
        if completed:
            _restore_in_chunks(client, backup, observations.restores[-1])
        if completed or is_unknown_command(uploads[-1]):
            break
    trials, chunked = observations.restores, observations.chunked_restore
    if chunked is not None and (chunked.accepted or not chunked.exchanges[-1].is_complete):
        trials = [chunked]  # a restore whose response was lost may have begun
    is_refused = not any(each.accepted for each in trials) and trials[-1].exchanges[-1].is_complete
    if is_refused or any(each.completed for each in trials):
        observations.traces.remove(warning)


def _restore_in_chunks(client: ProbeClient, backup: Path, known: RestoreTrial) -> None:
    """Restore the backup once more, in chunks and without a length, as some generated clients do."""
    observations = client.observations
    client.report_progress("restoring the backup, in chunks")
    client.restore_in_chunks(
        known.exchanges[-1].target, backup, known.part_name, "in chunks, without a length"
    )
    upload = client.last
    accepted = upload.code == 0
    completed = accepted and _wait_for_restore(client)
    observations.chunked_restore = RestoreTrial(known.part_name, (upload,), accepted, completed)


def _describe_part(part_name: str | None) -> str:
    return "file part without a name" if part_name is None else f"file part named {part_name!r}"


def _wait_for_restore(client: ProbeClient) -> bool:
    """Return whether the restore was completed: with 4, or with a 0 directly after it was in progress (A17)."""
    exchanges = client.observations.exchanges
    before = len(exchanges)
    status = _wait_for_job(client, VisionAI.get_restore_status, RestoreState.COMPLETED)
    if status is None or status.status != RestoreState.IDLE:
        return status is not None and status.status == RestoreState.COMPLETED
    queries = [each for each in exchanges[before:] if each.operation == "get_restore_status"]
    return len(queries) > 1 and queries[-2].is_complete
