"""The floor of asyncio: prepared bytes over its transports, the answer received and not read."""

import asyncio
from urllib.parse import urlsplit

from .raw import prepared_request
from .reading import Recognition, read_recognition


class _Answers(asyncio.Protocol):
    def __init__(self) -> None:
        self.answered: asyncio.Future[bytes]

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.answered.set_result(data)


class AsyncRaw:
    """One asyncio connection for each call that may be under way at once."""

    def __init__(self, url: str, concurrency: int) -> None:
        self._address = urlsplit(url).hostname, urlsplit(url).port
        self._result = prepared_request(url, "POST", "/api/get_result")
        self._loop = asyncio.get_running_loop()
        self._concurrency = concurrency
        self._all: list[_Answers] = []
        self._idle: list[_Answers] = []

    async def _connect(self) -> None:
        for _ in range(self._concurrency):
            _, protocol = await self._loop.create_connection(_Answers, *self._address)
            self._all.append(protocol)
        self._idle = list(self._all)

    async def get_result(self) -> bytes:
        if not self._all:
            await self._connect()
        protocol = self._idle.pop()
        protocol.answered = self._loop.create_future()
        protocol.transport.write(self._result)
        answer = await protocol.answered
        self._idle.append(protocol)
        return answer

    def read(self, answer: bytes) -> Recognition:
        """For the check that the answer was the right one; no part of what is measured."""
        return read_recognition(200, answer.partition(b"\r\n\r\n")[2])

    async def close(self) -> None:
        for protocol in self._all:
            protocol.transport.close()
