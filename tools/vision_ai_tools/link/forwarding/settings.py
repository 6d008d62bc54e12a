"""Who may reach the module through the terminal, and by which ports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Network, collapse_addresses
from typing import Any

from attrs import frozen

from vision_ai_translations import N_, Message

from ..constants import MODULE_NETWORK
from ..errors import InvalidArgumentError

CONFIG_PORT, SYNC_PORT = 7080, 7443
"""The vendor's ports of the terminal. Its third, 7089, is reserved and not forwarded."""
MODULE_CONFIG_PORT, MODULE_SYNC_PORT = 80, 443
ANY, NONE = "any", "none"
EVERYBODY = IPv4Network("0.0.0.0/0")
IMPOSSIBLE_SOURCES = {
    IPv4Network("127.0.0.0/8"): N_("{source} belongs to this computer itself: nobody comes from there."),
    IPv4Network("224.0.0.0/4"): N_("{source} belongs to multicast groups: nobody comes from there."),
    MODULE_NETWORK: N_("{source} belongs to the module's own network: nobody comes from there."),
}
EXAMPLE = Message("For example: --from 192.168.10.0/24, or --from 192.168.10.7 for one computer.")


@frozen
class ForwardedPort:
    """A port of the terminal that leads to one of the module."""

    port: int
    module_port: int
    purpose: str


@frozen
class Forwarding:
    """What is forwarded, and for whom."""

    networks: tuple[IPv4Network, ...]
    """Computers in these networks may reach the module; none where only the module may reach others."""
    config_port: int = CONFIG_PORT
    sync_port: int = SYNC_PORT
    upstream: str | None = None
    """The only interface through which the module may reach others; None for every interface."""

    @property
    def ports(self) -> tuple[ForwardedPort, ...]:
        if not self.networks:
            return ()
        return (
            ForwardedPort(self.config_port, MODULE_CONFIG_PORT, Message("configuration")),
            ForwardedPort(self.sync_port, MODULE_SYNC_PORT, Message("synchronization")),
        )

    @property
    def is_for_everybody(self) -> bool:
        return EVERYBODY in self.networks

    @property
    def sources(self) -> tuple[str, ...]:
        """The networks as `--from` takes them."""
        if self.is_for_everybody:
            return (ANY,)
        return tuple(map(_format_network, self.networks)) or (NONE,)

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the command line."""
        sources = (word for each in self.sources for word in ("--from", each))
        upstream = ("--upstream", self.upstream) if self.upstream else ()
        return ("--config", str(self.config_port), "--sync", str(self.sync_port), *sources, *upstream)

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON data."""
        return {
            "config": self.config_port,
            "sync": self.sync_port,
            "from": list(self.sources),
            "upstream": self.upstream,
        }


def make_forwarding(
    sources: Sequence[str],
    *,
    config_port: int = CONFIG_PORT,
    sync_port: int = SYNC_PORT,
    upstream: str | None = None,
) -> Forwarding:
    """Check the arguments and make a forwarding of them.

    Args:
        sources: IPv4 networks (192.168.10.0/24) and addresses whose computers may reach the module; or "any";
            or "none", for a module that only has to reach others.
        config_port: Port of this computer that leads to the module's port 80.
        sync_port: Port of this computer that leads to the module's port 443.
        upstream: Name of the only interface through which the module may reach others.

    Raises:
        InvalidArgumentError: one of them is missing or impossible.
    """
    for port in (config_port, sync_port):
        if not 1 <= port <= 65535:
            raise InvalidArgumentError(
                Message("{port} is not a port.", port=port), Message("Ports are numbers from 1 to 65535.")
            )
    if config_port == sync_port:
        raise InvalidArgumentError(
            Message("Both ports are {port}.", port=config_port),
            Message("Choose two different ports: --config 7080 --sync 7443"),
        )
    if upstream is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,14}", upstream):
        raise InvalidArgumentError(
            Message("{name} cannot be the name of a network interface.", name=repr(upstream))
        )
    return Forwarding(_parse_sources(sources), config_port, sync_port, upstream)


def _parse_sources(sources: Sequence[str]) -> tuple[IPv4Network, ...]:
    words = [each.strip() for each in sources]
    if not words:
        raise InvalidArgumentError(
            Message("It is not said who may reach the module."),
            Message(
                "Name their networks. {example}\nEverybody: --from any. Nobody, for a module that only has to reach"
                " others: --from none",
                example=EXAMPLE,
            ),
        )
    for word, networks in ((ANY, (EVERYBODY,)), (NONE, ())):
        if any(each.lower() == word for each in words):
            if len(words) > 1:
                raise InvalidArgumentError(
                    Message("--from {source} leaves nothing to add.", source=word),
                    Message("Leave the others out, or it."),
                )
            return networks
    return tuple(collapse_addresses(map(parse_network, words)))


def parse_network(text: str) -> IPv4Network:
    """Parse a network or an address from which computers may come.

    Raises:
        InvalidArgumentError: it is none, or nobody comes from there.
    """
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        raise InvalidArgumentError(
            Message("{source} is not an IPv4 network.", source=repr(text)), _advise_on_network(text)
        ) from None
    address = IPv4Address(text.partition("/")[0])
    if network.prefixlen == 0:
        raise InvalidArgumentError(
            Message("{source} is everybody.", source=text), Message("If that is meant: --from any")
        )
    if address != network.network_address:
        raise InvalidArgumentError(
            Message(
                "{source} is an address in the network {network}, not a network.",
                source=text,
                network=network,
            ),
            Message(
                "For the whole network: --from {network}. For one computer: --from {address}",
                network=network,
                address=address,
            ),
        )
    for impossible, description in IMPOSSIBLE_SOURCES.items():
        if network.subnet_of(impossible):
            raise InvalidArgumentError(Message(description, source=text), EXAMPLE)
    return network


def _advise_on_network(text: str) -> str:
    try:
        IPv6Network(text, strict=False)
    except (AddressValueError, ValueError):
        return EXAMPLE
    return Message("The module has no IPv6 address. {example}", example=EXAMPLE)


def _format_network(network: IPv4Network) -> str:
    return str(network.network_address) if network.prefixlen == 32 else str(network)
