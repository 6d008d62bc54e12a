"""Check this computer's end of the USB cable, from the USB port to the route."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from attrs import frozen

from vision_ai_tools.link.errors import LinkError
from vision_ai_tools.link.network import Interface

from .findings import STEPS, Finding, skip_steps
from .interface_checks import check_address, check_interface, check_up
from .routing_checks import check_network, check_route
from .terminal_state import read_terminal_state
from .usb_check import check_usb

CABLE_STEPS = STEPS[: STEPS.index("route") + 1]


@frozen
class CableResult:
    """The outcome of all cable checks."""

    ok: bool
    """Whether nothing was found that would send requests to another computer."""
    interface: Interface | None = None


def check_cable(sysfs: Path, interface_name: str | None) -> Generator[Finding, None, CableResult]:
    """Check the steps "usb" to "route"; of several modules, for the one on the named interface."""
    try:
        state = read_terminal_state(sysfs, interface_name)
    except (LinkError, OSError) as error:
        code = (isinstance(error, LinkError) and error.code) or "cable.unseen"
        values = {"error": " ".join(str(error).split("\n"))}
        yield from (Finding(step, "unknown", code, values) for step in CABLE_STEPS)
        return CableResult(ok=True)
    yield check_usb(state)
    finding, interface = check_interface(state)
    yield finding
    if interface is None:
        yield from skip_steps(("up", "address"), "skipped.no_interface")
        yield from check_network(state)
        yield from skip_steps(("route",), "skipped.no_interface")
        return CableResult(ok=False)
    up, address = check_up(state, interface), check_address(state, interface)
    yield up
    yield address
    yield from check_network(state, interface)
    if "wrong" in (up.state, address.state):
        yield from skip_steps(("route",), "skipped.no_route")
        return CableResult(ok=False, interface=interface)
    route = check_route(state, interface)
    yield route
    return CableResult(ok=route.state == "right", interface=interface)
