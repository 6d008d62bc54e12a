"""Where connections go, and where they come from."""

from __future__ import annotations

import errno
import socket
from typing import Any

from ..base import ConnectError
from ..platform import NO_SIGPIPE, interface_option, require_unix_family
from ..urls import parse_url

Target = tuple[int, Any]
"""An address family, and an address of it as sockets take it."""

NEEDS_RIGHTS = (errno.EPERM, errno.EACCES)


class QuietSocket(socket.socket):
    """Closes without a warning where it is lost: an interrupt may come between any two steps."""

    __slots__ = ()

    def __del__(self) -> None:
        number = self.detach()
        if number >= 0:
            socket.close(number)


class Address:
    """One host and port, or one Unix socket.

    Args:
        url: An http:// URL.
        local_address: The IP address of this computer to come from.
        interface: The network interface to use (SO_BINDTODEVICE).
        unix_socket: The path of a Unix socket to connect to instead of the host.

    Raises:
        InvalidInputError: this platform has no Unix sockets.
        ValueError: the URL is not http://, or the local address is not an IP address.
    """

    def __init__(
        self,
        url: str,
        *,
        local_address: str | None = None,
        interface: str | None = None,
        unix_socket: str | None = None,
    ) -> None:
        parts = parse_url(url)
        if parts.scheme != "http" or not parts.host:
            raise ValueError(f"the direct transport serves http:// addresses, not {url!r}")
        self.netloc = parts.netloc
        self.host = parts.host
        self.port = parts.port or 80
        self.unix_socket = unix_socket
        self.local_address = local_address
        self.interface = interface
        self._local_family = None if local_address is None else _family(local_address)
        self.targets = (
            [(require_unix_family(), unix_socket)] if unix_socket is not None else self._literal_targets()
        )
        """Where to connect, in this order; None for a name that has to be looked up."""

    def __str__(self) -> str:
        if self.unix_socket is not None:
            return f"unix:{self.unix_socket}"
        return f"http://{self.netloc.decode()}"

    def _literal_targets(self) -> list[Target] | None:
        try:
            infos = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            return None
        return self.select_targets(infos)

    def select_targets(self, infos: list[Any]) -> list[Target]:
        """Return the usable targets among the results of getaddrinfo()."""
        return [
            (int(family), address)
            for family, _, _, _, address in infos
            if self._local_family in (None, int(family))
        ]

    def open_socket(self, family: int) -> socket.socket:
        """Return a non-blocking socket, bound to its way out and not connected yet."""
        try:
            opened = QuietSocket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectError(f"{self}: no socket ({error})") from error
        try:
            opened.setblocking(False)
            if NO_SIGPIPE is not None:
                opened.setsockopt(socket.SOL_SOCKET, NO_SIGPIPE, 1)
            if self.unix_socket is None:
                self._bind(opened)
        except BaseException:
            opened.close()
            raise
        return opened

    def _bind(self, opened: socket.socket) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.interface is not None:
            try:
                opened.setsockopt(*interface_option(self.interface))
            except OSError as error:
                why = "that needs CAP_NET_RAW" if error.errno in NEEDS_RIGHTS else error.strerror
                raise ConnectError(
                    f"{self}: cannot be bound to the interface {self.interface!r}: {why}"
                ) from error
        if self.local_address is not None:
            try:
                opened.bind((self.local_address, 0))
            except OSError as error:
                raise ConnectError(
                    f"{self}: cannot come from {self.local_address}: {error.strerror}"
                ) from error


def _family(local_address: str) -> int:
    import ipaddress  # seldom needed

    version = ipaddress.ip_address(local_address).version
    return int(socket.AF_INET if version == 4 else socket.AF_INET6)
