"""Asks for a task's status until it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vision_ai_generated import models
from vision_ai_generated.operation import Operation

from .._pipeline.pipeline import Pipeline
from .._runtime.deadline import Deadline
from ..advice import find_transfer_advice
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
    end = ENDS.get(status.status.name, "the module ended it with a status that this version does not know")
    return f"{end} (status {int(status.status)}). {find_transfer_advice(status).en}"


def make_transfer_error(summary: str, model: type[Status], error: DeviceError) -> TransferError:
    """Return the error for a status whose own code is the reason; the rest of it may be missing."""
    try:
        status = model.from_dict(error.answer)
    except ValueError:
        status = None
    return TransferError(f"{summary}: {error}", status=status, code=error.code)
