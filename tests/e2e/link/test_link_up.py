"""`vision-ai link up`, `down` and `status` in network namespaces."""

from __future__ import annotations

import json

import pytest
from link_bench import Finished, LinkBench

AS_SOMEBODY = ("unshare", "--user", "--map-user=1000")


def result_of(run: Finished) -> dict:
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["result"]


@pytest.fixture
def bare(bench: LinkBench) -> LinkBench:
    """As after plugging in: usb0 is switched off and has no address."""
    bench.ip("address", "flush", "dev", "usb0")
    bench.ip("link", "set", "usb0", "down")
    return bench


def test_up_gives_the_address_and_switches_on(bare: LinkBench) -> None:
    told = result_of(bare.vision_ai("link", "up", "--json"))
    assert told == {
        "interface": "usb0",
        "changes": ["gave it 172.22.0.7/24", "switched it on"],
        "warnings": [],
    }
    assert bare.vision_ai("info").returncode == 0


def test_up_again_does_nothing(bare: LinkBench) -> None:
    bare.vision_ai("link", "up")
    before = bare.shown("address"), bare.shown("route")
    assert result_of(bare.vision_ai("link", "up", "--json"))["changes"] == []
    assert (bare.shown("address"), bare.shown("route")) == before


def test_up_takes_wrong_addresses_of_its_network_only(bare: LinkBench) -> None:
    for address in ("172.22.0.9/24", "172.22.0.8/24", "169.254.1.1/16"):
        bare.ip("address", "add", address, "dev", "usb0")
    bare.vision_ai("link", "up")
    assert sorted(bare.addresses("usb0")) == ["169.254.1.1/16", "172.22.0.7/24"]


def test_no_other_interface_is_touched(bare: LinkBench) -> None:
    bare.add_card()
    bare.ip("address", "add", "172.22.0.9/24", "dev", "eth1")
    bare.ip("address", "add", "10.1.1.2/24", "dev", "eth1")
    bare.ip("route", "add", "default", "via", "10.1.1.1")
    before = bare.shown("address", "show", "dev", "eth1"), bare.shown("route", "show", "dev", "eth1")
    told = result_of(bare.vision_ai("link", "up", "--json"))
    assert ["eth1 has 172.22.0.9/24" in each for each in told["warnings"]] == [True]
    bare.vision_ai("link", "down")
    after = bare.shown("address", "show", "dev", "eth1"), bare.shown("route", "show", "dev", "eth1")
    assert after == before


def test_up_needs_root_only_where_there_is_something_to_do(bare: LinkBench) -> None:
    refused = bare.run(*AS_SOMEBODY, "vision-ai", "link", "up")
    assert refused.returncode == 1
    first, second = refused.stderr.splitlines()
    assert "needs root" in first
    assert second.strip().startswith("sudo ")
    assert second.endswith("vision-ai link up")
    assert bare.addresses("usb0") == []

    bare.vision_ai("link", "up")
    assert bare.run(*AS_SOMEBODY, "vision-ai", "link", "up").returncode == 0


def test_the_doctor_needs_no_root_and_names_sudo(bare: LinkBench) -> None:
    examined = bare.run(*AS_SOMEBODY, "vision-ai", "doctor")
    assert examined.returncode == 3
    assert "$ sudo " in examined.stdout


def test_down_undoes_it(bare: LinkBench) -> None:
    bare.vision_ai("link", "up")
    changes = result_of(bare.vision_ai("link", "down", "--json"))["changes"]
    assert changes == ["took 172.22.0.7/24 away", "switched it off"]
    assert bare.addresses("usb0") == []
    assert result_of(bare.vision_ai("link", "down", "--json"))["changes"] == []


def test_an_interface_by_name(bare: LinkBench) -> None:
    bare.clear_usb().hide_bus()
    refused = bare.vision_ai("link", "up")
    assert refused.returncode == 1
    assert "--interface" in refused.stderr
    assert bare.vision_ai("link", "up", "--interface", "usb0").returncode == 0
    assert bare.addresses("usb0") == ["172.22.0.7/24"]


@pytest.mark.parametrize(("name", "told"), [("usb7", "There are: usb0"), ("lo", "loopback")])
def test_an_interface_that_cannot_be_it(bare: LinkBench, name: str, told: str) -> None:
    refused = bare.vision_ai("link", "up", "--interface", name)
    assert refused.returncode == 1
    assert told in refused.stderr


def test_two_modules_have_to_be_told_apart(bare: LinkBench) -> None:
    with bare.second_module():
        refused = bare.vision_ai("link", "up")
        assert refused.returncode == 1
        assert "--interface usb0" in refused.stderr
        told = result_of(bare.vision_ai("link", "up", "--interface", "usb1", "--json"))
        assert told["warnings"] == []
        assert bare.addresses("usb0") == []
        assert bare.addresses("usb1") == ["172.22.0.7/24"]


def test_status(bare: LinkBench) -> None:
    told = result_of(bare.vision_ai("link", "status", "--json"))
    assert told["usb"] == [{"id": "2207:372d", "port": "1-1", "drivers": ["rndis_host"]}]
    assert [(each["name"], each["right"]) for each in told["interfaces"]] == [("usb0", False)]
    bare.vision_ai("link", "up")
    told = result_of(bare.vision_ai("link", "status", "--json"))
    assert told["interfaces"][0]["addresses"] == ["172.22.0.7/24"]
    assert told["interfaces"][0]["right"]
    assert "switched on, 172.22.0.7/24" in bare.vision_ai("link", "status").stdout
