"""Making a backup, and downloading it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from vision_ai_generated import api, models

from .._files import PendingFile, check_folder, open_pending, to_local_name
from .._pipeline.arguments import check_arguments
from .._pipeline.hooks import observe_call
from .._pipeline.pipeline import Pipeline
from .._pipeline.response import LONGEST_ERROR, Content, raise_for_error
from .._pipeline.retry import LOST_CALL_ERRORS, RetrySchedule
from .._quirks.task_status import backup_is_over
from .._runtime.deadline import Deadline
from .._transports.base import Response
from .._validation import check_seconds
from ..errors import (
    AnswerLostError,
    DeviceError,
    InvalidAnswerError,
    RecordingError,
    TransferError,
    UnreachableError,
)
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .backup_content import describe_wrong_content
from .polling import describe_end, make_transfer_error, poll_status
from .reporter import Reporter

LARGEST_WRITE = 1024 * 1024
"""Bytes of a download that are received before they are written, at most."""
SMALLEST_WRITE = 64 * 1024
"""And at least, except at the end."""
PRIVATE = 0o600
"""The mode of a backup: it has the store's name and what its module has learned."""
SUFFIX = ".evo"
IS_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}").fullmatch
LONGEST_SERIAL = 40
"""Characters of the serial number in a file's name."""
STEPS = 50
"""How often a download reports progress, within these bounds."""


@unwrap_callback_errors
async def back_up(
    pipeline: Pipeline,
    folder: str | os.PathLike[str],
    poll: float,
    timeout: float,
    progress: ProgressCallback | None,
) -> Path:
    """Start a backup, wait for it, and download it."""
    deadline = Deadline(check_seconds("timeout", timeout))
    check_seconds("poll", poll)
    check_callback(progress)
    target = await pipeline.runtime.run_blocking(check_folder, folder)
    reporter = Reporter(progress)
    await pipeline.within(deadline).call(api.START_BACKUP, {})
    try:
        end = await poll_status(
            pipeline, api.GET_BACKUP_STATUS, backup_is_over, poll, deadline, reporter, "backing up"
        )
    except DeviceError as error:
        raise make_transfer_error("the backup was not made", models.BackupStatus, error) from error
    status = end.status
    if end.number != models.BackupState.COMPLETED or not status.filename:
        raise TransferError(f"the backup was not made: {describe_end(end)}", status=status)
    name = _make_name(await _find_serial_number(pipeline.within(deadline)), status.filename)
    while True:
        try:
            return await _download(pipeline, status.filename, target, name, deadline, reporter)
        except UnreachableError:  # the module's service may be restarting, and the backup is made
            if (deadline.left or 0.0) <= poll:
                raise
        await pipeline.runtime.sleep(poll)


async def _find_serial_number(pipeline: Pipeline) -> str:
    """Return the module's serial number; "" where it does not tell: the backup is made, and matters more."""
    try:
        info = await pipeline.call(api.GET_DEVICE_INFO, {})
    except (DeviceError, InvalidAnswerError, RecordingError, *LOST_CALL_ERRORS):
        return ""
    return info.sn or ""


def _make_name(serial: str, filename: str) -> str:
    """Return a backup's name on this computer: the serial number, the local time, and the module's suffix."""
    try:
        stem = to_local_name(serial[:LONGEST_SERIAL])
    except InvalidAnswerError:
        stem = "backup"
    suffix = Path(to_local_name(filename)).suffix
    if not IS_SUFFIX(suffix):
        suffix = SUFFIX
    return f"{stem}-{time.strftime('%Y%m%d-%H%M%S')}{suffix}"


@unwrap_callback_errors
async def save_backup(
    pipeline: Pipeline,
    filename: str,
    folder: str | os.PathLike[str],
    timeout: float,
    progress: ProgressCallback | None,
) -> Path:
    """Download a backup that the module has."""
    deadline = Deadline(check_seconds("timeout", timeout))
    check_callback(progress)
    check_arguments(api.DOWNLOAD_BACKUP, {"filename": filename})
    target = await pipeline.runtime.run_blocking(check_folder, folder)
    name = to_local_name(filename)
    return await _download(pipeline, filename, target, name, deadline, Reporter(progress))


async def _download(
    pipeline: Pipeline, filename: str, folder: Path, name: str, deadline: Deadline, reporter: Reporter
) -> Path:
    """Save one of the module's files in a folder; it has its name only when it is complete."""
    operation, options = api.DOWNLOAD_BACKUP, pipeline.options
    values = check_arguments(operation, {"filename": filename})

    async def attempt(attempt_deadline: Deadline) -> Path:
        run_blocking = pipeline.runtime.run_blocking
        with open_pending(folder, name, mode=PRIVATE) as file:
            await _receive_file(pipeline, values, attempt_deadline, reporter, file)
            await run_blocking(file.finish)
            return await run_blocking(partial(file.put_in_place, replace=False))

    schedule = RetrySchedule(operation, options.retries, deadline, stall=options.timeout, share_time=False)
    state = pipeline.state
    with observe_call(operation, values, options.on_call, state.call_log, state.journal) as observer:
        return await pipeline.repeat(schedule, attempt, observer)


async def _receive_file(
    pipeline: Pipeline,
    values: Mapping[str, object],
    deadline: Deadline,
    reporter: Reporter,
    file: PendingFile,
) -> None:
    run_blocking = pipeline.runtime.run_blocking
    done = 0
    async with pipeline.open_response(api.DOWNLOAD_BACKUP, values, deadline) as response:
        total = response.length
        size = LARGEST_WRITE if total is None else min(max(total // STEPS, SMALLEST_WRITE), LARGEST_WRITE)
        buffer = memoryview(bytearray(size))
        while count := await _fill(response, buffer):
            if not done:
                _check_beginning(response, buffer[:count])
            done += count
            reporter.report("downloading", done=done, total=total)
            await run_blocking(file.write, buffer[:count])
            if done == total:
                # Meanwhile more may arrive than was announced: the last read raises then.
                await run_blocking(file.sync)
        if not done:
            _check_beginning(response, buffer[:0])
        if total is not None and done < total:
            raise AnswerLostError(f"{api.DOWNLOAD_BACKUP.name}: only {done:,} of {total:,} bytes came")


async def _fill(response: Response, buffer: memoryview) -> int:
    """Receive until the buffer is full or the body ends."""
    done = 0
    while done < len(buffer) and (count := await response.read_into(buffer[done:])):
        done += count
        if response.length is not None and count == response.length:
            break
    return done


def _check_beginning(response: Response, start: memoryview) -> None:
    """Raise for a download that is an error or cannot be a backup; `start` is all of it where it is short."""
    content = bytes(start[: LONGEST_ERROR + 1])
    if len(content) <= LONGEST_ERROR or not 200 <= response.status < 300:
        raise_for_error(api.DOWNLOAD_BACKUP, Content(response.status, response.content_type, content))
    reason = describe_wrong_content(content, len(start))
    if reason is not None:
        raise InvalidAnswerError(
            f"{api.DOWNLOAD_BACKUP.name}: what the module sent is not a backup: {reason}. It was not saved.",
            content=content,
            status=response.status,
        )
