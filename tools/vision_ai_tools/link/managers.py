"""Find the network manager of this computer, or of the system under another root folder."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from .config_files import (
    IFUPDOWN_FOLDER,
    ConfigFile,
    make_ifupdown_file,
    make_network_manager_file,
    make_networkd_file,
)
from .errors import FilesError, InvalidArgumentError

ENABLED_UNITS = "etc/systemd/system/multi-user.target.wants"


@frozen
class Manager:
    """A program that configures network interfaces."""

    name: str
    evidence: tuple[str, ...]
    """Paths that exist where the manager is enabled or running."""
    make_file: Callable[[str], ConfigFile]
    """Make its configuration file for the interface with this name."""
    reload: tuple[str, ...]
    """The command that makes it read its files; empty where it reads them when the module is plugged in."""


MANAGERS = (
    Manager(
        "NetworkManager",
        (f"{ENABLED_UNITS}/NetworkManager.service", "run/NetworkManager/NetworkManager.pid"),
        make_network_manager_file,
        ("nmcli", "connection", "reload"),
    ),
    Manager(
        "systemd-networkd",
        (f"{ENABLED_UNITS}/systemd-networkd.service", "run/systemd/netif/state"),
        make_networkd_file,
        ("networkctl", "reload"),
    ),
    Manager("ifupdown", ("sbin/ifup", "usr/sbin/ifup"), make_ifupdown_file, ()),
)
MANAGER_NAMES = tuple(each.name for each in MANAGERS)


def find_manager(root: Path, name: str | None = None) -> Manager:
    """Find the manager with this name, or without a name the first one in use.

    Raises:
        InvalidArgumentError: there is no manager with this name.
        FilesError: none is in use, or it would not read its configuration file.
    """
    manager = _find_by_name(name) if name is not None else _detect_manager(root)
    if manager.name == "ifupdown":
        _check_ifupdown_reads_folder(root)
    return manager


def _find_by_name(name: str) -> Manager:
    for each in MANAGERS:
        if each.name.lower() == name.lower():
            return each
    raise InvalidArgumentError(
        f"There is no network manager {name!r}.", f"It must be one of {', '.join(MANAGER_NAMES)}."
    )


def _detect_manager(root: Path) -> Manager:
    for each in MANAGERS:
        # An enabled unit is a symbolic link, which is dangling in a mounted system image.
        if any((root / path).is_symlink() or (root / path).exists() for path in each.evidence):
            return each
    raise FilesError(
        f"None of {', '.join(MANAGER_NAMES)} is in use.",
        "Choose one (--manager), or run 'vision-ai link up' each time the computer starts.",
    )


def _check_ifupdown_reads_folder(root: Path) -> None:
    config = root / "etc/network/interfaces"
    example = f"/{IFUPDOWN_FOLDER}/vision-ai-x"
    lines = config.read_text(encoding="utf-8").splitlines() if config.exists() else []
    for words in (line.split() for line in lines):
        if words[:1] == ["source"] and any(_matches(each, example) for each in words[1:]):
            return
        if words[:1] == ["source-directory"] and any(_matches(f"{each}/*", example) for each in words[1:]):
            return
    raise FilesError(
        f"/etc/network/interfaces does not read the folder /{IFUPDOWN_FOLDER}/.",
        f"Add this line to it and try again: source /{IFUPDOWN_FOLDER}/*",
    )


def _matches(pattern: str, path: str) -> bool:
    if not pattern.startswith("/"):  # relative to the folder of /etc/network/interfaces
        pattern = f"/etc/network/{pattern}"
    return fnmatch.fnmatchcase(path, pattern.replace("//", "/"))
