"""An httpx client of the program as an httpx transport: its headers, hooks and certificates apply."""

from __future__ import annotations

from .. import _httpx
from .base import ConnectError

CLOSED = "the http_client is closed"
ACCEPTED = ("gzip", "deflate")
"""The content codings that the SDK decodes. httpx offers more where it finds libraries for them."""
STOCK_AGENT = "python-httpx/"


class ClientTransport(_httpx.BaseTransport):
    """Sends requests with an `httpx.Client`. Closing it leaves the client open."""

    def __init__(self, client: _httpx.Client) -> None:
        self._client = client

    def handle_request(self, request: _httpx.Request) -> _httpx.Response:
        if self._client.is_closed:
            raise ConnectError(CLOSED)
        return self._client.send(_merge(self._client, request), stream=True)

    def __repr__(self) -> str:
        return f"<{self._client!r}>"


class AsyncClientTransport(_httpx.AsyncBaseTransport):
    """The same with an `httpx.AsyncClient`."""

    def __init__(self, client: _httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: _httpx.Request) -> _httpx.Response:
        if self._client.is_closed:
            raise ConnectError(CLOSED)
        return await self._client.send(_merge(self._client, request), stream=True)

    def __repr__(self) -> str:
        return f"<{self._client!r}>"


def _merge(client: _httpx.Client | _httpx.AsyncClient, request: _httpx.Request) -> _httpx.Request:
    """Return the request as the client would have built it: with its headers, cookies and parameters too."""
    in_memory = isinstance(request.stream, _httpx.ByteStream)
    merged = client.build_request(
        request.method,
        request.url,
        content=request.read() if in_memory else None,
        headers=_select_headers(client, request),
        extensions=request.extensions,
    )
    if not _is_accepted(merged.headers.get("accept-encoding", "")):
        merged.headers["accept-encoding"] = ", ".join(ACCEPTED)
    if "content-length" not in request.headers:
        merged.headers.pop("content-length", None)
    if in_memory:
        return merged
    # Not `merged` with another stream: for hooks that sign or log bodies it would count as read, and empty.
    return _httpx.Request(
        merged.method,
        merged.url,
        headers=merged.headers,
        stream=request.stream,
        extensions=merged.extensions,
    )


def _is_accepted(codings: str) -> bool:
    """Whether a server may choose any of these codings, because the SDK decodes it."""
    return all(coding.strip().lower() in ("", "identity", *ACCEPTED) for coding in codings.split(","))


def _select_headers(
    client: _httpx.Client | _httpx.AsyncClient, request: _httpx.Request
) -> list[tuple[str, str]]:
    """Return the request's headers, without `User-Agent` where the client has one of the program's."""
    own_agent = not client.headers.get("user-agent", STOCK_AGENT).startswith(STOCK_AGENT)
    return [(name, value) for name, value in request.headers.items() if name != "user-agent" or not own_agent]
