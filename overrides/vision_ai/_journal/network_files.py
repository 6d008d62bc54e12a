"""Whether a file is on another computer: SQLite's write-ahead log needs memory that its processes share."""

from __future__ import annotations

import sys
from pathlib import Path

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
MOUNTS = Path("/proc/self/mounts")


def is_on_network(path: Path) -> bool:
    """Return whether an absolute path is known to be on a network file system."""
    if sys.platform == "win32":
        return str(path).startswith("\\\\")
    best, kind = "", ""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
        text = str(path.resolve())
    except (OSError, RuntimeError):  # no Linux, or a loop of links
        return False
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if len(point) >= len(best) and (text == point or text.startswith(point.rstrip("/") + "/")):
            best, kind = point, fields[2]
    return kind in NETWORK_FILE_SYSTEMS
