"""The direct transport: plain HTTP/1.1 to one host, over sockets of our own, read by llhttp (httptools).

    choose      which way leads to an address: this one, or httpx's own where it cannot
    blocking    the way for ordinary programs and threads
    eventloop   the way for asyncio
    presented   both as httpx's transports; nothing else here knows httpx
    pool        what the two share: connections, and the way of a request
    connection  one connection and its exchange of a request for an answer
    answer      bytes → answer
    outgoing    request → bytes
    regions     pieces of files that the kernel sends by itself
    waits       how long what may wait
    address     where to, and from where
    forks       which process this is

Connections are written once, as coroutines that ask for nothing but "wait until this socket can be read, or
written": the blocking transport waits in poll(), the other one in the event loop.
"""

from __future__ import annotations

from .choose import http_transport, http_way
from .regions import FileRegion, Segmented

__all__ = ["FileRegion", "Segmented", "http_transport", "http_way"]
