"""Key-value buckets of the engine: JSON entries with revisions."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from .connection import NATS_ERRORS, Connection, translate_error
from .direct_reads import ChangeWatch, read_batch
from .errors import ConflictError, FleetError
from .messages import decode, encode

REMOVED = frozenset({"DEL", "PURGE"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under a key. `is_removed` entries tell, in a watch, that a key was deleted or expired."""

    key: str
    revision: int
    created: float
    """Seconds since 1970-01-01 UTC, by the engine's clock."""
    data: bytes
    is_removed: bool = False

    @property
    def value(self) -> dict[str, Any]:
        """The data as JSON, decoded when it is read: of tens of thousands of entries most readers want a part."""
        return decode(self.data) if self.data else {}


class Bucket:
    """One bucket. Its methods raise FleetError for what the engine refuses."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.name = name
        self._connection = connection
        self._prefix = f"$KV.{name}."
        self._store = KeyValue(name, f"KV_{name}", self._prefix, connection.jetstream, True)

    async def get(self, key: str) -> Entry | None:
        """Return the entry of a key; None without one."""
        try:
            entry = await self._store.get(key)
        except KeyNotFoundError:
            return None
        except NATS_ERRORS as error:
            raise translate_error(error) from error
        if not entry.value:
            return None  # the sign that it expired
        created = entry.created.timestamp() if isinstance(entry.created, datetime) else 0.0
        return Entry(key, entry.revision or 0, created, entry.value or b"")

    async def put(self, key: str, value: Mapping[str, Any] | bytes) -> int:
        """Store a value, whatever is there, and return its revision."""
        try:
            return await self._store.put(key, _to_bytes(value))
        except NATS_ERRORS as error:
            raise translate_error(error) from error

    async def create(self, key: str, value: Mapping[str, Any] | bytes) -> int:
        """Store a value where there is none.

        Raises:
            ConflictError: there is one.
        """
        return await self._compare_and_set(key, value, None)

    async def update(self, key: str, value: Mapping[str, Any] | bytes, revision: int) -> int:
        """Store a value in the place of that revision.

        Raises:
            ConflictError: there is another one.
        """
        return await self._compare_and_set(key, value, revision)

    async def delete(self, key: str, revision: int | None = None) -> None:
        """Remove a key.

        Args:
            revision: Only while this is its revision; None: in any case.

        Raises:
            ConflictError: there is another revision.
        """
        try:
            await self._store.delete(key, revision)
        except NATS_ERRORS as error:
            raise translate_error(error) from error

    async def read_all(self, pattern: str = ">") -> dict[str, Entry]:
        """Return the entries whose keys match, such as `0042.*`.

        Raises:
            CenterUnreachableError: the center stopped sending.
        """
        entries: dict[str, Entry] = {}
        async with aclosing(self.iterate(pattern)) as items:
            async for entry in items:
                entries[entry.key] = entry
        return entries

    async def iterate(self, pattern: str = ">") -> AsyncGenerator[Entry]:
        """Yield the entries whose keys match, one by one. Use it with `contextlib.aclosing`.

        Raises:
            CenterUnreachableError: the center stopped sending.
        """
        position, is_complete = 0, False
        while not is_complete:
            entries, position, is_complete = await self._read_batch(pattern, position)
            for entry in entries:
                if not entry.is_removed:
                    yield entry

    async def watch(self, pattern: str = ">") -> AsyncGenerator[Entry | None]:
        """Yield the entries that match, then None, and then each change. It survives restarts of the engine.

        Use it with `contextlib.aclosing`.
        """
        async with ChangeWatch(self._connection, self._prefix + pattern) as changes:
            position, is_first = 0, True
            while True:
                changes.begin()
                found, is_complete = False, False
                while not is_complete:
                    try:
                        entries, position, is_complete = await self._read_batch(pattern, position)
                    except FleetError:
                        await asyncio.sleep(1.0)
                        continue
                    for entry in entries:
                        found = True
                        if not (is_first and entry.is_removed):
                            yield entry
                if is_first:
                    is_first = False
                    yield None
                await changes.wait(found=found)

    async def _compare_and_set(self, key: str, value: Mapping[str, Any] | bytes, revision: int | None) -> int:
        try:
            if revision is not None:
                return await self._store.update(key, _to_bytes(value), revision)
            try:
                return await self._store.create(key, _to_bytes(value))
            except KeyWrongLastSequenceError:
                entry = await self._store.get(key)
                if entry.value:
                    raise
                # The sign that it expired, which nats-py takes for a value.
                return await self._store.update(key, _to_bytes(value), entry.revision)
        except (KeyWrongLastSequenceError, KeyNotFoundError) as error:
            raise ConflictError(f"somebody else changed {self.name}/{key} in the meantime") from error
        except NATS_ERRORS as error:
            raise translate_error(error) from error

    async def _read_batch(self, pattern: str, position: int) -> tuple[list[Entry], int, bool]:
        """Return the next entries after a position (a revision), the new position, and whether these were all."""
        messages, is_complete = await read_batch(
            self._connection, f"KV_{self.name}", self._prefix + pattern, position
        )
        entries: dict[str, Entry] = {}
        for message in messages:  # a bucket with history has several of a key; the last one counts
            key = message.subject.removeprefix(self._prefix)
            is_removed = (
                message.headers.get("KV-Operation") in REMOVED or "Nats-Marker-Reason" in message.headers
            )
            entries.pop(key, None)
            entries[key] = Entry(key, message.sequence, message.stored, message.data, is_removed)
        return list(entries.values()), messages[-1].sequence if messages else position, is_complete


def _to_bytes(value: Mapping[str, Any] | bytes) -> bytes:
    return value if isinstance(value, bytes) else encode(value)
