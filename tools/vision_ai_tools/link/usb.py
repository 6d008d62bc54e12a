"""Modules on USB, as the kernel lists them under /sys. Reading this needs no root."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from .constants import OLD_USB_PRODUCT, USB_PRODUCT, USB_VENDOR

SYSFS = Path("/sys")
RNDIS_CLASSES = {("e0", "01", "03"), ("02", "02", "ff"), ("ef", "04", "01")}
"""Class, subclass and protocol of the USB interfaces that Linux's rndis_host serves."""


@frozen
class UsbDevice:
    """A module of either generation."""

    port: str
    """The USB port, for example "1-1.2"."""
    product: str
    """The second half of the USB id."""
    path: Path

    @property
    def id(self) -> str:
        """The USB id as lsusb prints it."""
        return f"{USB_VENDOR}:{self.product}"

    @property
    def is_old(self) -> bool:
        """Whether this is a module of the previous generation (USB-HID)."""
        return self.product == OLD_USB_PRODUCT

    def drivers(self) -> tuple[str, ...]:
        """Names of the kernel drivers that are bound to the device."""
        links = self.path.glob(f"{self.port}:*/driver")
        return tuple(sorted({link.resolve().name for link in links}))

    def has_rndis_interface(self) -> bool:
        """Whether the device offers a network interface to the driver for RNDIS."""
        files = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
        folders = self.path.glob(f"{self.port}:*")
        return any(tuple(_read_id(folder / file) for file in files) in RNDIS_CLASSES for folder in folders)


def list_usb_devices(sysfs: Path = SYSFS) -> tuple[UsbDevice, ...] | None:
    """List the modules on USB by port; None where the computer does not show its USB, as in a container."""
    folder = sysfs / "bus/usb/devices"
    if not folder.is_dir():
        return None
    devices: list[UsbDevice] = []
    for entry in sorted(folder.iterdir()):
        product = _read_id(entry / "idProduct")
        if _read_id(entry / "idVendor") == USB_VENDOR and product in (USB_PRODUCT, OLD_USB_PRODUCT):
            devices.append(UsbDevice(port=entry.name, product=product, path=entry.resolve()))
    return tuple(devices)


def map_usb_interfaces(sysfs: Path = SYSFS) -> dict[str, UsbDevice]:
    """Map the names of the modules' network interfaces to the modules."""
    modules = {device.path: device for device in list_usb_devices(sysfs) or () if not device.is_old}
    interfaces: dict[str, UsbDevice] = {}
    for entry in sorted((sysfs / "class/net").glob("*")):
        device = (entry / "device").resolve()
        owner = next((modules[each] for each in (device, *device.parents) if each in modules), None)
        if owner is not None:
            interfaces[entry.name] = owner
    return interfaces


def _read_id(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip().lower()
    except OSError:  # the device may be unplugged at any moment
        return ""
