"""How the link stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen

from .addresses import is_right
from .installation import ROOT, Owner, installed_files
from .netlink import Interface, read_network
from .usb import SYSFS, UsbDevice, usb_devices, usb_interfaces


@frozen
class Status:
    """What hangs on USB, which interfaces belong to it, and which files make the link last."""

    usb: tuple[UsbDevice, ...]
    interfaces: tuple[Interface, ...]
    files: dict[Path, Owner]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "usb": [{"id": each.id, "port": each.port, "drivers": each.drivers()} for each in self.usb],
            "interfaces": [
                {
                    "name": each.name,
                    "up": each.up,
                    "carrier": each.carrier,
                    "addresses": [str(address) for address in each.addresses],
                    "right": is_right(each),
                }
                for each in self.interfaces
            ],
            "files": [{"path": str(path), "written_by": owner} for path, owner in self.files.items()],
        }


def status(interface: str | None = None, *, root: Path = ROOT, sysfs: Path = SYSFS) -> Status:
    """How the link stands now. Changes nothing, and needs no root.

    Args:
        interface: Look at this one, whatever it hangs on.
        root: Below which the files are looked for.
        sysfs: Where the kernel shows what hangs on USB.

    Raises:
        OSError: the kernel cannot be asked.
    """
    names = usb_interfaces(sysfs).keys() if interface is None else {interface}
    return Status(
        usb=usb_devices(sysfs) or (),
        interfaces=tuple(each for each in read_network().interfaces if each.name in names),
        files=installed_files(root),
    )
