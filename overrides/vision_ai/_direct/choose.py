"""Which transport serves an address."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from typing import Any, Literal, overload

from .._http import AsyncBaseTransport, AsyncHTTPTransport, BaseTransport, HTTPTransport
from .address import Address


class StockTransport(HTTPTransport):
    """httpx's own transport, and why it is in use."""

    def __init__(self, why: str, **options: Any) -> None:
        super().__init__(**options)
        self._why = why

    def __repr__(self) -> str:
        return f"<httpx.HTTPTransport: {self._why}>"


class AsyncStockTransport(AsyncHTTPTransport):
    """httpx's own transport, and why it is in use."""

    def __init__(self, why: str, **options: Any) -> None:
        super().__init__(**options)
        self._why = why

    def __repr__(self) -> str:
        return f"<httpx.AsyncHTTPTransport: {self._why}>"


@overload
def http_transport(
    address: str,
    *,
    asynchronous: Literal[False],
    local_address: str | None = ...,
    interface: str | None = ...,
    uds: str | None = ...,
    keep: int = ...,
) -> BaseTransport: ...
@overload
def http_transport(
    address: str,
    *,
    asynchronous: Literal[True],
    local_address: str | None = ...,
    interface: str | None = ...,
    uds: str | None = ...,
    keep: int = ...,
) -> AsyncBaseTransport: ...
@overload
def http_transport(
    address: str,
    *,
    asynchronous: bool,
    local_address: str | None = ...,
    interface: str | None = ...,
    uds: str | None = ...,
    keep: int = ...,
) -> BaseTransport | AsyncBaseTransport: ...
def http_transport(
    address: str,
    *,
    asynchronous: bool,
    local_address: str | None = None,
    interface: str | None = None,
    uds: str | None = None,
    keep: int = 1,
) -> BaseTransport | AsyncBaseTransport:
    """The transport for a plain http:// address: the direct one, or httpx's own where it cannot be had.

    `local_address` is an address of this computer to come from, `interface` the name of the network
    interface to use (SO_BINDTODEVICE), `uds` the path of a Unix socket to connect to instead of the host.
    `keep` is how many connections stay open between requests. Raises ValueError for an address that is not
    http://, and for a local address that is none.
    """
    where = Address(address, local_address=local_address, interface=interface, uds=uds)
    options: dict[str, Any] = {"verify": False, "local_address": local_address, "uds": uds}
    if interface is not None:
        option = (socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        options["socket_options"] = [option]
    if find_spec("httptools") is None:
        why = "httptools is not installed"
        return AsyncStockTransport(why, **options) if asynchronous else StockTransport(why, **options)
    if not asynchronous:
        from .blocking import DirectTransport

        return DirectTransport(where, keep=keep)

    from .eventloop import AsyncDirectTransport  # asyncio is for those who use it

    def for_another_loop() -> AsyncBaseTransport:
        return AsyncStockTransport("this event loop is not asyncio's", **options)

    return AsyncDirectTransport(where, keep=keep, other=for_another_loop)
