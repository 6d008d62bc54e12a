"""Give scales their schedules: messages that the engine itself repeats by its own clock.

The engine keeps one message for each scale and schedule, and puts a copy of it into the scale's queue whenever its time
has come. So schedules go on while no controller runs. This part only compares what there is with what should be.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from vision_ai import InvalidInputError
from vision_ai_fleet import names
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.connection import NATS_ERRORS, translate_error
from vision_ai_fleet.jobs import Job
from vision_ai_fleet.messages import seal
from vision_ai_fleet.names import CHAIN, ScaleId, get_job_subject, get_jobs_stream, get_schedule_subject
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.schedule import Schedule
from vision_ai_fleet.selection import parse_conditions
from vision_ai_fleet.stream_reader import read_messages
from vision_ai_fleet.tasks import end_tasks
from vision_ai_fleet.view import FleetView

from .dispatch import Dispatcher
from .lease import Lease

logger = logging.getLogger("vision_ai_fleet")

INTERVAL = 60.0
"""Seconds between two looks for scales that are new, or now meet a condition or no longer do."""
PARALLEL = 64
MARK = "Fleet-Schedule"
"""The header by which a message is known to be up to date."""

Key = tuple[ScaleId, str]
"""A scale and the name of a schedule."""


@dataclass(frozen=True, slots=True)
class ScheduleMessage:
    """What the engine keeps for one scale and schedule."""

    subject: str
    data: bytes
    headers: dict[str, str]

    @property
    def mark(self) -> str:
        return self.headers[MARK]


class Scheduler:
    """The part of the controller that gives scales their schedules."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._credentials = fleet.credentials

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Keep the schedules of all scales as they should be.

        Raises:
            LeaseLostError: this controller may no longer act.
        """
        changed, dispatcher = asyncio.Event(), Dispatcher(self._fleet.connection, lease)
        follower = asyncio.create_task(self._follow(changed))
        try:
            present: dict[Key, str] = {}
            for store in sorted({scale.store for scale in view.scales}):
                present |= await self._read_store(store)
            while True:
                changed.clear()
                await self._reconcile(view, dispatcher, present)
                with suppress(TimeoutError):
                    async with asyncio.timeout(INTERVAL):
                        await changed.wait()
        finally:
            await end_tasks([follower])

    async def _follow(self, changed: asyncio.Event) -> None:
        async with aclosing(self._fleet.bucket(names.SCHEDULES).watch()) as entries:
            async for _ in entries:
                changed.set()

    async def _reconcile(self, view: FleetView, dispatcher: Dispatcher, present: dict[Key, str]) -> None:
        wanted: dict[Key, tuple[Schedule, str]] = {}
        # A store's own schedule counts more than the chain's of the same name.
        for schedule in sorted(await self._fleet.schedules(), key=lambda each: each.scope != CHAIN):
            try:
                chosen = choose_scales(schedule, view.scales.values())
            except InvalidInputError as error:  # of a newer center
                logger.warning("the schedule %s cannot be carried out: %s", schedule.name, error)
                continue
            text = repr(schedule)
            for scale in chosen:
                wanted[scale.id, schedule.name] = (schedule, make_mark(text, scale.id))
        old = [key for key in present if key not in wanted]
        new = [key for key, (_, mark) in wanted.items() if present.get(key) != mark]
        if old or new:
            logger.info("schedules: %d added or changed, %d removed", len(new), len(old))

        async def put(key: Key) -> None:
            dispatcher.check()
            schedule, mark = wanted[key]
            message = self._make_message(schedule, key[0], mark)
            try:
                await self._fleet.connection.jetstream.publish(
                    message.subject, message.data, headers=message.headers, timeout=10.0
                )
            except NATS_ERRORS as error:
                raise translate_error(error) from error
            present[key] = mark

        async def remove(key: Key) -> None:
            await dispatcher.purge(key[0].store, get_schedule_subject(*key))
            present.pop(key, None)

        for act, keys in ((remove, old), (put, new)):
            for start in range(0, len(keys), PARALLEL):
                await asyncio.gather(*map(act, keys[start : start + PARALLEL]))

    def _make_message(self, schedule: Schedule, scale: ScaleId, mark: str) -> ScheduleMessage:
        target = get_job_subject(scale, schedule.name)
        job = Job(
            schedule.name,
            schedule.kind,
            schedule.arguments,
            window=schedule.window,
            created=schedule.created,
        )
        return ScheduleMessage(
            get_schedule_subject(scale, schedule.name),
            seal(self._credentials.get_scale_secret(scale), target, job.to_dict()),
            {
                "Nats-Schedule": schedule.make_cron(scale),
                "Nats-Schedule-Target": target,
                "Nats-Schedule-TTL": f"{int(schedule.expires_after)}s",
                "Nats-Schedule-Time-Zone": schedule.zone,
                MARK: mark,
            },
        )

    async def _read_store(self, store: str) -> dict[Key, str]:
        """Return what the engine keeps for a store's scales."""
        found: dict[Key, str] = {}
        messages = read_messages(self._fleet.connection, get_jobs_stream(store), f"schedules.{store}.*.*")
        async with aclosing(messages):
            async for subject, headers in messages:
                _, store, scale, name = subject.split(".")
                found[ScaleId(store, scale), name] = headers.get(MARK, "")
        return found


def choose_scales(schedule: Schedule, scales: Iterable[Scale]) -> list[Scale]:
    """Return the scales that a schedule is for.

    Raises:
        InvalidInputError: a condition is not known.
    """
    holds = parse_conditions(schedule.where)
    return [
        scale
        for scale in scales
        if schedule.scope in (CHAIN, scale.id.store) and scale.reported is not None and holds(scale)
    ]


def make_mark(schedule: str, scale: ScaleId) -> str:
    """Return what tells whether a scale's message belongs to the schedule as it is now."""
    return hashlib.sha256(f"{schedule} {scale}".encode()).hexdigest()[:16]
