"""Which way leads to an address."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, overload

from .._http_later import load
from .address import Address

if TYPE_CHECKING:
    from .._http import AsyncBaseTransport, BaseTransport
    from .blocking import BlockingPool
    from .eventloop import LoopPool
    from .presented import AsyncStockTransport, StockTransport


def http_way(
    address: str,
    *,
    asynchronous: bool,
    local_address: str | None = None,
    interface: str | None = None,
    uds: str | None = None,
    keep: int = 1,
) -> BlockingPool | LoopPool | StockTransport | AsyncStockTransport:
    """The way to a plain http:// address: the direct one, or httpx's own where it cannot be had.

    `local_address` is an address of this computer to come from, `interface` the name of the network
    interface to use (SO_BINDTODEVICE), `uds` the path of a Unix socket to connect to instead of the host.
    `keep` is how many connections stay open between requests. Raises ValueError for an address that is not
    http://, and for a local address that is none.
    """
    where = Address(address, local_address=local_address, interface=interface, uds=uds)
    if find_spec("httptools") is None:
        from .presented import AsyncStockTransport, StockTransport

        stock = AsyncStockTransport if asynchronous else StockTransport
        return stock("httptools is not installed", where)
    if asynchronous:
        from .eventloop import LoopPool  # asyncio is for those who use it

        if "trio" in sys.modules:
            load()  # httpx's own transport may have to carry, and a call's time is not for imports
        return LoopPool(where, keep)
    from .blocking import BlockingPool

    return BlockingPool(where, keep)


@overload
def http_transport(address: str, *, asynchronous: Literal[False], **options: Any) -> BaseTransport: ...
@overload
def http_transport(address: str, *, asynchronous: Literal[True], **options: Any) -> AsyncBaseTransport: ...
@overload
def http_transport(
    address: str, *, asynchronous: bool, **options: Any
) -> BaseTransport | AsyncBaseTransport: ...
def http_transport(address: str, *, asynchronous: bool, **options: Any) -> BaseTransport | AsyncBaseTransport:
    """The same with httpx's interface; the options are those of `http_way`."""
    from .._wire import presented

    return presented(http_way(address, asynchronous=asynchronous, **options))
