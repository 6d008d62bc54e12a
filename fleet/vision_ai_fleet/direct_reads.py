"""Read a stream without a consumer: in batches, and again when something was published.

Only operators may make consumers: a consumer delivers to whatever subject its maker names.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from .connection import NATS_ERRORS, Connection, translate_error
from .errors import CenterUnreachableError, NotPermittedError
from .messages import encode
from .names import get_changes_subject

BATCH = 1000
"""Messages that one request reads."""
BATCH_BYTES = 4 << 20
REFUSAL_INTERVAL = 0.2
"""Seconds between the looks whether the engine refused: its refusal is no response."""
READ_TIMEOUT = 16.0
"""Seconds that a batch may take."""
POLL_INTERVAL, POLL_INTERVAL_OF_SCALE = 5.0, 300.0
"""Seconds after which a watch looks by itself: that an entry expired is not announced. Tens of thousands of scales
watch what does not expire."""
SHORTEST_WAIT, LONGEST_WAIT = 0.02, 10.0
"""Seconds, growing, in which a watch looks for a change that was announced: it is announced before it is stored."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as a stream has it."""

    subject: str
    sequence: int
    stored: float
    """Seconds since 1970-01-01 UTC, by the engine's clock."""
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


async def read_batch(
    connection: Connection, stream: str, pattern: str, after: int = 0, *, since: float | None = None
) -> tuple[list[StoredMessage], bool]:
    """Return the next messages whose subject matches, and whether there are no more.

    Args:
        connection: Of anybody who may read the stream. A pattern without wildcards returns the last message alone.
        stream: Its name.
        pattern: Of the subject.
        after: The sequence after which to begin.
        since: The moment to begin at, instead of `after`: seconds since 1970-01-01 UTC.

    Raises:
        FleetError: the center does not respond, or refuses.
    """
    subject, request = f"$JS.API.DIRECT.GET.{stream}", b""
    is_single = not ("*" in pattern or ">" in pattern)
    if is_single:
        subject += f".{pattern}"
    else:
        start: dict[str, Any] = {"seq": after + 1}
        if since is not None:
            start = {"start_time": datetime.fromtimestamp(since, UTC).isoformat()}
        request = encode({**start, "batch": BATCH, "max_bytes": BATCH_BYTES, "next_by_subj": pattern})
    messages: list[Msg] = []
    done: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    async def collect(message: Msg) -> None:
        headers = message.headers or {}
        is_status = "Status" in headers
        if not is_status:
            messages.append(message)
        if (is_status or is_single) and not done.done():
            done.set_result(headers)

    client, refusals = connection.client, connection.refusals
    try:
        subscription = await client.subscribe(inbox := client.new_inbox(), cb=collect)
        try:
            await client.publish(subject, request, reply=inbox)
            async with asyncio.timeout(READ_TIMEOUT):  # `wait_for` loses cancellations in Python 3.11
                while not done.done():
                    await asyncio.wait({done}, timeout=REFUSAL_INTERVAL)
                    if connection.refusals > refusals:
                        raise NotPermittedError(f"these credentials do not permit reading {pattern}")
            end = done.result()
        finally:
            with suppress(NatsError):
                await subscription.unsubscribe()
    except TimeoutError as error:
        raise CenterUnreachableError(f"the center stopped sending the stream {stream}") from error
    except NATS_ERRORS as error:
        raise translate_error(error) from error
    if end.get("Status") not in (None, "204", "404"):
        raise CenterUnreachableError(f"the center cannot read the stream {stream} now")
    found = [message for message in map(_read, messages) if message.sequence > after]
    return found, is_single or not found or end.get("Nats-Num-Pending", "0") == "0"


class ChangeWatch:
    """Wakes who reads a stream when something matching was published. Use it with `async with`."""

    def __init__(self, connection: Connection, pattern: str) -> None:
        self._connection = connection
        role = connection.credentials.role
        self._subject = get_changes_subject(role, pattern)
        self._interval = POLL_INTERVAL_OF_SCALE if role == "scale" else POLL_INTERVAL
        self._wake = asyncio.Event()
        self._wait = LONGEST_WAIT
        self._subscription: Any = None

    async def __aenter__(self) -> ChangeWatch:
        async def notice(message: Msg) -> None:
            self._wake.set()

        self._subscription = await self._connection.client.subscribe(self._subject, cb=notice)
        self._connection.on_reconnect.append(self._wake.set)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.on_reconnect.remove(self._wake.set)
        with suppress(NatsError):
            await self._subscription.unsubscribe()

    def begin(self) -> None:
        """Call it before reading: what is announced from now on wakes the next `wait`."""
        if self._wake.is_set():
            self._wait = SHORTEST_WAIT
            self._wake.clear()

    async def wait(self, *, found: bool) -> None:
        """Wait until it is worth reading again.

        Args:
            found: Whether the last reading found anything.
        """
        pause = self._interval * random.uniform(0.8, 1.2)
        if not found and self._wait < LONGEST_WAIT:
            pause = self._wait = 2 * self._wait
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()


def _read(message: Msg) -> StoredMessage:
    headers = message.headers or {}
    return StoredMessage(
        headers["Nats-Subject"],
        int(headers["Nats-Sequence"]),
        datetime.fromisoformat(headers["Nats-Time-Stamp"]).timestamp(),
        message.data,
        headers,
    )
