"""A folder like /sys, for computers with modules on USB."""

from __future__ import annotations

import shutil
from pathlib import Path

MODULE, OLD_MODULE, PRINTER = ("2207", "372d"), ("2207", "3729"), ("04b8", "0202")


class UsbTree:
    """A computer's USB devices, laid out as the kernel does it: the bus and the network class have links into
    one tree of devices."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._bus = root / "bus/usb/devices"
        self._net = root / "class/net"
        for folder in (self._bus, self._net):
            folder.mkdir(parents=True)

    def plug_in(
        self, port: str = "1-1", id: tuple[str, str] = MODULE, driver: str | None = "rndis_host"
    ) -> None:
        """Add a device that is bound to a driver."""
        function = self._device(port) / f"{port}:1.0"
        function.mkdir(parents=True)
        for name, text in zip(("idVendor", "idProduct"), id, strict=True):
            (function.parent / name).write_text(f"{text}\n", encoding="ascii")
        for name, text in (("Class", "e0"), ("SubClass", "01"), ("Protocol", "03")):  # RNDIS
            (function / f"bInterface{name}").write_text(f"{text}\n", encoding="ascii")
        (self._bus / port).symlink_to(function.parent)
        (self._bus / function.name).symlink_to(function)
        if driver is not None:
            drivers = self.root / "bus/usb/drivers" / driver
            drivers.mkdir(parents=True, exist_ok=True)
            (function / "driver").symlink_to(drivers)

    def add_interface(self, name: str, port: str = "1-1") -> None:
        """Add the network interface of the device on a port."""
        function = self._device(port) / f"{port}:1.0"
        (function / "net" / name).mkdir(parents=True)
        (function / "net" / name / "device").symlink_to(function)
        (self._net / name).symlink_to(function / "net" / name)

    def add_card(self, name: str) -> None:
        """Add a network interface that is not on USB."""
        card = self.root / "devices/pci0000:00/0000:00:03.0"
        (card / "net" / name).mkdir(parents=True)
        (card / "net" / name / "device").symlink_to(card)
        (self._net / name).symlink_to(card / "net" / name)

    def add_udev_files(self, interface: str) -> Path:
        """Add what udev reads about an interface and its device; return the interface's path below /sys, for
        the tree mounted there."""
        net = (self._net / interface).resolve()
        function = (net / "device").resolve()
        for path, subsystem, text in (
            (net, "class/net", f"INTERFACE={interface}\nIFINDEX=7\n"),
            (function, "bus/usb", "DEVTYPE=usb_interface\n"),
            (function.parent, "bus/usb", "DEVTYPE=usb_device\n"),
        ):
            (path / "uevent").write_text(text, encoding="ascii")
            (path / "subsystem").symlink_to(Path("/sys") / subsystem)
        return Path("/sys") / net.relative_to(self.root.resolve())

    def hide_bus(self) -> None:
        """Hide the USB bus, as in a container."""
        shutil.rmtree(self.root / "bus")

    def _device(self, port: str) -> Path:
        return self.root / "devices/pci0000:00/0000:00:14.0/usb1" / port
