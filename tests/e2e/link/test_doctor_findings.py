"""Every problem that the doctor can find on the cable, created in network namespaces, found, and fixed by the
commands that the doctor prints."""

from __future__ import annotations

import os
import sys

import pytest
from network_lab import DoctorRun, NetworkLab
from shared_usb_tree import OLD_MODULE

CABLE = ("usb", "interface", "up", "address", "network", "route")
BEYOND = ("neighbor", "port", "http", "protocol", "api", "clock", "activation", "camera")


def test_all_well(lab: NetworkLab) -> None:
    run = lab.doctor()
    in_v1 = {"clock": "skipped"}  # only V2 has an operation for the clock
    assert run.states == dict.fromkeys((*CABLE, "proxy", *BEYOND), "right") | in_v1
    assert run.status == 0
    assert run.diagnosis["well"]
    assert run.diagnosis["url"] == "http://172.22.0.6"


# --- on USB


def test_no_module_on_usb(lab: NetworkLab) -> None:
    lab.module.unplug()
    lab.clear_usb()
    run = lab.doctor()
    assert run.wrong_steps == ["usb"]
    assert "2207:372d" in run.find("usb")["what"]
    assert {run.states[step] for step in ("interface", "up", "address", "route", *BEYOND)} == {"skipped"}
    assert run.status == 3
    lab.plug_in()
    lab.usb.plug_in()
    lab.usb.add_interface("usb0")
    lab.vision_ai("link", "up")
    assert lab.doctor().status == 0


def test_module_of_the_previous_generation(lab: NetworkLab) -> None:
    lab.module.unplug()
    lab.clear_usb().plug_in(id=OLD_MODULE, driver="usbhid")
    run = lab.doctor()
    assert run.wrong_steps == ["usb"]
    assert "2207:3729" in run.find("usb")["what"]
    assert "USB-HID" in run.find("usb")["what"]
    assert run.status == 3


def test_modules_of_both_generations(lab: NetworkLab) -> None:
    lab.usb.plug_in("1-2", id=OLD_MODULE, driver="usbhid")
    assert lab.doctor().status == 0


def test_missing_driver(lab: NetworkLab) -> None:
    lab.module.unplug()
    lab.clear_usb().plug_in(driver=None)
    run = lab.doctor()
    assert run.wrong_steps == ["interface"]
    assert run.wrong[0]["code"] == "interface.no_driver"
    assert run.wrong[0]["fix"] == "modprobe rndis_host"
    assert run.status == 3


def test_kernel_without_the_driver(lab: NetworkLab) -> None:
    lab.module.unplug()
    lab.clear_usb().plug_in(driver=None)
    modules = f"/run/booted-system/kernel-modules/lib/modules/{os.uname().release}"
    lists = (
        f"mount -t tmpfs none /run; mkdir -p {modules}; touch {modules}/modules.dep {modules}/modules.builtin"
    )
    run = DoctorRun(lab.run("sh", "-ec", f"{lists}; exec vision-ai doctor --json"))
    assert run.wrong_steps == ["interface"]
    assert run.wrong[0]["code"] == "interface.no_kernel_driver"
    assert run.wrong[0]["fix"] is None
    up = lab.run("sh", "-ec", f"{lists}; exec vision-ai link up")
    assert up.returncode == 1
    assert "has no driver rndis_host" in up.stderr


def test_driver_without_an_interface(lab: NetworkLab) -> None:
    lab.module.unplug()
    lab.clear_usb().plug_in()
    run = lab.doctor()
    assert run.wrong_steps == ["interface"]
    assert run.wrong[0]["code"] == "interface.missing"
    assert "rndis_host" in run.wrong[0]["what"]
    assert run.wrong[0]["fix"] is None


def test_address_identifies_the_interface_without_usb(lab: NetworkLab) -> None:
    lab.clear_usb().hide_bus()
    run = lab.doctor()
    assert (run.states["usb"], run.states["interface"]) == ("unknown", "unknown")
    assert run.status == 0


def test_unidentified_interface_has_to_be_named(lab: NetworkLab) -> None:
    lab.clear_usb().hide_bus()
    lab.ip("address", "flush", "dev", "usb0")
    run = lab.doctor()
    assert run.wrong_steps == ["interface"]
    run = lab.doctor("--interface", "usb0")
    assert run.wrong_steps == ["address"]
    assert lab.doctor_after_fixes(run).status == 0


def test_module_is_checked_without_pyroute2(lab: NetworkLab) -> None:
    code = (
        "import sys; sys.modules['pyroute2'] = None; from vision_ai_tools.cli import main; sys.exit(main())"
    )
    run = DoctorRun(lab.run(sys.executable, "-c", code, "doctor", "--json"))
    assert {run.states[step] for step in CABLE} == {"unknown"}
    assert "pip install 'vision-ai-module[cli]'" in run.find("usb")["what"]
    assert run.status == 0


# --- the interface


def test_interface_that_is_down(lab: NetworkLab) -> None:
    lab.ip("link", "set", "usb0", "down")
    run = lab.doctor()
    assert run.wrong_steps == ["up"]
    assert run.status == 3
    assert lab.doctor_after_fixes(run).status == 0


def test_interface_that_is_not_connected(lab: NetworkLab) -> None:
    lab.module.ip("link", "set", "gadget0", "down")
    run = lab.doctor()
    assert run.wrong_steps == ["up"]
    assert run.wrong[0]["fix"] is None
    assert run.states["route"] == "skipped"


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        ([], "address.none"),
        (["172.22.0.8/24"], "address.wrong"),
        (["172.22.0.7/16"], "address.wrong"),
        (["172.22.0.9/24", "172.22.0.7/24"], "address.beside"),
    ],
)
def test_wrong_address(lab: NetworkLab, addresses: list[str], code: str) -> None:
    lab.ip("address", "flush", "dev", "usb0")
    for address in addresses:
        lab.ip("address", "add", address, "dev", "usb0")
    run = lab.doctor()
    assert run.wrong_steps == ["address"]
    assert run.wrong[0]["code"] == code
    assert (addresses[0] if addresses else "no address") in run.wrong[0]["what"]
    assert "172.22.0.7/24" in run.wrong[0]["what"]
    assert {run.states[step] for step in BEYOND} == {"skipped"}
    assert lab.doctor_after_fixes(run).status == 0
    assert lab.addresses("usb0") == ["172.22.0.7/24"]


def test_additional_address_in_another_network_is_harmless(lab: NetworkLab) -> None:
    lab.ip("address", "add", "169.254.7.7/16", "dev", "usb0")
    assert lab.doctor().status == 0


# --- conflicts in the module's network


@pytest.fixture
def card(lab: NetworkLab) -> str:
    return lab.add_card()


@pytest.mark.parametrize("address", ["172.22.0.9/24", "172.22.0.1/16", "172.22.0.7/24", "172.22.0.6/32"])
def test_conflicting_address(lab: NetworkLab, card: str, address: str) -> None:
    lab.ip("address", "add", address, "dev", card)
    run = lab.doctor()
    assert "network" in run.wrong_steps
    assert f"{card} has {address}" in run.find("network")["what"]
    assert run.find("network")["fix"] == f"ip address del {address} dev {card}"
    assert run.status in (1, 3)
    lab.run("sh", "-c", run.find("network")["fix"])
    assert lab.doctor().status == 0


@pytest.mark.parametrize(
    "route",
    [
        "172.22.0.0/24 dev eth1 metric 5",
        "172.22.0.6/32 via 10.1.1.1 dev eth1",
        "172.22.0.0/25 dev eth1 table 77",
        "blackhole 172.22.0.6/32",
    ],
)
def test_conflicting_route(lab: NetworkLab, card: str, route: str) -> None:
    lab.ip("address", "add", "10.1.1.2/24", "dev", card)
    lab.ip("route", "add", *route.split())
    run = lab.doctor()
    assert run.wrong_steps[0] == "network"
    assert run.find("network")["fix"].startswith("ip route del")
    lab.run("sh", "-c", run.find("network")["fix"])
    assert lab.doctor().status == 0


def test_routing_rule_of_a_vpn(lab: NetworkLab, card: str) -> None:
    lab.ip("address", "add", "10.1.1.2/24", "dev", card)
    lab.ip("route", "add", "default", "dev", card, "table", "77")
    lab.ip("rule", "add", "priority", "100", "lookup", "77")
    try:
        run = lab.doctor()
    finally:
        lab.ip("rule", "del", "priority", "100")
    assert run.wrong_steps == ["route"]
    assert "ip rule" in run.wrong[0]["what"]
    assert run.status == 3


def test_larger_network_is_harmless(lab: NetworkLab, card: str) -> None:
    lab.ip("address", "add", "172.20.0.1/14", "dev", card)
    assert lab.doctor().status == 0


# --- beyond the cable


def test_no_device_with_the_modules_address(lab: NetworkLab) -> None:
    lab.module.ip("address", "flush", "dev", "gadget0")
    run = lab.doctor()
    assert run.wrong_steps == ["neighbor"]
    assert run.states["port"] == "skipped"
    assert run.status == 3


def test_no_device_with_the_modules_address_and_a_short_timeout(lab: NetworkLab) -> None:
    lab.module.ip("address", "flush", "dev", "gadget0")
    assert lab.doctor("--timeout", "0.05").wrong_steps == ["neighbor"]


def test_closed_port_of_the_module(lab: NetworkLab) -> None:
    lab.module.control("POST", "/faults", {"kind": "refuse", "times": None})
    run = lab.doctor()
    assert run.wrong_steps == ["port"]
    assert run.states["neighbor"] == "right"
    assert "closed" in run.wrong[0]["what"]
    assert run.status == 3


def test_dropped_packets(lab: NetworkLab) -> None:
    lab.module.ip("route", "add", "blackhole", "172.22.0.7/32")
    run = lab.doctor("--timeout", "0.5")
    assert run.wrong_steps == ["port"]
    assert "firewall" in run.wrong[0]["what"]


def test_another_server_at_the_modules_address(lab: NetworkLab) -> None:
    lab.module.control("POST", "/faults", {"kind": "refuse", "times": None})
    lab.module.start_server(sys.executable, "-u", "-m", "http.server", "80", "--bind", "172.22.0.6")
    run = lab.doctor()
    assert run.wrong_steps == ["protocol"]
    assert "not a VISION-AI module" in run.wrong[0]["what"]
    assert "501" in run.find("http")["what"]
    assert run.status == 1


def test_no_response(lab: NetworkLab) -> None:
    lab.module.control("POST", "/faults", {"kind": "slow_first_byte", "seconds": 5, "times": None})
    run = lab.doctor("--timeout", "0.5")
    assert run.wrong_steps == ["http"]
    assert run.status == 3


def test_proxy_variables_on_the_terminal(lab: NetworkLab) -> None:
    proxy = {"http_proxy": "http://clerk:secret@proxy.shop:3128", "no_proxy": "localhost"}
    run = lab.doctor(**proxy)
    assert run.wrong_steps == ["proxy"]
    assert "proxy.shop:3128" in run.wrong[0]["what"]
    assert "secret" not in str(run.diagnosis)
    assert run.status == 1
    assert lab.doctor_after_fixes(run, **proxy).status == 0


def test_module_that_is_not_activated(lab: NetworkLab) -> None:
    lab.module.control("DELETE", "/store")
    run = lab.doctor()
    assert run.wrong_steps == ["activation"]
    assert run.status == 1


def test_module_that_is_not_activated_and_refuses(lab: NetworkLab) -> None:
    lab.module.control("PUT", "/settings", {"require_activation": True})
    lab.module.control("DELETE", "/store")
    assert lab.doctor().wrong_steps == ["activation"]


def test_lost_camera_of_the_module(lab: NetworkLab) -> None:
    lab.module.control("PUT", "/camera", {"lost": True})
    run = lab.doctor()
    assert run.wrong_steps == ["camera"]
    assert run.wrong[0]["fix"] == "vision-ai reboot --wait"
    assert run.status == 1


def test_several_problems_at_once(lab: NetworkLab, card: str) -> None:
    lab.ip("address", "add", "172.22.0.9/24", "dev", card)
    lab.ip("address", "flush", "dev", "usb0")
    lab.ip("link", "set", "usb0", "down")
    run = lab.doctor(http_proxy="http://proxy:1")
    assert run.wrong_steps == ["up", "address", "network", "proxy"]
    assert lab.doctor_after_fixes(run, http_proxy="http://proxy:1").status == 0


# --- two modules


def test_two_modules_are_checked_one_at_a_time(lab: NetworkLab) -> None:
    with lab.second_module():
        both = lab.doctor()
        assert both.wrong_steps == ["interface"]
        assert both.wrong[0]["fix"] == "vision-ai doctor --interface usb0"

        second = lab.doctor("--interface", "usb1")
        assert second.wrong_steps == ["up", "address"]
        second = lab.doctor_after_fixes(second, "--interface", "usb1")
        assert second.status == 0
        assert "00000002" in second.find("protocol")["what"]

        first = lab.doctor("--interface", "usb0")
        assert first.status == 0
        assert "12345678" in first.find("protocol")["what"]


def test_dropped_responses_of_the_second_module(lab: NetworkLab) -> None:
    with lab.second_module():
        lab.vision_ai("link", "up", "--interface", "usb1")
        lab.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter")
        assert lab.doctor("--interface", "usb0").status == 0
        second = lab.doctor("--interface", "usb1")
        assert second.wrong_steps == ["route"]
        assert lab.doctor_after_fixes(second, "--interface", "usb1").status == 0


def test_interface_that_is_not_a_modules(lab: NetworkLab, card: str) -> None:
    run = lab.doctor("--interface", card)
    assert run.wrong_steps == ["interface"]
    assert run.wrong[0]["fix"] == "vision-ai doctor --interface usb0"
    assert lab.doctor("--interface", "usb7").wrong_steps == ["interface"]


@pytest.mark.slow
def test_forwarding_is_a_finding(lab: NetworkLab) -> None:
    """For root, who can read the rules; for others, the unit would say it."""
    lab.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward")
    lab.vision_ai("link", "forward", "--from", "10.1.0.0/16", "--until-restart")
    findings = [each for each in lab.doctor().diagnosis["findings"] if each["step"] == "network"]
    assert [each["code"] for each in findings] == ["network.clear", "network.forwarding"]
    assert findings[1]["values"] == {"sources": "10.1.0.0/16", "config": "7080", "sync": "7443"}
    lab.vision_ai("link", "forward", "off")
    assert lab.doctor().find("network")["code"] == "network.clear"
