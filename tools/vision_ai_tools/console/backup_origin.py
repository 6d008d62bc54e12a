"""Which module a backup is of: a small file beside it says so, and its name where there is none.

The vendor does not describe the format of a backup, so the file itself does not tell.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from vision_ai import DeviceInfo
from vision_ai.files import open_pending

from .safe_json import decode_object

FIELDS = ("sn", "engine", "firmware")
MAX_BYTES = 4096
"""Of the file with the origin; a longer one is not ours."""
_find_serial_number = re.compile(r"(.+)-\d{8}-\d{6}(?:-\d+)?\.\w+").fullmatch
"""The names that `VisionAI.backup` gives: serial number, date and time."""


def make_origin_path(file: Path) -> Path:
    """The path of the file with the origin. Its name begins with a dot, so that it is no backup of the list."""
    return file.with_name(f".{file.name}.json")


def save_origin(file: Path, info: DeviceInfo) -> None:
    """Note beside a backup which module it is of.

    Raises:
        OSError: it cannot be written.
    """
    origin = {name: getattr(info, name) for name in FIELDS} | {"size": file.stat().st_size}
    target = make_origin_path(file)
    with open_pending(target.parent, target.name, mode=0o600) as pending:
        pending.write(json.dumps(origin).encode())
    pending.put_in_place(replace=True)


def find_origin(file: Path, size: int) -> dict[str, Any]:
    """Find the serial number, and the versions of engine and firmware where they are known.

    A note about a file of another size is about a file that was replaced.
    """
    origin = _read_origin(make_origin_path(file))
    if origin.get("size") == size:
        return {name: origin[name] for name in FIELDS if isinstance(origin.get(name), str)}
    match = _find_serial_number(file.name)
    return {"sn": match[1]} if match else {}


def _read_origin(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return decode_object(file.read(MAX_BYTES)) or {}
    except OSError:
        return {}
