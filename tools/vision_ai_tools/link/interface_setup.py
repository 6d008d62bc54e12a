"""Bring the module's network interface up and down."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Interface
from pathlib import Path

from attrs import field, frozen

from vision_ai_translations import Message

from . import network_manager, networkd
from .conflicts import find_conflicts
from .constants import MODULE_NETWORK, TERMINAL_ADDRESS
from .discovery import find_module_interface
from .netlink import add_address, read_network, remove_address, set_down, set_up
from .network import Interface
from .usb import SYSFS, map_usb_interfaces


@frozen
class Outcome:
    """The changes that were made to an interface."""

    interface: str
    changes: tuple[str, ...]
    """A description of each change, in order; empty where nothing had to change."""
    warnings: tuple[str, ...] = field(default=())
    """Conflicts with the module's network that remain."""


def up(interface: str | None = None, *, sysfs: Path = SYSFS) -> Outcome:
    """Bring the module's interface up and give it the address 172.22.0.7/24.

    Takes the interface over first from a network manager that would undo the setting: NetworkManager about 45
    seconds later, systemd-networkd when it restarts. An interface that the network manager itself has set up
    stays with it. Removes the interface's other addresses in 172.22.0.0/24. Keeps its addresses in other
    networks, and does not change other interfaces. Needs root only where something has to change.

    Args:
        interface: Name of the interface, where it cannot be found by its USB id.
        sysfs: Folder in which the kernel lists USB devices.

    Raises:
        NoInterfaceError: no interface, or more than one, can be the module's.
        NotPermittedError: something has to change, and this process is not root. Nothing was changed.
        OSError: the kernel refused a change.
    """
    network = read_network()
    target = find_module_interface(network, sysfs, interface)
    changes, warnings = _release(target, keep_connected=is_configured(target))
    changes += _remove_addresses(target, select_wrong_addresses)
    if TERMINAL_ADDRESS not in _read_again(target).addresses:
        add_address(target, TERMINAL_ADDRESS)
        changes.append(Message("added {address}", address=TERMINAL_ADDRESS))
    if not _read_again(target).up:
        set_up(target)
        changes.append(Message("brought up"))
    conflicts = find_conflicts(network, {target.name, *map_usb_interfaces(sysfs)})
    return Outcome(target.name, tuple(changes), (*warnings, *(each.what for each in conflicts)))


def down(interface: str | None = None, *, sysfs: Path = SYSFS) -> Outcome:
    """Remove the terminal's address from the module's interface and bring the interface down.

    The arguments and errors are those of `up`.
    """
    target = find_module_interface(read_network(), sysfs, interface)
    changes: list[str] = []
    warnings: list[str] = []
    if target.up or target.addresses:
        changes, warnings = _release(target, keep_connected=False)
    changes += _remove_addresses(target, select_module_network_addresses)
    if _read_again(target).up:
        set_down(target)
        changes.append(Message("brought down"))
    return Outcome(target.name, tuple(changes), tuple(warnings))


def is_configured(interface: Interface) -> bool:
    """Whether the interface is as `up` leaves it."""
    return interface.up and TERMINAL_ADDRESS in interface.addresses and not select_wrong_addresses(interface)


def select_module_network_addresses(interface: Interface) -> tuple[IPv4Interface, ...]:
    """The interface's addresses in the module's network."""
    return tuple(each for each in interface.addresses if each.ip in MODULE_NETWORK)


def select_wrong_addresses(interface: Interface) -> tuple[IPv4Interface, ...]:
    """The interface's addresses in the module's network, except the terminal's."""
    return tuple(each for each in select_module_network_addresses(interface) if each != TERMINAL_ADDRESS)


def _release(interface: Interface, *, keep_connected: bool) -> tuple[list[str], list[str]]:
    """Take the interface over from the network managers that run; return the changes and the warnings.

    With `keep_connected`, a manager keeps the interface if it has set it up itself.
    """
    changes: list[str] = []
    warnings: list[str] = []
    if network_manager.is_running():
        if network_manager.is_control_available():
            changes += _release_from_network_manager(interface, keep_connected=keep_connected)
        else:
            warnings.append(
                Message(
                    "NetworkManager is running and may undo the setting, and nmcli is not installed. To make the"
                    " setting permanent, run 'vision-ai link install'."
                )
            )
    keeps = keep_connected and networkd.has_set_up(interface)
    if networkd.is_running() and networkd.manages(interface) and not keeps:
        if file := networkd.release_interface(interface):
            changes.append(
                Message("took it over from {manager} ({details})", manager=networkd.PROCESS, details=file)
            )
        else:
            warnings.append(
                Message(
                    "systemd-networkd is running and may undo the setting, and 'networkctl reload' fails. To make the"
                    " setting permanent, run 'vision-ai link install'."
                )
            )
    return changes, warnings


def _release_from_network_manager(interface: Interface, *, keep_connected: bool) -> list[str]:
    state = network_manager.read_device_state(interface.name)
    if state == network_manager.UNMANAGED or (keep_connected and state == network_manager.CONNECTED):
        return []
    network_manager.release_interface(interface.name)
    details = f"nmcli device set {interface.name} managed no"
    return [
        Message("took it over from {manager} ({details})", manager=network_manager.PROCESS, details=details)
    ]


def _remove_addresses(
    interface: Interface, select: Callable[[Interface], tuple[IPv4Interface, ...]]
) -> list[str]:
    before = select(_read_again(interface))
    # The kernel may remove other addresses of a network together with its first: read again after each.
    while addresses := select(_read_again(interface)):
        remove_address(interface, addresses[0])
    return [Message("removed {address}", address=each) for each in before]


def _read_again(interface: Interface) -> Interface:
    return read_network().find_interface(interface.name) or interface
