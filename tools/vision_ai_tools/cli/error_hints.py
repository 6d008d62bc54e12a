"""What to do about each error: of the SDK, of the module, of this computer's files."""

from __future__ import annotations

from typing import Any

from vision_ai import errors
from vision_ai_generated.api import OPERATIONS

from .failures import UNREACHABLE, USAGE, Failure

BY_CATEGORY = {
    "camera": "Check the camera's cable, then restart the module: vision-ai reboot --wait",
    "command": "This firmware may be older or newer than this program: vision-ai info shows its version.",
    "activation": "Activate the module for its store with the vendor's tool.",
    "update": "Look at the module's own network, and let it fetch its update again.",
    "compatibility": "Use a backup that was made on this module, for this store, with this engine version.",
    "request": "The module does not take the request like this; vision-ai conformance finds out how it does.",
    "file": "Make a new backup, and look at the room left on the module.",
    "network": "Check the terminal's network sharing; it may be lost after a restart.",
    "engine": "Restart the module: vision-ai reboot --wait",
    "internal": "Restart the module: vision-ai reboot --wait",
}
BY_CODE = {
    -6141: "Use a backup of this store. After a reset the module belongs to none: activate it first, "
    "with the vendor's tool.",
}
WRONG_PATH = "Every module knows this command: the path in --url may be wrong."
BY_OPERATION = {
    "commit_registered_item": "See what is in the cache: vision-ai items pending",
    "delete_registered_item": "See what is in the cache: vision-ai items pending",
    "delete_registered_image": "See what is in the cache: vision-ai items pending",
    "result_feedback": "Recognise again, and confirm that: vision-ai recognize --confirm ID",
}
"""What a file that the module does not have, or a request that it does not take, means there."""
UNKNOWN = "Look the number up in the vendor's documents; `vision-ai errors` has those known here."


def of(error: BaseException) -> Failure:
    """The failure that an error is, the error as its cause."""
    failure = _of(error)
    failure.__cause__ = error
    return failure


def _of(error: BaseException) -> Failure:
    told = _with_notes(error)
    match error:
        case errors.DeviceError():
            return _of_device(error)
        case errors.InvalidInputError():
            return Failure(told, "Nothing was sent. Correct it and try again.", status=USAGE, kind="input")
        case errors.UnreachableError():
            return Failure(told, "Find the cause: vision-ai doctor", status=UNREACHABLE, kind="unreachable")
        case errors.AnswerTimeoutError():
            return Failure(told, f"{_repeat(told)} More time: --timeout 60", kind="timeout")
        case errors.AnswerLostError():
            return Failure(told, _repeat(told), kind="lost")
        case errors.InvalidAnswerError():
            return Failure(
                told,
                "Is it a VISION-AI module that answers there? vision-ai doctor",
                kind="answer",
                status_code=error.status,
            )
        case errors.TransferError():
            return Failure(
                _without_advice(told, error), _after_transfer(error), kind="transfer", code=error.code
            )
        case errors.RecordingError():
            return Failure(told, "Record what is missing too: vision-ai record FILE", kind="recording")
        case OSError():
            return Failure(
                _of_file(error), "Check the path, its permissions and the room on the disk.", kind="file"
            )
        case _:
            what = f"this should not have happened: {type(error).__name__}: {error}"
            return Failure(what, "Again with --verbose shows where, for a report.", kind="defect")


def _repeat(told: str) -> str:
    """Whether what the message tells of, "get_calib: …", can be asked again without a thought."""
    operation = OPERATIONS.get(told.partition(":")[0])
    if operation is not None and operation.effect in ("read", "set"):
        return "Try again."
    return "It may have been done: look before you repeat it."


def _of_device(error: errors.DeviceError) -> Failure:
    entry = f"{error.name} ({error.code}): {error.meaning.rstrip('.')}."
    return Failure(
        f"{error.operation}: the module says {entry}",
        for_device(error),
        kind="device",
        code=error.code,
        name=error.name,
        category=error.category or "unknown",
        retryable=error.retryable,
        operation=error.operation,
    )


def for_device(error: errors.DeviceError) -> str:
    """What to do about an error code."""
    if error.category in ("file", "request") and error.operation in BY_OPERATION:
        return BY_OPERATION[error.operation]
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    if error.category == "command" and error.operation == "get_device_info":
        return WRONG_PATH
    mend = BY_CATEGORY.get(error.category, UNKNOWN)
    return f"Try again. If it comes again: {mend[0].lower()}{mend[1:]}" if error.retryable else mend


def _without_advice(told: str, error: errors.TransferError) -> str:
    """The hint below says it too."""
    cause = error.__cause__
    return told.removesuffix(f" {cause.advice}") if isinstance(cause, errors.DeviceError) else told


def _after_transfer(error: errors.TransferError) -> str:
    cause = error.__cause__
    if isinstance(cause, errors.DeviceError):
        return for_device(cause)
    return "Start again when the module is well: vision-ai info"


def _of_file(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return error.strerror or str(error)


def _with_notes(error: BaseException) -> str:
    notes: list[Any] = getattr(error, "__notes__", [])
    return " ".join([str(error), *map(str, notes)])
