"""The current state of the link."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen

from .file_changes import Owner
from .forwarding import ForwardStatus, read_forward_status
from .installation import ROOT, list_installed_files
from .interface_setup import is_configured
from .netlink import read_network
from .network import Interface
from .usb import SYSFS, UsbDevice, list_usb_devices, map_usb_interfaces


@frozen
class Status:
    """The modules on USB, their network interfaces, the installed configuration files, and forwarding."""

    usb: tuple[UsbDevice, ...]
    interfaces: tuple[Interface, ...]
    files: dict[Path, Owner]
    forwarding: ForwardStatus
    """Whether other computers reach the module through this one."""

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON data."""
        return {
            "usb": [{"id": each.id, "port": each.port, "drivers": each.drivers()} for each in self.usb],
            "interfaces": [
                {
                    "name": each.name,
                    "up": each.up,
                    "carrier": each.carrier,
                    "addresses": [str(address) for address in each.addresses],
                    "right": is_configured(each),
                }
                for each in self.interfaces
            ],
            "files": [{"path": str(path), "written_by": owner} for path, owner in self.files.items()],
            "forwarding": self.forwarding.to_dict(),
        }


def read_status(interface: str | None = None, *, root: Path = ROOT, sysfs: Path = SYSFS) -> Status:
    """Read the current state of the link. Changes nothing and needs no root.

    Args:
        interface: Include this interface instead of those that have a module's USB id.
        root: Root folder of the system whose configuration files are listed.
        sysfs: Folder in which the kernel lists USB devices.

    Raises:
        LinkError: this is not Linux, or pyroute2 is not installed.
        OSError: the kernel refused the request.
    """
    names = map_usb_interfaces(sysfs).keys() if interface is None else {interface}
    return Status(
        usb=list_usb_devices(sysfs) or (),
        interfaces=tuple(each for each in read_network().interfaces if each.name in names),
        files=list_installed_files(root),
        forwarding=read_forward_status(root=root),
    )
