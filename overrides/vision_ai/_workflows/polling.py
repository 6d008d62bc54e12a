"""Asks for a task's status until it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

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


class TaskEnd(NamedTuple, Generic[Status]):
    """How a task ended."""

    status: Status
    number: int
    """The number of this status."""
    previous: int | None
    """The number before it; None where there was none, or where the module could not be asked in between."""
    was_away: bool
    """Whether the module could not be asked at any time."""


async def poll_status(
    pipeline: Pipeline,
    operation: Operation[Status],
    is_over: Callable[[Status], bool],
    poll: float,
    deadline: Deadline,
    reporter: Reporter,
    phase: Phase,
) -> TaskEnd[Status]:
    """Return the status with which the task ended, well or badly.

    A module that cannot be asked, because its service restarts for example, is asked again until time is up. These are
    the only retries: a retry inside a call would hide that the module was away, and may have forgotten the task.
    """
    pipeline = pipeline.with_options(pipeline.options.with_changes(timeout=None, retries=0))
    failure: VisionAIError | None = None
    previous: int | None = None
    was_away = False
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
            number = int(status.status)
            reporter.report(phase, status=number, message=status.msg)
            if is_over(status):
                return TaskEnd(status, number, previous, was_away)
            previous = number
        if failure is not None:
            previous, was_away = None, True
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
AWAY = f"{ENDS['IDLE']}, before or after it was done"
NOT_SEEN = "the module reports no restore: it did not start, or it ended before the first query"
"""A restore that the module does not know any more (A17)."""


def describe_end(end: TaskEnd[Any]) -> str:
    """Return how a task ended and what to do, for a message."""
    from ..advice import find_transfer_advice  # its table is not needed before an error

    name = end.status.status.name
    text = ENDS.get(name, "the module ended it with a status that this version does not know")
    if name == "IDLE" and isinstance(end.status, models.RestoreStatus):
        text = AWAY if end.was_away else NOT_SEEN
    return f"{text} (status {end.number}). {find_transfer_advice(end.status).text}"


def make_transfer_error(summary: str, model: type[Status], error: DeviceError) -> TransferError:
    """Return the error for a status whose own code is the reason; the rest of it may be missing."""
    try:
        status = model.from_dict(error.answer)
    except ValueError:
        status = None
    return TransferError(f"{summary}: {error}", status=status, code=error.code)
