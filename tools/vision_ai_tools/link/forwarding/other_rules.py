"""Rules and programs of others that would get in the way of forwarding."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

from vision_ai_translations import Message

from ..constants import MODULE_ADDRESS
from .iptables import Iptables
from .kernel_tables import list_dropping_chains
from .nftables import TABLE, read_other_tables
from .programs import run_or_raise

LISTENING = "0A"
TRANSLATION = re.compile(
    r"\b(?:dnat|snat|masquerade|redirect)\b|-j (?:DNAT|SNAT|MASQUERADE|REDIRECT|NETMAP)\b"
)
REDIRECTION = re.compile(r"\b(?:dnat|redirect)\b|-j (?:DNAT|REDIRECT)\b")
PORTS = re.compile(r"\bdport (\{[^}]*\}|[\d-]+)|--dports? ([\d,:]+)")
FIREWALLD = "firewalld"
ZONE_COMMAND = (
    f"firewall-cmd --permanent --zone=trusted --add-source={MODULE_ADDRESS} && firewall-cmd --reload"
)
IPTABLES_CHAIN = "ip filter FORWARD"


def find_listener(port: int) -> str | None:
    """Find the address at which a program of this computer listens on the port, except on the loopback."""
    for name in ("tcp", "tcp6"):
        try:
            lines = Path("/proc/thread-self/net", name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_ = line.split()
            host, _, number = local.rpartition(":")
            if state == LISTENING and int(number, 16) == port:
                address = _parse_address(host)
                if not address.is_loopback:
                    return str(address)
    return None


def find_redirection(port: int, nft: str | None, iptables: Sequence[Iptables]) -> str | None:
    """Find the rule of another program that redirects the port already."""
    for line in _list_translations(nft, iptables):
        if REDIRECTION.search(line) and "udp" not in line and any(port in each for each in _find_ports(line)):
            return line
    return None


def make_nat_digest(nft: str | None, iptables: Sequence[Iptables]) -> str:
    """Make a digest of the address translations of other programs; empty where there are none."""
    lines = sorted(_list_translations(nft, iptables))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8] if lines else ""


def find_dropping_chains(nft: str | None, iptables: Sequence[Iptables]) -> Iterator[str]:
    """Describe the chains of nft's tables that drop what is forwarded, with what to do.

    A verdict of one table does not save a packet from another one. In the tables of iptables, a rule is added.
    """
    has_iptables = any(each.kind == "nft" and each.can_read("filter") for each in iptables)
    if nft is None:
        for place in list_dropping_chains():
            if not (place == IPTABLES_CHAIN and has_iptables):
                yield Message(
                    "The chain {chain} of nf_tables may drop what is forwarded. Install nft to add rules to it.",
                    chain=place,
                )
        return
    entries: list[dict[str, Any]] = json.loads(run_or_raise(nft, "-j", "list", "ruleset"))["nftables"]
    for chain in (each["chain"] for each in entries if "chain" in each):
        place = f"{chain['family']} {chain['table']} {chain['name']}"
        if chain.get("hook") != "forward" or not place.startswith(("ip ", "inet ")):
            continue
        if chain["table"] == TABLE or (place == IPTABLES_CHAIN and has_iptables):
            continue
        rules = [each["rule"] for each in entries if "rule" in each and _is_in(each["rule"], chain)]
        if chain.get("policy") != "drop" and not any(_drops_everything(each) for each in rules):
            continue
        if chain["table"] == FIREWALLD:
            if not _mentions_module(each for each in entries if _is_in_table(each, FIREWALLD)):
                yield Message(
                    "firewalld does not let the module reach other computers. Put it into a zone that may: {command}",
                    command=ZONE_COMMAND,
                )
        elif not _mentions_module(rules):
            rules_to_add = (
                f"nft insert rule {place} ip {each} {MODULE_ADDRESS} accept" for each in ("saddr", "daddr")
            )
            yield Message(
                "The chain {chain} drops what is forwarded to and from the module. Add to it: {commands}",
                chain=place,
                commands="; ".join(rules_to_add),
            )


def _is_in(rule: dict[str, Any], chain: dict[str, Any]) -> bool:
    return (rule["family"], rule["table"], rule["chain"]) == (chain["family"], chain["table"], chain["name"])


def _drops_everything(rule: dict[str, Any]) -> bool:
    statements = [each for each in rule["expr"] if "counter" not in each]
    return len(statements) == 1 and bool({"drop", "reject"} & set(statements[0]))


def _is_in_table(entry: dict[str, Any], table: str) -> bool:
    return any(each.get("table") == table for each in entry.values())


def _mentions_module(entries: Iterable[dict[str, Any]]) -> bool:
    """Whether some rule or set names the module. That it accepts its packets is for its author to know."""
    return any(f'"{MODULE_ADDRESS}"' in json.dumps(each) for each in entries)


def _list_translations(nft: str | None, iptables: Sequence[Iptables]) -> Iterator[str]:
    """List the rules that translate addresses. nft shows those of iptables-nft too."""
    texts = [read_other_tables(nft)] if nft else []
    texts += [each.save("nat") for each in iptables if not (nft and each.kind == "nft")]
    for line in "\n".join(texts).splitlines():
        if TRANSLATION.search(line) and "VISION-AI-" not in line and "comment" not in line.split()[:1]:
            yield line.strip()


def _find_ports(line: str) -> Iterator[range]:
    for in_nft, in_iptables in PORTS.findall(line):
        for word in re.split(r"[\s,]+", (in_nft or in_iptables).strip("{} ")):
            first, _, last = word.replace(":", "-").partition("-")
            if first.isdigit():
                yield range(int(first), int(last or first) + 1)


def _parse_address(text: str) -> IPv4Address | IPv6Address:
    """Parse an address of /proc/net: words of 32 bits in the byte order of this computer."""
    words = [int(text[each : each + 8], 16) for each in range(0, len(text), 8)]
    address = ip_address(struct.pack(f"={len(words)}I", *words))
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
