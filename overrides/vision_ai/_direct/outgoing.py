"""Request → bytes."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from functools import lru_cache
from typing import cast

from .._failures import LocalProtocolError, UnsupportedProtocol
from .._message import Headers, Message
from .regions import FileRegion, Segmented

ONE_SEND = 128 * 1024
"""Bytes of a body up to which it is sent together with the head."""
ONCE = frozenset({b"host", b"content-length", b"transfer-encoding"})

_is_token = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch


class Outgoing:
    """A request, ready to be sent: its head, and its body as bytes or as a stream."""

    __slots__ = ("body", "chunked", "head", "is_head", "length", "netloc", "stream")

    def __init__(
        self,
        method: str,
        target: bytes,
        netloc: bytes,
        headers: Headers,
        body: bytes,
        stream: object = None,
    ) -> None:
        """`stream` is the body in place of `body`."""
        self.is_head = method == "HEAD"
        self.head, self.length, self.chunked = _head(method, target, netloc, headers)
        self.netloc = netloc
        self.body = body
        self.stream = stream
        if stream is None and not self.chunked and len(body) != self.length:
            raise LocalProtocolError(
                f"the request's body has {len(body)} bytes, its Content-Length is {self.length}"
            )

    @classmethod
    def of(cls, message: Message) -> Outgoing:
        place = message.place
        return cls(message.method, place.target, place.netloc, message.headers, message.body)

    @property
    def repeatable(self) -> bool:
        """Whether it could be sent from its start once more."""
        return self.stream is None

    def tail(self) -> bytes:
        """What follows the head, where there is no stream."""
        if not self.chunked:
            return self.body
        return (self.framed(self.body) if self.body else b"") + b"0\r\n\r\n"

    @staticmethod
    def framed(piece: bytes) -> bytes:
        """A piece of a body without a length."""
        return b"%x\r\n%b\r\n" % (len(piece), piece)

    async def pieces(self, *, asynchronous: bool) -> AsyncGenerator[bytes | FileRegion]:
        """The stream's; as it is, in either world."""
        stream = self.stream
        if isinstance(stream, Segmented):
            for piece in stream.segments():
                yield piece
        elif asynchronous:
            if not isinstance(stream, AsyncIterable):
                raise RuntimeError("an asynchronous transport needs a request with an asynchronous body")
            async for piece in cast("AsyncIterable[bytes]", stream):
                yield piece
        else:
            if not isinstance(stream, Iterable):
                raise RuntimeError("a synchronous transport needs a request with a synchronous body")
            for piece in cast("Iterable[bytes]", stream):
                yield piece


@lru_cache(maxsize=64)  # one module is asked the same few things, with the same headers
def _head(method: str, target: bytes, netloc: bytes, headers: Headers) -> tuple[bytes, int, bool]:
    """A request's head, its body's length, and whether it goes out in chunks, without a length."""
    if method == "CONNECT":
        raise UnsupportedProtocol("CONNECT is for proxies, and this transport knows none")
    verb = method.encode("ascii", "replace")
    if not _is_token(verb) or b" " in target:
        raise LocalProtocolError(f"a request cannot begin with {method!r} {target!r}")
    lines = [b"%s %s HTTP/1.1" % (verb, target)]
    known: dict[bytes, bytes] = {}
    for name, value in headers:
        lower = name.lower()
        if not _is_token(name):
            raise LocalProtocolError(f"a request's header cannot be called {name!r}")
        if lower in ONCE and lower in known:
            raise LocalProtocolError(f"a request cannot have two headers {name!r}")
        known[lower] = value
        lines.append(b"%s: %s" % (name, value))
    if b"host" not in known:
        lines.append(b"Host: " + netloc)
    length, coding = known.get(b"content-length"), known.get(b"transfer-encoding")
    if length is not None and not re.fullmatch(rb"[0-9]{1,18}", length):
        raise LocalProtocolError(f"the request has an impossible Content-Length: {length!r}")
    if coding is not None and (coding.lower() != b"chunked" or length is not None):
        raise LocalProtocolError(f"the request has an impossible Transfer-Encoding: {coding!r}")
    head = b"\r\n".join([*lines, b"", b""])
    breaks = len(lines) + 1
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or b"\0" in head:
        raise LocalProtocolError("a line break or a NUL within a request's header")
    return head, int(length or b"0"), coding is not None
