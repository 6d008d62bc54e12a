"""What sets up the network of this computer, or of the one whose files lie below a root."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from . import files
from .errors import FilesError, NotPossibleError
from .files import Wanted

WANTED_BY = "etc/systemd/system/multi-user.target.wants"


@frozen
class Manager:
    """One of the programs that set up network interfaces."""

    name: str
    signs: tuple[str, ...]
    """Files that are there where it is in use: it is enabled, or it runs."""
    wanted: Callable[[str], Wanted]
    """Its file for the interface of that name."""
    reload: tuple[str, ...]
    """The command that makes it read its files again; none where it does when the module is plugged in."""


MANAGERS = (
    Manager(
        "NetworkManager",
        (f"{WANTED_BY}/NetworkManager.service", "run/NetworkManager/NetworkManager.pid"),
        files.network_manager,
        ("nmcli", "connection", "reload"),
    ),
    Manager(
        "systemd-networkd",
        (f"{WANTED_BY}/systemd-networkd.service", "run/systemd/netif/state"),
        files.networkd,
        ("networkctl", "reload"),
    ),
    Manager("ifupdown", ("sbin/ifup", "usr/sbin/ifup"), files.ifupdown, ()),
)
MANAGER_NAMES = tuple(each.name for each in MANAGERS)


def chosen_manager(root: Path, name: str | None = None) -> Manager:
    """The manager of that name, else the first one in use.

    Raises:
        NotPossibleError: there is no manager of that name.
        FilesError: none is in use, or its files would not be read.
    """
    manager = _named(name) if name is not None else _in_use(root)
    if manager.name == "ifupdown":
        _check_ifupdown_reads_folder(root)
    return manager


def _named(name: str) -> Manager:
    for each in MANAGERS:
        if each.name.lower() == name.lower():
            return each
    raise NotPossibleError(f"There is no manager {name!r}.", f"It is one of {', '.join(MANAGER_NAMES)}.")


def _in_use(root: Path) -> Manager:
    for each in MANAGERS:
        # An enabled unit is a link, which in an image leads to a place that is not there.
        if any((root / sign).is_symlink() or (root / sign).exists() for sign in each.signs):
            return each
    raise FilesError(
        f"None of {', '.join(MANAGER_NAMES)} is in use here.",
        "Say which one all the same (--manager), or run 'vision-ai link up' whenever the computer starts.",
    )


def _check_ifupdown_reads_folder(root: Path) -> None:
    main = root / "etc/network/interfaces"
    probe = f"/{files.IFUPDOWN}/vision-ai-x"
    lines = main.read_text(encoding="utf-8").splitlines() if main.exists() else []
    for words in (line.split() for line in lines):
        if words[:1] == ["source"] and any(_reads(each, probe) for each in words[1:]):
            return
        if words[:1] == ["source-directory"] and any(_reads(f"{each}/*", probe) for each in words[1:]):
            return
    raise FilesError(
        f"/etc/network/interfaces does not read /{files.IFUPDOWN}/.",
        f"Add this line to it, and try again: source /{files.IFUPDOWN}/*",
    )


def _reads(pattern: str, path: str) -> bool:
    if not pattern.startswith("/"):  # relative to the folder of /etc/network/interfaces
        pattern = f"/etc/network/{pattern}"
    return fnmatch.fnmatchcase(path, pattern.replace("//", "/"))
