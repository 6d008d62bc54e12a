"""What is read below /sys."""

from __future__ import annotations

from usb_tree import OLD_MODULE, PRINTER, UsbTree

from vision_ai_tools.link.usb import usb_devices, usb_interfaces


def test_only_modules_are_seen(usb: UsbTree) -> None:
    usb.plug_in("1-1", id=PRINTER, driver="usblp")
    usb.plug_in("1-2")
    usb.plug_in("1-4.3", id=OLD_MODULE, driver="usbhid")
    devices = usb_devices(usb.root)
    assert devices is not None
    seen = [(each.port, each.id, each.is_old, each.drivers()) for each in devices]
    assert seen == [
        ("1-2", "2207:372d", False, ("rndis_host",)),
        ("1-4.3", "2207:3729", True, ("usbhid",)),
    ]


def test_no_usb_is_not_the_same_as_nothing_on_it(usb: UsbTree) -> None:
    assert usb_devices(usb.root) == ()
    usb.hide_bus()
    assert usb_devices(usb.root) is None


def test_ids_in_capitals(usb: UsbTree) -> None:
    usb.plug_in(id=("2207", "372D"))
    assert [each.product for each in usb_devices(usb.root) or ()] == ["372d"]


def test_a_device_pulled_out_while_we_look(usb: UsbTree) -> None:
    usb.plug_in("1-1")
    usb.plug_in("1-2")
    (usb.root / "bus/usb/devices/1-1").resolve().joinpath("idVendor").unlink()
    assert [each.port for each in usb_devices(usb.root) or ()] == ["1-2"]


def test_interfaces_are_told_by_the_device_they_hang_on(usb: UsbTree) -> None:
    usb.plug_in("1-1")
    usb.add_interface("usb0", "1-1")
    usb.plug_in("1-2", id=("0bda", "8153"), driver="r8152")
    usb.add_interface("usb1", "1-2")
    usb.add_card("eth0")
    assert {name: device.port for name, device in usb_interfaces(usb.root).items()} == {"usb0": "1-1"}
