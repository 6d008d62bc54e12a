"""The terminal's side of the USB cable, from the plug to the route: the vendor's connection chapter."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from vision_ai_tools.link.addresses import misplaced
from vision_ai_tools.link.commands import as_anyone, as_root, system
from vision_ai_tools.link.conflicts import conflicts
from vision_ai_tools.link.errors import LinkError
from vision_ai_tools.link.netlink import Interface, Network, read_network, way_to
from vision_ai_tools.link.usb import UsbDevice, usb_devices, usb_interfaces
from vision_ai_tools.link.vendor import (
    MODULE,
    NETWORK,
    OLD_USB_PRODUCT,
    SECONDS_TO_START,
    TERMINAL,
    USB_PRODUCT,
    USB_VENDOR,
)

from .findings import STEPS, Finding, Step

CABLE_STEPS = STEPS[: STEPS.index("route") + 1]
USB_ID = f"{USB_VENDOR}:{USB_PRODUCT}"
OLD_USB_ID = f"{USB_VENDOR}:{OLD_USB_PRODUCT}"
DRIVER = "rndis_host"
RP_FILTERS = Path("/proc/sys/net/ipv4/conf")
STRICT = 1
"""Of rp_filter: answers are taken only on the interface that a request of the kernel's own would leave by."""


@frozen
class Cable:
    """What is known of the cable after all its findings."""

    whole: bool
    """Whether the terminal's side is as it must be, as far as it can be seen."""
    interface: Interface | None = None


@frozen
class Sight:
    """All that is looked at."""

    network: Network
    devices: Sequence[UsbDevice] | None
    """Modules on USB; None where USB cannot be seen."""
    owners: Mapping[str, UsbDevice]
    """The modules' interfaces, by name."""
    name: str | None
    """The interface that was asked for."""


def look_at_cable(sysfs: Path, name: str | None) -> Generator[Finding, None, Cable]:
    """Findings of the steps "usb" to "route"; of several modules, for that on the interface of that name."""
    try:
        sight = Sight(read_network(), usb_devices(sysfs), usb_interfaces(sysfs), name)
    except (LinkError, OSError) as error:
        code = (isinstance(error, LinkError) and error.code) or "cable.unseen"
        values = {"error": " ".join(str(error).split("\n"))}
        yield from (Finding(step, "unknown", code, values) for step in CABLE_STEPS)
        return Cable(whole=True)
    yield usb_finding(sight)
    finding, interface = interface_finding(sight)
    yield finding
    if interface is None:
        yield from skipped(("up", "address"), "skipped.no_interface")
        yield from network_findings(sight)
        yield from skipped(("route",), "skipped.no_interface")
        return Cable(whole=False)
    up, address = up_finding(sight, interface), address_finding(sight, interface)
    yield up
    yield address
    yield from network_findings(sight, interface)
    if "wrong" in (up.state, address.state):
        yield from skipped(("route",), "skipped.no_route")
        return Cable(whole=False, interface=interface)
    route = route_finding(sight, interface)
    yield route
    return Cable(whole=route.state == "right", interface=interface)


def skipped(steps: Sequence[Step], code: str, values: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Findings for steps that were not looked at."""
    return (Finding(step, "skipped", code, values or {}) for step in steps)


def usb_finding(sight: Sight) -> Finding:
    if sight.devices is None:
        return Finding("usb", "unknown", "usb.unseen")
    modules = [each for each in sight.devices if not each.is_old]
    if len(modules) > 1:
        ports = ", ".join(each.port for each in modules)
        values = {"count": str(len(modules)), "id": USB_ID, "ports": ports}
        return Finding("usb", "right", "usb.several", values)
    if modules:
        return Finding("usb", "right", "usb.found", {"id": USB_ID, "port": modules[0].port})
    if sight.devices:
        return Finding("usb", "wrong", "usb.old", {"id": OLD_USB_ID, "wanted": USB_ID})
    return Finding("usb", "wrong", "usb.missing", {"id": USB_ID, "seconds": str(SECONDS_TO_START)})


def interface_finding(sight: Sight) -> tuple[Finding, Interface | None]:
    """Whether the module has a network interface, and which."""
    if sight.name is not None:
        return _named_interface(sight, sight.name)
    found = [each for each in sight.network.interfaces if each.name in sight.owners]
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        values = {"count": str(len(found)), "interfaces": names, "module": str(MODULE)}
        mend = as_anyone("doctor", "--interface", found[0].name)
        return Finding("interface", "wrong", "interface.several", values, mend), None
    if found:
        values = {"interface": found[0].name}
        return Finding("interface", "right", "interface.found", values), found[0]
    modules = [each for each in sight.devices or () if not each.is_old]
    if modules:
        return _no_interface(modules[0]), None
    likely = next((each for each in sight.network.interfaces if TERMINAL in each.addresses), None)
    if likely is not None:
        return Finding("interface", "unknown", "interface.likely", {"interface": likely.name}), likely
    if sight.devices is None:
        mend = as_anyone("doctor", "--interface", "NAME")
        return Finding("interface", "wrong", "interface.unseen", mend=mend), None
    return Finding("interface", "skipped", "skipped.no_usb"), None


def _named_interface(sight: Sight, name: str) -> tuple[Finding, Interface | None]:
    interface = sight.network.interface(name)
    if interface is None:
        known = ", ".join(each.name for each in sight.network.interfaces if not each.loopback)
        if not known:
            return Finding("interface", "wrong", "interface.none", {"interface": name}), None
        values = {"interface": name, "interfaces": known}
        return Finding("interface", "wrong", "interface.unknown", values), None
    if name in sight.owners:
        return Finding("interface", "right", "interface.named", {"interface": name}), interface
    if sight.owners:
        theirs = next(iter(sight.owners))
        values, mend = {"interface": name, "other": theirs}, as_anyone("doctor", "--interface", theirs)
        return Finding("interface", "wrong", "interface.other", values, mend), None
    return Finding("interface", "unknown", "interface.unsure", {"interface": name}), interface


def _no_interface(module: UsbDevice) -> Finding:
    drivers = module.drivers()
    if not drivers:
        mend = system("modprobe", DRIVER)
        return Finding("interface", "wrong", "interface.no_driver", {"driver": DRIVER}, mend)
    values = {"drivers": ", ".join(drivers), "seconds": str(SECONDS_TO_START)}
    return Finding("interface", "wrong", "interface.missing", values)


def up_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the interface is switched on, and somebody is at the other end."""
    values = {"interface": interface.name}
    if not interface.up:
        return Finding("up", "wrong", "up.off", values, link_up(sight, interface))
    if not interface.carrier:
        return Finding("up", "wrong", "up.alone", {**values, "seconds": str(SECONDS_TO_START)})
    return Finding("up", "right", "up.on", values)


def address_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the interface has the terminal's address, and no other in the module's network."""
    wrong = misplaced(interface)
    values = {"interface": interface.name, "terminal": str(TERMINAL)}
    if TERMINAL in interface.addresses and not wrong:
        return Finding("address", "right", "address.right", values)
    mend = link_up(sight, interface)
    if not interface.addresses:
        return Finding("address", "wrong", "address.none", values, mend)
    values = {**values, "addresses": ", ".join(map(str, wrong or interface.addresses))}
    code = "address.beside" if TERMINAL in interface.addresses else "address.wrong"
    return Finding("address", "wrong", code, values, mend)


def network_findings(sight: Sight, interface: Interface | None = None) -> Iterator[Finding]:
    """What else is in the module's network; each intruder is a finding of its own."""
    intruders = conflicts(sight.network, {*sight.owners, *((interface.name,) if interface else ())})
    if not intruders:
        yield Finding("network", "right", "network.clear", {"network": str(NETWORK)})
    for each in intruders:
        yield Finding("network", "wrong", each.code, each.values, each.mend)


def route_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the kernel would send over the interface and from its address."""
    way = way_to(MODULE, interface.index if sight.name is not None else None)
    values = {"module": str(MODULE), "interface": interface.name}
    if way is None:
        return Finding("route", "wrong", "route.none", values, link_up(sight, interface))
    if way.interface != interface.name:
        return Finding("route", "wrong", "route.elsewhere", {**values, "other": way.interface})
    values = {**values, "source": str(way.source)}
    if way.source != TERMINAL.ip:
        values = {**values, "wanted": str(TERMINAL.ip)}
        return Finding("route", "wrong", "route.source", values, link_up(sight, interface))
    if _drops_answers(interface):
        mend = system("sysctl", "-w", f"net.ipv4.conf.{interface.name}.rp_filter=2")
        return Finding("route", "wrong", "route.filtered", values, mend)
    return Finding("route", "right", "route.right", values)


def _drops_answers(interface: Interface) -> bool:
    """Whether the kernel itself would take another way to the module, and so takes answers on that one only.
    Of the two settings the higher one counts."""
    way = way_to(MODULE)
    settings = (RP_FILTERS / name / "rp_filter" for name in ("all", interface.name))
    strictest = max((int(each.read_text()) for each in settings if each.exists()), default=0)
    return strictest == STRICT and way is not None and way.interface != interface.name


def link_up(sight: Sight, interface: Interface) -> str:
    """The command that sets this interface up; it names it where `link up` would not find it."""
    found_alone = set(sight.owners) == {interface.name}
    return as_root("link", "up", *(() if found_alone else ("--interface", interface.name)))
