"""`vision-ai link forward` between terminals, modules and a stranger, with both kinds of rules."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from forward_lab import (
    DENY_SECONDS,
    MASTER,
    MODULE,
    NETWORK,
    SLAVE,
    STRANGER,
    ForwardLab,
    Host,
    Terminal,
)
from network_lab import explain_unavailability, remove_stale_namespaces
from preloaded_program import PreloadedProgram

pytestmark = pytest.mark.slow

METHODS = {"nft": (), "iptables-nft": ("nft",), "iptables-legacy": ("nft", "iptables", "iptables-nft")}
"""Kind of rules → programs that the terminal lacks."""
UNIT = "vision-ai-forward.service"
DOCKER = """\
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
"""
UFW = """\
*filter
:FORWARD DROP [0:0]
:ufw-before-forward - [0:0]
:ufw-reject-forward - [0:0]
-A FORWARD -j ufw-before-forward
-A FORWARD -j ufw-reject-forward
-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
"""
REJECTING = """\
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
COMMIT
"""
FIREWALLD = """\
table inet firewalld {
	chain mangle_PREROUTING {
		type filter hook prerouting priority mangle + 10; policy accept;
	}
	chain nat_PREROUTING {
		type nat hook prerouting priority dstnat + 10; policy accept;
	}
	chain nat_POSTROUTING {
		type nat hook postrouting priority srcnat + 10; policy accept;
	}
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
		iifname "lo" accept
		tcp dport 8000 accept
		reject with icmpx type admin-prohibited
	}
	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		jump filter_FORWARD_ZONES
		reject with icmpx type admin-prohibited
	}
	chain filter_FORWARD_ZONES {
	}
}
"""
OWN_TABLE = """\
table inet filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
	}
}
"""


@pytest.fixture
def lab(tmp_path: Path, program: PreloadedProgram) -> Iterator[ForwardLab]:
    reason = explain_unavailability()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    for each in ("nft", "iptables-nft", "iptables-legacy"):
        assert shutil.which(each, path=f"{os.environ['PATH']}:/usr/sbin"), f"{each} is missing"
    remove_stale_namespaces()
    with ForwardLab(tmp_path, program) as lab:
        yield lab


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest, lab: ForwardLab) -> str:
    """The kind of rules that the terminals can use."""
    for each in (lab.master, lab.slave):
        each.hidden = METHODS[request.param]
    return request.param


def is_refused(host: Host, address: str, port: int, **options: str) -> bool:
    return host.reach(address, port, seconds=DENY_SECONDS, **options) is None


def check_that_the_stranger_stays_out(lab: ForwardLab, *, terminal: Terminal, address: str) -> None:
    for port in (7080, 7443, 80, 443, 8080, 7089):
        assert is_refused(lab.stranger, address, port), port
    lab.stranger.ip(f"route replace 172.22.0.0/24 via {address}")
    for port in (80, 443, 8080, 7080):
        assert is_refused(lab.stranger, MODULE, port), port
    lab.stranger.ip(f"route del 172.22.0.0/24 via {address}")


def test_only_admitted_terminals_reach_each_others_modules(lab: ForwardLab, method: str) -> None:
    assert is_refused(lab.slave, MASTER, 7080)
    result = lab.master.forward("--from", SLAVE)
    assert result["method"] == method.partition("-")[0]
    lab.slave.forward("--from", MASTER, "--config", "7180")

    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    assert lab.slave.reach(MASTER, 7443) == f"mastermodule {SLAVE}"
    assert lab.master.reach(SLAVE, 7180) == f"slavemodule {MASTER}"
    assert lab.master.reach(SLAVE, 7443) == f"slavemodule {MASTER}"
    # The modules reach others with their terminals' addresses, and each other as the vendor's synchronization does.
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    assert lab.slave.module.reach(MASTER, 7443) == f"mastermodule {SLAVE}"
    # The rules open nothing else, neither of the module nor of the terminal.
    for port in (80, 443, 8080, 7089, 7180):
        assert is_refused(lab.slave, MASTER, port), port
    assert lab.slave.reach(MASTER, 8000) == f"master {SLAVE}"
    assert lab.stranger.reach(MASTER, 8000) == f"master {STRANGER}"
    check_that_the_stranger_stays_out(lab, terminal=lab.master, address=MASTER)
    check_that_the_stranger_stays_out(lab, terminal=lab.slave, address=SLAVE)
    # Nor with the address of an admitted one.
    lab.stranger.ip(f"address add {SLAVE}/32 dev lo")
    assert is_refused(lab.stranger, MASTER, 7080, source=SLAVE)


@pytest.mark.parametrize("others", ["nothing", "docker", "docker-legacy", "ufw", "rejecting", "firewalld"])
def test_off_leaves_the_rules_of_others_as_they_were(lab: ForwardLab, method: str, others: str) -> None:
    add_rules(lab.master, others)
    before = lab.master.read_rules()
    lab.master.forward("--from", SLAVE, "--from", "192.168.0.0/16")
    assert lab.master.list_units() != []
    assert lab.master.read_rules() != before
    lab.master.forward("--from", NETWORK, "--upstream", "eth0")
    changes = lab.master.forward("off")["changes"]
    assert changes[:2] == ["removed the rules", "switched net.ipv4.ip_forward off again"]
    assert lab.master.read_rules() == before
    assert lab.master.list_units() == []
    assert lab.master.forward("off")["changes"] == []
    assert is_refused(lab.slave, MASTER, 7080)


@pytest.mark.parametrize("others", ["docker", "docker-legacy", "ufw", "rejecting"])
def test_forwarding_works_where_others_drop_what_is_forwarded(
    lab: ForwardLab, method: str, others: str
) -> None:
    add_rules(lab.master, others)
    rules = lab.master.read_rules("-s")
    result = lab.master.forward("--from", SLAVE)
    assert result["warnings"] == []
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    check_that_the_stranger_stays_out(lab, terminal=lab.master, address=MASTER)
    lab.master.forward("off")
    assert lab.master.read_rules("-s") == rules


def add_rules(terminal: Terminal, others: str) -> None:
    """Add rules as other programs have them."""
    programs = {"docker-legacy": "iptables-legacy-restore"}
    match others:
        case "docker" | "docker-legacy":
            terminal.check_run(programs.get(others, "iptables-nft-restore"), text=DOCKER)
        case "ufw" | "rejecting":
            terminal.check_run("iptables-nft-restore", text=UFW if others == "ufw" else REJECTING)
        case "firewalld":
            terminal.check_run("nft", "-f", "-", text=FIREWALLD)
        case "own table":
            terminal.check_run("nft", "-f", "-", text=OWN_TABLE)
