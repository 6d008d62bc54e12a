"""Key-value buckets of the engine: JSON entries with revisions."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import api
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from .connection import NATS_ERRORS, Connection, translate_error
from .errors import CenterUnreachableError, ConflictError
from .messages import decode, encode

HEARTBEAT = 5.0
"""Seconds between the engine's signs of life in a watch."""
SILENCE = 16.0
"""Seconds without one, after which the engine has forgotten the watch."""
READ_TIMEOUT = 30.0
"""Seconds without an entry while a bucket is read."""
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
        async with aclosing(self._follow(pattern, once=True)) as items:
            async for entry in items:
                if entry is not None and not entry.is_removed:
                    yield entry

    async def watch(self, pattern: str = ">") -> AsyncGenerator[Entry | None]:
        """Yield the entries that match, then None, and then each change. It survives restarts of the engine.

        Use it with `contextlib.aclosing`.
        """
        async with aclosing(self._follow(pattern, once=False)) as items:
            async for entry in items:
                yield entry

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

    async def _follow(self, pattern: str, *, once: bool) -> AsyncGenerator[Entry | None]:
        client, position, is_first = self._connection.client, 0, True
        while True:
            inbox, queue = client.new_inbox(), asyncio.Queue[Msg | None]()

            def wake(queue: asyncio.Queue[Msg | None] = queue) -> None:
                queue.put_nowait(None)

            try:
                subscription = await client.subscribe(inbox, cb=queue.put)
                self._connection.on_reconnect.append(wake)
                try:
                    pending = await self._add_consumer(pattern, inbox, position)
                    if once and not pending:
                        return
                    if is_first and not pending:
                        is_first = False
                        yield None
                    while True:
                        async with asyncio.timeout(READ_TIMEOUT if once else SILENCE):
                            message = await queue.get()
                        if message is None:  # the engine may have restarted, and forgotten the consumer
                            raise NatsTimeoutError
                        entry = self._read(message)
                        if entry is None:
                            continue
                        position = entry.revision
                        yield entry
                        pending -= 1
                        if pending == 0:
                            if once:
                                return
                            if is_first:
                                is_first = False
                                yield None
                finally:
                    self._connection.on_reconnect.remove(wake)
                    with suppress(NatsError):
                        await subscription.unsubscribe()
            except TimeoutError as error:
                if once:
                    raise CenterUnreachableError(
                        f"the center stopped sending the bucket {self.name}"
                    ) from error
            except NATS_ERRORS as error:
                if once:
                    raise translate_error(error) from error
                await asyncio.sleep(1.0)

    async def _add_consumer(self, pattern: str, inbox: str, position: int) -> int:
        # The filter stands in the subject of this request, so that the engine can keep a manager to one store.
        policy = api.DeliverPolicy.BY_START_SEQUENCE if position else api.DeliverPolicy.LAST_PER_SUBJECT
        info = await self._connection.jetstream.add_consumer(
            f"KV_{self.name}",
            api.ConsumerConfig(
                name=secrets.token_hex(8),
                filter_subject=self._prefix + pattern,
                deliver_subject=inbox,
                deliver_policy=policy,
                opt_start_seq=position + 1 if position else None,
                ack_policy=api.AckPolicy.NONE,
                idle_heartbeat=HEARTBEAT,
                inactive_threshold=30.0,
                mem_storage=True,
                num_replicas=1,
            ),
        )
        # What the engine has sent before it answered is no longer pending.
        return (info.num_pending or 0) + (info.delivered.consumer_seq if info.delivered else 0)

    def _read(self, message: Msg) -> Entry | None:
        headers = message.headers or {}
        if headers.get("Status") == "100" or not message.subject.startswith(self._prefix):
            return None  # a heartbeat
        is_removed = headers.get("KV-Operation") in REMOVED or "Nats-Marker-Reason" in headers
        sequence = message.metadata.sequence
        return Entry(
            message.subject.removeprefix(self._prefix),
            sequence.stream if sequence else 0,
            message.metadata.timestamp.timestamp(),
            message.data,
            is_removed,
        )


def _to_bytes(value: Mapping[str, Any] | bytes) -> bytes:
    return value if isinstance(value, bytes) else encode(value)
