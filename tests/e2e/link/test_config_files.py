"""The installed configuration files, read by the programs that they are for."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from network_lab import NetworkLab
from shared_usb_tree import MODULE, OLD_MODULE, UsbTree

from vision_ai_tools import link
from vision_ai_tools.link.forwarding.unit import make_unit

NETWORKD = Path("/lib/systemd/systemd-networkd")


def require(available: object, what: str) -> None:
    if not available:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"this needs {what}")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root folder with the files for systemd-networkd."""
    link.plan_install(root=tmp_path / "root", manager="systemd-networkd").apply()
    return tmp_path / "root"


@pytest.mark.parametrize(("id", "name"), [(MODULE, "visionai0"), (OLD_MODULE, "usb0")])
def test_udev_renames_the_interface(installed: Path, usb: UsbTree, id: tuple[str, str], name: str) -> None:
    require(shutil.which("udevadm") and os.geteuid() == 0, "udevadm (Debian's udev) and root")
    usb.plug_in(id=id)
    usb.add_interface("usb0")
    path = usb.add_udev_files("usb0")
    process = subprocess.run(
        [
            *("unshare", "--mount", "sh", "-ec"),
            'mount -t tmpfs none /run; mount --bind "$0" /sys; mount --bind "$1" /etc/udev/rules.d;'
            ' exec udevadm test --action=add "$2"',
            *(str(usb.root), str(installed / "etc/udev/rules.d"), str(path)),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_DEVICE_VERIFY_SYSFS": "0"},
        timeout=60,
        check=False,
    )
    assert f"INTERFACE={name}\n" in process.stdout, process.stderr


@pytest.mark.parametrize("folder", ["bin", "a till", 'a "till" for 100$', "100%"])
def test_systemd_accepts_the_unit_of_forwarding(tmp_path: Path, folder: str) -> None:
    require(shutil.which("systemd-analyze"), "systemd-analyze (Debian's systemd)")
    program = tmp_path / folder / "vision-ai"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit = make_unit(link.make_forwarding(["10.0.0.0/8"]), str(program))
    file = tmp_path / unit.path.name
    file.write_text(unit.text, encoding="utf-8")
    process = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")


def test_networkd_configures_the_interface(lab: NetworkLab, installed: Path) -> None:
    require(NETWORKD.exists(), f"{NETWORKD} (Debian's systemd)")
    lab.ip("link", "set", "usb0", "down")
    lab.ip("address", "flush", "dev", "usb0")
    lab.ip("link", "set", "usb0", "name", "visionai0")
    # networkd waits for udev unless /sys is read-only.
    command = (
        "mount -t tmpfs none /run; mkdir -p /run/systemd/netif/links /run/systemd/netif/leases;"
        ' mount --bind "$0" /etc/systemd/network; mount -o remount,bind,ro /sys; exec "$1"'
    )
    networkd = subprocess.Popen(
        [
            *("ip", "netns", "exec", lab.terminal, "sh", "-ec", command),
            *(str(installed / "etc/systemd/network"), str(NETWORKD)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            if lab.addresses("visionai0"):
                break
            time.sleep(0.1)
    finally:
        networkd.terminate()
        networkd.wait(20)
    assert lab.addresses("visionai0") == ["172.22.0.7/24"]
    lab.clear_usb().plug_in()
    lab.usb.add_interface("visionai0")
    assert lab.doctor().status == 0
