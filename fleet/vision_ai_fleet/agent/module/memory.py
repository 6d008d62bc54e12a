"""What the agent must still know of its module after a restart, in a JSON file."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

DEVICE, API, BACKUP, CALIBRATION = "device", "api", "backup", "calibration"
"""What is kept: the last device information and version of the API, the last backup, and the calibration area that was
set last, which V2 does not return."""


class ModuleMemory:
    """A few values by their names, for any thread. One that cannot be written is kept until the end of the program.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _read(path)
        self._lock = threading.Lock()

    def get(self, name: str) -> Any:
        """Return a value; None where there is none."""
        return self._values.get(name)

    def get_object(self, name: str) -> dict[str, Any]:
        """Return a value that is a JSON object; an empty one where there is none."""
        value: object = self._values.get(name)
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def set(self, name: str, value: Any) -> None:
        """Keep a value, given in JSON's types."""
        with self._lock:
            if self._values.get(name) == value:
                return
            self._values[name] = value
            new = self._path.with_name(f".{self._path.name}.new")
            with suppress(OSError):  # a full disk: it is asked for again after a restart
                new.write_text(json.dumps(self._values, ensure_ascii=False), encoding="utf-8")
                new.replace(self._path)


def _read(path: Path) -> dict[str, Any]:
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", values) if isinstance(values, dict) else {}
