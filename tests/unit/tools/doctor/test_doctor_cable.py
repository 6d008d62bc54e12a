"""The cable, where nothing has to be set up for what the doctor finds; the rest is in tests/e2e/link."""

from __future__ import annotations

import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import NoReturn

import pytest

from vision_ai_tools.doctor import Finding, cable
from vision_ai_tools.link.netlink import Interface, Network, Way
from vision_ai_tools.link.vendor import TERMINAL

LOOPBACK = Interface(1, "lo", up=True, carrier=True, loopback=True, addresses=())
USB0 = Interface(2, "usb0", up=True, carrier=True, loopback=False, addresses=(TERMINAL,))


def found(sysfs: Path, name: str | None = None) -> dict[str, Finding]:
    return {each.step: each for each in cable.look_at_cable(sysfs, name)}


def test_on_another_system_than_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    findings = found(tmp_path)
    assert {(each.state, each.code) for each in findings.values()} == {("unknown", "cable.not_linux")}
    assert findings["usb"].what == "Network interfaces can be looked at and set up on Linux only."
    assert findings["usb"].said("zh") == "只有在 Linux 上才能查看和设置网络接口。"


def test_without_pyroute2_it_says_on_one_line_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyroute2", None)
    finding = found(tmp_path)["usb"]
    assert finding.code == "cable.no_pyroute2"
    assert finding.what == (
        "Network interfaces cannot be looked at: pyroute2 is not installed."
        " Install it: pip install 'vision-ai-module[cli]'"
    )


def test_where_the_kernel_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(cable, "read_network", refuse)
    finding = found(tmp_path)["usb"]
    assert (finding.state, finding.code) == ("unknown", "cable.unseen")
    assert finding.what == finding.values["error"] == "[Errno 1] Operation not permitted"


def test_no_interface_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cable, "read_network", lambda: Network((LOOPBACK,), ()))
    finding = found(tmp_path, "usb7")["interface"]
    assert finding.code == "interface.none"
    assert finding.what == "There is no network interface 'usb7'; there are: none."


def test_another_source_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cable, "read_network", lambda: Network((LOOPBACK, USB0), ()))
    monkeypatch.setattr(cable, "way_to", lambda *_: Way("usb0", IPv4Address("10.1.1.2")))
    finding = found(tmp_path, "usb0")["route"]
    assert finding.code == "route.source"
    assert finding.what == "What is for 172.22.0.6 leaves usb0 from 10.1.1.2, not from 172.22.0.7."
    assert finding.mend is not None
