"""Errors as data: the page puts them into words, in its own language."""

from __future__ import annotations

from typing import Any

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    TransferError,
    UnreachableError,
    VisionAIError,
)

LOST = (UnreachableError, AnswerTimeoutError, AnswerLostError)
"""What a module that has gone away looks like."""
TOLD = (VisionAIError, OSError)
"""What people are told about; anything else is a defect of the console."""

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidInputError, "input"),
    (UnreachableError, "unreachable"),
    (AnswerTimeoutError, "timeout"),
    (AnswerLostError, "lost"),
    (InvalidAnswerError, "invalid"),
    (TransferError, "transfer"),
    (DeviceError, "device"),
    (OSError, "file"),
)


class Refused(Exception):
    """What the console does not do, and why: one of the page's texts `failure.<kind>`."""

    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.facts = {"kind": kind, **facts}


def as_facts(error: Exception) -> dict[str, Any]:
    """An error as the page tells it: `kind` chooses its words, `detail` is the error's own line (English)."""
    if isinstance(error, Refused):
        return error.facts
    kind = next((kind for cls, kind in _KINDS if isinstance(error, cls)), "unexpected")
    facts: dict[str, Any] = {"kind": kind, "detail": " ".join(str(error).split())}
    if isinstance(error, DeviceError):
        facts |= {
            "code": error.code,
            "name": error.name,
            "category": error.category,
            "meaning": error.meaning,
            "advice": error.advice,
        }
    if isinstance(error, TransferError):
        facts |= {"code": error.code, "said": error.status.msg if error.status else ""}
    return facts
