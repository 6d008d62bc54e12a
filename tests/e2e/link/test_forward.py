"""`vision-ai link forward` between terminals, modules and a stranger, with both kinds of rules."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forward_lab import (
    MASTER,
    MODULE,
    NETWORK,
    SLAVE,
    STRANGER,
    ForwardLab,
    Host,
    Terminal,
)
from network_lab import VISION_AI, explain_unavailability, remove_stale_namespaces
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


def is_refused(host: Host, address: str, *ports: int, source: str | None = None) -> bool:
    return host.fails_to_reach(*((address, port) for port in ports), source=source)


def check_that_the_stranger_stays_out(lab: ForwardLab, *, terminal: Terminal, address: str) -> None:
    assert is_refused(lab.stranger, address, 7080, 7443, 80, 443, 8080, 7089)
    lab.stranger.ip(f"route replace 172.22.0.0/24 via {address}")
    assert is_refused(lab.stranger, MODULE, 80, 443, 8080, 7080)
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
    assert is_refused(lab.slave, MASTER, 80, 443, 8080, 7089, 7180)
    assert lab.slave.reach(MASTER, 8000) == f"master {SLAVE}"
    assert lab.stranger.reach(MASTER, 8000) == f"master {STRANGER}"
    check_that_the_stranger_stays_out(lab, terminal=lab.master, address=MASTER)
    check_that_the_stranger_stays_out(lab, terminal=lab.slave, address=SLAVE)
    # Nor with the address of an admitted one.
    lab.stranger.ip(f"address add {SLAVE}/32 dev lo")
    assert is_refused(lab.stranger, MASTER, 7080, source=SLAVE)


def test_nobody_sends_through_the_terminal_with_the_modules_address(lab: ForwardLab, method: str) -> None:
    lab.stranger.ip(f"address add {MODULE}/32 dev lo", f"route add {SLAVE}/32 via {MASTER}")
    lab.master.check_run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter")
    lab.master.check_run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/eth0/rp_filter")
    lab.master.forward("--from", SLAVE)
    with lab.slave.receive(9000) as receiver:
        lab.master.module.send(SLAVE, 9000, MODULE)
        assert receiver.recvfrom(100)[1][0] == MASTER
        lab.stranger.send(SLAVE, 9000, MODULE)
        with pytest.raises(TimeoutError):
            receiver.recvfrom(100)


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


@pytest.mark.parametrize(
    ("method", "others"),
    [
        *(
            (method, others)
            for method in ("nft", "iptables-nft")
            for others in ("docker", "ufw", "rejecting")
        ),
        ("nft", "docker-legacy"),
        ("iptables-nft", "docker-legacy"),
        ("iptables-legacy", "docker-legacy"),
    ],
    indirect=["method"],
)
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
    assert read_status(lab.master)["problems"] == []
    lab.master.forward("off")
    assert lab.master.read_rules("-s") == rules


@pytest.mark.parametrize("method", ["iptables-legacy"], indirect=True)
@pytest.mark.parametrize("others", ["docker", "ufw"])
def test_rules_that_no_program_of_this_computer_can_change_are_a_warning(
    lab: ForwardLab, method: str, others: str
) -> None:
    add_rules(lab.master, others)
    (warning,) = lab.master.forward("--from", SLAVE)["warnings"]
    assert "ip filter FORWARD" in warning and "Install nft" in warning


def test_docker_that_starts_later(lab: ForwardLab, method: str) -> None:
    lab.master.forward("--from", SLAVE)
    program = "iptables-legacy-restore" if method == "iptables-legacy" else "iptables-nft-restore"
    lab.master.check_run(program, "--noflush", text=DOCKER)
    if method == "nft":
        assert "Run this again: " in read_status(lab.master)["problems"][0]
        assert is_refused(lab.slave, MASTER, 7080)
    start_unit(lab.master)  # which Docker's unit wants
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    assert read_status(lab.master)["problems"] == []


@pytest.mark.parametrize("others", ["own table", "own ip filter", "own rejecting table"])
def test_chain_of_an_own_table_that_drops_is_a_warning_with_the_rule_to_add(
    lab: ForwardLab, others: str
) -> None:
    add_rules(lab.master, others)
    (warning,) = lab.master.forward("--from", SLAVE)["warnings"]
    assert is_refused(lab.slave, MASTER, 7080)
    assert read_status(lab.master)["problems"] == [warning]
    lab.master.check_run("sh", "-ec", warning.partition("Add to it: ")[2])
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    assert read_status(lab.master)["problems"] == []
    check_that_the_stranger_stays_out(lab, terminal=lab.master, address=MASTER)


def test_firewalld_admits_others_to_the_module_but_not_the_module_to_others(lab: ForwardLab) -> None:
    add_rules(lab.master, "firewalld")
    (warning,) = lab.master.forward("--from", SLAVE)["warnings"]
    assert f"firewall-cmd --permanent --zone=trusted --add-source={MODULE}" in warning
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    assert is_refused(lab.master.module, STRANGER, 8000)
    # What that command adds.
    rule = f"nft insert rule inet firewalld filter_FORWARD_ZONES ip saddr {MODULE} accept"
    lab.master.check_run(*rule.split())
    assert read_status(lab.master)["problems"] == []
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    check_that_the_stranger_stays_out(lab, terminal=lab.master, address=MASTER)


def test_module_that_is_plugged_in_later_under_any_name(lab: ForwardLab, method: str) -> None:
    lab.master.unplug()
    lab.master.forward("--from", SLAVE)
    assert is_refused(lab.slave, MASTER, 7080)
    for interface in ("usb0", "visionai0"):
        lab.master.plug_in(interface)
        assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
        assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
        lab.master.unplug()


def test_no_other_computer_is_taken_for_a_module_that_is_not_connected(lab: ForwardLab) -> None:
    lab.master.unplug()
    lab.master.ip(f"route add default via {STRANGER}")
    lab.stranger.ip(f"address add {MODULE}/32 dev eth0", f"route add {SLAVE}/32 via {MASTER}")
    lab.stranger.serve(80)
    lab.master.forward("--from", SLAVE)
    assert is_refused(lab.slave, MASTER, 7080)


def test_change_of_networks_also_ends_open_connections(lab: ForwardLab, method: str) -> None:
    lab.master.forward("--from", SLAVE)
    with lab.slave.open(MASTER, 7080) as connection:
        assert lab.slave.talk(connection)
        lab.master.forward("--from", "192.168.0.0/16")
        assert not lab.slave.talk(connection)
    assert is_refused(lab.slave, MASTER, 7080)


def test_everybody(lab: ForwardLab, method: str) -> None:
    lab.master.forward("--from", "any")
    assert lab.stranger.reach(MASTER, 7080) == f"mastermodule {STRANGER}"
    assert lab.slave.reach(MASTER, 7443) == f"mastermodule {SLAVE}"
    assert is_refused(lab.stranger, MASTER, 8080)
    assert read_status(lab.master)["from"] == ["any"]


def test_rules_that_iptables_cannot_read(lab: ForwardLab) -> None:
    add_rules(lab.master, "own ip filter")
    before = lab.master.read_rules()
    lab.master.hidden = ("nft",)
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--yes")
    assert process.returncode == 1 and "Install nft" in process.stderr
    assert lab.master.read_rules() == before
    assert lab.master.list_units() == []


def test_module_that_only_reaches_others(lab: ForwardLab, method: str) -> None:
    lab.master.serve(7080)  # the port is free for others
    lab.master.forward("--from", "none")
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    assert lab.slave.reach(MASTER, 7080) == f"master {SLAVE}"
    check = is_refused(lab.slave, MASTER, 7443, 80)
    assert check and read_status(lab.master)["from"] == ["none"]
    lab.slave.ip(f"route add {MODULE}/32 via {MASTER} src {SLAVE}")
    assert is_refused(lab.slave, MODULE, 80, 443)
    start_unit(lab.master)
    assert read_status(lab.master)["from"] == ["none"]


def test_way_out_of_the_module(lab: ForwardLab, method: str) -> None:
    lab.master.ip(
        "link add eth1 type veth peer eth1-far", "address add 10.60.0.1/24 dev eth1", "link set eth1 up"
    )
    lab.master.forward("--from", SLAVE, "--upstream", "eth1")
    assert is_refused(lab.master.module, STRANGER, 8000)
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    lab.master.forward("--from", SLAVE, "--upstream", "eth0")
    assert lab.master.module.reach(STRANGER, 8000) == f"stranger {MASTER}"
    assert read_status(lab.master)["upstream"] == "eth0"


def test_unit_adds_the_rules_again(lab: ForwardLab, method: str) -> None:
    lab.master.forward("--from", SLAVE, "--from", "192.168.0.0/16", "--sync", "7444")
    before = sorted(lab.master.read_rules("-s").splitlines())
    start_unit(lab.master)
    assert sorted(lab.master.read_rules("-s").splitlines()) == before
    # As after a restart of the terminal.
    flush(lab.master)
    assert is_refused(lab.slave, MASTER, 7080)
    start_unit(lab.master)
    assert sorted(lab.master.read_rules("-s").splitlines()) == before
    assert lab.slave.reach(MASTER, 7444) == f"mastermodule {SLAVE}"
    status = read_status(lab.master)
    assert {name: status[name] for name in ("active", "config", "sync", "from", "ip_forward")} == {
        "active": True,
        "config": 7080,
        "sync": 7444,
        "from": [SLAVE, "192.168.0.0/16"],
        "ip_forward": True,
    }
    assert lab.master.forward("off")["changes"][-1].endswith(UNIT)
    assert lab.master.list_units() == []


def test_flushed_rules_are_removed_all_the_same(lab: ForwardLab, method: str) -> None:
    before = lab.master.read_rules()
    lab.master.forward("--from", SLAVE)
    lab.master.check_run("nft", "flush", "ruleset")  # as nftables.service does it, which wants the unit
    start_unit(lab.master)
    assert lab.slave.reach(MASTER, 7080) == f"mastermodule {SLAVE}"
    lab.master.forward("off")
    assert lab.master.read_rules() == before


def test_nothing_is_left_where_the_kernel_cannot_be_switched(lab: ForwardLab, method: str) -> None:
    before = lab.master.read_rules()
    lab.master.read_only = ("/proc/sys/net/ipv4/ip_forward",)
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--yes")
    assert process.returncode == 1, process.stdout
    assert "net.ipv4.ip_forward cannot be changed" in process.stderr
    assert lab.master.read_rules() == before
    assert lab.master.list_units() == []


def test_until_restart_writes_no_unit(lab: ForwardLab) -> None:
    lab.master.forward("--from", SLAVE, "--until-restart")
    assert lab.slave.reach(MASTER, 7080)
    assert lab.master.list_units() == []


@pytest.mark.parametrize("needs", ["was on", "sysctl.d", "new translation"])
def test_forwarding_of_the_kernel_stays_on_for_others(lab: ForwardLab, needs: str) -> None:
    if needs == "was on":
        lab.master.check_run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    lab.master.forward("--from", SLAVE)
    if needs == "new translation":
        lab.master.check_run("iptables-nft-restore", "--noflush", text=DOCKER)
    if needs == "sysctl.d":
        lab.master.sysctl = "net.ipv4.ip_forward = 1\n"
    changes = lab.master.forward("off")["changes"]
    assert lab.master.check_run("cat", "/proc/sys/net/ipv4/ip_forward") == "1\n"
    assert ("left net.ipv4.ip_forward on" in " ".join(changes)) == (needs != "was on")


@pytest.mark.parametrize(
    ("host", "is_in_use"),
    [("0.0.0.0", True), (MASTER, True), ("127.0.0.1", False), ("::", True), ("::1", False)],
)
def test_port_of_a_program_is_not_taken_away(lab: ForwardLab, host: str, is_in_use: bool) -> None:
    lab.master.serve(7080, host=host)
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--yes")
    assert (process.returncode, "Port 7080 is in use" in process.stderr) == (
        (2, True) if is_in_use else (0, False)
    )
    assert "table ip vision_ai_forward" not in lab.master.read_rules() or not is_in_use
    assert (
        lab.master.vision_ai("link", "forward", "--from", SLAVE, "--config", "7081", "--yes").returncode == 0
    )


@pytest.mark.parametrize(
    "rule",
    [
        "tcp dport 7443 redirect to :80",
        "tcp dport { 22, 7440-7450 } dnat to 10.9.9.9",
        "iptables-nft",
        "iptables-legacy",
    ],
)
def test_port_that_another_rule_forwards_is_not_taken_away(lab: ForwardLab, rule: str) -> None:
    if rule.startswith("iptables"):
        words = "-A PREROUTING -p tcp --dport 7443 -j DNAT --to-destination 10.9.9.9"
        lab.master.check_run(rule, "-t", "nat", *words.split())
    else:
        lab.master.check_run(
            "nft",
            "-f",
            "-",
            text=f"table ip x {{\nchain y {{\ntype nat hook prerouting priority dstnat;\n{rule}\n}}\n}}",
        )
    before = lab.master.read_rules()
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--yes")
    assert process.returncode == 2
    assert "Port 7443 is forwarded already" in process.stderr and "--sync 8443" in process.stderr
    assert lab.master.read_rules() == before
    assert lab.master.forward("--from", SLAVE, "--sync", "8443")


def test_print_changes_nothing(lab: ForwardLab, method: str) -> None:
    before = lab.master.read_rules()
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--print")
    assert process.returncode == 0, process.stderr
    assert SLAVE in process.stdout and f"/etc/systemd/system/{UNIT}" in process.stdout
    assert lab.master.read_rules() == before
    assert lab.master.list_units() == []


def test_nothing_is_opened_without_confirmation(lab: ForwardLab) -> None:
    before = lab.master.read_rules()
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE)
    assert process.returncode == 2 and "--yes" in process.stderr
    assert lab.master.read_rules() == before


def test_edited_unit_is_kept(lab: ForwardLab) -> None:
    lab.master.forward("--from", SLAVE)
    before = lab.master.read_rules()
    unit = lab.master.units / UNIT
    unit.write_text(unit.read_text() + "# mine\n")
    process = lab.master.vision_ai("link", "forward", "off", "--yes")
    assert process.returncode == 1 and "--force" in process.stderr
    assert lab.master.read_rules() == before
    lab.master.forward("off", "--force")
    assert lab.master.list_units() == []


def test_users_without_roots_rights(lab: ForwardLab) -> None:
    lab.master.forward("--from", SLAVE)
    as_user = ("unshare", "--user", "--map-user=1000", str(VISION_AI), "link")
    process = lab.master.run(*as_user, "forward", "--from", SLAVE, "--yes")
    assert process.returncode == 1 and "needs root" in process.stderr and "sudo" in process.stderr
    process = lab.master.run(*as_user, "forward", "status", "--json")
    assert json.loads(process.stdout)["result"]["active"] is None


def test_computer_without_nft_and_iptables(lab: ForwardLab) -> None:
    lab.master.hidden = ("nft", "iptables", "iptables-nft", "iptables-legacy")
    process = lab.master.vision_ai("link", "forward", "--from", SLAVE, "--yes")
    assert process.returncode == 1 and "apt-get install nftables" in process.stderr
    assert lab.master.list_units() == []
    assert lab.master.forward("off")["changes"] == []


def read_status(terminal: Terminal) -> dict[str, Any]:
    return terminal.forward("status")


def start_unit(terminal: Terminal) -> None:
    """Run the command of the unit, as systemd does."""
    (command,) = re.findall(r"^ExecStart=(.*)$", (terminal.units / UNIT).read_text(), re.MULTILINE)
    process = terminal.vision_ai(*shlex.split(command)[1:])
    assert process.returncode == 0, process.stderr


def flush(terminal: Terminal) -> None:
    """Remove all rules, and switch forwarding off."""
    script = "nft flush ruleset; for table in nat filter; do iptables-legacy -t $table -F; iptables-legacy -t $table -X"
    terminal.check_run("sh", "-ec", f"{script}; done; echo 0 > /proc/sys/net/ipv4/ip_forward")


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
        case "own ip filter":
            rule = "iifname . oifname { eth8 . eth9 } accept"  # which iptables cannot read
            text = OWN_TABLE.replace("inet filter", "ip filter").replace("chain forward", "chain FORWARD")
            terminal.check_run("nft", "-f", "-", text=text.replace("accept\n", f"accept\n{rule}\n", 1))
        case "own rejecting table":
            text = OWN_TABLE.replace("policy drop", "policy accept").replace(
                "accept\n", "accept\ncounter reject\n"
            )
            terminal.check_run("nft", "-f", "-", text=text)
