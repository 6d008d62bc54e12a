"""The kernel's switch for forwarding packets between interfaces, net.ipv4.ip_forward."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from vision_ai_translations import Message

from ..errors import LinkError
from ..root_folder import list_files

FILE = Path("/proc/sys/net/ipv4/ip_forward")
TAG_FILE = Path("/proc/sys/net/ipv4/conf/lo/tag")
"""A number that the kernel keeps for whoever wants it, until a restart. Unlike our rules, nobody flushes it."""
TAG = "7080"
FOLDERS = ("etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d")
SETTING = re.compile(
    r"^\s*-?net[./]ipv4[./](?:ip_forward|conf[./]all[./]forwarding)\s*=\s*1\s*$", re.MULTILINE
)


def is_on() -> bool:
    """Whether the kernel forwards packets in the network namespace of this process."""
    return FILE.read_text(encoding="ascii").strip() == "1"


def is_switched_on_by_us() -> bool:
    """Whether this program switched forwarding on since the last start, even if its rules are gone."""
    try:
        return TAG_FILE.read_text(encoding="ascii").strip() == TAG
    except OSError:
        return False


def switch(*, on: bool) -> None:
    """Switch forwarding on or off until a restart.

    Raises:
        LinkError: the kernel's settings cannot be changed here.
    """
    try:
        FILE.write_text("1" if on else "0", encoding="ascii")
    except OSError as error:
        raise LinkError(
            Message("net.ipv4.ip_forward cannot be changed: {error}.", error=error.strerror),
            Message("In a container, set it on the computer: sysctl -w net.ipv4.ip_forward=1"),
        ) from error
    set_tag(on=on)


def set_tag(*, on: bool) -> None:
    """Remember or forget that this program switched forwarding on."""
    with suppress(OSError):
        TAG_FILE.write_text(TAG if on else "0", encoding="ascii")


def find_configuration(root: Path = Path("/")) -> Path | None:
    """Find a file that switches forwarding on at each start, for somebody else."""
    files = [
        root / "etc/sysctl.conf",
        *(file for each in FOLDERS for file in list_files(root, each, "*.conf")),
    ]
    for file in files:
        try:
            if SETTING.search(file.read_text(encoding="utf-8", errors="replace")):
                return file
        except OSError:
            continue
    return None
