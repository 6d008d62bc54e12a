"""The only hand-written module of the SDK that imports httpx, so that a successor can take its place here."""

from httpx import (
    URL,
    AsyncBaseTransport,
    AsyncByteStream,
    AsyncClient,
    AsyncHTTPTransport,
    BaseTransport,
    ByteStream,
    Client,
    HTTPError,
    HTTPTransport,
    InvalidURL,
    Limits,
    Request,
    Response,
    StreamError,
    SyncByteStream,
)

__all__ = [
    "URL",
    "AsyncBaseTransport",
    "AsyncByteStream",
    "AsyncClient",
    "AsyncHTTPTransport",
    "BaseTransport",
    "ByteStream",
    "Client",
    "HTTPError",
    "HTTPTransport",
    "InvalidURL",
    "Limits",
    "Request",
    "Response",
    "StreamError",
    "SyncByteStream",
]
