"""Uploading a backup, and waiting until the module has applied it."""

from __future__ import annotations

from vision_ai_generated import api, models

from .._pipeline.pipeline import Pipeline
from .._quirks.restore_path import is_unknown_command
from .._quirks.task_status import restore_is_over, restore_succeeded
from .._runtime.deadline import Deadline
from .._transports.upload import Upload
from .._validation import check_seconds
from ..errors import DeviceError, InvalidAnswerError, InvalidInputError, TransferError
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .backup_content import describe_wrong_file
from .polling import describe_end, make_transfer_error, poll_status
from .reporter import Reporter

FIRMWARE = "_firmware_"
"""In the name of a file that upgrades the module, as `SX_B1109_firmware_9.9.5.7.evo`. The module then restarts."""


@unwrap_callback_errors
async def restore(
    pipeline: Pipeline, file: object, poll: float, timeout: float, progress: ProgressCallback | None
) -> None:
    """Send the file, and ask for the restore's status until it is over."""
    deadline = Deadline(check_seconds("timeout", timeout))
    check_seconds("poll", poll)
    check_callback(progress)
    reporter = Reporter(progress)

    def report_sent(done: int, total: int) -> None:
        reporter.report("uploading", done=done, total=total)

    def check(upload: Upload) -> None:
        nonlocal is_firmware
        _refuse_wrong_file(upload)
        is_firmware = FIRMWARE in upload.name

    is_firmware = False
    await pipeline.upload(api.START_RESTORE, {"file": file}, deadline, report_sent, check)
    try:
        end = await poll_status(
            pipeline, api.GET_RESTORE_STATUS, restore_is_over, poll, deadline, reporter, "restoring"
        )
    except (DeviceError, InvalidAnswerError) as error:
        if is_unknown_command(error) and await pipeline.find_version(api.GET_RESTORE_STATUS.name) == "v2":
            return  # the file was an upgrade, and the module restarted with it
        if isinstance(error, InvalidAnswerError):
            raise
        raise make_transfer_error("the restore failed", models.RestoreStatus, error) from error
    if not restore_succeeded(end.number, end.previous):
        raise TransferError(f"the restore failed: {describe_end(end)}", status=end.status)
    if is_firmware:
        pipeline.state.restarting = True


def _refuse_wrong_file(upload: Upload) -> None:
    reason = describe_wrong_file(upload.file, upload.start)
    if reason is not None:
        raise InvalidInputError(f"{upload.name} is not a backup: {reason}. Nothing was sent.")
