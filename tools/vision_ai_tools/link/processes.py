"""Running programs that configure the network of this process."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")
MAX_LENGTH = 15
"""The kernel cuts the names of processes."""


def is_process_running(name: str) -> bool | None:
    """Whether a process with this name uses the network namespace of this process; None if there is none.

    Whose namespace cannot be read, because it belongs to another user, is taken for one that uses it.
    """
    own = _read_namespace("self")
    found = [
        _read_namespace(each.name) for each in PROC.glob("[0-9]*") if _read_name(each) == name[:MAX_LENGTH]
    ]
    return any(each in (own, "") for each in found) if found else None


def _read_name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # it has ended
        return ""


def _read_namespace(process: str) -> str:
    try:
        return str((PROC / process / "ns/net").readlink())
    except OSError:
        return ""
