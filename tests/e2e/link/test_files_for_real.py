"""The files that make the link last, read by the programs they are for."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from link_bench import LinkBench
from usb_tree import MODULE, OLD_MODULE, UsbTree

from vision_ai_tools import link

NETWORKD = Path("/lib/systemd/systemd-networkd")


def need(there: object, what: str) -> None:
    if not there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"this needs {what}")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root with the files for systemd-networkd."""
    link.planned_install(root=tmp_path / "root", manager="systemd-networkd").apply()
    return tmp_path / "root"


@pytest.mark.parametrize(("id", "name"), [(MODULE, "visionai0"), (OLD_MODULE, "usb0")])
def test_udev_names_the_interface(installed: Path, usb: UsbTree, id: tuple[str, str], name: str) -> None:
    need(shutil.which("udevadm") and os.geteuid() == 0, "udevadm (Debian's udev) and root")
    usb.plug_in(id=id)
    usb.add_interface("usb0")
    path = usb.describe_for_udev("usb0")
    done = subprocess.run(
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
    assert f"INTERFACE={name}\n" in done.stdout, done.stderr


def test_networkd_sets_the_interface_up(bench: LinkBench, installed: Path) -> None:
    need(NETWORKD.exists(), f"{NETWORKD} (Debian's systemd)")
    bench.ip("link", "set", "usb0", "down")
    bench.ip("address", "flush", "dev", "usb0")
    bench.ip("link", "set", "usb0", "name", "visionai0")
    # It waits for udev where /sys can be written to.
    command = (
        "mount -t tmpfs none /run; mkdir -p /run/systemd/netif/links /run/systemd/netif/leases;"
        ' mount --bind "$0" /etc/systemd/network; mount -o remount,bind,ro /sys; exec "$1"'
    )
    networkd = subprocess.Popen(
        [
            *("ip", "netns", "exec", bench.terminal, "sh", "-ec", command),
            *(str(installed / "etc/systemd/network"), str(NETWORKD)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            if bench.addresses("visionai0"):
                break
            time.sleep(0.1)
    finally:
        networkd.terminate()
        networkd.wait(20)
    assert bench.addresses("visionai0") == ["172.22.0.7/24"]
    bench.usb = bench.clear_usb()
    bench.usb.plug_in()
    bench.usb.add_interface("visionai0")
    assert bench.doctor().status == 0
