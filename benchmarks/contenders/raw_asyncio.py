"""The lower bound on asyncio: send prepared bytes, receive the response, and do not parse it."""

import asyncio
from urllib.parse import urlsplit

from .decoding import Recognition, parse_recognition
from .raw_socket import prepared_request


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.response: asyncio.Future[bytes]

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.response.set_result(data)


class RawAsyncio:
    """Opens one connection for each concurrent call."""

    def __init__(self, url: str, concurrency: int) -> None:
        self._address = urlsplit(url).hostname, urlsplit(url).port
        self._result = prepared_request(url, "POST", "/api/get_result")
        self._loop = asyncio.get_running_loop()
        self._concurrency = concurrency
        self._all: list[_Connection] = []
        self._idle: list[_Connection] = []

    async def _connect(self) -> None:
        for _ in range(self._concurrency):
            _, connection = await self._loop.create_connection(_Connection, *self._address)
            self._all.append(connection)
        self._idle = list(self._all)

    async def get_result(self) -> bytes:
        if not self._all:
            await self._connect()
        connection = self._idle.pop()
        connection.response = self._loop.create_future()
        connection.transport.write(self._result)
        response = await connection.response
        self._idle.append(connection)
        return response

    def decode(self, response: bytes) -> Recognition:
        """Decodes a response for verification; this is not measured."""
        return parse_recognition(200, response.partition(b"\r\n\r\n")[2])

    async def close(self) -> None:
        for connection in self._all:
            connection.transport.close()
