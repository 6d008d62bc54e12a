"""Bring the module's network interface up and down."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Interface
from pathlib import Path

from attrs import field, frozen

from . import network_manager
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

    Takes the interface over from NetworkManager first, which would undo the setting about 45 seconds later,
    unless NetworkManager itself has set it up. Removes its other addresses in 172.22.0.0/24. Keeps its
    addresses in other networks, and does not change other interfaces. Needs root only where something has to
    change.

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
    changes: list[str] = []
    warnings: list[str] = []
    if network_manager.is_running():
        if network_manager.is_control_available():
            changes += _release_from_network_manager(target, keep_connected=is_configured(target))
        else:
            warnings.append(
                "NetworkManager is running and may undo the setting, and nmcli is not installed. To make the"
                " setting permanent, run 'vision-ai link install'."
            )
    changes += _remove_addresses(target, select_wrong_addresses)
    if TERMINAL_ADDRESS not in _read_again(target).addresses:
        add_address(target, TERMINAL_ADDRESS)
        changes.append(f"added {TERMINAL_ADDRESS}")
    if not _read_again(target).up:
        set_up(target)
        changes.append("brought up")
    conflicts = find_conflicts(network, {target.name, *map_usb_interfaces(sysfs)})
    return Outcome(target.name, tuple(changes), (*warnings, *(each.what for each in conflicts)))


def down(interface: str | None = None, *, sysfs: Path = SYSFS) -> Outcome:
    """Remove the terminal's address from the module's interface and bring the interface down.

    The arguments and errors are those of `up`.
    """
    target = find_module_interface(read_network(), sysfs, interface)
    changes: list[str] = []
    if (target.up or target.addresses) and network_manager.is_running():
        changes += _release_from_network_manager(target, keep_connected=False)
    changes += _remove_addresses(target, select_module_network_addresses)
    if _read_again(target).up:
        set_down(target)
        changes.append("brought down")
    return Outcome(target.name, tuple(changes))


def is_configured(interface: Interface) -> bool:
    """Whether the interface is as `up` leaves it."""
    return interface.up and TERMINAL_ADDRESS in interface.addresses and not select_wrong_addresses(interface)


def select_module_network_addresses(interface: Interface) -> tuple[IPv4Interface, ...]:
    """The interface's addresses in the module's network."""
    return tuple(each for each in interface.addresses if each.ip in MODULE_NETWORK)


def select_wrong_addresses(interface: Interface) -> tuple[IPv4Interface, ...]:
    """The interface's addresses in the module's network, except the terminal's."""
    return tuple(each for each in select_module_network_addresses(interface) if each != TERMINAL_ADDRESS)


def _release_from_network_manager(interface: Interface, *, keep_connected: bool) -> list[str]:
    state = network_manager.read_device_state(interface.name)
    if state == network_manager.UNMANAGED or (keep_connected and state == network_manager.CONNECTED):
        return []
    network_manager.release_interface(interface.name)
    return [f"took it over from NetworkManager (nmcli device set {interface.name} managed no)"]


def _remove_addresses(
    interface: Interface, select: Callable[[Interface], tuple[IPv4Interface, ...]]
) -> list[str]:
    before = select(_read_again(interface))
    # The kernel may remove other addresses of a network together with its first: read again after each.
    while addresses := select(_read_again(interface)):
        remove_address(interface, addresses[0])
    return [f"removed {each}" for each in before]


def _read_again(interface: Interface) -> Interface:
    return read_network().find_interface(interface.name) or interface
