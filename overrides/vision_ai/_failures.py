"""What may come between a request and its answer, under httpx's names but without httpx.

A program whose calls go over the direct transport never loads httpx, which takes longer than all else of a
first call. Where httpx is loaded, `_http` adds its exceptions to the kinds below.
"""

from __future__ import annotations


class Failure(Exception):
    """A request came to no whole answer."""


class ConnectError(Failure): ...


class ConnectTimeout(Failure): ...


class ReadError(Failure): ...


class ReadTimeout(Failure): ...


class WriteError(Failure): ...


class WriteTimeout(Failure): ...


class LocalProtocolError(Failure):
    """The request is none."""


class RemoteProtocolError(Failure):
    """The answer is none."""


class UnsupportedProtocol(Failure):
    """Not for this transport."""


class Kinds:
    """The exceptions that transports raise."""

    def __init__(self) -> None:
        self.any: tuple[type[Exception], ...] = (Failure, OSError)
        self.not_sent: tuple[type[Exception], ...] = (ConnectError, ConnectTimeout, UnsupportedProtocol)
        """Before the first byte of a request has left this computer."""
        self.not_in_time: tuple[type[Exception], ...] = (ReadTimeout, WriteTimeout, TimeoutError)
        """Of those after it."""


kinds = Kinds()
