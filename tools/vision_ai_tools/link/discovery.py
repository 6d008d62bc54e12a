"""Find the module's network interface."""

from __future__ import annotations

import platform
from pathlib import Path

from vision_ai_translations import Message

from .constants import STARTUP_SECONDS, USB_ID
from .errors import NoInterfaceError
from .kernel_modules import DRIVER, is_driver_missing
from .network import Interface, Network
from .usb import UsbDevice, list_usb_devices, map_usb_interfaces


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
        raise _explain_absence(sysfs)
    if len(candidates) > 1:
        names = ", ".join(each.name for each in candidates)
        raise NoInterfaceError(
            Message(
                "{number} modules are connected to this computer: {names}.",
                number=len(candidates),
                names=names,
            ),
            Message("Choose one: --interface {name}", name=candidates[0].name),
        )
    return candidates[0]


def _find_by_name(network: Network, name: str) -> Interface:
    interface = network.find_interface(name)
    if interface is None:
        names = ", ".join(each.name for each in network.interfaces if not each.loopback)
        raise NoInterfaceError(
            Message("There is no network interface {name}.", name=repr(name)),
            Message("Available: {names}", names=names or Message("none")),
        )
    if interface.loopback:
        raise NoInterfaceError(
            Message("{name} is the loopback interface of this computer, not a module's interface.", name=name)
        )
    return interface


def _explain_absence(sysfs: Path) -> NoInterfaceError:
    devices = list_usb_devices(sysfs)
    if devices is None:
        return NoInterfaceError(
            Message("The USB devices of this computer cannot be listed."),
            Message("Name the interface: --interface NAME"),
        )
    if not devices:
        return NoInterfaceError(
            Message("No module is connected over USB ({id}).", id=USB_ID),
            Message("Plug it in, wait {seconds} seconds, and try again.", seconds=STARTUP_SECONDS),
        )
    modules = [each for each in devices if not each.is_old]
    if not modules:
        return NoInterfaceError(
            Message("The module on USB is of the previous generation ({id}, USB-HID).", id=devices[0].id),
            Message("It has no network interface, and this software does not support it."),
        )
    if any(needs_missing_driver(each, sysfs) for each in modules):
        return NoInterfaceError.of(
            "interface.no_kernel_driver", {"driver": DRIVER, "kernel": platform.release()}
        )
    return NoInterfaceError(
        Message("The module is connected over USB ({id}), but it has no network interface yet.", id=USB_ID),
        Message(
            "Wait {seconds} seconds and try again. If that does not help: vision-ai doctor",
            seconds=STARTUP_SECONDS,
        ),
    )


def needs_missing_driver(device: UsbDevice, sysfs: Path) -> bool:
    """Whether the module offers a network interface for which this kernel has no driver."""
    return not device.drivers() and device.has_rndis_interface() and is_driver_missing(sysfs)
