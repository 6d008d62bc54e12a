"""Call the SDK with the arguments of a vector, and compare the outcome and the requests with the vector."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import inspect
from pathlib import Path
from typing import Any

from vector_matching import find_difference, find_request_difference
from vector_playback import Playback

from vectors import api_of, file_name
from vision_ai import AsyncVisionAI, Profile, Retries, VisionAI
from vision_ai._quirks.task_status import backup_is_over, restore_is_over
from vision_ai.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    VisionAIError,
)

SETTINGS = {
    "api": "api",
    "fieldNames": "field_names",
    "partName": "part_name",
    "retries": "retries",
    "timeout": "timeout",
}
IS_OVER: dict[str, Any] = {"getBackupStatus": backup_is_over, "getRestoreStatus": restore_is_over}
METHODS = {"startRestoreAlias": "startRestore"}
"""The client has one method for both paths of the restore, and a profile that names the first one."""
PROFILES = {"startRestoreAlias": Profile(restore_path="/api/restore")}


def find_client_differences(vector: dict[str, Any], flavor: str, folder: Path) -> list[str]:
    """Run a vector with a client. Each difference is a message."""
    with Playback(vector["exchanges"]) as playback:
        outcome = _outcome_of(vector, playback.url, flavor, folder)
    differences = [_find_outcome_difference(vector["expect"], outcome)]
    if len(playback.requests) != len(vector["exchanges"]):
        differences.append(f"{len(playback.requests)} requests, not {len(vector['exchanges'])}")
    for exchange, got in zip(vector["exchanges"], playback.requests, strict=False):
        differences.append(find_request_difference(exchange["request"], got))
    return [each for each in differences if each]


def _outcome_of(vector: dict[str, Any], url: str, flavor: str, folder: Path) -> dict[str, Any]:
    """Make the call, and return its outcome in the form of `expect`."""
    try:
        result = _call(vector, url, flavor, folder)
    except VisionAIError as error:
        return {"error": _describe_error(error)}
    if isinstance(result, bytes):
        return {"bytes": {"length": len(result), "sha256": hashlib.sha256(result).hexdigest()}}
    outcome = {"result": _as_json(result)}
    if vector["operation"] in IS_OVER:
        outcome["over"] = IS_OVER[vector["operation"]](result)
    return outcome


def _find_outcome_difference(expected: dict[str, Any], got: dict[str, Any]) -> str:
    """Compare two outcomes. A result may have fields that the contract does not have."""
    if expected.keys() != got.keys():
        return f"{got}, not {expected}"
    return find_difference(expected, got, extra_members="result" in expected)


def _call(vector: dict[str, Any], url: str, flavor: str, folder: Path) -> Any:
    settings = {SETTINGS[name]: value for name, value in vector.get("settings", {}).items()}
    settings.setdefault("api", api_of(vector))
    settings["retries"] = Retries(settings.get("retries", 0), pause=0)
    if vector["operation"] in PROFILES:
        settings["profile"] = PROFILES[vector["operation"]]
    method = file_name(METHODS.get(vector["operation"], vector["operation"]))
    arguments = {
        name: _save(value, folder) if name == "file" else value for name, value in vector["arguments"].items()
    }
    if flavor == "sync":
        with VisionAI(url, **settings) as client:
            return getattr(client, method)(**arguments)

    async def call() -> Any:
        async with AsyncVisionAI(url, **settings) as client:
            result = getattr(client, method)(**arguments)
            assert inspect.isawaitable(result)
            return await result

    return asyncio.run(call())


def _save(file: dict[str, str], folder: Path) -> Path:
    path = folder / file["name"]
    path.write_bytes(base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode())
    return path


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _describe_error(error: VisionAIError) -> dict[str, Any]:
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
