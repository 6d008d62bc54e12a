"""The link on a computer with a real systemd-networkd, which runs in the terminal's namespaces only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from managed_terminal import START_BUS, ManagedTerminal
from network_lab import NetworkLab

from vision_ai_tools import link

pytestmark = pytest.mark.slow

NETWORKD = Path("/lib/systemd/systemd-networkd")
# With udev's files of initialized interfaces, systemd-networkd does not wait for udev.
START = f"""\
for folder in /run /etc/systemd/network; do mount -t tmpfs none $folder; done
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/udev/data
chown -R systemd-network: /run/systemd/netif
for file in /sys/class/net/*/ifindex; do echo I:1 > /run/udev/data/n$(cat $file); done
cp "$0"/*.network /etc/systemd/network
{START_BUS}while sleep 0.1; do {NETWORKD} || :; done
"""
FILE = "/run/systemd/network/04-vision-ai-usb0.network"


class Terminal(ManagedTerminal):
    """A terminal on which systemd-networkd runs. When it ends, it is started again."""

    def read_state(self, interface: str) -> str:
        index = self.lab.read_ip("link", "show", "dev", interface)[0]["ifindex"]
        text = self.run("cat", f"/run/systemd/netif/links/{index}").stdout
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line).get("ADMIN_STATE", "")

    def restart(self) -> None:
        """Restart systemd-networkd, and wait until it has read everything again."""
        (before,) = self._find_processes()
        os.kill(int(before), signal.SIGTERM)
        self.wait(lambda: [each for each in self._find_processes() if each != before] != [])
        self.wait(lambda: self.read_state("lo") == "unmanaged" and self._is_settled())

    def _is_settled(self) -> bool:
        return self.run("networkctl", "status", "usb0").returncode == 0 and self.read_state("usb0") in (
            "configured",
            "configuring",
            "unmanaged",
        )

    def _find_processes(self) -> list[str]:
        command = ["ip", "netns", "pids", self.lab.terminal]
        pids = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return [each for each in pids if self._read_name(each) == "systemd-network"]

    @staticmethod
    def _read_name(process: str) -> str:
        try:
            return Path("/proc", process, "comm").read_text().strip()
        except OSError:  # it has ended
            return ""


@pytest.fixture
def start(lab: NetworkLab, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    if not (NETWORKD.exists() and shutil.which("dbus-daemon")):
        reason = "this needs systemd-networkd and dbus-daemon (Debian's systemd and dbus)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    lab.ip("address", "flush", "dev", "usb0")
    folder = tmp_path / "networkd"
    folder.mkdir()
    terminals: list[Terminal] = []

    def start(**networks: str) -> Terminal:
        """Start it with these sections [Network] for interfaces."""
        for interface, section in networks.items():
            file = folder / f"80-{interface}.network"
            file.write_text(f"[Match]\nName={interface}\n[Network]\n{section}\n", encoding="utf-8")
        terminals.append(Terminal(lab, START, folder))
        return terminals[0]

    yield start
    for each in terminals:
        each.stop()


def test_restart_of_networkd_removes_an_address_that_was_set_beside_it(
    start: Callable[..., Terminal],
) -> None:
    terminal = start(usb0="DHCP=yes")
    terminal.wait(lambda: terminal.read_state("usb0") == "configuring")
    terminal.lab.ip("address", "add", "172.22.0.7/24", "dev", "usb0")
    terminal.restart()
    terminal.wait(lambda: terminal.lab.addresses("usb0") == [])


@pytest.mark.parametrize("section", ["DHCP=yes", "Address=10.9.0.5/24", "Address=172.22.0.9/24"])
def test_setting_is_not_undone(start: Callable[..., Terminal], section: str) -> None:
    terminal = start(usb0=section)
    terminal.wait(lambda: terminal.read_state("usb0") in ("configuring", "configured"))
    run = terminal.run("vision-ai", "link", "up")
    assert run.returncode == 0, run.stderr
    assert f"took it over from systemd-networkd ({FILE})" in run.stdout
    for restart in (
        lambda: None,
        terminal.restart,
        lambda: terminal.run("networkctl", "reconfigure", "usb0"),
    ):
        restart()
        assert terminal.read_state("usb0") == "unmanaged"
        assert terminal.lab.addresses("usb0") == ["172.22.0.7/24"]
    assert "already set up" in terminal.run("vision-ai", "link", "up").stdout
    assert "brought down" in terminal.run("vision-ai", "link", "down").stdout
    terminal.restart()
    assert terminal.lab.addresses("usb0") == []


def test_other_interfaces_keep_what_networkd_and_others_gave_them(
    lab: NetworkLab, start: Callable[..., Terminal]
) -> None:
    lab.add_card()
    terminal = start(usb0="DHCP=yes", eth1="Address=10.77.0.1/24\nGateway=10.77.0.254")
    terminal.wait(lambda: lab.addresses("eth1") == ["10.77.0.1/24"])
    lab.ip("address", "add", "10.78.0.1/24", "dev", "eth1")
    terminal.wait(lambda: len(lab.read_ip("route", "show", "dev", "eth1")) == 3)
    before = lab.read_ip("address", "show", "dev", "eth1"), lab.read_ip("route", "show", "dev", "eth1")
    for command in ("up", "down", "up"):
        assert terminal.run("vision-ai", "link", command).returncode == 0
    terminal.wait(lambda: terminal.read_state("usb0") == "unmanaged")
    after = lab.read_ip("address", "show", "dev", "eth1"), lab.read_ip("route", "show", "dev", "eth1")
    assert after == before


def test_installed_link_is_left_to_networkd(
    lab: NetworkLab, start: Callable[..., Terminal], tmp_path: Path
) -> None:
    link.plan_install(root=tmp_path, manager="systemd-networkd").apply()
    shutil.copy(tmp_path / "etc/systemd/network/05-vision-ai-visionai0.network", tmp_path / "networkd")
    lab.ip("link", "set", "usb0", "down")
    lab.ip("link", "set", "usb0", "name", "visionai0")
    lab.clear_usb().plug_in()
    lab.usb.add_interface("visionai0")
    terminal = start(visionai0="DHCP=yes")
    terminal.wait(lambda: terminal.read_state("visionai0") == "configured")
    assert "already set up" in terminal.run("vision-ai", "link", "up").stdout
    assert terminal.read_state("visionai0") == "configured"
    assert lab.addresses("visionai0") == ["172.22.0.7/24"]


def test_interface_that_networkd_does_not_manage(start: Callable[..., Terminal]) -> None:
    terminal = start(eth1="DHCP=yes")
    terminal.wait(lambda: terminal.read_state("usb0") == "unmanaged")
    assert "systemd-networkd" not in terminal.run("vision-ai", "link", "up").stdout
    assert terminal.run("test", "-e", FILE).returncode == 1


def test_failing_reload_is_a_warning(start: Callable[..., Terminal]) -> None:
    terminal = start(usb0="DHCP=yes")
    terminal.wait(lambda: terminal.read_state("usb0") == "configuring")
    terminal.run("rm", "/run/dbus/system_bus_socket")
    run = terminal.run("vision-ai", "link", "up")
    assert run.returncode == 0, run.stderr
    assert "'networkctl reload' fails" in run.stderr
    assert terminal.run("test", "-e", FILE).returncode == 1
    assert terminal.lab.addresses("usb0") == ["172.22.0.7/24"]
