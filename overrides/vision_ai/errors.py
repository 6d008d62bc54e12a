"""The SDK's exceptions. Everything that it raises of its own is a `VisionAIError`.

    VisionAIError
    ├── InvalidInputError     an argument is not possible; nothing was sent (also a ValueError)
    ├── UnreachableError      the request did not reach the module; safe to repeat
    ├── AnswerTimeoutError    no response in time; it may have been applied (also a TimeoutError)
    ├── AnswerLostError       the response did not come complete; it may have been applied
    ├── InvalidAnswerError    the response is not in the protocol; keeps the bytes
    ├── TransferError         a backup or restore failed on the module; keeps the status
    ├── RecordingError        a recording does not contain the request; nothing was sent
    └── DeviceError           the module returned an error: code, name, meaning, retryable

Files of this computer raise what Python raises for them: `FileNotFoundError`, `PermissionError` and so on.
"""

from __future__ import annotations

from typing import Any, ClassVar

from vision_ai_generated import models
from vision_ai_generated.error_codes import find_error

__all__ = [
    "ActivationError",
    "AnswerLostError",
    "AnswerTimeoutError",
    "CameraError",
    "CommandError",
    "CompatibilityError",
    "DeviceError",
    "EngineError",
    "FileError",
    "InternalError",
    "InvalidAnswerError",
    "InvalidInputError",
    "NetworkError",
    "RecordingError",
    "RequestError",
    "TransferError",
    "UnreachableError",
    "UnsupportedOperationError",
    "UpdateError",
    "VisionAIError",
]


def _rebuild(cls: type[VisionAIError], args: tuple[Any, ...], state: dict[str, Any]) -> VisionAIError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class VisionAIError(Exception):
    """The root of all errors of this SDK."""

    leftovers: tuple[str, ...] | None = None
    """Of a failed `learn`: the numbers of the pictures (V1) or templates (V2) that it left on the module; empty where
    it left nothing, None where that is not known. None for all other calls."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Without calling __init__, whose parameters differ from class to class.
        return _rebuild, (type(self), self.args, self.__dict__)


class InvalidInputError(VisionAIError, ValueError):
    """An argument that cannot be right. Nothing was sent."""


class UnsupportedOperationError(VisionAIError):
    """The module's version of the API does not have the operation, or its form there is not known. Nothing was sent.

    `operation` is the method that was called, `api_version` the version ("v1" or "v2").
    """

    def __init__(self, message: str, *, operation: str, api_version: str) -> None:
        super().__init__(message)
        self.operation = operation
        self.api_version = api_version


class RecordingError(VisionAIError):
    """A recording does not contain the request. Nothing was sent."""


class UnreachableError(VisionAIError):
    """The request did not reach the module: no connection, or the client was busy. Safe to repeat."""


class AnswerTimeoutError(VisionAIError, TimeoutError):
    """The module did not respond in time. The request may have arrived, and may have been carried out."""


class AnswerLostError(VisionAIError):
    """The request was sent, its response did not come complete. It may have been carried out."""


class InvalidAnswerError(VisionAIError):
    """The response is not in the protocol. `content` has its bytes, `status` the HTTP status."""

    def __init__(self, message: str, *, content: bytes = b"", status: int = 200) -> None:
        super().__init__(message)
        self.content = content
        self.status = status


class TransferError(VisionAIError):
    """A backup or a restore that the module ended without success.

    `status` is the last status: `.status` the number, `.msg` the module's own description in Chinese; None where the
    module sent none. `code` is the error code that came with it, 0 for none.
    """

    def __init__(
        self, message: str, *, status: models.BackupStatus | models.RestoreStatus | None = None, code: int = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        from .advice import find_transfer_advice  # its table is not needed before an error

        self.advice: str = find_transfer_advice(status, code).text
        """What to do next."""


class DeviceError(VisionAIError):
    """The module returned an error code.

    The subclass names the category. `DeviceError.of(code)` makes the right one.
    """

    category: ClassVar[str] = ""

    def __init__(
        self, code: int, *, operation: str = "", answer: Any = None, api_version: str | None = None
    ) -> None:
        entry = find_error(code)
        self.code = code
        """The number, as the module sent it."""
        self.name: str = entry.name if entry else "UNKNOWN"
        """The contract's name of the code, `UNKNOWN` for one that it does not list."""
        self.meaning: str = entry.meaning if entry else "a code that this version does not know"
        self.retryable: bool = entry.retryable if entry else False
        """Whether the same request can succeed later without any other action."""
        self.operation = operation
        """The method that was called, as `get_result`."""
        self.api_version = api_version
        """The version of the API that the module speaks, "v1" or "v2"; None if it is not known."""
        from .advice import find_advice  # its table is not needed before an error

        self.advice: str = find_advice(code, operation, api_version).text
        """What to do next. It depends on the code and the operation. `vision_ai.advice` has it in three languages."""
        self.answer = answer
        """The whole response, as far as it could be read."""
        description = f"{self.name} ({code}): {self.meaning.rstrip('.')}."
        super().__init__(
            " ".join(part for part in (operation and f"{operation}:", description, self.advice) if part)
        )

    @staticmethod
    def of(
        code: int, *, operation: str = "", answer: Any = None, api_version: str | None = None
    ) -> DeviceError:
        """Return the error for a code, of the subclass for its category."""
        entry = find_error(code)
        cls = _BY_CATEGORY.get(entry.category, DeviceError) if entry else DeviceError
        return cls(code, operation=operation, answer=answer, api_version=api_version)


class CameraError(DeviceError):
    """The module has lost its camera."""

    category = "camera"


class CommandError(DeviceError):
    """The module does not know the command."""

    category = "command"


class ActivationError(DeviceError):
    """The module's activation for a store is missing or wrong."""

    category = "activation"


class UpdateError(DeviceError):
    """A download of firmware or models failed."""

    category = "update"


class CompatibilityError(DeviceError):
    """Something does not match the module: its store, the device, the engine's version or the firmware (A23)."""

    category = "compatibility"


class RequestError(DeviceError):
    """The module does not accept the request as it is."""

    category = "request"


class FileError(DeviceError):
    """A file on the module is missing, broken, or cannot be written."""

    category = "file"


class NetworkError(DeviceError):
    """The module could not reach something over its own network."""

    category = "network"


class EngineError(DeviceError):
    """The recognition engine failed or took too long."""

    category = "engine"


class InternalError(DeviceError):
    """An error inside the module without a better code."""

    category = "internal"


_BY_CATEGORY: dict[str, type[DeviceError]] = {cls.category: cls for cls in DeviceError.__subclasses__()}
