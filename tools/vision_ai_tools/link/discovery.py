"""Find the module's network interface."""

from __future__ import annotations

from pathlib import Path

from .constants import STARTUP_SECONDS, USB_ID
from .errors import NoInterfaceError
from .network import Interface, Network
from .usb import list_usb_devices, map_usb_interfaces


def find_module_interface(network: Network, sysfs: Path, name: str | None = None) -> Interface:
    """Find the interface with this name, or without a name the one that has a module's USB id.

    Raises:
        NoInterfaceError: there is none, there are several, or the named one cannot be a module's.
    """
    if name is not None:
        return _find_by_name(network, name)
    modules = map_usb_interfaces(sysfs)
    candidates = [each for each in network.interfaces if each.name in modules]
    if not candidates:
        raise NoInterfaceError(*_explain_absence(sysfs))
    if len(candidates) > 1:
        names = ", ".join(each.name for each in candidates)
        raise NoInterfaceError(
            f"{len(candidates)} modules are connected to this computer: {names}.",
            f"Choose one: --interface {candidates[0].name}",
        )
    return candidates[0]


def _find_by_name(network: Network, name: str) -> Interface:
    interface = network.find_interface(name)
    if interface is None:
        names = ", ".join(each.name for each in network.interfaces if not each.loopback) or "none"
        raise NoInterfaceError(f"There is no network interface {name!r}.", f"Available: {names}")
    if interface.loopback:
        raise NoInterfaceError(
            f"{name} is the loopback interface of this computer, not a module's interface."
        )
    return interface


def _explain_absence(sysfs: Path) -> tuple[str, str]:
    devices = list_usb_devices(sysfs)
    if devices is None:
        return "The USB devices of this computer cannot be listed.", "Name the interface: --interface NAME"
    if not devices:
        return (
            f"No module is connected over USB ({USB_ID}).",
            f"Plug it in, wait {STARTUP_SECONDS} seconds, and try again.",
        )
    if all(each.is_old for each in devices):
        return (
            f"The module on USB is of the previous generation ({devices[0].id}, USB-HID).",
            "It has no network interface, and this software does not support it.",
        )
    return (
        f"The module is connected over USB ({USB_ID}), but it has no network interface yet.",
        f"Wait {STARTUP_SECONDS} seconds and try again. If that does not help: vision-ai doctor",
    )
