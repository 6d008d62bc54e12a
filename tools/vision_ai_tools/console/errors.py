"""Errors as JSON data. The page turns them into text in its own language."""

from __future__ import annotations

from typing import Any

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    BackupStatus,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    TransferError,
    UnreachableError,
    UnsupportedOperationError,
    VisionAIError,
)
from vision_ai.advice import Advice, find_advice, find_transfer_advice
from vision_ai_translations import LANGUAGES

CONNECTION_ERRORS = (UnreachableError, AnswerTimeoutError, AnswerLostError)
"""Errors after which the module may be gone."""
EXPECTED_ERRORS = (VisionAIError, OSError)
"""Errors that the page shows; any other exception is a defect of the console."""

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidInputError, "input"),
    (UnsupportedOperationError, "unsupported"),
    (UnreachableError, "unreachable"),
    (AnswerTimeoutError, "timeout"),
    (AnswerLostError, "lost"),
    (InvalidAnswerError, "invalid"),
    (TransferError, "transfer"),
    (DeviceError, "device"),
    (OSError, "file"),
)


class ConsoleError(Exception):
    """The console rejects or cannot complete an action. The page's text for it is `failure.<kind>`."""

    def __init__(self, kind: str, **details: object) -> None:
        super().__init__(kind)
        self.data = {"kind": kind, **details}


def describe_error(error: Exception) -> dict[str, Any]:
    """Describe an error for the page: `kind` selects the text, `detail` is the error's message in English."""
    if isinstance(error, ConsoleError):
        return error.data
    kind = next((kind for cls, kind in _KINDS if isinstance(error, cls)), "unexpected")
    data: dict[str, Any] = {"kind": kind, "detail": _format_message(error)}
    if isinstance(error, TransferError):
        data |= _describe_transfer(error)
    elif isinstance(error, DeviceError):
        data |= describe_code(error.code, error.operation, error.api_version)
    return data


def _format_message(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def describe_code(code: int, operation: str = "", api_version: str | None = None) -> dict[str, Any]:
    """Describe an error code of the module, with advice in each language of the page."""
    error = DeviceError.of(code, operation=operation)
    advice = _translate(find_advice(code, operation, api_version))
    return {"code": code, "name": error.name, "meaning": error.meaning, "advice": advice}


def _describe_transfer(error: TransferError) -> dict[str, Any]:
    """The status as a number: the module's own message is always in Chinese."""
    data: dict[str, Any] = {}
    if error.status is not None:
        data["transfer"] = "backup" if isinstance(error.status, BackupStatus) else "restore"
        data["status"] = int(error.status.status)
    if error.code:
        data |= describe_code(error.code)
    return data | {"advice": _translate(find_transfer_advice(error.status, error.code))}


def _translate(advice: Advice) -> dict[str, str]:
    return {language: advice.translate(language) for language in LANGUAGES}
