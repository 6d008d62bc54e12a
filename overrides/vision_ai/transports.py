"""The transports under a client, for programs that build on the SDK.

`open_route` returns the transport that a client with the same arguments would use. A `Transport` of your own, around
another one or instead of it, goes to `VisionAI(transport=…)`:

    class CountingTransport(Transport):
        def __init__(self, transport: Transport) -> None:
            self.transport = transport
            self.requests = 0

        async def send(self, request: Request, deadline: Deadline) -> Response:
            self.requests += 1
            return await self.transport.send(request, deadline)

        async def close(self) -> None:
            await self.transport.close()

    route = open_route("http://127.0.0.1:8172")
    module = VisionAI(route.base_url, transport=CountingTransport(route.transport))

A synchronous client's transport never suspends: `run_sync` drives its coroutines in an ordinary call.
"""

from ._runtime.deadline import Deadline
from ._runtime.sync import run_sync
from ._transports.base import (
    BodyTooLargeError,
    ConnectError,
    ConnectTimeout,
    ContentCodingError,
    Headers,
    LocalProtocolError,
    NotSentError,
    PoolTimeout,
    ProxyError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    Request,
    Response,
    ResponseTimeout,
    StreamedBody,
    Transport,
    TransportError,
    UnsupportedProtocol,
    WriteError,
    WriteTimeout,
)
from ._transports.selection import Route, open_route, resolve_url
from ._transports.urls import Url, parse_url

__all__ = [
    "BodyTooLargeError",
    "ConnectError",
    "ConnectTimeout",
    "ContentCodingError",
    "Deadline",
    "Headers",
    "LocalProtocolError",
    "NotSentError",
    "PoolTimeout",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "Request",
    "Response",
    "ResponseTimeout",
    "Route",
    "StreamedBody",
    "Transport",
    "TransportError",
    "UnsupportedProtocol",
    "Url",
    "WriteError",
    "WriteTimeout",
    "open_route",
    "parse_url",
    "resolve_url",
    "run_sync",
]
