"""The restore has two spellings (A3): the text gives `/api/start_restore`, its example `/api/restore`. The
contract names the one and, as deprecated, the other; here is how a module says that it does not know one."""

from __future__ import annotations

from typing import Any

from vision_ai_generated import models
from vision_ai_generated.operation import Operation

from .errors import DeviceError, InvalidAnswerError

NO_SUCH_PATH = (404, 405)


def is_unknown_command(error: Exception) -> bool:
    """Whether the module has not carried anything out because it knows no such path."""
    if isinstance(error, DeviceError):
        return error.code == models.ErrorCode.UNKNOWN_COMMAND
    return isinstance(error, InvalidAnswerError) and error.status in NO_SUCH_PATH


def in_turn(operation: Operation[Any], first: str | None) -> list[str]:
    """The paths of an operation, the one that the settings name first."""
    paths = [operation.path, *([operation.alternative_path] if operation.alternative_path else [])]
    return sorted(paths, key=lambda path: path != first)
