"""Whether the kernel has the driver for the module's network interface."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shared_usb_tree import UsbTree

from vision_ai_tools.doctor.interface_checks import check_interface
from vision_ai_tools.doctor.terminal_state import TerminalState
from vision_ai_tools.link import NoInterfaceError, kernel_modules
from vision_ai_tools.link.discovery import find_module_interface
from vision_ai_tools.link.network import Network
from vision_ai_tools.link.usb import list_usb_devices

NETWORK = Network((), ())


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the running kernel's modules."""
    folder = tmp_path / "modules" / os.uname().release
    folder.mkdir(parents=True)
    (folder / "modules.dep").write_text("kernel/net/mac80211.ko.xz: kernel/net/cfg80211.ko.xz\n")
    (folder / "modules.builtin").write_text("kernel/fs/ext4/ext4.ko\n")
    monkeypatch.setattr(kernel_modules, "FOLDERS", (tmp_path / "modules",))
    return folder


@pytest.fixture
def usb(tmp_path: Path) -> UsbTree:
    usb = UsbTree(tmp_path / "sys")
    usb.plug_in(driver=None)
    return usb


def diagnose(usb: UsbTree) -> str:
    state = TerminalState(NETWORK, list_usb_devices(usb.root), {}, None, usb.root)
    return check_interface(state)[0].code


def test_missing_driver(usb: UsbTree, modules: Path) -> None:
    assert diagnose(usb) == "interface.no_kernel_driver"
    with pytest.raises(NoInterfaceError, match="rndis_host") as error:
        find_module_interface(NETWORK, usb.root)
    assert "CONFIG_USB_NET_RNDIS_HOST" in error.value.advice


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("modules.builtin", "kernel/drivers/net/usb/rndis_host.ko"),
        ("modules.dep", "kernel/drivers/net/usb/rndis_host.ko: kernel/drivers/net/usb/usbnet.ko"),
        ("modules.dep", "kernel/drivers/net/usb/rndis_host.ko.zst:"),
        ("modules.dep", "updates/rndis-host.ko.xz:"),
    ],
)
def test_driver_that_can_be_loaded(usb: UsbTree, modules: Path, file: str, line: str) -> None:
    (modules / file).write_text(f"{line}\n")
    assert diagnose(usb) == "interface.no_driver"


def test_driver_as_a_dependency_only_of_another_line(usb: UsbTree, modules: Path) -> None:
    (modules / "modules.dep").write_text("kernel/x/my_rndis_host.ko:\n")
    assert diagnose(usb) == "interface.no_kernel_driver"


def test_loaded_driver(usb: UsbTree, modules: Path) -> None:
    (usb.root / "module/rndis_host").mkdir(parents=True)
    assert diagnose(usb) == "interface.no_driver"


def test_kernel_files_that_cannot_be_seen(usb: UsbTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_modules, "FOLDERS", ())
    assert diagnose(usb) == "interface.no_driver"
