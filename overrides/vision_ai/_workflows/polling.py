"""Asks for a task's status until it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vision_ai_generated import models
from vision_ai_generated.operation import Operation

from .._pipeline.pipeline import Pipeline
from .._pipeline.retry import LOST_CALL_ERRORS
from .._runtime.deadline import Deadline
from ..errors import AnswerTimeoutError, DeviceError, InvalidAnswerError, TransferError, VisionAIError
from ..progress import Phase
from .reporter import Reporter

FAILED_SERVER = 500
"""The HTTP status from which a server, and not the module, has failed."""

Status = TypeVar("Status", "models.BackupStatus", "models.RestoreStatus")


async def poll_status(
    pipeline: Pipeline,
    operation: Operation[Status],
    is_over: Callable[[Status], bool],
    poll: float,
    deadline: Deadline,
    reporter: Reporter,
    phase: Phase,
) -> Status:
    """Return the status with which the task ended, well or badly.

    A module that cannot be asked, because its service restarts for example, is asked again until time is up.
    """
    failure: VisionAIError | None = None
    while True:
        left = deadline.left
        if left is not None and left <= poll:
            raise _make_timeout(operation, deadline, failure) from failure
        await pipeline.runtime.sleep(poll)
        try:
            status = await pipeline.within(deadline).call(operation, {})
        except LOST_CALL_ERRORS as error:
            failure = error
        except InvalidAnswerError as error:
            if error.status < FAILED_SERVER:
                raise
            failure = error  # a web server may be up before the module is
        else:
            failure = None
            reporter.report(phase, status=int(status.status), message=status.msg)
            if is_over(status):
                return status
        if failure is not None:
            reporter.report(phase, message=str(failure))


def _make_timeout(
    operation: Operation[Any], deadline: Deadline, failure: VisionAIError | None
) -> AnswerTimeoutError:
    if failure is None:
        return AnswerTimeoutError(
            f"{operation.name}: the module was not done after {deadline.seconds:g} s. It may still be working."
        )
    return AnswerTimeoutError(
        f"{operation.name}: the outcome is unknown after {deadline.seconds:g} s: the module could not be asked at the "
        f"end. It may have finished, failed, or still be working. Last failure: {failure}"
    )


ENDS = {
    "IDLE": "the module has no such task; it may have restarted meanwhile",
    "COMPLETED": "the module named no file",
    "FAILED": "the module could not create the file",
    "RESTORE_FAILED": "the module could not restore the data",
    "VERIFICATION_FAILED": "the module could not verify the data",
}
"""How a task ended without success. The module's own description is in Chinese."""


def describe_end(status: models.BackupStatus | models.RestoreStatus) -> str:
    """Return how a task ended and what to do, for a message."""
    from ..advice import find_transfer_advice  # its table is not needed before an error

    end = ENDS.get(status.status.name, "the module ended it with a status that this version does not know")
    if status.status.name == "IDLE" and isinstance(status, models.RestoreStatus):
        end += ", before or after it was done"
    return f"{end} (status {int(status.status)}). {find_transfer_advice(status).en}"


def make_transfer_error(summary: str, model: type[Status], error: DeviceError) -> TransferError:
    """Return the error for a status whose own code is the reason; the rest of it may be missing."""
    try:
        status = model.from_dict(error.answer)
    except ValueError:
        status = None
    return TransferError(f"{summary}: {error}", status=status, code=error.code)
