"""The only hand-written module of the SDK that imports httpx, so that a successor can take its place here."""

from httpx import (
    URL,
    AsyncBaseTransport,
    AsyncByteStream,
    AsyncHTTPTransport,
    BaseTransport,
    ByteStream,
    ConnectError,
    ConnectTimeout,
    Headers,
    HTTPError,
    HTTPTransport,
    InvalidURL,
    PoolTimeout,
    ProxyError,
    Request,
    Response,
    StreamError,
    SyncByteStream,
    TimeoutException,
    UnsupportedProtocol,
)

NOT_SENT = (ConnectError, ConnectTimeout, PoolTimeout, ProxyError, UnsupportedProtocol)
"""Failures before the first byte of a request has left this computer."""

__all__ = [
    "NOT_SENT",
    "URL",
    "AsyncBaseTransport",
    "AsyncByteStream",
    "AsyncHTTPTransport",
    "BaseTransport",
    "ByteStream",
    "HTTPError",
    "HTTPTransport",
    "Headers",
    "InvalidURL",
    "Request",
    "Response",
    "StreamError",
    "SyncByteStream",
    "TimeoutException",
]
