"""Checks of the cable that need no network namespaces; tests/e2e/link has the others."""

from __future__ import annotations

import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import NoReturn

import pytest

from vision_ai_tools import link
from vision_ai_tools.doctor import Finding, cable_checks, routing_checks, terminal_state
from vision_ai_tools.link.constants import TERMINAL_ADDRESS
from vision_ai_tools.link.network import Interface, Network, RouteDecision

LOOPBACK = Interface(1, "lo", up=True, carrier=True, loopback=True, addresses=())
USB0 = Interface(2, "usb0", up=True, carrier=True, loopback=False, addresses=(TERMINAL_ADDRESS,))


def check(sysfs: Path, interface_name: str | None = None) -> dict[str, Finding]:
    return {each.step: each for each in cable_checks.check_cable(sysfs, interface_name)}


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("win32", 'netsh interface ipv4 set address name="Ethernet 2" static 172.22.0.7 255.255.255.0'),
        ("darwin", 'sudo networksetup -setmanual "RNDIS" 172.22.0.7 255.255.255.0'),
    ],
)
def test_other_systems_are_set_up_by_hand(
    platform: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    finding = check(tmp_path)["usb"]
    assert finding.state == "unknown"
    assert "NDIS" in finding.what
    for text in (finding.what, finding.describe("zh")):
        assert command in text
    for run in (link.up, link.down, link.read_status, link.plan_install, link.plan_uninstall):
        with pytest.raises(link.LinkError) as error:
            run()
        assert command in error.value.advice


def test_unsupported_operating_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    findings = check(tmp_path)
    assert {(each.state, each.code) for each in findings.values()} == {("unknown", "cable.not_linux")}
    assert findings["usb"].what == "Network interfaces can be checked and configured on Linux only."
    assert findings["usb"].describe("zh") == "只有在 Linux 上才能检查和配置网络接口。"


def test_missing_pyroute2_is_one_line_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyroute2", None)
    finding = check(tmp_path)["usb"]
    assert finding.code == "cable.no_pyroute2"
    assert finding.what == (
        "Network interfaces cannot be checked because pyroute2 is not installed."
        " Install it: pip install 'vision-ai-module[cli]'"
    )


def test_unreadable_network_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(terminal_state, "read_network", refuse)
    finding = check(tmp_path)["usb"]
    assert (finding.state, finding.code) == ("unknown", "cable.unseen")
    assert finding.values["error"] == "[Errno 1] Operation not permitted"
    assert finding.what == (
        "The network settings of this computer cannot be read: [Errno 1] Operation not permitted"
    )


def test_computer_without_interfaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_state, "read_network", lambda: Network((LOOPBACK,), ()))
    finding = check(tmp_path, "usb7")["interface"]
    assert finding.code == "interface.none"
    assert finding.what == "There is no network interface 'usb7': this computer has none at all."


def test_wrong_source_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_state, "read_network", lambda: Network((LOOPBACK, USB0), ()))
    decision = RouteDecision("usb0", IPv4Address("10.1.1.2"))
    monkeypatch.setattr(routing_checks, "look_up_route", lambda *_: decision)
    finding = check(tmp_path, "usb0")["route"]
    assert finding.code == "route.source"
    assert finding.what == (
        "Traffic to 172.22.0.6 leaves usb0 with the source address 10.1.1.2 instead of 172.22.0.7."
    )
    assert finding.fix is not None
