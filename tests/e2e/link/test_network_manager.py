"""The link on a computer with a real NetworkManager, which runs in the terminal's namespaces only."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from managed_terminal import START_BUS, ManagedTerminal
from network_lab import NetworkLab

from vision_ai_tools import link

pytestmark = pytest.mark.slow

START = f"""\
for folder in /run /var/lib/NetworkManager /etc/NetworkManager; do mount -t tmpfs none $folder; done
mount -o remount,bind,ro /sys  # without udev
cp -r "$0/." /etc/NetworkManager
{START_BUS}exec NetworkManager --no-daemon
"""
SETTINGS = """\
[main]
plugins=keyfile
dns=none
[connection]
ipv4.dhcp-timeout=3
ipv6.ra-timeout=3
[connectivity]
enabled=false
"""


class Terminal(ManagedTerminal):
    """A terminal on which NetworkManager runs."""

    def __init__(self, lab: NetworkLab, folder: Path) -> None:
        (folder / "NetworkManager.conf").write_text(SETTINGS, encoding="utf-8")
        super().__init__(lab, START, folder)

    def read_state(self, interface: str) -> str:
        return (
            self.run("nmcli", "-g", "GENERAL.STATE", "device", "show", interface).stdout.split(" ")[0].strip()
        )


@pytest.fixture
def start(lab: NetworkLab, tmp_path: Path) -> Iterator[Callable[[], Terminal]]:
    if not (shutil.which("NetworkManager") and shutil.which("nmcli") and shutil.which("dbus-daemon")):
        reason = "this needs NetworkManager and dbus-daemon (Debian's network-manager and dbus)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    lab.ip("address", "flush", "dev", "usb0")
    terminals: list[Terminal] = []
    folder = tmp_path / "NetworkManager"
    folder.mkdir()

    def start() -> Terminal:
        terminals.append(Terminal(lab, folder))
        return terminals[0]

    yield start
    for each in terminals:
        each.stop()


def test_network_manager_removes_an_address_that_was_set_beside_it(start: Callable[[], Terminal]) -> None:
    terminal = start()
    terminal.wait(lambda: terminal.read_state("usb0") == "70")  # asks for an address by DHCP
    terminal.lab.ip("address", "add", "172.22.0.7/24", "dev", "usb0")
    assert terminal.lab.addresses("usb0") == ["172.22.0.7/24"]
    terminal.wait(lambda: terminal.lab.addresses("usb0") == [])


def test_setting_is_not_undone(start: Callable[[], Terminal]) -> None:
    terminal = start()
    terminal.wait(lambda: terminal.read_state("usb0") == "70")  # asks for an address by DHCP
    run = terminal.run("vision-ai", "link", "up")
    assert run.returncode == 0, run.stderr
    assert "took it over from NetworkManager" in run.stdout
    assert terminal.read_state("usb0") == "10"
    ends = time.monotonic() + 8  # the test above shows that the address would be removed by then
    while time.monotonic() < ends:
        assert terminal.lab.addresses("usb0") == ["172.22.0.7/24"]
        time.sleep(0.5)
    assert "already set up" in terminal.run("vision-ai", "link", "up").stdout


def test_installed_connection_is_left_to_network_manager(
    start: Callable[[], Terminal], tmp_path: Path
) -> None:
    link.plan_install(root=tmp_path, manager="NetworkManager").apply()
    shutil.copytree(
        tmp_path / "etc/NetworkManager/system-connections", tmp_path / "NetworkManager/system-connections"
    )
    terminal = start()
    terminal.lab.ip("link", "set", "usb0", "down")
    terminal.lab.ip("link", "set", "usb0", "name", "visionai0")
    terminal.lab.clear_usb().plug_in()
    terminal.lab.usb.add_interface("visionai0")
    terminal.wait(lambda: terminal.read_state("visionai0") == "100")
    assert terminal.lab.addresses("visionai0") == ["172.22.0.7/24"]
    assert "already set up" in terminal.run("vision-ai", "link", "up").stdout
    assert terminal.read_state("visionai0") == "100"


def test_running_network_manager_is_found_without_a_pid_file(start: Callable[[], Terminal]) -> None:
    terminal = start()
    terminal.wait(lambda: terminal.read_state("usb0") != "")
    code = "from pathlib import Path; from vision_ai_tools.link.managers import *; print(find_manager(Path('/')).name)"
    assert terminal.run("test", "-e", "/run/NetworkManager/NetworkManager.pid").returncode == 1
    assert terminal.run(sys.executable, "-c", code).stdout == "NetworkManager\n"
