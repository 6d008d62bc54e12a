"""A body that is read into memory of the reader's own, over any transport; its failures are the SDK's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from ._deadline import Deadline
from ._wire import Incoming, Told

if TYPE_CHECKING:
    from ._http import Response


class DirectBody:
    """Of the direct transport."""

    def __init__(self, operation: str, incoming: Incoming, until: Deadline) -> None:
        self._operation = operation
        self._incoming = incoming
        self._until = until
        self.status = incoming.status
        self.content_type = incoming.content_type
        self.length = incoming.length

    async def read(self, view: memoryview) -> int:
        with Told(self._operation, self._until):
            return await self._incoming.read(view)

    def close(self) -> None:
        self._incoming.close()


class PiecewiseBody:
    """Of a transport with httpx's interface. Whoever opened the response closes it."""

    def __init__(self, response: Response, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._pending = memoryview(b"")
        self.status = response.status_code
        self.content_type: str = response.headers.get("content-type", "")
        length: str = response.headers.get("content-length", "")
        coded = "content-encoding" in response.headers  # the length is then that of the coded bytes
        self.length = int(length) if length.isdecimal() and not coded else None

    async def read(self, view: memoryview) -> int:
        done = 0
        while done < len(view):
            if not self._pending:
                self._pending = memoryview(await anext(self._pieces, b""))
                if not self._pending:
                    break
            count = min(len(self._pending), len(view) - done)
            view[done : done + count] = self._pending[:count]
            self._pending = self._pending[count:]
            done += count
        return done

    def close(self) -> None:
        """Nothing is left to do."""
