"""Asks for a task's status until it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vision_ai_generated import models
from vision_ai_generated.operation import Operation

from .._pipeline.pipeline import Pipeline
from .._runtime.deadline import Deadline
from ..errors import AnswerTimeoutError, DeviceError, TransferError
from ..progress import Phase
from .reporter import Reporter

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
    """Return the status with which the task ended, well or badly."""
    while True:
        left = deadline.left
        if left is not None and left <= poll:
            raise AnswerTimeoutError(
                f"{operation.name}: the module was not done after {deadline.seconds:g} s. "
                "It may still be working."
            )
        await pipeline.runtime.sleep(poll)
        status = await pipeline.within(deadline).call(operation, {})
        reporter.report(phase, status=int(status.status), message=status.msg)
        if is_over(status):
            return status


def describe_end(status: models.BackupStatus | models.RestoreStatus) -> str:
    """Return how a task ended, for a message."""
    number = int(status.status)
    message = f" ({status.msg})" if status.msg else ""
    if number == 0:
        return f"the module has no such task{message}; it may have restarted meanwhile. Start again"
    return f"status {number} {status.status.name}{message}"


def make_transfer_error(summary: str, model: type[Status], error: DeviceError) -> TransferError:
    """Return the error for a status whose own code is the reason; the rest of it may be missing."""
    try:
        status = model.from_dict(error.answer)
    except ValueError:
        status = None
    return TransferError(f"{summary}: {error}", status=status, code=error.code)
