"""The transport that plays a recording back: `replay:day.har`."""

from __future__ import annotations

import threading
from pathlib import Path

from ..._runtime.deadline import Deadline
from ...errors import RecordingError
from ..base import (
    BodyTooLargeError,
    ConnectError,
    ConnectTimeout,
    PoolTimeout,
    ProxyError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    Request,
    Response,
    Transport,
    TransportError,
    WriteError,
    WriteTimeout,
    find_header,
)
from .digest import FormDigest, find_boundary
from .reader import RecordedResponse, RequestKey, describe_body, describe_form, make_key, read_recording

DEVICE_INFO = "/api/get_device_info"
UNKNOWN_COMMAND = RecordedResponse(
    200, b"OK", [(b"Content-Type", b"application/json")], b'{"code":-6117,"data":null}', None
)
MOST_LISTED = 30
"""Requests listed in a message."""

FAILURES: dict[str, type[TransportError]] = {
    **{
        kind.__name__: kind
        for kind in (
            ConnectError,
            ConnectTimeout,
            PoolTimeout,
            ProxyError,
            ReadError,
            ReadTimeout,
            RemoteProtocolError,
            WriteError,
            WriteTimeout,
        )
    },
    # A deadline ends a call from outside.
    "Cancelled": ReadTimeout,
    "CancelledError": ReadTimeout,
    "TimeoutError": ReadTimeout,
    # Chrome's.
    "net::ERR_ADDRESS_UNREACHABLE": ConnectError,
    "net::ERR_CONNECTION_FAILED": ConnectError,
    "net::ERR_CONNECTION_REFUSED": ConnectError,
    "net::ERR_CONNECTION_TIMED_OUT": ConnectTimeout,
    "net::ERR_INTERNET_DISCONNECTED": ConnectError,
    "net::ERR_NAME_NOT_RESOLVED": ConnectError,
    "net::ERR_NETWORK_CHANGED": ReadError,
    "net::ERR_TIMED_OUT": ReadTimeout,
}
"""How a recorded failure is raised, by the word it begins with; any other as a lost response."""


def open_transport(url: str, *, asynchronous: bool) -> Player:
    """Return the transport for a `replay:` URL: `replay:` and the path of a HAR file. It serves both clients.

    Raises:
        ValueError: the file is not a HAR.
        OSError: it cannot be read.
    """
    path = url.partition(":")[2]
    if not path:
        raise ValueError("name the recording, as in 'replay:day.har'")
    return Player(path)


class Player(Transport):
    """Responds as a recording did.

    Requests are equal when method, path and body are: JSON by its value, a form by its file's bytes. Equal requests
    get their responses in recorded order, the last one again and again. Recorded failures are raised as the same kind
    of failure, without waiting. Any number of threads may use it.

    A request by the method of the other version of the API is answered as a module does that does not know it (B1), so
    that a client finds out which version was recorded.
    """

    asynchronous: bool | None = None

    def __init__(self, path: str | Path) -> None:
        self.path: Path = Path(path).expanduser()
        self._responses: dict[RequestKey, list[RecordedResponse]] = {}
        for request, response in read_recording(self.path):
            self._responses.setdefault(request, []).append(response)
        self._played: dict[RequestKey, int] = {}
        self._lock = threading.Lock()

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        key = make_key(request.method, request.url.text, _describe_request(request))
        recorded = self._next(key)
        if recorded.content is None:
            raise RecordingError(
                f"{self.path} contains {key}, but was made without contents: export it again, with them"
            )
        if recorded.failure is not None and not 100 <= recorded.status <= 599:
            raise _make_failure(recorded.failure)
        return _PlayedResponse(recorded, recorded.content)

    async def close(self) -> None:
        """Do nothing: the recording was read."""

    def __repr__(self) -> str:
        return f"<Player {self.path}>"

    def _next(self, key: RequestKey) -> RecordedResponse:
        known = key if key in self._responses else RequestKey(key.method, key.path, None)
        responses = self._responses.get(known)
        if responses is None and self._is_of_other_version(key):
            return UNKNOWN_COMMAND
        if responses is None:
            raise RecordingError(f"{self.path} does not contain {key}. {self._describe_nearest(key)}")
        with self._lock:
            number = self._played.get(known, 0)
            self._played[known] = number + 1
        return responses[min(number, len(responses) - 1)]

    def _is_of_other_version(self, key: RequestKey) -> bool:
        """Whether a request has the method of the version that the recorded module does not speak."""
        other = {"GET": "POST", "POST": "GET"}.get(key.method)
        methods = {(each.method, each.path) for each in self._responses}
        if (key.method, key.path) in methods:
            return False
        if key.path == DEVICE_INFO and (other, key.path) not in methods:
            return other == "GET" and any(
                each.method == "GET" and each.path.startswith("/api/") for each in self._responses
            )
        return (other, key.path) in methods

    def _describe_nearest(self, key: RequestKey) -> str:
        others = [other for other in self._responses if (other.method, other.path) == (key.method, key.path)]
        if others:
            listed = "\n".join(f"  {other}" for other in others[:5])
            return f"It contains {len(others)} with another body:\n{listed}"
        counts: dict[str, int] = {}
        for other, responses in self._responses.items():
            name = f"{other.method} {other.path}"
            counts[name] = counts.get(name, 0) + len(responses)
        listed = ", ".join(f"{name} ({count}×)" for name, count in list(counts.items())[:MOST_LISTED])
        return f"It contains {listed}." if listed else "It is empty."


class _PlayedResponse(Response):
    """A recorded response, and how it broke off."""

    def __init__(self, recorded: RecordedResponse, content: bytes) -> None:
        self.status = recorded.status
        self.reason = recorded.reason
        self.headers = recorded.headers
        if recorded.failure is None:
            self.headers = [*recorded.headers, (b"Content-Length", b"%d" % len(content))]
            self.length = len(content)
        self._content = memoryview(content)
        self._failure = recorded.failure

    async def read(self, limit: int) -> bytes:
        """See `Response.read`."""
        if len(self._content) > limit:
            raise BodyTooLargeError(bytes(self._content[:1024]))
        if self._failure is not None:
            raise _make_failure(self._failure)
        return bytes(self._content)

    async def read_into(self, view: memoryview) -> int:
        """See `Response.read_into`."""
        count = min(len(self._content), len(view))
        if not count and self._failure is not None:
            raise _make_failure(self._failure)
        view[:count] = self._content[:count]
        self._content = self._content[count:]
        return count

    async def close(self) -> None:
        """Do nothing: the content is in memory."""


def _describe_request(request: Request) -> str:
    body = request.body
    if isinstance(body, bytes):
        return describe_body(body) if body else ""
    boundary = find_boundary(find_header(request.headers, b"content-type"))
    if boundary is None:
        return describe_body(b"".join(body.chunks()))
    form = FormDigest(boundary)
    for chunk in body.chunks():
        form.feed(chunk)
    return describe_form(form)


def _make_failure(text: str) -> TransportError:
    kind = FAILURES.get(text.partition(": ")[0], ReadError)
    return kind(f"recorded: {text}")
