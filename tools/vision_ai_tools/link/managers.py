"""Find the network manager of this computer, or of the system under another root folder."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from attrs import frozen

from vision_ai_translations import Message

from .config_files import (
    IFUPDOWN_FOLDER,
    ConfigFile,
    make_ifupdown_file,
    make_network_manager_file,
    make_networkd_file,
)
from .errors import FilesError, InvalidArgumentError
from .network_manager import is_running as is_network_manager_running
from .networkd import is_running as is_networkd_running
from .root_folder import has_file, list_files, resolve_path

UNIT_FOLDERS = ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")


@frozen
class Manager:
    """A program that configures network interfaces."""

    name: str
    services: tuple[str, ...]
    """Names of its service in systemd, OpenRC and System V init."""
    evidence: tuple[str, ...]
    """Paths that exist where the manager is in use."""
    is_running: Callable[[], bool]
    """Whether it runs on this computer."""
    make_file: Callable[[str], ConfigFile]
    """Make its configuration file for the interface with this name."""
    reload: tuple[str, ...]
    """The command that makes it read its files; empty where it reads them when the module is plugged in."""


MANAGERS = (
    Manager(
        "NetworkManager",
        ("NetworkManager", "network-manager"),
        ("run/NetworkManager/NetworkManager.pid",),
        is_network_manager_running,
        make_network_manager_file,
        ("nmcli", "connection", "reload"),
    ),
    Manager(
        "systemd-networkd",
        ("systemd-networkd",),
        ("run/systemd/netif/state",),
        is_networkd_running,
        make_networkd_file,
        ("networkctl", "reload"),
    ),
    Manager("ifupdown", (), ("sbin/ifup", "usr/sbin/ifup"), lambda: False, make_ifupdown_file, ()),
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
        Message("There is no network manager {name}.", name=repr(name)),
        Message("It must be one of {names}.", names=", ".join(MANAGER_NAMES)),
    )


def _detect_manager(root: Path) -> Manager:
    if root.resolve() == Path("/"):
        for each in MANAGERS:
            if each.is_running():
                return each
    for each in MANAGERS:
        if any(has_file(root, path) for path in each.evidence):
            return each
        if any(_is_enabled(root, service) for service in each.services):
            return each
    raise FilesError(
        Message("None of {names} is in use.", names=", ".join(MANAGER_NAMES)),
        Message("Choose one (--manager), or run 'vision-ai link up' each time the computer starts."),
    )


def _is_enabled(root: Path, service: str) -> bool:
    unit = f"{service}.service"
    if has_file(root, f"etc/systemd/system/{unit}"):
        mask = resolve_path(root, PurePosixPath(f"etc/systemd/system/{unit}"))
        if mask.is_symlink() and mask.readlink() == Path("/dev/null"):
            return False
    # An enabled unit is a symbolic link, which is dangling in a mounted system image.
    wants = (each for folder in UNIT_FOLDERS for each in list_files(root, folder, "*.wants"))
    if any(os.path.lexists(each / unit) for each in wants):
        return True
    runlevels = list_files(root, "etc/runlevels", "*")
    return any(os.path.lexists(each / service) for each in runlevels) or any(
        list_files(root, f"etc/rc{level}.d", f"S[0-9][0-9]{service}") for level in range(2, 6)
    )


def _check_ifupdown_reads_folder(root: Path) -> None:
    config = resolve_path(root, PurePosixPath("etc/network/interfaces"))
    example = f"/{IFUPDOWN_FOLDER}/vision-ai-x"
    lines = (
        config.read_text(encoding="utf-8").splitlines()
        if config.is_file() and not config.is_symlink()
        else []
    )
    for words in (line.split() for line in lines):
        if words[:1] == ["source"] and any(_matches(each, example) for each in words[1:]):
            return
        if words[:1] == ["source-directory"] and any(_matches(f"{each}/*", example) for each in words[1:]):
            return
    folder = f"/{IFUPDOWN_FOLDER}/"
    source = f"source {folder}*"
    raise FilesError(
        Message("/etc/network/interfaces does not read the folder {folder}.", folder=folder),
        Message("Add this line to it and try again: {line}", line=source),
    )


def _matches(pattern: str, path: str) -> bool:
    if not pattern.startswith("/"):  # relative to the folder of /etc/network/interfaces
        pattern = f"/etc/network/{pattern}"
    return fnmatch.fnmatchcase(path, pattern.replace("//", "/"))
