"""An httpx client of the user's as a transport: its headers, hooks, authentication and certificates apply."""

from __future__ import annotations

from ._http import (
    AsyncBaseTransport,
    AsyncClient,
    BaseTransport,
    ByteStream,
    Client,
    ConnectError,
    Request,
    Response,
)

CLOSED = "the http_client is closed"
STOCK_AGENT = "python-httpx/"


class ClientTransport(BaseTransport):
    """Sends requests with an `httpx.Client`. Closing it leaves the client open."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def handle_request(self, request: Request) -> Response:
        if self._client.is_closed:
            raise ConnectError(CLOSED)
        return self._client.send(_merged(self._client, request), stream=True)

    def __repr__(self) -> str:
        return f"<{self._client!r}>"


class AsyncClientTransport(AsyncBaseTransport):
    """The same with an `httpx.AsyncClient`."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: Request) -> Response:
        if self._client.is_closed:
            raise ConnectError(CLOSED)
        return await self._client.send(_merged(self._client, request), stream=True)

    def __repr__(self) -> str:
        return f"<{self._client!r}>"


def _merged(client: Client | AsyncClient, request: Request) -> Request:
    """The request as the client would have built it: with its headers, cookies and parameters too."""
    whole = isinstance(request.stream, ByteStream)
    merged = client.build_request(
        request.method,
        request.url,
        content=request.read() if whole else None,
        headers=_without_what_the_client_says(client, request),
        extensions=request.extensions,
    )
    if "content-length" not in request.headers:
        merged.headers.pop("content-length", None)  # as it is, with nothing of a body told or not
    if whole:
        return merged
    # Not `merged` with another stream: that counts as read, and as empty, for who signs or logs bodies.
    return Request(
        merged.method,
        merged.url,
        headers=merged.headers,
        stream=request.stream,
        extensions=merged.extensions,
    )


def _without_what_the_client_says(client: Client | AsyncClient, request: Request) -> list[tuple[str, str]]:
    """The SDK names itself only where the client does not say who asks."""
    own = not client.headers.get("user-agent", STOCK_AGENT).startswith(STOCK_AGENT)
    return [(name, value) for name, value in request.headers.items() if name != "user-agent" or not own]
