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
        why = " ".join(str(error).split("\n"))
        yield from (Finding(step, "unknown", why) for step in CABLE_STEPS)
        return Cable(whole=True)
    yield usb_finding(sight)
    finding, interface = interface_finding(sight)
    yield finding
    if interface is None:
        yield from skipped(("up", "address"), "There is no interface to look at yet.")
        yield from network_findings(sight)
        yield from skipped(("route",), "There is no interface to look at yet.")
        return Cable(whole=False)
    up, address = up_finding(sight, interface), address_finding(sight, interface)
    yield up
    yield address
    yield from network_findings(sight, interface)
    if "wrong" in (up.state, address.state):
        yield from skipped(("route",), "There can be none before the interface is right.")
        return Cable(whole=False, interface=interface)
    route = route_finding(sight, interface)
    yield route
    return Cable(whole=route.state == "right", interface=interface)


def skipped(steps: Sequence[Step], why: str) -> Iterator[Finding]:
    """Findings for steps that were not looked at."""
    return (Finding(step, "skipped", why) for step in steps)


def usb_finding(sight: Sight) -> Finding:
    if sight.devices is None:
        return Finding("usb", "unknown", "This computer shows no USB, as in a container.")
    modules = [each for each in sight.devices if not each.is_old]
    if modules:
        many = f"{len(modules)} modules are" if len(modules) > 1 else "The module is"
        ports = ", ".join(each.port for each in modules)
        return Finding("usb", "right", f"{many} on USB ({USB_ID}, port {ports}).")
    if sight.devices:
        return Finding(
            "usb",
            "wrong",
            f"The module on USB is of the old generation ({OLD_USB_ID}, USB-HID), which speaks another"
            f" protocol. This software is for {USB_ID}.",
        )
    return Finding(
        "usb",
        "wrong",
        f"No module is on USB ({USB_ID}). Plug it in and wait {SECONDS_TO_START} seconds; then look at its"
        " cable, its power and its firmware's version.",
    )


def interface_finding(sight: Sight) -> tuple[Finding, Interface | None]:
    """Whether the module has a network interface, and which."""
    if sight.name is not None:
        return _named_interface(sight, sight.name)
    found = [each for each in sight.network.interfaces if each.name in sight.owners]
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        told = (
            f"{len(found)} modules hang on this computer ({names}), all at {MODULE}. Look at one at a time."
        )
        mend = as_anyone("doctor", "--interface", found[0].name)
        return Finding("interface", "wrong", told, mend), None
    if found:
        return Finding("interface", "right", f"Its network interface is {found[0].name}."), found[0]
    modules = [each for each in sight.devices or () if not each.is_old]
    if modules:
        return _no_interface(modules[0]), None
    likely = next((each for each in sight.network.interfaces if TERMINAL in each.addresses), None)
    if likely is not None:
        told = f"{likely.name} has the terminal's address; whether the module is on it cannot be seen."
        return Finding("interface", "unknown", told), likely
    if sight.devices is None:
        told = "Whether one of the network interfaces is the module's cannot be seen."
        mend = as_anyone("doctor", "--interface", "NAME")
        return Finding("interface", "wrong", f"{told} Say which one is.", mend), None
    return Finding("interface", "skipped", "There can be none before the module is on USB."), None


def _named_interface(sight: Sight, name: str) -> tuple[Finding, Interface | None]:
    interface = sight.network.interface(name)
    if interface is None:
        known = ", ".join(each.name for each in sight.network.interfaces if not each.loopback) or "none"
        return Finding(
            "interface", "wrong", f"There is no network interface {name!r}; there are: {known}."
        ), None
    if name in sight.owners:
        return Finding("interface", "right", f"{name} is the network interface of a module."), interface
    if sight.owners:
        theirs = next(iter(sight.owners))
        told = f"{name} is no module's network interface; {theirs} is."
        return Finding("interface", "wrong", told, as_anyone("doctor", "--interface", theirs)), None
    return Finding("interface", "unknown", f"Whether the module is on {name} cannot be seen."), interface


def _no_interface(module: UsbDevice) -> Finding:
    drivers = module.drivers()
    if not drivers:
        return Finding(
            "interface",
            "wrong",
            f"No driver has taken the module (it should be {DRIVER}), so it has no network interface.",
            system("modprobe", DRIVER),
        )
    return Finding(
        "interface",
        "wrong",
        f"The driver {', '.join(drivers)} has taken the module, but there is no network interface of it. Wait"
        f" {SECONDS_TO_START} seconds; then plug it out and in again; then ask the vendor.",
    )


def up_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the interface is switched on, and somebody is at the other end."""
    name = interface.name
    if not interface.up:
        return Finding("up", "wrong", f"{name} is switched off.", link_up(sight, interface))
    if not interface.carrier:
        return Finding(
            "up",
            "wrong",
            f"{name} is switched on, but nobody is at the other end. Wait {SECONDS_TO_START} seconds; then"
            " plug the module out and in again.",
        )
    return Finding("up", "right", f"{name} is switched on, and somebody is at the other end.")


def address_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the interface has the terminal's address, and no other in the module's network."""
    name, wrong = interface.name, misplaced(interface)
    if TERMINAL in interface.addresses and not wrong:
        return Finding("address", "right", f"{name} has {TERMINAL}.")
    has = ", ".join(map(str, wrong or interface.addresses)) or "no address"
    beside = " beside the right one" if TERMINAL in interface.addresses else ""
    told = f"{name} has {has}{beside}; it must have {TERMINAL}, which the module takes for its gateway."
    return Finding("address", "wrong", told, link_up(sight, interface))


def network_findings(sight: Sight, interface: Interface | None = None) -> Iterator[Finding]:
    """What else is in the module's network; each intruder is a finding of its own."""
    intruders = conflicts(sight.network, {*sight.owners, *((interface.name,) if interface else ())})
    if not intruders:
        yield Finding("network", "right", f"Nothing else on this computer is in {NETWORK}.")
    for each in intruders:
        yield Finding("network", "wrong", each.what, each.mend)


def route_finding(sight: Sight, interface: Interface) -> Finding:
    """Whether the kernel would send over the interface and from its address."""
    way = way_to(MODULE, interface.index if sight.name is not None else None)
    if way is None:
        return Finding("route", "wrong", f"The kernel has no way to {MODULE}.", link_up(sight, interface))
    if way.interface != interface.name:
        told = f"What is for {MODULE} leaves over {way.interface}, not over {interface.name}."
        advice = (
            "Mend what else is in its network; if nothing is, a rule for routes (a VPN's?) does it: ip rule."
        )
        return Finding("route", "wrong", f"{told} {advice}")
    if way.source != TERMINAL.ip:
        told = f"What is for {MODULE} leaves {interface.name} from {way.source}, not from {TERMINAL.ip}."
        return Finding("route", "wrong", told, link_up(sight, interface))
    if _drops_answers(interface):
        told = (
            f"The kernel drops what comes in over {interface.name}: rp_filter is 1, and its own way another."
        )
        mend = system("sysctl", "-w", f"net.ipv4.conf.{interface.name}.rp_filter=2")
        return Finding("route", "wrong", told, mend)
    return Finding("route", "right", f"What is for {MODULE} leaves over {interface.name}, from {way.source}.")


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
