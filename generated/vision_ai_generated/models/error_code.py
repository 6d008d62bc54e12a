from enum import IntEnum
from typing import Any

from ..types import unknown_member


class ErrorCode(IntEnum):
    """The errors that the vendor lists. This schema is only a catalog: `code` in a response is a plain
    integer, because firmware may add values, and because -6599 to -6500 is a range of errors of the
    recognition engine. Some codes belong to calls that are not documented (activation, update,
    synchronization). Categories and the range are in `x-error-codes` and `x-error-ranges` at the root.

    CAMERA_LOST: The module has lost its camera.
    UPDATE_FAILED: The update failed.
    UNKNOWN_COMMAND: The module does not know this command.
    ALREADY_ACTIVATED: The module is already activated.
    STORE_ID_FORMAT_ERROR: The store number has an invalid format.
    STORE_VERIFICATION_FAILED: The server could not verify the store.
    NOT_ACTIVATED: The module is not activated.
    DOWNLOAD_NOT_STARTED: No download was started.
    ALREADY_LATEST_VERSION: The module already has the latest version.
    DOWNLOAD_VERIFICATION_FAILED: The verification of the downloaded file failed.
    DOWNLOAD_FAILED: The download failed.
    RESET_REFUSED_DURING_UPDATE: The module refuses a reset during an update.
    UPDATE_UNKNOWN_ERROR: The update failed for an unknown reason.
    FIRMWARE_MISMATCH: The firmware does not match, and the functions of the module are limited.
    FILE_FORMAT_MISMATCH: The file does not have the expected format.
    STORE_MISMATCH: The store does not match.
    DEVICE_MISMATCH: The device does not match.
    ENGINE_VERSION_MISMATCH: The version of the recognition engine does not match.
    APPLICATION_UPDATE_FAILED: The update of the module's application failed.
    JSON_PARSING_FAILED: The module could not parse the JSON of the request.
    FILE_NOT_FOUND: The file does not exist.
    WRITE_FAILED: The module could not write a file.
    WRITE_FAILED_ALTERNATE: The module could not write a file (second code with this meaning).
    NETWORK_ERROR: The module had a network error.
    ALGORITHM_TIMEOUT: The recognition engine did not respond in time.
    UNKNOWN_ERROR: The module failed for an unknown reason.
    FILE_VERIFICATION_FAILED: The verification of the file failed.
    LOGIN_FAILED: The login failed.
    PARAMETER_ERROR: A parameter is missing or invalid.
    SYNC_TIMEOUT: The synchronization request timed out.
    TEMPLATE_CHANGES_DISABLED: Adding and deleting templates is disabled.

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    CAMERA_LOST = -6103
    UPDATE_FAILED = -6109
    UNKNOWN_COMMAND = -6117
    ALREADY_ACTIVATED = -6124
    STORE_ID_FORMAT_ERROR = -6126
    STORE_VERIFICATION_FAILED = -6127
    NOT_ACTIVATED = -6128
    DOWNLOAD_NOT_STARTED = -6130
    ALREADY_LATEST_VERSION = -6131
    DOWNLOAD_VERIFICATION_FAILED = -6132
    DOWNLOAD_FAILED = -6133
    RESET_REFUSED_DURING_UPDATE = -6134
    UPDATE_UNKNOWN_ERROR = -6137
    FIRMWARE_MISMATCH = -6138
    FILE_FORMAT_MISMATCH = -6140
    STORE_MISMATCH = -6141
    DEVICE_MISMATCH = -6142
    ENGINE_VERSION_MISMATCH = -6143
    APPLICATION_UPDATE_FAILED = -6144
    JSON_PARSING_FAILED = -6200
    FILE_NOT_FOUND = -6202
    WRITE_FAILED = -6203
    WRITE_FAILED_ALTERNATE = -6204
    NETWORK_ERROR = -6207
    ALGORITHM_TIMEOUT = -6209
    UNKNOWN_ERROR = -6210
    FILE_VERIFICATION_FAILED = -6211
    LOGIN_FAILED = -6212
    PARAMETER_ERROR = -6213
    SYNC_TIMEOUT = -6214
    TEMPLATE_CHANGES_DISABLED = -6217

    @classmethod
    def _missing_(cls, value: Any) -> "ErrorCode | None":
        return unknown_member(cls, int, value)

    def __str__(self) -> str:
        return str(self.value)
