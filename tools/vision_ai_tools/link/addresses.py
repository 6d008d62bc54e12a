"""The module's interface up and down: its address, and whether it is switched on."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Interface
from pathlib import Path

from attrs import field, frozen

from .conflicts import conflicts
from .interface import chosen_interface
from .netlink import Interface, add_address, read_network, remove_address, switch
from .usb import SYSFS, usb_interfaces
from .vendor import NETWORK, TERMINAL


@frozen
class Outcome:
    """What was done to an interface."""

    interface: str
    changes: tuple[str, ...]
    """In words, in order; none where everything was right already."""
    warnings: tuple[str, ...] = field(default=())
    """What is still in the module's way."""


def up(interface: str | None = None, *, sysfs: Path = SYSFS) -> Outcome:
    """Switch the module's interface on and give it 172.22.0.7/24, as the module wants it.

    Other addresses in 172.22.0.0/24 are taken from it, addresses elsewhere stay; other interfaces are not
    touched. What is right already is left alone: then this needs no root.

    Args:
        interface: Its name, where it cannot be found by its USB id.
        sysfs: Where the kernel shows what hangs on USB.

    Raises:
        NoInterfaceError: no interface, or more than one, can be the module's.
        NotPermittedError: something has to be changed, and this is not root. Nothing was changed.
        OSError: the kernel refused a change.
    """
    network = read_network()
    found = chosen_interface(network, sysfs, interface)
    changes = _take_away(found, misplaced)
    if TERMINAL not in _now(found).addresses:
        add_address(found, TERMINAL)
        changes.append(f"gave it {TERMINAL}")
    if not found.up:
        switch(found, on=True)
        changes.append("switched it on")
    warnings = tuple(each.what for each in conflicts(network, {found.name, *usb_interfaces(sysfs)}))
    return Outcome(interface=found.name, changes=tuple(changes), warnings=warnings)


def down(interface: str | None = None, *, sysfs: Path = SYSFS) -> Outcome:
    """Take the terminal's address from the module's interface, and switch it off.

    Arguments and errors are those of `up`.
    """
    found = chosen_interface(read_network(), sysfs, interface)
    changes = _take_away(found, of_network)
    if found.up:
        switch(found, on=False)
        changes.append("switched it off")
    return Outcome(interface=found.name, changes=tuple(changes))


def is_right(interface: Interface) -> bool:
    """Whether there is nothing for `up` to do."""
    return interface.up and TERMINAL in interface.addresses and not misplaced(interface)


def of_network(interface: Interface) -> tuple[IPv4Interface, ...]:
    """Its addresses in the module's network."""
    return tuple(each for each in interface.addresses if each.ip in NETWORK)


def misplaced(interface: Interface) -> tuple[IPv4Interface, ...]:
    """Those that it must not have there: all but the terminal's."""
    return tuple(each for each in of_network(interface) if each != TERMINAL)


def _take_away(interface: Interface, unwanted: Callable[[Interface], tuple[IPv4Interface, ...]]) -> list[str]:
    # One by one, looking anew: with the first address of a network the kernel takes away its others too.
    while left := unwanted(_now(interface)):
        remove_address(interface, left[0])
    return [f"took {each} away" for each in unwanted(interface)]


def _now(interface: Interface) -> Interface:
    return read_network().interface(interface.name) or interface
