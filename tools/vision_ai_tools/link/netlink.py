"""The kernel's network as it is now, and the few changes to it that the link needs. Through pyroute2.

Must not be called from inside an event loop: pyroute2 runs one of its own.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

from attrs import frozen

from .errors import LinkError, NotPermittedError

IFF_UP, IFF_LOOPBACK, IFF_LOWER_UP = 0x1, 0x8, 0x10000
TABLE_MAIN, TABLE_LOCAL = 254, 255
ORDINARY = 1
REFUSING = {6: "blackhole", 7: "unreachable", 8: "prohibit"}
"""Types of routes: those that do not lead anywhere, as `ip route` calls them."""
HEARD = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
"""States of a neighbour whose hardware address is known: reachable, stale, delay, probe, permanent."""


@frozen
class Interface:
    """One network interface."""

    index: int
    name: str
    up: bool
    """Whether it is switched on."""
    carrier: bool
    """Whether somebody is at the other end of its cable; told only while it is switched on."""
    loopback: bool
    addresses: tuple[IPv4Interface, ...]


@frozen
class Route:
    """One entry of a routing table; those that the kernel keeps for addresses of its own are left out."""

    destination: IPv4Network
    interface: str
    """Empty for one that refuses."""
    gateway: str
    """Empty where the destination is on the cable itself."""
    table: int
    kind: str
    """Empty for an ordinary one, else "blackhole", "unreachable" or "prohibit"."""

    @property
    def words(self) -> tuple[str, ...]:
        """As `ip route` shows and takes it."""
        return (
            *((self.kind,) if self.kind else ()),
            str(self.destination),
            *(("via", self.gateway) if self.gateway else ()),
            *(("dev", self.interface) if self.interface else ()),
            *(("table", str(self.table)) if self.table != TABLE_MAIN else ()),
        )


@frozen
class Way:
    """How the kernel would send something."""

    interface: str
    source: IPv4Address | None


@frozen
class Network:
    """All interfaces and routes of this computer (of this network namespace)."""

    interfaces: tuple[Interface, ...]
    routes: tuple[Route, ...]

    def interface(self, name: str) -> Interface | None:
        return next((each for each in self.interfaces if each.name == name), None)


def read_network() -> Network:
    """The network as it is now.

    Raises:
        LinkError: the kernel cannot be asked.
    """
    with _kernel() as kernel:
        addresses: dict[int, list[IPv4Interface]] = {}
        for each in kernel.get_addr(family=socket.AF_INET):
            address = each.get("local") or each.get("address")
            addresses.setdefault(each["index"], []).append(IPv4Interface(f"{address}/{each['prefixlen']}"))
        interfaces = [_interface(each, addresses) for each in kernel.get_links()]
        names = {each.index: each.name for each in interfaces}
        routes = [
            _route(each, names)
            for each in kernel.get_routes(family=socket.AF_INET)
            if each["type"] in (ORDINARY, *REFUSING) and each.get("table") != TABLE_LOCAL
        ]
    return Network(interfaces=tuple(interfaces), routes=tuple(routes))


def way_to(address: IPv4Address, interface: int | None = None) -> Way | None:
    """Which way the kernel would send to an address, over the interface of that index if one is given; None
    where it would not send."""
    over = {} if interface is None else {"oif": interface}
    try:
        with _kernel() as kernel:
            answers = list(kernel.route("get", dst=str(address), **over))
            names = {each["index"]: each.get("ifname") for each in kernel.get_links()}
    except OSError:
        return None
    if not answers:
        return None
    source = answers[0].get("prefsrc")
    return Way(interface=names.get(answers[0].get("oif"), ""), source=IPv4Address(source) if source else None)


def heard_from(address: IPv4Address, interface: int) -> bool:
    """Whether the address has answered on that interface: whether its hardware address is known."""
    with _kernel() as kernel:
        neighbours = list(kernel.get_neighbours(family=socket.AF_INET, ifindex=interface))
    return any(
        each.get("dst") == str(address) and each["ifindex"] == interface and each["state"] & HEARD
        for each in neighbours
    )


def switch(interface: Interface, *, on: bool) -> None:
    """Switches an interface on or off."""
    with _kernel() as kernel:
        kernel.link("set", index=interface.index, state="up" if on else "down")


def add_address(interface: Interface, address: IPv4Interface) -> None:
    """Gives an interface one more address."""
    with _kernel() as kernel:
        kernel.addr(
            "add",
            index=interface.index,
            address=str(address.ip),
            prefixlen=address.network.prefixlen,
            broadcast=str(address.network.broadcast_address),
        )


def remove_address(interface: Interface, address: IPv4Interface) -> None:
    """Takes an address away from an interface."""
    with _kernel() as kernel:
        kernel.addr(
            "delete", index=interface.index, address=str(address.ip), prefixlen=address.network.prefixlen
        )


@contextmanager
def _kernel() -> Generator[Any]:
    if sys.platform != "linux":
        raise LinkError.of("cable.not_linux")
    try:
        pyroute2: Any = import_module("pyroute2")  # without types, and slow to import
    except ModuleNotFoundError as error:
        raise LinkError.of("cable.no_pyroute2") from error

    try:
        with pyroute2.IPRoute() as kernel:
            yield kernel
    except pyroute2.NetlinkError as error:
        code: int = error.code
        if code == errno.EPERM and os.geteuid() != 0:
            raise NotPermittedError("Setting up a network interface needs root.") from error
        if code == errno.EPERM:
            raise LinkError(
                "This process is root, but may not set up network interfaces.",
                "In a container, give it the capability NET_ADMIN.",
            ) from error
        raise OSError(code, os.strerror(code)) from error


def _interface(link: Any, addresses: dict[int, list[IPv4Interface]]) -> Interface:
    flags: int = link["flags"]
    return Interface(
        index=link["index"],
        name=link.get("ifname"),
        up=bool(flags & IFF_UP),
        carrier=bool(flags & IFF_LOWER_UP),
        loopback=bool(flags & IFF_LOOPBACK),
        addresses=tuple(addresses.get(link["index"], ())),
    )


def _route(route: Any, names: dict[int, str]) -> Route:
    return Route(
        destination=IPv4Network((route.get("dst") or "0.0.0.0", route["dst_len"])),
        interface=names.get(route.get("oif"), ""),
        gateway=route.get("gateway") or "",
        table=route.get("table"),
        kind=REFUSING.get(route["type"], ""),
    )
