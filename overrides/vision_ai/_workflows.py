"""What people do with a module, made of several calls each. Written once for both clients."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation

from ._answer import LARGEST_ERROR, Answer, raise_for_error
from ._check import checked
from ._core import LOST, Core
from ._deadline import Deadline
from ._files import PendingFile, name_inside, writable_folder, written_whole
from ._progress import (
    Phase,
    Progress,
    ProgressCallback,
    callback_errors_as_they_are,
    checked_callback,
    told,
)
from ._settings import Retries, positive_seconds, shown, whole_number
from ._status import backup_is_over, restore_is_over
from ._wire import Incoming
from .errors import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    TransferError,
    UnreachableError,
    VisionAIError,
)

Status = TypeVar("Status", "models.BackupStatus", "models.RestoreStatus")

BUFFER = 1024 * 1024
"""Bytes of a download that are received, at the most, before they are written."""
LEAST = 64 * 1024
"""And at the least, but at the end."""
STEPS = 50
"""In which a download tells of its progress, where these bounds let it."""
QUESTION_TIMEOUT = 5.0
"""Seconds that a module which may be restarting gets for an answer."""
SETTLED = 10.0
"""Seconds of answers after which a module that was told to restart counts as restarted, though nobody saw
it gone."""


class Reporter:
    """Tells a callback, if there is one."""

    def __init__(self, callback: ProgressCallback | None) -> None:
        self.callback = callback
        self.clock = Deadline(None)

    def __call__(self, phase: Phase, **facts: Any) -> None:
        if self.callback is not None:
            told(self.callback, Progress(phase, elapsed=self.clock.elapsed, **facts))


async def confirm(core: Core, result: models.RecognitionResult, item_id: str, name: str) -> None:
    if not isinstance(cast(object, result), models.RecognitionResult):
        raise InvalidInputError(f"confirm: result must be what get_result gave, not {shown(result)}")
    in_top = any(item.id == item_id for item in result.items)
    arguments = {"sid": result.sid, "id": item_id, "name": name, "intop": in_top}
    await core.call(api.RESULT_FEEDBACK, arguments)


@callback_errors_as_they_are
async def learn(
    core: Core, item_id: str, name: str, pictures: int, progress: ProgressCallback | None
) -> list[models.RegisteredImage]:
    whole_number("pictures", pictures, 1)
    checked_callback(progress)
    report = Reporter(progress)
    product = {"id": item_id, "name": name}
    checked(api.REGISTER_ITEM, product)
    taken: list[models.RegisteredImage] = []
    try:
        for done in range(pictures):
            report("learning", done=done, total=pictures)
            taken.append(await core.call(api.REGISTER_ITEM, product))
        report("learning", done=pictures, total=pictures)
    except BaseException as error:  # Ctrl-C and cancellation too
        await _forget(core, item_id, taken, error)
        raise
    await core.call(api.COMMIT_REGISTERED_ITEM, {"id": item_id})
    return taken


async def _forget(
    core: Core, item_id: str, taken: list[models.RegisteredImage], because: BaseException
) -> None:
    """Half a lesson must not be committed with the next one: its pictures go from the cache again."""
    for picture in taken:
        names = {"id": item_id, "image_id": picture.image_id}
        try:
            async with core.wire.shield():
                await core.call(api.DELETE_REGISTERED_IMAGE, names)
        except VisionAIError as error:
            because.add_note(f"picture {picture.image_id} of {item_id!r} is still in the cache: {error}")


@callback_errors_as_they_are
async def backup(
    core: Core,
    folder: str | os.PathLike[str],
    poll: float,
    timeout: float,
    progress: ProgressCallback | None,
) -> Path:
    until = Deadline(positive_seconds("timeout", timeout))
    positive_seconds("poll", poll)
    checked_callback(progress)
    target = await core.wire.work(writable_folder, folder)
    report = Reporter(progress)
    await core.within(until).call(api.START_BACKUP, {})
    try:
        status = await _watched(
            core,
            api.GET_BACKUP_STATUS,
            backup_is_over,
            poll,
            until,
            partial(_told, report, "backing up"),
        )
    except DeviceError as error:
        raise _refused("the backup was not made", models.BackupStatus, error) from error
    if status.status != models.BackupState.COMPLETED or not status.filename:
        raise TransferError(f"the backup was not made: {_ended(status)}", status=status)
    return await download(core, status.filename, target, until, report)


@callback_errors_as_they_are
async def restore(
    core: Core, file: object, poll: float, timeout: float, progress: ProgressCallback | None
) -> None:
    until = Deadline(positive_seconds("timeout", timeout))
    positive_seconds("poll", poll)
    checked_callback(progress)
    report = Reporter(progress)

    def sent(done: int, total: int) -> None:
        report("uploading", done=done, total=total)

    await core.upload(api.START_RESTORE, {"file": file}, until, sent)
    try:
        status = await _watched(
            core,
            api.GET_RESTORE_STATUS,
            restore_is_over,
            poll,
            until,
            partial(_told, report, "restoring"),
        )
    except DeviceError as error:
        raise _refused("the restore failed", models.RestoreStatus, error) from error
    if status.status != models.RestoreState.COMPLETED:
        raise TransferError(f"the restore failed: {_ended(status)}", status=status)


async def _watched(
    core: Core,
    question: Operation[Status],
    is_over: Callable[[Status], bool],
    poll: float,
    until: Deadline,
    told: Callable[[Status], None],
) -> Status:
    """Asks for a status until it says that the work is over, one way or another."""
    while True:
        left = until.left
        if left is not None and left <= poll:
            raise AnswerTimeoutError(
                f"{question.name}: the module was not done after {until.seconds:g} s. It may still be at it."
            )
        await core.wire.sleep(poll)
        status = await core.within(until).call(question, {})
        told(status)
        if is_over(status):
            return status


def _told(report: Reporter, phase: Phase, status: models.BackupStatus | models.RestoreStatus) -> None:
    report(phase, status=int(status.status), message=status.msg)


def _ended(status: models.BackupStatus | models.RestoreStatus) -> str:
    number = int(status.status)
    told = f" ({status.msg})" if status.msg else ""
    if number == 0:
        return f"the module knows of no such task{told}; it may have restarted meanwhile. Start again"
    return f"status {number} {status.status.name}{told}"


def _refused(what: str, model: type[Status], error: DeviceError) -> TransferError:
    """A status whose own code is the reason; the rest of it may be there or not."""
    try:
        status = model.from_dict(error.answer)
    except ValueError:
        status = None
    return TransferError(f"{what}: {error}", status=status, code=error.code)


@callback_errors_as_they_are
async def save_backup(
    core: Core,
    filename: str,
    folder: str | os.PathLike[str],
    timeout: float,
    progress: ProgressCallback | None,
) -> Path:
    until = Deadline(positive_seconds("timeout", timeout))
    checked_callback(progress)
    checked(api.DOWNLOAD_BACKUP, {"filename": filename})
    target = await core.wire.work(writable_folder, folder)
    return await download(core, filename, target, until, Reporter(progress))


async def download(core: Core, filename: str, folder: Path, until: Deadline, report: Reporter) -> Path:
    """A backup file of the module's, streamed to a folder; whole under its name or not there."""
    name = name_inside(filename)
    values = checked(api.DOWNLOAD_BACKUP, {"filename": filename})

    async def once(try_until: Deadline) -> Path:
        with written_whole(folder, name) as file:
            await _received(core, values, try_until, report, file)
            await core.wire.work(file.finish)
            return await core.wire.work(file.put_in_place, replace=False)

    return await core.attempts(api.DOWNLOAD_BACKUP, until, once, shared=False)


async def _received(
    core: Core, values: Mapping[str, object], until: Deadline, report: Reporter, file: PendingFile
) -> None:
    operation = api.DOWNLOAD_BACKUP
    done = 0
    async with core.received(operation, values, until) as incoming:
        total = incoming.length
        size = BUFFER if total is None else min(max(total // STEPS, LEAST), BUFFER)
        buffer = memoryview(bytearray(size))
        while count := await incoming.read(buffer):
            if not done:
                _refuse_errors(incoming, buffer[:count])
            done += count
            report("downloading", done=done, total=total)
            await core.wire.work(file.write, buffer[:count])
            if done == total:
                # Meanwhile more may come than was announced: the last read tells.
                await core.wire.work(file.sync)
        if not done:
            _refuse_errors(incoming, buffer[:0])
        if total is not None and done < total:
            raise AnswerLostError(f"{operation.name}: only {done:,} of {total:,} bytes came")


def _refuse_errors(incoming: Incoming, start: memoryview) -> None:
    """A download can be the envelope of an error; a file is too long for one or does not begin like one."""
    content = bytes(start[: LARGEST_ERROR + 1])
    if len(content) <= LARGEST_ERROR or not 200 <= incoming.status < 300:
        answer = Answer(incoming.status, incoming.content_type, content)
        raise_for_error(api.DOWNLOAD_BACKUP, answer)


async def restart(core: Core, operation: Operation[None]) -> None:
    """An operation after which the module goes away, perhaps before its answer has left (A13)."""
    try:
        await core.call(operation, {})
    except (AnswerLostError, AnswerTimeoutError) as error:
        core.state.restarting = True
        error.add_note("Ask wait_until_ready() and get_device_info() whether it did.")
        raise
    core.state.restarting = True


@callback_errors_as_they_are
async def wait_until_ready(
    core: Core,
    poll: float,
    timeout: float,
    progress: ProgressCallback | None,
) -> models.DeviceInfo:
    until = Deadline(positive_seconds("timeout", timeout))
    positive_seconds("poll", poll)
    checked_callback(progress)
    report = Reporter(progress)
    seen_gone = not core.state.restarting
    settled = Deadline(SETTLED)
    while True:
        left = until.left or 0.0
        failure: VisionAIError | None = None
        try:
            patience = max(min(QUESTION_TIMEOUT, left), 0.001)
            once = core.with_settings(timeout=patience, retries=Retries(count=0))
            info = await once.call(api.GET_DEVICE_INFO, {})
            if seen_gone or settled.over:
                core.state.restarting = False
                return info
        except LOST as error:
            failure = error
            seen_gone = seen_gone or error.__cause__ is not None  # not where this client itself was busy
        except (DeviceError, InvalidAnswerError) as error:  # a web server may be up before the module is
            failure = error
        report("waiting", message=str(failure) if failure else "")
        if (until.left or 0.0) <= poll:
            why = (
                f"The last thing that happened: {failure}" if failure else "It has not gone down to restart."
            )
            raise UnreachableError(f"the module was not ready within {timeout:g} s. {why}") from failure
        await core.wire.sleep(poll)
