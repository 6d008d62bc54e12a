"""Every state of the link that the doctor knows, set up for real in network namespaces, found, and mended by
the commands that the doctor names."""

from __future__ import annotations

import sys

import pytest
from link_bench import Examined, LinkBench
from usb_tree import OLD_MODULE

CABLE = ("usb", "interface", "up", "address", "network", "route")
BEYOND = ("neighbour", "port", "http", "protocol", "activation", "camera")


def test_all_well(bench: LinkBench) -> None:
    examined = bench.doctor()
    assert examined.states == dict.fromkeys((*CABLE, "proxy", *BEYOND), "right")
    assert examined.status == 0
    assert examined.diagnosis["well"]
    assert examined.diagnosis["url"] == "http://172.22.0.6"


# --- on USB


def test_nothing_on_usb(bench: LinkBench) -> None:
    bench.module.unplug()
    bench.clear_usb()
    examined = bench.doctor()
    assert examined.wrong_steps == ["usb"]
    assert "2207:372d" in examined.of("usb")["what"]
    assert {examined.states[step] for step in ("interface", "up", "address", "route", *BEYOND)} == {"skipped"}
    assert examined.status == 3
    bench.plug_in()
    bench.usb.plug_in()
    bench.usb.add_interface("usb0")
    bench.vision_ai("link", "up")
    assert bench.doctor().status == 0


def test_a_module_of_the_old_generation(bench: LinkBench) -> None:
    bench.module.unplug()
    bench.clear_usb().plug_in(id=OLD_MODULE, driver="usbhid")
    examined = bench.doctor()
    assert examined.wrong_steps == ["usb"]
    assert "2207:3729" in examined.of("usb")["what"]
    assert "USB-HID" in examined.of("usb")["what"]
    assert examined.status == 3


def test_an_old_and_a_new_module(bench: LinkBench) -> None:
    bench.usb.plug_in("1-2", id=OLD_MODULE, driver="usbhid")
    assert bench.doctor().status == 0


def test_no_driver(bench: LinkBench) -> None:
    bench.module.unplug()
    bench.clear_usb().plug_in(driver=None)
    examined = bench.doctor()
    assert examined.wrong_steps == ["interface"]
    assert examined.wrong[0]["code"] == "interface.no_driver"
    assert examined.wrong[0]["mend"] == "modprobe rndis_host"
    assert examined.status == 3


def test_a_driver_but_no_interface(bench: LinkBench) -> None:
    bench.module.unplug()
    bench.clear_usb().plug_in()
    examined = bench.doctor()
    assert examined.wrong_steps == ["interface"]
    assert examined.wrong[0]["code"] == "interface.missing"
    assert "rndis_host" in examined.wrong[0]["what"]
    assert examined.wrong[0]["mend"] is None


def test_where_usb_cannot_be_seen_the_address_tells_the_interface(bench: LinkBench) -> None:
    bench.clear_usb().hide_bus()
    examined = bench.doctor()
    assert (examined.states["usb"], examined.states["interface"]) == ("unknown", "unknown")
    assert examined.status == 0


def test_where_neither_usb_nor_the_address_tells_it_the_user_has_to(bench: LinkBench) -> None:
    bench.clear_usb().hide_bus()
    bench.ip("address", "flush", "dev", "usb0")
    examined = bench.doctor()
    assert examined.wrong_steps == ["interface"]
    named = bench.doctor("--interface", "usb0")
    assert named.wrong_steps == ["address"]
    assert bench.mended(named).status == 0


def test_without_pyroute2_the_cable_cannot_be_seen_but_the_module_can(bench: LinkBench) -> None:
    code = (
        "import sys; sys.modules['pyroute2'] = None; from vision_ai_tools.cli import main; sys.exit(main())"
    )
    examined = Examined(bench.run(sys.executable, "-c", code, "doctor", "--json"))
    assert {examined.states[step] for step in CABLE} == {"unknown"}
    assert "pip install 'vision-ai-module[cli]'" in examined.of("usb")["what"]
    assert examined.status == 0


# --- the interface


def test_switched_off(bench: LinkBench) -> None:
    bench.ip("link", "set", "usb0", "down")
    examined = bench.doctor()
    assert examined.wrong_steps == ["up"]
    assert examined.status == 3
    assert bench.mended(examined).status == 0


def test_nobody_at_the_other_end(bench: LinkBench) -> None:
    bench.module.ip("link", "set", "gadget0", "down")
    examined = bench.doctor()
    assert examined.wrong_steps == ["up"]
    assert examined.wrong[0]["mend"] is None
    assert examined.states["route"] == "skipped"


@pytest.mark.parametrize(
    ("has", "code"),
    [
        ([], "address.none"),
        (["172.22.0.8/24"], "address.wrong"),
        (["172.22.0.7/16"], "address.wrong"),
        (["172.22.0.9/24", "172.22.0.7/24"], "address.beside"),
    ],
)
def test_not_the_terminals_address(bench: LinkBench, has: list[str], code: str) -> None:
    bench.ip("address", "flush", "dev", "usb0")
    for address in has:
        bench.ip("address", "add", address, "dev", "usb0")
    examined = bench.doctor()
    assert examined.wrong_steps == ["address"]
    assert examined.wrong[0]["code"] == code
    assert (has[0] if has else "no address") in examined.wrong[0]["what"]
    assert "172.22.0.7/24" in examined.wrong[0]["what"]
    assert {examined.states[step] for step in BEYOND} == {"skipped"}
    assert bench.mended(examined).status == 0
    assert bench.addresses("usb0") == ["172.22.0.7/24"]


def test_an_address_of_another_network_beside_the_right_one_does_no_harm(bench: LinkBench) -> None:
    bench.ip("address", "add", "169.254.7.7/16", "dev", "usb0")
    assert bench.doctor().status == 0


# --- what else is in its network


@pytest.fixture
def card(bench: LinkBench) -> str:
    return bench.add_card()


@pytest.mark.parametrize("address", ["172.22.0.9/24", "172.22.0.1/16", "172.22.0.7/24", "172.22.0.6/32"])
def test_another_interface_in_its_network(bench: LinkBench, card: str, address: str) -> None:
    bench.ip("address", "add", address, "dev", card)
    examined = bench.doctor()
    assert "network" in examined.wrong_steps
    assert f"{card} has {address}" in examined.of("network")["what"]
    assert examined.of("network")["mend"] == f"ip address del {address} dev {card}"
    assert examined.status in (1, 3)
    bench.run("sh", "-c", examined.of("network")["mend"])
    assert bench.doctor().status == 0


@pytest.mark.parametrize(
    "route",
    [
        "172.22.0.0/24 dev eth1 metric 5",
        "172.22.0.6/32 via 10.1.1.1 dev eth1",
        "172.22.0.0/25 dev eth1 table 77",
        "blackhole 172.22.0.6/32",
    ],
)
def test_a_route_elsewhere(bench: LinkBench, card: str, route: str) -> None:
    bench.ip("address", "add", "10.1.1.2/24", "dev", card)
    bench.ip("route", "add", *route.split())
    examined = bench.doctor()
    assert examined.wrong_steps[0] == "network"
    assert examined.of("network")["mend"].startswith("ip route del")
    bench.run("sh", "-c", examined.of("network")["mend"])
    assert bench.doctor().status == 0


def test_a_rule_of_a_vpn(bench: LinkBench, card: str) -> None:
    bench.ip("address", "add", "10.1.1.2/24", "dev", card)
    bench.ip("route", "add", "default", "dev", card, "table", "77")
    bench.ip("rule", "add", "priority", "100", "lookup", "77")
    try:
        examined = bench.doctor()
    finally:
        bench.ip("rule", "del", "priority", "100")
    assert examined.wrong_steps == ["route"]
    assert "ip rule" in examined.wrong[0]["what"]
    assert examined.status == 3


def test_larger_networks_around_it_do_no_harm(bench: LinkBench, card: str) -> None:
    bench.ip("address", "add", "172.20.0.1/14", "dev", card)
    assert bench.doctor().status == 0


# --- beyond the cable


def test_nobody_has_the_modules_address(bench: LinkBench) -> None:
    bench.module.ip("address", "flush", "dev", "gadget0")
    examined = bench.doctor()
    assert examined.wrong_steps == ["neighbour"]
    assert examined.states["port"] == "skipped"
    assert examined.status == 3


def test_nobody_has_the_modules_address_and_no_patience(bench: LinkBench) -> None:
    bench.module.ip("address", "flush", "dev", "gadget0")
    assert bench.doctor("--timeout", "0.05").wrong_steps == ["neighbour"]


def test_port_closed(bench: LinkBench) -> None:
    bench.module.control("POST", "/faults", {"kind": "refuse", "times": None})
    examined = bench.doctor()
    assert examined.wrong_steps == ["port"]
    assert examined.states["neighbour"] == "right"
    assert "closed" in examined.wrong[0]["what"]
    assert examined.status == 3


def test_packets_dropped(bench: LinkBench) -> None:
    bench.module.ip("route", "add", "blackhole", "172.22.0.7/32")
    examined = bench.doctor("--timeout", "0.5")
    assert examined.wrong_steps == ["port"]
    assert "firewall" in examined.wrong[0]["what"]


def test_another_server_there(bench: LinkBench) -> None:
    bench.module.control("POST", "/faults", {"kind": "refuse", "times": None})
    bench.module.serve(sys.executable, "-u", "-m", "http.server", "80", "--bind", "172.22.0.6")
    examined = bench.doctor()
    assert examined.wrong_steps == ["protocol"]
    assert "no VISION-AI module" in examined.wrong[0]["what"]
    assert "501" in examined.of("http")["what"]
    assert examined.status == 1


def test_no_answer(bench: LinkBench) -> None:
    bench.module.control("POST", "/faults", {"kind": "slow_first_byte", "seconds": 5, "times": None})
    examined = bench.doctor("--timeout", "0.5")
    assert examined.wrong_steps == ["http"]
    assert examined.status == 3


def test_proxy_variables(bench: LinkBench) -> None:
    proxy = {"http_proxy": "http://clerk:secret@proxy.shop:3128", "no_proxy": "localhost"}
    examined = bench.doctor(**proxy)
    assert examined.wrong_steps == ["proxy"]
    assert "proxy.shop:3128" in examined.wrong[0]["what"]
    assert "secret" not in str(examined.diagnosis)
    assert examined.status == 1
    assert bench.mended(examined, **proxy).status == 0


def test_not_activated(bench: LinkBench) -> None:
    bench.module.control("DELETE", "/store")
    examined = bench.doctor()
    assert examined.wrong_steps == ["activation"]
    assert examined.status == 1


def test_not_activated_and_refusing(bench: LinkBench) -> None:
    bench.module.control("PUT", "/settings", {"require_activation": True})
    bench.module.control("DELETE", "/store")
    assert bench.doctor().wrong_steps == ["activation"]


def test_camera_lost(bench: LinkBench) -> None:
    bench.module.control("PUT", "/camera", {"lost": True})
    examined = bench.doctor()
    assert examined.wrong_steps == ["camera"]
    assert examined.wrong[0]["mend"] == "vision-ai reboot --wait"
    assert examined.status == 1


def test_several_things_at_once(bench: LinkBench, card: str) -> None:
    bench.ip("address", "add", "172.22.0.9/24", "dev", card)
    bench.ip("address", "flush", "dev", "usb0")
    bench.ip("link", "set", "usb0", "down")
    examined = bench.doctor(http_proxy="http://proxy:1")
    assert examined.wrong_steps == ["up", "address", "network", "proxy"]
    assert bench.mended(examined, http_proxy="http://proxy:1").status == 0


# --- two modules


def test_two_modules_are_looked_at_one_at_a_time(bench: LinkBench) -> None:
    with bench.second_module():
        both = bench.doctor()
        assert both.wrong_steps == ["interface"]
        assert both.wrong[0]["mend"] == "vision-ai doctor --interface usb0"

        second = bench.doctor("--interface", "usb1")
        assert second.wrong_steps == ["up", "address"]
        second = bench.mended(second, "--interface", "usb1")
        assert second.status == 0
        assert "00000002" in second.of("protocol")["what"]

        first = bench.doctor("--interface", "usb0")
        assert first.status == 0
        assert "12345678" in first.of("protocol")["what"]


def test_answers_of_the_second_module_dropped(bench: LinkBench) -> None:
    with bench.second_module():
        bench.vision_ai("link", "up", "--interface", "usb1")
        bench.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter")
        assert bench.doctor("--interface", "usb0").status == 0
        second = bench.doctor("--interface", "usb1")
        assert second.wrong_steps == ["route"]
        assert bench.mended(second, "--interface", "usb1").status == 0


def test_an_interface_that_is_no_modules(bench: LinkBench, card: str) -> None:
    examined = bench.doctor("--interface", card)
    assert examined.wrong_steps == ["interface"]
    assert examined.wrong[0]["mend"] == "vision-ai doctor --interface usb0"
    assert bench.doctor("--interface", "usb7").wrong_steps == ["interface"]
