"""Request → the bytes of its head."""

from __future__ import annotations

import re

from ..base import LocalProtocolError, Request, UnsupportedProtocol

SINGLE_HEADERS = frozenset({b"host", b"content-length", b"transfer-encoding"})

_is_token = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch


def encode_head(request: Request) -> bytes:
    """Return the request line and the headers, with the empty line behind them.

    Raises:
        LocalProtocolError: they would not be valid HTTP, or announce another length than the body's.
        UnsupportedProtocol: the method is for proxies.
    """
    method, target = request.method, request.url.target
    if method == "CONNECT":
        raise UnsupportedProtocol("CONNECT is for proxies, and this transport knows none")
    verb = method.encode("ascii", "replace")
    if not _is_token(verb) or b" " in target:
        raise LocalProtocolError(f"a request cannot begin with {method!r} {target!r}")
    lines = [b"%s %s HTTP/1.1" % (verb, target)]
    known: dict[bytes, bytes] = {}
    for name, value in request.headers:
        lower = name.lower()
        if not _is_token(name):
            raise LocalProtocolError(f"a request's header cannot be called {name!r}")
        if lower in SINGLE_HEADERS and lower in known:
            raise LocalProtocolError(f"a request cannot have two headers {name!r}")
        known[lower] = value
        lines.append(b"%s: %s" % (name, value))
    if b"host" not in known:
        lines.insert(1, b"Host: " + request.url.netloc)  # first, as RFC 9110 recommends
    _check_length(request, known)
    head = b"\r\n".join([*lines, b"", b""])
    breaks = len(lines) + 1
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or b"\0" in head:
        raise LocalProtocolError("a request's header contains a line break or a NUL")
    return head


def _check_length(request: Request, known: dict[bytes, bytes]) -> None:
    if b"transfer-encoding" in known:
        raise LocalProtocolError("this transport sends bodies of a known length only")
    announced = known.get(b"content-length", b"0")
    if not re.fullmatch(rb"[0-9]{1,18}", announced):
        raise LocalProtocolError(f"the request has an impossible Content-Length: {announced!r}")
    length = len(request.body) if isinstance(request.body, bytes) else request.body.length
    if int(announced) != length:
        raise LocalProtocolError(
            f"the request's body has {length} bytes, its Content-Length is {int(announced)}"
        )
