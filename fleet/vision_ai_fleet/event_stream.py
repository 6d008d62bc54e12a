"""The stream of events: what scales recognized, and what happened to them, as CloudEvents."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from nats.aio.msg import Msg

from . import names
from .connection import Connection
from .messages import decode
from .names import ScaleId
from .stream_reader import Start, read_stream


@dataclass(frozen=True, slots=True)
class FleetEvent:
    """An event as it stands in the stream."""

    scale: ScaleId
    kind: str
    sequence: int
    """Its position: `follow_events(start=sequence + 1)` goes on after it."""
    received: float
    """When the center got it, in seconds since 1970-01-01 UTC."""
    data: dict[str, Any]
    """The CloudEvent. Its `source` is the scale that the engine took it from."""


async def follow_events(
    connection: Connection,
    since: float | None = None,
    *,
    store: str | None = None,
    kind: str | None = None,
    follow: bool = True,
    start: int | None = None,
) -> AsyncGenerator[FleetEvent]:
    """Yield events in their order. See `Fleet.events`.

    Args:
        start: From this position on, instead of `since`.
    """
    subject = f"events.{store or '*'}.*.{kind or '*'}"
    messages = read_stream(
        connection, names.EVENTS, subject, Start(sequence=start, moment=since), follow=follow
    )
    async with aclosing(messages):
        async for message in messages:
            yield _read_event(message)


def _read_event(message: Msg) -> FleetEvent:
    _, store, scale, kind = message.subject.split(".")
    sequence = message.metadata.sequence
    return FleetEvent(
        ScaleId(store, scale),
        kind,
        sequence.stream if sequence else 0,
        message.metadata.timestamp.timestamp(),
        # The engine checks the subject; what the text says is the agent's word.
        {**decode(message.data), "source": f"/stores/{store}/scales/{scale}"},
    )
