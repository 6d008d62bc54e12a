"""Addresses and routes of this computer that conflict with the module's network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from attrs import field, frozen

from vision_ai_translations import Message

from .constants import MODULE_NETWORK
from .network import Network
from .shell_commands import format_system_command


@frozen
class Conflict:
    """One address or route in the module's network that does not belong to a module's interface."""

    code: str
    """Code of the text that describes it."""
    values: Mapping[str, str] = field(hash=False)
    """Values of the text's placeholders."""
    fix: str
    """The command that removes it until something configures it again."""

    @property
    def what(self) -> Message:
        """The description in English."""
        return Message.of_key("doctor", self.code, **self.values)


def find_conflicts(network: Network, module_interfaces: Collection[str]) -> tuple[Conflict, ...]:
    """Find everything in the module's network except on these interfaces.

    Routes to larger networks are harmless: the kernel prefers the narrower route.
    """
    return (
        *_find_addresses(network, module_interfaces),
        *_find_routes(network, module_interfaces),
    )


def _find_addresses(network: Network, module_interfaces: Collection[str]) -> Iterator[Conflict]:
    for interface in network.interfaces:
        for address in interface.addresses:
            if interface.name not in module_interfaces and address.ip in MODULE_NETWORK:
                yield Conflict(
                    "network.address",
                    {"interface": interface.name, "address": str(address), "network": str(MODULE_NETWORK)},
                    format_system_command("ip", "address", "del", str(address), "dev", interface.name),
                )


def _find_routes(network: Network, module_interfaces: Collection[str]) -> Iterator[Conflict]:
    # The kernel adds a route with each address and removes it with the address.
    of_addresses = {(each.name, address.network) for each in network.interfaces for address in each.addresses}
    for route in network.routes:
        if (
            route.interface not in module_interfaces
            and route.destination.subnet_of(MODULE_NETWORK)
            and (route.interface, route.destination) not in of_addresses
        ):
            yield Conflict(
                "network.route" if route.interface else "network.refusal",
                {
                    "route": " ".join(route.words),
                    "interface": route.interface,
                    "network": str(MODULE_NETWORK),
                },
                format_system_command("ip", "route", "del", *route.words),
            )
