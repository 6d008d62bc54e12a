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
    versions: tuple[str, ...]
    """The versions of the API that have it, such as `v1`."""


class ErrorRange(NamedTuple):
    """A range of error codes of the contract, including both ends."""

    first: int
    last: int
    name: str
    category: str
    retryable: bool
    meaning: str
    versions: tuple[str, ...]


ERROR_CODES: Mapping[int, ErrorEntry] = {
    entry.code: entry
    for entry in (
        ErrorEntry(-6103, "CAMERA_LOST", "camera", True, "The module has lost its camera.", ("v1", "v2")),
        ErrorEntry(-6109, "UPDATE_FAILED", "update", False, "The update failed.", ("v2",)),
        ErrorEntry(
            -6117, "UNKNOWN_COMMAND", "command", False, "The module does not know this command.", ("v1", "v2")
        ),
        ErrorEntry(
            -6124, "ALREADY_ACTIVATED", "activation", False, "The module is already activated.", ("v1", "v2")
        ),
        ErrorEntry(
            -6126,
            "STORE_ID_FORMAT_ERROR",
            "activation",
            False,
            "The store number has an invalid format.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6127,
            "STORE_VERIFICATION_FAILED",
            "activation",
            False,
            "The server could not verify the store.",
            ("v1", "v2"),
        ),
        ErrorEntry(-6128, "NOT_ACTIVATED", "activation", False, "The module is not activated.", ("v1", "v2")),
        ErrorEntry(-6130, "DOWNLOAD_NOT_STARTED", "update", False, "No download was started.", ("v1", "v2")),
        ErrorEntry(
            -6131,
            "ALREADY_LATEST_VERSION",
            "update",
            False,
            "The module already has the latest version.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6132,
            "DOWNLOAD_VERIFICATION_FAILED",
            "update",
            False,
            "The verification of the downloaded file failed.",
            ("v1", "v2"),
        ),
        ErrorEntry(-6133, "DOWNLOAD_FAILED", "update", False, "The download failed.", ("v1", "v2")),
        ErrorEntry(
            -6134,
            "RESET_REFUSED_DURING_UPDATE",
            "update",
            True,
            "The module refuses a reset during an update.",
            ("v2",),
        ),
        ErrorEntry(
            -6137,
            "UPDATE_UNKNOWN_ERROR",
            "update",
            False,
            "The update failed for an unknown reason.",
            ("v2",),
        ),
        ErrorEntry(
            -6138,
            "FIRMWARE_MISMATCH",
            "compatibility",
            False,
            "The firmware does not match, and the functions of the module are limited.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6140,
            "FILE_FORMAT_MISMATCH",
            "compatibility",
            False,
            "The file does not have the expected format.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6141, "STORE_MISMATCH", "compatibility", False, "The store does not match.", ("v1", "v2")
        ),
        ErrorEntry(
            -6142, "DEVICE_MISMATCH", "compatibility", False, "The device does not match.", ("v1", "v2")
        ),
        ErrorEntry(
            -6143,
            "ENGINE_VERSION_MISMATCH",
            "compatibility",
            False,
            "The version of the recognition engine does not match.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6144,
            "APPLICATION_UPDATE_FAILED",
            "update",
            False,
            "The update of the module's application failed.",
            ("v2",),
        ),
        ErrorEntry(
            -6200,
            "JSON_PARSING_FAILED",
            "request",
            False,
            "The module could not parse the JSON of the request.",
            ("v1", "v2"),
        ),
        ErrorEntry(-6202, "FILE_NOT_FOUND", "file", False, "The file does not exist.", ("v1", "v2")),
        ErrorEntry(-6203, "WRITE_FAILED", "file", False, "The module could not write a file.", ("v1", "v2")),
        ErrorEntry(
            -6204,
            "WRITE_FAILED_ALTERNATE",
            "file",
            False,
            "The module could not write a file (second code with this meaning).",
            ("v1", "v2"),
        ),
        ErrorEntry(-6207, "NETWORK_ERROR", "network", True, "The module had a network error.", ("v1", "v2")),
        ErrorEntry(
            -6209,
            "ALGORITHM_TIMEOUT",
            "engine",
            True,
            "The recognition engine did not respond in time.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6210,
            "UNKNOWN_ERROR",
            "internal",
            False,
            "The module failed for an unknown reason.",
            ("v1", "v2"),
        ),
        ErrorEntry(
            -6211,
            "FILE_VERIFICATION_FAILED",
            "file",
            False,
            "The verification of the file failed.",
            ("v1", "v2"),
        ),
        ErrorEntry(-6212, "LOGIN_FAILED", "activation", False, "The login failed.", ("v1", "v2")),
        ErrorEntry(
            -6213, "PARAMETER_ERROR", "request", False, "A parameter is missing or invalid.", ("v1", "v2")
        ),
        ErrorEntry(
            -6214, "SYNC_TIMEOUT", "network", True, "The synchronization request timed out.", ("v1", "v2")
        ),
        ErrorEntry(
            -6217,
            "TEMPLATE_CHANGES_DISABLED",
            "request",
            False,
            "Adding and deleting templates is disabled.",
            ("v2",),
        ),
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
        ("v1", "v2"),
    ),
)

ERROR_CATEGORIES: tuple[str, ...] = (
    "camera",
    "update",
    "command",
    "activation",
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
            return ErrorEntry(code, span.name, span.category, span.retryable, span.meaning, span.versions)
    return None
