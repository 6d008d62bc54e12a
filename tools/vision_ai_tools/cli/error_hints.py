"""What each error means to the user, and what to do about it. The advice depends on the error code."""

from __future__ import annotations

from typing import Any

from vision_ai import errors
from vision_ai_generated.api import OPERATIONS

from .failures import INTERRUPTED, UNREACHABLE, USAGE, Failure, missing_extra_failure

_RESTART = "Restart the module: vision-ai reboot --wait"
_UPDATE = "Check the module's own network connection, then start the update again."
_FULL = "The module's storage may be full or damaged. Restart the module: vision-ai reboot --wait"
_FORMAT = "This firmware may expect another request format. Find out which: vision-ai conformance"
ADVICE: dict[int, str] = {
    -6103: "Check the camera's cable, then restart the module: vision-ai reboot --wait",
    -6117: "The firmware may be older or newer than this program. See its version: vision-ai info",
    -6124: "Nothing to do. To assign the module to another store, use the vendor's tool.",
    -6126: "Correct the store number in the vendor's tool.",
    -6127: "Check the store number and the module's network connection, then activate the module again.",
    -6128: "Activate the module for its store with the vendor's tool.",
    -6130: "Start the download first, with the vendor's tool.",
    -6131: "Nothing to do: the module is up to date.",
    -6132: _UPDATE,
    -6133: _UPDATE,
    -6138: "Update the module's firmware with the vendor's tool.",
    -6140: "Use a backup that a module made: vision-ai backup",
    -6141: "Use a backup of the same store. After a reset the module has no store: activate it first, "
    "with the vendor's tool.",
    -6142: "Use a backup of the same module.",
    -6143: "Use a backup that was made with the same engine version: vision-ai info",
    -6200: _FORMAT,
    -6202: "Check the name of the file.",
    -6203: _FULL,
    -6204: _FULL,
    -6207: "Check network sharing on this computer: a restart can switch it off.",
    -6209: _RESTART,
    -6210: _RESTART,
    -6211: "Make a new backup: vision-ai backup",
    -6212: "Check the login in the vendor's tool.",
    -6213: _FORMAT,
    -6214: "Check the network connection between this module and the main scale.",
}
ENGINE_ADVICE = _RESTART
"""For the range of error codes of the recognition engine."""
UNKNOWN_ADVICE = "Look up the number in the vendor's documents. The codes known here: vision-ai errors"
WRONG_PATH_ADVICE = "Every module knows this command: the path in --url may be wrong."

_SEE_CACHE = "See what is in the cache: vision-ai items pending"
_NOT_FOUND = (-6202, -6213)
ADVICE_FOR_OPERATION: dict[str, str] = {
    "commit_registered_item": _SEE_CACHE,
    "delete_registered_item": _SEE_CACHE,
    "delete_registered_image": _SEE_CACHE,
    "result_feedback": "Recognize the product again and confirm it: vision-ai recognize --confirm ID",
}
"""What to do when one of these does not find what it is called for."""


def describe_error(error: BaseException) -> Failure:
    """Make a failure of any error, with the error as its cause."""
    if isinstance(error, KeyboardInterrupt):
        return Failure("interrupted", status=INTERRUPTED, kind="interrupted")
    if isinstance(error, ModuleNotFoundError):
        return missing_extra_failure("", "cli", error.name)
    failure = _describe(error)
    failure.__cause__ = error
    return failure


def _describe(error: BaseException) -> Failure:
    message = _join_notes(error)
    match error:
        case errors.DeviceError():
            return _describe_device_error(error)
        case errors.InvalidInputError():
            return Failure(
                message, "Nothing was sent. Correct the value and try again.", status=USAGE, kind="input"
            )
        case errors.UnreachableError():
            return Failure(
                message, "Find the cause: vision-ai doctor", status=UNREACHABLE, kind="unreachable"
            )
        case errors.AnswerTimeoutError():
            return Failure(message, f"{_advise_retry(message)} Allow more time: --timeout 60", kind="timeout")
        case errors.AnswerLostError():
            return Failure(message, _advise_retry(message), kind="lost")
        case errors.InvalidAnswerError():
            return Failure(
                message,
                "Check that a VISION-AI module responds at this address: vision-ai doctor",
                kind="answer",
                status_code=error.status,
            )
        case errors.TransferError():
            return Failure(
                _remove_advice(message, error),
                _advise_after_transfer(error),
                kind="transfer",
                code=error.code,
            )
        case errors.RecordingError():
            return Failure(
                message, "Make a recording that contains this call: vision-ai record FILE", kind="recording"
            )
        case OSError():
            return Failure(
                _describe_file_error(error),
                "Check the path, its permissions and the free disk space.",
                kind="file",
            )
        case _:
            return Failure(
                f"unexpected error in this program: {type(error).__name__}: {error}",
                "Run the command again with --verbose and report its output.",
                kind="defect",
            )


def _advise_retry(message: str) -> str:
    """Advise on a call whose outcome is unknown. The message starts with its operation: "get_calib: …"."""
    operation = OPERATIONS.get(message.partition(":")[0])
    if operation is not None and operation.effect in ("read", "set"):
        return "Try again."
    return "The module may have carried out the call: check before you repeat it."


def _describe_device_error(error: errors.DeviceError) -> Failure:
    meaning = f"{error.name} ({error.code}): {error.meaning.rstrip('.')}."
    return Failure(
        f"{error.operation}: the module returned {meaning}",
        get_advice(error),
        kind="device",
        code=error.code,
        name=error.name,
        category=error.category or "unknown",
        retryable=error.retryable,
        operation=error.operation,
    )


def get_advice(error: errors.DeviceError) -> str:
    """Return what to do about an error code."""
    if error.code in _NOT_FOUND and error.operation in ADVICE_FOR_OPERATION:
        return ADVICE_FOR_OPERATION[error.operation]
    if error.code == -6117 and error.operation == "get_device_info":
        return WRONG_PATH_ADVICE
    advice = ADVICE.get(error.code, ENGINE_ADVICE if error.category == "engine" else UNKNOWN_ADVICE)
    if not error.retryable:
        return advice
    return f"Try again. If the error returns: {advice[0].lower()}{advice[1:]}"


def _remove_advice(message: str, error: errors.TransferError) -> str:
    """Remove the SDK's advice from a message: the hint below it has advice of its own."""
    cause = error.__cause__
    return message.removesuffix(f" {cause.advice}") if isinstance(cause, errors.DeviceError) else message


def _advise_after_transfer(error: errors.TransferError) -> str:
    cause = error.__cause__
    if isinstance(cause, errors.DeviceError):
        return get_advice(cause)
    return "Check that the module responds (vision-ai info), then start again."


def _describe_file_error(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return error.strerror or str(error)


def _join_notes(error: BaseException) -> str:
    notes: list[Any] = getattr(error, "__notes__", [])
    return " ".join([str(error), *map(str, notes)])
