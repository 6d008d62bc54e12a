"""The catalog of error codes, from the contract's `x-error-codes` and `x-error-ranges`."""

from collections.abc import Mapping
from typing import NamedTuple


class ErrorEntry(NamedTuple):
    """One error code of the contract."""

    code: int
    name: str
    category: str
    retryable: bool
    """Whether a later retry can succeed."""
    meaning: str


class ErrorRange(NamedTuple):
    """A range of error codes of the contract, including both ends."""

    first: int
    last: int
    name: str
    category: str
    retryable: bool
    meaning: str


ERROR_CODES: Mapping[int, ErrorEntry] = {
    entry.code: entry
    for entry in (
        ErrorEntry(-6103, "CAMERA_LOST", "camera", True, "The module has lost its camera."),
        ErrorEntry(-6117, "UNKNOWN_COMMAND", "command", False, "The module does not know this command."),
        ErrorEntry(-6124, "ALREADY_ACTIVATED", "activation", False, "The module is already activated."),
        ErrorEntry(
            -6126, "STORE_ID_FORMAT_ERROR", "activation", False, "The store number has an invalid format."
        ),
        ErrorEntry(
            -6127, "STORE_VERIFICATION_FAILED", "activation", False, "The server could not verify the store."
        ),
        ErrorEntry(-6128, "NOT_ACTIVATED", "activation", False, "The module is not activated."),
        ErrorEntry(-6130, "DOWNLOAD_NOT_STARTED", "update", False, "No download was started."),
        ErrorEntry(
            -6131, "ALREADY_LATEST_VERSION", "update", False, "The module already has the latest version."
        ),
        ErrorEntry(
            -6132,
            "DOWNLOAD_VERIFICATION_FAILED",
            "update",
            False,
            "The verification of the downloaded file failed.",
        ),
        ErrorEntry(-6133, "DOWNLOAD_FAILED", "update", False, "The download failed."),
        ErrorEntry(
            -6138,
            "FIRMWARE_MISMATCH",
            "compatibility",
            False,
            "The firmware does not match, and the functions of the module are limited.",
        ),
        ErrorEntry(
            -6140,
            "FILE_FORMAT_MISMATCH",
            "compatibility",
            False,
            "The file does not have the expected format.",
        ),
        ErrorEntry(-6141, "STORE_MISMATCH", "compatibility", False, "The store does not match."),
        ErrorEntry(-6142, "DEVICE_MISMATCH", "compatibility", False, "The device does not match."),
        ErrorEntry(
            -6143,
            "ENGINE_VERSION_MISMATCH",
            "compatibility",
            False,
            "The version of the recognition engine does not match.",
        ),
        ErrorEntry(
            -6200,
            "JSON_PARSING_FAILED",
            "request",
            False,
            "The module could not parse the JSON of the request.",
        ),
        ErrorEntry(-6202, "FILE_NOT_FOUND", "file", False, "The file does not exist."),
        ErrorEntry(-6203, "WRITE_FAILED", "file", False, "The module could not write a file."),
        ErrorEntry(
            -6204,
            "WRITE_FAILED_ALTERNATE",
            "file",
            False,
            "The module could not write a file (second code with this meaning).",
        ),
        ErrorEntry(-6207, "NETWORK_ERROR", "network", True, "The module had a network error."),
        ErrorEntry(
            -6209, "ALGORITHM_TIMEOUT", "engine", True, "The recognition engine did not respond in time."
        ),
        ErrorEntry(-6210, "UNKNOWN_ERROR", "internal", False, "The module failed for an unknown reason."),
        ErrorEntry(-6211, "FILE_VERIFICATION_FAILED", "file", False, "The verification of the file failed."),
        ErrorEntry(-6212, "LOGIN_FAILED", "activation", False, "The login failed."),
        ErrorEntry(-6213, "PARAMETER_ERROR", "request", False, "A parameter is missing or invalid."),
        ErrorEntry(-6214, "SYNC_TIMEOUT", "network", True, "The synchronization request timed out."),
        ErrorEntry(-6217, "TEMPLATES_LOCKED", "request", False, "Adding and deleting templates is disabled."),
    )
}

ERROR_RANGES: tuple[ErrorRange, ...] = (
    ErrorRange(
        -6599,
        -6500,
        "ALGORITHM_ERROR",
        "engine",
        False,
        "The recognition engine reported an error. The last two digits are its own error number.",
    ),
)

ERROR_CATEGORIES: tuple[str, ...] = (
    "camera",
    "command",
    "activation",
    "update",
    "compatibility",
    "request",
    "file",
    "network",
    "engine",
    "internal",
)


def find_error(code: int) -> ErrorEntry | None:
    """Return the entry of a code, or one made from its range; None for a code that is not listed."""
    entry = ERROR_CODES.get(code)
    if entry is not None:
        return entry
    for span in ERROR_RANGES:
        if span.first <= code <= span.last:
            return ErrorEntry(code, span.name, span.category, span.retryable, span.meaning)
    return None
