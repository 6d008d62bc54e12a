"""Whether this computer's kernel has a driver."""

from __future__ import annotations

import platform
import re
from pathlib import Path

DRIVER = "rndis_host"
"""The driver for a module's network interface."""
FOLDERS = (
    Path("/run/booted-system/kernel-modules/lib/modules"),  # NixOS
    Path("/lib/modules"),
    Path("/usr/lib/modules"),
)


def is_driver_missing(sysfs: Path, name: str = DRIVER) -> bool:
    """Whether the running kernel neither contains the driver nor can load it.

    False where that is not known, as in a container, which does not have the kernel's files.
    """
    if (sysfs / "module" / name).exists():
        return False
    folder = next(
        (each / platform.release() for each in FOLDERS if (each / platform.release()).is_dir()), None
    )
    if folder is None:
        return False
    lists = [each for each in (folder / "modules.dep", folder / "modules.builtin") if each.is_file()]
    pattern = re.compile(rf"(^|/){name.replace('_', '[_-]')}\.ko(\.\w+)?(:|$)", re.MULTILINE)
    return len(lists) == 2 and not any(
        pattern.search(each.read_text(encoding="utf-8", errors="replace")) for each in lists
    )
