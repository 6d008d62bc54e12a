"""Key-value buckets of the engine: JSON entries with revisions."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from .connection import NATS_ERRORS, Connection, translate_error
from .errors import CenterUnreachableError, ConflictError, FleetError
from .messages import decode, encode
from .names import get_changes_subject

BATCH = 1000
"""Entries that one request reads."""
BATCH_BYTES = 4 << 20
READ_TIMEOUT = 16.0
"""Seconds without an entry while a bucket is read."""
POLL_INTERVAL, POLL_INTERVAL_OF_SCALE = 5.0, 300.0
"""Seconds after which a watch looks by itself: that an entry expired is not announced. Tens of thousands of scales watch
what does not expire."""
SHORTEST_WAIT, LONGEST_WAIT = 0.02, 10.0
"""Seconds, growing, in which a watch looks for a change that was announced: it is announced before it is stored."""
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
    value: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", decode(self.data) if self.data else {})


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
        client, wake = self._connection.client, asyncio.Event()
        role = self._connection.credentials.role
        subject = get_changes_subject(role, self._prefix + pattern)
        longest = POLL_INTERVAL_OF_SCALE if role == "scale" else POLL_INTERVAL

        async def notice(message: Msg) -> None:
            wake.set()

        subscription = await client.subscribe(subject, cb=notice)
        self._connection.on_reconnect.append(wake.set)
        try:
            position, is_first, wait = 0, True, LONGEST_WAIT
            while True:
                if wake.is_set():
                    wait = SHORTEST_WAIT
                    wake.clear()
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
                pause = longest * random.uniform(0.8, 1.2)
                if not found and wait < LONGEST_WAIT:
                    pause = wait = 2 * wait
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await wake.wait()
        finally:
            self._connection.on_reconnect.remove(wake.set)
            with suppress(NatsError):
                await subscription.unsubscribe()

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
        subject, request = f"$JS.API.DIRECT.GET.KV_{self.name}", b""
        is_single = not _has_wildcard(pattern)
        if is_single:
            subject += f".{self._prefix}{pattern}"
        else:
            request = encode(
                {
                    "seq": position + 1,
                    "batch": BATCH,
                    "max_bytes": BATCH_BYTES,
                    "next_by_subj": self._prefix + pattern,
                }
            )
        client, messages = self._connection.client, list[Msg]()
        done: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

        async def collect(message: Msg) -> None:
            headers = message.headers or {}
            is_status = "Status" in headers
            if not is_status:
                messages.append(message)
            if (is_status or is_single) and not done.done():
                done.set_result(headers)

        try:
            subscription = await client.subscribe(inbox := client.new_inbox(), cb=collect)
            try:
                await client.publish(subject, request, reply=inbox)
                async with asyncio.timeout(READ_TIMEOUT):
                    end = await done
            finally:
                with suppress(NatsError):
                    await subscription.unsubscribe()
        except TimeoutError as error:
            raise CenterUnreachableError(f"the center stopped sending the bucket {self.name}") from error
        except NATS_ERRORS as error:
            raise translate_error(error) from error
        if end.get("Status") not in (None, "204", "404"):
            raise CenterUnreachableError(f"the center does not have the bucket {self.name} now")
        entries: dict[str, Entry] = {}
        for message in messages:
            entry = self._read(message.headers or {}, message.data)
            if entry.revision > position:  # a bucket with history has several of a key; the last one counts
                entries.pop(entry.key, None)
                entries[entry.key] = entry
        is_complete = is_single or end.get("Nats-Num-Pending", "0") == "0"
        found = list(entries.values())
        return found, max([position, *(entry.revision for entry in found)]), is_complete or not found

    def _read(self, headers: Mapping[str, str], data: bytes) -> Entry:
        return Entry(
            headers["Nats-Subject"].removeprefix(self._prefix),
            int(headers["Nats-Sequence"]),
            datetime.fromisoformat(headers["Nats-Time-Stamp"]).timestamp(),
            data,
            headers.get("KV-Operation") in REMOVED or "Nats-Marker-Reason" in headers,
        )


def _has_wildcard(pattern: str) -> bool:
    return "*" in pattern or ">" in pattern


def _to_bytes(value: Mapping[str, Any] | bytes) -> bytes:
    return value if isinstance(value, bytes) else encode(value)
