"""Which network interface is the module's."""

from __future__ import annotations

from pathlib import Path

from .errors import NoInterfaceError
from .netlink import Interface, Network
from .usb import usb_devices, usb_interfaces
from .vendor import SECONDS_TO_START, USB_PRODUCT, USB_VENDOR


def chosen_interface(network: Network, sysfs: Path, name: str | None = None) -> Interface:
    """The interface of that name, else the one that hangs on USB as a module does.

    Raises:
        NoInterfaceError: there is none, there are several, or the named one cannot be it.
    """
    if name is not None:
        return _named(network, name)
    found = [each for each in network.interfaces if each.name in usb_interfaces(sysfs)]
    if not found:
        raise NoInterfaceError(*_why_none(sysfs))
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise NoInterfaceError(
            f"{len(found)} modules hang on this computer: {names}.",
            f"Say which one: --interface {found[0].name}",
        )
    return found[0]


def _named(network: Network, name: str) -> Interface:
    interface = network.interface(name)
    if interface is None:
        known = ", ".join(each.name for each in network.interfaces if not each.loopback) or "none"
        raise NoInterfaceError(f"There is no network interface {name!r}.", f"There are: {known}.")
    if interface.loopback:
        raise NoInterfaceError(f"{name} is this computer's own loopback, and no module's.")
    return interface


def _why_none(sysfs: Path) -> tuple[str, str]:
    devices = usb_devices(sysfs)
    id = f"{USB_VENDOR}:{USB_PRODUCT}"
    if devices is None:
        return "This computer shows no USB.", "Say which interface is the module's: --interface NAME"
    if not devices:
        return (
            f"There is no module on USB ({id}).",
            f"Plug it in, wait {SECONDS_TO_START} seconds, and try again.",
        )
    if all(each.is_old for each in devices):
        return (
            f"The module on USB is of the old generation ({devices[0].id}, USB-HID).",
            "It is no network card; this software is not for it.",
        )
    return (
        f"The module is on USB ({id}), but there is no network interface of it yet.",
        f"Wait {SECONDS_TO_START} seconds, and try again; vision-ai doctor says more.",
    )
