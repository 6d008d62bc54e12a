"""Modules and their interfaces under /sys."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_usb_tree import OLD_MODULE, PRINTER, UsbTree

from vision_ai_tools.link.usb import list_usb_devices, map_usb_interfaces


@pytest.fixture
def usb(tmp_path: Path) -> UsbTree:
    return UsbTree(tmp_path / "sys")


def test_only_modules_are_listed(usb: UsbTree) -> None:
    usb.plug_in("1-1", id=PRINTER, driver="usblp")
    usb.plug_in("1-2")
    usb.plug_in("1-4.3", id=OLD_MODULE, driver="usbhid")
    devices = list_usb_devices(usb.root)
    assert devices is not None
    listed = [(each.port, each.id, each.is_old, each.drivers()) for each in devices]
    assert listed == [
        ("1-2", "2207:372d", False, ("rndis_host",)),
        ("1-4.3", "2207:3729", True, ("usbhid",)),
    ]


def test_hidden_bus_differs_from_an_empty_one(usb: UsbTree) -> None:
    assert list_usb_devices(usb.root) == ()
    usb.hide_bus()
    assert list_usb_devices(usb.root) is None


def test_ids_in_uppercase(usb: UsbTree) -> None:
    usb.plug_in(id=("2207", "372D"))
    assert [each.product for each in list_usb_devices(usb.root) or ()] == ["372d"]


def test_device_unplugged_while_listing(usb: UsbTree) -> None:
    usb.plug_in("1-1")
    usb.plug_in("1-2")
    (usb.root / "bus/usb/devices/1-1").resolve().joinpath("idVendor").unlink()
    assert [each.port for each in list_usb_devices(usb.root) or ()] == ["1-2"]


def test_interfaces_belong_to_the_modules_on_usb(usb: UsbTree) -> None:
    usb.plug_in("1-1")
    usb.add_interface("usb0", "1-1")
    usb.plug_in("1-2", id=("0bda", "8153"), driver="r8152")
    usb.add_interface("usb1", "1-2")
    usb.add_card("eth0")
    assert {name: device.port for name, device in map_usb_interfaces(usb.root).items()} == {"usb0": "1-1"}
