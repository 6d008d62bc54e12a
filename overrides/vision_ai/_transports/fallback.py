"""Plain http:// over httpx's own transport, where the direct one cannot run."""

from __future__ import annotations

from typing import Any

from .. import _httpx
from .base import Transport
from .direct.address import Address
from .httpx_adapter import AsyncHttpxAdapter, HttpxAdapter
from .per_loop import PerLoopTransport
from .platform import interface_option


def open_fallback(address: Address, reason: str, *, asynchronous: bool) -> PerLoopTransport:
    """Return a transport with a connection for each request.

    Args:
        address: Where to connect.
        reason: Why the direct transport does not serve it.
        asynchronous: For which client: `AsyncVisionAI` or `VisionAI`.
    """
    settings: dict[str, Any] = {
        "verify": False,
        "limits": _httpx.Limits(max_connections=None, max_keepalive_connections=0),
        "local_address": address.local_address,
        "uds": address.unix_socket,
    }
    if address.interface is not None:
        settings["socket_options"] = [interface_option(address.interface)]

    def open_transport() -> Transport:
        if asynchronous:
            return AsyncHttpxAdapter(_httpx.AsyncHTTPTransport(**settings))
        return HttpxAdapter(_httpx.HTTPTransport(**settings))

    name = "AsyncHTTPTransport" if asynchronous else "HTTPTransport"
    return PerLoopTransport(
        open_transport, asynchronous=asynchronous, reason=reason, text=f"<httpx.{name} {address}: {reason}>"
    )
