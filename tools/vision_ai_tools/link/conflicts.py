"""What else lives in the module's network, where nothing else may."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from attrs import field, frozen

from vision_ai_tools.shared.texts import said

from .commands import system
from .netlink import Network
from .vendor import NETWORK


@frozen
class Conflict:
    """One intruder."""

    code: str
    """The catalogue's."""
    values: Mapping[str, str] = field(hash=False)
    """What stands in its sentence."""
    mend: str
    """The command that removes it, for as long as nothing sets it up again."""

    @property
    def what(self) -> str:
        """What it is, in English."""
        return said(self.code, self.values)


def conflicts(network: Network, modules: Collection[str]) -> tuple[Conflict, ...]:
    """What is in the module's network besides the interfaces of modules, of which these are the names.

    Routes to larger networks do no harm: the kernel takes the narrower one.
    """
    return (*_addresses(network, modules), *_routes(network, modules))


def _addresses(network: Network, modules: Collection[str]) -> Iterator[Conflict]:
    for interface in network.interfaces:
        for address in interface.addresses:
            if interface.name not in modules and address.ip in NETWORK:
                yield Conflict(
                    "network.address",
                    {"interface": interface.name, "address": str(address), "network": str(NETWORK)},
                    system("ip", "address", "del", str(address), "dev", interface.name),
                )


def _routes(network: Network, modules: Collection[str]) -> Iterator[Conflict]:
    # The route that comes with an address goes with it.
    with_address = {(each.name, address.network) for each in network.interfaces for address in each.addresses}
    for route in network.routes:
        if (
            route.interface not in modules
            and route.destination.subnet_of(NETWORK)
            and (route.interface, route.destination) not in with_address
        ):
            yield Conflict(
                "network.route" if route.interface else "network.refusal",
                {"route": " ".join(route.words), "interface": route.interface, "network": str(NETWORK)},
                system("ip", "route", "del", *route.words),
            )
