"""What hangs on USB, as the kernel shows it below /sys. Reading it needs no rights."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from .vendor import OLD_USB_PRODUCT, USB_PRODUCT, USB_VENDOR

SYSFS = Path("/sys")


@frozen
class UsbDevice:
    """A module of the vendor's, of either generation."""

    port: str
    """Where it is plugged in, as "1-1.2"."""
    product: str
    """Second half of its USB id."""
    path: Path

    @property
    def id(self) -> str:
        """As lsusb shows it."""
        return f"{USB_VENDOR}:{self.product}"

    @property
    def is_old(self) -> bool:
        """Whether it is of the USB-HID generation."""
        return self.product == OLD_USB_PRODUCT

    def drivers(self) -> tuple[str, ...]:
        """The kernel's drivers that have taken it; none where no driver fits."""
        links = self.path.glob(f"{self.port}:*/driver")
        return tuple(sorted({link.resolve().name for link in links}))


def usb_devices(sysfs: Path = SYSFS) -> tuple[UsbDevice, ...] | None:
    """The vendor's modules on USB, by port; None where this computer shows no USB, as in a container."""
    folder = sysfs / "bus/usb/devices"
    if not folder.is_dir():
        return None
    devices: list[UsbDevice] = []
    for entry in sorted(folder.iterdir()):
        product = _text(entry / "idProduct")
        if _text(entry / "idVendor") == USB_VENDOR and product in (USB_PRODUCT, OLD_USB_PRODUCT):
            devices.append(UsbDevice(port=entry.name, product=product, path=entry.resolve()))
    return tuple(devices)


def usb_interfaces(sysfs: Path = SYSFS) -> dict[str, UsbDevice]:
    """The network interfaces that belong to modules, by name."""
    modules = {device.path: device for device in usb_devices(sysfs) or () if not device.is_old}
    found: dict[str, UsbDevice] = {}
    for entry in sorted((sysfs / "class/net").glob("*")):
        device = (entry / "device").resolve()
        owner = next((modules[each] for each in (device, *device.parents) if each in modules), None)
        if owner is not None:
            found[entry.name] = owner
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip().lower()
    except OSError:  # it may be pulled out while we look
        return ""
