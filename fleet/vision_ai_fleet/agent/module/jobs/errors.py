"""Why a job fails."""

from __future__ import annotations

from vision_ai import DeviceError, TransferError, VisionAIError
from vision_ai_fleet.errors import FleetError

DEVICE_MISMATCH = -6142
ENGINE_MISMATCH = -6143
EXPLANATIONS = {
    DEVICE_MISMATCH: (
        "this firmware restores a backup only on the module that it was made of",
        "Do not roll this data set out to other scales. Teach their products instead: `teaching_list` says which.",
    ),
    ENGINE_MISMATCH: (
        "the backup was made by another version of the recognition engine",
        "Choose a backup of the same engine, or update the module's firmware first.",
    ),
}


class JobFailedError(FleetError):
    """A job failed. `code` is the module's error code, where it returned one."""

    def __init__(self, message: str, hint: str = "", code: int | None = None) -> None:
        super().__init__(message, hint)
        self.code = code


def make_restore_error(error: VisionAIError) -> JobFailedError:
    """Return the error of a restore that the module refused or that has an unknown outcome."""
    code = error.code if isinstance(error, TransferError | DeviceError) else None
    message, hint = EXPLANATIONS.get(code or 0, (str(error), getattr(error, "advice", "")))
    if code in EXPLANATIONS:
        message = f"{message} ({code})"
    return JobFailedError(message, hint, code or None)
