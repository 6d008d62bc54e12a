"""Check that nothing else uses the module's network, and that traffic to the module takes the right route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vision_ai_tools.link.conflicts import find_conflicts
from vision_ai_tools.link.constants import MODULE_ADDRESS, MODULE_NETWORK, TERMINAL_ADDRESS
from vision_ai_tools.link.errors import LinkError
from vision_ai_tools.link.forwarding import read_forward_status
from vision_ai_tools.link.forwarding.ip_forward import is_on
from vision_ai_tools.link.netlink import look_up_route
from vision_ai_tools.link.network import Interface
from vision_ai_tools.link.shell_commands import format_system_command

from .findings import Finding
from .terminal_state import TerminalState

RP_FILTER_FOLDER = Path("/proc/sys/net/ipv4/conf")
STRICT = 1
"""rp_filter: accept a packet only on the interface that the kernel would use to reply to its sender."""


def check_network(state: TerminalState, interface: Interface | None = None) -> Iterator[Finding]:
    """Check for conflicts with the module's network; each conflict is a finding."""
    module_interfaces = {*state.module_interfaces, *((interface.name,) if interface else ())}
    conflicts = find_conflicts(state.network, module_interfaces)
    if not conflicts:
        yield Finding("network", "right", "network.clear", {"network": str(MODULE_NETWORK)})
    for each in conflicts:
        yield Finding("network", "wrong", each.code, each.values, each.fix)
    yield from _check_forwarding()


def _check_forwarding() -> Iterator[Finding]:
    """Tell who else may reach the module. Without root's rights, this is what the installed unit forwards."""
    try:
        state = read_forward_status() if is_on() else None
    except (LinkError, OSError):
        return
    forwarding = state and (state.forwarding if state.known else state.at_start)
    if forwarding and forwarding.networks:
        values = {
            "sources": ", ".join(forwarding.sources),
            "config": str(forwarding.config_port),
            "sync": str(forwarding.sync_port),
        }
        yield Finding("network", "right", "network.forwarding", values)


def check_route(state: TerminalState, interface: Interface) -> Finding:
    """Check whether the kernel sends through the interface, with the interface's address."""
    decision = look_up_route(MODULE_ADDRESS, interface.index if state.interface_name is not None else None)
    values = {"module": str(MODULE_ADDRESS), "interface": interface.name}
    if decision is None:
        return Finding("route", "wrong", "route.none", values, state.format_link_up(interface))
    if decision.interface != interface.name:
        return Finding("route", "wrong", "route.elsewhere", {**values, "other": decision.interface})
    values = {**values, "source": str(decision.source)}
    if decision.source != TERMINAL_ADDRESS.ip:
        values = {**values, "wanted": str(TERMINAL_ADDRESS.ip)}
        return Finding("route", "wrong", "route.source", values, state.format_link_up(interface))
    if _drops_responses(interface):
        fix = format_system_command("sysctl", "-w", f"net.ipv4.conf.{interface.name}.rp_filter=2")
        return Finding("route", "wrong", "route.filtered", values, fix)
    return Finding("route", "right", "route.right", values)


def _drops_responses(interface: Interface) -> bool:
    """Whether rp_filter is strict and the kernel's own route to the module uses another interface."""
    decision = look_up_route(MODULE_ADDRESS)
    settings = (RP_FILTER_FOLDER / name / "rp_filter" for name in ("all", interface.name))
    # The kernel applies the higher of the two settings.
    strictest = max((int(each.read_text()) for each in settings if each.exists()), default=0)
    return strictest == STRICT and decision is not None and decision.interface != interface.name
