"""`vision-ai link up`, `down` and `status` in network namespaces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from network_lab import CompletedProcess, NetworkLab


def get_result(run: CompletedProcess) -> dict[str, Any]:
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["result"]


@pytest.fixture
def unconfigured(lab: NetworkLab) -> NetworkLab:
    """usb0 is down and has no address, as after plugging the module in."""
    lab.ip("address", "flush", "dev", "usb0")
    lab.ip("link", "set", "usb0", "down")
    return lab


def test_up_adds_the_address_and_brings_the_interface_up(unconfigured: NetworkLab) -> None:
    result = get_result(unconfigured.vision_ai("link", "up", "--json"))
    assert result == {
        "interface": "usb0",
        "changes": ["added 172.22.0.7/24", "brought up"],
        "warnings": [],
    }
    assert unconfigured.vision_ai("info").returncode == 0


def test_second_up_changes_nothing(unconfigured: NetworkLab) -> None:
    unconfigured.vision_ai("link", "up")
    before = unconfigured.read_ip("address"), unconfigured.read_ip("route")
    assert get_result(unconfigured.vision_ai("link", "up", "--json"))["changes"] == []
    assert (unconfigured.read_ip("address"), unconfigured.read_ip("route")) == before


def test_up_removes_wrong_addresses_of_the_modules_network_only(unconfigured: NetworkLab) -> None:
    for address in ("172.22.0.9/24", "172.22.0.8/24", "169.254.1.1/16"):
        unconfigured.ip("address", "add", address, "dev", "usb0")
    unconfigured.vision_ai("link", "up")
    assert sorted(unconfigured.addresses("usb0")) == ["169.254.1.1/16", "172.22.0.7/24"]


def test_other_interfaces_are_not_changed(unconfigured: NetworkLab) -> None:
    unconfigured.add_card()
    unconfigured.ip("address", "add", "172.22.0.9/24", "dev", "eth1")
    unconfigured.ip("address", "add", "10.1.1.2/24", "dev", "eth1")
    unconfigured.ip("route", "add", "default", "via", "10.1.1.1")
    before = (
        unconfigured.read_ip("address", "show", "dev", "eth1"),
        unconfigured.read_ip("route", "show", "dev", "eth1"),
    )
    result = get_result(unconfigured.vision_ai("link", "up", "--json"))
    assert ["eth1 has 172.22.0.9/24" in each for each in result["warnings"]] == [True]
    unconfigured.vision_ai("link", "down")
    after = (
        unconfigured.read_ip("address", "show", "dev", "eth1"),
        unconfigured.read_ip("route", "show", "dev", "eth1"),
    )
    assert after == before


def test_up_needs_root_only_for_changes(unconfigured: NetworkLab) -> None:
    run = unconfigured.vision_ai_as_user("link", "up")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()
    assert "needs root" in first
    assert second.strip().startswith("sudo ")
    assert second.endswith("vision-ai link up")
    assert unconfigured.addresses("usb0") == []

    unconfigured.vision_ai("link", "up")
    assert unconfigured.vision_ai_as_user("link", "up").returncode == 0


def test_doctor_needs_no_root_and_prints_sudo(unconfigured: NetworkLab) -> None:
    run = unconfigured.vision_ai_as_user("doctor")
    assert run.returncode == 3
    assert "$ sudo " in run.stdout


def test_down_reverts_up(unconfigured: NetworkLab) -> None:
    unconfigured.vision_ai("link", "up")
    changes = get_result(unconfigured.vision_ai("link", "down", "--json"))["changes"]
    assert changes == ["removed 172.22.0.7/24", "brought down"]
    assert unconfigured.addresses("usb0") == []
    assert get_result(unconfigured.vision_ai("link", "down", "--json"))["changes"] == []


def test_named_interface(unconfigured: NetworkLab) -> None:
    unconfigured.clear_usb().hide_bus()
    run = unconfigured.vision_ai("link", "up")
    assert run.returncode == 1
    assert "--interface" in run.stderr
    assert unconfigured.vision_ai("link", "up", "--interface", "usb0").returncode == 0
    assert unconfigured.addresses("usb0") == ["172.22.0.7/24"]


@pytest.mark.parametrize(("name", "message"), [("usb7", "Available: usb0"), ("lo", "loopback")])
def test_impossible_interface(unconfigured: NetworkLab, name: str, message: str) -> None:
    run = unconfigured.vision_ai("link", "up", "--interface", name)
    assert run.returncode == 1
    assert message in run.stderr


def test_two_modules_need_a_named_interface(unconfigured: NetworkLab) -> None:
    with unconfigured.second_module():
        run = unconfigured.vision_ai("link", "up")
        assert run.returncode == 1
        assert "--interface usb0" in run.stderr
        result = get_result(unconfigured.vision_ai("link", "up", "--interface", "usb1", "--json"))
        assert result["warnings"] == []
        assert unconfigured.addresses("usb0") == []
        assert unconfigured.addresses("usb1") == ["172.22.0.7/24"]


def test_status(unconfigured: NetworkLab) -> None:
    result = get_result(unconfigured.vision_ai("link", "status", "--json"))
    assert result["usb"] == [{"id": "2207:372d", "port": "1-1", "drivers": ["rndis_host"]}]
    assert [(each["name"], each["right"]) for each in result["interfaces"]] == [("usb0", False)]
    unconfigured.vision_ai("link", "up")
    result = get_result(unconfigured.vision_ai("link", "status", "--json"))
    assert result["interfaces"][0]["addresses"] == ["172.22.0.7/24"]
    assert result["interfaces"][0]["right"]
    assert "up, 172.22.0.7/24" in unconfigured.vision_ai("link", "status").stdout
