"""The one interface that carries bytes: a `Transport` sends a `Request` and returns a `Response`.

It is asynchronous in form. The transport of a synchronous client never suspends, so `run_sync` can drive its
coroutines in an ordinary call.

The failures bear httpx's names, without httpx: importing it takes longer than the rest of a first call.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from .._lazy_module import LazyModule
from .._runtime.deadline import Deadline
from .file_region import FileRegion
from .urls import Url

if TYPE_CHECKING:
    from .._runtime import clock as _clock
else:
    _clock = LazyModule("vision_ai._runtime.clock")

Headers = Sequence[tuple[bytes, bytes]]

CONNECT_SHARE = 0.9
"""Part of a call's time for the connection, so that "cannot be reached" and "did not respond" stay apart."""
CLOSED = "this transport was closed"
LONGEST_IDLE = 5.0
"""Seconds after which an idle connection is not used again: the module may have been switched off and on, and what is
sent over the old connection would be lost."""


class TransportError(Exception):
    """A request got no complete response.

    `original` is the library's own exception where a library carried the request.
    """

    original: BaseException | None = None


class NotSentError(TransportError):
    """The request has not left this computer: repeating it is safe."""


class ConnectError(NotSentError):
    """No connection."""


class ConnectTimeout(NotSentError):
    """No connection in time."""


class PoolTimeout(NotSentError):
    """No free connection in time."""


class ProxyError(NotSentError):
    """The proxy refused the connection."""


class UnsupportedProtocol(NotSentError):
    """This transport does not serve such a URL."""


class ResponseTimeout(TransportError):
    """The request may have arrived; the response did not come in time."""


class ReadTimeout(ResponseTimeout):
    """The response did not come in time."""


class WriteTimeout(ResponseTimeout):
    """The request was not accepted in time."""


class ReadError(TransportError):
    """The connection broke before the response was complete."""


class WriteError(TransportError):
    """The connection broke while the request was being sent."""


class LocalProtocolError(TransportError):
    """The request is not valid HTTP."""


class RemoteProtocolError(TransportError):
    """The response is not valid HTTP."""


class ContentCodingError(TransportError):
    """The response came, but its `Content-Encoding` cannot be decoded. `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class BodyTooLargeError(Exception):
    """A response has more bytes than the reader allows. `start` is its beginning."""

    def __init__(self, start: bytes) -> None:
        super().__init__("the response is too large")
        self.start = start


class StreamedBody(Protocol):
    """A request's body that is not held in memory. It can be sent more than once."""

    content_type: str
    length: int
    """Bytes of the whole body."""

    def chunks(self) -> Iterator[bytes]:
        """Return the body's bytes, read from the file."""
        ...

    def segments(self) -> Iterable[bytes | FileRegion]:
        """Return the body with the regions of files that the kernel may send by itself."""
        ...


class Request:
    """One request. Its headers lack `Host`, which every transport adds.

    Attributes:
        method: `GET` or `POST`.
        url: Where it goes.
        headers: Names and values as they are sent.
        body: Bytes, or a stream.
        exact_length: Only the response's length tells whether it is complete, so that a byte beyond it is an
            error: for files.
        head: The request line and headers as bytes, kept by a transport that sends the request again.
    """

    __slots__ = ("body", "exact_length", "head", "headers", "method", "url")

    def __init__(
        self,
        method: str,
        url: Url,
        headers: Headers,
        body: bytes | StreamedBody = b"",
        *,
        exact_length: bool = False,
    ) -> None:
        self.method: str = method
        self.url: Url = url
        self.headers: Headers = headers
        self.body: bytes | StreamedBody = body
        self.exact_length: bool = exact_length
        self.head: bytes | None = None

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url.text}>"


class Response(ABC):
    """The response to a request: its head has come, its body is read by `read` or `read_into`."""

    status: int
    headers: Headers
    http_version: str = "HTTP/1.1"
    reason: bytes = b""
    length: int | None = None
    """Bytes of the body where the head tells."""
    server_address: str | None = None
    """The IP address that the response came from, where the transport knows it."""
    connected_at: float | None = None
    """When its connection was made, on the monotonic clock, where that one goes straight to the module's address."""
    request_sent: bool = True
    """False where the response came before the whole request was sent, and the rest was not sent."""

    def copy_head(self, other: Response) -> None:
        """Take over everything but the body's length from a response that this one wraps."""
        self.status = other.status
        self.headers = other.headers
        self.http_version = other.http_version
        self.reason = other.reason
        self.server_address = other.server_address
        self.connected_at = other.connected_at
        self.request_sent = other.request_sent

    @property
    def coded_size(self) -> int | None:
        """Bytes received of a body that is read decoded, such as a compressed one; None for any other."""
        return None

    def header(self, name: bytes) -> str:
        """Return a header's value, given its name in lower case; "" where there is none."""
        return find_header(self.headers, name)

    @property
    def content_type(self) -> str:
        """The header `Content-Type`; "" where there is none."""
        return find_header(self.headers, b"content-type")

    @abstractmethod
    async def read(self, limit: int) -> bytes | bytearray:
        """Read the rest of the body.

        Raises:
            BodyTooLargeError: it has more than `limit` bytes.
            TransportError: it did not come complete, or not in time.
        """

    @abstractmethod
    async def read_into(self, view: memoryview) -> int:
        """Receive the next bytes of the body into `view`: how many, 0 at the body's end.

        Raises:
            TransportError: the body did not come complete, or not in time.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release the connection, whether the body was read or not."""


class Transport(ABC):
    """Carries requests to one module.

    Any number of calls may use it at the same time: threads over a synchronous one, tasks over an asynchronous
    one.
    """

    asynchronous: bool | None = None
    """Which client it serves; None for both."""

    @property
    def clock(self) -> _clock.MovableClock | None:
        """The clock of an emulator in this process, where a test moves it; None where time passes by itself."""
        return None

    @abstractmethod
    async def send(self, request: Request, deadline: Deadline) -> Response:
        """Send a request and receive the head of its response.

        Raises:
            TransportError: no response came; the subclass says whether the request may have arrived.
        """

    @abstractmethod
    async def close(self) -> None:
        """End all connections. Calling it again does nothing."""


def find_header(headers: Headers, name: bytes) -> str:
    """Return a header's value, given its name in lower case; several are joined by commas."""
    size = len(name)
    values = [value for given, value in headers if len(given) == size and given.lower() == name]
    return (values[0] if len(values) == 1 else b", ".join(values)).decode("latin-1")


async def read_chunks(response: Response, limit: int, size: int = 256 * 1024) -> bytearray:
    """Read a body by `read_into`, for transports that have no faster way.

    Raises:
        BodyTooLargeError: it has more than `limit` bytes.
    """
    content = bytearray()
    view = memoryview(bytearray(size))
    while count := await response.read_into(view):
        content += view[:count]
        if len(content) > limit:
            raise BodyTooLargeError(bytes(content[:1024]))
    return content
