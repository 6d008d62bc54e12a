"""Network interfaces and routes of this computer, as data."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from attrs import frozen

MAIN_TABLE = 254


@frozen
class Interface:
    """One network interface."""

    index: int
    name: str
    up: bool
    carrier: bool
    """Whether something is connected at the other end; always false while the interface is down."""
    loopback: bool
    addresses: tuple[IPv4Interface, ...]


@frozen
class Route:
    """One entry of a routing table."""

    destination: IPv4Network
    interface: str
    """Empty for a route that discards traffic."""
    gateway: str
    """Empty where the destination is directly connected."""
    table: int
    kind: str
    """Empty for an ordinary route, else "blackhole", "unreachable" or "prohibit"."""

    @property
    def words(self) -> tuple[str, ...]:
        """The route as `ip route` prints and accepts it."""
        return (
            *((self.kind,) if self.kind else ()),
            str(self.destination),
            *(("via", self.gateway) if self.gateway else ()),
            *(("dev", self.interface) if self.interface else ()),
            *(("table", str(self.table)) if self.table != MAIN_TABLE else ()),
        )


@frozen
class RouteDecision:
    """The interface and the source address that the kernel chooses for one destination."""

    interface: str
    source: IPv4Address | None


@frozen
class Network:
    """All interfaces and routes of this computer (of this network namespace)."""

    interfaces: tuple[Interface, ...]
    routes: tuple[Route, ...]

    def find_interface(self, name: str) -> Interface | None:
        return next((each for each in self.interfaces if each.name == name), None)
