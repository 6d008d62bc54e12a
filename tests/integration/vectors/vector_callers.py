"""The SDK as a vector sees it: a call by the contract's names, and what became of it in a vector's terms."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import inspect
from pathlib import Path
from typing import Any

from vector_matching import difference, request_difference
from vector_playback import Playback

from vectors import file_name
from vision_ai import AsyncVisionAI, Retries, VisionAI
from vision_ai._quirks.task_status import backup_is_over, restore_is_over
from vision_ai.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    VisionAIError,
)

SETTINGS = {"fieldNames": "field_names", "partName": "part_name", "retries": "retries", "timeout": "timeout"}
IS_OVER: dict[str, Any] = {"getBackupStatus": backup_is_over, "getRestoreStatus": restore_is_over}
METHODS = {"startRestoreAlias": "startRestore"}
"""The client has one method for both spellings of the restore's path."""


def client_differences(vector: dict[str, Any], flavour: str, folder: Path) -> list[str]:
    """What the SDK sends or makes of the answers other than the vector says."""
    with Playback(vector["exchanges"]) as playback:
        outcome = outcome_of(vector, playback.url, flavour, folder)
    found = [outcome_difference(vector["expect"], outcome)]
    if len(playback.requests) != len(vector["exchanges"]):
        found.append(f"{len(playback.requests)} requests, not {len(vector['exchanges'])}")
    for exchange, got in zip(vector["exchanges"], playback.requests, strict=False):
        found.append(request_difference(exchange["request"], got))
    return [each for each in found if each]


def outcome_of(vector: dict[str, Any], url: str, flavour: str, folder: Path) -> dict[str, Any]:
    """What a vector's `expect` should say of this call."""
    try:
        result = _called(vector, url, flavour, folder)
    except VisionAIError as error:
        return {"error": _told(error)}
    if isinstance(result, bytes):
        return {"bytes": {"length": len(result), "sha256": hashlib.sha256(result).hexdigest()}}
    outcome = {"result": _as_json(result)}
    if vector["operation"] in IS_OVER:
        outcome["over"] = IS_OVER[vector["operation"]](result)
    return outcome


def outcome_difference(wanted: dict[str, Any], got: dict[str, Any]) -> str:
    """A result may have fields that the contract does not know; all else has to be the same."""
    if wanted.keys() != got.keys():
        return f"{got}, not {wanted}"
    return difference(wanted, got, further_members="result" in wanted)


def _called(vector: dict[str, Any], url: str, flavour: str, folder: Path) -> Any:
    settings = {SETTINGS[name]: value for name, value in vector.get("settings", {}).items()}
    settings["retries"] = Retries(settings.get("retries", 0), pause=0)
    method = file_name(METHODS.get(vector["operation"], vector["operation"]))
    arguments = {
        name: _saved(value, folder) if name == "file" else value
        for name, value in vector["arguments"].items()
    }
    if flavour == "sync":
        with VisionAI(url, **settings) as client:
            return getattr(client, method)(**arguments)

    async def call() -> Any:
        async with AsyncVisionAI(url, **settings) as client:
            answer = getattr(client, method)(**arguments)
            assert inspect.isawaitable(answer)
            return await answer

    return asyncio.run(call())


def _saved(file: dict[str, str], folder: Path) -> Path:
    path = folder / file["name"]
    path.write_bytes(base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode())
    return path


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _told(error: VisionAIError) -> dict[str, Any]:
    if isinstance(error, DeviceError):
        known = error.name != "UNKNOWN"
        return {
            "kind": "device",
            "code": error.code,
            "name": error.name if known else None,
            "category": error.category if known else None,
            "retryable": error.retryable,
        }
    if isinstance(error, InvalidAnswerError):
        return {"kind": "invalid-answer", "status": error.status}
    if isinstance(error, InvalidInputError):
        return {"kind": "input"}
    if isinstance(error, AnswerLostError | AnswerTimeoutError):
        return {"kind": "lost"}
    return {"kind": type(error).__name__, "message": str(error)}
