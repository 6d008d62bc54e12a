"""The rules for iptables, in chains of their own, to which commented rules in the base chains lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal

from attrs import frozen

from ..constants import MODULE_ADDRESS, MODULE_NETWORK
from .memory import Memory
from .programs import find_program, run, run_or_raise
from .settings import CONFIG_PORT, EVERYBODY, MODULE_CONFIG_PORT, MODULE_SYNC_PORT, SYNC_PORT, Forwarding

FILTER_CHAIN, DNAT_CHAIN, SNAT_CHAIN = "VISION-AI-FORWARD", "VISION-AI-DNAT", "VISION-AI-SNAT"
SOURCE_CHAIN = "VISION-AI-SOURCE"
TABLES = ("mangle", "nat", "filter")
COMMENT = '-m comment --comment "vision-ai link forward"'
DOCKER_CHAIN = "DOCKER-USER"
"""Docker keeps what is in this chain, and looks into it before its own."""
NAMES = ("iptables", "iptables-nft", "iptables-legacy")


@frozen
class Iptables:
    """One of the two kinds of iptables. They have tables of their own, and the kernel applies both."""

    program: str
    kind: Literal["nft", "legacy"]

    def save(self, table: str) -> str:
        """Read a table; nothing where it does not exist. This creates none."""
        if self.kind == "legacy" and table not in _read_legacy_tables():
            return ""
        process = run(f"{self.program}-save", "-t", table)
        return process.stdout if process.returncode == 0 else ""

    def can_read(self, table: str) -> bool:
        """Whether iptables understands all rules of the table; not what nft alone can have written there."""
        return "incompatible, use 'nft'" not in self.save(table)

    def restore(self, text: str) -> None:
        """Apply changes, each table's in one step.

        Raises:
            LinkError: iptables refused.
        """
        run_or_raise(f"{self.program}-restore", "--noflush", "--wait", text=text)


def find_iptables() -> tuple[Iptables, ...]:
    """Find the installed kinds, the one that the system prefers first."""
    found: dict[str, Iptables] = {}
    for name in NAMES:
        program = find_program(name)
        if program and find_program(f"{name}-save") and find_program(f"{name}-restore"):
            kind = "nft" if "nf_tables" in run(program, "--version").stdout else "legacy"
            found.setdefault(kind, Iptables(program, kind))
    return tuple(found.values())


def make_filter_table(forwarding: Forwarding, memory: Memory, base_chain: str = "FORWARD") -> str:
    """Make the chain that admits to the module whom the forwarding admits, and nobody else."""
    lines = [
        f":{FILTER_CHAIN} - [0:0]",
        *(
            [
                f"-A {FILTER_CHAIN} -s {MODULE_ADDRESS} ! -o {forwarding.upstream}"
                " -m conntrack --ctdir ORIGINAL -j DROP"
            ]
            if forwarding.upstream
            else []
        ),
        f"-A {FILTER_CHAIN} -s {MODULE_ADDRESS} -j ACCEPT",
        f"-A {FILTER_CHAIN} -d {MODULE_ADDRESS} -m conntrack --ctdir REPLY -j ACCEPT",
        f"-A {FILTER_CHAIN} -d {MODULE_ADDRESS} -m conntrack --ctstate RELATED -j ACCEPT",
        *(
            f"-A {FILTER_CHAIN} {source}-d {MODULE_ADDRESS} -p tcp"
            f" -m multiport --dports {MODULE_CONFIG_PORT},{MODULE_SYNC_PORT} -j ACCEPT"
            for source in _match_sources(forwarding)
        ),
        f'-A {FILTER_CHAIN} -d {MODULE_ADDRESS} -m comment --comment "{memory}" -j DROP',
        f"-I {base_chain} -s {MODULE_ADDRESS} {COMMENT} -j {FILTER_CHAIN}",
        f"-I {base_chain} -d {MODULE_ADDRESS} {COMMENT} -j {FILTER_CHAIN}",
    ]
    return _format_table("filter", lines)


def make_nat_table(forwarding: Forwarding) -> str:
    """Make the chains that translate addresses."""
    upstream = f" -o {forwarding.upstream}" if forwarding.upstream else ""
    lines = [
        f":{DNAT_CHAIN} - [0:0]",
        f":{SNAT_CHAIN} - [0:0]",
        *(
            f"-A {DNAT_CHAIN} {source}-p tcp --dport {each.port}"
            f" -j DNAT --to-destination {MODULE_ADDRESS}:{each.module_port}"
            for each in forwarding.ports
            for source in _match_sources(forwarding)
        ),
        f"-A {SNAT_CHAIN} ! -d {MODULE_NETWORK}{upstream} -j MASQUERADE",
        f"-A PREROUTING -m addrtype --dst-type LOCAL {COMMENT} -j {DNAT_CHAIN}",
        f"-A POSTROUTING -s {MODULE_ADDRESS} {COMMENT} -j {SNAT_CHAIN}",
    ]
    return _format_table("nat", lines)


def make_mangle_table() -> str:
    """Make the chain that drops what others send with the module's address."""
    lines = [
        f":{SOURCE_CHAIN} - [0:0]",
        f"-A {SOURCE_CHAIN} -m rpfilter --invert -j DROP",
        f"-A PREROUTING -s {MODULE_ADDRESS} {COMMENT} -j {SOURCE_CHAIN}",
    ]
    return _format_table("mangle", lines)


def select_base_chain(iptables: Iptables) -> str:
    """Select Docker's chain for the rules of others where Docker uses it, else FORWARD."""
    used = re.search(rf"^-A FORWARD (.* )?-j {DOCKER_CHAIN}$", iptables.save("filter"), re.MULTILINE)
    return DOCKER_CHAIN if used else "FORWARD"


def drops_forwarded(iptables: Iptables) -> bool:
    """Whether a rule or the policy of these tables drops some of what is forwarded."""
    lines = iptables.save("filter").splitlines()
    text = "\n".join(each for each in lines if "VISION-AI-" not in each)
    reached = {"FORWARD"}
    while (
        more := {
            target
            for chain, target in re.findall(r"^-A (\S+) .*-[jg] (\S+)", text, re.MULTILINE)
            if chain in reached
        }
        - reached
    ):
        reached |= more
    return ":FORWARD DROP" in text or bool(reached & {"DROP", "REJECT", "NFQUEUE"})


def remove(iptables: Iptables) -> bool:
    """Remove the chains and the rules that lead to them; return whether there were any.

    Raises:
        LinkError: iptables refused.
    """
    changes = "".join(_make_removal(table, iptables.save(table)) for table in TABLES)
    if changes:
        iptables.restore(changes)
    return bool(changes)


def read_rules(iptables: Iptables) -> str:
    """Read the own chains of all tables."""
    text = "".join(map(iptables.save, TABLES))
    return "".join(f"{line}\n" for line in text.splitlines() if line.startswith("-A VISION-AI-"))


def parse_rules(text: str) -> Forwarding | None:
    """Read the forwarding from the rules; None where there is none."""
    ports = {
        int(module_port): int(port)
        for port, module_port in re.findall(
            rf"--dport (\d+) -j DNAT --to-destination {MODULE_ADDRESS}:(\d+)", text
        )
    }
    translation = re.search(rf"^-A {SNAT_CHAIN} (?:.*-o (\S+) )?.*-j MASQUERADE", text, re.MULTILINE)
    if translation is None:
        return None
    sources = re.findall(rf"^-A {DNAT_CHAIN} -s (\S+) ", text, re.MULTILINE)
    return Forwarding(
        tuple(dict.fromkeys(map(IPv4Network, sources))) or ((EVERYBODY,) if ports else ()),
        ports.get(MODULE_CONFIG_PORT, CONFIG_PORT),
        ports.get(MODULE_SYNC_PORT, SYNC_PORT),
        translation[1],
    )


def _match_sources(forwarding: Forwarding) -> Iterator[str]:
    for each in forwarding.networks:
        yield "" if each == EVERYBODY else f"-s {each} "


def _make_removal(table: str, text: str) -> str:
    chains = re.findall(r"^:(VISION-AI-\S+)", text, re.MULTILINE)
    jumps = re.findall(r"^-A ((?!VISION-AI-)\S+ .*-j VISION-AI-\S+)$", text, re.MULTILINE)
    lines = [
        *(f"-D {each}" for each in jumps),
        *(f"-F {each}" for each in chains),
        *(f"-X {each}" for each in chains),
    ]
    return _format_table(table, lines) if lines else ""


def _format_table(name: str, lines: list[str]) -> str:
    return "\n".join((f"*{name}", *lines, "COMMIT", ""))


def _read_legacy_tables() -> list[str]:
    try:
        return Path("/proc/thread-self/net/ip_tables_names").read_text(encoding="ascii").split()
    except OSError:
        return []
