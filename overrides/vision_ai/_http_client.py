"""An httpx client of the user's as a transport: its headers, hooks, authentication and certificates apply."""

from __future__ import annotations

from ._http import (
    AsyncBaseTransport,
    AsyncClient,
    BaseTransport,
    Client,
    ConnectError,
    Request,
    Response,
)

CLOSED = "the http_client is closed"


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
    merged = client.build_request(
        request.method, request.url, headers=request.headers, extensions=request.extensions
    )
    if "content-length" not in request.headers:
        merged.headers.pop("content-length", None)  # as it is, with nothing of a body told or not
    merged.stream = request.stream
    return merged
