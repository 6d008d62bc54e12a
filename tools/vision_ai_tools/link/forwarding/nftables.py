"""The rules for nft, in a table of their own. Removing the table removes everything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network

from ..constants import MODULE_ADDRESS, MODULE_NETWORK
from ..shell_commands import is_root
from .memory import Memory
from .programs import find_program, run, run_or_raise
from .settings import CONFIG_PORT, EVERYBODY, MODULE_CONFIG_PORT, MODULE_SYNC_PORT, SYNC_PORT, Forwarding

TABLE = "vision_ai_forward"


def find_nft() -> str | None:
    """Find nft; None where it is not installed, or this kernel has no nf_tables, which only root can find out."""
    program = find_program("nft")
    works = program and (not is_root() or run(program, "list", "tables").returncode == 0)
    return program if works else None


def make_ruleset(forwarding: Forwarding, memory: Memory) -> str:
    """Make the table.

    It matches addresses, not interfaces: the module can be plugged in later, under any name. Numbers in place of
    names for priorities suit old versions of nft.
    """
    sources = _match_sources(forwarding.networks)
    upstream = f'oifname "{forwarding.upstream}" ' if forwarding.upstream else ""
    redirections = "".join(
        f"\t\t{sources}fib daddr type local tcp dport {each.port}"
        f' dnat to {MODULE_ADDRESS}:{each.module_port} comment "{each.purpose}"\n'
        for each in forwarding.ports
    )
    admission = (
        f"\t\tip daddr {MODULE_ADDRESS} {sources}tcp dport {{ {MODULE_CONFIG_PORT}, {MODULE_SYNC_PORT} }} accept\n"
        if forwarding.networks
        else ""
    )
    confinement = (
        f'\t\tip saddr {MODULE_ADDRESS} oifname != "{forwarding.upstream}" ct direction original drop\n'
        if forwarding.upstream
        else ""
    )
    return f"""\
table ip {TABLE} {{
	chain prerouting {{
		type nat hook prerouting priority -100; policy accept;
{redirections}\
	}}

	chain postrouting {{
		type nat hook postrouting priority 100; policy accept;
		ip saddr {MODULE_ADDRESS} ip daddr != {MODULE_NETWORK} {upstream}masquerade
	}}

	chain forward {{
		type filter hook forward priority 0; policy accept;
		ip saddr {MODULE_ADDRESS} fib saddr . iif oif missing drop comment "not from the module"
{confinement}\
		ip daddr {MODULE_ADDRESS} rt ip nexthop != {MODULE_ADDRESS} drop comment "the module is not connected"
		ip daddr {MODULE_ADDRESS} ct direction reply accept comment "responses to the module"
		ip daddr {MODULE_ADDRESS} ct state related accept
{admission}\
		ip daddr {MODULE_ADDRESS} drop comment "{memory}"
	}}
}}
"""


def apply(program: str, forwarding: Forwarding, memory: Memory) -> None:
    """Add the table, in place of an earlier one, in one step.

    Raises:
        LinkError: nft refused.
    """
    replaced = f"table ip {TABLE}\ndelete table ip {TABLE}\n"
    run_or_raise(program, "-f", "-", text=replaced + make_ruleset(forwarding, memory))


def remove(program: str) -> bool:
    """Remove the table; return whether there was one.

    Raises:
        LinkError: nft refused.
    """
    if read_table(program) is None:
        return False
    run_or_raise(program, "delete", "table", "ip", TABLE)
    return True


def read_table(program: str) -> str | None:
    """Read the table as nft prints it; None where there is none."""
    process = run(program, "-n", "-s", "list", "table", "ip", TABLE)
    return process.stdout if process.returncode == 0 else None


def read_other_tables(program: str) -> str:
    """Read all rules, except those of this program in any table."""
    ruleset = run_or_raise(program, "-n", "-s", "list", "ruleset")
    return re.sub(
        rf"^table ip {TABLE} {{\n.*?^}}\n|^\tchain VISION-AI-\S+ {{\n.*?^\t}}\n",
        "",
        ruleset,
        flags=re.DOTALL | re.MULTILINE,
    )


def parse_table(text: str) -> Forwarding | None:
    """Read the forwarding from the table; None where somebody has changed it beyond recognition."""
    ports = {
        int(module_port): int(port)
        for port, module_port in re.findall(rf"tcp dport (\d+) dnat to {MODULE_ADDRESS}:(\d+)", text)
    }
    first = re.search(r"^\s*(.*?)fib daddr .* dnat to ", text, re.MULTILINE)
    translation = re.search(r'(?:oifname "([^"]+)" )?masquerade', text)
    if translation is None or bool(first) != bool(ports):
        return None
    words = re.findall(r"\d+\.\d+\.\d+\.\d+(?:/\d+)?", first[1]) if first else []
    return Forwarding(
        tuple(map(IPv4Network, words)) or ((EVERYBODY,) if first else ()),
        ports.get(MODULE_CONFIG_PORT, CONFIG_PORT),
        ports.get(MODULE_SYNC_PORT, SYNC_PORT),
        translation[1],
    )


def _match_sources(networks: Sequence[IPv4Network]) -> str:
    if EVERYBODY in networks or not networks:
        return ""
    return f"ip saddr {{ {', '.join(map(str, networks))} }} "
