"""The two paths of a restore (A3): the vendor's text gives `/api/start_restore`, its example `/api/restore`.

The contract has both, the second deprecated. This module knows how the module reports that it does not know a path.
"""

from __future__ import annotations

from typing import Any

from vision_ai_generated import models
from vision_ai_generated.operation import Operation

from ..errors import DeviceError, InvalidAnswerError

NO_SUCH_PATH = (404, 405)


def is_unknown_command(error: Exception) -> bool:
    """Whether the module did nothing because it does not know the path."""
    if isinstance(error, DeviceError):
        return error.code == models.ErrorCode.UNKNOWN_COMMAND
    return isinstance(error, InvalidAnswerError) and error.status in NO_SUCH_PATH


def order_paths(operation: Operation[Any], first: str | None) -> list[str]:
    """Return an operation's paths, the one that the options name first."""
    paths = [operation.path, *([operation.alternative_path] if operation.alternative_path else [])]
    return sorted(paths, key=lambda path: path != first)
