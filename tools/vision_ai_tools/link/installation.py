"""Plan the configuration files that keep the link set up after a restart, and their removal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from .config_files import FOLDERS, PUBLIC_MODE, ConfigFile, make_udev_rule, parse_interface_name
from .discovery import find_module_interface
from .errors import FilesError, InvalidArgumentError, LinkError
from .file_changes import Change, Owner, determine_file_owner, determine_owner, read_text
from .managers import MANAGERS, find_manager
from .netlink import read_network, require_linux
from .plans import Plan
from .usb import SYSFS, map_usb_interfaces

ROOT = Path("/")
DEFAULT_NAME = "visionai0"
"""Name that the udev rule gives to the module's interface; the kernel never uses this name itself."""
MAX_NAME_LENGTH = 15


def plan_install(
    *,
    name: str = DEFAULT_NAME,
    manager: str | None = None,
    interface: str | None = None,
    root: Path = ROOT,
    sysfs: Path = SYSFS,
) -> Plan:
    """Plan a udev rule that names the module's interface by its USB id, and a file for the network manager.

    Args:
        name: The interface's new name, up to 15 characters.
        manager: "NetworkManager", "systemd-networkd" or "ifupdown". Default: the one in use.
        interface: The interface's current name. Needed only where several modules are connected to this
            computer: the rule then also matches the USB port.
        root: Root folder of the system to configure, for example a mounted image of another computer.
        sysfs: Folder in which the kernel lists USB devices.

    Raises:
        InvalidArgumentError: no interface can have this name, or there is no such manager.
        FilesError: no manager is in use, or it would not read the file.
        NoInterfaceError: there is no interface with this name.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) or len(name) > MAX_NAME_LENGTH:
        raise InvalidArgumentError(
            f"{name!r} cannot be the name of a network interface.",
            f"Use up to {MAX_NAME_LENGTH} letters, digits, '-' and '_', starting with a letter.",
        )
    if root == ROOT:
        require_linux()
    port = _find_usb_port(interface, sysfs) if interface is not None else None
    network_manager = find_manager(root, manager)
    files = (make_udev_rule(name, port), network_manager.make_file(name))
    # Files for the same interface that another manager would read, or that have an older layout.
    obsolete = [
        each for each in _find_installed(root) if parse_interface_name(_below_root(each, root)) == name
    ]
    changes = [*_plan_writing(files, root), *_plan_removal(obsolete, keep=files, root=root)]
    return Plan(changes=tuple(changes), manager=network_manager, interface=name)


def plan_uninstall(*, name: str | None = None, root: Path = ROOT) -> Plan:
    """Plan the removal of all files that `plan_install` wrote, or only of those for one interface name."""
    if root == ROOT:
        require_linux()
    paths = [
        each
        for each in _find_installed(root)
        if name in (None, parse_interface_name(_below_root(each, root)))
    ]
    return Plan(changes=tuple(_plan_removal(paths, keep=(), root=root)), manager=None, interface=name)


def list_installed_files(root: Path = ROOT) -> dict[Path, Owner]:
    """List the installed files, and whether they are still as this program wrote them."""
    return {path: determine_file_owner(path) for path in _find_installed(root)}


def _find_usb_port(interface: str, sysfs: Path) -> str:
    found = find_module_interface(read_network(), sysfs, interface)
    device = map_usb_interfaces(sysfs).get(found.name)
    if device is None:
        raise LinkError(f"{interface} is not a module's interface: it does not have a module's USB id.")
    return device.port


def _plan_writing(files: Sequence[ConfigFile], root: Path) -> Iterator[Change]:
    for each in files:
        path = _resolve_below_root(root, each.path)
        before = read_text(path) if path.exists() else None
        if before != each.text:
            yield Change(path, before, each.text, each.mode, determine_owner(before))


def _plan_removal(paths: Sequence[Path], *, keep: Sequence[ConfigFile], root: Path) -> Iterator[Change]:
    kept_paths = {root / each.path for each in keep}
    for path in paths:
        if path not in kept_paths:
            text = read_text(path)
            yield Change(path, text, None, PUBLIC_MODE, determine_owner(text))


def _find_installed(root: Path) -> list[Path]:
    """Find files with a name that this program uses, whoever wrote their current text."""
    paths = (path for folder in FOLDERS for path in sorted((root / folder).glob("*vision-ai-*")))
    return [path for path in paths if path.is_file() and _has_own_name(_below_root(path, root))]


def _has_own_name(path: PurePosixPath) -> bool:
    name = parse_interface_name(path)
    return name is not None and path in {
        make_udev_rule(name, None).path,
        *(each.make_file(name).path for each in MANAGERS),
    }


def _below_root(path: Path, root: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(root))


def _resolve_below_root(root: Path, path: PurePosixPath) -> Path:
    """Join the paths. A symbolic link in the image of another computer must not lead out of it."""
    if not (root / path).resolve().is_relative_to(root.resolve()):
        raise FilesError(f"{root / path} leads out of {root}.")
    return root / path
