"""Plan the configuration files that keep the link set up after a restart, and their removal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from vision_ai_translations import Message

from .config_files import FOLDERS, PUBLIC_MODE, ConfigFile, make_udev_rule, parse_interface_name
from .discovery import find_module_interface
from .errors import LinkError
from .file_changes import Change, Owner, determine_file_owner, determine_owner, read_existing, read_text
from .file_conflicts import find_file_conflicts
from .interface_names import check_name, check_name_is_free
from .managers import MANAGERS, find_manager
from .netlink import read_network, require_linux
from .plans import Plan
from .root_folder import list_files, resolve_path
from .usb import SYSFS, map_usb_interfaces

ROOT = Path("/")
DEFAULT_NAME = "visionai0"
"""Name that the udev rule gives to the module's interface; the kernel never uses this name itself."""


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
    check_name(name)
    if root == ROOT:
        require_linux()
    installed = _find_installed(root)
    own_names = {*map_usb_interfaces(sysfs), *(parse_interface_name(each) for each in installed)}
    if root.resolve() == ROOT and name not in own_names:
        check_name_is_free(name)
    port = _find_usb_port(interface, sysfs) if interface is not None else None
    network_manager = find_manager(root, manager)
    files = (make_udev_rule(name, port), network_manager.make_file(name))
    # Files for the same interface that another manager would read, or that have an older layout.
    obsolete = [
        path
        for each, path in installed.items()
        if parse_interface_name(each) == name and each not in {file.path for file in files}
    ]
    return Plan(
        changes=(*_plan_writing(files, root), *_plan_removal(obsolete)),
        manager=network_manager,
        interface=name,
        warnings=find_file_conflicts(root, name, port, network_manager.name),
    )


def plan_uninstall(*, name: str | None = None, root: Path = ROOT) -> Plan:
    """Plan the removal of all files that `plan_install` wrote, or only of those for one interface name."""
    if root == ROOT:
        require_linux()
    installed = _find_installed(root).items()
    paths = [path for each, path in installed if name in (None, parse_interface_name(each))]
    return Plan(changes=tuple(_plan_removal(paths)), manager=None, interface=name)


def list_installed_files(root: Path = ROOT) -> dict[Path, Owner]:
    """List the installed files, and whether they are still as this program wrote them."""
    return {path: determine_file_owner(path) for path in _find_installed(root).values()}


def _find_usb_port(interface: str, sysfs: Path) -> str:
    found = find_module_interface(read_network(), sysfs, interface)
    device = map_usb_interfaces(sysfs).get(found.name)
    if device is None:
        raise LinkError(
            Message("{name} is not a module's interface: it does not have a module's USB id.", name=interface)
        )
    return device.port


def _plan_writing(files: Sequence[ConfigFile], root: Path) -> Iterator[Change]:
    for each in files:
        path = resolve_path(root, each.path)
        before = read_existing(path)
        if before != each.text:
            yield Change(path, before, each.text, each.mode, determine_owner(before))


def _plan_removal(paths: Sequence[Path]) -> Iterator[Change]:
    for path in paths:
        text = read_text(path)
        yield Change(path, text, None, PUBLIC_MODE, determine_owner(text))


def _find_installed(root: Path) -> dict[PurePosixPath, Path]:
    """Find files with a name that this program uses, whoever wrote their current text.

    The keys are the files' paths in the system; the values are below the root folder, wherever links lead.
    """
    found = {
        folder / path.name: path
        for folder in FOLDERS
        for path in list_files(root, str(folder), "*vision-ai-*")
        if path.is_symlink() or path.is_file()
    }
    return {each: path for each, path in found.items() if _has_own_name(each)}


def _has_own_name(path: PurePosixPath) -> bool:
    name = parse_interface_name(path)
    return name is not None and path in {
        make_udev_rule(name, None).path,
        *(each.make_file(name).path for each in MANAGERS),
    }
