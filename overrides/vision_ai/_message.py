"""One request as the bytes that it consists of, and one answer read whole."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ._url import parsed
from ._version import __version__
from .errors import InvalidInputError

if TYPE_CHECKING:
    from ._http import Request

Headers = tuple[tuple[bytes, bytes], ...]

COMMON: Headers = ((b"User-Agent", f"vision-ai-module/{__version__}".encode()), (b"Accept", b"*/*"))


class Place(NamedTuple):
    """A URL, and the parts of it that stand in a request's head."""

    url: str
    netloc: bytes
    target: bytes


class Message(NamedTuple):
    """What is sent for one call."""

    method: str
    place: Place
    headers: Headers
    body: bytes
    strict_end: bool = False
    """Only its length tells whether the answer is whole: a byte more makes it a broken one."""
    kind: type[bytes] = bytes
    """What a long answer is received as, unchecked: so that it need not be copied once more."""

    def request(self) -> Request:
        """The same for transports that take httpx's requests."""
        from ._http import Request

        return Request(
            self.method,
            self.place.url,
            headers=list(self.headers),
            content=self.body or None,
            extensions={"strict_end": True} if self.strict_end else {},
        )


class WholeAnswer(NamedTuple):
    """What came back for it."""

    status: int
    content_type: str
    content: bytes
    surpassed: bool
    """It had more than was allowed; `content` has the first of it."""


def message(
    method: str,
    address: str,
    path: str,
    body: bytes | None,
    *,
    strict_end: bool = False,
    kind: type[bytes] = bytes,
) -> Message:
    """A message whose body is JSON or nothing."""
    if body is not None:
        headers = _with_length("application/json", len(body))
    else:
        headers = _EMPTY if method == "POST" else COMMON
    return Message(method, addressed(address, path), headers, body or b"", strict_end, kind)


def addressed(address: str, path: str) -> Place:
    """The place of a path at the module's address, which is known to be a good one."""
    url = address + path
    try:
        parts = parsed(url)
    except ValueError as error:
        raise InvalidInputError(f"{path[:60]!r}… cannot be asked for: {error}") from None
    return Place(url, parts.netloc, parts.target)


def form_headers(content_type: str, length: int) -> Headers:
    return (*COMMON, (b"Content-Type", content_type.encode()), (b"Content-Length", b"%d" % length))


@lru_cache(maxsize=64)
def _with_length(content_type: str, length: int) -> Headers:
    return form_headers(content_type, length)


_EMPTY = (*COMMON, (b"Content-Length", b"0"))
