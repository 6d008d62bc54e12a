"""Where connections go to, and where they come from."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from typing import Any

from .._failures import ConnectError
from .._url import parsed

Target = tuple[int, Any]
"""An address family, and an address of it as sockets take it."""

NEEDS_RIGHTS = (errno.EPERM, errno.EACCES)


class Address:
    """One host and port, or one Unix socket; `local_address` and `interface` say which way out."""

    def __init__(
        self,
        url: str,
        *,
        local_address: str | None = None,
        interface: str | None = None,
        uds: str | None = None,
    ) -> None:
        parts = parsed(url)
        if parts.scheme != "http" or not parts.host:
            raise ValueError(f"the direct transport serves http:// addresses, not {url!r}")
        self.netloc = parts.netloc
        self.host = parts.host
        self.port = parts.port or 80
        self.uds = uds
        self.local_address = local_address
        self.interface = interface
        self._local = None if local_address is None else ipaddress.ip_address(local_address)
        self.targets = [(int(socket.AF_UNIX), uds)] if uds is not None else self._literal()
        """Where to, in this order; None for a name that has to be looked up."""

    def __str__(self) -> str:
        return f"unix:{self.uds}" if self.uds is not None else f"http://{self.netloc.decode()}"

    def _literal(self) -> list[Target] | None:
        try:
            return self.found(
                socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            )
        except socket.gaierror:
            return None

    def found(self, infos: list[Any]) -> list[Target]:
        """The targets among getaddrinfo()'s answers."""
        targets = [(int(family), address) for family, _, _, _, address in infos]
        if self._local is None:
            return targets
        family = socket.AF_INET if self._local.version == 4 else socket.AF_INET6
        return [target for target in targets if target[0] == family]

    def open_socket(self, family: int) -> socket.socket:
        """A socket that does not block, on its way out, not connected yet."""
        try:
            opened = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectError(f"{self}: no socket ({error})") from error
        try:
            opened.setblocking(False)
            if family != socket.AF_UNIX:
                self._set_out(opened)
        except BaseException:
            opened.close()
            raise
        return opened

    def _set_out(self, opened: socket.socket) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.interface is not None:
            try:
                opened.setsockopt(*bound_to(self.interface))
            except OSError as error:
                why = "that needs CAP_NET_RAW" if error.errno in NEEDS_RIGHTS else error.strerror
                raise ConnectError(
                    f"{self}: cannot be bound to the interface {self.interface!r}: {why}"
                ) from error
        if self._local is not None:
            try:
                opened.bind((str(self._local), 0))
            except OSError as error:
                raise ConnectError(f"{self}: cannot come from {self._local}: {error.strerror}") from error


def bound_to(interface: str) -> tuple[int, int, bytes]:
    """The socket option for what goes out by that interface only."""
    return socket.SOL_SOCKET, socket.SO_BINDTODEVICE, os.fsencode(interface) + b"\0"
