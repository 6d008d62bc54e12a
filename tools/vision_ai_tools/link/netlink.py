"""Read and change the kernel's network settings through netlink (pyroute2).

Do not call these functions inside an event loop: pyroute2 runs its own.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

from vision_ai_translations import Message

from .errors import LinkError, NotPermittedError
from .network import Interface, Network, Route, RouteDecision
from .shell_commands import is_root

IFF_UP, IFF_LOOPBACK, IFF_LOWER_UP = 0x1, 0x8, 0x10000
LOCAL_TABLE = 255
"""The routing table in which the kernel keeps its own addresses."""
UNICAST = 1
DISCARDING = {6: "blackhole", 7: "unreachable", 8: "prohibit"}
"""Route types that discard traffic, with the names that `ip route` gives them."""
KNOWN_NEIGHBOR = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
"""Neighbor states with a known hardware address: reachable, stale, delay, probe, permanent."""


MANUAL_SETUP = {"win32": "cable.windows", "darwin": "cable.macos"}
"""Platform → the text that says what to do by hand there."""


def require_linux(manual_setup: Mapping[str, str] = MANUAL_SETUP) -> None:
    """Raise LinkError on any other system, with what to do by hand there."""
    system: str = sys.platform
    if system != "linux":
        raise LinkError.of(manual_setup.get(system, "cable.not_linux"))


def read_network() -> Network:
    """Read all interfaces and routes.

    Raises:
        LinkError: this is not Linux, or pyroute2 is not installed.
        OSError: the kernel refused the request.
    """
    with _open_netlink() as netlink:
        addresses: dict[int, list[IPv4Interface]] = {}
        for each in netlink.get_addr(family=socket.AF_INET):
            address = each.get("local") or each.get("address")
            addresses.setdefault(each["index"], []).append(IPv4Interface(f"{address}/{each['prefixlen']}"))
        interfaces = [_parse_interface(each, addresses) for each in netlink.get_links()]
        names = {each.index: each.name for each in interfaces}
        routes = [
            _parse_route(each, names)
            for each in netlink.get_routes(family=socket.AF_INET)
            if each["type"] in (UNICAST, *DISCARDING) and each.get("table") != LOCAL_TABLE
        ]
    return Network(interfaces=tuple(interfaces), routes=tuple(routes))


def look_up_route(address: IPv4Address, interface: int | None = None) -> RouteDecision | None:
    """Ask the kernel how it would send to an address; None where it has no route.

    Args:
        interface: Index of the interface that the sender is bound to, if it is bound to one.
    """
    bound = {} if interface is None else {"oif": interface}
    try:
        with _open_netlink() as netlink:
            routes = list(netlink.route("get", dst=str(address), **bound))
            names = {each["index"]: each.get("ifname") for each in netlink.get_links()}
    except OSError:
        return None
    if not routes:
        return None
    source = routes[0].get("prefsrc")
    return RouteDecision(names.get(routes[0].get("oif"), ""), IPv4Address(source) if source else None)


def is_known_neighbor(address: IPv4Address, interface: int) -> bool:
    """Whether the kernel knows the hardware address that belongs to this IP address on the interface."""
    with _open_netlink() as netlink:
        neighbors = list(netlink.get_neighbours(family=socket.AF_INET, ifindex=interface))
    return any(
        each.get("dst") == str(address) and each["ifindex"] == interface and each["state"] & KNOWN_NEIGHBOR
        for each in neighbors
    )


def set_up(interface: Interface) -> None:
    """Bring an interface up."""
    with _open_netlink() as netlink:
        netlink.link("set", index=interface.index, state="up")


def set_down(interface: Interface) -> None:
    """Bring an interface down."""
    with _open_netlink() as netlink:
        netlink.link("set", index=interface.index, state="down")


def add_address(interface: Interface, address: IPv4Interface) -> None:
    """Add an address to an interface."""
    with _open_netlink() as netlink:
        netlink.addr(
            "add",
            index=interface.index,
            address=str(address.ip),
            prefixlen=address.network.prefixlen,
            broadcast=str(address.network.broadcast_address),
        )


def remove_address(interface: Interface, address: IPv4Interface) -> None:
    """Remove an address from an interface."""
    with _open_netlink() as netlink:
        netlink.addr(
            "delete", index=interface.index, address=str(address.ip), prefixlen=address.network.prefixlen
        )


@contextmanager
def _open_netlink() -> Generator[Any]:
    require_linux()
    try:
        pyroute2: Any = import_module("pyroute2")  # without types, and slow to import
    except ModuleNotFoundError as error:
        raise LinkError.of("cable.no_pyroute2") from error

    try:
        with pyroute2.IPRoute() as netlink:
            yield netlink
    except pyroute2.NetlinkError as error:
        code: int = error.code
        if code == errno.EPERM and not is_root():
            raise NotPermittedError(Message("Changing a network interface needs root.")) from error
        if code == errno.EPERM:
            raise LinkError(
                Message("This process is root, but it may not change network interfaces."),
                Message("In a container, grant the capability NET_ADMIN."),
            ) from error
        raise OSError(code, os.strerror(code)) from error


def _parse_interface(link: Any, addresses: dict[int, list[IPv4Interface]]) -> Interface:
    flags: int = link["flags"]
    return Interface(
        index=link["index"],
        name=link.get("ifname"),
        up=bool(flags & IFF_UP),
        carrier=bool(flags & IFF_LOWER_UP),
        loopback=bool(flags & IFF_LOOPBACK),
        addresses=tuple(addresses.get(link["index"], ())),
    )


def _parse_route(route: Any, names: dict[int, str]) -> Route:
    return Route(
        destination=IPv4Network((route.get("dst") or "0.0.0.0", route["dst_len"])),
        interface=names.get(route.get("oif"), ""),
        gateway=route.get("gateway") or "",
        table=route.get("table"),
        kind=DISCARDING.get(route["type"], ""),
    )
